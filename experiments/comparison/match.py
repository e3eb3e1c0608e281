"""Which points of several results agree.

Two points agree if all that either result varies has the same value in both. What is fixed in each
result, but differently, is what the comparison is about. Luck is shared where the seeds are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.comparison import PLACE, SIDE, Matched, is_paired
from experiments.analysis.tables import CONDITION, finished
from experiments.design.reading import HISTORY
from sim.parameters import declarations

WEEKLY = (
    "price", "distress", "dissatisfaction", "threat", "aware", "active", "media", "exited",
)  # fmt: skip
"""Weekly columns that are compared."""


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

    @cached_property
    def _values(self) -> dict[str, list[Any]]:
        points = self.runs.drop_duplicates("point")
        names = [name for name in points if _is_setting(name)]
        return {name: sorted(points[name].dropna().unique(), key=_order) for name in names}

    def values(self, name: str) -> list[Any]:
        """Return the values of a parameter in the runs, in order."""
        return self._values.get(name) or [self.base.get(name)]

    @cached_property
    def varied(self) -> dict[str, list[Any]]:
        """What it varies, parameters and history, with its values in order."""
        return {name: several for name, several in self._values.items() if len(several) > 1}


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
    their luck, only the seeds that all of them have are used.
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
    implied = {name for c in conditions for name in _levels(sides[0].conditions[c])["on"]}
    names = dict.fromkeys(
        name for runs in chosen for name in runs if _is_setting(name) and name not in implied
    )
    marks = [CONDITION + name for name in conditions]
    points = [_points(r, side, names, marks) for r, side in zip(chosen, sides, strict=True)]
    axes = [
        name
        for name in names
        if any(of[name].nunique(dropna=False) > 1 for of in points if len(of))
    ]
    axes += marks
    if axes:
        agreeing = reduce(pd.merge, (of[axes].drop_duplicates() for of in points)).copy()
        agreeing[PLACE] = np.arange(len(agreeing))
    else:
        agreeing = pd.DataFrame({PLACE: [0]})
    frames = []
    for side, runs, of in zip(sides, chosen, points, strict=True):
        places = of.merge(agreeing, on=axes) if axes else of.assign(**{PLACE: 0})
        own = runs.drop(columns=axes, errors="ignore").merge(
            places[["point", PLACE, *axes]], on="point"
        )
        frames.append(own.drop_duplicates([PLACE, "seed"]).assign(**{SIDE: side.name}))
    runs = pd.concat(_with_common_luck(frames), ignore_index=True)
    axes = [axis for axis in axes if agreeing[axis].nunique() > 1]
    return Matched(part, axes, runs, len(agreeing))


def _points(
    runs: pd.DataFrame, side: Side, names: Iterable[str], marks: Sequence[str]
) -> pd.DataFrame:
    """Return the points of runs with what they do not vary as columns too, numbers as floats."""
    points = runs.drop_duplicates("point")
    there = [name for name in names if name in points]
    missing = {name: side.base.get(name) for name in names if name not in points}
    fixed = pd.DataFrame(missing, index=points.index)
    points = pd.concat([points[["point", *there, *marks]], fixed], axis=1)
    numbers = [
        n for n in names if pd.api.types.is_numeric_dtype(points[n]) and points[n].dtype != bool
    ]
    return points.astype(dict.fromkeys(numbers, float))


def _with_common_luck(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    common = frames[0]
    for frame in frames[1:]:
        if not is_paired(common, frame):
            return frames
        common = common[common["seed"].isin(frame["seed"])]
    return [frame[frame["seed"].isin(common["seed"])] for frame in frames]


def weeks(sides: Sequence[Side], matched: Matched) -> pd.DataFrame:
    """Return the course of the runs at the points that agree, in the weeks that all sides have.

    Returns
    -------
    A row a column of `WEEKLY`, side and week: column, label, week, middle (median over runs), low
    and high (the 10th and the 90th percentile); empty if a side has no weekly table.
    """
    columns = ["column", SIDE, "week", "middle", "low", "high"]
    if any(side.weekly.empty for side in sides) or matched.runs.empty:
        return pd.DataFrame(columns=columns)
    last = min(int(side.weekly["week"].max()) for side in sides)
    tables = []
    for side in sides:
        keys = matched.runs.loc[matched.runs[SIDE] == side.name, ["point", "replicate"]]
        weekly = side.weekly[side.weekly["week"] <= last].merge(keys, on=["point", "replicate"])
        for column in [name for name in WEEKLY if name in weekly]:
            found = weekly.groupby("week")[column].quantile([0.1, 0.5, 0.9]).unstack()
            found = found.set_axis(["low", "middle", "high"], axis=1).reset_index()
            tables.append(found.assign(column=column, **{SIDE: side.name}))
    return pd.concat(tables, ignore_index=True)[columns]


def _is_setting(name: str) -> bool:
    return name in declarations() or name in HISTORY


def _levels(condition: Any) -> dict[str, dict[str, Any]]:
    """Return what a condition sets; YAML reads the words on and off as true and false."""
    given = {{True: "on", False: "off"}.get(k, k): v for k, v in (condition or {}).items()}
    return {level: dict(given.get(level) or {}) for level in ("off", "on")}


def _order(value: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value
