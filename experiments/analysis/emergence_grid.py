"""Emergence over whatever a sweep varied: the answer of a sweep without conditions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.intervals import clustered_share
from experiments.analysis.tables import CONDITION, finished


def varied(runs: pd.DataFrame) -> list[str]:
    """Return the parameters that differ between these runs, those with most values first."""
    names = [c for c in runs if "." in str(c) or c in ("horizon",) or str(c).startswith("history.")]
    names = [c for c in names if not str(c).startswith(CONDITION) and runs[c].nunique() > 1]
    return sorted(names, key=lambda name: -runs[name].nunique())


def emergence(runs: pd.DataFrame, by: Sequence[str], outcome: str = "emerged") -> pd.DataFrame:
    """Return the share of runs with an outcome for each combination of some columns.

    Returns
    -------
    A row a combination: the columns, runs, successes, share, low, high; Wilson's interval, or one
    over replicates where a replicate has several runs, which share its luck.
    """
    runs = finished(runs)
    runs = runs.assign(value=runs[outcome].astype(float), whole=0)
    keys = list(by) or ["whole"]
    each = runs.groupby([*keys, "replicate"], sort=True)["value"].agg(["size", "sum", "mean"])
    rows = []
    for key, group in each.groupby(level=keys, sort=True):
        key = key if isinstance(key, tuple) else (key,)
        size, total = int(group["size"].sum()), int(group["sum"].sum())
        _, low, high = clustered_share(group["mean"], int(group["size"].max()))
        rows.append((*key, size, total, total / size, low, high))
    names = [*keys, "runs", "successes", "share", "low", "high"]
    return pd.DataFrame(rows, columns=names).drop(columns=[] if by else ["whole"])
