"""Whether the model contradicts a claim at the point where that was thought possible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.effects import MATERIAL
from experiments.analysis.intervals import LEVEL, Estimate, mean_difference, paired_difference
from experiments.analysis.tables import finished

LABEL = re.compile(r"(?P<claim>C\d+[a-z]?)\W+(?P<arm>on|off)\b")
"""How the runs of a claim's point are labelled: ``C1 on``, ``C1 off``."""

CONTRADICTED, HOLDS, OPEN = "contradicted", "not contradicted", "undecided"


def contradictions(
    runs: pd.DataFrame, claims: Mapping[str, Mapping[str, Any]], level: float = LEVEL
) -> pd.DataFrame:
    """Return for each claim what the model does at its point.

    Runs with and without what the claim is about are paired by replicate. A claim is contradicted
    at its point if the effect is certain to stay below what is material: it is the opposite, or
    nothing to speak of. A claim with a ``level`` instead of a contrast is contradicted if the mean
    of the outcome is certain to stay below it.

    Parameters
    ----------
    runs
        The runs of the points, with a column ``label`` such as ``C1 on``.
    claims
        By claim: ``outcome``, ``materiality`` or ``level``.
    level
        Confidence.

    Returns
    -------
    A row a claim: claim, outcome, off, on (means), effect, low, high, least (what would be
    material), verdict, replicates.
    """
    found = finished(runs)
    marks = found["label"].astype(str).str.extract(LABEL)
    rows = []
    for claim, about in claims.items():
        of_claim = found[(marks["claim"] == claim)]
        arm = marks["arm"][of_claim.index]
        outcome = about["outcome"]
        if of_claim.empty or outcome not in found:
            continue
        values = of_claim[outcome].astype(float)
        by_arm = {
            name: values[arm == name].groupby(of_claim["replicate"][arm == name]).mean()
            for name in ("on", "off")
        }
        if "level" in about:
            least = float(about["level"])
            estimate = mean_difference(by_arm["on"].to_numpy(), level)
            off, replicates = np.nan, len(by_arm["on"])
        else:
            least = float(about.get("materiality", MATERIAL))
            both = pd.concat(by_arm, axis=1).dropna()
            estimate = _effect(both, found[outcome].dtype, level)
            off, replicates = _mean(by_arm["off"]), len(both)
        rows.append(
            {"claim": claim, "outcome": outcome, "off": off, "on": _mean(by_arm["on"])}
            | {"effect": estimate.value, "low": estimate.low, "high": estimate.high}
            | {"least": least, "verdict": _verdict(estimate, least), "replicates": replicates}
        )
    names = ["claim", "outcome", "off", "on", "effect", "low", "high", "least", "verdict"]
    return pd.DataFrame(rows, columns=[*names, "replicates"])


def _effect(both: pd.DataFrame, kind: Any, level: float) -> Estimate:
    if pd.api.types.is_bool_dtype(kind):
        return paired_difference(both["on"] > 0, both["off"] > 0, level)
    return mean_difference((both["on"] - both["off"]).to_numpy(), level)


def _verdict(estimate: Estimate, least: float) -> str:
    if estimate.high < least:
        return CONTRADICTED
    return HOLDS if estimate.low > least else OPEN


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else np.nan
