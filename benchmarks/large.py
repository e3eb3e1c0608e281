"""Large worlds: bytes a user, what a second thread takes away, and what ten million users need."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.full_model import SEED, Live, active_world, begin, lay
from benchmarks.measure import Section, in_fresh_process, ratios, say, seconds
from benchmarks.with_c import differences
from sim import simulate
from sim import threads as parts

USERS, WEEKS = 1_000_000, 20  # whose memory is measured
MANY, MOST = 1_000_000, 10_000_000  # users
THREADS = 2
COUNTS = {1: "one thread", THREADS: "two threads"}
REPETITIONS = 3


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


def threads(many: int = MANY, most: int = MOST) -> Section:
    """Measure one thread against two, and the largest world in a fresh process."""
    section = Section(
        "Large worlds on two threads",
        f"By the clock on the wall, in turn, 260 weeks: nothing else should run meanwhile. *Weeks "
        f"alone* moves a state that is there to the horizon; *everything* is `sim.simulate`, whose "
        f"network and week 0 are laid by one thread. Both are checked to come to the same to the "
        f"last bit. *Left to one thread* is the time of a week's steps that are not divided, over "
        f"that of whole weeks on one thread; *bound* is what {THREADS} threads could reach if all "
        f"else were divided in {THREADS} (Amdahl 1967). The world of {most:,} users is simulated "
        f"on {THREADS} threads in a fresh process, network, week 0, twin and outcome included; its "
        "memory is the most that the process ever held, Python and the compiled code included.",
    )
    say(f"  {many:,} users, weeks alone")
    parameters = active_world(many)
    live = begin(parameters)
    runs = {count: live.copy() for count in (1, THREADS)}
    for count, run in runs.items():
        _advance(run, count)
    if differences(*(run.state for run in runs.values())):
        raise RuntimeError("threads change what a world comes to")
    del runs
    samplers = {f"weeks alone, {name}": _weeks(live, count) for count, name in COUNTS.items()}
    one, two = section.alternate(REPETITIONS, samplers, "s", many, rehearsed=False).values()
    undivided = [_undivided(live) / alone for alone in one]
    bound = [1 / (share + (1 - share) / THREADS) for share in undivided]
    section.add("two threads over one", "×", ratios(one, two), many)
    section.add("left to one thread", "% of the weeks", [100 * each for each in undivided], many)
    section.add("bound", "×", bound, many)
    say(f"  {many:,} users, everything")
    calls = {
        f"everything, {name}": partial(simulate, parameters, SEED, threads=count)
        for count, name in COUNTS.items()
    }
    samplers = {name: lambda _, call=call: seconds(call) for name, call in calls.items()}
    one, two = section.alternate(REPETITIONS, samplers, "s", many, rehearsed=False).values()
    section.add("two threads over one, everything", "×", ratios(one, two), many)
    del live
    say(f"  {most:,} users")
    spent, held = in_fresh_process(needed_by_run, most, THREADS)
    section.add("everything, two threads", "s", [spent], most)
    section.add("memory", "GB", [held / 1e9], most)
    return section


def _advance(live: Live, count: int) -> None:
    last = len(live.state.weekly) - 1
    advance = parts.on_threads(count, live.state.users.status.size)
    advance(0, last, False, SEED, live.p, live.history, live.state)


def _weeks(live: Live, count: int) -> Callable[[int], float]:
    def sample(_: int) -> float:
        run = live.copy()
        return seconds(lambda: _advance(run, count))

    return sample


def _undivided(live: Live) -> float:
    """Return the seconds of the weeks' steps that one thread does for all."""
    spent = 0.0

    def timed(function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            nonlocal spent
            spent += seconds(lambda: function(*arguments))

        return call

    names = ("begin_week", "conclude")
    run = live.copy()
    with patch.multiple(parts, **{name: timed(getattr(parts, name)) for name in names}):
        _advance(run, THREADS)
    return spent
