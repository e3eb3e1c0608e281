"""What storing a large sweep of small runs costs, and how fast its result answers."""

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

from benchmarks.measure import Section, say, seconds
from benchmarks.memory import resident
from experiments.config.settings import compose
from experiments.execution.plan import plan_sweep
from experiments.execution.sweep import run_sweep
from sim import simulate
from sim.setup import lay_ties

RUNS = 100_000
BARE = 10_000  # of them in a loop, to compare with
REPETITIONS = 2  # before the sweep, and after it
ASKED = 5  # times each question is put to the result
WORLD = ["users.count=200", "horizon=52", "movement.launch_week=10", "vote.first_meeting=30"]
POINTS = ["threat.base=0.05,0.1,0.15,0.2,0.25,0.3,0.35,0.4,0.45,0.5"]
GROUPED = (
    'select "threat.base", avg(emerged::int), avg(peak_share), count(*) '
    "from read_parquet(?) group by 1 order by 1"
)


def store() -> Section:
    """Measure a sweep of many small runs, its driver's memory and questions to its result."""
    section = Section(
        "A large sweep of small runs",
        f"{RUNS:,} runs of 200 users and 52 weeks (10 points × {RUNS // 10:,} replicates, points "
        "sharing networks) on two workers. *Bare* is the same work in two loops over "
        f"`sim.simulate` at once, {BARE:,} runs each, before the sweep and after it, in two "
        "processes, since two busy cores are each slower than one. Both in processor time, the "
        "sweep's with its driver, the start of its workers and storing. *Memory* is the driver's, "
        "from a tenth of the sweep on. Questions are put to the finished result, `momentum status` "
        "as a command; *after a kill* it counts the stored runs.",
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = compose(
            [*WORLD, *POINTS, f"replicates={RUNS // 10}", "workers=2", "name=many",
             f"results_dir={folder}"]
        )  # fmt: skip
        points = [point["threat.base"] for point in plan_sweep(settings).points]
        worlds = [settings.parameters.replace({"threat.base": value}) for value in points]
        say("  runs in loops")
        bare = [_bare(worlds) for _ in range(REPETITIONS)]
        say("  the sweep")
        before, start = _processor_seconds(), time.perf_counter()
        with _sampled_memory() as memory:
            path = run_sweep(settings, progress=False)
        wall, spent = time.perf_counter() - start, _processor_seconds() - before
        say("  runs in loops")
        bare += [_bare(worlds) for _ in range(REPETITIONS)]
        section.add("a bare run", "µs of processor", [1e6 * each / BARE for each in bare], 200)
        section.add("a run of the sweep", "µs of processor", [1e6 * spent / RUNS], 200)
        more = [100 * (spent / RUNS / (each / BARE) - 1) for each in bare]
        section.add("sweep over bare", "% more", more, 200)
        section.add("the sweep", "s", [wall], 200)
        after = memory[len(memory) // 10 :]
        section.add("driver's memory", "MiB", [max(after)], 200)
        section.add("its growth", "MiB", [max(after) - after[0]], 200)
        files = list((path / "runs").glob("*.parquet"))
        size = sum(file.stat().st_size for file in files)
        section.add("files", "", [len(files)], 200)
        section.add("size of a run", "bytes", [size / RUNS], 200)
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
        return sum(pool.map(_loop, [worlds, worlds], [BARE, BARE])) / 2


def _loop(worlds, runs):
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
    assert sum(row[-1] for row in rows) == RUNS
