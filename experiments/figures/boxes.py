"""The limits of the boxes of worlds in which something happens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, ROW, HEAD = 2.9, 1.9, 0.75, 0.15, 0.42, 0.62
EMPTY = 1.4


@style.styled
def draw(
    table: pd.DataFrame,
    event: str = "a movement emerges",
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw for each box the range of every parameter it limits, in the range of all worlds.

    Parameters
    ----------
    table
        From `prim.boxes`.
    event
        What makes a world one of interest, in words.
    labels
        A parameter in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    figure = style.new_figure(4) if figure is None else figure
    groups = [rows for _, rows in table.groupby("box", sort=True)]
    height = ABOVE + sum(HEAD + ROW * len(rows) for rows in groups) + BELOW
    figure.set_size_inches(style.WIDTH, height if groups else EMPTY)
    top = ABOVE
    for rows in groups:
        top += HEAD
        size = ROW * len(rows)
        axes = style.place(figure, LEFT, height - top - size, RIGHT, top)
        _panel(axes, rows, labels)
        figure.text(
            0.3 / style.WIDTH, 1 - (top - 0.22) / height, told(rows.iloc[0], event), fontsize=10,
            fontweight="bold", va="center",
        )  # fmt: skip
        top += size
    style.title(figure, headline(table, event), reading(table), left=0.3)
    return figure


def told(row: Mapping[str, Any] | pd.Series, event: str) -> str:
    """Return what a box holds."""
    density = text.share(row["density"], row["density_low"], row["density_high"])
    return (
        f"Box {row['box']}: in {density} of its worlds {event}; it holds "
        f"{text.share(row['coverage'])} of all such worlds"
    )


def headline(table: pd.DataFrame, event: str = "a movement emerges") -> str:
    """Return in a line what is seen."""
    if table.empty:
        return f"No box of worlds is found in which {event} clearly more often than elsewhere"
    boxes = table.groupby("box").first()
    covered = text.share(boxes["coverage"].sum())
    which = "One box holds" if len(boxes) == 1 else f"{len(boxes)} boxes hold"
    return f"{which} {covered} of the worlds in which {event}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    if table.empty:
        return ""
    row = table.iloc[0]
    return (
        f"Grey: range of all worlds ({text.share(row['base'])} of them are such). Blue: of the "
        f"box. Judged on {int(row['worlds']):,} worlds it was not searched in; 95 % intervals."
    )


def describe(
    table: pd.DataFrame,
    event: str = "a movement emerges",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Return the figure in words."""
    parts = [f"{headline(table, event)}."]
    for _, rows in table.groupby("box", sort=True):
        limits = [
            f"{(labels or {}).get(row['parameter'], row['parameter'])} {limit(row)}"
            for _, row in rows.iterrows()
        ]
        parts.append(f"{told(rows.iloc[0], event)}: {text.joined(limits)}.")
    return " ".join(parts)


def limit(row: Mapping[str, Any] | pd.Series) -> str:
    """Return the limit of a parameter in words."""
    if row["allowed"]:
        return f"is {text.joined(row['allowed'].split(', ')).replace(' and ', ' or ')}"
    low, high = row["low"], row["high"]
    if math.isnan(low):
        return f"≤ {high:.3g}"
    return f"≥ {low:.3g}" if math.isnan(high) else f"{low:.3g} to {high:.3g}"


def _panel(axes: Axes, rows: pd.DataFrame, labels: Mapping[str, str]) -> None:
    for y, (_, row) in enumerate(rows.iterrows()):
        if row["allowed"]:
            axes.text(0.0, y, row["allowed"], color=BLUE, va="center", fontsize=9.5)
            continue
        width = row["most"] - row["least"]
        start = 0.0 if math.isnan(row["low"]) else (row["low"] - row["least"]) / width
        end = 1.0 if math.isnan(row["high"]) else (row["high"] - row["least"]) / width
        axes.barh(y, 1, height=0.3, color=FAINT)
        axes.barh(y, end - start, left=start, height=0.3, color=BLUE, edgecolor=INK, lw=0.6)
        for x, value in ((0, row["least"]), (1, row["most"])):
            axes.annotate(
                f"{value:.3g}", (x, y), (-5 if x == 0 else 5, 0), textcoords="offset points",
                ha="right" if x == 0 else "left", va="center", fontsize=8, color=MUTED,
                annotation_clip=False,
            )  # fmt: skip
        axes.annotate(
            limit(row), (1, y), (50, 0), textcoords="offset points", va="center", fontsize=9,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [labels.get(name, name) for name in rows["parameter"]])
    axes.tick_params(left=False, pad=42)
    axes.set_xticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
