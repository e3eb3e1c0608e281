"""Small sweeps for tests, drivers in processes of their own, and who is still alive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from experiments.config import Settings
from experiments.design import HISTORY
from experiments.executors import Local
from experiments.store import Result
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
        "history": dict(HISTORY),
        "preset": None,
        "given": frozenset(),
        "overrides": [],
        "executor": Local(),
        "time_limit": None,
    }
    return Settings(**{**given, **changed})


def rows(path):
    """Return all that a result says of its runs, apart from how long they took."""
    return Result(path).runs().drop(columns="duration_s")


def parts(path):
    return sorted((path / "runs").glob("*.parquet"))


DRIVER = """
import multiprocessing, sys, time
from tests.sweeps import settings
from experiments.sweep import SweepInterrupted, run_sweep

def tell(runs):
    print(*(process.pid for process in multiprocessing.active_children()), flush=True)
    time.sleep(600)  # while the workers go on

if __name__ == "__main__":
    try:
        run_sweep(settings(sys.argv[1], workers=2, replicates=60), on_batch=tell)
    except SweepInterrupted as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(stopped.exit_code)
"""


def start_driver(folder):
    """Start a sweep in a process of its own; return it once some runs are stored."""
    script = folder / "driver.py"
    script.write_text(DRIVER)
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    driver = subprocess.Popen(
        [sys.executable, script, folder],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    workers = [int(word) for word in driver.stdout.readline().split()]
    assert workers, driver.communicate()[1]
    return driver, workers


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


def all_end(processes):
    """Wait until processes have ended; return whether they did within a minute."""
    for _ in range(600):
        if all(has_ended(process) for process in processes):
            return True
        time.sleep(0.1)
    return False
