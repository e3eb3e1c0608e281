"""Emergence on all sides over what they varied, and below it the differences, on the same axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.figures import style
from experiments.figures.describe import describe as in_words
from experiments.figures.layout import finish
from experiments.figures.primitives import LOOKS, bars, strokes
from experiments.figures.style import INK, Axes, Figure, ems, new_figure
from sim.columns import axis as axis_of
from sim.columns import label

MOST_TICKS = 12
SPREAD, SPREAD_OF_NUMBERS = 0.3, 0.08  # of the distance of neighbours, between outer sides


@style.styled
def draw(table: pd.DataFrame, axis: str, panels: str | None = None) -> Figure:
    """Draw shares of runs with a movement, and differences from the first side.

    Parameters
    ----------
    table
        From `comparison.emergence`, by these columns.
    axis
        Column along the horizontal axis.
    panels
        Column with a panel a value.
    """
    names = list(dict.fromkeys(table[SIDE]))
    values = sorted(table[axis].unique()) if axis else []
    groups = list(table.groupby(panels)) if panels else [("", table)]
    figure = new_figure(ems(34))
    grid: Any = figure.subplots(
        2, len(groups), squeeze=False, sharex=True, sharey="row", height_ratios=(4, 3)
    )
    for (value, rows), (above, below) in zip(groups, grid.T, strict=True):
        _rows(above, rows, names, axis, values, "mean", ("low", "high"))
        ends = ("difference_low", "difference_high")
        _rows(below, rows, names, axis, values, "difference", ends)
        above.set_ylim(-2, 102)
        below.set_ylim(*_limits(table))
        below.axhline(0, color=INK, linewidth=1)
        if panels:
            above.set_title(f"{label(panels)}\n= {text.as_text(value)}")
    grid[0, 0].set_ylabel("runs with a\nmovement (%)")
    grid[1, 0].set_ylabel("difference\n(points)")
    finish(figure, headline(table), _reading(table), strokes(names), axis_of(axis))
    return figure


def _rows(
    axes: Axes,
    rows: pd.DataFrame,
    names: list[str],
    axis: str,
    values: list[object],
    column: str,
    ends: tuple[str, str],
) -> None:
    """Draw the sides over the values of an axis, each beside the others."""
    numeric = all(isinstance(v, int | float | np.number) for v in values) and len(values) > 2
    places = np.array(values, dtype=float) if numeric else np.arange(len(values), dtype=float)
    step = float(np.min(np.diff(places))) if len(places) > 1 else 1.0
    where = dict(zip(values, places, strict=True))
    for i, (name, look) in enumerate(zip(names, LOOKS, strict=False)):
        own = rows[(rows[SIDE] == name) & rows[column].notna()]
        if own.empty:
            continue
        spread = SPREAD_OF_NUMBERS if numeric else SPREAD
        shift = (i - (len(names) - 1) / 2) * step * spread / max(len(names) - 1, 1)
        x = np.array([where[v] for v in own[axis]]) + shift
        bars(axes, x, (100 * own[c] for c in (column, *ends)), look, numeric)
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


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    known = table[table["difference"].notna()]
    if known.empty:
        return "No difference can be taken"
    apart = (known["difference_low"] > 0) | (known["difference_high"] < 0)
    first = table[SIDE].iloc[0]
    if not apart.any():
        return f"Nowhere can a difference from {first} be told from chance"
    row = known.loc[known.loc[apart, "difference"].abs().idxmax()]
    return f"Largest difference in emergence: {_change(row)}, {row[SIDE]} against {first}"


def _reading(table: pd.DataFrame) -> str:
    first = table[SIDE].iloc[0]
    pairs = table.loc[table["difference"].notna(), "pairs"]
    if pairs.empty or not pairs.any():
        how = "not paired, since the sides do not share their luck"
    else:
        how = "paired by seed" + ("" if pairs.all() else ", where luck is shared")
    return f"Above: shares of runs. Below: differences from {first}, {how}. Bars: 95 % intervals."


def describe(table: pd.DataFrame, axis: str, panels: str | None = None) -> str:
    """Return the figure in words."""

    def name(row: pd.Series) -> str:
        at = ", ".join(f"{label(n)} = {text.as_text(row[n])}" for n in (axis, panels) if n)
        return f"{row[SIDE]} at {at}"

    found = f"{headline(table)}. {_reading(table)}"
    return in_words(found, table[table["difference"].notna()], name, _change)


def _change(row: pd.Series) -> str:
    return text.points(row["difference"], row["difference_low"], row["difference_high"])
