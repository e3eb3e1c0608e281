"""Sampled worlds: the regions (boxes) in which something happens, an outcome along a parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import bare, finish, is_first, name_rows, panels, wrapped
from experiments.figures.primitives import MANY, bands
from experiments.figures.style import (
    BLUE,
    FAINT,
    INK,
    MUTED,
    Axes,
    Figure,
    canvas,
    ems,
    new_figure,
    styled,
)
from sim.columns import axis, column, label

SHOWN = 12


@styled
def draw_boxes(table: pd.DataFrame, event: str = "a movement emerges") -> Figure:
    """Draw for each box the range of every parameter it limits, in the range of all worlds.

    Parameters
    ----------
    table
        From `prim.boxes`.
    event
        What makes a world one of interest, in words.
    """
    groups = [rows for _, rows in table.groupby("box", sort=True)]
    heights = [3.0 * len(rows) + 3.5 for rows in groups]
    figure = new_figure(ems(sum(heights) + 1))
    places: Any = figure.add_gridspec(max(len(groups), 1), 1, height_ratios=heights or [1])
    for place, rows in zip(places, groups, strict=False):
        axes = figure.add_subplot(place)
        _panel(axes, rows)
        what = f"Region {rows['box'].iloc[0]}: {content(rows.iloc[0], event)}"
        axes.set_title(wrapped(figure, what, 0.62 * canvas().width, weight="bold"))
    title = boxes_headline(table, event)
    words = in_words(
        f"{title}.",
        table.sort_values("box", kind="stable"),
        lambda row: label(row["parameter"]),
        limit,
        lambda row: f"Region {row['box']}, {content(row, event)}",
    )
    reading = ""
    if len(table):
        first = table.iloc[0]
        reading = (
            f"Grey: range of all worlds ({text.share(first['base'])} of them are such). Blue: "
            f"range of the region. Judged on {int(first['worlds']):,} worlds other than those it "
            "was searched in; 95 % intervals."
        )
    finish(figure, title, reading, words=words)
    return figure


def content(row: Mapping[str, Any] | pd.Series, event: str) -> str:
    """Return what a box holds."""
    density = text.share(row["density"], row["density_low"], row["density_high"])
    return (
        f"in {density} of its worlds {event}; it has "
        f"{text.share(row['coverage'])} of all such worlds"
    )


def boxes_headline(table: pd.DataFrame, event: str = "a movement emerges") -> str:
    """Return in a line what is seen."""
    if table.empty:
        return f"No region of worlds is found in which {event} clearly more often than elsewhere"
    boxes = table.groupby("box").first()
    which = "One region has" if len(boxes) == 1 else f"{len(boxes)} regions have"
    return f"{which} {text.share(boxes['coverage'].sum())} of the worlds in which {event}"


def limit(row: Mapping[str, Any] | pd.Series) -> str:
    """Return the limit of a parameter in words."""
    if row["allowed"]:
        return text.joined(map(text.as_text, row["allowed"]), "or")
    low, high = row["low"], row["high"]
    if math.isnan(low):
        return f"≤ {high:.3g}"
    return f"≥ {low:.3g}" if math.isnan(high) else f"{low:.3g} to {high:.3g}"


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    for y, (_, row) in enumerate(rows.iterrows()):
        note = limit(row)
        if not row["allowed"]:
            width = row["most"] - row["least"]
            start = 0.0 if math.isnan(row["low"]) else (row["low"] - row["least"]) / width
            end = 1.0 if math.isnan(row["high"]) else (row["high"] - row["least"]) / width
            axes.barh(y, 1, height=0.3, color=FAINT)
            axes.barh(y, end - start, left=start, height=0.3, color=BLUE, edgecolor=INK, lw=0.6)
            for x, value, side in ((0, row["least"], "left"), (1, row["most"], "right")):
                axes.text(x, y + 0.48, f"{value:.3g}", ha=side, va="center", color=MUTED)
        axes.annotate(
            note, (1, y), (ems(0.8) * 72, 0), textcoords="offset points", va="center",
            annotation_clip=False,
        )  # fmt: skip
    name_rows(axes, list(map(label, rows["parameter"])))
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.25, -0.5)
    axes.set_xticks([])
    bare(axes)


@styled
def draw_curves(table: pd.DataFrame, worlds: pd.DataFrame) -> Figure:
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
    title, left = curves_headline(table), table["parameter"].nunique() - SHOWN
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


def curves_headline(table: pd.DataFrame) -> str:
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
