"""Results side by side: emergence where they agree, outcomes, grades, the course of the weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis import amounts
from experiments.analysis.comparison import SIDE
from experiments.analysis.variants import largest_first
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_lowest
from experiments.figures.layout import panels as lay_panels
from experiments.figures.primitives import LOOKS, Row, bands, bars, forest, patches, strokes
from experiments.figures.style import INK, Axes, Figure, ems, new_figure, styled
from sim.columns import WEEKS, column, label
from sim.columns import axis as axis_of

MOST_TICKS = 12
SPREAD, SPREAD_OF_NUMBERS = 0.3, 0.08  # of the distance of neighbours, between outer sides
DIFFERENCE = ["difference", "difference_low", "difference_high"]
WIDE = 0.8  # of a group of bars
HATCHES = ("", "///", "...", "xx", "\\\\", "++")  # tell the sides apart in grey


@styled
def draw_emergence(table: pd.DataFrame, axis: str, panels: str | None = None) -> Figure:
    """Draw shares of runs with a movement, and below them the differences from the first side.

    Parameters
    ----------
    table
        From `comparison.emergence`, by these columns.
    axis
        Column along the horizontal axis.
    panels
        Column with a panel a value.
    """
    names = _sides(table)
    values = sorted(table[axis].unique()) if axis else []
    groups = list(table.groupby(panels)) if panels else [("", table)]
    figure = new_figure(ems(34))
    grid: Any = figure.subplots(
        2, len(groups), squeeze=False, sharex=True, sharey="row", height_ratios=(4, 3)
    )
    for (value, rows), (above, below) in zip(groups, grid.T, strict=True):
        _rows(above, rows, names, axis, values, ["mean", "low", "high"])
        _rows(below, rows, names, axis, values, DIFFERENCE)
        above.set_ylim(-2, 102)
        below.set_ylim(*_limits(table))
        below.axhline(0, color=INK, linewidth=1)
        if panels:
            above.set_title(f"{label(panels)}\n= {text.as_text(value)}")
    grid[0, 0].set_ylabel("runs with a\nmovement (%)")
    grid[1, 0].set_ylabel("difference\n(points)")
    known = table[table["difference"].notna()]
    paired = known["pairs"].astype(bool)
    how = "not paired, since the sides do not share their luck"
    if paired.any():
        how = "paired by seed" + ("" if paired.all() else ", where luck is shared")
    title = _largest_in_emergence(table)
    reading = (
        f"Above: shares of runs. Below: differences from {names[0]}, {how}. Bars: 95 % intervals."
    )
    at = [name for name in (axis, panels) if name]
    words = in_words(
        f"{title}. {reading}",
        known,
        lambda row: (
            f"{row[SIDE]} at {', '.join(f'{label(n)} = {text.as_text(row[n])}' for n in at)}"
        ),
        lambda row: text.points(*row[DIFFERENCE]),
    )
    finish(figure, title, reading, strokes(names), axis_of(axis), words)
    return figure


def _sides(table: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(table[SIDE]))


def _rows(
    axes: Axes,
    rows: pd.DataFrame,
    names: list[str],
    axis: str,
    values: list[object],
    columns: list[str],
) -> None:
    """Draw the sides over the values of an axis, each beside the others."""
    numeric = all(isinstance(v, int | float | np.number) for v in values) and len(values) > 2
    places = np.array(values, dtype=float) if numeric else np.arange(len(values), dtype=float)
    step = float(np.min(np.diff(places))) if len(places) > 1 else 1.0
    where = dict(zip(values, places, strict=True))
    for i, (name, look) in enumerate(zip(names, LOOKS, strict=False)):
        own = rows[(rows[SIDE] == name) & rows[columns[0]].notna()]
        if own.empty:
            continue
        spread = SPREAD_OF_NUMBERS if numeric else SPREAD
        shift = (i - (len(names) - 1) / 2) * step * spread / max(len(names) - 1, 1)
        x = np.array([where[v] for v in own[axis]]) + shift
        bars(axes, x, (100 * own[c] for c in columns), look, numeric)
    axes.set_xlim(places[0] - 0.5 * step, places[-1] + 0.5 * step)
    if len(values) <= MOST_TICKS:
        axes.set_xticks(places, [text.as_text(v) for v in values])


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return the span of the differences' axis: all of them and 0, no less than 10 points."""
    ends = 100 * table[["difference_low", "difference_high"]].to_numpy(dtype=float)
    ends = ends[np.isfinite(ends)]
    low, high = min(ends.min(initial=0), -5), max(ends.max(initial=0), 5)
    room = 0.06 * (high - low)
    return low - room, high + room


