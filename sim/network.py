"""Who is tied to whom: drawing, reading and measuring the social network of the users.

Networks are simple and undirected (no self-ties, no double ties) and depend on the arguments alone.
"""

from __future__ import annotations

import logging
import math
import operator
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import builder
from sim.parameters import Topology
from sim.randomness import Stream, key, mix, word

LARGEST_COMPLETE = 5_000  # users; 25 million neighbours, 100 MB
EXACT_CLUSTERING = 10_000  # users; of a larger network, `describe` samples as many
LARGEST_GROUP = 50  # members
TRIES = 64  # partners tried for one end of a tie before it is given up

_STREAM = np.uint64(Stream.NETWORK)
_RANKS, _DUE, _MEMBERS, _PARTNERS, _MENDING = np.arange(5, dtype=np.uint64)  # luck for what
_STEP, _HASH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_ZERO, _ONE, _S11, _S32 = np.uint64(0), np.uint64(1), np.uint64(11), np.uint64(32)
_UNIT53 = 2.0**-53
_log = logging.getLogger(__name__)


class Network(NamedTuple):
    """Neighbours in rows: user i's are ``neighbours[offsets[i]:offsets[i + 1]]``, ascending."""

    offsets: np.ndarray  # int64, (n + 1,), where each user's neighbours start
    neighbours: np.ndarray  # int32, (2 × edges,), neighbours of every user, one after another


class Description(NamedTuple):
    """What a network turned out to be."""

    mean_degree: float  # neighbours per user
    max_degree: int  # neighbours of the best-connected user
    tail: float  # exponent of the degree distribution, see `tail_exponent`
    clustering: float  # mean over users of the share of their pairs of neighbours that are tied
    isolated: int  # users without neighbours


class _Wiring(NamedTuple):
    """A network of given degrees being laid; a row has room for its user's degree."""

    offsets: np.ndarray  # int64, (n + 1,), where each user's row starts
    filled: np.ndarray  # int64, (n,), where each user's row ends so far
    rows: np.ndarray  # int32, (2 × edges,), neighbours as they came
    sorted_rows: np.ndarray  # int32, (2 × edges,), neighbours in order
    ends: np.ndarray  # int32, (2 × edges,), ties laid at random, one end beside the other
    free: np.ndarray  # int32, (n,), ties a user has left to make


class _Draft(NamedTuple):
    """A network being drawn: the ties in the order they came, and a set that refuses doubles."""

    edges: np.ndarray  # int32, (edges, 2)
    made: np.ndarray  # int64, (1,), ties so far
    seen: np.ndarray  # uint64, (about 1.5 × edges,), open-addressing hash set of ties; 0 is free
    random: np.ndarray  # uint64, (1,), state of the generator


def generate(
    topology: Topology,
    n: int,
    mean_degree: float,
    tail: float,
    clustering: float,
    rewiring: float,
    seed: int,
) -> Network:
    """Draw a network of n users; what the topology does not use is not looked at.

    ``mean_degree`` is in neighbours, 0 to n − 1; ``tail`` the power-law exponent of degrees and
    ``clustering`` the mean local clustering, 0 to 0.5 (heavy-tailed), both kept closely except that
    clustering is not below that of chance; ``rewiring`` the share of ties redrawn (small-world).
    """
    topology, n, seed = Topology(topology), operator.index(n), operator.index(seed)
    if topology is Topology.EDGE_LIST:
        raise ValueError("topology = edge_list is not drawn: use read_edge_list and from_edges")
    _require(1 <= n < 2**31, "n", n, "1 to 2147483647 users")
    _require(seed >= 0, "seed", seed, "a whole number from 0")
    if topology is Topology.COMPLETE:
        few = f"at most {LARGEST_COMPLETE} users in a complete network, where all are tied to all"
        _require(n <= LARGEST_COMPLETE, "n", n, few)
        everyone = np.broadcast_to(np.arange(n, dtype=np.int32), (n, n))
        return Network(np.arange(n + 1) * (n - 1), everyone[~np.eye(n, dtype=bool)])
    once = f"0 to n − 1 = {n - 1}, as a user is tied to each other user at most once"
    _require(0 <= mean_degree <= n - 1, "mean_degree", mean_degree, once)
    edges, start = round(n * mean_degree / 2), np.uint64(seed % 2**64)
    if topology is Topology.SMALL_WORLD:
        _require(0 <= rewiring <= 1, "rewiring", rewiring, "a share, 0 to 1")
        return _small_world(n, edges, float(rewiring), start)
    if topology is Topology.RANDOM:
        return _random(n, edges, start)
    _require(2 < tail <= 10, "tail", tail, "above 2, for a finite mean degree, and at most 10")
    _require(0 <= clustering <= 0.5, "clustering", clustering, "0 to 0.5")
    return _heavy_tailed(n, edges, float(tail), float(clustering), start)


