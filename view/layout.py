"""Where users are drawn: by communities, each a disc, near the others that it is tied to."""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx
import numpy as np
from numba import njit
from scipy.sparse import csr_array

from sim.network import Network

FEWEST = 0.01  # share of the users; those of smaller communities are drawn together
ROUNDS, PULLED = 400, 300  # of laying discs beside each other; those with a pull to the middle
ASPECT = 1.5  # width of the picture over its height
GAP = 0.08  # between discs, over the radius of a mean one
GOLDEN = np.pi * (3 - np.sqrt(5))  # the angle from seed to seed in a sunflower
RING = 24  # users who are about as far from the middle
LEAST_GAIN = 1e-9  # in modularity


class Layout(NamedTuple):
    """Where users and their communities are drawn, in the unit square."""

    at: np.ndarray  # of each user, float32, (n, 2)
    community: np.ndarray  # of each user, uint8, (n,); 0 is the largest
    discs: np.ndarray  # of each community: centre, half the width, half the height, float32, (k, 4)


def lay_out(network: Network, seed: int = 0) -> Layout:
    """Return where users are drawn: in the disc of their community, the best tied in its middle.

    Users as well tied as each other are turned to where their ties to other communities lead.

    Parameters
    ----------
    network
        The ties.
    seed
        Of the little luck there is; the same seed gives the same picture.
    """
    community, ties = communities(network, seed), _matrix(network)
    size = np.bincount(community)
    radius = np.sqrt(size)
    centre = _beside_each_other(radius, _ties_between(ties, community).toarray(), seed)
    low, high = (centre - radius[:, None]).min(axis=0), (centre + radius[:, None]).max(axis=0)
    discs = np.hstack([(centre - low) / (high - low), radius[:, None] / (high - low)])
    at, degree = centre[community], np.diff(network.offsets)
    pull = ties @ at - degree[:, None] * at
    for number, members in enumerate(size):
        inside = np.flatnonzero(community == number)
        inside = inside[np.argsort(-degree[inside], kind="stable")]
        ring = np.arange(members) // RING
        angle = (GOLDEN * np.arange(members)) % (2 * np.pi)
        away = 0.95 * np.sqrt((np.arange(members) + 0.5) / members)
        spots = np.lexsort([angle, ring])
        users = inside[np.lexsort([np.arctan2(*pull[inside].T[::-1]) % (2 * np.pi), ring])]
        turn = np.column_stack([np.cos(angle), np.sin(angle)])
        at[users] = discs[number, :2] + discs[number, 2:] * (away[:, None] * turn)[spots]
    return Layout(at.astype(np.float32), community, discs.astype(np.float32))


def communities(network: Network, seed: int = 0) -> np.ndarray:
    """Return each user's community, the largest first, uint8, (n,).

    They are those of the Louvain method (Blondel et al. 2008,
    doi:10.1088/1742-5468/2008/10/P10008), which groups users so that as many ties as possible are
    within groups, beyond what luck would give. Small ones count as one, the last.
    """
    ties, random = _matrix(network), np.random.default_rng(seed)
    found = np.arange(ties.shape[0])
    while True:
        order = random.permutation(ties.shape[0])
        groups = _moved(order, ties.indptr, ties.indices, ties.data)
        moved = np.unique(groups, return_inverse=True)[1]
        if moved.max() + 1 == ties.shape[0]:
            break
        found, ties = moved[found], _ties_between(ties, moved)
    size = np.bincount(found)
    order = np.argsort(-size, kind="stable")
    rank = np.empty(size.size, dtype=np.uint8)
    rank[order] = np.minimum(np.arange(size.size), np.sum(size >= FEWEST * len(found)))
    return rank[found]


def _matrix(network: Network) -> csr_array:
    n = len(network.offsets) - 1
    ones = np.ones(len(network.neighbours))
    return csr_array((ones, network.neighbours, network.offsets), shape=(n, n))


def _ties_between(ties: csr_array, community: np.ndarray) -> csr_array:
    """Return the numbers of ties within and between communities."""
    n = len(community)
    member = csr_array((np.ones(n), (np.arange(n), community)))
    return csr_array(member.T @ ties @ member)


@njit(cache=True)
def _moved(
    order: np.ndarray, offsets: np.ndarray, neighbours: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Return groups after each node joined, as often as it helps, that of the best neighbour."""
    n = offsets.size - 1
    group = np.arange(n)
    degree = np.zeros(n)
    for i in range(n):
        degree[i] = weights[offsets[i] : offsets[i + 1]].sum()
    total, whole = degree.copy(), degree.sum()
    links = np.zeros(n)  # of the node at hand, to each group
    changed = True
    while changed:
        changed = False
        for i in order:
            for k in range(offsets[i], offsets[i + 1]):
                if neighbours[k] != i:
                    links[group[neighbours[k]]] += weights[k]
            own = best = group[i]
            total[own] -= degree[i]
            gain = links[own] - total[own] * degree[i] / whole + LEAST_GAIN * whole
            for k in range(offsets[i], offsets[i + 1]):
                other = group[neighbours[k]]
                if links[other] - total[other] * degree[i] / whole > gain:
                    best, gain = other, links[other] - total[other] * degree[i] / whole
            for k in range(offsets[i], offsets[i + 1]):
                links[group[neighbours[k]]] = 0.0
            total[best] += degree[i]
            group[i] = best
            changed |= best != own
    return group


def _beside_each_other(radius: np.ndarray, ties: np.ndarray, seed: int) -> np.ndarray:
    """Return the centres of discs that do not overlap, the tied ones near each other, (k, 2)."""
    start = nx.spring_layout(nx.from_numpy_array(ties), seed=seed % 2**32)
    centre = np.array([start[k] for k in range(len(radius))]) * np.sqrt(np.sum(radius**2))
    reach = radius[:, None] + radius + GAP * radius.mean()
    np.fill_diagonal(reach, 0.0)
    for number in range(ROUNDS):
        apart = centre[:, None] - centre
        distance = np.hypot(*np.moveaxis(apart, 2, 0))
        push = np.maximum(reach - distance, 0.0) / np.maximum(distance, 1e-9)
        centre = centre + 0.45 * np.einsum("ij,ijk->ik", push, apart)
        if number < PULLED:
            centre = centre * (0.99, 0.99 - 0.01 * (ASPECT - 1))
    return centre
