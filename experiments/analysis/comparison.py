"""Results side by side: which of their points agree, and how what came out there differs.

Two points agree if all that either result varies has the same value in both. What is fixed in each
result, but differently, is what the comparison is about. Luck is shared where the seeds are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.intervals import (
    LEVEL,
    Estimate,
    clustered_difference,
    clustered_share,
    independent_difference,
    mean_difference,
    paired_difference,
)
from experiments.analysis.tables import CONDITION, finished
from experiments.analysis.variants import OUTCOMES
from experiments.design.experiment import HISTORY
from sim.outcome import Grade
from sim.parameters import declarations

SIDE, PLACE = "label", "place"
"""Columns of matched runs: whose run it is, and the number of the point."""

COLUMNS = [
    SIDE, "mean", "low", "high", "difference", "difference_low", "difference_high", "runs", "pairs",
]  # fmt: skip
"""Of a table of differences: a side's own value, and its difference from the first side."""

ROUNDED = 1e-4  # to which outcomes are kept in a published summary

WEEKLY = {
    "price": "share price (week 0 = 1)",
    "distress": "distress of the firm",
    "dissatisfaction": "dissatisfaction (mean)",
    "threat": "threat to democracy",
    "aware": "aware users",
    "active": "users taking part",
    "media": "attention of the media",
    "exited": "users gone to a rival",
}
"""Weekly columns that are compared, in words; all but the price are shares."""


@dataclass(frozen=True)
class Side:
    """A result as it enters a comparison, whether a sweep, its published summary or one run."""

    name: str
    base: Mapping[str, Any]  # parameters and history, by dotted name, where runs do not vary them
    runs: pd.DataFrame  # a row a run: what varies, seed, outcomes
    weekly: pd.DataFrame  # a row a run and week; empty if not recorded
    planned: int  # runs
    case: str = ""  # its name and the digest of its record
    model: str = ""  # digest of the model's sources
    commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    experiment: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)  # name: {off, on}
    command: str = ""

    @property
    def is_single(self) -> bool:
        """Whether it is one run."""
        return self.planned == 1


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


def varied(side: Side) -> dict[str, list[Any]]:
    """Return what a side varies, parameters and history, with its values in order."""
    names = [name for name in side.runs if name in declarations() or name in HISTORY]
    found = {name: values(side, name) for name in names}
    return {name: several for name, several in found.items() if len(several) > 1}


def values(side: Side, name: str) -> list[Any]:
    """Return the values of a parameter in a side's runs, in order."""
    own = list(side.runs[name].dropna().unique()) if name in side.runs else []
    return sorted(own, key=_order) or [side.base.get(name)]


def same_conditions(sides: Sequence[Side]) -> list[str]:
    """Return the conditions that all sides have and set to the same values."""
    first = sides[0].conditions
    return [
        name
        for name in first
        if all(_levels(first[name]) == _levels(side.conditions.get(name)) for side in sides)
        and all(CONDITION + name in side.runs for side in sides)
    ]


def match(sides: Sequence[Side]) -> list[Matched]:
    """Return the runs at points that agree in all sides, by part of a common experiment.

    A run that a side holds twice (the same world in two parts) counts once. Where all sides share
    their luck, only the seeds that all of them have are kept.
    """
    parts = [""]
    if len({side.experiment for side in sides}) == 1 and all("part" in s.runs for s in sides):
        common = [set(side.runs["part"]) for side in sides]
        parts = [p for p in dict.fromkeys(sides[0].runs["part"]) if all(p in c for c in common)]
    return [_matched(sides, part) for part in parts or [""]]