def from_edges(n: int, edges: np.ndarray) -> Network:
    """Return the network of users 0 to n − 1 with these ties, whole numbers, (ties, 2).

    Doubles, also in the other direction, and self-ties are dropped.
    """
    edges, n = np.asarray(edges), operator.index(n)
    _require(1 <= n < 2**31, "n", n, "1 to 2147483647 users")
    if edges.ndim != 2 or edges.shape[1] != 2 or not np.issubdtype(edges.dtype, np.integer):
        found = f"{edges.dtype}, {edges.shape}"
        raise ValueError(f"edges is {found}: it should be whole numbers, (ties, 2)")
    if len(edges) and not 0 <= edges.min() <= edges.max() < n:
        found = f"users {edges.min()} to {edges.max()}"
        raise ValueError(f"edges names {found}: it should name users 0 to n − 1 = {n - 1}")
    draft = _start(len(edges), np.uint64(0))
    _tie_all(draft, np.ascontiguousarray(edges, np.int64))
    return _rows(n, draft)


def read_edge_list(path: str | Path) -> tuple[int, np.ndarray]:
    """Return the number of users and the ties, int32, (ties, 2), of a file as SNAP has them.

    Two ids a line; what follows '#' is a comment. Users are numbered from 0 in the order of their
    ids. Doubles, also in the other direction, and self-ties are dropped, and counted in the log.
    """
    ids = array("q")
    form = "it should be two whole numbers from 0, parted by a space or a tab, as in '12 345'"
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                fields = line.partition("#")[0].split()
                if not fields:
                    continue
                if len(fields) != 2 or not all(f.isdecimal() and len(f) < 19 for f in fields):
                    raise ValueError(f"{path}, line {number}: {line.strip()[:60]!r}: {form}")
                ids.extend(map(int, fields))
    except OSError as error:
        reason = error.strerror or error
        raise ValueError(f"{path}: {reason}: it should be a text file, two ids a line") from error
    if not ids:
        raise ValueError(f"{path}: no ties: it should have two ids a line, as in '12 345'")
    users, numbers = np.unique(np.frombuffer(ids, np.int64), return_inverse=True)
    low, high = np.sort(numbers.reshape(-1, 2), axis=1).T
    kept = np.unique((low * len(users) + high)[low != high])
    loops = int((low == high).sum())
    doubles = len(low) - loops - len(kept)
    if doubles or loops:
        _log.info("%s: dropped %d double ties and %d self-ties", path, doubles, loops)
    return len(users), np.stack(np.divmod(kept, len(users)), axis=1).astype(np.int32)


def describe(network: Network, seed: int = 0) -> Description:
    """Measure a network; in one above EXACT_CLUSTERING users, clustering on as many draws of users.

    The draws are with replacement and follow ``seed``; the standard error is below 0.005.
    """
    degrees = np.diff(network.offsets)
    users = np.arange(len(degrees))
    if len(users) > EXACT_CLUSTERING:
        users = np.random.default_rng(seed).integers(len(users), size=EXACT_CLUSTERING)
    return Description(
        mean_degree=float(degrees.mean()),
        max_degree=int(degrees.max()),
        tail=tail_exponent(degrees),
        clustering=float(_local_clustering(*network, users).mean()),
        isolated=int((degrees == 0).sum()),
    )


