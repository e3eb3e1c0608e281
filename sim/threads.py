"""Large worlds: the users' week on several threads.

Users are cut into parts, one for each thread. Everyone decides on the state of last week, and sums
over users are whole numbers, so that the results are the same with any number of threads. What is
left to one thread is what belongs to the world or concerns few users: firm and shareholders, news
from neighbour to neighbour, launch, votes, and the sums of goals and pledges, whose last bit
depends on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
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
from sim.week import act_alone, advance_to, begin_week, end_week, is_turn
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
    until_turn: bool,
    seed: int,
    p: Any,
    history: History,
    state: State,
) -> int:
    """Do what `sim.week.advance_to` does."""
    network, users, selected = state.network, state.users, state.workspace.selected
    world = state.world[0]
    tiles = -(-users.status.size // TILE)
    threads = min(threads, tiles)  # so that each has a part
    cuts = [tiles * part // threads for part in range(threads + 1)]
    room = [make_workspace(0)._replace(selected=selected) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:

        def in_parts(function: Any, arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
            """Call a function for each part at the same time: with its arguments and its tiles."""
            calls = [(*own, *part) for own, part in zip(arguments, pairwise(cuts), strict=True)]
            others = [pool.submit(function, *call) for call in calls[1:]]
            return [function(*calls[0]), *(other.result() for other in others)]

        for week in range(first + 1, last + 1):
            begin_week(week, seed, p, history, state)
            sums = np.tile(state.world, (threads, 1))
            own = zip(room, sums, strict=True)
            counts = in_parts(live_in_part, [(week, seed, p, users, *each) for each in own])
            changes = 0
            for tile, count in zip(cuts[:-1], counts, strict=True):
                start = tile * TILE
                selected[changes : changes + count] = selected[start : start + count]
                changes += count
            add_up(world, sums)
            in_parts(tell_in_part, [(network, users, selected, changes)] * threads)
            turned = conclude(week, seed, p, state, changes)
            if until_turn and turned:
                return week
    return last


def add_up(world: np.void, parts: np.ndarray) -> None:
    """Set the world's sums over users to the sums of the parts; ``world`` has last week's."""
    signatures = world["signatures"]
    for name in SUMS:
        world[name] = parts[name].sum()
    world["new_signatures"] = world["signatures"] - signatures


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
def tell_in_part(network, users, selected, changes, first_tile, end_tile):
    """Tell the users of some tiles of all changes among their neighbours."""
    tell_counts(network, users, selected[:changes], first_tile * TILE, end_tile * TILE)


@routine
def conclude(week, seed, p, state, changes):
    """Let the changes take effect and the movement act; return what `is_turn` does."""
    world = state.world[0]
    inputs = week_inputs(week, seed, p, world, state.users.status.size)  # of before the changes
    adopt(state.users, state.workspace.selected[:changes], world)
    spread_news(state.network, state.users, state.workspace, world, inputs)
    act_alone(week, seed, p, world, inputs)
    end_week(week, seed, p, state)
    return is_turn(week, world)
