"""What the method finds of worlds that are known: simulation-based calibration.

Runs of the table are taken for facts, one after the other, and the posterior is asked for the
parameters that made them (Talts et al. 2018, arXiv:1804.06788). Anywhere in the table, and among
the runs nearest to the facts.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from experiments.calibration.posterior import (
    AT_ENDS,
    ENDS,
    QUANTILES,
    forest_quantiles,
    quantiles_of,
    regress,
)

NEAREST = 0.15  # share of the runs that are near the facts
REGRESSION, FOREST = "regression", "forest"
GLOBAL, NEAR = "anywhere", "near the facts"


class Known(NamedTuple):
    """What the posteriors of known worlds say: (worlds, parameters) each."""

    truth: np.ndarray  # shares of the ranges
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    rank: np.ndarray  # share of the posterior below the truth


def chosen_worlds(misses: np.ndarray, known: int) -> dict[str, np.ndarray]:
    """Return which runs are taken for facts, so many by where they lie."""
    count = min(known, len(misses))
    rng = np.random.default_rng(2)
    far = (misses**2).mean(axis=1)
    near = far.argsort()[: max(count, int(NEAREST * len(far)))]
    return {
        GLOBAL: rng.choice(len(far), count, replace=False),
        NEAR: rng.choice(near, count, replace=False),
    }


def by_regression(shares: np.ndarray, misses: np.ndarray, worlds: np.ndarray) -> Known:
    """Return what local-linear regression says of known worlds."""
    rows = []
    for world in worlds:
        found = regress(shares, misses, misses[world], leave_out=int(world))
        ends, truth = quantiles_of(found.shares, found.weights, ENDS), shares[world]
        rows.append((truth, *ends, found.weights @ (found.shares < truth)))
    return Known(*np.array(rows).transpose(1, 0, 2))


@partial(np.vectorize, signature="(),(q)->()")
def _rank(truth: float, quantiles: np.ndarray) -> float:
    return float(np.interp(truth, quantiles, QUANTILES, left=0.0125, right=0.9875))


def by_forests(
    shares: np.ndarray, misses: np.ndarray, worlds: dict[str, np.ndarray], trees: int
) -> tuple[dict[str, Known], np.ndarray]:
    """Return what forests say of known worlds, by where they lie, and of the facts.

    Returns
    -------
    Known worlds, and low, middle and high at the facts, (parameters, 3).
    """
    every = np.concatenate(list(worlds.values()))
    asked = np.vstack([misses[every], np.zeros(misses.shape[1])])
    runs = np.append(every, -1)
    tables = [forest_quantiles(column, misses, asked, runs, trees) for column in shares.T]
    quantiles, truth = np.stack(tables, axis=1), shares[every]  # (asked, parameters, QUANTILES)
    known = (truth, *np.moveaxis(quantiles[:-1, :, AT_ENDS], 2, 0), _rank(truth, quantiles[:-1]))
    ends = np.cumsum([len(own) for own in worlds.values()])[:-1]
    parts = zip(*(np.split(each, ends) for each in known), strict=True)
    found = {where: Known(*part) for where, part in zip(worlds, parts, strict=True)}
    return found, quantiles[-1, :, AT_ENDS].T


def summary(known: Known, names: list[str], method: str, where: str) -> pd.DataFrame:
    """Return a row a parameter: how well the method found the worlds that are known.

    Columns: ``coverage`` of the 90 % intervals, their mean ``width`` as a share of the range,
    ``uniform`` (the p-value of Kolmogorov and Smirnov's test of the ranks), and ``recovery``, the
    correlation of the middle of the posterior with the truth.
    """
    inside = (known.low <= known.truth) & (known.truth <= known.high)
    columns = zip(known.truth.T, known.middle.T, strict=True)
    return pd.DataFrame(
        {
            "method": method,
            "where": where,
            "parameter": names,
            "worlds": len(known.truth),
            "coverage": inside.mean(axis=0),
            "width": (known.high - known.low).mean(axis=0),
            "uniform": [stats.kstest(rank, "uniform").pvalue for rank in known.rank.T],
            "recovery": [_correlation(truth, middle) for truth, middle in columns],
        }
    )


def _correlation(one: np.ndarray, two: np.ndarray) -> float:
    if one.std() == 0 or two.std() == 0:
        return 0.0
    return float(np.corrcoef(one, two)[0, 1])
