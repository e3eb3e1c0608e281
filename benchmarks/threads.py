"""Large worlds: what a second thread takes away, and what ten million users need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from benchmarks.full_model import SEED, Live, active_world, begin
from benchmarks.measure import Section, alternate, in_fresh_process, ratios, say, seconds
from benchmarks.memory import needed_by_run
from sim import simulate
from sim import threads as parts
from tests.sim.test_threads import everything

MANY, MOST = 1_000_000, 10_000_000  # users
THREADS = 2
REPETITIONS = 3


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
    one, other = (run.state for run in runs.values())
    if everything(one) != everything(other):
        raise RuntimeError("threads change what a world comes to")
    del runs, one, other
    found = alternate(
        REPETITIONS, {str(count): _weeks(live, count) for count in (1, THREADS)}, rehearsed=False
    )
    section.add("weeks alone, one thread", "s", found["1"], many)
    section.add("weeks alone, two threads", "s", found["2"], many)
    undivided = [_undivided(live) / alone for alone in found["1"]]
    bound = [1 / (share + (1 - share) / THREADS) for share in undivided]
    over = ratios(found["1"], found["2"])
    section.add("two threads over one", "×", over, many)
    section.add("left to one thread", "% of the weeks", [100 * each for each in undivided], many)
    section.add("bound", "×", bound, many)
    say(f"  {many:,} users, everything")
    samplers = {
        str(count): lambda _, count=count: seconds(
            lambda: simulate(parameters, SEED, threads=count)
        )
        for count in (1, THREADS)
    }
    found = alternate(REPETITIONS, samplers, rehearsed=False)
    section.add("everything, one thread", "s", found["1"], many)
    section.add("everything, two threads", "s", found["2"], many)
    section.add("two threads over one, everything", "×", ratios(found["1"], found["2"]), many)
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
