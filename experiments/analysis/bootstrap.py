"""Intervals by resampling whole replicates, for what has no formula."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from experiments.analysis.intervals import LEVEL, Estimate

RESAMPLES = 2000


def bootstrap(
    replicates: Any, statistic: Callable[..., Any], resamples: int = RESAMPLES
) -> Estimate:
    """Return a statistic of replicates and its bias-corrected and accelerated interval.

    Replicates are resampled whole, since what a replicate holds shares its luck. Always the same
    resamples for the same data. Where the statistic is the same in all resamples, its interval has
    no width.

    Parameters
    ----------
    replicates
        (replicates,) or (replicates, columns); those with a missing value are left out.
    statistic
        Of one array of values for each column, vectorised over its last axis, which it takes as
        ``axis``; such as ``numpy.median``.
    resamples
        Their number.

    References
    ----------
    Efron (1987), doi:10.1080/01621459.1987.10478410.
    """
    from scipy.stats import DegenerateDataWarning
    from scipy.stats import bootstrap as resampled

    values = np.asarray(replicates, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    columns = tuple(values[~np.isnan(values).any(axis=1)].T)
    if not columns or columns[0].size == 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float(statistic(*columns, axis=-1))
    if columns[0].size == 1:
        return Estimate(value, -math.inf, math.inf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)  # an acceleration of nothing
        found = resampled(
            columns, statistic, paired=True, vectorized=True, n_resamples=resamples,
            confidence_level=LEVEL, method="BCa", rng=np.random.default_rng(0),
        )  # fmt: skip
    low, high = (float(end) for end in found.confidence_interval)
    if math.isnan(low) and float(np.ptp(found.bootstrap_distribution)) == 0:
        low = high = value
    return Estimate(value, low, high)
