"""A case replayed: what is known, and where the runs lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, INK, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, GAP, TALL = 0.85, 0.85, 1.15, 0.85, 1.45, 2.5


@style.styled
def draw(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, figure: Figure | None = None
) -> Figure:
    """Draw a panel for each quantity: 90 % of the runs and the middle one, and the fact as a line.

    Parameters
    ----------
    table
        A row a quantity and number of people an agent stands for: quantity, people, fact, low,
        median, high, known (the share of runs that have such a quantity).
    labels
        A quantity in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    figure = style.new_figure(4) if figure is None else figure
    figure.set_size_inches(style.WIDTH, ABOVE + TALL + BELOW)
    names = list(table["quantity"].unique())
    width = (style.WIDTH - LEFT - RIGHT - GAP * (len(names) - 1)) / max(len(names), 1)
    for i, name in enumerate(names):
        rows = table[table["quantity"] == name]
        left = LEFT + i * (width + GAP)
        axes = style.place(figure, left, BELOW, style.WIDTH - left - width, ABOVE)
        x = np.arange(len(rows))
        scale = 100 if rows["high"].max() <= 1 else 1
        axes.vlines(x, scale * rows["low"], scale * rows["high"], color=BLUE, linewidth=2.5)
        axes.plot(x, scale * rows["median"], "o", color=BLUE, markersize=7)
        fact = scale * rows["fact"].iloc[0]
        axes.axhline(fact, color=VERMILION, linewidth=1.4, linestyle=(0, (5, 2)))
        if scale == 1:
            axes.set_yscale("symlog", linthresh=10)
            axes.set_ylim(0, 4 * max(rows["high"].max(), fact))
        told = f"{fact:,.3g}" if scale == 100 else f"{fact:,.0f}"
        axes.annotate(
            f"in fact\n{told}", (1, fact), (8, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", fontsize=9, va="center", color=style.LETTERS[VERMILION],
        )  # fmt: skip
        shown = zip(rows["people"], rows["known"], strict=True)
        axes.set_xticks(x, [f"{people:g}\n{text.share(known)}" for people, known in shown])
        axes.set_xlim(-0.5, len(rows) - 0.5)
        axes.set_xlabel("people a simulated user stands for\nruns with such a figure")
        unit = " (%)" if scale == 100 else ""
        axes.set_title(f"{labels.get(name, name)}{unit}", loc="left", fontsize=9.5, color=INK)
    reading = "Bars: 90 % of the runs with such a figure; dots: the middle one."
    style.title(figure, headline(table, labels), reading)
    return figure


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen."""
    inside = (table["low"] <= table["fact"]) & (table["fact"] <= table["high"])
    hit = inside.groupby(table["quantity"], sort=False).any()
    count = f"{int(hit.sum())} of {len(hit)}"
    return f"{count} known figures lie among the runs for some number of people an agent stands for"


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    labels = labels or {}
    parts = []
    for name, rows in table.groupby("quantity", sort=False):
        told = [
            f"{row.people:g} people an agent {row.median:.3g} [{row.low:.3g} to {row.high:.3g}] "
            f"({text.share(row.known)} of runs have it)"
            for row in rows.dropna().itertuples()
        ]
        fact = rows["fact"].iloc[0]
        parts.append(
            f"{labels.get(str(name), name)}: in fact {fact:.3g}; {', '.join(told) or 'in no run'}"
        )
    return f"{headline(table)}. Middle run and 90 % of the runs that have it. {'. '.join(parts)}."
