"""Small sweeps for tests, drivers in processes of their own, and who is still alive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from experiments.config.executors import Local
from experiments.config.settings import Settings
from experiments.design.draw import draw
from experiments.design.experiment import Point
from experiments.design.reading import HISTORY
from experiments.execution import sweep
from experiments.store.result import Result
from sim import simulate
from sim.parameters import Parameters

ROOT = Path(__file__).resolve().parent.parent
SMALL = {"users.count": 200, "horizon": 60, "movement.launch_week": 10}


def settings(folder, **changed):
    given = {
        "parameters": Parameters.from_dict(SMALL),
        "case": None,
        "experiment": None,
        "scale": "laptop",
        "name": "mine",
        "results_dir": Path(folder),
        "seed": 7,
        "replicates": 3,
        "workers": 1,
        "swept": {"threat.base": [0.1, 0.6], "participation.cost_mean": [0.4, 1.2]},
        "resolved": {"parameters": SMALL},
        "record_weekly": None,
        "fresh": False,
        "retry_failed": False,
        "history": dict(HISTORY),
        "preset": None,
        "given": frozenset(),
        "overrides": [],
        "executor": Local(),
        "time_limit": None,
    }
    return Settings(**{**given, **changed})


def points_of(experiment, scale="laptop", swept=None) -> list[Point]:
    """Return the points of an experiment, crossed with what is swept."""
    return draw(experiment, scale, swept).points


def rows(path):
    """Return all that a result says of its runs, apart from how long they took."""
    return Result(path).runs().drop(columns="duration_s")


def parts(path):
    return sorted((path / "runs").glob("*.parquet"))


def slow(parameters, seed, history):
    """Run, but take long enough to be killed meanwhile."""
    time.sleep(0.02)
    return simulate(parameters, seed, history)


def run_with(simulate, given, **options):
    """Run a sweep whose runs are simulated by another function; return its folder."""
    task = sweep.task_of
    sweep.task_of = lambda *args: replace(task(*args), simulate=simulate)
    try:
        return sweep.run_sweep(given, **{"progress": False, **options})
    finally:
        sweep.task_of = task


def drive(folder, changed):
    """Run a slow sweep until its end or Ctrl-C; for a process of its own."""
    try:
        run_with(slow, settings(folder, **changed), on_batch=lambda _: print("some", flush=True))
    except sweep.SweepInterrupted as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(stopped.exit_code)


def start_driver(folder, **changed):
    """Start a slow sweep in a process of its own."""
    script = Path(folder) / "driver.py"
    script.write_text(
        "from experiments.config.executors import Dask, Local\nfrom tests.sweeps import drive\n"
        f'if __name__ == "__main__":\n    drive({str(folder)!r}, {changed!r})\n'
    )
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def started_driver(folder, **changed):
    """Start a slow sweep; return it, and its workers, once some runs are stored."""
    driver = start_driver(folder, **changed)
    assert driver.stdout.readline(), driver.communicate()[1]
    return driver, children(driver.pid)


def children(process):
    """Return the numbers of all processes that descend from a process."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = list(parents.get(process, []))
    for child in found:
        found += parents.get(child, [])
    return found


def has_ended(process):
    """Return whether a process is gone, or dead and not yet buried."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return Path("/proc/self").exists()  # gone in between; without /proc it is alive


def all_end(processes, seconds=60):
    """Wait until processes have ended; return whether they did in time."""
    for _ in range(10 * seconds):
        if all(has_ended(process) for process in processes):
            return True
        time.sleep(0.1)
    return False
