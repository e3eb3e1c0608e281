"""The limits of the regions (boxes) of worlds in which something happens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import bare, finish, name_rows, wrapped
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
from sim.columns import label


@styled
def draw(table: pd.DataFrame, event: str = "a movement emerges") -> Figure:
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
    title = headline(table, event)
    words = in_words(
        f"{title}.",
        table.sort_values("box", kind="stable"),
        lambda row: label(row["parameter"]),
        limit,
        lambda row: f"Region {row['box']}, {content(row, event)}",
    )
    finish(figure, title, _reading(table), words=words)
    return figure


def content(row: Mapping[str, Any] | pd.Series, event: str) -> str:
    """Return what a box holds."""
    density = text.share(row["density"], row["density_low"], row["density_high"])
    return (
        f"in {density} of its worlds {event}; it has "
        f"{text.share(row['coverage'])} of all such worlds"
    )


def headline(table: pd.DataFrame, event: str = "a movement emerges") -> str:
    """Return in a line what is seen."""
    if table.empty:
        return f"No region of worlds is found in which {event} clearly more often than elsewhere"
    boxes = table.groupby("box").first()
    which = "One region has" if len(boxes) == 1 else f"{len(boxes)} regions have"
    return f"{which} {text.share(boxes['coverage'].sum())} of the worlds in which {event}"


def _reading(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    row = table.iloc[0]
    return (
        f"Grey: range of all worlds ({text.share(row['base'])} of them are such). Blue: range of "
        f"the region. Judged on {int(row['worlds']):,} worlds other than those it was searched in; "
        "95 % intervals."
    )


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