def _matched(sides: Sequence[Side], part: str) -> Matched:
    chosen = [finished(side.runs) for side in sides]
    if part:
        chosen = [runs[runs["part"] == part] for runs in chosen]
    conditions = same_conditions(sides)
    told = {name for c in conditions for name in _levels(sides[0].conditions[c])["on"]}
    names = dict.fromkeys(
        name
        for runs in chosen
        for name in runs
        if (name in declarations() or name in HISTORY) and name not in told
    )
    filled = [_filled(runs, side, names) for runs, side in zip(chosen, sides, strict=True)]
    fixed = [
        name
        for name in names
        if all(frame[name].nunique(dropna=False) == 1 for frame in filled if len(frame))
    ]
    axes = [name for name in names if name not in fixed]
    axes += [CONDITION + name for name in conditions]
    points = None
    for frame in filled:
        own = frame[axes].drop_duplicates() if axes else frame.iloc[:1][axes]
        points = own if points is None else points.merge(own, on=axes) if axes else own
    assert points is not None
    points = points.reset_index(drop=True).assign(**{PLACE: np.arange(len(points))})
    frames = []
    for side, frame in zip(sides, filled, strict=True):
        own = frame.merge(points, on=axes) if axes else frame.assign(**{PLACE: 0})
        frames.append(own.drop_duplicates([PLACE, "seed"]).assign(**{SIDE: side.name}))
    axes = [axis for axis in axes if points[axis].nunique() > 1]
    runs = pd.concat(_with_common_luck(frames), ignore_index=True)
    return Matched(part, axes, runs, len(points))


