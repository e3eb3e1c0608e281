"""Variants of an experiment side by side: what came out, and what differs from the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import clustered_difference, clustered_share, two_way_mean
from experiments.analysis.intervals import mean_difference as mean_of
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
            row |= named(_estimate(alone, binary, (lowest, highest)), "mean", "")
            both = (wide[label] - wide[labels[0]]).dropna()
            if label != labels[0]:
                ends = (-highest, highest) if binary else (lowest - highest, highest - lowest)
                row |= named(_estimate(both, binary, ends), "difference", "difference_")
            rows.append(row)
    columns = ["outcome", "label", "mean", "low", "high"]
    columns += ["difference", "difference_low", "difference_high", "runs"]
    return pd.DataFrame(rows, columns=columns)


def largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of their differences, the largest first.

    Attention and numbers of people, which no difference of shares can be compared with, come last.
    """
    comparable = ~table["outcome"].isin(UNBOUNDED)
    size = table["difference"].abs().where(comparable, -1.0)
    return table.loc[size.sort_values(ascending=False, kind="stable").index]


def _estimate(
    values: pd.Series, binary: bool, ends: tuple[float, float]
) -> tuple[float, float, float]:
    lowest, highest = ends
    if SAMPLE in values.index.names:
        cells = values.groupby(level=[SAMPLE, "replicate"]).mean().unstack("replicate")
        value, low, high = two_way_mean(cells)
        return value, max(lowest, low), min(highest, high)
    groups = values.groupby(level="replicate")
    means, size = groups.mean().to_numpy(), int(groups.size().max()) if len(values) else 1
    if not len(means):
        return np.nan, np.nan, np.nan
    if binary:
        return (clustered_difference if lowest < 0 else clustered_share)(means, size)
    value, low, high = mean_of(means)
    return value, max(lowest, low), min(highest, high)


def named(estimate: tuple[float, float, float], name: str, prefix: str) -> dict[str, float]:
    """Return an estimate as the columns of a table: its value, its low and its high end."""
    return dict(zip((name, f"{prefix}low", f"{prefix}high"), estimate, strict=True))
