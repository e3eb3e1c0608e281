"""What a sweep adds to the runs that it consists of, and what a second worker takes away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measure import Section, alternate, ratios, say, seconds
from experiments.config.settings import compose
from experiments.execution.sweep import run_sweep
from sim import simulate

RUNS = 2_000
REPETITIONS = 3
WORLD = ["users.count=1000", "horizon=260"]
FEW = ["movement.spin_off_founders=200,300,400,500,600"]  # points that live through the same weeks


def sweeps() -> Section:
    """Measure a sweep against a loop of ``simulate``, and two workers against one."""
    section = Section(
        "A sweep",
        f"{RUNS:,} runs of 1,000 users and 260 weeks of the default world, by the clock on the "
        "wall, storing included. *Loop* calls `sim.simulate` with the same seeds. Every run is a "
        "replicate with a network of its own, except where points share one. The start "
        "of the workers, the time of a sweep of two runs, is left out of the runs and shown "
        "separately.",
    )
    with tempfile.TemporaryDirectory() as folder:
        say("  a loop and a sweep")
        _sweep(folder, 2, 1)(0)  # loads and compiles what all the others use
        both = {"loop": _loop, "sweep": _sweep(folder, RUNS, 1)}
        found = alternate(REPETITIONS, both, rehearsed=False)
        for name, samples in found.items():
            section.add(f"a run in a {name}", "ms", [1e3 * s / RUNS for s in samples], 1_000)
        more = [100 * (ratio - 1) for ratio in ratios(found["sweep"], found["loop"])]
        section.add("sweep over loop", "% more", more, 1_000)
        say("  points that share networks")
        shared = [_sweep(folder, RUNS, 1, FEW)(number) for number in range(REPETITIONS)]
        what = "a run in a sweep, five points a network"
        section.add(what, "ms", [1e3 * s / RUNS for s in shared], 1_000)
        if len(os.sched_getaffinity(0)) < 2:
            section.how += " Two workers were not measured: this process may use one core only."
            return section
        say("  two workers against one")
        samplers = {
            f"{runs} {workers}": _sweep(folder, runs, workers)
            for workers in (1, 2)
            for runs in (2, 2 * RUNS)
        }
        found = alternate(REPETITIONS, samplers, rehearsed=False)
        section.add("start of two workers", "s", found["2 2"], 1_000)
        one, two = (
            np.subtract(found[f"{2 * RUNS} {workers}"], found[f"2 {workers}"]) for workers in (1, 2)
        )
        section.add("one worker", "runs/s", 2 * RUNS / one, 1_000)
        section.add("two workers", "runs/s", 2 * RUNS / two, 1_000)
        section.add("two workers over one", "×", one / two, 1_000)
    return section


def _loop(_: int) -> float:
    parameters = compose(WORLD).parameters
    return seconds(lambda: [simulate(parameters, seed) for seed in range(7, 7 + RUNS)])


def _sweep(
    folder: str, runs: int, workers: int, points: list[str] | None = None
) -> Callable[[int], float]:
    """Return a sampler of the seconds of a sweep."""
    replicates = runs // (5 if points else 1)

    def sample(repetition: int) -> float:
        where = Path(folder, f"{runs}-{workers}-{len(points or [])}-{repetition}")
        words = [f"replicates={replicates}", f"workers={workers}", f"results_dir={where}"]
        settings = compose([*WORLD, *(points or []), *words])
        return seconds(lambda: run_sweep(settings, progress=False))

    return sample
