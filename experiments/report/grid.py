"""A grid of values: the share of runs with a movement over whatever was varied."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import words
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import CONDITION, part
from experiments.report.document import Heading, Node, Paragraph, Section, Table, details, section
from experiments.report.findings import Findings, intervals, told_settings, told_value
from experiments.report.gallery import Gallery

SHORT, MOST_ROWS = 24, 200  # of a table shown, and of one that opens


def grid_answer(found: Findings) -> str:
    """Return the share of runs with a movement, and where it is lowest and highest."""
    name = found.grid_parts[0]
    runs, varied, axes = _of(found, name)
    table = emergence(runs, axes)
    overall = emergence(runs, []).iloc[0]
    text = (
        f"A movement emerges in {words.share(overall['share'], overall['low'], overall['high'])} "
        f"of {int(overall['runs']):,} runs{_which(found, name)}"
    )
    if len(table) < 2:
        return f"{text}."
    if table["share"].nunique() == 1:
        return f"{text}, the same share at all {len(table)} points."
    ends = []
    for word, i in (("lowest", table["share"].idxmin()), ("highest", table["share"].idxmax())):
        row = table.loc[i]
        values = [f"{name} = {told_value(row[name])}" for name in varied]
        held = [a.removeprefix(CONDITION) for a in axes if a not in varied and row[a]]
        if len(axes) > len(varied):
            values.append(f"conditions: {' + '.join(held) or 'none'}")
        at = ", ".join(values)
        ends.append(f"{word} at {at}: {words.share(row['share'], row['low'], row['high'])}")
    return f"{text}; {'; '.join(ends)}."


def grid_surprise(found: Findings) -> str:
    """Return the parameter that matters least, which one would have varied in vain."""
    name = found.grid_parts[0]
    runs, _, axes = _of(found, name)
    spans = {axis: _span(runs, axis) for axis in axes}
    if len(spans) < 2:
        return "Nothing was claimed about this grid beforehand, so nothing can surprise."
    least, most = min(spans, key=lambda n: spans[n]), max(spans, key=lambda n: spans[n])
    return (
        f"Averaged over the rest, {least} moves the share of runs with a movement by "
        f"{100 * spans[least]:.0f} points over its values, {most} by {100 * spans[most]:.0f} "
        f"(chance included{_which(found, name)})."
    )


def grid_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on grids, a heading a part."""
    told = [_told(found, gallery, name) for name in found.grid_parts]
    return [section("What was found", *[node for parts in told for node in parts])]


def _told(found: Findings, gallery: Gallery, name: str) -> list[Node]:
    from experiments.figures import grid

    runs, _, axes = _of(found, name)
    several = len(found.grid_parts) > 1
    parts: list[Node] = []
    if several:
        parts.append(Heading(found.arm(name).capitalize()))
        if sets := found.sets(name):
            parts.append(Paragraph(f"Here {told_settings(sets)}."))
    if axes:
        shown = sorted(axes, key=lambda axis: -_span(runs, axis))[:2]
        table = emergence(runs, shown)
        if len(axes) > 2:
            rest = words.joined([axis for axis in axes if axis not in shown])
            parts.append(
                Paragraph(
                    f"Drawn over the two that change most, averaged over {rest}; the intervals "
                    "are over replicates."
                )
            )
        parts.append(
            gallery.add(
                f"grid-{name}" if several else "grid",
                grid.draw(table, shown),
                grid.describe(table, shown),
                table,
            )
        )
    table = emergence(runs, axes)
    shares = [words.share(*row) for row in intervals(table, "share")]
    told = table[axes].map(told_value).assign(runs=table["runs"], share=shares)
    caption = "Runs with a movement"
    if len(told) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(told):,} combinations"
    listed = Table.of(told.head(MOST_ROWS), caption)
    short = len(told) <= SHORT and not several
    parts.append(listed if short else details("Every combination", listed))
    return parts


def _of(found: Findings, name: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the runs of a part, the parameters varied in it, and with them its conditions."""
    varied = found.varied_in(name)
    conditions = [f"{CONDITION}{condition}" for condition in found.conditions_in(name)]
    return part(found.runs, name), varied, [*varied, *conditions]


def _which(found: Findings, name: str) -> str:
    return f" of the part “{found.arm(name)}”" if len(found.points) > 1 else ""


def _span(runs: pd.DataFrame, name: str) -> float:
    share = emergence(runs, [name])["share"]
    return float(share.max() - share.min())