def _with_common_luck(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    common = frames[0]
    for frame in frames[1:]:
        if not is_paired(common, frame):
            return frames
        common = common[common["seed"].isin(frame["seed"])]
    return [frame[frame["seed"].isin(common["seed"])] for frame in frames]


def _filled(runs: pd.DataFrame, side: Side, names: Mapping[str, Any]) -> pd.DataFrame:
    """Return runs with what they do not vary as columns too, numbers as floats."""
    missing = {name: side.base.get(name) for name in names if name not in runs}
    runs = runs.assign(**missing)
    numbers = [n for n in names if pd.api.types.is_numeric_dtype(runs[n]) and runs[n].dtype != bool]
    return runs.astype(dict.fromkeys(numbers, float))


# -- differences -----------------------------------------------------------------------------------


def is_paired(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether two sides share their luck: half of the seeds of the smaller or more are common."""
    seeds = set(first["seed"]), set(second["seed"])
    common = len(seeds[0] & seeds[1])
    return common > 1 and 2 * common >= min(map(len, seeds))


def outcomes(
    matched: Matched, names: Mapping[str, str] = OUTCOMES, level: float = LEVEL
) -> pd.DataFrame:
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
    telling = [name for name in names if name in runs and runs[name].nunique() > 1]
    rows = [row for name in telling for row in _rows(matched, name, level)]
    return pd.DataFrame(rows, columns=["outcome", *COLUMNS])


def emergence(
    matched: Matched, by: Sequence[str], outcome: str = "emerged", level: float = LEVEL
) -> pd.DataFrame:
    """Return the share of runs with a movement on each side, and its difference from the first.

    Returns
    -------
    A row a combination of the columns `by` and a side: the columns, then those of `outcomes`.
    """
    rows = []
    for key, runs in matched.runs.groupby(list(by), sort=True) if by else [((), matched.runs)]:
        here = matched._replace(runs=runs)
        if here.sides == matched.sides:
            values = dict(zip(by, key, strict=True))
            rows += [values | row for row in _rows(here, outcome, level)]
    return pd.DataFrame(rows, columns=[*by, *COLUMNS])


def _rows(matched: Matched, outcome: str, level: float) -> list[dict[str, Any]]:
    """Return a row a side."""
    binary = pd.api.types.is_bool_dtype(matched.runs[outcome].dtype)
    values = matched.runs.assign(value=matched.runs[outcome].astype(float))
    values = values[[SIDE, PLACE, "seed", "value"]]
    sides = {name: of.dropna() for name, of in values.groupby(SIDE, sort=False)}
    alone = {name: _alone(of, binary, level) for name, of in sides.items()}
    first, rows = matched.sides[0], []
    for name in matched.sides:
        row = {"outcome": outcome, SIDE: name, "runs": len(sides[name]), "pairs": 0}
        row |= _named(alone[name], "mean", "")
        if name != first:
            found, row["pairs"] = _difference(sides, first, name, alone, binary, level)
            row |= _named(found, "difference", "difference_")
        rows.append(row)
    return rows


def _alone(of: pd.DataFrame, binary: bool, level: float) -> Estimate:
    groups = of.groupby("seed")["value"]
    means = groups.mean().to_numpy()
    if not len(means):
        return Estimate(np.nan, np.nan, np.nan)
    if binary:
        return clustered_share(means, int(groups.size().max()), level)
    return mean_difference(means, level)


def _difference(
    sides: Mapping[str, pd.DataFrame],
    first: str,
    name: str,
    alone: Mapping[str, Estimate],
    binary: bool,
    level: float,
) -> tuple[Estimate, int]:
    """Return the difference from the first side, and over how many seeds it was paired."""
    if not is_paired(sides[name], sides[first]):
        bound = 1.0 if binary else np.inf
        return independent_difference(alone[name], alone[first], bound), 0
    both = sides[name].merge(sides[first], on=[PLACE, "seed"], suffixes=("", "_first"))
    if both.empty:
        return Estimate(np.nan, np.nan, np.nan), 0
    if binary and both[PLACE].nunique() == 1:
        return paired_difference(both["value"], both["value_first"], level), len(both)
    groups = (both["value"] - both["value_first"]).groupby(both["seed"])
    means = groups.mean().to_numpy()
    if binary:
        return clustered_difference(means, int(groups.size().max()), level), len(means)
    return mean_difference(means, level), len(means)


def same_runs(matched: Matched) -> bool:
    """Whether every run came out the same on all sides, to what a published summary keeps."""
    runs = matched.runs.set_index([PLACE, "seed"]).sort_index()
    first, *others = (runs[runs[SIDE] == name] for name in matched.sides)
    measured = [name for name in OUTCOMES if name in runs]
    return all(
        first.index.equals(other.index)
        and bool((first["grade"] == other["grade"]).all())
        and np.allclose(
            first[measured].astype(float), other[measured].astype(float), rtol=0, atol=ROUNDED,
            equal_nan=True,
        )
        for other in others
    )  # fmt: skip


# -- grades and weeks ------------------------------------------------------------------------------


def grades(matched: Matched, level: float = LEVEL) -> pd.DataFrame:
    """Return the share of runs of each grade on each side, the lowest grade first.

    Returns
    -------
    A row a grade and side: grade, label, mean, low, high, difference …, as of `outcomes`.
    """
    rows = []
    for grade in Grade:
        name = grade.name.lower()
        reached = matched.runs.assign(**{name: matched.runs["grade"] == name})
        rows += _rows(matched._replace(runs=reached), name, level)
    return pd.DataFrame(rows).rename(columns={"outcome": "grade"})[["grade", *COLUMNS]]


def weeks(sides: Sequence[Side], matched: Matched) -> pd.DataFrame:
    """Return the course of the runs at the points that agree, in the weeks that all sides have.

    Returns
    -------
    A row a column of `WEEKLY`, side and week: column, label, week, middle (median over runs), low
    and high (the 10th and the 90th percentile); empty if a side has no weekly table.
    """
    if any(side.weekly.empty for side in sides) or matched.runs.empty:
        return pd.DataFrame(columns=["column", SIDE, "week", "middle", "low", "high"])
    last = min(int(side.weekly["week"].max()) for side in sides)
    tables = []
    for side in sides:
        keys = matched.runs.loc[matched.runs[SIDE] == side.name, ["point", "replicate"]]
        weekly = side.weekly[side.weekly["week"] <= last].merge(keys, on=["point", "replicate"])
        for column in [name for name in WEEKLY if name in weekly]:
            found = weekly.groupby("week")[column].quantile([0.1, 0.5, 0.9]).unstack()
            found = found.set_axis(["low", "middle", "high"], axis=1).reset_index()
            tables.append(found.assign(column=column, **{SIDE: side.name}))
    columns = ["column", SIDE, "week", "middle", "low", "high"]
    return pd.concat(tables, ignore_index=True)[columns]


def _named(estimate: Estimate, name: str, prefix: str) -> dict[str, float]:
    return dict(zip((name, f"{prefix}low", f"{prefix}high"), estimate, strict=True))


def _levels(condition: Any) -> dict[str, dict[str, Any]]:
    """Return what a condition sets; YAML reads the words on and off as true and false."""
    given = {{True: "on", False: "off"}.get(k, k): v for k, v in (condition or {}).items()}
    return {level: dict(given.get(level) or {}) for level in ("off", "on")}


def _order(value: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value
