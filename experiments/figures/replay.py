"""A case replayed: what is known, and where the runs lie."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.ends import name_end
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import bars
from experiments.figures.style import VERMILION, Figure, styled


@styled
def draw(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
    """Draw a panel for each quantity: 90 % of the runs and the middle one, and the fact as a line.

    Parameters
    ----------
    table
        A row a quantity and number of people an agent stands for: quantity, people, fact, low,
        median, high, known (the share of runs that have such a quantity).
    labels
        A quantity in words.
    """
    figure, axes = panels(table["quantity"].nunique(), most=2, height=15)
    for each, (name, rows) in zip(axes, table.groupby("quantity", sort=False), strict=True):
        scale = 100 if rows["high"].max() <= 1 else 1
        values = [scale * rows[column] for column in ("median", "low", "high")]
        bars(each, range(len(rows)), values, joined=False)
        fact = scale * rows["fact"].iloc[0]
        each.axhline(fact, color=VERMILION, linewidth=1.4, linestyle=(0, (5, 2)))
        if scale == 1:
            each.set_yscale("symlog", linthresh=10)
            each.set_ylim(0, 4 * max(rows["high"].max(), fact))
        name_end(each, f"in fact\n{_value(fact / scale, scale)}", fact, VERMILION)
        ticks = [f"{row.people:g}\n{text.share(row.known)}" for row in rows.itertuples()]
        each.set_xticks(range(len(rows)), ticks)
        each.set_xlim(-0.5, len(rows) - 0.5)
        each.set_xlabel("people a simulated user stands for\nand runs with such a figure")
        each.set_title(f"{labels.get(name, name)}{' (%)' if scale == 100 else ''}")
    reading = "Bars: 90 % of the runs with such a figure; dots: the middle one."
    inside = (table["low"] <= table["fact"]) & (table["fact"] <= table["high"])
    hit = inside.groupby(table["quantity"], sort=False).any()
    count = f"{int(hit.sum())} of {len(hit)}"
    title = f"{count} known figures lie among the runs for some number of people a user stands for"
    words = in_words(
        f"{title}. Middle run and 90 % of the runs that have it.",
        table,
        lambda row: f"{row['people']:g} people a user",
        _spread,
        lambda row: f"{labels.get(row['quantity'], row['quantity'])}, in fact {row['fact']:.3g}",
    )
    finish(figure, title, reading, words=words)
    return figure


def _spread(row: pd.Series) -> str:
    if row.isna().any():
        return "in no run"
    known = text.share(row["known"])
    return f"{row['median']:.3g} [{row['low']:.3g} to {row['high']:.3g}], in {known} of runs"


def _value(value: float, scale: int) -> str:
    return text.percent(value) if scale == 100 else f"{value:,.0f}"
