"""Variants of an experiment side by side: what came out, and what differs from the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.intervals import (
    Estimate,
    clustered_mean,
    two_way_mean,
)
from experiments.analysis.samples import SAMPLE
from experiments.analysis.tables import finished
from experiments.design.reading import HISTORY
from sim.parameters import declarations

OUTCOMES = (
    "emerged", "log_organisers", "peak_share", "awareness_gain", "commons_gain", "literacy_gain",
    "max_media", "vote_share", "spin_off", "converted", "exited_share",
)  # fmt: skip
"""What variants are compared by."""

UNBOUNDED = ("log_organisers", "max_media")
"""Those of them that are not between -1 and 1."""

VARIANT = "label"

QUANTILES = {"low_90": 0.05, "low_50": 0.25, "median": 0.5, "high_50": 0.75, "high_90": 0.95}
"""Ends of the bands that hold the middle 90 and 50 % of the runs of a week."""


def drawn_worlds(runs: pd.DataFrame) -> int:
    """Return in how many drawn worlds the variants were run; 0 if no worlds were drawn."""
    return runs.loc[runs[SAMPLE] >= 0, SAMPLE].nunique() if SAMPLE in runs else 0


def settings(runs: pd.DataFrame) -> list[str]:
    """Return what varies in the same way in every variant: what variants are averaged over.

    What was drawn makes a world (`drawn_worlds`) and is no setting.
    """
    if drawn_worlds(runs):
        runs = runs[runs[SAMPLE] == runs[SAMPLE].iloc[0]]
    names = [name for name in runs if name in declarations() or name in HISTORY]
    groups = [group for _, group in runs.groupby(VARIANT, sort=False)]
    return [
        name
        for name in names
        if runs[name].nunique() > 1
        and all(set(group[name]) == set(groups[0][name]) for group in groups)
    ]


def by_variant(runs: pd.DataFrame, outcomes: Sequence[str] = OUTCOMES) -> pd.DataFrame:
    """Return each outcome in each variant, and its difference from the first.

    Averaged over all settings within a replicate, whose runs share their luck; the intervals are
    over replicates, and if worlds were drawn over worlds and replicates
    (`experiments.analysis.intervals.two_way_mean`). Differences are taken in the same world,
    setting and replicate. An outcome that is the same in all runs is left out.

    Parameters
    ----------
    runs
        Of one part, with a column ``label``; its first value is the variant compared with.
    outcomes
        Columns.

    Returns
    -------
    A row an outcome and variant: outcome, label, mean, low, high, difference, difference_low,
    difference_high (NaN in the first variant), runs.
    """
    runs = finished(runs)
    labels = list(dict.fromkeys(runs[VARIANT]))
    worlds = [SAMPLE] if drawn_worlds(runs) else []
    keys = ["replicate", *worlds, *settings(runs)]
    rows = []
    for outcome in outcomes:
        if outcome not in runs or runs[outcome].nunique() < 2:
            continue
        highest = np.inf if outcome in UNBOUNDED else 1.0
        lowest = -highest if outcome.endswith("_gain") else 0.0
        binary = pd.api.types.is_bool_dtype(runs[outcome].dtype)
        values = runs.assign(value=runs[outcome].astype(float))
        wide = values.pivot_table(index=keys, columns=VARIANT, values="value", observed=True)
        wide = wide.reindex(columns=labels)  # a variant of which no run knows the outcome is empty
        for label in labels:
            row = {"outcome": outcome, "label": label, "runs": int((runs[VARIANT] == label).sum())}
            alone = wide[label].dropna()
            row |= _estimate(alone, binary, (lowest, highest)).columns("mean")
            both = (wide[label] - wide[labels[0]]).dropna()
            if label != labels[0]:
                ends = (-highest, highest) if binary else (lowest - highest, highest - lowest)
                row |= _estimate(both, binary, ends).columns("difference", "difference_")
            rows.append(row)
    columns = ["outcome", "label", "mean", "low", "high"]
    columns += ["difference", "difference_low", "difference_high", "runs"]
    return pd.DataFrame(rows, columns=columns)


class Contrast(NamedTuple):
    """What came out in the variants of a part, and what sets them apart from the first."""

    first: str
    idle: list[str]  # variants in which nobody ever takes part
    apart: pd.DataFrame  # rows that differ from the first for sure, the largest first
    alike: list[str]  # outcomes in which none is seen to differ, though somebody takes part


def contrast(table: pd.DataFrame) -> Contrast:
    """Return what sets variants apart, from `by_variant`.

    Without outcomes that are 0 in a variant since nobody takes part there: that is no finding. Each
    row apart also has the mean in the first variant, ``first_mean``.
    """
    first = str(table["label"].iloc[0])
    peak = table[table["outcome"] == "peak_share"]
    idle = peak.loc[peak["mean"] == 0, "label"].tolist()
    nothing = table["label"].isin(idle) & (table["mean"] == 0)
    several = table[~nothing].groupby("outcome", sort=False)["label"].nunique() > 1
    if first in idle:
        nothing |= table["outcome"].isin(table.loc[nothing, "outcome"])
    means = table[table["label"] == first].set_index("outcome")["mean"]
    apart = table.assign(first_mean=table["outcome"].map(means))[differs(table) & ~nothing]
    others = table.loc[table["difference"].notna(), "outcome"].unique()
    seen = set(apart["outcome"])
    alike = [name for name in others if name not in seen and several.get(name, False)]
    return Contrast(first, idle, largest_first(apart), alike)


def differs(table: pd.DataFrame) -> pd.Series:
    """Return which rows differ from the first variant for sure."""
    return (table["difference_low"] > 0) | (table["difference_high"] < 0)


def largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of their differences, the largest first.

    Attention and numbers of people, which no difference of shares can be compared with, come last.
    """
    comparable = ~table["outcome"].isin(UNBOUNDED)
    size = table["difference"].abs().where(comparable, -1.0)
    return table.loc[size.sort_values(ascending=False, kind="stable").index]


def _estimate(values: pd.Series, binary: bool, ends: tuple[float, float]) -> Estimate:
    if SAMPLE in values.index.names:
        cells = values.groupby(level=[SAMPLE, "replicate"]).mean().unstack("replicate")
        return two_way_mean(cells).within(*ends)
    clusters = values.index.get_level_values("replicate")
    found = clustered_mean(values, clusters, binary, ends[0] < 0)
    return found if binary else found.within(*ends)


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
