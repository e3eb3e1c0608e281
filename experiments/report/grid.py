"""A grid of values: the share of runs with a movement over whatever was varied."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from experiments import text
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import CONDITION, part
from experiments.figures import grid as drawing
from experiments.report import phrases
from experiments.report.document import Heading, Part, Section, Table, details, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from sim.columns import label

SHORT, MOST_ROWS = 24, 200  # of a table shown, and of one that opens


def fits(found: Findings) -> bool:
    """Whether some part is a grid."""
    return bool(found.grid_parts)


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

    def along(self, axis: str) -> list[str]:
        """Return the axes that take a value of their own at each value of an axis."""
        return [a for a in self.axes if a != axis and _goes_along(self.runs, a, axis)]


def answer(found: Findings) -> str:
    """Return the share of runs with a movement, and where it is lowest and highest."""
    name = found.grid_parts[0]
    grid = _grid(found, name)
    table, overall = emergence(grid.runs, grid.axes), emergence(grid.runs, []).iloc[0]
    share = text.share(overall["share"], overall["low"], overall["high"])
    answer = f"A movement emerges in {share} of {int(overall['runs']):,} runs{_which(found, name)}"
    if len(table) < 2:
        return f"{answer}."
    if table["share"].nunique() == 1:
        return f"{answer}, the same share at all {len(table)} points."
    ends = []
    for word, i in (("lowest", table["share"].idxmin()), ("highest", table["share"].idxmax())):
        row = table.loc[i]
        share = text.share(row["share"], row["low"], row["high"])
        ends.append(f"{word} at {_place(grid, row)}: {share}")
    return f"{answer}; {'; '.join(ends)}."


def surprise(found: Findings) -> str:
    """Return the axis that matters least beside the one that matters most."""
    name = found.grid_parts[0]
    grid = _grid(found, name)
    if len(grid.free) < 2:
        return "Nothing was claimed about this grid beforehand, so nothing can surprise."
    spans = {axis: grid.span(axis) for axis in grid.free}
    *_, most = ordered = sorted(spans, key=lambda axis: spans[axis])
    least = ordered[0]
    return (
        f"Averaged over the rest, the share of runs with a movement differs by "
        f"{100 * spans[least]:.0f} points between values of {_named(grid, least)}, and by "
        f"{100 * spans[most]:.0f} between those of {_named(grid, most)} (differences by chance "
        f"included{_which(found, name)})."
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
        nodes.append(Heading(text.capitalised(found.part_label(name))))
        nodes.append(phrases.here(found.sets(name)))
    if grid.free:
        shown = sorted(grid.free, key=lambda axis: -grid.span(axis))[:2]
        table = emergence(grid.runs, shown)
        rest = [axis for axis in grid.free if axis not in shown]
        if rest:
            nodes.append(
                "Drawn over the two that change most, averaged over "
                f"{text.joined([_named(grid, axis) for axis in rest])}; the intervals are over "
                "replicates."
            )
        for axis in shown:
            if grid.along(axis):
                together = f"{phrases.labels(grid.along(axis))} goes along with {label(axis)}."
                nodes.append(text.capitalised(together))
        nodes.append(
            gallery.show(f"grid-{name}" if several else "grid", drawing.draw, table, shown)
        )
    table = emergence(grid.runs, grid.axes)
    shares = [text.share(*row) for row in intervals(table, "share")]
    rows = table[grid.axes].map(phrases.value).rename(columns=label)
    rows = rows.assign(runs=table["runs"], share=shares)
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


def _place(grid: Grid, row: pd.Series) -> str:
    place = phrases.settings({name: row[name] for name in grid.varied})
    conditions = [axis for axis in grid.axes if axis not in grid.varied]
    if not conditions:
        return place
    held = [label(axis) for axis in conditions if row[axis]]
    return ", ".join(filter(None, (place, f"conditions: {' + '.join(held) or 'none'}")))


def _named(grid: Grid, axis: str) -> str:
    return text.joined([label(each) for each in (axis, *grid.along(axis))])


def _which(found: Findings, name: str) -> str:
    return f" of the part “{found.part_label(name)}”" if len(found.points) > 1 else ""
