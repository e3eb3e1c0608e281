"""The set-ups of results: in what they differ, and whether the results can be compared at all."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

import pandas as pd

from experiments.analysis.comparison import SIDE, Matched, is_paired
from experiments.analysis.tables import finished
from experiments.comparison.match import Side, same_conditions
from experiments.text import joined
from sim.columns import label
from sim.parameters import declarations

MOST_VALUES = 8  # of a parameter that are named one by one
SAME_MOVEMENT = "emergence."
"""Parameters that decide what counts as a movement."""


class Weight(Enum):
    """How much a doubt weighs."""

    INVALID = "not valid"  # a difference does not mean what it seems to
    PROVISIONAL = "provisional"  # it may change
    NOTE = "note"  # how it was taken


class Doubt(NamedTuple):
    """Why a comparison is to be read with care."""

    weight: Weight
    text: str


def differing(sides: Sequence[Side]) -> pd.DataFrame:
    """Return what differs between the set-ups of results, a row each, a column a side."""
    names = dict.fromkeys([*declarations(), *(name for s in sides for name in s.base)])
    rows = {label(name): [_format_values(side, name) for side in sides] for name in names}
    rows["seeds"] = [format_seeds(side.runs["seed"]) for side in sides]
    rows["experiment"] = [side.experiment or "none" for side in sides]
    rows["points"] = [f"{side.runs['point'].nunique():,}" for side in sides]
    rows["runs"] = [f"{len(side.runs):,} of {side.planned:,}" for side in sides]
    rows["case"] = [side.case or "none" for side in sides]
    rows["model's code"] = [side.model or "unknown" for side in sides]
    rows["commit"] = [side.commit[:10] or "unknown" for side in sides]
    for package in dict.fromkeys(name for side in sides for name in side.versions):
        rows[f"version of {package}"] = [side.versions.get(package, "unknown") for side in sides]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[side.name for side in sides])
    table = table[table.nunique(axis=1) > 1]
    return table.rename_axis("what").reset_index()


def doubts(sides: Sequence[Side], parts: Sequence[Matched]) -> list[Doubt]:
    """Return why a comparison is not valid, or to be read with care; the gravest first."""
    found = [*_of_meaning(sides), *_of_points(sides, parts), *_of_runs(sides, parts)]
    return sorted(found, key=lambda doubt: list(Weight).index(doubt.weight))


def _of_meaning(sides: Sequence[Side]) -> list[Doubt]:
    """Return why the same words mean different things."""
    found = []
    models = {side.model for side in sides}
    if len(models) > 1:
        each = joined([f"{side.name}: {side.model or 'unknown'}" for side in sides])
        text = (
            f"they were made by different code of the model ({each}), which may be the difference"
        )
        found.append(Doubt(Weight.INVALID, f"{text}; run the older one again to know"))
    for name in ("horizon", *(n for n in declarations() if n.startswith(SAME_MOVEMENT))):
        if any(name in side.varied for side in sides):
            continue  # points agree in it
        if len({_format_values(side, name) for side in sides}) > 1:
            each = joined([f"{_format_values(side, name)} in {side.name}" for side in sides])
            what = (
                "the runs are observed for different times, so there is more time for a movement "
                f"in the longer ({each})"
                if name == "horizon"
                else f"what counts as a movement differs ({label(name)}: {each})"
            )
            found.append(Doubt(Weight.INVALID, what))
    shared = set.intersection(*(set(side.conditions) for side in sides))
    other = sorted(shared - set(same_conditions(sides)))
    if other:
        verb = "means" if len(other) == 1 else "mean"
        each = joined([f"“{name}”" for name in other])
        text = f"{each} {verb} other values in each, so points are matched by their values"
        found.append(Doubt(Weight.INVALID, text))
    return found


def _of_points(sides: Sequence[Side], parts: Sequence[Matched]) -> list[Doubt]:
    if any(part.points for part in parts):
        return []
    unlike = []
    for name in dict.fromkeys(name for side in sides for name in side.varied):
        if not set.intersection(*(set(side.values(name)) for side in sides)):
            each = [f"{_format_values(side, name)} in {side.name}" for side in sides]
            unlike.append(f"{label(name)} is {joined(each)}")
    why = f": {unlike[0]}" if unlike else ""
    more = f", and {len(unlike) - 1} more" if len(unlike) > 1 else ""
    return [Doubt(Weight.INVALID, f"they share no point, so no difference can be taken{why}{more}")]


def _of_runs(sides: Sequence[Side], parts: Sequence[Matched]) -> list[Doubt]:
    found = []
    for side in sides:
        lacking = side.planned - len(side.runs)
        if lacking > 0:
            text = f"{side.name} is incomplete, {len(side.runs):,} of {side.planned:,} runs"
            found.append(Doubt(Weight.PROVISIONAL, text))
        failed = len(side.runs) - len(finished(side.runs))
        if failed:
            found.append(Doubt(Weight.NOTE, f"{failed:,} runs of {side.name} failed, left out"))
    matched = next((part for part in parts if part.points), None)
    if matched is None:
        return found
    by_side = dict(iter(matched.runs.groupby(SIDE, sort=False)))
    used = {format_seeds(runs["seed"]) for runs in by_side.values()}
    if len(used) == 1 and any({format_seeds(side.runs["seed"])} != used for side in sides):
        found.append(Doubt(Weight.NOTE, f"only the seeds that all have are used, {used.pop()}"))
    for side in sides[1:]:
        first, other = by_side[sides[0].name], by_side[side.name]
        seeds = format_seeds(first["seed"]), format_seeds(other["seed"])
        if len(first) == len(other) == 1:
            text = "one run each: what differs may be luck"
            if first["seed"].iloc[0] != other["seed"].iloc[0]:
                text += f", the more so as the seeds differ ({seeds[0]} and {seeds[1]})"
            found.append(Doubt(Weight.NOTE, f"{text}; a sweep with replicates shows which"))
        elif not is_paired(first, other):
            text = f"{side.name} and {sides[0].name} do not share their luck (seeds {seeds[1]} and "
            text += f"{seeds[0]}), so the intervals of differences are wider than they need be"
            found.append(Doubt(Weight.NOTE, text))
    return found


def format_seeds(seeds: pd.Series) -> str:
    """Return seeds in words."""
    low, high = int(seeds.min()), int(seeds.max())
    return f"{low}" if low == high else f"{low} to {high}"


def _format_values(side: Side, name: str) -> str:
    own = side.values(name)
    if len(own) > MOST_VALUES:
        return f"{len(own)} values from {_format(own[0])} to {_format(own[-1])}"
    return ", ".join(map(_format, own))


def _format(value: Any) -> str:
    if value is None:
        return "–"
    return (
        f"{value:g}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )
