"""The course of the weeks in each variant: the middle of the runs, and how far they spread."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.tables import finished
from experiments.analysis.variants import VARIANT

QUANTILES = {"low_90": 0.05, "low_50": 0.25, "median": 0.5, "high_50": 0.75, "high_90": 0.95}
"""Ends of the bands that hold the middle 90 and 50 % of the runs of a week."""


def trajectories(weekly: pd.DataFrame, runs: pd.DataFrame, series: Sequence[str]) -> pd.DataFrame:
    """Return for each variant, series and week the quantiles over its runs.

    Parameters
    ----------
    weekly
        A row a run and week, with point, replicate, week and the series.
    runs
        A row a run, with point, replicate and label: its variant.
    series
        Weekly columns.

    Returns
    -------
    A row a variant, series and week: label, series, week, low_90, low_50, median, high_50, high_90
    (NaN where no run has a value), runs. Variants in the order of the runs.
    """
    keys = ["point", "replicate"]
    runs = finished(runs)[[*keys, VARIANT]].drop_duplicates(keys)
    known = runs.merge(weekly[[*keys, "week", *series]], on=keys)
    weeks = pd.RangeIndex(int(weekly["week"].max()) + 1 if len(weekly) else 0, name="week")
    tables = [pd.DataFrame(columns=[VARIANT, "series", "week", *QUANTILES, "runs"])]
    for name in series:
        for variant, own in known.groupby(VARIANT, sort=False):
            table = own.groupby("week")[name].quantile(list(QUANTILES.values())).unstack()
            table = table.set_axis(list(QUANTILES), axis=1).reindex(weeks).reset_index()
            about = {VARIANT: variant, "series": name, "runs": own.groupby(keys).ngroups}
            tables.append(table.assign(**about)[tables[0].columns])
    return pd.concat(tables[1:], ignore_index=True) if len(tables) > 1 else tables[0]
