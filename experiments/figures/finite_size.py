"""How the transition to emergence sharpens as the world grows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.finite_size import FOUND, SHARPER
from experiments.figures import style
from experiments.figures.style import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = ((ORANGE, "-", "D"), (GREEN, "-.", "^"), (VERMILION, "--", "s"), (BLUE, "-", "o"),
         (PURPLE, (0, (5, 1, 1, 1)), "v"), (INK, "-", "x"))  # fmt: skip
FLAT = 0.1  # exponents within this: a tenfold world changes the width by at most a fifth
SEEN = 0.005  # below this an exponent is told as 0.00
FEWEST_TICKS, MOST_TICKS = 3, 8
ABOVE, BELOW, HEIGHT = 1.0, 0.65, 4.8
SPLIT = (5.7, 1.75)  # width of the left panel, gap to the right one


@style.styled
def draw(
    shares: pd.DataFrame,
    table: pd.DataFrame,
    scaled: Mapping[str, float],
    control: str,
    size: str,
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw emergence along a parameter for each size, and the width of the transition by size.

    Parameters
    ----------
    shares
        From `emergence_grid.emergence`, by control and size.
    table
        From `finite_size.transitions`.
    scaled
        From `finite_size.scaling`.
    control, size
        The parameters.
    labels
        A parameter in words, with its unit.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    figure = style.new_figure(HEIGHT) if figure is None else figure
    figure.set_size_inches(style.WIDTH, HEIGHT)
    left = style.place(figure, style.MARGIN, BELOW, style.WIDTH - style.MARGIN - SPLIT[0], ABOVE)
    sizes = sorted(shares[size].unique())
    ends = []
    for count, (colour, dashes, marker) in zip(sizes, LOOKS, strict=False):
        rows = shares[shares[size] == count].sort_values(control)
        x = rows[control].to_numpy()
        left.vlines(x, 100 * rows["low"], 100 * rows["high"], color=colour, linewidth=0.9)
        left.plot(
            x, 100 * rows["share"], color=colour, linestyle=dashes, marker=marker, markersize=4,
            linewidth=1.4,
        )  # fmt: skip
        ends.append((f"{count:,}", 100 * float(rows["share"].iloc[-1]), colour))
    left.set_ylim(-2, 102)
    left.axhline(50, color=MUTED, linewidth=0.8, linestyle=(0, (5, 3)))
    left.set_xlabel(labels.get(control, control))
    left.set_ylabel("runs with a movement (%)")
    style.label_ends(left, ends, 8.5)
    right = style.place(figure, style.MARGIN + SPLIT[0] + SPLIT[1], BELOW, 0.3, ABOVE)
    _widths(right, table, scaled)
    right.set_xlabel(labels.get(size, size))
    right.set_ylabel("width, 10 to 90 % of runs")
    style.title(
        figure, headline(scaled),
        "Left: a line for each size. Right: how far the parameter moves from 10 to 90 % of runs; "
        "triangles: at most so wide. 95 % intervals.",
    )  # fmt: skip
    return figure


def headline(scaled: Mapping[str, float]) -> str:
    """Return in a line whether the transition sharpens."""
    if math.isnan(scaled["exponent"]):
        return "Too few sizes with a visible transition to say whether it sharpens"
    told = text.number(scaled["exponent"], scaled["low"], scaled["high"], sign=True)
    if scaled["low"] >= -FLAT and scaled["high"] <= FLAT:
        return f"The transition is as smooth in a large world as in a small one: exponent {told}"
    if scaled["low"] >= SEEN:
        return f"The larger the world, the sharper the transition: exponent {told}"
    if scaled["high"] <= -SEEN:
        return f"The larger the world, the smoother the transition: exponent {told}"
    return f"Whether the transition sharpens with size cannot be told: exponent {told}"


def describe(table: pd.DataFrame, scaled: Mapping[str, float]) -> str:
    """Return the figure in words."""
    told = []
    for row in table.itertuples():
        if row.status not in (FOUND, SHARPER):
            told.append(f"{row.size:,}: {row.status}")
            continue
        middle = text.number(row.midpoint, row.midpoint_low, row.midpoint_high)
        width = text.number(row.width, row.width_low, row.width_high)
        told.append(f"{row.size:,}: half of the runs at {middle}, width {width} ({row.status})")
    return f"{headline(scaled)}. By size, {'; '.join(told)}."


def _widths(axes: Any, table: pd.DataFrame, scaled: Mapping[str, float]) -> None:
    known, sharp = (table[table["status"] == status] for status in (FOUND, SHARPER))
    axes.vlines(known["size"], known["width_low"], known["width_high"], color=BLUE, linewidth=1.4)
    axes.plot(known["size"], known["width"], "o", color=BLUE, markersize=6)
    axes.plot(sharp["size"], sharp["width"], "v", color=MUTED, markersize=7)
    if not math.isnan(scaled["exponent"]):
        x = np.geomspace(known["size"].min(), known["size"].max(), 50)
        axes.plot(x, scaled["constant"] * x ** -scaled["exponent"], color=INK, linewidth=1.1,
                  linestyle=(0, (5, 3)))  # fmt: skip
    axes.set_xscale("log")
    sizes = table["size"].tolist()
    shown = sizes if len(sizes) <= 4 else sizes[:: -(-len(sizes) // 4)]
    axes.set_xticks(shown, [f"{size:,}" for size in shown])
    drawn = pd.concat([known["width_low"], known["width_high"], sharp["width"]])
    if len(drawn):
        axes.set_yscale("log")
        low, high = 0.7 * drawn.min(), 1.4 * drawn.max()
        axes.set_ylim(low, high)
        ticks = _ticks(float(low), float(high))
        axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers for a logarithmic axis: the roundest of which at least three fit."""
    ticks: list[float] = []
    for digits in ((1, 2, 5), range(1, 10), np.arange(10, 100, 5) / 10, np.arange(100, 1000) / 100):
        steps = [float(f"{m * 10.0**e:.6g}") for e in range(-6, 6) for m in digits]
        ticks = [step for step in steps if low <= step <= high]
        if len(ticks) >= FEWEST_TICKS:
            break
    return ticks[:: -(-len(ticks) // MOST_TICKS)] if ticks else []
