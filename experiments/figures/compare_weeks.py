"""The course of the runs on all sides, week by week, on the same axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.figures import style
from experiments.figures.compare_sides import MARKS, key
from experiments.figures.style import INK
from sim.columns import WEEKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS, TALL, GAP, BETWEEN = 2, 1.45, 0.65, 0.5  # panels in a row; inches


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw a panel a quantity: the median over runs, and a band where there are several.

    Parameters
    ----------
    table
        From `comparison.weeks`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(8) if figure is None else figure
    names, columns = list(dict.fromkeys(table[SIDE])), list(dict.fromkeys(table["column"]))
    rows = -(-len(columns) // COLUMNS)
    above, below = 1.45, 0.65
    height = above + rows * TALL + (rows - 1) * BETWEEN + below
    figure.set_size_inches(style.WIDTH, height)
    wide = (style.WIDTH - style.MARGIN - 0.35 - GAP * (COLUMNS - 1)) / COLUMNS
    for number, column in enumerate(columns):
        row, place = divmod(number, COLUMNS)
        left = style.MARGIN + place * (wide + GAP)
        top = above + row * (TALL + BETWEEN)
        axes = style.place(figure, left, height - top - TALL, style.WIDTH - left - wide, top)
        scale = WEEKS[column].scale
        for i, name in enumerate(names):
            own = table[(table[SIDE] == name) & (table["column"] == column)]
            mark = MARKS[i]
            week = own["week"].to_numpy()
            if (own["high"] > own["low"]).any():
                axes.fill_between(
                    week, scale * own["low"], scale * own["high"], color=mark.colour, alpha=0.15,
                    linewidth=0,
                )  # fmt: skip
            axes.plot(week, scale * own["middle"], color=mark.colour, linestyle=mark.line)
        axes.set_title(WEEKS[column].axis, loc="left", fontsize=9.5, color=INK)
        axes.set_xlim(0, table["week"].max())
        axes.set_ylim(bottom=0)
        axes.margins(y=0.05)
        axes.tick_params(labelbottom=row == rows - 1 or number + COLUMNS >= len(columns))
        if number + COLUMNS >= len(columns):
            axes.set_xlabel("week")
    key(figure, names)
    style.title(figure, headline(table), reading(table))
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    active = table[table["column"] == "active"]
    if active.empty:
        return "Week by week"
    peaks = active.groupby(SIDE, sort=False)["middle"].max()
    told = [f"{text.percent(value)} in {name}" for name, value in peaks.items()]
    return f"Most users taking part at once: {text.joined(told)}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    several = bool(np.any(table["high"] > table["low"]))
    return (
        "Lines: medians over runs; bands: 10th to 90th percentile." if several else "A line a run."
    )


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    last = table[table["week"] == table["week"].max()]
    told = []
    for column, rows in last.groupby("column", sort=False):
        values = [f"{text.number(row['middle'])} in {row[SIDE]}" for _, row in rows.iterrows()]
        told.append(f"{WEEKS[str(column)].label} {text.joined(values)}")
    return f"{headline(table)}. {reading(table)} At the end: {'; '.join(told)}."
