"""Emergence on all sides over what they varied, and below it the differences, on the same axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.analysis.tables import CONDITION
from experiments.figures import style
from experiments.figures.compare_sides import MARKS, key
from experiments.figures.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGH, LOW, GAP = 2.3, 1.7, 0.3  # inches: the two rows, and between panels
MOST_TICKS = 12
SPREAD, SPREAD_OF_NUMBERS = 0.3, 0.08  # of the distance of neighbours, between outer sides


@style.styled
def draw(
    table: pd.DataFrame, axis: str, panels: str | None = None, figure: Figure | None = None
) -> Figure:
    """Draw shares of runs with a movement, and differences from the first side.

    Parameters
    ----------
    table
        From `comparison.emergence`, by these columns.
    axis
        Column along the horizontal axis.
    panels
        Column with a panel a value.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(6) if figure is None else figure
    names = list(dict.fromkeys(table[SIDE]))
    values = sorted(table[axis].unique()) if axis else []
    groups = list(table.groupby(panels)) if panels else [("", table)]
    height = 1.45 + HIGH + LOW + 0.45 + 0.7
    figure.set_size_inches(style.WIDTH, height)
    left, right = style.MARGIN, 0.35
    wide = (style.WIDTH - left - right - GAP * (len(groups) - 1)) / len(groups)
    limits = _limits(table)
    for i, (value, rows) in enumerate(groups):
        start = left + i * (wide + GAP)
        end = style.WIDTH - start - wide
        above = style.place(figure, start, height - 1.45 - HIGH, end, 1.45)
        below = style.place(figure, start, 0.7, end, height - 0.7 - LOW)
        _rows(above, rows, names, axis, values, "mean", ("low", "high"))
        ends = ("difference_low", "difference_high")
        _rows(below, rows, names, axis, values, "difference", ends)
        above.set_ylim(-2, 102)
        below.set_ylim(*limits)
        below.axhline(0, color=INK, linewidth=1)
        above.tick_params(labelbottom=False)
        below.set_xlabel(label(axis))
        if panels:
            above.set_title(f"{label(panels)} = {tick(value)}", loc="left", fontsize=9.5, color=INK)
        if i:
            above.tick_params(labelleft=False)
            below.tick_params(labelleft=False)
        else:
            above.set_ylabel("runs with a movement (%)")
            below.set_ylabel("difference (points)")
    key(figure, names)
    style.title(figure, headline(table), reading(table))
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
    for i, name in enumerate(names):
        own = rows[(rows[SIDE] == name) & rows[column].notna()]
        if own.empty:
            continue
        mark = MARKS[i]
        spread = SPREAD_OF_NUMBERS if numeric else SPREAD
        shift = (i - (len(names) - 1) / 2) * step * spread / max(len(names) - 1, 1)
        x = np.array([where[v] for v in own[axis]]) + shift
        axes.vlines(x, 100 * own[ends[0]], 100 * own[ends[1]], color=mark.colour, linewidth=1.6)
        line = mark.line if numeric else "none"
        axes.plot(
            x, 100 * own[column], marker=mark.marker, color=mark.colour, markersize=5.5,
            linestyle=line, linewidth=1.2,
        )  # fmt: skip
    margin = 0.5 * step
    axes.set_xlim(places[0] - margin, places[-1] + margin)
    if len(values) <= MOST_TICKS:
        axes.set_xticks(places, [tick(v) for v in values])
    axes.tick_params(axis="x", length=3, color=MUTED)


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return the span of the differences' axis: all of them and 0, no less than 10 points."""
    ends = 100 * table[["difference_low", "difference_high"]].to_numpy(dtype=float)
    ends = ends[np.isfinite(ends)]
    low, high = min(ends.min(initial=0), -5), max(ends.max(initial=0), 5)
    room = 0.06 * (high - low)
    return low - room, high + room


def label(axis: str) -> str:
    """Return an axis in words."""
    return axis.removeprefix(CONDITION) if axis.startswith(CONDITION) else axis


def tick(value: object) -> str:
    """Return a value of an axis in words."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)


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
    told = text.points(row["difference"], row["difference_low"], row["difference_high"])
    return f"Largest difference in emergence: {told}, {row[SIDE]} against {first}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    first = table[SIDE].iloc[0]
    pairs = table.loc[table["difference"].notna(), "pairs"]
    if pairs.empty or not pairs.any():
        how = "not paired, since the sides do not share their luck"
    else:
        how = "paired by seed" + ("" if pairs.all() else ", where luck is shared")
    return f"Above: shares of runs. Below: differences from {first}, {how}. Bars: 95 % intervals."


def describe(table: pd.DataFrame, axis: str, panels: str | None = None) -> str:
    """Return the figure in words."""
    told = []
    for row in table[table["difference"].notna()].itertuples():
        found = dict(zip(table.columns, row[1:], strict=True))
        at = ", ".join(f"{label(n)} = {tick(found[n])}" for n in (axis, panels) if n)
        change = text.points(found["difference"], found["difference_low"], found["difference_high"])
        told.append(f"{found[SIDE]} at {at}: {change}")
    return f"{headline(table)}. {reading(table)} {'; '.join(told)}."
