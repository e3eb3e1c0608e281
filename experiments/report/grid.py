"""A grid of values: the share of runs with a movement over whatever was varied."""

from __future__ import annotations

from experiments.analysis import words
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import CONDITION
from experiments.figures import page
from experiments.figures.gallery import Gallery
from experiments.report.findings import Findings, intervals, told_value

MOST_ROWS = 200  # of a table on the page


def grid_answer(found: Findings) -> str:
    """Return the share of runs with a movement, and where it is lowest and highest."""
    table = emergence(found.runs, found.axes)
    overall = emergence(found.runs, []).iloc[0]
    text = (
        f"A movement emerges in {words.share(overall['share'], overall['low'], overall['high'])} "
        f"of {int(overall['runs']):,} runs"
    )
    if len(table) < 2:
        return f"{text}."
    if table["share"].nunique() == 1:
        return f"{text}, the same share at all {len(table)} points."
    ends = []
    for word, i in (("lowest", table["share"].idxmin()), ("highest", table["share"].idxmax())):
        row = table.loc[i]
        values = [f"{name} = {told_value(row[name])}" for name in found.varied]
        held = [a.removeprefix(CONDITION) for a in found.axes if a not in found.varied and row[a]]
        if len(found.axes) > len(found.varied):
            values.append(f"conditions: {' + '.join(held) or 'none'}")
        at = ", ".join(values)
        ends.append(f"{word} at {at}: {words.share(row['share'], row['low'], row['high'])}")
    return f"{text}; {'; '.join(ends)}."


def grid_surprise(found: Findings) -> str:
    """Return the parameter that matters least, which one would have varied in vain."""
    spans = {}
    for name in found.axes:
        share = emergence(found.runs, [name])["share"]
        spans[name] = float(share.max() - share.min())
    if len(spans) < 2:
        return "Nothing was claimed about this grid beforehand, so nothing can surprise."
    least, most = min(spans, key=lambda n: spans[n]), max(spans, key=lambda n: spans[n])
    return (
        f"Averaged over the rest, {least} moves the share of runs with a movement by "
        f"{100 * spans[least]:.0f} points over its values, {most} by {100 * spans[most]:.0f} "
        "(chance included)."
    )


def grid_section(found: Findings, gallery: Gallery) -> str:
    """Return the section on a grid."""
    from experiments.figures import grid

    parts = []
    names = found.axes
    if names:
        shown = sorted(names, key=lambda name: -_span(found, name))[:2]
        table = emergence(found.runs, shown)
        if len(names) > 2:
            rest = words.joined([name for name in names if name not in shown])
            parts.append(
                page.paragraph(
                    f"Drawn over the two that change most, averaged over {rest}; the intervals "
                    "are over replicates."
                )
            )
        parts.append(
            gallery.add("grid", grid.draw(table, shown), grid.describe(table, shown), table)
        )
    table = emergence(found.runs, names)
    shares = [words.share(*row) for row in intervals(table, "share")]
    told = table[names].map(told_value).assign(runs=table["runs"], share=shares)
    caption = "Runs with a movement"
    if len(told) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(told):,} combinations"
    parts.append(page.table(told.head(MOST_ROWS), caption))
    return page.section("What was found", *parts)


def _span(found: Findings, name: str) -> float:
    share = emergence(found.runs, [name])["share"]
    return float(share.max() - share.min())
