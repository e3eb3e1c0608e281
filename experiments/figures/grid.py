"""Emergence over one or two parameters that a sweep varied."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import bars, colour_bar, heat_map, in_cells
from experiments.figures.style import Figure, styled, width_in_ems
from sim.columns import axis, label

CELL = 5.5  # times the size of the text: the least width of a map's cell with its interval
MOST_ROWS = 18  # of a map whose cells have their intervals


@styled
def draw(table: pd.DataFrame, names: list[str]) -> Figure:
    """Draw shares with intervals over one parameter, or as a map over two.

    Parameters
    ----------
    table
        From `tables.emergence`, by these parameters.
    names
        One or two parameters: along the axis; then, if there are two, up the axis.
    """
    unit = "runs with a movement (%)"
    across, *up = (table[name].nunique() for name in names)
    shown = len(names) > 1 and 0.7 * width_in_ems() / across > CELL and up[0] <= MOST_ROWS
    if len(names) == 1:
        figure, (axes,) = panels(1, height=20)
        numeric = pd.api.types.is_numeric_dtype(table[names[0]])
        x = table[names[0]] if numeric else np.arange(len(table))
        bars(axes, x, (100 * table[name] for name in ("share", "low", "high")), joined=numeric)
        if not numeric:
            axes.set_xticks(x, [text.as_text(value) for value in table[names[0]]])
        axes.set_ylim(-2, 102)
        axes.set_ylabel(unit)
    else:
        cells = table.assign(cell=in_cells(table, "share"))
        wide = cells.pivot(index=names[1], columns=names[0], values=["share", "cell"])
        shares = 100 * wide["share"].astype(float)
        figure, (axes,) = panels(1, height=2.6 * min(max(len(shares), 4), 16))
        image = heat_map(axes, shares, wide["cell"] if shown else None)
        colour_bar(figure, image, [axes], unit)
        axes.set_ylabel(axis(names[1]))
    axes.set_xlabel(axis(names[0]))
    intervals = "bars" if len(names) == 1 else "in brackets" if shown else ""
    title, ends = headline(table, names), table["share"].agg(["idxmin", "idxmax"]).unique()
    words = in_words(
        f"{title}. {reading(table)} Lowest and highest:",
        table.loc[ends].drop_duplicates(),
        lambda row: ", ".join(f"{label(n)} = {text.as_text(row[n])}" for n in names),
        lambda row: text.share(*row[["share", "low", "high"]]),
    )
    finish(figure, title, reading(table, intervals), words=words)
    return figure


def headline(table: pd.DataFrame, names: list[str]) -> str:
    """Return in a line what is seen: the parameter that changes emergence most, and how."""
    ranges = {name: table.groupby(name)["share"].mean() for name in names}
    most = max(names, key=lambda name: ranges[name].max() - ranges[name].min())
    shares = ranges[most]
    low, high = shares.min(), shares.max()
    over = text.joined([label(name) for name in names])
    if round(100 * low) == round(100 * high):
        return f"{text.share(low)} of runs have a movement, whatever {over}"
    ends = [shares.idxmin(), shares.idxmax()]
    if pd.api.types.is_numeric_dtype(table[most]):
        ends.sort()
    at = [f"{text.share(shares[value])} of runs at {text.as_text(value)}" for value in ends]
    return f"A movement: along {label(most)} from {at[0]} to {at[1]}"


def reading(table: pd.DataFrame, intervals: str = "") -> str:
    """Return how to read the figure, with where its intervals are."""
    low, high = int(table["runs"].min()), int(table["runs"].max())
    runs = f"{low}" if low == high else f"{low} to {high}"
    return f"{runs} runs a point{f'; {intervals}: 95 % intervals' if intervals else ''}."
