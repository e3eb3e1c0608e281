"""Large worlds: the users' week on several threads.

Users are cut into parts, one for each thread. Everyone decides on the state of last week, and sums
over users are whole numbers, so that the results are the same with any number of threads. What is
left to one thread is what belongs to the world or concerns few users: firm and shareholders, news
from neighbour to neighbour, launch, votes, and the sums of goals and pledges, whose last bit
depends on their order.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from sim.cascade import spread_news
from sim.compiled import routine
from sim.history import History
from sim.parameters import ParameterError
from sim.state import TILE, State, make_workspace
from sim.user_status import adopt, count_changes, list_changes, tell_counts
from sim.user_sums import SUMS
from sim.user_week import decide_in_tiles
from sim.week import act_alone, advance_to, begin_week, end_week
from sim.week_inputs import week_inputs

WORTHWHILE = 200_000  # users; with fewer, threads wait for each other longer than they save


def check_threads(threads: Any) -> int:
    """Return a valid number of threads.

    Raises
    ------
    ParameterError
        If it is not a whole number from 1.
    """
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer) or threads < 1:
        raise ParameterError(f"threads = {threads!r} must be a whole number from 1")
    return int(threads)


def on_threads(threads: int, users: int) -> Callable[..., int]:
    """Return `sim.week.advance_to` for a world of so many users, on at most so many threads."""
    if threads == 1 or users < WORTHWHILE:
        return advance_to
    return partial(_advance_to, threads)


def _advance_to(
    threads: int,
    first: int,
    last: int,
    until_launch: bool,
    seed: int,
    p: Any,
    history: History,
    state: State,
) -> int:
    """Do what `sim.week.advance_to` does."""
    users, world, selected = state.users, state.world[0], state.workspace.selected
    tiles = -(-users.status.size // TILE)
    cuts = [tiles * part // threads for part in range(threads + 1)]
    parts = list(zip(cuts, cuts[1:], strict=False))
    room = [make_workspace(0)._replace(selected=selected) for _ in parts]
    with ThreadPoolExecutor(threads) as pool:

        def together(function: Callable[[int], Any]) -> list[Any]:
            return list(pool.map(function, range(threads)))

        for week in range(first + 1, last + 1):
            begin_week(week, seed, p, history, state)
            sums = np.tile(state.world, (threads, 1))

            def live(k: int) -> int:
                return live_in_part(week, seed, p, users, room[k], sums[k], *parts[k])

            listed = together(live)
            changes = 0
            for (begin, _), count in zip(parts, listed, strict=True):
                start = begin * TILE
                selected[changes : changes + count] = selected[start : start + count]
                changes += count
            signatures = world["signatures"]
            for name in SUMS:
                world[name] = sums[name].sum()
            world["new_signatures"] = world["signatures"] - signatures

            def tell(k: int) -> None:
                tell_part(state.network, users, selected, changes, *parts[k])

            together(tell)
            conclude(week, seed, p, state, changes)
            if until_launch and world["launched"] == week:
                return week
    return last


@routine
def live_in_part(week, seed, p, users, workspace, sums, first_tile, end_tile):
    """Let the users of some tiles decide; list those who change, and return how many they are."""
    world = sums[0]
    inputs = week_inputs(week, seed, p, world, users.status.size)
    decide_in_tiles(users, workspace, world, inputs, first_tile, end_tile)
    first, last = first_tile * TILE, min(end_tile * TILE, users.status.size)
    selected = workspace.selected[first:]
    changes = list_changes(users, selected, first, last)
    count_changes(users, selected[:changes], world)
    return changes


@routine
def tell_part(network, users, selected, changes, first_tile, end_tile):
    """Tell the users of some tiles of all changes among their neighbours."""
    tell_counts(network, users, selected[:changes], first_tile * TILE, end_tile * TILE)


@routine
def conclude(week, seed, p, state, changes):
    """Let the changes take effect and the movement act."""
    world = state.world[0]
    inputs = week_inputs(week, seed, p, world, state.users.status.size)  # of before the changes
    adopt(state.users, state.workspace.selected[:changes], world)
    spread_news(state.network, state.users, state.workspace, world, inputs)
    act_alone(week, seed, p, world, inputs)
    end_week(week, seed, p, state)