def _apart(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose difference from the first side is not chance."""
    return table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]


def _largest_in_emergence(table: pd.DataFrame) -> str:
    first, apart = table[SIDE].iloc[0], _apart(table)
    if table["difference"].isna().all():
        return "No difference can be taken"
    if apart.empty:
        return f"Nowhere can a difference from {first} be told from chance"
    row = apart.loc[apart["difference"].abs().idxmax()]
    change = text.points(*row[DIFFERENCE])
    return f"Largest difference in emergence: {change}, {row[SIDE]} against {first}"


@styled
def draw_outcomes(table: pd.DataFrame) -> Figure:
    """Draw each outcome on each side with its interval; a line marks the first side.

    The table is from `comparison.outcomes`.
    """
    names = _sides(table)
    figure, axes = lay_panels(table["outcome"].nunique(), rows=names, line=1.9)
    for each, (outcome, lines) in zip(axes, table.groupby("outcome", sort=False), strict=True):
        own = column(outcome).scale * lines.set_index(SIDE)[["mean", "low", "high"]]
        rows = [
            Row("", own.loc[name], (look.colour, look.marker, True))
            for name, look in zip(names, LOOKS, strict=False)
        ]
        forest(each, rows, named=False, zero=own["mean"].iloc[0])
        each.set_title(axis_of(outcome))
    apart, title = _apart(table), "In no outcome can the results be told apart"
    if len(apart):
        row = largest_first(apart).iloc[0]
        change = amounts.change(row["outcome"], *row[DIFFERENCE])
        title = f"Largest difference: {label(row['outcome'])}, {change}"
    reading = (
        f"Bars: 95 % intervals of each result; dashed: “{names[0]}”, with which the others are "
        "compared."
    )
    words = in_words(
        f"{title}. {reading}",
        table,
        SIDE,
        lambda row: amounts.amount(*row[["outcome", "mean", "low", "high"]]),
        lambda row: label(row["outcome"]),
    )
    finish(figure, title, reading, strokes(names, lines=False), words=words)
    return figure


@styled
def draw_grades(table: pd.DataFrame) -> Figure:
    """Draw how far movements came: the share of runs of each grade on each side.

    The table is from `comparison.grades`.
    """
    names, grades = _sides(table), list(dict.fromkeys(table["grade"]))
    looks = {
        name: (f"{look.colour}40", hatch)
        for name, look, hatch in zip(names, LOOKS, HATCHES, strict=False)
    }
    figure, (axes,) = lay_panels(1, height=16)
    wide = WIDE / len(names)
    for i, (name, (colour, hatch)) in enumerate(looks.items()):
        own = table[table[SIDE] == name].set_index("grade").loc[grades]
        mean, low, high = 100 * own[["mean", "low", "high"]].to_numpy().T
        x = np.arange(len(grades)) + (i - (len(names) - 1) / 2) * wide
        axes.bar(x, mean, 0.9 * wide, facecolor=colour, edgecolor=INK, linewidth=0.5, hatch=hatch)
        axes.vlines(x, low, high, color=INK, linewidth=1.2)
    axes.set_xticks(range(len(grades)), grades)
    axes.set_ylim(0, 102)
    axes.set_ylabel("runs (%)")
    most = table.loc[table.groupby(SIDE, sort=False)["mean"].idxmax()]
    frequent = [
        f"{row['grade']} in {row[SIDE]} ({text.share(row['mean'])})" for _, row in most.iterrows()
    ]
    title = f"Most frequent: {text.joined(frequent)}"
    words = in_words(
        f"How far movements came. {title}.",
        table,
        "grade",
        lambda row: text.share(*row[["mean", "low", "high"]]),
        SIDE,
    )
    reading = "Each grade is more than the one before; 95 % intervals."
    finish(figure, title, reading, patches(looks), words=words)
    return figure


@styled
def draw_weeks(table: pd.DataFrame) -> Figure:
    """Draw a panel a quantity: the median over runs, and a band where there are several.

    The table is from `comparison.weeks`.
    """
    names, columns = _sides(table), list(dict.fromkeys(table["column"]))
    figure, axes = lay_panels(len(columns), most=2, height=10)
    for each, quantity in zip(axes, columns, strict=True):
        for name, look in zip(names, LOOKS, strict=False):
            own = table[(table[SIDE] == name) & (table["column"] == quantity)]
            values = WEEKS[quantity].scale * own[["low", "middle", "high"]]
            ends = [(values["low"], values["high"])] if (own["high"] > own["low"]).any() else []
            bands(each, own["week"], values["middle"], *ends, look=look)
        each.set_title(WEEKS[quantity].axis)
        each.set_xlim(0, table["week"].max())
        each.set_ylim(bottom=0)
        if is_lowest(each, axes):
            each.set_xlabel("week")
    peaks = table[table["column"] == "active"].groupby(SIDE, sort=False)["middle"].max()
    most = text.joined(f"{text.percent(value)} in {name}" for name, value in peaks.items())
    title = f"Most users taking part at once: {most}" if most else "Week by week"
    several = np.any(table["high"] > table["low"])
    reading = (
        "Lines: medians over runs; bands: 10th to 90th percentile." if several else "A line a run."
    )
    words = in_words(
        f"{title}. {reading} At the end:",
        table[table["week"] == table["week"].max()],
        SIDE,
        lambda row: text.number(row["middle"]),
        lambda row: label(row["column"]),
    )
    finish(figure, title, reading, strokes(names), words=words)
    return figure
