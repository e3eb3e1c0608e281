"""How far the movement came: the share of each grade of outcome along a parameter."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.intervals import clustered_share
from experiments.analysis.outcomes_by_goal import GRADES
from experiments.analysis.tables import finished


def grades(runs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the share of runs with each grade for each combination of some columns.

    Returns
    -------
    A row a combination and grade, lowest grade first: the columns, grade, share, low, high (over
    replicates, whose runs share their luck), runs (of the combination).
    """
    rows = []
    for key, group in finished(runs).groupby(list(by), sort=False):
        each = int(group.groupby("replicate").size().max())
        for grade in GRADES:
            of_replicates = (group["grade"] == grade).groupby(group["replicate"]).mean()
            share, low, high = clustered_share(of_replicates, each)
            row = dict(zip(by, key, strict=True)) | {"grade": grade, "share": share}
            rows.append(row | {"low": low, "high": high, "runs": len(group)})
    return pd.DataFrame(rows, columns=[*by, "grade", "share", "low", "high", "runs"])
