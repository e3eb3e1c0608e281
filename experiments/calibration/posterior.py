"""What facts say of parameters: rejection with local-linear regression, and quantile forests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEAST, SHARE = 300, 0.05  # runs nearest to the facts that are accepted
MOST = 1_000
RIDGE = 1e-3
LEAF = 20  # runs at least in a leaf of a tree: with fewer, intervals are too narrow
QUANTILES = np.linspace(0.025, 0.975, 39)
NAMES, ENDS = ("low", "middle", "high"), np.array([0.05, 0.5, 0.95])  # of an interval
AT_ENDS = np.abs(QUANTILES - ENDS[:, None]).argmin(axis=1)


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
