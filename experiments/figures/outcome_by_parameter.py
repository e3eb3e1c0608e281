"""An outcome along each sampled parameter: the worlds, a curve through them, and its band."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import MANY, bands
from experiments.figures.style import BLUE, MUTED, Figure, styled
from sim.columns import axis, column, label

SHOWN = 12


@styled
def draw(table: pd.DataFrame, worlds: pd.DataFrame) -> Figure:
    """Draw a panel a parameter, the one along which the outcome changes most first.

    Parameters
    ----------
    table
        From `outcome_by_parameter.outcome_by_parameter`, of one outcome.
    worlds
        A row a world, with the parameters and the outcome.
    """
    outcome, names = table["outcome"].iloc[0], in_order(table)[:SHOWN]
    scale = column(outcome).scale
    figure, axes = panels(len(names), sharey=True)
    for each, name in zip(axes, names, strict=True):
        rows = table[table["parameter"] == name]
        x, y = worlds[name], scale * worlds[outcome]
        curve = scale * rows[["mean", "low", "high"]]
        if rows["value"].isna().any():
            places = {choice: i for i, choice in enumerate(rows["choice"])}
            x = x.map(places) + np.random.default_rng(0).uniform(-0.15, 0.15, len(x))
            each.vlines(range(len(rows)), curve["low"], curve["high"], color=BLUE)
            each.plot(range(len(rows)), curve["mean"], "o", color=BLUE)
            each.set_xticks(range(len(rows)), [text.as_text(choice) for choice in places])
        else:
            bands(each, rows["value"], curve["mean"], (curve["low"], curve["high"]))
            each.locator_params(axis="x", nbins=5)
        each.plot(
            x, y, ".", color=MUTED, markersize=3, alpha=0.45, zorder=1, rasterized=len(x) > MANY
        )
        each.set_xlabel(axis(name))
        if is_first(each):
            each.set_ylabel(column(outcome).unit)
    title, left = headline(table), table["parameter"].nunique() - SHOWN
    rest = f" {text.counted(left, 'parameter')} with flatter curves left out." if left > 0 else ""
    reading = (
        f"Dots: {int(table['worlds'].max()):,} worlds, the mean of each one's runs. Line: mean "
        f"over all that the other parameters may be; band: 95 % interval.{rest}"
    )
    by = table.groupby("parameter", sort=False)
    words = in_words(
        f"{title}. {reading}",
        pd.concat([by.head(1), by.tail(1)])
        .set_index("parameter")
        .loc[in_order(table)]
        .reset_index(),
        lambda row: f"at {_place(row)}",
        lambda row: "{} [{} to {}]".format(
            *(_value(row["outcome"], row[end]) for end in ("mean", "low", "high"))
        ),
        lambda row: label(row["parameter"]),
    )
    finish(figure, title, reading, words=words)
    return figure


def in_order(table: pd.DataFrame) -> list[str]:
    """Return the parameters from the one along which the curve goes furthest."""
    means = table.groupby("parameter", sort=False)["mean"]
    return [str(n) for n in (means.max() - means.min()).sort_values(ascending=False).index]


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the first parameter."""
    outcome, first = table["outcome"].iloc[0], in_order(table)[0]
    rows = table[table["parameter"] == first]
    name = text.capitalised(label(outcome))
    least, most = rows.loc[rows["mean"].idxmin()], rows.loc[rows["mean"].idxmax()]
    if least["high"] >= most["low"]:
        return f"{name}: no clear change along any parameter"
    ends = [f"{_value(outcome, row['mean'])} at {_place(row)}" for row in (least, most)]
    return f"{name}: from {ends[0]} to {ends[1]}, along {label(first)}"


def _value(outcome: str, value: float) -> str:
    return text.percent(value) if column(outcome).is_share else _digits(value)


def _place(row: pd.Series) -> str:
    return text.as_text(row["choice"]) if row["choice"] else _digits(row["value"])


def _digits(value: float) -> str:
    """Return a number with three digits, or whole if it has more."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
