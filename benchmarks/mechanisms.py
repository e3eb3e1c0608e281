"""Where the time of a week goes."""

from __future__ import annotations

from functools import partial
from statistics import median

from benchmarks.full_model import SEED, active_world, begin, clocks
from benchmarks.measure import Section, processor_seconds, say

LEAST = 0.005  # share below which a step is counted among the others
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
            shares: dict[str, list[float]] = {}
            dearer = []
            for repetition in range(REPETITIONS + 1):
                times[:] = 0
                with_clocks = processor_seconds(
                    partial(advance_to, 0, weeks, False, SEED, *live.copy())
                )
                without = processor_seconds(partial(live.copy().advance, 0, weeks))
                if repetition == 0:
                    continue  # what is first called is slower
                total = sum(times[place] for place in places.values())
                for name, place in places.items():
                    shares.setdefault(name, []).append(times[place] / total)
                dearer.append(with_clocks / without)
            large = [name for name in shares if median(shares[name]) >= LEAST]
            for name in sorted(large, key=lambda name: -median(shares[name])):
                section.add(f"`{name}`", "% of the week", [100 * s for s in shares[name]], users)
            rest = [
                100 * sum(shares[name][i] for name in shares if name not in large)
                for i in range(REPETITIONS)
            ]
            section.add("all other steps", "% of the week", rest, users)
            section.add("with clocks over without", "×", dearer, users)
    return section
