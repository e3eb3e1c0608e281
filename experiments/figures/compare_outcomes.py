"""What came out on all sides: a panel an outcome, a row a side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.analysis.variants import OUTCOMES
from experiments.figures import style
from experiments.figures.compare_sides import MARKS, key
from experiments.figures.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS, GAP, ROW, BETWEEN = 3, 0.45, 0.24, 0.7  # panels in a row; inches


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw each outcome on each side with its interval; a line marks the first side.

    Parameters
    ----------
    table
        From `comparison.outcomes`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(6) if figure is None else figure
    names, found = list(dict.fromkeys(table[SIDE])), list(dict.fromkeys(table["outcome"]))
    rows = -(-len(found) // COLUMNS)
    tall, above, below = ROW * len(names) + 0.15, 1.45, 0.45
    height = above + rows * tall + (rows - 1) * BETWEEN + below
    figure.set_size_inches(style.WIDTH, height)
    wide = (style.WIDTH - style.MARGIN - 0.35 - GAP * (COLUMNS - 1)) / COLUMNS
    for number, outcome in enumerate(found):
        row, column = divmod(number, COLUMNS)
        left, top = style.MARGIN + column * (wide + GAP), above + row * (tall + BETWEEN)
        axes = style.place(figure, left, height - top - tall, style.WIDTH - left - wide, top)
        own = table[table["outcome"] == outcome].set_index(SIDE).loc[names]
        own = 100 * own[["mean", "low", "high"]]
        axes.axvline(own["mean"].iloc[0], color=MUTED, linewidth=1, linestyle=(0, (3, 2)))
        for i, name in enumerate(names):
            mean, low, high = own.loc[name]
            axes.hlines(i, low, high, color=MARKS[i].colour, linewidth=2)
            axes.plot(mean, i, MARKS[i].marker, color=MARKS[i].colour, markersize=6)
        ends = own.to_numpy()[np.isfinite(own.to_numpy())]
        room = max(0.08 * float(np.ptp(ends)), 0.3) if ends.size else 1.0
        axes.set_xlim(ends.min(initial=100) - room, ends.max(initial=0) + room)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks([])
        axes.locator_params(axis="x", nbins=5)
        axes.grid(True, axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_title(f"{OUTCOMES.get(outcome, outcome)} (%)", loc="left", fontsize=9, color=INK)
    key(figure, names, lines=False)
    style.title(figure, headline(table), reading(table))
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    apart = table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]
    if apart.empty:
        return "In no outcome can the results be told apart"
    row = apart.loc[apart["difference"].abs().idxmax()]
    change = text.points(row["difference"], row["difference_low"], row["difference_high"])
    return f"Largest difference: {OUTCOMES.get(row['outcome'], row['outcome'])}, {change}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    first = table[SIDE].iloc[0]
    return (
        f"Bars: 95 % intervals of each by itself; dashed: {first}, with which others are compared."
    )


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    parts = []
    for outcome, rows in table.groupby("outcome", sort=False):
        told = [
            f"{row[SIDE]} {text.share(row['mean'], row['low'], row['high'])}"
            for _, row in rows.iterrows()
        ]
        parts.append(f"{OUTCOMES.get(str(outcome), outcome)}: {', '.join(told)}")
    return f"{headline(table)}. {reading(table)} {'; '.join(parts)}."
