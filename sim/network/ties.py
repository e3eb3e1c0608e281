"""What a network is, and the drawing board on which its ties are laid one by one."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import builder, routine
from sim.parameters import ParameterError
from sim.randomness import mix

_STEP, _HASH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_ZERO, _ONE, _S11, _S32 = np.uint64(0), np.uint64(1), np.uint64(11), np.uint64(32)
_UNIT53 = 2.0**-53


class Network(NamedTuple):
    """Neighbours in rows: user i's are ``neighbours[offsets[i]:offsets[i + 1]]``, ascending.

    Ties go both ways, once each, and nobody is tied to themselves. Runs share a network: its arrays
    must not be changed.

    Examples
    --------
    >>> from sim.network import from_edges
    >>> offsets, neighbours = from_edges(4, [[0, 1], [1, 2]])
    >>> neighbours[offsets[1] : offsets[2]].tolist()  # of user 1
    [0, 2]
    """

    offsets: np.ndarray  # int64, (n + 1,), where each user's neighbours start
    neighbours: np.ndarray  # int32, (2 × edges,), neighbours of every user, one after another


class Draft(NamedTuple):
    """A network being drawn: the ties in the order they came, and a set that refuses doubles."""

    edges: np.ndarray  # int32, (edges, 2)
    made: np.ndarray  # int64, (1,), ties so far
    seen: np.ndarray  # uint64, (about 1.5 × edges,), open-addressing hash set of ties; 0 is free
    random: np.ndarray  # uint64, (1,), state of the generator


def from_edges(n: int, edges: np.ndarray) -> Network:
    """Return the network of these ties.

    Parameters
    ----------
    n
        Users, numbered from 0 to n − 1.
    edges
        Whole numbers, (ties, 2). Doubles, also in the other direction, and self-ties are dropped.

    Raises
    ------
    ValueError
        For edges of another shape or type, or that name other users.

    Examples
    --------
    >>> from_edges(4, [[0, 1], [1, 2], [2, 0]]).offsets.tolist()  # user 3 has no neighbours
    [0, 2, 4, 6, 6]
    """
    edges, n = np.asarray(edges), operator.index(n)
    require(1 <= n < 2**31, "n", n, "1 to 2147483647 users")
    if edges.ndim != 2 or edges.shape[1] != 2 or not np.issubdtype(edges.dtype, np.integer):
        found = f"{edges.dtype}, {edges.shape}"
        raise ValueError(f"edges is {found}: it should be whole numbers, (ties, 2)")
    if len(edges) and not 0 <= edges.min() <= edges.max() < n:
        found = f"users {edges.min()} to {edges.max()}"
        raise ValueError(f"edges names {found}: it should name users 0 to n − 1 = {n - 1}")
    draft = start_draft(len(edges), np.uint64(0))
    tie_all(draft, np.ascontiguousarray(edges, np.int64))
    return network_of(n, draft)


def check_network(network: Any, users: int) -> Network:
    """Return a network that the compiled rules can rely on.

    Parameters
    ----------
    network
        A `Network`; arrays of another type of whole numbers are converted.
    users
        How many users it should have.

    Raises
    ------
    ParameterError
        Naming what is wrong with it.
    """
    if not isinstance(network, Network):
        raise ParameterError(
            f"network is a {type(network).__name__}; sim.network.from_edges makes one from ties"
        )
    offsets = _whole_numbers("offsets", network.offsets, np.int64)
    neighbours = _whole_numbers("neighbours", network.neighbours, np.int32)
    if len(offsets) != users + 1:
        found = f"the network has {max(len(offsets) - 1, 0)} users"
        raise ParameterError(
            f"users.count = {users}, but {found}; set users.count={max(len(offsets) - 1, 0)}"
        )
    if offsets[0] != 0 or offsets[-1] != len(neighbours) or (np.diff(offsets) < 0).any():
        raise ParameterError(
            "network.offsets must rise from 0 to the number of neighbours, "
            f"{len(neighbours)}, and never fall"
        )
    fault, user = _find_fault(offsets, neighbours, np.empty(users, np.int64))
    if fault >= 0:
        raise ParameterError(f"network.neighbours of user {user} {_FAULTS[fault]}")
    if offsets is network.offsets and neighbours is network.neighbours:
        return network
    return Network(offsets, neighbours)


_FAULTS = (
    "must be users from 0 to n − 1",
    "must not include the user",
    "must be in ascending order, each once",
    "must have the user among theirs: ties go both ways",
)


def _whole_numbers(name: str, given: Any, kind: type[np.signedinteger]) -> np.ndarray:
    """Return an array of one dimension as the compiled rules take it."""
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray(None)  # rows of different lengths
    if array.ndim != 1 or not (array.dtype.kind in "iu" or array.size == 0):
        found = f"{array.dtype}, of shape {array.shape}"
        raise ParameterError(f"network.{name} is {found}: it must be whole numbers in a row")
    if array.size and not np.iinfo(kind).min <= array.min() <= array.max() <= np.iinfo(kind).max:
        raise ParameterError(f"network.{name} has numbers out of the range of {kind.__name__}")
    return np.require(array, kind, ["C", "A", "W"])


@routine
def _find_fault(offsets: Any, neighbours: Any, place: Any) -> Any:
    """Return the first of `_FAULTS` and its user; -1 for the fault if there is none."""
    n = place.size
    for i in range(n):
        place[i] = offsets[i]
        last = -1
        for k in range(offsets[i], offsets[i + 1]):
            j = neighbours[k]
            if j < 0 or j >= n:
                return 0, i
            if j == i:
                return 1, i
            if j <= last:
                return 2, i
            last = j
    for i in range(n):  # users taken in order come next in each neighbour's row
        for k in range(offsets[i], offsets[i + 1]):
            j = neighbours[k]
            if place[j] == offsets[j + 1] or neighbours[place[j]] != i:
                return 3, i
            place[j] += 1
    return -1, 0


def require(holds: bool, name: str, value: float, right: str) -> None:
    """Refuse the value of an argument unless the condition holds."""
    if not holds:
        raise ValueError(f"{name} = {value}: it should be {right}")


@builder
def fraction(bits: Any) -> Any:
    """Return a number in [0, 1) from 64 random bits."""
    return float(bits >> _S11) * _UNIT53


@builder
def below(bits: Any, bound: Any) -> Any:
    """Return one of 0 … bound − 1 by 64 random bits."""
    return np.int64(fraction(bits) * bound)


@builder
def draw_bits(state: Any) -> Any:
    """Return the next 64 random bits, by SplitMix64."""
    state[0] += _STEP
    return mix(state[0])


def start_draft(edges: int, seed: np.uint64) -> Draft:
    """Return an empty draft with room for so many ties."""
    return Draft(
        edges=np.empty((edges, 2), np.int32),
        made=np.zeros(1, np.int64),
        seen=np.zeros(edges + edges // 2 + 8, np.uint64),
        random=np.full(1, seed, np.uint64),
    )


@builder
def tie(draft: Draft, a: Any, b: Any) -> Any:
    """Tie a and b, unless they are or a is b; return whether it was done."""
    if a == b:
        return False
    pair = np.uint64(min(a, b)) << _S32 | np.uint64(max(a, b))  # never 0, as a ≠ b
    slots = np.uint64(len(draft.seen))
    slot = ((((pair ^ (pair >> _S32)) * _HASH) >> _S32) * slots) >> _S32
    while draft.seen[slot] != _ZERO:
        if draft.seen[slot] == pair:
            return False
        slot += _ONE
        if slot == slots:
            slot = _ZERO
    draft.seen[slot] = pair
    draft.edges[draft.made[0], 0] = a
    draft.edges[draft.made[0], 1] = b
    draft.made[0] += 1
    return True


@builder
def complete_at_random(draft: Draft, n: Any) -> None:
    """Tie pairs at random until the draft has all its ties."""
    while draft.made[0] < len(draft.edges):
        tie(draft, below(draw_bits(draft.random), n), below(draw_bits(draft.random), n))


def network_of(n: int, draft: Draft) -> Network:
    """Return the network of a draft's ties."""
    ends = 2 * int(draft.made[0])
    network = Network(np.zeros(n + 1, np.int64), np.empty(ends, np.int32))
    sort_ties(draft, *network, np.empty(ends, np.int32), np.empty(n, np.int64))
    return network


@builder
def sort_ties(draft: Draft, offsets: Any, neighbours: Any, rows: Any, place: Any) -> None:
    """Fill in offsets and ascending neighbours of distinct ties, by two counting sorts."""
    n = place.size
    for e in range(draft.made[0]):
        offsets[draft.edges[e, 0] + 1] += 1
        offsets[draft.edges[e, 1] + 1] += 1
    for i in range(n):
        place[i] = offsets[i]
        offsets[i + 1] += offsets[i]
    for e in range(draft.made[0]):
        a, b = draft.edges[e, 0], draft.edges[e, 1]
        rows[place[a]] = b
        place[a] += 1
        rows[place[b]] = a
        place[b] += 1
    for i in range(n):
        place[i] = offsets[i]
    for i in range(n):  # users taken in order arrive in order in each neighbour's row
        for k in range(offsets[i], offsets[i + 1]):
            j = rows[k]
            neighbours[place[j]] = i
            place[j] += 1


@builder
def tie_all(draft: Draft, edges: Any) -> None:
    """Tie the pairs that are not tied yet."""
    for e in range(len(edges)):
        tie(draft, edges[e, 0], edges[e, 1])
