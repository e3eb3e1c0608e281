"""Confidence intervals for proportions, paired differences and means over replicates."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

LEVEL = 0.95
"""Confidence of every interval, each taken by itself."""


class Estimate(NamedTuple):
    """A value and the interval around it."""

    value: float
    low: float
    high: float

    def columns(self, name: str = "effect", prefix: str = "") -> dict[str, float]:
        """Return the columns of a table: the value by its name, its low and its high end."""
        return dict(zip((name, f"{prefix}low", f"{prefix}high"), self, strict=True))

    def within(self, lowest: float, highest: float) -> Estimate:
        """Return it with an interval that ends where values must; not known stays so."""
        return self._replace(low=max(self.low, lowest), high=min(self.high, highest))


def wilson(successes: Any, trials: Any, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Return the Wilson score interval of proportions, 0 to 1 where nothing was tried.

    (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n).

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    z = ndtri(0.5 + level / 2)
    tried = n > 0
    n = np.where(tried, n, 1.0)
    p = np.where(tried, k, 0.0) / n
    centre = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)
    # The ends are exact where nothing or everything succeeded; rounding must not leave them beside.
    low = np.where(~tried | (p == 0), 0.0, np.clip(low, 0, 1))
    high = np.where(~tried | (p == 1), 1.0, np.clip(high, 0, 1))
    return low, high


def paired_difference(first: Any, second: Any, level: float = LEVEL) -> Estimate:
    """Return the difference of two proportions, first − second, from pairs that share their luck.

    Adjusted Wald interval: one pair of either discordant kind is added,
    p₁₂ = (n₁₂ + 1)/(n + 2), p₂₁ = (n₂₁ + 1)/(n + 2),
    p₁₂ − p₂₁ ± z √((p₁₂ + p₂₁ − (p₁₂ − p₂₁)²)/(n + 2)). The value itself is not adjusted.

    References
    ----------
    Bonett & Price (2012), doi:10.3102/1076998611411915.
    """
    a, b = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if a.shape != b.shape:
        raise ValueError(f"pairs need as many values on both sides, not {a.size} and {b.size}")
    n = a.size
    if n == 0:
        return Estimate(math.nan, -1.0, 1.0)
    plus, minus = int(np.sum(a & ~b)), int(np.sum(~a & b))
    p12, p21 = (plus + 1) / (n + 2), (minus + 1) / (n + 2)
    half = ndtri(0.5 + level / 2) * math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
    centre = p12 - p21
    return Estimate((plus - minus) / n, max(-1.0, centre - half), min(1.0, centre + half))


def independent_difference(first: Estimate, second: Estimate, bound: float = 1.0) -> Estimate:
    """Return first − second of two quantities estimated from separate runs, by their intervals.

    d − √((x₁ − l₁)² + (u₂ − x₂)²) to d + √((u₁ − x₁)² + (x₂ − l₂)²). From Wilson intervals of two
    proportions this is Newcombe's hybrid score interval.

    Parameters
    ----------
    first, second
        Each with its own interval, of the confidence that the difference is to have.
    bound
        Largest difference there can be.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I;
    Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    value = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, max(-bound, value - below), min(bound, value + above))


def clustered_difference(
    differences: Any, pairs: int, level: float = LEVEL, bound: float = 1.0
) -> Estimate:
    """Return the mean of differences of proportions, one per replicate, each averaged over pairs.

    The pairs of a replicate share its luck and its network, so they are no independent
    observations; the replicates are. Hence a t interval over replicates. Where hardly any
    replicate differs from another, its width would come out as nearly nothing; so, after Bonett &
    Price, the spread of one more pair of either discordant kind is added, which moves the mean of
    its replicate by 1/pairs: variance = (Σ (d − mean)² + 2/pairs²)/(n − 1).

    Parameters
    ----------
    differences
        Mean difference of each replicate.
    pairs
        Pairs averaged in each replicate.
    level
        Confidence.
    bound
        Largest difference there can be.
    """
    d = np.asarray(differences, dtype=float)
    if d.size == 0:
        return Estimate(math.nan, -bound, bound)
    mean = float(d.mean())
    if d.size == 1:
        return Estimate(mean, -bound, bound)
    variance = (np.sum((d - mean) ** 2) + 2 / pairs**2) / (d.size - 1)
    half = float(stdtrit(d.size - 1, 0.5 + level / 2)) * math.sqrt(variance / d.size)
    return Estimate(mean, max(-bound, mean - half), min(bound, mean + half))


def clustered_share(shares: Any, runs: int) -> Estimate:
    """Return the mean of shares, one per replicate, each of several runs of the same luck.

    As `clustered_difference`; with a single run a replicate, the Wilson interval.
    """
    values = np.asarray(shares, dtype=float)
    if runs == 1:
        ends = wilson(values.sum(), values.size)
        mean = float(values.mean()) if values.size else math.nan
        return Estimate(mean, float(ends[0]), float(ends[1]))
    value, low, high = clustered_difference(values, runs)
    return Estimate(value, max(0.0, low), high)


def mean_difference(differences: Any, level: float = LEVEL) -> Estimate:
    """Return the mean of differences of measured levels, one per replicate, with a t interval."""
    d = np.asarray(differences, dtype=float)
    d = d[~np.isnan(d)]
    if d.size == 0:
        return Estimate(math.nan, math.nan, math.nan)
    mean = float(d.mean())
    if d.size == 1:
        return Estimate(mean, -math.inf, math.inf)
    half = float(stdtrit(d.size - 1, 0.5 + level / 2)) * float(d.std(ddof=1)) / math.sqrt(d.size)
    return Estimate(mean, mean - half, mean + half)


def clustered_mean(
    values: Any, clusters: Any, binary: bool, of_differences: bool = False
) -> Estimate:
    """Return the mean of a series of values of which those of a cluster share their luck.

    Of shares of runs, or of their differences, if what is averaged is yes or no (``binary``).
    """
    groups = values.groupby(clusters)
    means = groups.mean().to_numpy(dtype=float)
    if not len(means):
        return Estimate(math.nan, math.nan, math.nan)
    if not binary:
        return mean_difference(means)
    return (clustered_difference if of_differences else clustered_share)(
        means, int(groups.size().max())
    )


def two_way_mean(values: Any) -> Estimate:
    """Return the mean of a table whose rows, and whose columns, each have something in common.

    Runs of many worlds with the same replicates depend on each other by world and by luck. The
    variance is that of clusters of rows, plus that of clusters of columns, less that of single
    values, and no smaller than either of the two; hence a t interval by the fewer clusters.

    Parameters
    ----------
    values
        (worlds, replicates); NaN where a value is missing.

    References
    ----------
    Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136.
    """
    table = np.asarray(values, dtype=float)
    there = ~np.isnan(table)
    n, fewest = int(there.sum()), min(int(there.any(axis=axis).sum()) for axis in (0, 1))
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan)
    mean = float(table[there].mean())
    if fewest == 1:
        return Estimate(mean, -math.inf, math.inf)
    strays = np.where(there, table - mean, 0.0)
    parts = []
    for axis in (1, 0):
        clusters = int(there.any(axis=axis).sum())
        parts.append(clusters / (clusters - 1) * float(np.sum(strays.sum(axis=axis) ** 2)))
    variance = max(*parts, sum(parts) - float(np.sum(strays**2))) / n**2
    half = float(stdtrit(fewest - 1, 0.5 + LEVEL / 2)) * math.sqrt(variance)
    return Estimate(mean, mean - half, mean + half)
