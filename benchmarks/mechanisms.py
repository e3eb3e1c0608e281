"""Where the time of a week goes."""

from __future__ import annotations

from functools import partial

import pandas as pd

from benchmarks.full_model import SEED, active_world, begin, clocks
from benchmarks.measure import Section, processor_seconds, say

LEAST = 0.5  # percent below which a step is counted among the others
WEEKS = {10_000: 260, 1_000_000: 60}
REPETITIONS = 5


def mechanisms() -> Section:
    """Measure the share of time of each step of the week."""
    section = Section(
        "Share of time by mechanism",
        "Of whole weeks, in place and in order: the week is compiled once more with a clock before "
        "and after each step that `begin_week`, `move_users` and `end_week` in `sim.week` name; "
        "loops stay as they are compiled, since the clocks are outside "
        "of them. *With clocks over without* shows what the clocks cost.",
    )
    say("  compiling the week with clocks")
    with clocks() as (advance_to, places, times):
        for users, weeks in WEEKS.items():
            say(f"  {users:,} users")
            live = begin(active_world(users))
            taken, dearer = [], []
            for _ in range(REPETITIONS + 1):
                times[:] = 0
                with_clocks = processor_seconds(
                    partial(advance_to, 0, weeks, False, SEED, *live.copy())
                )
                without = processor_seconds(partial(live.copy().advance, 0, weeks))
                taken.append(times[list(places.values())])
                dearer.append(with_clocks / without)
            table = pd.DataFrame(taken[1:], columns=list(places))  # what is first called is slower
            shares = 100 * table.div(table.sum(axis=1), axis=0)
            large = shares.median().loc[lambda share: share >= LEAST].sort_values(ascending=False)
            for name in large.index:
                section.add(f"`{name}`", "% of the week", list(shares[name]), users)
            rest = shares.drop(columns=large.index).sum(axis=1)
            section.add("all other steps", "% of the week", list(rest), users)
            section.add("with clocks over without", "×", dearer[1:], users)
    return section
