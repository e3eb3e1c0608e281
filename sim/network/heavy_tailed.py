"""Heavy-tailed networks: power-law degrees, wired at random, with groups of mutual ties."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import builder
from sim.network.degrees import plan_degrees, room
from sim.network.ties import (
    Network,
    below,
    complete_at_random,
    fraction,
    network_of,
    start_draft,
    tie_all,
)
from sim.randomness import Stream, key, word

MOST_KEPT = 1_000_000  # users of a network whose degrees are kept for the next one
TRIES = 64  # partners tried for one end of a tie before it is given up

_STREAM = np.uint64(Stream.NETWORK)
_RANKS, _DUE, _MEMBERS, _PARTNERS, _MENDING = np.arange(5, dtype=np.uint64)  # luck for what


class Wiring(NamedTuple):
    """A network of given degrees being laid; a row has room for its user's degree."""

    offsets: np.ndarray  # int64, (n + 1,), where each user's row starts
    filled: np.ndarray  # int64, (n,), where each user's row ends so far
    rows: np.ndarray  # int32, (2 × edges,), neighbours as they came
    sorted_rows: np.ndarray  # int32, (2 × edges,), neighbours in order
    ends: np.ndarray  # int32, (2 × edges,), ties laid at random, one end beside the other
    free: np.ndarray  # int32, (n,), ties a user has left to make


@builder
def _shuffle(values: Any, luck: Any) -> None:
    for i in range(values.size - 1, 0, -1):
        j = below(word(luck, i), i + 1)
        values[i], values[j] = values[j], values[i]


def heavy_tailed(n: int, edges: int, tail: float, clustering: float, seed: np.uint64) -> Network:
    """Return a random wiring of power-law degrees, part of them used in groups of mutual ties.

    A configuration model with cliques (Newman 2009, doi:10.1103/PhysRevLett.103.058701; Gleeson
    2009, doi:10.1103/PhysRevE.80.036107). Ties are laid blindly, into rows that have room for each
    user's degree; double ties and self-ties are then exchanged with ties laid at random
    (Maslov & Sneppen 2002, doi:10.1126/science.1065103), which keeps the degrees.
    """
    degrees, size, share = plan_degrees(n, edges, tail, clustering)
    wiring = Wiring(
        offsets=np.empty(n + 1, np.int64),
        filled=np.empty(n, np.int64),
        rows=np.empty(2 * edges, np.int32),
        sorted_rows=np.empty(2 * edges, np.int32),
        ends=np.empty(2 * edges, np.int32),
        free=np.empty(n, np.int32),
    )
    users = np.arange(n, dtype=np.int32)  # (n,), who has the degree of that rank
    laid = _lay_ties(wiring, users, degrees, size, share, seed)
    del users, degrees
    if n > MOST_KEPT:
        plan_degrees.cache_clear()
    lost = _sort_rows(wiring)
    missing = _mend(wiring, laid, lost, seed) + edges - int(wiring.offsets[-1]) // 2
    network = Network(wiring.offsets, wiring.sorted_rows)
    return network if missing == 0 else _completed(n, edges, network, wiring.filled, seed)


def _completed(
    n: int, edges: int, network: Network, filled: np.ndarray, seed: np.uint64
) -> Network:
    """Return a network, its rows filled so far only, with ties at random until it has so many."""
    degrees = np.diff(network.offsets)
    users = np.repeat(np.arange(n), degrees)
    ties = np.column_stack([users, network.neighbours[: len(users)]])
    filled_in = np.arange(len(users)) < np.repeat(filled, degrees)
    draft = start_draft(edges, seed)
    tie_all(draft, ties[filled_in & (ties[:, 0] < ties[:, 1])])
    complete_at_random(draft, n)
    return network_of(n, draft)


@builder
def _append(wiring: Wiring, a: Any, b: Any) -> None:
    """Tie a and b, whether they are or not."""
    wiring.rows[wiring.filled[a]] = b
    wiring.filled[a] += 1
    wiring.rows[wiring.filled[b]] = a
    wiring.filled[b] += 1


