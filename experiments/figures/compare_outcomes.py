"""What came out on all sides: a panel an outcome, a row a side."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import amounts
from experiments.analysis.comparison import SIDE
from experiments.analysis.variants import largest_first
from experiments.figures.describe import describe as in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import LOOKS, Row, forest, strokes
from experiments.figures.style import Figure, styled
from sim.columns import axis, column, label


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw each outcome on each side with its interval; a line marks the first side.

    Parameters
    ----------
    table
        From `comparison.outcomes`.
    """
    names = list(dict.fromkeys(table[SIDE]))
    figure, axes = panels(table["outcome"].nunique(), rows=names, line=1.9)
    for each, (outcome, lines) in zip(axes, table.groupby("outcome", sort=False), strict=True):
        own = column(outcome).scale * lines.set_index(SIDE)[["mean", "low", "high"]]
        rows = [
            Row("", own.loc[name], (look.colour, look.marker, True))
            for name, look in zip(names, LOOKS, strict=False)
        ]
        forest(each, rows, named=False, zero=own["mean"].iloc[0])
        each.set_title(axis(outcome))
    finish(figure, headline(table), _reading(table), strokes(names, lines=False))
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    apart = table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]
    if apart.empty:
        return "In no outcome can the results be told apart"
    row = largest_first(apart).iloc[0]
    change = amounts.change(*row[["outcome", "difference", "difference_low", "difference_high"]])
    return f"Largest difference: {label(row['outcome'])}, {change}"


def _reading(table: pd.DataFrame) -> str:
    first = table[SIDE].iloc[0]
    compared = f"“{first}”, with which the others are compared"
    return f"Bars: 95 % intervals of each result; dashed: {compared}."


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    return in_words(
        f"{headline(table)}. {_reading(table)}",
        table,
        SIDE,
        lambda row: amounts.amount(*row[["outcome", "mean", "low", "high"]]),
        lambda row: label(row["outcome"]),
    )
