"""The verdict on a claim: supported, contradicted, no material effect, or undecided.

An effect is looked at after 50, 100, 200 … 3,200 replicates, and the verdict is that of the first
look that decides. Looking again and again until something is seen raises the chance of seeing what
is not there; so every look asks for z = 2.81 instead of 1.96. An effect that is exactly at the
threshold is then called more or less than material in under 2 % of cases each, over all looks (in
3 % where hardly any pair differs; simulated in the tests).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from experiments.analysis import critical_cost
from experiments.analysis.effects import DEFINITIONS
from experiments.analysis.intervals import (
    Estimate,
    clustered_difference,
    mean_difference,
    paired_difference,
)
from experiments.claims.estimands import (
    EMERGED,
    NO_CONTRAST,
    Contrast,
    Estimand,
    Kind,
    contrast,
    of_part,
)

LOOKS = (50, 100, 200, 400, 800, 1600, 3200)
"""Replicates after which an effect is looked at."""

Z = 2.81
CERTAINTY = float(2 * ndtr(Z) - 1)
"""Confidence of the interval of a look."""


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
    found = set(verdicts)
    for verdict in (Verdict.NOT_RUN, Verdict.CONTRADICTED, Verdict.NO_EFFECT, Verdict.UNDECIDED):
        if verdict in found:
            return verdict
    return Verdict.SUPPORTED if found else Verdict.NOT_RUN


# -- effects ---------------------------------------------------------------------------------------


def estimate(found: Contrast, level: float = CERTAINTY) -> Estimate:
    """Return the effect and its interval.

    For an outcome that is yes or no the interval of Bonett & Price, over replicates where one has
    several pairs; for a measured outcome a t interval over replicates.
    """
    if not found.compared:
        return mean_difference(by_replicate(found.on), level)
    differences = by_replicate(found.on - found.off)
    differences = differences[~np.isnan(differences)]
    if not found.binary:
        return mean_difference(differences, level)
    if found.on.shape[1] > 1:
        return clustered_difference(differences, found.on.shape[1], level)
    complete = ~np.isnan(found.on[:, 0])
    return paired_difference(found.on[complete, 0] > 0, found.off[complete, 0] > 0, level)


def by_replicate(values: np.ndarray) -> np.ndarray:
    """Return the mean of each replicate over what is there; NaN where nothing is, (replicates,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing
        return np.asarray(np.nanmean(values, axis=1)) if values.size else np.empty(0)


def means(found: Contrast) -> tuple[float, float]:
    """Return the mean with and without, averaged as the effect is: it is their difference.

    NaN where nothing is compared, or nothing is there.
    """
    if not found.compared:
        on = by_replicate(found.on)
        on, off = on[~np.isnan(on)], np.empty(0)
    else:
        on, off = _pairs(found)
    return _mean(on), _mean(off)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan


def _pairs(found: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean with and without of each replicate that has both."""
    if not found.compared:
        return np.empty(0), np.empty(0)
    on, off = by_replicate(found.on), by_replicate(found.off)
    there = ~np.isnan(on) & ~np.isnan(off)
    return on[there], off[there]


def narrowing(found: Contrast) -> float:
    """Return the width of the paired interval as a share of that without common luck.

    Without it the variances of both means would add up. NaN where nothing varies or nothing
    is compared.
    """
    on, off = _pairs(found)
    if len(on) < 2:
        return math.nan
    apart = float(on.var() + off.var())
    return math.sqrt(float((on - off).var()) / apart) if apart > 0 else math.nan


Costs = dict[tuple[Any, ...], pd.DataFrame]
"""Tables of critical costs, of which one serves several estimands, by what they were made from."""


def evaluate(
    estimand: Estimand, runs: pd.DataFrame, outcome: str, costs: Costs | None = None
) -> dict[str, Any]:
    """Return the effect, its interval and the verdict, at the first look that decides.

    Without enough replicates for the first look the effect is reported, and undecided.

    Parameters
    ----------
    estimand
        What is compared.
    runs
        Finished runs of its part.
    outcome
        Its outcome, or emergence by another definition.
    costs
        Tables of critical costs made before, to which those made now are added.

    Returns
    -------
    effect, low, high, verdict, look (replicates looked at), replicates (there are), pairs (of a
    replicate), on, off (means), narrowing.
    """
    there = np.sort(runs["replicate"].unique())
    looks = [look for look in LOOKS if look <= len(there)]
    row: dict[str, Any] = {}
    for look, value, seen in _estimates(estimand, runs, outcome, there, looks, costs):
        row = {"effect": value.value, "low": value.low, "high": value.high}
        row["verdict"] = judge(value.low, value.high, estimand.materiality)
        row |= {"look": look, "replicates": len(there), "pairs": seen.on.shape[1]}
        on, off = means(seen)
        row |= {"on": on, "off": off, "narrowing": narrowing(seen)}
        if not looks:
            row["verdict"] = Verdict.UNDECIDED
        if row["verdict"] is not Verdict.UNDECIDED:
            break
    return row


def _estimates(
    estimand: Estimand,
    runs: pd.DataFrame,
    outcome: str,
    there: np.ndarray,
    looks: Sequence[int],
    costs: Costs | None,
) -> Iterator[tuple[int, Estimate, Contrast]]:
    """Yield the number of replicates, the effect, and the contrast (empty for critical costs)."""
    whole = contrast(estimand, runs, outcome) if estimand.kind in _SLICED else None
    for look in looks or [len(there)]:
        first = runs if look == len(there) else runs[runs["replicate"].isin(there[:look])]
        if estimand.kind is Kind.CRITICAL_COSTS:
            key = (estimand.experiment, estimand.part, *estimand.among, outcome, look)
            costs = {} if costs is None else costs
            if key not in costs:
                costs[key] = critical_cost.conjunction(
                    first, estimand.among, outcome, level=CERTAINTY
                ).set_index("quantity")
            found = costs[key].loc[estimand.name, ["value", "low", "high"]]
            yield look, Estimate(*map(float, found)), NO_CONTRAST
            continue
        seen = contrast(estimand, first, outcome) if whole is None else _first(whole, look)
        yield look, estimate(seen), seen


_SLICED = (Kind.DIFFERENCE, Kind.LEVEL)  # more replicates only add to them


def _first(found: Contrast, replicates: int) -> Contrast:
    return Contrast(found.on[:replicates], found.off[:replicates], found.binary)


# -- tables ----------------------------------------------------------------------------------------

COLUMNS = [
    "claim", "branch", "estimand", "label", "headline", "definition", "outcome", "unit",
    "materiality", "experiment", "part", "effect", "low", "high", "verdict", "look", "replicates",
    "pairs", "on", "off", "narrowing",
]  # fmt: skip


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
    costs: Costs = {}
    for each in estimands:
        runs = of_part(each, results.get(each.experiment, _NONE), each.part)
        for outcome in definitions(each):
            row: dict[str, Any] = {"verdict": Verdict.NOT_RUN}
            if len(runs) and outcome in runs:
                row |= evaluate(each, runs, outcome, costs)
            row |= {"claim": each.claim, "branch": each.branch}
            row |= {"estimand": each.name, "label": each.label}
            row |= {"headline": each.headline, "unit": each.unit.value, "outcome": each.outcome}
            row |= {"definition": outcome if each.of_emergence else ""}
            row |= {"materiality": each.materiality}
            rows.append(row | {"experiment": each.experiment, "part": each.part})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"verdict": str})


def definitions(estimand: Estimand) -> list[str]:
    """Return the outcome columns an estimand is evaluated for, its own first."""
    return list(DEFINITIONS) if estimand.of_emergence else [estimand.outcome]


def claims_table(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict on each claim, under every definition of emergence it depends on.

    Parameters
    ----------
    effects
        From `effects_table`.

    Returns
    -------
    A row a claim, or a branch of it: claim (C7a), verdict, and one column for each other definition
    of emergence (the verdict under it; the default's where the claim does not depend on it).
    """
    rows = []
    others = [name for name in DEFINITIONS if name != EMERGED]
    decisive = effects[effects["headline"].astype(bool)]
    for claim, table in decisive.groupby(decisive["claim"] + decisive["branch"], sort=False):
        row = {"claim": claim}
        for name in (EMERGED, *others):
            chosen = table[table["definition"].isin(["", name])]
            verdict = together([Verdict(found) for found in chosen["verdict"]])
            row["verdict" if name == EMERGED else name] = str(verdict)
        rows.append(row)
    return pd.DataFrame(rows, columns=["claim", "verdict", *others])


_NONE = pd.DataFrame({"part": pd.Series(dtype=str)})
