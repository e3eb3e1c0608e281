"""Results side by side: what differs in set-ups and outcomes, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from experiments import text
from experiments.analysis.amounts import change
from experiments.analysis.comparison import SIDE, Matched, emergence, is_paired, outcomes, same_runs
from experiments.analysis.tables import finished
from experiments.comparison.match import Side, match, same_conditions
from experiments.figures.primitives import LOOKS
from experiments.store.layout import StoreError
from experiments.text import joined, percent
from sim.columns import label
from sim.parameters import declarations

MOST_PANELS = 4
MOST_VALUES = 40  # of an axis
SEEN = 0.005  # difference of shares that is not 0 points when rounded
MOST_NAMED = 8  # of a parameter that are named one by one
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


@dataclass(frozen=True)
class Comparison:
    """Results side by side, the others against the first; tables are made when asked for.

    Raises
    ------
    StoreError
        If there are too few sides, or more than a figure can show.
    """

    sides: Sequence[Side]

    def __post_init__(self) -> None:
        if not 2 <= len(self.sides) <= len(LOOKS):
            raise StoreError(f"{len(self.sides)} results: compare takes 2 to {len(LOOKS)}")

    @cached_property
    def parts(self) -> list[Matched]:
        """Runs at the points that agree, by part of a common experiment."""
        return match(self.sides)

    @cached_property
    def shared(self) -> list[Matched]:
        """The parts with points that agree."""
        return [part for part in self.parts if part.points]

    @cached_property
    def doubts(self) -> list[Doubt]:
        """Why the comparison is not valid, or to be read with care; the gravest first."""
        return doubts(self.sides, self.parts)

    @cached_property
    def differing(self) -> pd.DataFrame:
        """What differs between the set-ups: a row each, a column a side."""
        return differing(self.sides)

    @property
    def are_single(self) -> bool:
        """Whether all sides are single runs."""
        return all(side.planned == 1 for side in self.sides)

    def axes(self, part: Matched) -> list[str]:
        """Return up to two of what varies in a part, those first that move emergence most."""
        runs = part.runs.assign(value=part.runs["emerged"].astype(float))
        spans = {}
        for axis in part.axes:
            shares = runs.groupby(axis)["value"].mean()
            if len(shares) <= MOST_VALUES:
                spans[axis] = float(shares.max() - shares.min())
        ordered = sorted(spans, key=lambda axis: -spans[axis])
        panels = [a for a in ordered if part.runs[a].nunique() <= MOST_PANELS]
        along = next((a for a in ordered if part.runs[a].nunique() > MOST_PANELS), None)
        along = along or next(iter(ordered), None)
        rest = [axis for axis in panels if axis != along]
        return [axis for axis in (along, *rest[:1]) if axis]


# -- in words --------------------------------------------------------------------------------------


def answer(comparison: Comparison) -> list[str]:
    """Return what came out, in words, a sentence a line; what makes it invalid comes first."""
    grave = [d.text for d in comparison.doubts if d.weight is Weight.INVALID]
    lines = [f"Not valid as a comparison: {reason}." for reason in grave]
    if not comparison.shared:
        return lines + [_alone(side) for side in comparison.sides]
    part = comparison.shared[0]
    if comparison.are_single:
        return lines + [
            f"“{row[SIDE]}”: {row['grade']}, at most {percent(row['peak_share'])} of users took "
            "part."
            for _, row in part.runs.iterrows()
        ]
    table = emergence(part, [])  # over all points
    first = table.iloc[0]
    where = f" in the part “{part.part}”" if len(comparison.parts) > 1 else ""
    for _, row in table.iloc[1:].iterrows():
        points = text.points(row["difference"], row["difference_low"], row["difference_high"])
        how = f"{int(row['pairs'])} seeds, paired" if row["pairs"] else "not paired"
        here, there = (text.share(side["mean"], side["low"], side["high"]) for side in (row, first))
        shared = text.counted(part.points, "shared point")
        lines.append(
            f"A movement emerges in {here} of runs of “{row[SIDE]}” and in {there} of "
            f"“{first[SIDE]}”{where}: {points} ({shared}; {how})."
        )
    return lines + _others(comparison, part)


def _others(comparison: Comparison, part: Matched) -> list[str]:
    """Return in what other outcomes the sides differ."""
    if same_runs(part):
        return ["Every run that they share came out the same."]
    table = outcomes(part)
    table = table[(table["outcome"] != "emerged") & table["difference"].notna()]
    if table.empty:
        return []
    apart = table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]
    apart = apart[apart["difference"].abs() >= SEEN]
    if apart.empty:
        return ["In other outcomes they are not seen to differ by half a point or more."]
    differences = [
        f"{label(row.outcome)} "
        f"{change(row.outcome, row.difference, row.difference_low, row.difference_high)}"
        + (f" (“{row.label}”)" if len(comparison.sides) > 2 else "")
        for row in apart.itertuples()
    ]
    return [f"They also differ in: {'; '.join(differences)}."]


def _alone(side: Side) -> str:
    runs = side.runs[side.runs["error"].fillna("") == ""]
    share = text.share(float(runs["emerged"].astype(float).mean()))
    return f"By itself: a movement emerges in {share} of {len(runs):,} runs of “{side.name}”."


# -- set-ups ---------------------------------------------------------------------------------------


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
        said = (
            f"they were made by different code of the model ({each}), which may be the difference"
        )
        found.append(Doubt(Weight.INVALID, f"{said}; run the older one again to know"))
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
        said = f"{each} {verb} other values in each, so points are matched by their values"
        found.append(Doubt(Weight.INVALID, said))
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
            said = f"{side.name} is incomplete, {len(side.runs):,} of {side.planned:,} runs"
            found.append(Doubt(Weight.PROVISIONAL, said))
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
            said = "one run each: what differs may be luck"
            if first["seed"].iloc[0] != other["seed"].iloc[0]:
                said += f", the more so as the seeds differ ({seeds[0]} and {seeds[1]})"
            found.append(Doubt(Weight.NOTE, f"{said}; a sweep with replicates shows which"))
        elif not is_paired(first, other):
            said = f"{side.name} and {sides[0].name} do not share their luck (seeds {seeds[1]} and "
            said += f"{seeds[0]}), so the intervals of differences are wider than they need be"
            found.append(Doubt(Weight.NOTE, said))
    return found


def format_seeds(seeds: pd.Series) -> str:
    """Return seeds in words."""
    low, high = int(seeds.min()), int(seeds.max())
    return f"{low}" if low == high else f"{low} to {high}"


def _format_values(side: Side, name: str) -> str:
    own = side.values(name)
    if len(own) > MOST_NAMED:
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
