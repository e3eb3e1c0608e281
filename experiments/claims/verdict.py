"""The verdict on a claim: supported, contradicted, no material effect, or undecided.

All replicates enter an effect. Whoever runs more of them, looks again and stops when something is
seen raises the chance of seeing what is not there; so the interval asks for z = 2.81 instead of
1.96. If somebody looks after 50, 100, 200 … 3,200 replicates and stops at the first verdict, an
effect that is exactly at the threshold is called more or less than material in under 2 % of cases
each (in 3 % where hardly any pair differs; simulated in the tests).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from experiments.analysis.effects import DEFINITIONS
from experiments.analysis.intervals import (
    Estimate,
    clustered_difference,
    mean_difference,
    paired_difference,
)
from experiments.claims.contrasts import Contrast, contrast, of_part
from experiments.claims.estimands import EMERGED, Estimand

LEAST_REPLICATES = 50
"""Fewer decide nothing."""

Z = 2.81
CERTAINTY = float(2 * ndtr(Z) - 1)
"""Confidence of the interval of an effect."""


class Verdict(StrEnum):
    """What the interval of an effect says, against what was held material beforehand."""

    SUPPORTED = "supported"  # all of it above what is material
    CONTRADICTED = "contradicted"  # all of it below minus what is material
    NO_EFFECT = "no material effect"  # all of it inside
    UNDECIDED = "undecided"
    NOT_RUN = "not run"  # the experiment is not among the results


def judge(low: float, high: float, materiality: float) -> Verdict:
    """Return the verdict of an interval."""
    if low > materiality:
        return Verdict.SUPPORTED
    if high < -materiality:
        return Verdict.CONTRADICTED
    if -materiality < low and high < materiality:
        return Verdict.NO_EFFECT
    return Verdict.UNDECIDED


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a claim that asks for several effects at once.

    Supported if all are; contradicted if one is; without material effect if one is and none is
    contradicted: the claim needs every one of them.
    """
    worst = (Verdict.NOT_RUN, Verdict.CONTRADICTED, Verdict.NO_EFFECT, Verdict.UNDECIDED)
    usual = Verdict.SUPPORTED if verdicts else Verdict.NOT_RUN
    return next((verdict for verdict in worst if verdict in verdicts), usual)


# -- effects ---------------------------------------------------------------------------------------


def estimate(found: Contrast) -> Estimate:
    """Return the effect and its interval.

    For an outcome that is yes or no the interval of Bonett & Price, over replicates where one has
    several pairs; for a measured outcome a t interval over replicates.
    """
    if not found.compared:
        return mean_difference(by_replicate(found.on), CERTAINTY)
    differences = by_replicate(found.on - found.off)
    differences = differences[~np.isnan(differences)]
    if not found.binary:
        return mean_difference(differences, CERTAINTY)
    if found.on.shape[1] > 1:
        return clustered_difference(differences, found.on.shape[1], CERTAINTY)
    complete = ~np.isnan(found.on[:, 0])
    return paired_difference(found.on[complete, 0] > 0, found.off[complete, 0] > 0, CERTAINTY)


def by_replicate(values: np.ndarray) -> np.ndarray:
    """Return the mean of each replicate over what is there; NaN where nothing is, (replicates,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing
        return np.asarray(np.nanmean(values, axis=1)) if values.size else np.empty(0)


def means(found: Contrast) -> tuple[float, float]:
    """Return the mean with and without, averaged as the effect is: it is their difference.

    NaN where nothing is compared, or nothing is there.
    """
    on, off = _pairs(found)
    return _mean(on), _mean(off) if found.compared else math.nan


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan


def _pairs(found: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean with and without (0, if nothing is compared) of each replicate with both."""
    on = by_replicate(found.on)
    off = by_replicate(found.off) if found.compared else np.zeros_like(on)
    there = ~np.isnan(on) & ~np.isnan(off)
    return on[there], off[there]


