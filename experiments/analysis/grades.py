"""How far the movement came, and how those with different goals judge the same outcome (C9)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.intervals import clustered_mean
from experiments.analysis.tables import finished, groups
from sim.outcome import Grade

GRADES = tuple(grade.name.lower() for grade in Grade)
GOALS = {
    "satisfaction_convert": "convert this firm",
    "satisfaction_spread": "spread platform cooperativism",
    "satisfaction_promote": "promote cooperatives",
}
"""Outcome columns with the satisfaction of those who took part, weighted by a goal, in [−1, 1]."""


def grades(runs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the share of runs with each grade for each combination of some columns.

    Returns
    -------
    A row a combination and grade, lowest grade first: the columns, grade, share, low, high (over
    replicates, whose runs share their luck), runs (of the combination).
    """
    rows = []
    for own, group in groups(finished(runs), by, sort=False):
        for grade in GRADES:
            share = clustered_mean(group["grade"] == grade, group["replicate"], True)
            row = own | {"grade": grade, "runs": len(group)}
            rows.append(row | share.columns("share"))
    return pd.DataFrame(rows, columns=[*by, "grade", "share", "low", "high", "runs"])


def outcomes_by_goal(runs: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return how often each graded outcome comes about, and how satisfied each goal is with it.

    Replicates share their luck, so the intervals are over the means of replicates.

    Parameters
    ----------
    runs
        Finished runs with ``grade`` and the satisfactions.
    by
        Columns by which variants differ.

    Returns
    -------
    A row a variant, grade that came about and goal: the columns ``by``, grade, goal, share (of the
    variant's runs), share_low, share_high, satisfaction (mean over runs in which somebody took
    part), low, high, runs (of this grade).
    """
    runs, rows = finished(runs), []
    shares = grades(runs, by)
    for known in shares[shares["share"] > 0].to_dict("records"):
        own = {name: known[name] for name in (*by, "grade")}
        is_own = (runs[list(own)] == pd.Series(own)).all(axis=1)
        for column, goal in GOALS.items():
            felt = clustered_mean(runs.loc[is_own, column], runs["replicate"], False).within(-1, 1)
            row = own | {"goal": goal, "share": known["share"]}
            row |= {"share_low": known["low"], "share_high": known["high"]}
            rows.append(row | {"runs": int(is_own.sum())} | felt.columns("satisfaction"))
    columns = ["share", "share_low", "share_high", "satisfaction", "low", "high", "runs"]
    return pd.DataFrame(rows, columns=[*by, "grade", "goal", *columns])
