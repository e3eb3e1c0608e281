"""Whether the model contradicts a claim at the point where that was thought possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.effects import MATERIAL
from experiments.analysis.intervals import LEVEL, Estimate, mean_difference, paired_difference
from experiments.analysis.tables import finished

ON, OFF = "on", "off"
CONTRADICTED, NO_EFFECT = "contradicted", "no material effect"
HOLDS, OPEN = "holds here", "undecided"
FAILS = (CONTRADICTED, NO_EFFECT)
"""Verdicts under which a claim fails at its point."""


def contradictions(
    runs: pd.DataFrame, claims: Mapping[str, Mapping[str, Any]], level: float = LEVEL
) -> pd.DataFrame:
    """Return for each claim what the model does at its point.

    Runs with and without what the claim is about are paired by replicate. A claim is *contradicted*
    at its point if the whole interval lies below minus what is material: the effect is the
    opposite. It has *no material effect* if the interval stays below what is material without
    being the opposite. A claim with a ``level`` instead of a contrast is contradicted if the mean
    of the outcome is certain to stay below it.

    Parameters
    ----------
    runs
        The runs of the points: ``part`` is the claim, ``label`` is on or off.
    claims
        By claim: ``outcome``, and ``materiality`` or ``level``.
    level
        Confidence.

    Returns
    -------
    A row a claim: claim, outcome, off, on (means), effect, low, high, least (what would be
    material), verdict, replicates.
    """
    runs = finished(runs)
    rows = []
    for claim, about in claims.items():
        outcome = about["outcome"]
        of_claim = runs[(runs["part"] == claim) & runs["label"].isin([ON, OFF])]
        if of_claim.empty:
            continue
        # Some outcomes are missing by nature: nobody took part, so nobody was satisfied.
        values = of_claim[outcome].astype(float)
        both = values.groupby([of_claim["replicate"], of_claim["label"]]).mean().unstack("label")
        if "level" in about:
            least = float(about["level"])
            estimate = mean_difference(both[ON].to_numpy(), level)
            replicates = int(both[ON].notna().sum())
        else:
            least = float(about.get("materiality", MATERIAL))
            both = both.dropna()
            estimate = _effect(both, of_claim[outcome].dtype, level)
            replicates = len(both)
        off = float(both[OFF].mean()) if OFF in both else np.nan
        rows.append(
            {"claim": claim, "outcome": outcome, "off": off, "on": float(both[ON].mean())}
            | {"effect": estimate.value, "low": estimate.low, "high": estimate.high}
            | {"least": least, "replicates": replicates}
            | {"verdict": _verdict(estimate, least, opposite=least if "level" in about else -least)}
        )
    names = ["claim", "outcome", "off", "on", "effect", "low", "high", "least", "verdict"]
    return pd.DataFrame(rows, columns=[*names, "replicates"])


def _effect(both: pd.DataFrame, kind: Any, level: float) -> Estimate:
    if pd.api.types.is_bool_dtype(kind):
        return paired_difference(both[ON] > 0, both[OFF] > 0, level)
    return mean_difference((both[ON] - both[OFF]).to_numpy(), level)


def _verdict(estimate: Estimate, least: float, opposite: float) -> str:
    """Return the verdict; ``opposite`` is the effect below which a claim is turned around."""
    if estimate.high < opposite:
        return CONTRADICTED
    if estimate.high < least:
        return NO_EFFECT
    return HOLDS if estimate.low >= least else OPEN
