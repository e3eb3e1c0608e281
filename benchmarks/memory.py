"""Bytes a user."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Goal, Section, say
from experiments.places import ROOT

USERS, WEEKS = 1_000_000, 20


def memory() -> Section:
    """Measure what a large run holds, and the most that a fresh process needs for it."""
    section = Section(
        "Memory",
        f"A fresh process lays the network of {USERS:,} users, mean degree 16, draws the users and "
        f"lives through {WEEKS} weeks. *Arrays* are those of users and network; *peaks* are of "
        "resident memory, beyond what the process had after a small run, during each part.",
    )
    say(f"  {USERS:,} users")
    code = f"from benchmarks.memory import report; report({USERS}, {WEEKS})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    for what, found in json.loads(run.stdout).items():
        goal = Goal("≤", 160.0) if what.startswith("arrays") else None
        section.add(what, "bytes a user", [found / USERS], USERS, goal)
    return section


def report(users: int, weeks: int) -> None:
    """Print what this process needs, in bytes."""
    from benchmarks.full_model import active_world, begin, lay

    begin(active_world(1_000)).advance(0, weeks)
    parameters = active_world(users)
    before = resident("VmRSS")
    _forget_peak()
    network = lay(parameters)
    laying = resident("VmHWM") - before
    _forget_peak()
    live = begin(parameters, network)
    live.advance(0, weeks)
    running = resident("VmHWM") - before
    found = {
        "arrays of users and network": live.bytes_held,
        "peak while the network is laid": laying,
        "peak from then on": running,
    }
    print(json.dumps(found))


def report_largest(users: int, threads: int) -> None:
    """Print the seconds of a whole run, and the most bytes that this process ever held."""
    from benchmarks.full_model import SEED, active_world
    from sim import simulate

    start = time.perf_counter()
    simulate(active_world(users), SEED, threads=threads)
    print(json.dumps([time.perf_counter() - start, resident("VmHWM")]))


def resident(entry: str) -> int:
    """Return an entry of the memory of this process, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"^{entry}:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise OSError(f"/proc/self/status has no {entry}")
    return 1024 * int(found[1])


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