@builder
def _lay_ties(wiring: Wiring, users: Any, degrees: Any, size: Any, share: Any, seed: Any) -> Any:
    """Lay ties in groups, then at random; return how many of ``ends`` those at random joined.

    Users with fewer neighbours than ``size`` meet their like in one smaller group; the others are
    put into groups at random, the more the more neighbours they have, so that clustering falls with
    degree.
    """
    n = degrees.size
    _shuffle(users, key(seed, _STREAM, _RANKS))
    for rank in range(n):
        wiring.free[users[rank]] = degrees[rank]
    wiring.offsets[0] = 0
    for i in range(n):
        wiring.filled[i] = wiring.offsets[i]
        wiring.offsets[i + 1] = wiring.offsets[i] + wiring.free[i]

    members = wiring.ends  # ranks, a group after another
    joined, alike = 0, 0
    due = fraction(key(seed, _STREAM, _DUE))
    for rank in range(n):
        degree = np.int64(degrees[rank])
        if degree >= 3:
            due += share * room(degree, min(size, degree))
        while due >= 1:
            due -= 1
            members[joined] = rank
            joined += 1
        if degree < size:
            alike = joined
    _shuffle(members[alike:joined], key(seed, _STREAM, _MEMBERS))
    first = 0
    while first < joined:
        last = min(joined, first + min(size, np.int64(degrees[members[first]])))
        for x in range(first, last):
            a = users[members[x]]
            wiring.free[a] -= last - first - 1
            for y in range(x + 1, last):
                _append(wiring, a, users[members[y]])
        first = last

    left = 0
    for rank in range(n):  # users, each as often as ties are left to make
        for _ in range(wiring.free[users[rank]]):
            wiring.ends[left] = users[rank]
            left += 1
    left = laid = left // 2 * 2
    luck = key(seed, _STREAM, _PARTNERS)
    while left > 0:
        left -= 2
        other = below(word(luck, left), left + 1)
        partner = wiring.ends[other]
        wiring.ends[other] = wiring.ends[left]
        wiring.ends[left] = partner
        _append(wiring, wiring.ends[left + 1], partner)
    return laid


@builder
def _sort_rows(wiring: Wiring) -> Any:
    """Put the rows in order without double ties and self-ties; return how many ties were lost.

    They are listed in ``rows``, two ends each.
    """
    n = wiring.filled.size
    for i in range(n):
        wiring.free[i] = 0
    for i in range(n):  # users taken in order arrive in order in each neighbour's row
        for k in range(wiring.offsets[i], wiring.filled[i]):
            j = wiring.rows[k]
            wiring.sorted_rows[wiring.offsets[j] + wiring.free[j]] = i
            wiring.free[j] += 1
    lost = 0
    for i in range(n):
        last = -1
        write = wiring.offsets[i]
        own = 0
        for k in range(wiring.offsets[i], wiring.filled[i]):
            j = wiring.sorted_rows[k]
            own += j == i
            if j != i and j != last:
                wiring.sorted_rows[write] = j
                write += 1
            elif j > i or (j == i and own % 2 == 0):  # a tie to oneself is in the row twice
                wiring.rows[2 * lost] = i
                wiring.rows[2 * lost + 1] = j
                lost += 1
            last = j
        wiring.filled[i] = write
    return lost


@builder
def _place(wiring: Wiring, a: Any, b: Any) -> Any:
    """Return where b is in a's row, or would have to be."""
    low, high = wiring.offsets[a], wiring.filled[a]
    while low < high:
        middle = (low + high) // 2
        if wiring.sorted_rows[middle] < b:
            low = middle + 1
        else:
            high = middle
    return low


@builder
def _tied(wiring: Wiring, a: Any, b: Any) -> Any:
    """Return whether a is b or tied to b."""
    place = _place(wiring, a, b)
    return a == b or (place < wiring.filled[a] and wiring.sorted_rows[place] == b)


@builder
def _insert(wiring: Wiring, a: Any, b: Any) -> None:
    """Put b into a's row, which has room."""
    place = _place(wiring, a, b)
    for k in range(wiring.filled[a], place, -1):
        wiring.sorted_rows[k] = wiring.sorted_rows[k - 1]
    wiring.sorted_rows[place] = b
    wiring.filled[a] += 1


@builder
def _remove(wiring: Wiring, a: Any, b: Any) -> None:
    """Take b out of a's row."""
    wiring.filled[a] -= 1
    for k in range(_place(wiring, a, b), wiring.filled[a]):
        wiring.sorted_rows[k] = wiring.sorted_rows[k + 1]


@builder
def _mend(wiring: Wiring, laid: Any, lost: Any, seed: Any) -> Any:
    """Lay ties that were lost; return how many could not be laid.

    A lost tie a–b and a tie c–d laid at random give way to a–c and b–d.
    """
    luck = key(seed, _STREAM, _MENDING)
    drawn, missing = 0, 0
    for tie in range(lost):
        a, b = wiring.rows[2 * tie], wiring.rows[2 * tie + 1]
        missing += 1
        for _ in range(TRIES if laid > 0 else 0):
            drawn += 1
            pick = below(word(luck, drawn), laid)
            c, d = wiring.ends[pick], wiring.ends[pick ^ 1]
            if c == d or _tied(wiring, a, c) or _tied(wiring, b, d) or not _tied(wiring, c, d):
                continue
            _remove(wiring, c, d)
            _remove(wiring, d, c)
            _insert(wiring, a, c)
            _insert(wiring, c, a)
            _insert(wiring, b, d)
            _insert(wiring, d, b)
            wiring.ends[pick], wiring.ends[pick ^ 1] = a, c
            missing -= 1
            break
    return missing
