"""Emergence over whatever a sweep varied: the answer of a sweep without conditions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.intervals import LEVEL, wilson
from experiments.analysis.tables import CONDITION, finished

PLACE = ("part", "label", "point", "replicate", "seed", "duration_s", "error")


def varied(runs: pd.DataFrame) -> list[str]:
    """Return the parameters that differ between these runs, those with most values first."""
    names = [c for c in runs if "." in str(c) or c in ("horizon",) or str(c).startswith("history.")]
    names = [c for c in names if not str(c).startswith(CONDITION) and runs[c].nunique() > 1]
    return sorted(names, key=lambda name: -runs[name].nunique())


def emergence(
    runs: pd.DataFrame,
    by: Sequence[str],
    outcome: str = "emerged",
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return the share of runs with an outcome for each combination of some columns.

    Returns
    -------
    A row a combination: the columns, runs, successes, share, low, high (Wilson).
    """
    runs = finished(runs)
    if not by:
        counts = pd.DataFrame({"size": [len(runs)], "sum": [runs[outcome].astype(float).sum()]})
    else:
        values = runs.assign(value=runs[outcome].astype(float)).groupby(list(by), sort=True)
        counts = values["value"].agg(["size", "sum"]).reset_index()
    table = counts.rename(columns={"size": "runs", "sum": "successes"})
    table = table.astype({"runs": int, "successes": int})
    table["share"] = table["successes"] / table["runs"]
    table["low"], table["high"] = wilson(table["successes"], table["runs"], level)
    return table