def tail_exponent(degrees: np.ndarray) -> float:
    """Return the maximum-likelihood exponent of a power law through degrees ≥ their median.

    1 + N / Σ ln(k / (k_min − ½)), k_min the median (Clauset, Shalizi & Newman 2009, eq. 3.7,
    doi:10.1137/070710111). It knows of no cut, so it reads up to 0.3 high in small networks.
    """
    least = max(1.0, float(np.median(degrees)))
    upper = degrees[degrees >= least]
    return 1 + len(upper) / float(np.log(upper / (least - 0.5)).sum()) if len(upper) else math.nan


def _require(holds: bool, name: str, value: float, right: str) -> None:
    if not holds:
        raise ValueError(f"{name} = {value}: it should be {right}")


@builder
def _share(bits: Any) -> Any:
    """Return a number in [0, 1) from 64 random bits."""
    return float(bits >> _S11) * _UNIT53


@builder
def _below(bits: Any, bound: Any) -> Any:
    """Return one of 0 … bound − 1 by 64 random bits."""
    return np.int64(_share(bits) * bound)


@builder
def _shuffle(values: Any, luck: Any) -> None:
    for i in range(values.size - 1, 0, -1):
        j = _below(word(luck, i), i + 1)
        values[i], values[j] = values[j], values[i]


@builder
def _draw(state: Any) -> Any:
    """Return the next 64 random bits, by SplitMix64."""
    state[0] += _STEP
    return mix(state[0])