def narrowing(found: Contrast) -> float:
    """Return the width of the paired interval as a share of that without common luck.

    Without it the variances of both means would add up. NaN where nothing varies or nothing
    is compared.
    """
    on, off = _pairs(found)
    if len(on) < 2 or not found.compared:
        return math.nan
    apart = float(on.var() + off.var())
    return math.sqrt(float((on - off).var()) / apart) if apart > 0 else math.nan


def evaluate(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> dict[str, Any]:
    """Return the effect, its interval and the verdict, from all replicates there are.

    With fewer than `LEAST_REPLICATES` the effect is reported, and undecided.

    Parameters
    ----------
    estimand
        What is compared.
    runs
        Finished runs of its part.
    outcome
        Its outcome, or emergence by another definition.

    Returns
    -------
    effect, low, high, verdict, replicates, pairs (of a replicate), on, off (means), narrowing.
    """
    found = contrast(estimand, runs, outcome)
    effect, low, high = estimate(found)
    replicates = runs["replicate"].nunique()
    verdict = judge(low, high, estimand.materiality)
    on, off = means(found)
    return {
        "effect": effect, "low": low, "high": high,
        "verdict": verdict if replicates >= LEAST_REPLICATES else Verdict.UNDECIDED,
        "replicates": replicates, "pairs": found.on.shape[1],
        "on": on, "off": off, "narrowing": narrowing(found),
    }  # fmt: skip


# -- tables ----------------------------------------------------------------------------------------

COLUMNS = [
    "claim", "branch", "estimand", "label", "headline", "definition", "outcome", "unit",
    "materiality", "experiment", "part", "effect", "low", "high", "verdict", "replicates", "pairs",
    "on", "off", "narrowing",
]  # fmt: skip
OF_ESTIMANDS = (
    "claim", "branch", "label", "headline", "outcome", "materiality", "experiment", "part",
)  # fmt: skip


def effects_table(
    estimands: Sequence[Estimand], results: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return all effects by which claims are judged, under every definition of emergence.

    Parameters
    ----------
    estimands
        From `estimands.estimands`.
    results
        The runs by experiment; experiments may be missing.

    Returns
    -------
    A row an estimand and definition (`COLUMNS`); the definition is empty for outcomes other than
    emergence, and ``emerged`` for the default.
    """
    rows = []
    for each in estimands:
        runs = of_part(each, results.get(each.experiment, _NONE), each.part)
        for outcome in definitions(each):
            row: dict[str, Any] = {"verdict": Verdict.NOT_RUN}
            if len(runs) and outcome in runs:
                row |= evaluate(each, runs, outcome)
            row |= {name: getattr(each, name) for name in OF_ESTIMANDS}
            row |= {"estimand": each.name, "unit": each.unit.value}
            rows.append(row | {"definition": outcome if each.of_emergence else ""})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"verdict": str})


def definitions(estimand: Estimand) -> list[str]:
    """Return the outcome columns an estimand is evaluated for, its own first."""
    return list(DEFINITIONS) if estimand.of_emergence else [estimand.outcome]


def claims_table(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict on each claim, and on emergence under every definition of it.

    Parameters
    ----------
    effects
        From `effects_table`.

    Returns
    -------
    A row a claim, or a branch of it: claim (C7a), verdict (of its headline effects), and a column
    for each definition of emergence: the verdict on its headline effects on emergence under it, or
    else on those that stand beside; empty where it has none.
    """
    rows = []
    for claim, table in effects.groupby(effects["claim"] + effects["branch"], sort=False):
        decisive = table["headline"].astype(bool)
        own = table["definition"].isin(["", EMERGED])
        row = {"claim": claim, "verdict": str(_together(table[decisive & own]))}
        for name in DEFINITIONS:
            chosen = table[table["definition"] == name]
            headlines = chosen[chosen["headline"].astype(bool)]
            chosen = headlines if len(headlines) else chosen
            row[name] = str(_together(chosen)) if len(chosen) else ""
        rows.append(row)
    return pd.DataFrame(rows, columns=["claim", "verdict", *DEFINITIONS])


def _together(effects: pd.DataFrame) -> Verdict:
    return together([Verdict(found) for found in effects["verdict"]])


_NONE = pd.DataFrame({"part": pd.Series(dtype=str)})
