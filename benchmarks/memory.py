"""Bytes a user."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.full_model import SEED, active_world, begin, lay
from benchmarks.measure import Section, in_fresh_process, say, seconds
from sim import simulate

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
    for what, found in in_fresh_process(needed, USERS, WEEKS).items():
        section.add(what, "bytes a user", [found / USERS], USERS)
    return section


def needed(users: int, weeks: int) -> dict[str, int]:
    """Return what this process needs, in bytes."""
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
    return {
        "arrays of users and network": live.bytes_held,
        "peak while the network is laid": laying,
        "peak from then on": running,
    }


def needed_by_run(users: int, threads: int) -> tuple[float, int]:
    """Return the seconds of a whole run, and the most bytes that this process ever held."""
    spent = seconds(lambda: simulate(active_world(users), SEED, threads=threads))
    return spent, resident("VmHWM")


def resident(entry: str) -> int:
    """Return an entry of the memory of this process, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"^{entry}:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise OSError(f"/proc/self/status has no {entry}")
    return 1024 * int(found[1])


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
