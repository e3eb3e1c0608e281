"""What the facts tell of each parameter: identified, on one side, only in a product, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.calibration.checks import FOREST, NEAR, REGRESSION
from experiments.calibration.posterior import (
    MIDDLE,
    Posterior,
    correlations,
    quantiles_of,
    resampled,
)
from experiments.calibration.predictive import PEOPLE
from experiments.calibration.table import PUBLIC

CHOSEN = 35  # parameters that are followed
NARROW = 0.6  # of the prior's interval: as narrow is what is identified
NARROWER = 0.8  # likewise, of what is told on one side
RECOVERED = 0.5  # correlation of the middle of the posterior with the truth
TOGETHER = 0.4  # correlation of two parameters told only together
SURE = 5.0  # standard errors of a correlation, of many that are looked at
EDGE = 0.05  # of the range: an interval that reaches so near to its end is bounded by the prior
IDENTIFIED, ONE_SIDE, PRODUCT, NOTHING = (
    "identified", "on one side", "only in a product", "not at all",
)  # fmt: skip


def sensitivity(shares: np.ndarray, misses: np.ndarray) -> np.ndarray:
    """Return how much facts depend on each parameter: the largest rank correlation with one.

    Parameters
    ----------
    shares
        (runs, parameters).
    misses
        (runs, facts).
    """
    ranks = [values.argsort(axis=0).argsort(axis=0).astype(float) for values in (shares, misses)]
    one, two = ((rank - rank.mean(axis=0)) / rank.std(axis=0) for rank in ranks)
    return np.asarray(np.abs(one.T @ two / len(one)).max(axis=1))


def chosen(sensitivities: np.ndarray, names: Sequence[str]) -> list[int]:
    """Return which parameters are followed, the most telling first; the public is among them."""
    order = [int(column) for column in sensitivities.argsort()[::-1]]
    public = names.index(PUBLIC) if PUBLIC in names else order[0]
    kept = order[:CHOSEN]
    return kept if public in kept else [*kept[:-1], public]


def told(
    chains: Sequence[np.ndarray],
    regression: Posterior,
    forest: np.ndarray,
    checks: pd.DataFrame,
    names: Sequence[str],
    products: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row a parameter: its interval at the facts, and what may be said of it.

    Parameters
    ----------
    chains
        Shares of the ranges in the joint posterior, (particles, parameters) of each chain.
    regression
        The posterior by regression, of these parameters.
    forest
        (parameters, 3): low, middle, high by the forest; shares of the range.
    checks
        From `checks.summary`, of both methods.
    names
        Of the parameters.
    products
        From `predictive.products`: the public is told in them, never alone.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``middle``, ``high`` of the joint posterior, and those of both other methods, in
        shares of the range; ``width``, the widest of the three intervals, as a share of the
        prior's; ``recovery`` by the method that recovers it worse; ``partner``, the parameter it
        goes with most, and their ``correlation``; ``told``.
    """
    ends = np.array([MIDDLE[0], 0.5, MIDDLE[1]])
    joint = np.concatenate(list(chains))
    methods = {
        "": np.quantile(joint, ends, axis=0),
        "regression_": quantiles_of(regression.shares, regression.weights, ends),
        "forest_": forest.T,
    }
    near = checks[checks["where"] == NEAR].set_index(["method", "parameter"])
    together = _together(joint, regression)
    partner = np.abs(together).argmax(axis=1)
    prior = MIDDLE[1] - MIDDLE[0]
    counted = products.loc[products["quantity"] == PEOPLE, "width"].min() <= NARROW
    rows = []
    for i, name in enumerate(names):
        with_it = float(together[i, partner[i]])
        row: dict[str, Any] = {"parameter": name}
        for method, found in methods.items():
            for end, values in zip(("low", "middle", "high"), found, strict=True):
                row[f"{method}{end}"] = values[i]
        row |= {
            "width": max(found[2, i] - found[0, i] for found in methods.values()) / prior,
            "recovery": min(
                float(near.loc[(method, name), "recovery"]) for method in (REGRESSION, FOREST)
            ),
            "partner": names[partner[i]], "correlation": with_it,
        }  # fmt: skip
        if name == PUBLIC:
            row["told"] = PRODUCT if counted else NOTHING
        else:
            row["told"] = _said(row)
        rows.append(row)
    return pd.DataFrame(rows)


def _together(joint: np.ndarray, regression: Posterior) -> np.ndarray:
    """Return correlations that two samples show with one sign, the second beyond luck; else 0.

    Particles descend from each other, and go together without any fact; the runs that the
    regression accepts do not.
    """
    particles, runs = correlations(joint), correlations(resampled(regression))
    effective = 1.0 / (regression.weights**2).sum()
    shown = (np.abs(runs) >= SURE / np.sqrt(effective)) & (particles * runs > 0)
    np.fill_diagonal(shown, False)
    return np.where(shown, particles, 0.0)


def _said(row: dict[str, Any]) -> str:
    """Return what may be said of a parameter."""
    recovered = row["recovery"] >= RECOVERED
    inside = row["low"] > EDGE and row["high"] < 1 - EDGE
    if recovered and row["width"] <= NARROW and inside:
        return IDENTIFIED
    if recovered and row["width"] <= NARROWER and not inside:
        return ONE_SIDE
    return PRODUCT if abs(row["correlation"]) >= TOGETHER else NOTHING
