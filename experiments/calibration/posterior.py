"""What facts say of parameters: rejection with local-linear regression, and quantile forests.

Both are checked on worlds that are known (simulation-based calibration): runs of the table are
taken for facts, one after the other, and the posterior is asked for the parameters that made them
(Talts et al. 2018, arXiv:1804.06788), anywhere in the table, and among the runs nearest to the
facts.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

LEAST, SHARE = 300, 0.05  # runs nearest to the facts that are accepted
MOST = 1_000
RIDGE = 1e-3
LEAF = 20  # runs at least in a leaf of a tree: with fewer, intervals are too narrow
QUANTILES = np.linspace(0.025, 0.975, 39)
NAMES, ENDS = ("low", "middle", "high"), np.array([0.05, 0.5, 0.95])  # of an interval
AT_ENDS = np.abs(QUANTILES - ENDS[:, None]).argmin(axis=1)
NEAREST = 0.15  # share of the runs that are near the facts
REGRESSION, FOREST = "regression", "forest"
GLOBAL, NEAR = "anywhere", "near the facts"


class Posterior(NamedTuple):
    """Accepted worlds: shares of the ranges, (worlds, parameters), their weights, their runs."""

    shares: np.ndarray
    weights: np.ndarray
    runs: np.ndarray


def accepted(runs: int) -> int:
    """Return how many of so many runs are accepted."""
    return min(max(LEAST, min(MOST, int(SHARE * runs))), runs)


def regress(
    shares: np.ndarray, misses: np.ndarray, observed: np.ndarray, leave_out: int = -1
) -> Posterior:
    """Return the posterior of local-linear regression.

    The nearest runs are accepted, weighted by the Epanechnikov kernel, and their parameters, on the
    logit scale, moved along the regression on the facts to where the facts lie (Beaumont, Zhang &
    Balding 2002, doi:10.1093/genetics/162.4.2025).

    Parameters
    ----------
    shares
        (runs, parameters), between 0 and 1.
    misses
        (runs, facts); none is missing.
    observed
        (facts,): where the facts lie, 0 for those of the case.
    leave_out
        A run that does not count.
    """
    far = np.sqrt(((misses - observed) ** 2).mean(axis=1))
    count = accepted(len(far))
    if leave_out >= 0:
        far[leave_out] = np.inf
        count = min(count, len(far) - 1)
    near = np.argpartition(far, count - 1)[:count]
    reach = far[near].max()
    weights = np.maximum(1.0 - (far[near] / reach) ** 2, 0.0) if reach > 0 else np.ones(count)
    logits = logit(shares[near])
    x = misses[near] - observed
    spread = x.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(count), x / spread])
    weighted = design * weights[:, None]
    penalty = RIDGE * weights.sum() * np.diag([0.0, *np.ones(x.shape[1])])
    slopes = np.linalg.solve(design.T @ weighted + penalty, weighted.T @ logits)
    moved = logits - (design[:, 1:] @ slopes[1:])
    return Posterior(expit(moved), weights / weights.sum(), near)


def forest_quantiles(
    shares: np.ndarray, misses: np.ndarray, asked: np.ndarray, runs: np.ndarray, trees: int
) -> np.ndarray:
    """Return quantiles of one parameter by a quantile regression forest, (asked, `QUANTILES`).

    Meinshausen (2006), as random forests for approximate Bayesian computation (Raynal et al. 2019,
    doi:10.1093/bioinformatics/bty867).

    Parameters
    ----------
    shares
        (runs,) of the parameter.
    misses
        (runs, facts).
    asked
        (asked, facts): where the facts lie.
    runs
        (asked,): the run that each is, of which trees grown without it speak; -1: none.
    trees
        How many.
    """
    from quantile_forest import RandomForestQuantileRegressor

    forest = RandomForestQuantileRegressor(
        trees, min_samples_leaf=LEAF, max_samples_leaf=None, bootstrap=True, random_state=1
    )
    forest.fit(misses, shares)
    result = np.empty((len(asked), len(QUANTILES)))
    own = runs >= 0
    for rows, options in ((~own, {}), (own, {"oob_score": True, "indices": runs[own]})):
        if rows.any():
            result[rows] = forest.predict(asked[rows], quantiles=list(QUANTILES), **options)
    return result


def quantiles_of(values: np.ndarray, weights: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return weighted quantiles of each column, (shares, columns)."""
    order = values.argsort(axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    reached = weights[order].cumsum(axis=0) - 0.5 * weights[order]
    columns = zip(reached.T, ordered.T, strict=True)
    return np.column_stack([np.interp(shares, below, column) for below, column in columns])


def resampled(posterior: Posterior) -> np.ndarray:
    """Return worlds drawn from a posterior by their weights, (2,000, parameters)."""
    rng = np.random.default_rng(1)
    return posterior.shares[rng.choice(len(posterior.weights), 2_000, p=posterior.weights)]


def correlations(shares: np.ndarray) -> np.ndarray:
    """Return how parameters go together in a sample, on the logit scale."""
    return np.asarray(np.atleast_2d(np.corrcoef(logit(shares), rowvar=False)))


def logit(share: np.ndarray) -> np.ndarray:
    """Return the logit of shares above 0 and below 1."""
    return np.asarray(np.log(share / (1.0 - share)))


def expit(value: np.ndarray) -> np.ndarray:
    """Return the share that has a logit, away from 0 and 1 by a millionth."""
    share = 1.0 / (1.0 + np.exp(-np.clip(value, -30, 30)))
    return np.clip(share, 1e-6, 1 - 1e-6)


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
