"""How what came out on several sides differs from the first, at the points that agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.intervals import (
    Estimate,
    clustered_mean,
    independent_difference,
    paired_difference,
)
from experiments.analysis.tables import groups
from experiments.analysis.variants import OUTCOMES
from sim.outcome import Grade

SIDE, PLACE = "label", "place"
"""Columns of matched runs: whose run it is, and the number of the point."""

COLUMNS = [
    SIDE, "mean", "low", "high", "difference", "difference_low", "difference_high", "runs", "pairs",
]  # fmt: skip
"""Of a table of differences: a side's own value, and its difference from the first side."""

DECIMALS = 3  # of outcomes, as a published summary keeps them


class Matched(NamedTuple):
    """Runs of all sides at the points that agree."""

    part: str  # of the experiment; empty if the sides are matched whatever the part
    axes: list[str]  # columns that tell the points apart: what varies, conditions
    runs: pd.DataFrame  # SIDE, PLACE, axes, seed, outcomes; point and replicate of the side
    points: int  # that agree

    @property
    def sides(self) -> list[str]:
        """The sides in their order."""
        return list(dict.fromkeys(self.runs[SIDE]))


def is_paired(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether two sides share their luck: half of the seeds of the smaller or more are common."""
    seeds = set(first["seed"]), set(second["seed"])
    common = len(seeds[0] & seeds[1])
    return common > 1 and 2 * common >= min(map(len, seeds))


def outcomes(matched: Matched) -> pd.DataFrame:
    """Return each outcome on each side and its difference from the first, over all points.

    The runs of a seed share their luck, so they are averaged first and the intervals are over
    seeds. Where luck is shared, differences are taken at the same point with the same seed: at a
    single point by the interval of Bonett & Price for what happens or not, else by t intervals
    over seeds. Else the intervals of the sides are combined (Newcombe's, for shares of runs).

    Returns
    -------
    A row an outcome and side: outcome, label, mean, low, high, difference, difference_low,
    difference_high (NaN for the first side), runs, pairs (seeds with a pair; 0: not paired).
    An outcome that is the same in all runs is left out.
    """
    runs = matched.runs
    telling = [name for name in OUTCOMES if name in runs and runs[name].nunique() > 1]
    rows = [row for name in telling for row in _rows(matched, name)]
    return pd.DataFrame(rows, columns=["outcome", *COLUMNS])


def emergence(matched: Matched, by: Sequence[str]) -> pd.DataFrame:
    """Return the share of runs with a movement on each side, and its difference from the first.

    Returns
    -------
    A row a combination of the columns `by` and a side: the columns, then those of `outcomes`.
    """
    rows = []
    for values, runs in groups(matched.runs, by):
        here = matched._replace(runs=runs)
        if here.sides == matched.sides:
            rows += [values | row for row in _rows(here, "emerged")]
    return pd.DataFrame(rows, columns=[*by, *COLUMNS])


def _rows(matched: Matched, outcome: str) -> list[dict[str, Any]]:
    """Return a row a side."""
    binary = pd.api.types.is_bool_dtype(matched.runs[outcome].dtype)
    values = matched.runs.assign(value=matched.runs[outcome].astype(float))
    values = values[[SIDE, PLACE, "seed", "value"]]
    sides = {name: of.dropna() for name, of in values.groupby(SIDE, sort=False)}
    alone = {name: clustered_mean(of["value"], of["seed"], binary) for name, of in sides.items()}
    first, rows = matched.sides[0], []
    for name in matched.sides:
        row = {"outcome": outcome, SIDE: name, "runs": len(sides[name]), "pairs": 0}
        row |= alone[name].columns("mean")
        if name != first:
            found, row["pairs"] = _difference(sides, first, name, alone, binary)
            row |= found.columns("difference", "difference_")
        rows.append(row)
    return rows


def _difference(
    sides: Mapping[str, pd.DataFrame],
    first: str,
    name: str,
    alone: Mapping[str, Estimate],
    binary: bool,
) -> tuple[Estimate, int]:
    """Return the difference from the first side, and over how many seeds it was paired."""
    if not is_paired(sides[name], sides[first]):
        bound = 1.0 if binary else np.inf
        return independent_difference(alone[name], alone[first], bound), 0
    both = sides[name].merge(sides[first], on=[PLACE, "seed"], suffixes=("", "_first"))
    if both.empty:
        return Estimate(np.nan, np.nan, np.nan), 0
    if binary and both[PLACE].nunique() == 1:
        return paired_difference(both["value"], both["value_first"]), len(both)
    changes = both["value"] - both["value_first"]
    return clustered_mean(changes, both["seed"], binary, True), both["seed"].nunique()


def same_runs(matched: Matched) -> bool:
    """Whether every run came out the same on all sides, to what a published summary keeps."""
    runs = matched.runs.set_index([PLACE, "seed"]).sort_index()
    first, *others = (runs[runs[SIDE] == name] for name in matched.sides)
    measured = [name for name in OUTCOMES if name in runs]
    return all(
        first.index.equals(other.index)
        and bool((first["grade"] == other["grade"]).all())
        and np.allclose(
            first[measured].astype(float), other[measured].astype(float),
            rtol=0, atol=10.0**-DECIMALS, equal_nan=True,
        )
        for other in others
    )  # fmt: skip


# -- grades and weeks ------------------------------------------------------------------------------


def grades(matched: Matched) -> pd.DataFrame:
    """Return the share of runs of each grade on each side, the lowest grade first.

    Returns
    -------
    A row a grade and side: grade, label, mean, low, high, difference …, as of `outcomes`.
    """
    rows = []
    for grade in Grade:
        name = grade.name.lower()
        reached = matched.runs.assign(**{name: matched.runs["grade"] == name})
        rows += _rows(matched._replace(runs=reached), name)
    return pd.DataFrame(rows).rename(columns={"outcome": "grade"})[["grade", *COLUMNS]]
