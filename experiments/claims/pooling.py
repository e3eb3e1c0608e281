"""The distribution of an effect over worlds, from an effect and its error in each of them.

A few runs say little of a single world, so worlds are pooled: each effect found is taken as the
effect of its world plus an error of known size, and the distribution of the effects of worlds is
the one under which what was found is likeliest, whatever its shape (a mixture on a grid, by
expectation maximisation). Counting the worlds in which the effect found is material would count
errors as effects instead.

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

from experiments.analysis.intervals import wilson
from experiments.claims.contrasts import WORLD

STEP = 0.02  # of the grid of effects; each of its points stands for what is nearest to it
ITERATIONS = 200
MORE_ITERATIONS = 30  # of resampled worlds, which begin where all worlds led to
BOOTSTRAPS = 100
SMALL_PRODUCT = 200_000  # of matrices: a larger one is split over threads that wait for each other
TINY = 1e-20  # numbers much below are no longer exact, and slow
LARGEST = 1.5  # effects beyond count as this: how far they are from material does not matter
LEAST_WORLDS = 20  # fewer are too few for a share


class Pooled(NamedTuple):
    """What pooling says of each world; row 0 as found, the others with resampled worlds."""

    worlds: np.ndarray  # (worlds,)
    counts: np.ndarray  # how often each world is counted, (1 + resamples, worlds)
    mean: np.ndarray  # likeliest effect of each world, pooled, (worlds,)
    above: np.ndarray  # probability that its effect is material, (1 + resamples, worlds)
    below: np.ndarray  # that it is materially the opposite
    spread: float  # standard deviation of the effects of worlds


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
    worlds = table[WORLD].to_numpy()
    n = len(table)
    counts = np.ones((1 + resamples, n))
    if not n:
        return Pooled(worlds, counts, effect, counts, counts, math.nan)
    rng = np.random.default_rng(0)
    counts[1:] = rng.multinomial(n, np.full(n, 1 / n), resamples)
    steps = np.arange(math.floor(effect.min() / STEP) - 1, math.ceil(effect.max() / STEP) + 2)
    grid = STEP * steps
    likelihood = np.exp(-0.5 * ((effect[:, None] - grid) / error[:, None]) ** 2)
    likelihood = np.maximum(likelihood, TINY)
    beyond = np.stack([grid, -grid]) - materiality
    sides = np.clip(beyond / STEP + 0.5, 0.0, 1.0)  # of what a point stands for, how much is beyond
    weights, (above, below) = _pool(counts, likelihood, sides)
    mean = (weights * grid) @ likelihood.T / (weights @ likelihood.T)
    spread = math.sqrt(float(weights @ (grid - weights @ grid) ** 2))
    return Pooled(worlds, counts, mean, above, below, spread)


def _pool(
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


def _fit(
    counts: np.ndarray, likelihood: np.ndarray, weights: np.ndarray, iterations: int
) -> np.ndarray:
    """Return the weights of the grid's effects, (samples, grid), by expectation maximisation."""
    for _ in range(iterations):
        weights = weights * ((counts / (weights @ likelihood.T)) @ likelihood)
        weights /= weights.sum(axis=1, keepdims=True)
        weights[weights < TINY] = 0.0
    return weights


def share(pooled: Sequence[Pooled], side: str, worlds: np.ndarray) -> tuple[float, float, float]:
    """Return the share of worlds in which all effects of a claim are material, and its interval.

    Wilson's interval, of as many worlds as the variance of the share over resampled worlds is worth
    (all of them, where it does not vary). Missing with too few worlds.

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
    value = float(np.clip(shares[0], 0, 1))
    variance = float(shares[1:].var()) if len(shares) > 1 else 0.0
    return value, *effective_wilson(value, variance, len(worlds))


def effective_wilson(value: float, variance: float, worlds: int) -> tuple[float, float]:
    """Return Wilson's interval of a share with the number of worlds that its variance is worth.

    Korn & Graubard (1998), Survey Methodology 24, 193-201, for the effective number.
    """
    worth = value * (1 - value) / variance if variance > 0 else math.inf
    count = min(float(worlds), max(worth, 1.0))
    low, high = wilson(value * count, count)
    return float(low), float(high)
