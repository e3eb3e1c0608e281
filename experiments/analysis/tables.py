"""What the tables of runs have in common: parts, finished runs, conditions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

CONDITION = "condition."


def part(runs: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the runs of one part of an experiment; empty if it has no such part."""
    return runs[runs["part"] == name]


def finished(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that did not fail."""
    if "error" not in runs:
        return runs
    return runs[runs["error"].fillna("") == ""]


def conditions_of(runs: pd.DataFrame) -> list[str]:
    """Return the conditions (without the prefix) that are both on and off in these runs."""
    columns = [column for column in runs if column.startswith(CONDITION)]
    return [c.removeprefix(CONDITION) for c in columns if runs[c].dropna().nunique() == 2]


def held(runs: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Return which of the conditions hold in each run, as 0 and 1, a column a condition."""
    columns = [CONDITION + name for name in conditions]
    return runs[columns].astype(np.int64).set_axis(list(conditions), axis=1)


def combinations(conditions: Sequence[str]) -> list[tuple[int, ...]]:
    """Return all combinations of conditions, none first, the last condition changing fastest."""
    return list(itertools.product((0, 1), repeat=len(conditions)))


def by_replicate(runs: pd.DataFrame, conditions: Sequence[str], column: str) -> np.ndarray:
    """Return a column by replicate and combination, (replicates, 2, 2, ...), an axis a condition.

    Replicates that lack a combination (a run failed, or is still to come) are left out, since
    differences are taken within a replicate.
    """
    runs = finished(runs)
    levels = held(runs, conditions).to_numpy()
    place = levels @ (2 ** np.arange(len(conditions))[::-1])
    wide = (
        pd.DataFrame(
            {
                "replicate": runs["replicate"].to_numpy(),
                "place": place,
                "value": runs[column].astype(float).to_numpy(),
            }
        )
        .groupby(["replicate", "place"])["value"]
        .mean()
        .unstack("place")
        .reindex(columns=range(2 ** len(conditions)))
        .dropna()
    )
    return wide.to_numpy(dtype=float).reshape(len(wide), *[2] * len(conditions))


def within_replicates(cube: np.ndarray) -> np.ndarray:
    """Return the mean of each replicate over all other axes, (replicates,)."""
    return np.asarray(cube.mean(axis=tuple(range(1, cube.ndim))))
