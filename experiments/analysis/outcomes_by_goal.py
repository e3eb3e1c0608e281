"""How those with different goals judge the same outcome (C9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import clustered_share, mean_difference
from experiments.analysis.tables import finished
from sim.outcome import Grade

GRADES = tuple(grade.name.lower() for grade in Grade)
GOALS = {
    "satisfaction_convert": "convert this firm",
    "satisfaction_spread": "spread platform cooperativism",
    "satisfaction_promote": "promote cooperatives",
}
"""Outcome columns with the satisfaction of those who took part, weighted by a goal, in [−1, 1]."""


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
    runs = finished(runs)
    rows = []
    variants = runs.groupby(list(by), sort=False) if by else [((), runs)]
    for key, variant in variants:
        known = dict(zip(by, key, strict=True))
        each = int(variant.groupby("replicate").size().max())
        for grade in [name for name in GRADES if (variant["grade"] == name).any()]:
            graded = (variant["grade"] == grade).groupby(variant["replicate"]).mean()
            share, share_low, share_high = clustered_share(graded, each)
            of_grade = variant[variant["grade"] == grade]
            for column, goal in GOALS.items():
                felt = of_grade[column].groupby(of_grade["replicate"]).mean().to_numpy(dtype=float)
                mean, low, high = mean_difference(felt)
                row = known | {"grade": grade, "goal": goal}
                row |= {"share": share, "share_low": share_low, "share_high": share_high}
                row |= {"satisfaction": mean, "low": np.maximum(low, -1.0)}
                rows.append(row | {"high": np.minimum(high, 1.0), "runs": len(of_grade)})
    columns = ["share", "share_low", "share_high", "satisfaction", "low", "high", "runs"]
    return pd.DataFrame(rows, columns=[*by, "grade", "goal", *columns])
