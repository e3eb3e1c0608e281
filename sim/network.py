"""Who is tied to whom: drawing, reading and measuring the social network of the users.

Networks are simple and undirected (no self-ties, no double ties) and depend on the arguments alone.
"""

from __future__ import annotations

import logging
import math
import operator
from array import array
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import routine
from sim.parameters import Topology
from sim.randomness import Stream, key, mix

LARGEST_COMPLETE = 5_000  # users; 25 million neighbours, 100 MB
EXACT_CLUSTERING = 10_000  # users; of a larger network, `describe` samples as many
LARGEST_GROUP = 50  # members
TRIES = 64  # partners tried for one end of a tie before it is given up

_STREAM = int(Stream.NETWORK)
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
        return Network(*_small_world(n, edges, float(rewiring), start))
    if topology is Topology.RANDOM:
        return Network(*_random(n, edges, start))
    _require(2 < tail <= 10, "tail", tail, "above 2, for a finite mean degree, and at most 10")
    _require(0 <= clustering <= 0.5, "clustering", clustering, "0 to 0.5")
    degrees = _power_law_degrees(n, edges, float(tail))
    size, share, reached = _plan_groups(np.bincount(degrees), float(clustering))
    room = (
        f"at most {reached:.2f} with n = {n}, mean_degree = {mean_degree}, tail = {tail}, where "
        "many users have too few neighbours for more; or raise mean_degree or tail"
    )
    _require(clustering <= reached + 0.02 or edges == 0, "clustering", clustering, room)
    return Network(*_heavy_tailed(degrees, edges, size, share, start))


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
    return Network(*_from_edges(n, np.ascontiguousarray(edges, np.int32)))


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


@routine
def _chance(state: Any) -> Any:
    """Return the next draw from [0, 1), by SplitMix64."""
    state[0] += _STEP
    return float(mix(state[0]) >> _S11) * _UNIT53


@routine
def _below(state: Any, bound: Any) -> Any:
    """Return the next draw from 0 … bound − 1."""
    return np.int64(_chance(state) * bound)


@routine
def _shuffle(values: Any, state: Any) -> None:
    for i in range(len(values) - 1, 0, -1):
        j = _below(state, i + 1)
        values[i], values[j] = values[j], values[i]


