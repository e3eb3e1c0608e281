"""What a sweep adds to the runs that it consists of, and what a second worker takes away."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import goals
from benchmarks.measure import Goal, Section, alternate, ratios, say
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
        for name, seconds in found.items():
            goal = goals.RUN_IN_SWEEP if name == "sweep" else None
            section.add(f"a run in a {name}", "ms", [1e3 * s / RUNS for s in seconds], 1_000, goal)
        more = [100 * (ratio - 1) for ratio in ratios(found["sweep"], found["loop"])]
        section.add("sweep over loop", "% more", more, 1_000, Goal("≤", 10.0))
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
        alone = {
            workers: [
                all_of_it - start
                for all_of_it, start in zip(
                    found[f"{2 * RUNS} {workers}"], found[f"2 {workers}"], strict=True
                )
            ]
            for workers in (1, 2)
        }
        section.add("start of two workers", "s", found["2 2"], 1_000)
        for workers, seconds in alone.items():
            runs_a_second = [2 * RUNS / s for s in seconds]
            name = "one worker" if workers == 1 else "two workers"
            section.add(name, "runs/s", runs_a_second, 1_000)
        speed_up = ratios(alone[1], alone[2])
        section.add("two workers over one", "×", speed_up, 1_000, Goal("≥", 1.8))
    return section


def _loop(_: int) -> float:
    parameters = compose(WORLD).parameters
    start = time.perf_counter()
    for seed in range(7, 7 + RUNS):
        simulate(parameters, seed)
    return time.perf_counter() - start


def _sweep(
    folder: str, runs: int, workers: int, points: list[str] | None = None
) -> Callable[[int], float]:
    """Return a sampler of the seconds of a sweep."""
    replicates = runs // (5 if points else 1)

    def sample(repetition: int) -> float:
        where = Path(folder, f"{runs}-{workers}-{len(points or [])}-{repetition}")
        words = [f"replicates={replicates}", f"workers={workers}", f"results_dir={where}"]
        settings = compose([*WORLD, *(points or []), *words])
        start = time.perf_counter()
        run_sweep(settings, progress=False)
        return time.perf_counter() - start

    return sample
