"""A grid of values: the share of runs with a movement over whatever was varied."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from experiments import text
from experiments.analysis.tables import CONDITION, emergence, part
from experiments.figures import grid as drawing
from experiments.report.document import Heading, Part, Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, here, say, value
from sim.columns import label

SHORT, MOST_ROWS = 24, 200  # of a table shown, and of one that opens


class Grid(NamedTuple):
    """The runs of a part, and what varies in it."""

    runs: pd.DataFrame
    varied: list[str]  # parameters
    axes: list[str]  # parameters and conditions
    free: list[str]  # axes without those that go along with another one

    def span(self, axis: str) -> float:
        """Return by how much emergence changes along an axis, averaged over the rest."""
        share = emergence(self.runs, [axis])["share"]
        return float(share.max() - share.min())

    def together(self, axis: str) -> list[str]:
        """Return an axis, and those that take a value of their own at each value of it."""
        others = [a for a in self.axes if a != axis and _goes_along(self.runs, a, axis)]
        return [axis, *others]


def answer(found: Findings) -> str:
    """Return the share of runs with a movement, and where it is lowest and highest."""
    grid = _grid(found, found.grid_parts[0])
    table, overall = emergence(grid.runs, grid.axes), emergence(grid.runs, []).iloc[0]
    share = table["share"]
    ends = {"lowest": share.idxmin(), "highest": share.idxmax()} if share.nunique() > 1 else {}
    conditions = [axis for axis in grid.axes if axis not in grid.varied]
    return say(
        "grids",
        "answer",
        part=_part(found),
        points=len(table),
        ends=[
            table.loc[i].to_dict()
            | {
                "which": which,
                "values": {name: table.loc[i, name] for name in grid.varied},
                "conditions": [c for c in conditions if table.loc[i, c]] if conditions else None,
            }
            for which, i in ends.items()
        ],
        **overall,
    )


def surprise(found: Findings) -> str:
    """Return the axis that matters least beside the one that matters most."""
    grid = _grid(found, found.grid_parts[0])
    if len(grid.free) < 2:
        return say("grids", "nothing_claimed")
    spans = sorted((grid.span(axis), i) for i, axis in enumerate(grid.free))
    (least_span, least), *_, (most_span, most) = spans
    return say(
        "grids",
        "least_and_most",
        least=grid.together(grid.free[least]),
        least_span=least_span,
        most=grid.together(grid.free[most]),
        most_span=most_span,
        part=_part(found),
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on grids, a heading a part."""
    parts = [node for name in found.grid_parts for node in _nodes(found, gallery, name)]
    return [section("What was found", *parts)]


def _nodes(found: Findings, gallery: Gallery, name: str) -> list[Part]:
    grid = _grid(found, name)
    several = len(found.grid_parts) > 1
    nodes: list[Part] = []
    if several:
        nodes += [Heading(text.capitalised(found.part_label(name))), here(found.sets(name))]
    if grid.free:
        shown = sorted(grid.free, key=lambda axis: -grid.span(axis))[:2]
        rest = [grid.together(axis) for axis in grid.free if axis not in shown]
        if rest:
            nodes.append(say("grids", "drawn_over_two", rest=rest))
        nodes += [
            say("grids", "goes_along", axis=axis, others=others)
            for axis in shown
            if (others := grid.together(axis)[1:])
        ]
        figure = f"grid-{name}" if several else "grid"
        table = emergence(grid.runs, shown)
        nodes.append(gallery.show(figure, drawing.draw, table, shown))
    table = emergence(grid.runs, grid.axes)
    rows = table[grid.axes].map(value).rename(columns=label)
    rows = rows.assign(runs=table["runs"], share=cells(table, "share"))
    caption = "Runs with a movement"
    if len(rows) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(rows):,} combinations"
    listed = Table.of(rows.head(MOST_ROWS), caption)
    short = len(rows) <= SHORT and not several
    return [*nodes, listed if short else details("Every combination", listed)]


def _grid(found: Findings, name: str) -> Grid:
    runs, varied = part(found.runs, name), found.varied_in(name)
    axes = [*varied, *(f"{CONDITION}{condition}" for condition in found.conditions_in(name))]
    free = [
        axis
        for i, axis in enumerate(axes)
        if not any(_goes_along(runs, axis, other) for other in axes[:i])
    ]
    return Grid(runs, varied, axes, free)


def _goes_along(runs: pd.DataFrame, axis: str, other: str) -> bool:
    """Whether two axes vary together: a value of one belongs to each value of the other."""
    pairs = runs[[axis, other]].drop_duplicates()
    return len(pairs) == pairs[axis].nunique() == pairs[other].nunique() > 1


def _part(found: Findings) -> str:
    """Return the part that is spoken of, if there are others."""
    return found.part_label(found.grid_parts[0]) if len(found.points) > 1 else ""