@routine
def _start(edges: Any, seed: Any) -> _Draft:
    seen = np.zeros(edges + edges // 2 + 8, np.uint64)
    state = np.full(1, key(seed, _STREAM, 0), np.uint64)
    return _Draft(np.empty((edges, 2), np.int32), np.zeros(1, np.int64), seen, state)


@routine
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


@routine
def _complete_at_random(draft: _Draft, n: Any) -> None:
    """Tie pairs at random until the draft has all its ties."""
    while draft.made[0] < len(draft.edges):
        _tie(draft, _below(draft.random, n), _below(draft.random, n))


@routine
def _rows(n: Any, edges: Any) -> Any:
    """Return offsets and ascending neighbours of distinct ties, by two counting sorts."""
    offsets = np.zeros(n + 1, np.int64)
    for e in range(len(edges)):
        offsets[edges[e, 0] + 1] += 1
        offsets[edges[e, 1] + 1] += 1
    for i in range(n):
        offsets[i + 1] += offsets[i]
    unsorted = np.empty(offsets[n], np.int32)
    place = offsets[:-1].copy()
    for e in range(len(edges)):
        a, b = edges[e, 0], edges[e, 1]
        unsorted[place[a]] = b
        place[a] += 1
        unsorted[place[b]] = a
        place[b] += 1
    neighbours = np.empty(offsets[n], np.int32)
    place = offsets[:-1].copy()
    for i in range(n):  # users taken in order arrive in order in each neighbour's row
        for j in unsorted[offsets[i] : offsets[i + 1]]:
            neighbours[place[j]] = i
            place[j] += 1
    return offsets, neighbours


@routine
def _from_edges(n: Any, edges: Any) -> Any:
    draft = _start(len(edges), 0)
    for e in range(len(edges)):
        _tie(draft, edges[e, 0], edges[e, 1])
    return _rows(n, draft.edges[: draft.made[0]])


@routine
def _random(n: Any, edges: Any, seed: Any) -> Any:
    """Return any network of so many ties, all equally likely (Erdős & Rényi 1959)."""
    draft = _start(edges, seed)
    _complete_at_random(draft, n)
    return _rows(n, draft.edges)


@routine
def _small_world(n: Any, edges: Any, rewiring: Any, seed: Any) -> Any:
    """Return a ring with some ties redrawn at one end (Watts & Strogatz 1998, doi:10.1038/30918).

    Tie e joins a user to the one ⌊e / n⌋ + 1 places on; a last, incomplete round (if half the mean
    degree is not whole) is spread evenly. Ties that stay are placed before those redrawn.
    """
    draft = _start(edges, seed)
    redrawn = np.empty(edges, np.int32)
    moved = 0
    for e in range(edges):
        user = (e % n) * n // min(n, edges - e // n * n)
        if _chance(draft.random) < rewiring:
            redrawn[moved] = user
            moved += 1
        else:
            _tie(draft, user, (user + e // n + 1) % n)
    for user in redrawn[:moved]:
        for _ in range(TRIES):
            if _tie(draft, user, _below(draft.random, n)):
                break
    _complete_at_random(draft, n)
    return _rows(n, draft.edges)


@routine
def _power_law_degrees(n: Any, edges: Any, tail: Any) -> Any:
    """Return ascending degrees, 2 × edges together: the quantiles of a power law p(k) ∝ k^−tail.

    The law is cut at √(n · mean), above which random wiring cannot avoid double ties (Catanzaro,
    Boguñá & Pastor-Satorras 2005, doi:10.1103/PhysRevE.71.027103), or twice the mean in a dense
    network; its lower end follows from the mean. Fractions are carried over to the next user.
    """
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
    weights = np.empty(n)
    for i in range(n):
        above = 1 - (i + 0.5) / n * (1 - low ** (tail - 1))
        weights[i] = low * above ** (-1 / (tail - 1))
    weights *= 2 * edges / weights.sum()
    degrees = np.empty(n, np.int64)
    total, given = 0.5, 0
    for i in range(n):
        total += weights[i]
        degrees[i] = min(n - 1, int(total) - given)
        given = int(total)
    return degrees


@routine
def _room(degree: Any, size: Any) -> Any:
    """Return how many groups of a size a user can join and keep a tie to the outside."""
    return (degree - 1) // (size - 1)


@routine
def _plan_groups(count: Any, clustering: Any) -> Any:
    """Return size of groups, share of the room for groups to use, and the clustering expected.

    ``count`` is the number of users of each degree. Of the k (k − 1) pairs of neighbours of a user
    with m groups of s, m (s − 1)(s − 2) are tied by them, and of the others a share
    c₀ = (⟨k²⟩/⟨k⟩ − 1)² / (n ⟨k⟩) by chance (Newman 2003, doi:10.1137/S003614450342480). The
    smallest size that suffices is taken, or else the one that comes nearest.
    """
    k = np.arange(len(count))
    ends = max(1, (k * count).sum())
    chance = ((k * k * count).sum() / ends - 1) ** 2 / ends
    best = 2, 0.0, chance
    for limit in range(3, min(len(count), LARGEST_GROUP + 1)):
        full = 0.0  # share of pairs tied by groups if all room is used
        for degree in range(3, len(count)):
            size = min(limit, degree)
            pairs = _room(degree, size) * (size - 1) * (size - 2) / (degree * (degree - 1))
            full += count[degree] / count.sum() * pairs
        share = min(1.0, max(0.0, (clustering - chance) / (1 - chance)) / full)
        reached = chance + (1 - chance) * share * full
        if reached > best[2]:
            best = limit, share, reached
        if share < 1.0:
            break
    return best


@routine
def _heavy_tailed(degrees: Any, edges: Any, size: Any, share: Any, seed: Any) -> Any:
    """Return a random wiring of given degrees, part of them used in groups of mutual ties.

    A configuration model with cliques (Newman 2009, doi:10.1103/PhysRevLett.103.058701; Gleeson
    2009, doi:10.1103/PhysRevE.80.036107). Users with fewer neighbours than ``size`` meet their like
    in one smaller group; the others are put into groups at random, the more the more neighbours
    they have, so that clustering falls with degree.
    """
    n = len(degrees)
    draft = _start(edges, seed)
    users = np.arange(n).astype(np.int32)  # (n,), who has the degree of that rank
    _shuffle(users, draft.random)
    members = np.empty(n + edges, np.int32)  # ranks, a group after another
    joined, alike = 0, 0
    due = _chance(draft.random)
    for rank in range(n):
        if degrees[rank] >= 3:
            due += share * _room(degrees[rank], min(size, degrees[rank]))
        while due >= 1:
            due -= 1
            members[joined] = rank
            joined += 1
        if degrees[rank] < size:
            alike = joined
    _shuffle(members[alike:joined], draft.random)
    free = degrees.copy()  # (n,), by rank, ties left to make
    first = 0
    while first < joined:
        last = min(joined, first + min(size, degrees[members[first]]))
        for x in range(first, last):
            for y in range(x + 1, last):
                if _tie(draft, users[members[x]], users[members[y]]):
                    free[members[x]] -= 1
                    free[members[y]] -= 1
        first = last
    ends = np.empty(free.sum(), np.int32)  # users, each as often as ties are left to make
    left = 0
    for rank in range(n):
        for _ in range(free[rank]):
            ends[left] = users[rank]
            left += 1
    while left > 1 and draft.made[0] < edges:
        left -= 1
        for _ in range(TRIES):
            other = _below(draft.random, left)
            if _tie(draft, ends[left], ends[other]):
                left -= 1
                ends[other] = ends[left]
                break
    _complete_at_random(draft, n)
    return _rows(n, draft.edges)


@routine
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
