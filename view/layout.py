"""Where users are drawn: near those they are tied to, spread evenly."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.network import Network

WORK = 250_000_000  # pairs of users that may be compared
MOST, FEWEST = 60, 8  # rounds
PIVOTS = 40
EVEN = 0.6  # how far crowded places are thinned out: 0 not at all, 1 to an even density


def positions(network: Network, seed: int = 0) -> np.ndarray:
    """Return where each user is drawn in the unit square, float32, (n, 2).

    A start by distances to a few pivots (Brandes & Pich 2007, doi:10.1007/978-3-540-70904-6_6),
    then springs and repulsion (Fruchterman & Reingold 1991, doi:10.1002/spe.4380211102).

    Parameters
    ----------
    network
        The ties.
    seed
        Of the little luck there is; the same seed gives the same picture.
    """
    n = len(network.offsets) - 1
    random = np.random.default_rng(seed)
    start = _by_pivots(network, random)
    rounds = int(np.clip(WORK / max(n, 1) ** 2, FEWEST, MOST))
    placed = _settle(network.offsets, network.neighbours, start.astype(np.float32), rounds)
    return _spread(placed)


def _by_pivots(network: Network, random: np.random.Generator) -> np.ndarray:
    """Return positions whose distances resemble those along ties, float64, (n, 2)."""
    n = len(network.offsets) - 1
    distance = _distances(
        network.offsets, network.neighbours, int(random.integers(n)), min(PIVOTS, n)
    )
    squared = distance.astype(np.float64) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    placed = centred @ vectors[:, [-1, -2]] if vectors.shape[1] > 1 else np.zeros((n, 2))
    scale = placed.std(axis=0)
    placed = placed / np.where(scale > 0, scale, 1.0)
    return placed + 0.3 * random.standard_normal((n, 2))  # users alike are not one dot


@njit(cache=True)
def _distances(offsets: np.ndarray, neighbours: np.ndarray, first: int, pivots: int) -> np.ndarray:
    """Return steps from everyone to pivots, each as far as can be from those before."""
    n = offsets.size - 1
    distance = np.empty((n, pivots), dtype=np.int32)
    nearest = np.full(n, n, dtype=np.int32)
    queue = np.empty(n, dtype=np.int64)
    pivot = first
    for p in range(pivots):
        distance[:, p] = -1
        distance[pivot, p] = 0
        queue[0] = pivot
        head, tail = 0, 1
        while head < tail:
            i = queue[head]
            head += 1
            for k in range(offsets[i], offsets[i + 1]):
                j = neighbours[k]
                if distance[j, p] < 0:
                    distance[j, p] = distance[i, p] + 1
                    queue[tail] = j
                    tail += 1
        farthest = distance[queue[tail - 1], p]
        for i in range(n):
            if distance[i, p] < 0:
                distance[i, p] = farthest + 2  # of another part
            nearest[i] = min(nearest[i], distance[i, p])
        pivot = int(np.argmax(nearest))
    return distance


@njit(fastmath=True, cache=True)
def _settle(
    offsets: np.ndarray, neighbours: np.ndarray, start: np.ndarray, rounds: int
) -> np.ndarray:
    """Return positions after rounds of springs along ties and repulsion between all."""
    n = offsets.size - 1
    x, y = start[:, 0].copy(), start[:, 1].copy()
    spacing = np.float32(2.0) / np.float32(np.sqrt(n))
    push = spacing * spacing
    one, tiny = np.float32(1.0), np.float32(1e-4)
    move_x, move_y = np.empty_like(x), np.empty_like(y)
    for t in range(rounds):
        reach = np.float32(0.15) * (one - np.float32(t) / np.float32(rounds)) + tiny
        for i in range(n):
            away_x = away_y = np.float32(0.0)
            xi, yi = x[i], y[i]
            for j in range(n):
                dx, dy = xi - x[j], yi - y[j]
                force = push / (dx * dx + dy * dy + tiny)
                away_x += dx * force
                away_y += dy * force
            pull_x = pull_y = np.float32(0.0)
            degree = offsets[i + 1] - offsets[i]
            for k in range(offsets[i], offsets[i + 1]):
                j = neighbours[k]
                dx, dy = x[j] - xi, y[j] - yi
                pull_x += dx
                pull_y += dy
            if degree > 0:
                strength = np.float32(3.0) / np.float32(np.sqrt(degree))
                pull_x *= strength
                pull_y *= strength
            move_x[i] = away_x + pull_x - np.float32(0.3) * xi
            move_y[i] = away_y + pull_y - np.float32(0.3) * yi
        for i in range(n):
            length = np.sqrt(move_x[i] * move_x[i] + move_y[i] * move_y[i]) + tiny
            step = min(length * np.float32(0.05), reach) / length
            x[i] += move_x[i] * step
            y[i] += move_y[i] * step
    placed = np.empty((n, 2), dtype=np.float32)
    placed[:, 0] = x
    placed[:, 1] = y
    return placed


def _spread(placed: np.ndarray) -> np.ndarray:
    """Return positions in the unit square, crowded places thinned out."""
    n = len(placed)
    result = np.empty((n, 2), dtype=np.float32)
    centred = placed - placed.mean(axis=0)
    angle = np.arctan2(centred[:, 1], centred[:, 0])
    radius = np.hypot(centred[:, 0], centred[:, 1])
    rank = np.empty(n)
    rank[np.argsort(radius, kind="stable")] = (np.arange(n) + 0.5) / n
    radius = EVEN * np.sqrt(rank) + (1 - EVEN) * radius / max(radius.max(), 1e-9)
    result[:, 0] = 0.5 + 0.5 * radius * np.cos(angle)
    result[:, 1] = 0.5 + 0.5 * radius * np.sin(angle)
    return result
