"""How many replicates are enough: until more of them change neither the share nor its spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.intervals import LEVEL, wilson
from experiments.analysis.tables import finished

TOLERANCE = 0.05  # of the coefficient of variation, relative to that of all replicates
HALF_WIDTH = 0.025  # of the interval of a share: half of what is material
FEWEST = 5
ORDERS = 100


def replicates_needed(
    runs: pd.DataFrame, outcomes: Sequence[str], by: Sequence[str] = ("point",)
) -> pd.DataFrame:
    """Return for each outcome and variant how many replicates were enough.

    For a measured outcome: the smallest number from which on the coefficient of variation stays
    within 5 % of that of all replicates, in 95 % of random orders of the replicates. For a share,
    whose variation follows from itself: the number at which the half-width of its interval is 2.5
    points, which may be more than there are.

    Parameters
    ----------
    runs
        Runs with a replicate.
    outcomes
        Outcome columns, measured or yes or no.
    by
        Columns by which variants differ.

    Returns
    -------
    A row a variant and outcome: the columns ``by``, outcome, mean, variation (coefficient; NaN for
    shares and where the mean is 0), needed (NaN if more than there are, for a measured outcome),
    replicates (there are), enough.

    References
    ----------
    Lee et al. (2015), doi:10.18564/jasss.2897; Lorscheid, Heine & Meyer (2012),
    doi:10.1007/s10588-011-9097-3.
    """
    rows = []
    for key, group in finished(runs).groupby(list(by), sort=True):
        for outcome in outcomes:
            values = group.groupby("replicate")[outcome].mean().dropna().to_numpy(dtype=float)
            row: dict[str, Any] = dict(zip(by, key, strict=True))
            row |= {"outcome": outcome, "replicates": len(values)}
            row |= {"mean": values.mean() if len(values) else math.nan, "variation": math.nan}
            if pd.api.types.is_bool_dtype(group[outcome]):
                row["needed"] = _for_share(float(row["mean"]))
            else:
                row["variation"], row["needed"] = _for_variation(values)
            rows.append(row | {"enough": bool(row["needed"] <= len(values))})
    columns = ["outcome", "mean", "variation", "needed", "replicates", "enough"]
    return pd.DataFrame(rows, columns=[*by, *columns])


def running_variation(values: np.ndarray) -> np.ndarray:
    """Return the coefficients of variation of the first 2, 3, … replicates, (orders, n − 1).

    Each row takes the replicates in another random order.
    """
    rng = np.random.default_rng(0)
    mixed = rng.permuted(np.tile(values - values.mean(), (ORDERS, 1)), axis=1)
    count = np.arange(1, len(values) + 1)
    sums, squares = mixed.cumsum(axis=1), (mixed**2).cumsum(axis=1)
    means = sums / count
    variance = np.maximum(squares - count * means**2, 0.0)[:, 1:] / (count[1:] - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt(variance) / np.abs(means[:, 1:] + values.mean()))


def _for_variation(values: np.ndarray) -> tuple[float, float]:
    if len(values) < FEWEST or values.mean() == 0:
        return math.nan, math.nan
    if np.ptp(values) == 0:
        return 0.0, float(FEWEST)
    running = running_variation(values)
    final = float(running[0, -1])
    off = np.abs(running / final - 1) > TOLERANCE
    last = np.where(off.any(axis=1), off.shape[1] - np.argmax(off[:, ::-1], axis=1), 0)
    needed = float(np.quantile(last + 2, LEVEL, method="higher"))
    # The last replicates agree with all of them by construction; that is no sign of stability.
    return final, max(needed, FEWEST) if needed <= len(values) / 2 else math.nan


def _for_share(share: float) -> float:
    if math.isnan(share):
        return math.nan
    counts = np.unique(np.geomspace(1, 100_000, 4000).astype(int))
    low, high = wilson(share * counts, counts)
    return float(counts[np.argmax((high - low) / 2 <= HALF_WIDTH)])