def _start(edges: int, seed: np.uint64) -> _Draft:
    return _Draft(
        edges=np.empty((edges, 2), np.int32),
        made=np.zeros(1, np.int64),
        seen=np.zeros(edges + edges // 2 + 8, np.uint64),
        random=np.full(1, seed, np.uint64),
    )


@builder
def _tie(draft: _Draft, a: Any, b: Any) -> Any:
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
def _complete_at_random(draft: _Draft, n: Any) -> None:
    """Tie pairs at random until the draft has all its ties."""
    while draft.made[0] < len(draft.edges):
        _tie(draft, _below(_draw(draft.random), n), _below(_draw(draft.random), n))


def _rows(n: int, draft: _Draft) -> Network:
    """Return the network of a draft's ties."""
    ends = 2 * int(draft.made[0])
    network = Network(np.zeros(n + 1, np.int64), np.empty(ends, np.int32))
    _sort_ties(draft, *network, np.empty(ends, np.int32), np.empty(n, np.int64))
    return network


@builder
def _sort_ties(draft: _Draft, offsets: Any, neighbours: Any, rows: Any, place: Any) -> None:
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
def _tie_all(draft: _Draft, edges: Any) -> None:
    """Tie the pairs that are not tied yet."""
    for e in range(len(edges)):
        _tie(draft, edges[e, 0], edges[e, 1])


def _random(n: int, edges: int, seed: np.uint64) -> Network:
    """Return any network of so many ties, all equally likely (Erdős & Rényi 1959)."""
    draft = _start(edges, seed)
    _complete_at_random(draft, n)
    return _rows(n, draft)


def _small_world(n: int, edges: int, rewiring: float, seed: np.uint64) -> Network:
    """Return a ring with some ties redrawn at one end (Watts & Strogatz 1998, doi:10.1038/30918).

    Tie e joins a user to the one ⌊e / n⌋ + 1 places on; a last, incomplete round (if half the mean
    degree is not whole) is spread evenly. Ties that stay are placed before those redrawn.
    """
    draft = _start(edges, seed)
    _lay_ring(draft, n, rewiring, np.empty(edges, np.int32))
    _complete_at_random(draft, n)
    return _rows(n, draft)


@builder
def _lay_ring(draft: _Draft, n: Any, rewiring: Any, redrawn: Any) -> None:
    edges = redrawn.size
    moved = 0
    for e in range(edges):
        user = (e % n) * n // min(n, edges - e // n * n)
        if _share(_draw(draft.random)) < rewiring:
            redrawn[moved] = user
            moved += 1
        else:
            _tie(draft, user, (user + e // n + 1) % n)
    for k in range(moved):
        for _ in range(TRIES):
            if _tie(draft, np.int64(redrawn[k]), _below(_draw(draft.random), n)):
                break


@builder
def _power_law_degrees(edges: Any, tail: Any, weights: Any, degrees: Any) -> None:
    """Fill in ascending degrees, 2 × edges together: the quantiles of a power law p(k) ∝ k^−tail.

    The law is cut at √(n · mean), above which random wiring cannot avoid double ties (Catanzaro,
    Boguñá & Pastor-Satorras 2005, doi:10.1103/PhysRevE.71.027103), or twice the mean in a dense
    network; its lower end follows from the mean. Fractions are carried over to the next user.
    """
    n = degrees.size
    mean = 2 * edges / n
    cut = min(n - 1.0, max(math.sqrt(n * mean), 2 * mean))
    low, high = 1e-9, 1.0  # lower end of the law ÷ cut
    for _ in range(50):
        middle = (low + high) / 2
        ratio = (middle ** (2 - tail) - 1) / (middle ** (1 - tail) - 1) * (tail - 1) / (tail - 2)
        if ratio * cut > mean:
            high = middle
        else:
            low = middle
    below, power = 1 - low ** (tail - 1), -1 / (tail - 1)
    sum_of_weights = 0.0
    for i in range(n):
        weights[i] = (1 - (i + 0.5) / n * below) ** power
        sum_of_weights += weights[i]
    total, given = 0.5, 0
    for i in range(n):
        total += weights[i] * (2 * edges / sum_of_weights)
        degrees[i] = min(n - 1, int(total) - given)
        given = int(total)


@builder
def _room(degree: Any, size: Any) -> Any:
    """Return how many groups of a size a user can join and keep a tie to the outside."""
    return (degree - 1) // (size - 1)


@builder
def _plan_groups(count: Any, clustering: Any) -> Any:
    """Return size of groups, share of the room for groups to use, and the clustering expected.

    ``count`` is the number of users of each degree. Of the k (k − 1) pairs of neighbours of a user
    with m groups of s, m (s − 1)(s − 2) are tied by them, and of the others a share
    c₀ = (⟨k²⟩/⟨k⟩ − 1)² / (n ⟨k⟩) by chance (Newman 2003, doi:10.1137/S003614450342480). The
    smallest size that suffices is taken, or else the one that comes nearest.
    """
    users = ends = squares = 0
    for degree in range(count.size):
        users += count[degree]
        ends += degree * count[degree]
        squares += degree * degree * count[degree]
    chance = 0.0
    if ends > 0:
        chance = (squares / ends - 1) ** 2 / ends
    group, share, reached = 2, 0.0, chance
    for limit in range(3, min(count.size, LARGEST_GROUP + 1)):
        full = 0.0  # share of pairs tied by groups if all room is used
        for degree in range(3, count.size):
            if count[degree] > 0:
                size = min(limit, degree)
                pairs = _room(degree, size) * (size - 1) * (size - 2) / (degree * (degree - 1))
                full += count[degree] * pairs
        full /= users
        part = min(1.0, max(0.0, (clustering - chance) / (1 - chance)) / full)
        if chance + (1 - chance) * part * full > reached:
            group, share, reached = limit, part, chance + (1 - chance) * part * full
        if part < 1.0:
            break
    return group, share, reached


@lru_cache(maxsize=4)
def _plan(n: int, edges: int, tail: float, clustering: float) -> tuple[np.ndarray, int, float]:
    """Return ascending degrees, int32, (n,), the size of groups and the share of room for them."""
    degrees = np.empty(n, np.int32)
    _power_law_degrees(edges, tail, np.empty(n), degrees)
    size, share, reached = _plan_groups(np.bincount(degrees), clustering)
    room = (
        f"at most {reached:.2f} with n = {n}, mean_degree = {2 * edges / n:g}, tail = {tail}, "
        "where many users have too few neighbours for more; or raise mean_degree or tail"
    )
    _require(clustering <= reached + 0.02 or edges == 0, "clustering", clustering, room)
    return degrees, size, share


def _heavy_tailed(n: int, edges: int, tail: float, clustering: float, seed: np.uint64) -> Network:
    """Return a random wiring of power-law degrees, part of them used in groups of mutual ties.

    A configuration model with cliques (Newman 2009, doi:10.1103/PhysRevLett.103.058701; Gleeson
    2009, doi:10.1103/PhysRevE.80.036107). Ties are laid blindly, into rows that have room for each
    user's degree; double ties and self-ties are then exchanged with ties laid at random
    (Maslov & Sneppen 2002, doi:10.1126/science.1065103), which keeps the degrees.
    """
    degrees, size, share = _plan(n, edges, tail, clustering)
    wiring = _Wiring(
        offsets=np.empty(n + 1, np.int64),
        filled=np.empty(n, np.int64),
        rows=np.empty(2 * edges, np.int32),
        sorted_rows=np.empty(2 * edges, np.int32),
        ends=np.empty(2 * edges, np.int32),
        free=np.empty(n, np.int32),
    )
    users = np.arange(n, dtype=np.int32)  # (n,), who has the degree of that rank
    laid = _lay_ties(wiring, users, degrees, size, share, seed)
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
    draft = _start(edges, seed)
    _tie_all(draft, ties[filled_in & (ties[:, 0] < ties[:, 1])])
    _complete_at_random(draft, n)
    return _rows(n, draft)


@builder
def _append(wiring: _Wiring, a: Any, b: Any) -> None:
    """Tie a and b, whether they are or not."""
    wiring.rows[wiring.filled[a]] = b
    wiring.filled[a] += 1
    wiring.rows[wiring.filled[b]] = a
    wiring.filled[b] += 1


@builder
def _lay_ties(wiring: _Wiring, users: Any, degrees: Any, size: Any, share: Any, seed: Any) -> Any:
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
    due = _share(key(seed, _STREAM, _DUE))
    for rank in range(n):
        degree = np.int64(degrees[rank])
        if degree >= 3:
            due += share * _room(degree, min(size, degree))
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
        other = _below(word(luck, left), left + 1)
        partner = wiring.ends[other]
        wiring.ends[other] = wiring.ends[left]
        wiring.ends[left] = partner
        _append(wiring, wiring.ends[left + 1], partner)
    return laid


@builder
def _sort_rows(wiring: _Wiring) -> Any:
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
def _place(wiring: _Wiring, a: Any, b: Any) -> Any:
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
def _tied(wiring: _Wiring, a: Any, b: Any) -> Any:
    """Return whether a is b or tied to b."""
    place = _place(wiring, a, b)
    return a == b or (place < wiring.filled[a] and wiring.sorted_rows[place] == b)


@builder
def _insert(wiring: _Wiring, a: Any, b: Any) -> None:
    """Put b into a's row, which has room."""
    place = _place(wiring, a, b)
    for k in range(wiring.filled[a], place, -1):
        wiring.sorted_rows[k] = wiring.sorted_rows[k - 1]
    wiring.sorted_rows[place] = b
    wiring.filled[a] += 1


@builder
def _remove(wiring: _Wiring, a: Any, b: Any) -> None:
    """Take b out of a's row."""
    wiring.filled[a] -= 1
    for k in range(_place(wiring, a, b), wiring.filled[a]):
        wiring.sorted_rows[k] = wiring.sorted_rows[k + 1]


@builder
def _mend(wiring: _Wiring, laid: Any, lost: Any, seed: Any) -> Any:
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
            pick = _below(word(luck, drawn), laid)
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


@builder
def _local_clustering(offsets: Any, neighbours: Any, users: Any) -> Any:
    """Return the share of these users' pairs of neighbours that are tied; 0 for fewer than two."""
    result = np.zeros(len(users))
    marked = np.full(len(offsets) - 1, -1)
    for i in range(len(users)):
        mine = neighbours[offsets[users[i]] : offsets[users[i] + 1]]
        for j in mine:
            marked[j] = i
        tied = 0
        for j in mine:
            for h in neighbours[offsets[j] : offsets[j + 1]]:
                tied += marked[h] == i
        result[i] = tied / max(1, len(mine) * (len(mine) - 1))
    return result
