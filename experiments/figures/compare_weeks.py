"""The course of the runs on all sides, week by week, on the same axes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.figures.describe import describe as in_words
from experiments.figures.layout import finish, is_lowest, panels
from experiments.figures.primitives import LOOKS, bands, strokes
from experiments.figures.style import Figure, styled
from sim.columns import WEEKS, label


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel a quantity: the median over runs, and a band where there are several.

    Parameters
    ----------
    table
        From `comparison.weeks`.
    """
    names, columns = list(dict.fromkeys(table[SIDE])), list(dict.fromkeys(table["column"]))
    figure, axes = panels(len(columns), most=2, height=10)
    for each, column in zip(axes, columns, strict=True):
        for name, look in zip(names, LOOKS, strict=False):
            own = table[(table[SIDE] == name) & (table["column"] == column)]
            values = WEEKS[column].scale * own[["low", "middle", "high"]]
            ends = [(values["low"], values["high"])] if (own["high"] > own["low"]).any() else []
            bands(each, own["week"], values["middle"], *ends, look=look)
        each.set_title(WEEKS[column].axis)
        each.set_xlim(0, table["week"].max())
        each.set_ylim(bottom=0)
        if is_lowest(each, axes):
            each.set_xlabel("week")
    finish(figure, headline(table), _reading(table), strokes(names))
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    active = table[table["column"] == "active"]
    if active.empty:
        return "Week by week"
    peaks = active.groupby(SIDE, sort=False)["middle"].max()
    described = [f"{text.percent(value)} in {name}" for name, value in peaks.items()]
    return f"Most users taking part at once: {text.joined(described)}"


def _reading(table: pd.DataFrame) -> str:
    several = bool(np.any(table["high"] > table["low"]))
    return (
        "Lines: medians over runs; bands: 10th to 90th percentile." if several else "A line a run."
    )


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    return in_words(
        f"{headline(table)}. {_reading(table)} At the end:",
        table[table["week"] == table["week"].max()],
        SIDE,
        lambda row: text.number(row["middle"]),
        lambda row: label(row["column"]),
    )
