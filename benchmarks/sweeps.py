"""What sweeps add to the runs that they consist of, and how fast their results answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.large import resident
from benchmarks.measure import Section, alternate, ratios, say, seconds
from experiments.config.settings import compose
from experiments.execution.plan import plan_sweep
from experiments.execution.sweep import run_sweep
from sim import simulate
from sim.setup import lay_ties

RUNS = 2_000
REPETITIONS = 3
WORLD = ["users.count=1000", "horizon=260"]
FEW = ["movement.spin_off_founders=200,300,400,500,600"]  # points that live through the same weeks
SMALL_RUNS = 100_000
BARE = 10_000  # of them in a loop, to compare with
BARE_TIMES = 2  # before the sweep, and after it
ASKED = 5  # times each question is put to the result
SMALL_WORLD = ["users.count=200", "horizon=52", "movement.launch_week=10", "vote.first_meeting=30"]
POINTS = ["threat.base=0.05,0.1,0.15,0.2,0.25,0.3,0.35,0.4,0.45,0.5"]
GROUPED = (
    'select "threat.base", avg(emerged::int), avg(peak_share), count(*) '
    "from read_parquet(?) group by 1 order by 1"
)


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


def store() -> Section:
    """Measure a sweep of many small runs, its driver's memory and questions to its result."""
    section = Section(
        "A large sweep of small runs",
        f"{SMALL_RUNS:,} runs of 200 users and 52 weeks (10 points × {SMALL_RUNS // 10:,} "
        "replicates, points sharing networks) on two workers. *Bare* is the same work in two loops "
        f"over `sim.simulate` at once, {BARE:,} runs each, before the sweep and after it, in two "
        "processes, since two busy cores are each slower than one. Both in processor time, the "
        "sweep's with its driver, the start of its workers and storing. *Memory* is the driver's, "
        "from a tenth of the sweep on. Questions are put to the finished result, `momentum status` "
        "as a command; *after a kill* it counts the stored runs.",
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = compose(
            [*SMALL_WORLD, *POINTS, f"replicates={SMALL_RUNS // 10}", "workers=2", "name=many",
             f"results_dir={folder}"]
        )  # fmt: skip
        points = [point["threat.base"] for point in plan_sweep(settings).points]
        worlds = [settings.parameters.replace({"threat.base": value}) for value in points]
        say("  runs in loops")
        bare = [_bare(worlds) for _ in range(BARE_TIMES)]
        say("  the sweep")
        before, start = _processor_seconds(), time.perf_counter()
        with _sampled_memory() as memory:
            path = run_sweep(settings, progress=False)
        wall, spent = time.perf_counter() - start, _processor_seconds() - before
        say("  runs in loops")
        bare += [_bare(worlds) for _ in range(BARE_TIMES)]
        section.add("a bare run", "µs of processor", [1e6 * each / BARE for each in bare], 200)
        section.add("a run of the sweep", "µs of processor", [1e6 * spent / SMALL_RUNS], 200)
        more = [100 * (spent / SMALL_RUNS / (each / BARE) - 1) for each in bare]
        section.add("sweep over bare", "% more", more, 200)
        section.add("the sweep", "s", [wall], 200)
        after = memory[len(memory) // 10 :]
        section.add("driver's memory", "MiB", [max(after)], 200)
        section.add("its growth", "MiB", [max(after) - after[0]], 200)
        files = list((path / "runs").glob("*.parquet"))
        size = sum(file.stat().st_size for file in files)
        section.add("files", "", [len(files)], 200)
        section.add("size of a run", "bytes", [size / SMALL_RUNS], 200)
        say("  questions")

        def ask(what: str, question: Callable[[], None]) -> None:
            section.add(what, "s", [seconds(question) for _ in range(ASKED)], 200)

        ask("momentum status", lambda: _status(folder))
        provenance = json.loads((path / "provenance.json").read_text())
        del provenance["runs"], provenance["sessions"][-1]["ended"]
        (path / "provenance.json").write_text(json.dumps(provenance))
        ask("momentum status after a kill", lambda: _status(folder))
        ask("a group-by in DuckDB", lambda: _group(path))
    return section


def _bare(worlds):
    """Return the processor seconds of a loop, the mean of two at once."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return sum(pool.map(_small_runs, [worlds, worlds], [BARE, BARE])) / 2


def _small_runs(worlds, runs):
    """Return the processor seconds of so many runs, once the process is ready."""
    for world in worlds:
        simulate(world)
    start = time.process_time()
    for replicate in range(runs // len(worlds)):
        network = lay_ties(worlds[0], 7 + replicate)
        for world in worlds:
            simulate(world, 7 + replicate, network=network)
    return time.process_time() - start


def _processor_seconds():
    """Return what this process and its children that have ended used."""
    return sum(os.times()[:4])


@contextmanager
def _sampled_memory():
    """Yield a list that grows: the resident memory of this process, in MiB, at every moment."""
    found, over = [], threading.Event()

    def sample():
        while not over.wait(0.25):
            found.append(resident("VmRSS") / 2**20)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _status(folder):
    words = [sys.executable, "-m", "experiments", "status", "many", f"results_dir={folder}"]
    subprocess.run(words, check=True, capture_output=True)


def _group(path):
    import duckdb

    rows = duckdb.connect().execute(GROUPED, [f"{path}/runs/*.parquet"]).fetchall()
    assert sum(row[-1] for row in rows) == SMALL_RUNS
