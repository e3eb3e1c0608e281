"""The course of the weeks in each arm: the middle of the runs, and how far they spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.tables import finished

QUANTILES = {"low_90": 0.05, "low_50": 0.25, "median": 0.5, "high_50": 0.75, "high_90": 0.95}
"""Ends of the bands that hold the middle 90 and 50 % of the runs of a week."""


def trajectories(
    weekly: pd.DataFrame, runs: pd.DataFrame, series: Sequence[str], by: str = "label"
) -> pd.DataFrame:
    """Return for each arm, series and week the quantiles over its runs.

    Parameters
    ----------
    weekly
        A row a run and week, with point, replicate, week and the series.
    runs
        A row a run, with point, replicate and the column ``by``.
    series
        Weekly columns.
    by
        The column by which the variants differ.

    Returns
    -------
    A row an arm, series and week: arm, series, week, low_90, low_50, median, high_50, high_90
    (NaN where no run has a value), runs. Arms in the order of the runs.
    """
    runs = finished(runs)
    arms = runs[["point", "replicate", by]].drop_duplicates(["point", "replicate"])
    weeks = int(weekly["week"].max()) + 1 if len(weekly) else 0
    found = pd.MultiIndex.from_frame(arms[["point", "replicate"]]).get_indexer(
        pd.MultiIndex.from_frame(weekly[["point", "replicate"]])
    )
    week, known = weekly["week"].to_numpy(dtype=int), found >= 0
    there = np.zeros(len(arms), dtype=bool)
    there[found[known]] = True
    of_arm = arms[by].to_numpy()
    tables = []
    for name in series:
        values = np.full((len(arms), weeks), np.nan)
        values[found[known], week[known]] = weekly[name].to_numpy(dtype=float)[known]
        for arm in arms[by].unique():
            chosen = values[(of_arm == arm) & there]
            if not len(chosen):
                continue
            table = pd.DataFrame({"arm": arm, "series": name, "week": np.arange(weeks)})
            table[list(QUANTILES)] = _quantiles(chosen).T
            tables.append(table.assign(runs=len(chosen)))
    if not tables:
        return pd.DataFrame(columns=["arm", "series", "week", *QUANTILES, "runs"])
    return pd.concat(tables, ignore_index=True)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Return the quantiles of each week, (quantiles, weeks)."""
    levels = list(QUANTILES.values())
    if not np.isnan(values).any():
        return np.asarray(np.quantile(values, levels, axis=0))
    result = np.full((len(levels), values.shape[1]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    result[:, some] = np.nanquantile(values[:, some], levels, axis=0)
    return result
