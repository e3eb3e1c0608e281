"""How near the compiled model comes to the users' week written in C."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks import goals, with_c
from benchmarks.full_model import SEED, Live, active_world, begin
from benchmarks.measure import Section, alternate, processor_seconds, ratios, say

SIZES = {1_000: 260, 10_000: 260, 100_000: 260, 1_000_000: 60}  # weeks by users
AT_ONCE = 100_000  # users of the copies of a run that are moved on in one sample, at least
MILLIONS = "million user-weeks/s"


def c_bound() -> Section:
    """Measure the weeks alone, the users' week by Numba and in C."""
    flags = "; ".join(f"{name}: `{' '.join(each)}`" for name, each in with_c.BUILDS.items())
    section = Section(
        "The full model against its users' week in C",
        "The users' week in C (`explorer/model`: what `decide`, `take_effect` and "
        "`spread_news` do, nine tenths of a week) within the rest of the model, on the same arrays "
        "in the same tiles, by "
        "gcc, in four "
        f"builds ({flags}). Checked first, over the weeks that are timed: the strict build comes "
        "to the same weekly table, users, shareholders and world to the last bit; that with fast "
        f"mathematics to active shares within {with_c.TOLERANCE}. Weeks alone, in turn, one core.",
    )
    libraries = {name: with_c.build(each) for name, each in with_c.BUILDS.items()}
    for users, weeks in SIZES.items():
        say(f"  {users:,} users")
        live = begin(active_world(users))
        advance = {"Numba": lambda run, weeks=weeks: run.advance(0, weeks)}
        for name, library in libraries.items():
            advance[f"C, {name}"] = lambda run, weeks=weeks, library=library: with_c.advance_to(
                library, 0, weeks, SEED, *run
            )
        runs = {name: live.copy() for name in advance}
        for name, run in runs.items():
            advance[name](run)
        _check(section, runs, users)
        samplers = {name: _sampler(live, call, weeks) for name, call in advance.items()}
        found = alternate(5 if users < 1_000_000 else 3, samplers)
        for name, samples in found.items():
            section.add(name, MILLIONS, samples, users)
        for name in libraries:
            goal = goals.WIDE_C if name.startswith("fast") and users == 10_000 else None
            over = ratios(found["Numba"], found[f"C, {name}"])
            section.add(f"Numba over C, {name}", "×", over, users, goal)
    return section


def _sampler(live: Live, advance: Callable[[Live], None], weeks: int) -> Callable[[int], float]:
    """Return a sampler of million user-weeks/s, the state being there."""
    users = live.state.users.status.size
    copies = max(1, AT_ONCE // users)

    def sample(_: int) -> float:
        runs = [live.copy() for _ in range(copies)]
        seconds = processor_seconds(lambda: [advance(run) for run in runs])
        return copies * users * weeks / seconds / 1e6

    return sample


def _check(section: Section, runs: dict[str, Live], users: int) -> None:
    """Stop if a run in C differs; record how near the one with fast mathematics is."""
    numba, strict, fast = (runs[name].state for name in ("Numba", "C, strict", "C, fast"))
    if different := with_c.differences(numba, strict):
        raise RuntimeError(f"the week in C differs in {', '.join(different)}")
    apart = float(np.abs(numba.weekly["active"] - fast.weekly["active"]).max())
    if apart > with_c.TOLERANCE:
        raise RuntimeError(f"with fast mathematics the active share is {apart:.3f} away")
    same = 100 * float((numba.users.status == fast.users.status).mean())
    section.add("C, fast: final statuses that are the same", "%", [same], users)
    section.add("C, fast: furthest active share of any week", "% points", [100 * apart], users)
