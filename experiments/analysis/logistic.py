"""What each condition does to the odds of emergence, alone and with another."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.special import ndtri

from experiments.analysis.intervals import LEVEL
from experiments.analysis.tables import conditions_of, finished, held


def logistic(runs: pd.DataFrame, conditions: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a logistic regression of emergence on conditions and their pairs.

    Conditions count −½ (off) and +½ (on), so a condition's coefficient is the change of the log
    odds in the middle of the others, and a pair's is how much more one does where the other holds.
    Runs of a replicate share their luck; errors are clustered by replicate.

    Where some combinations of conditions always or never have the outcome, a coefficient may have
    no finite estimate: the terms are *separated* (found by linear programming). Then as many
    pseudo-runs as there are coefficients, with the mean outcome, are spread over the combinations,
    which keeps all estimates finite; the error is the larger one of the clustered and the plain,
    and a separated term's log odds are a cautious estimate of something that may be far larger.

    Parameters
    ----------
    runs
        Runs of a factorial.
    conditions
        Their names; by default those that are both on and off.

    Returns
    -------
    A row a term: term (a tuple of conditions: none for the intercept, one, or a pair), log_odds,
    low, high, separated, runs, replicates. Log odds are NaN if all runs have the same outcome, or
    if too few combinations of conditions were run to tell the terms apart.

    References
    ----------
    Clustered errors: Liang & Zeger (1986), doi:10.1093/biomet/73.1.13. Pseudo-runs: Clogg et al.
    (1991), doi:10.1080/01621459.1991.10475015.
    """
    runs = finished(runs)
    conditions = conditions_of(runs) if conditions is None else list(conditions)
    terms = [t for size in range(3) for t in itertools.combinations(conditions, size)]
    levels = held(runs, conditions) - 0.5
    x = np.stack([levels[list(term)].prod(axis=1) for term in terms], axis=1)
    y = runs["emerged"].to_numpy(dtype=float)
    groups = pd.factorize(runs["replicate"])[0]
    apart = separated(x, y)
    told_apart = np.linalg.matrix_rank(x) == len(terms)
    if not told_apart or y.min(initial=1.0) == y.max(initial=0.0):
        estimates, errors = np.full(len(terms), math.nan), np.full(len(terms), math.nan)
    else:
        estimates, spread = fit(x, y, groups, pseudo=bool(apart.any()))
        errors = np.sqrt(np.diag(spread))
    half = ndtri(0.5 + LEVEL / 2) * errors
    return pd.DataFrame(
        {
            "term": terms,
            "log_odds": estimates,
            "low": estimates - half,
            "high": estimates + half,
            "separated": apart,
            "runs": len(y),
            "replicates": len(np.unique(groups)),
        }
    )


def fit(
    x: np.ndarray, y: np.ndarray, groups: np.ndarray, pseudo: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of a logistic regression, and their covariance, clustered by group.

    Parameters
    ----------
    x
        (runs, terms), with a column of ones.
    y
        0 or 1, (runs,).
    groups
        The replicate of each run.
    pseudo
        Whether to add pseudo-runs, for data that are separated.
    """
    from statsmodels.api import GLM, families

    weights = None
    if pseudo:
        cells = np.unique(x, axis=0)
        share, each = y.mean(), x.shape[1] / len(cells)
        more = groups.max() + 1 + np.arange(len(cells))
        extra = np.repeat([each * share, each * (1 - share)], len(cells))
        weights = np.concatenate([np.ones(len(y)), extra])
        x = np.vstack([x, cells, cells])
        y = np.concatenate([y, np.repeat([1.0, 0.0], len(cells))])
        groups = np.concatenate([groups, more, more])
    with warnings.catch_warnings():
        # Weights count runs here, and clustered errors are then those of so many runs (tested).
        warnings.filterwarnings("ignore", "cov_type not fully supported with var_weights")
        model = GLM(y, x, family=families.Binomial(), var_weights=weights)
        found = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    spread = np.asarray(found.cov_params())
    if pseudo:  # never less than without clusters
        larger = np.sqrt(np.fmax(1.0, np.diag(found.normalized_cov_params) / np.diag(spread)))
        spread = spread * np.outer(larger, larger)
    return np.asarray(found.params), spread


def separated(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return for each term whether some direction with it separates the outcomes.

    A direction b separates if (2y − 1) x·b ≥ 0 for all runs, above 0 for some: the likelihood then
    rises for ever along b.

    References
    ----------
    Albert & Anderson (1984), doi:10.1093/biomet/71.1.1.
    """
    rows = np.unique(np.column_stack([x, y]), axis=0)
    signed = rows[:, :-1] * (2 * rows[:, -1:] - 1)
    terms = x.shape[1]
    result = np.zeros(terms, dtype=bool)
    for term, sign in itertools.product(range(terms), (1, -1)):
        if not result[term]:
            goal = np.zeros(terms)
            goal[term] = sign
            found = linprog(-goal, A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
            result[term] = found.status == 0 and -found.fun > 1e-7
    return result
