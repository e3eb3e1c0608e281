"""What storing a large sweep of small runs costs, and how fast its result answers."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks import goals
from benchmarks.measure import Goal, Section, say
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
        memory = _Memory()
        before, start = _processor_seconds(), time.perf_counter()
        path = run_sweep(settings, progress=False)
        wall, spent = time.perf_counter() - start, _processor_seconds() - before
        resident = memory.stop()
        say("  runs in loops")
        bare += [_bare(worlds) for _ in range(REPETITIONS)]
        micro = [1e6 * seconds / BARE for seconds in bare]
        section.add("a bare run", "µs of processor", micro, 200)
        section.add("a run of the sweep", "µs of processor", [1e6 * spent / RUNS], 200)
        more = [100 * (spent / RUNS / (seconds / BARE) - 1) for seconds in bare]
        section.add("sweep over bare", "% more", more, 200, goals.SWEEP_OVER_BARE)
        section.add("the sweep", "s", [wall], 200)
        after = resident[len(resident) // 10 :]
        section.add("driver's memory", "MiB", [max(after)], 200)
        section.add("its growth", "MiB", [max(after) - after[0]], 200, Goal("≤", 5.0))
        files = list((path / "runs").glob("*.parquet"))
        size = sum(file.stat().st_size for file in files)
        section.add("files", "", [len(files)], 200)
        section.add("size of a run", "bytes", [size / RUNS], 200)
        say("  questions")
        section.add("momentum status", "s", _asked(folder), 200, Goal("≤", 0.5))
        provenance = json.loads((path / "provenance.json").read_text())
        del provenance["runs"], provenance["sessions"][-1]["ended"]
        (path / "provenance.json").write_text(json.dumps(provenance))
        section.add("momentum status after a kill", "s", _asked(folder), 200, Goal("≤", 1.0))
        section.add("a group-by in DuckDB", "s", _grouped(path), 200, Goal("≤", 1.0))
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
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in found)


class _Memory:
    """Samples the resident memory of this process, in MiB."""

    def __init__(self):
        self._found, self._over = [], threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self):
        while not self._over.wait(0.25):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self._found.append(pages * resource.getpagesize() / 2**20)

    def stop(self):
        self._over.set()
        self._thread.join()
        return self._found


def _asked(folder):
    """Return the seconds of the command, with the start of Python."""
    command = [sys.executable, "-m", "experiments", "status", "many", f"results_dir={folder}"]
    found = []
    for _ in range(ASKED):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return found


def _grouped(path):
    import duckdb

    found = []
    for _ in range(ASKED):
        start = time.perf_counter()
        rows = duckdb.connect().execute(GROUPED, [f"{path}/runs/*.parquet"]).fetchall()
        found.append(time.perf_counter() - start)
        assert sum(row[-1] for row in rows) == RUNS
    return found
