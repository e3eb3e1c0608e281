"""The distribution of an effect over worlds, from an effect and its error in each of them.

A few runs say little of a single world, so worlds are pooled: each effect found is taken as the
effect of its world plus an error of known size, and the distribution of the effects of worlds is
the one under which what was found is likeliest, whatever its shape (a mixture on a grid, by
expectation maximisation). Counting the worlds in which the effect found is material would count
errors as effects instead. Worlds that respond and worlds that do not are pooled apart: else the
many in which nothing can be seen would make an effect look like an error where one is seen, and the
shares of all worlds and of responding ones would not fit together.

References
----------
Kiefer & Wolfowitz (1956), doi:10.1214/aoms/1177728066; Koenker & Mizera (2014),
doi:10.1080/01621459.2013.869224; Efron & Morris (1975), doi:10.1080/01621459.1975.10479864.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.claims.estimands import WORLD

STEP = 0.02  # of the grid of effects; what is material (0.05) lies between two of its points
ITERATIONS = 200
MORE_ITERATIONS = 30  # of resampled worlds, which begin where all worlds led to
BOOTSTRAPS = 100
SMALL_PRODUCT = 200_000  # of matrices: a larger one is split over threads that wait for each other
TINY = 1e-20  # numbers much below are no longer exact, and slow
LARGEST = 1.5  # effects beyond count as this: how far they are from material does not matter
LEAST_WORLDS = 20  # fewer are too few for a share
LEVEL = 0.95
ALL, RESPONSIVE = "all", "responding"


class Pooled(NamedTuple):
    """What pooling says of each world; row 0 as found, the others with resampled worlds."""

    worlds: np.ndarray  # (worlds,)
    responding: np.ndarray  # bool, (worlds,)
    counts: np.ndarray  # how often each world is counted, (1 + resamples, worlds)
    mean: np.ndarray  # likeliest effect of each world, pooled, (worlds,)
    above: np.ndarray  # probability that its effect is material, (1 + resamples, worlds)
    below: np.ndarray  # that it is materially the opposite
    spread: dict[str, float]  # standard deviation of the effects of worlds, by subset


def pool(table: pd.DataFrame, materiality: float, resamples: int = BOOTSTRAPS) -> Pooled:
    """Return the probabilities that the effects of worlds are material.

    Parameters
    ----------
    table
        From `by_world`.
    materiality
        Effect from which it matters.
    resamples
        Of worlds, for intervals.
    """
    effect = table["effect"].to_numpy(dtype=float).clip(-LARGEST, LARGEST)
    error = table["error"].to_numpy(dtype=float)
    worlds, responding = table[WORLD].to_numpy(), table["responding"].to_numpy(dtype=bool)
    n = len(table)
    counts = np.ones((1 + resamples, n))
    if not n:
        spread = dict.fromkeys((ALL, RESPONSIVE), math.nan)
        return Pooled(worlds, responding, counts, effect, counts, counts, spread)
    rng = np.random.default_rng(0)
    counts[1:] = rng.multinomial(n, np.full(n, 1 / n), resamples)
    steps = np.arange(math.floor(effect.min() / STEP) - 1, math.ceil(effect.max() / STEP) + 2)
    grid = STEP * steps
    likelihood = np.exp(-0.5 * ((effect[:, None] - grid) / error[:, None]) ** 2)
    likelihood = np.maximum(likelihood, TINY)
    sides = np.stack([grid > materiality, grid < -materiality])
    mean = np.empty(n)
    above, below = np.empty((2, *counts.shape))
    mixture = np.zeros((2, len(grid)))
    for number, group in enumerate((responding, ~responding)):
        if group.any():
            weights, shares = _pool_alike(counts[:, group], likelihood[group], sides)
            above[:, group], below[:, group] = shares
            density = weights @ likelihood[group].T
            mean[group] = (weights * grid) @ likelihood[group].T / density
            mixture[number] = weights * group.sum()
    spread = {ALL: _spread(mixture.sum(axis=0), grid), RESPONSIVE: _spread(mixture[0], grid)}
    return Pooled(worlds, responding, counts, mean, above, below, spread)


def _pool_alike(
    counts: np.ndarray, likelihood: np.ndarray, sides: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the likeliest mixture, and the probability of each side by resample and world."""
    even = np.full((1, likelihood.shape[1]), 1 / likelihood.shape[1])
    whole = _fit(counts[:1], likelihood, even, ITERATIONS)
    rows = max(1, SMALL_PRODUCT // likelihood.size)  # at once
    fitted = [whole]
    for start in range(1, len(counts), rows):
        some = counts[start : start + rows]
        fitted.append(_fit(some, likelihood, np.repeat(whole, len(some), axis=0), MORE_ITERATIONS))
    weights = np.concatenate(fitted)
    shares = np.stack([(weights * side) @ likelihood.T for side in sides])
    return whole[0], shares / (weights @ likelihood.T)


def _spread(mixture: np.ndarray, grid: np.ndarray) -> float:
    if not mixture.any():
        return math.nan
    weights = mixture / mixture.sum()
    return math.sqrt(float(weights @ (grid - weights @ grid) ** 2))


def _fit(
    counts: np.ndarray, likelihood: np.ndarray, weights: np.ndarray, iterations: int
) -> np.ndarray:
    """Return the weights of the grid's effects, (samples, grid), by expectation maximisation."""
    drawn = counts.any(axis=1, keepdims=True)  # a resample may hold no world of this kind
    for _ in range(iterations):
        again = weights * ((counts / (weights @ likelihood.T)) @ likelihood)
        weights = np.where(drawn, again, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        weights[weights < TINY] = 0.0
    return weights


def share(pooled: Sequence[Pooled], side: str, worlds: np.ndarray) -> tuple[float, float, float]:
    """Return the share of worlds in which all effects of a claim are material, and its interval.

    Missing with too few worlds.

    Parameters
    ----------
    pooled
        Of each effect the claim asks for.
    side
        ``above``: all of them are; ``below``: one of them is materially the opposite.
    worlds
        The worlds counted, among those of every effect.
    """
    if len(worlds) < LEAST_WORLDS:
        return math.nan, math.nan, math.nan
    rows = [np.searchsorted(each.worlds, worlds) for each in pooled]
    sides = [getattr(each, side)[:, at] for each, at in zip(pooled, rows, strict=True)]
    each = np.prod(sides, axis=0) if side == "above" else 1 - np.prod([1 - p for p in sides], 0)
    counts = pooled[0].counts[:, rows[0]]
    shares = (each * counts).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    if len(shares) == 1:
        return float(shares[0]), math.nan, math.nan
    low, high = np.quantile(shares[1:], [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return float(shares[0]), float(low), float(high)
