"""Results side by side: what differs in their set-ups, what in their outcomes, how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from experiments import text
from experiments.analysis.amounts import change
from experiments.analysis.comparison import SIDE, Matched, emergence, outcomes, same_runs
from experiments.comparison.match import Side, match
from experiments.comparison.validity import Doubt, Weight, differing, doubts
from experiments.figures.primitives import LOOKS
from experiments.store.layout import StoreError
from experiments.text import percent
from sim.columns import label

MOST_PANELS = 4
MOST_VALUES = 40  # of an axis
SEEN = 0.005  # difference of shares that is not 0 points when rounded


@dataclass(frozen=True)
class Comparison:
    """Results side by side, the others against the first; tables are made when asked for."""

    sides: list[Side]

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
        return all(side.is_single for side in self.sides)

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


def compare(sides: Sequence[Side]) -> Comparison:
    """Return a comparison of results with the first of them.

    Raises
    ------
    StoreError
        If there are too few, or more than a figure can show.
    """
    if not 2 <= len(sides) <= len(LOOKS):
        raise StoreError(f"{len(sides)} results: compare takes 2 to {len(LOOKS)}")
    return Comparison(list(sides))


# -- in words --------------------------------------------------------------------------------------


def answer(comparison: Comparison) -> list[str]:
    """Return what came out, in words, a sentence a line; what makes it invalid comes first."""
    grave = [d.text for d in comparison.doubts if d.weight is Weight.INVALID]
    lines = [f"Not valid as a comparison: {reason}." for reason in grave]
    if not comparison.shared:
        return lines + [_alone(side) for side in comparison.sides]
    part = comparison.shared[0]
    if comparison.are_single:
        return [*lines, *_single(part)]
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


def _single(part: Matched) -> list[str]:
    return [
        f"“{row[SIDE]}”: {row['grade']}, at most {percent(row['peak_share'])} of users took part."
        for _, row in part.runs.iterrows()
    ]
