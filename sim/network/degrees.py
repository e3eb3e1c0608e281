"""How many neighbours each user of a heavy-tailed network has, and how many of them in groups."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from sim.compiled import builder
from sim.network.ties import require

LARGEST_GROUP = 50  # members
MOST_TIES = 10  # of a user, of the mean: some 150 (Dunbar 1992) where 16 are the mean


@builder
def _power_law_degrees(edges: Any, tail: Any, weights: Any, degrees: Any) -> None:
    """Fill in ascending degrees, 2 × edges together: the quantiles of a power law p(k) ∝ k^−tail.

    The law is cut at ten times the mean, so that the ties of a person do not depend on how many
    users there are; with few users at √(n · mean), above which random wiring cannot avoid double
    ties (Catanzaro, Boguñá & Pastor-Satorras 2005, doi:10.1103/PhysRevE.71.027103), or twice the
    mean in a dense network. Its lower end follows from the mean. Fractions are carried over to the
    next user.
    """
    n = degrees.size
    mean = 2 * edges / n
    cut = min(n - 1.0, max(min(math.sqrt(n * mean), MOST_TIES * mean), 2 * mean))
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
def room(degree: Any, size: Any) -> Any:
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
                pairs = room(degree, size) * (size - 1) * (size - 2) / (degree * (degree - 1))
                full += count[degree] * pairs
        full /= users
        part = min(1.0, max(0.0, (clustering - chance) / (1 - chance)) / full)
        if chance + (1 - chance) * part * full > reached:
            group, share, reached = limit, part, chance + (1 - chance) * part * full
        if part < 1.0:
            break
    return group, share, reached


@lru_cache(maxsize=4)
def plan_degrees(
    n: int, edges: int, tail: float, clustering: float
) -> tuple[np.ndarray, int, float]:
    """Return ascending degrees, int32, (n,), the size of groups and the share of room for them."""
    degrees = np.empty(n, np.int32)
    _power_law_degrees(edges, tail, np.empty(n), degrees)
    size, share, reached = _plan_groups(np.bincount(degrees), clustering)
    most = (
        f"at most {reached:.2f} with n = {n}, mean_degree = {2 * edges / n:g}, tail = {tail}, "
        "where many users have too few neighbours for more; or raise mean_degree or tail"
    )
    require(clustering <= reached + 0.02 or edges == 0, "clustering", clustering, most)
    return degrees, size, share
