"""Drawing networks: random, small-world, complete, and heavy-tailed."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sim.compiled import builder
from sim.network.heavy_tailed import TRIES, heavy_tailed, plan_degrees
from sim.network.ties import (
    Draft,
    Network,
    below,
    complete_at_random,
    draw_bits,
    fraction,
    network_of,
    require,
    start_draft,
    tie,
)
from sim.parameters import Topology

LARGEST_COMPLETE = 5_000  # users; 25 million neighbours, 100 MB
LARGEST_TIES = 2**30  # whose ends are counted in 32 bits; 8 GB


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

    Parameters
    ----------
    topology
        Any but `Topology.EDGE_LIST`.
    n
        Users.
    mean_degree
        Neighbours per user, 0 to n − 1.
    tail
        Power-law exponent of the degrees (heavy-tailed), kept closely.
    clustering
        Mean local clustering, 0 to 0.5 (heavy-tailed), kept closely, but not below that of chance.
    rewiring
        Share of the ties that are redrawn (small-world).
    seed
        A whole number from 0, from which all luck follows.

    Raises
    ------
    ValueError
        Where `require_drawable` raises it.

    Examples
    --------
    >>> network = generate("small_world", 5, 2, tail=2.7, clustering=0.1, rewiring=0, seed=7)
    >>> network.neighbours.reshape(5, 2).tolist()
    [[1, 4], [0, 2], [1, 3], [2, 4], [0, 3]]
    """
    topology, n, seed = Topology(topology), operator.index(n), operator.index(seed)
    require_drawable(topology, n, mean_degree, tail, clustering, rewiring)
    require(seed >= 0, "seed", seed, "a whole number from 0")
    edges, start = round(n * mean_degree / 2), np.uint64(seed % 2**64)
    if topology is Topology.COMPLETE:
        everyone = np.broadcast_to(np.arange(n, dtype=np.int32), (n, n))
        return Network(np.arange(n + 1) * (n - 1), everyone[~np.eye(n, dtype=bool)])
    if topology is Topology.SMALL_WORLD:
        return small_world(n, edges, float(rewiring), start)
    if topology is Topology.RANDOM:
        return random(n, edges, start)
    return heavy_tailed(n, edges, float(tail), float(clustering), start)


def require_drawable(
    topology: Topology, n: int, mean_degree: float, tail: float, clustering: float, rewiring: float
) -> None:
    """Refuse what `generate` cannot draw, without drawing it.

    Raises
    ------
    ValueError
        Naming the argument, its value and what it should be.
    """
    if topology is Topology.EDGE_LIST:
        raise ValueError("topology = edge_list is not drawn: use read_edge_list and from_edges")
    require(1 <= n < 2**31, "n", n, "1 to 2147483647 users")
    if topology is Topology.COMPLETE:
        few = f"at most {LARGEST_COMPLETE} users in a complete network, where all are tied to all"
        return require(n <= LARGEST_COMPLETE, "n", n, few)
    once = f"0 to n − 1 = {n - 1}, as a user is tied to each other user at most once"
    require(0 <= mean_degree <= n - 1, "mean_degree", mean_degree, once)
    edges = round(n * mean_degree / 2)
    few = f"at most {2 * LARGEST_TIES / n:g} with n = {n}: no more than {LARGEST_TIES} ties"
    require(edges <= LARGEST_TIES, "mean_degree", mean_degree, few)
    if topology is Topology.SMALL_WORLD:
        require(0 <= rewiring <= 1, "rewiring", rewiring, "a share, 0 to 1")
    if topology is Topology.HEAVY_TAILED:
        require(2 < tail <= 10, "tail", tail, "above 2, for a finite mean degree, and at most 10")
        require(0 <= clustering <= 0.5, "clustering", clustering, "0 to 0.5")
        plan_degrees(n, edges, float(tail), float(clustering))


def random(n: int, edges: int, seed: np.uint64) -> Network:
    """Return any network of so many ties, all equally likely (Erdős & Rényi 1959)."""
    draft = start_draft(edges, seed)
    complete_at_random(draft, n)
    return network_of(n, draft)


def small_world(n: int, edges: int, rewiring: float, seed: np.uint64) -> Network:
    """Return a ring with some ties redrawn at one end (Watts & Strogatz 1998, doi:10.1038/30918).

    Tie e joins a user to the one ⌊e / n⌋ + 1 places on; a last, incomplete round (if half the mean
    degree is not whole) is spread evenly. Ties that stay are placed before those redrawn.
    """
    draft = start_draft(edges, seed)
    _lay_ring(draft, n, rewiring, np.empty(edges, np.int32))
    complete_at_random(draft, n)
    return network_of(n, draft)


@builder
def _lay_ring(draft: Draft, n: Any, rewiring: Any, redrawn: Any) -> None:
    edges = redrawn.size
    moved = 0
    for e in range(edges):
        user = (e % n) * n // min(n, edges - e // n * n)
        if fraction(draw_bits(draft.random)) < rewiring:
            redrawn[moved] = user
            moved += 1
        else:
            tie(draft, user, (user + e // n + 1) % n)
    for k in range(moved):
        for _ in range(TRIES):
            if tie(draft, np.int64(redrawn[k]), below(draw_bits(draft.random), n)):
                break
