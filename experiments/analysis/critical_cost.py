"""The cost of taking part at which a movement still emerges, by the conditions that hold."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from experiments.analysis.intervals import LEVEL
from experiments.analysis.tables import (
    best_by_size,
    combinations,
    complete,
    conditions_of,
    finished,
    held,
)

COST = "participation.cost_mean"
HALF = 0.5
RESAMPLES = 1000
ALL_ABOVE, NEVER, FOUND = "still at half at the dearest", "never at half", "found"
UNKNOWN = "too few runs"


def critical_costs(
    runs: pd.DataFrame, conditions: Sequence[str] | None = None, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Return for each set of conditions the cost at which emergence has probability one half.

    Runs of the same replicate share their luck at all costs and in all sets, so whole replicates
    are resampled (percentile bootstrap). Where emergence stays above one half up to the dearest
    cost tried the value is infinite, where it never gets there it is minus infinite.

    Returns
    -------
    A row a set: set (its conditions, a tuple), size, cost, low, high, status, highest_share.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    costs, emerged = by_cost(finished(runs), conditions, "emerged")
    values, resampled = _resample(costs, emerged, resamples)
    rows = []
    for i, combination in enumerate(combinations(conditions)):
        chosen = tuple(itertools.compress(conditions, combination))
        low, high = _percentiles(resampled[:, i])
        status = {math.inf: ALL_ABOVE, -math.inf: NEVER}.get(values[i], FOUND)
        status = UNKNOWN if math.isnan(values[i]) else status
        highest = float(emerged[:, i].mean(axis=0).max()) if len(emerged) else math.nan
        rows.append(
            {"set": chosen, "size": len(chosen), "cost": values[i]}
            | {"low": low, "high": high, "status": status, "highest_share": highest}
        )
    # From none to all; of the same size, those with the first conditions first.
    table = pd.DataFrame(rows[::-1])
    return table.sort_values("size", kind="stable", ignore_index=True)


def carrying(costs: pd.DataFrame) -> list[dict[str, Any]]:
    """Return of each size the set that bears the most, none first; ``further``: than fewer do."""
    rows = best_by_size(costs, "cost") if (costs["status"] == FOUND).all() else []
    reached = np.maximum.accumulate([-math.inf, *(row["cost"] for row in rows)])
    return [{**row, "further": row["cost"] > reached[i]} for i, row in enumerate(rows)]


def crossing(costs: np.ndarray, share: np.ndarray) -> float:
    """Return the cost above which a share stays below one half.

    Emergence falls with cost, except that where taking part costs next to nothing everybody joins
    without being drawn in, which is no movement; so only the side beyond the (last) highest share
    is looked at. There the share is made to fall (pool-adjacent-violators) and interpolated.
    """
    if share.max() < HALF:
        return -math.inf
    peak = len(share) - 1 - int(np.argmax(share[::-1]))
    falling = isotonic_regression(share[peak:], increasing=False).x
    below = np.flatnonzero(falling < HALF)
    if not below.size:
        return math.inf
    i = int(below[0])
    if i == 0:
        return float(costs[peak])
    high, low = falling[i - 1], falling[i]
    weight = (high - HALF) / (high - low)
    return float(costs[peak + i - 1] + weight * (costs[peak + i] - costs[peak + i - 1]))


def by_cost(
    runs: pd.DataFrame, conditions: Sequence[str], outcome: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the costs, and an outcome by (replicate, set, cost) of complete replicates."""
    costs = np.sort(runs[COST].unique())
    place = held(runs, conditions).to_numpy() @ (2 ** np.arange(len(conditions))[::-1])
    place = place * len(costs) + np.searchsorted(costs, runs[COST])
    wide = complete(runs, place, 2 ** len(conditions) * len(costs), outcome)
    return costs, wide.reshape(len(wide), 2 ** len(conditions), len(costs))


def _resample(
    costs: np.ndarray, emerged: np.ndarray, resamples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the critical cost of each set, and those of each resample, (resamples, sets)."""
    replicates, sets, _ = emerged.shape
    if not replicates:
        return np.full(sets, math.nan), np.full((resamples, sets), math.nan)
    rng = np.random.default_rng(0)
    weights = rng.multinomial(replicates, np.full(replicates, 1 / replicates), resamples)
    shares = np.tensordot(weights, emerged, axes=1) / replicates
    mean = emerged.mean(axis=0)
    curves, place = np.unique(np.concatenate([[mean], shares]).reshape(-1, len(costs)), axis=0,
                              return_inverse=True)  # fmt: skip
    found = np.array([crossing(costs, curve) for curve in curves])[place].reshape(-1, sets)
    return found[0], found[1:]


def _percentiles(values: np.ndarray) -> tuple[float, float]:
    if not values.size or np.isnan(values).any():
        return math.nan, math.nan
    low = np.quantile(values, 0.5 - LEVEL / 2, method="lower")
    high = np.quantile(values, 0.5 + LEVEL / 2, method="higher")
    return float(low), float(high)
