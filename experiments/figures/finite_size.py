"""How the transition to emergence sharpens as the world grows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.finite_size import FOUND, SHARPER
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import LOOKS, bars, strokes
from experiments.figures.style import BLUE, INK, MUTED, Figure, styled
from sim.columns import axis

FLAT = 0.1  # exponents within this: a tenfold world changes the width by at most a fifth
SEEN = 0.005  # below this an exponent is written as 0.00
FEWEST_TICKS, MOST_TICKS = 3, 8


@styled
def draw(
    shares: pd.DataFrame,
    table: pd.DataFrame,
    scaled: Mapping[str, float],
    control: str,
    size: str,
) -> Figure:
    """Draw emergence along a parameter for each size, and the width of the transition by size.

    Parameters
    ----------
    shares
        From `tables.emergence`, by control and size.
    table
        From `finite_size.transitions`.
    scaled
        From `finite_size.scaling`.
    control, size
        The parameters.
    """
    figure, (left, right) = panels(2, most=2, height=20, least=25)
    sizes = sorted(shares[size].unique())
    for count, look in zip(sizes, LOOKS, strict=False):
        rows = shares[shares[size] == count].sort_values(control)
        bars(left, rows[control], (100 * rows[c] for c in ("share", "low", "high")), look)
    left.set_ylim(-2, 102)
    left.axhline(50, color=MUTED, linewidth=0.8, linestyle=(0, (5, 3)))
    left.set_xlabel(axis(control))
    left.set_ylabel("runs with a movement (%)")
    _widths(right, table, scaled)
    right.set_xlabel(axis(size))
    right.set_ylabel("width of the transition")
    title = headline(scaled)
    triangles = " Triangles: at most so wide." if (table["status"] == SHARPER).any() else ""
    finish(
        figure,
        title,
        "A line for each size; and how far the parameter moves from 10 to 90 % of runs, by "
        f"size.{triangles} Bars: 95 % intervals.",
        strokes(f"{count:,}" for count in sizes),
        words=in_words(f"{title}. By size:", table, lambda row: f"{row['size']:,}", _transition),
    )
    return figure


def headline(scaled: Mapping[str, float]) -> str:
    """Return in a line whether the transition sharpens."""
    if math.isnan(scaled["exponent"]):
        return "Too few sizes with a visible transition to say whether it sharpens"
    exponent = text.number(scaled["exponent"], scaled["low"], scaled["high"], sign=True)
    if scaled["low"] >= -FLAT and scaled["high"] <= FLAT:
        return (
            f"The transition is as smooth in a large world as in a small one: exponent {exponent}"
        )
    if scaled["low"] >= SEEN:
        return f"The larger the world, the sharper the transition: exponent {exponent}"
    if scaled["high"] <= -SEEN:
        return f"The larger the world, the smoother the transition: exponent {exponent}"
    return f"These runs leave open whether the transition sharpens with size: exponent {exponent}"


def _transition(row: pd.Series) -> str:
    if row["status"] not in (FOUND, SHARPER):
        return str(row["status"])
    middle, width = (
        text.number(*row[[name, f"{name}_low", f"{name}_high"]]) for name in ("midpoint", "width")
    )
    return f"half of the runs at {middle}, width {width} ({row['status']})"


def _widths(axes: Any, table: pd.DataFrame, scaled: Mapping[str, float]) -> None:
    known, sharp = (table[table["status"] == status] for status in (FOUND, SHARPER))
    axes.vlines(known["size"], known["width_low"], known["width_high"], color=BLUE, linewidth=1.4)
    axes.plot(known["size"], known["width"], "o", color=BLUE)
    axes.plot(sharp["size"], sharp["width"], "v", color=MUTED)
    if not math.isnan(scaled["exponent"]):
        x = np.geomspace(known["size"].min(), known["size"].max(), 50)
        fit = scaled["constant"] * x ** -scaled["exponent"]
        axes.plot(x, fit, color=INK, linewidth=1.1, linestyle=(0, (5, 3)))
    axes.set_xscale("log")
    sizes = table["size"].tolist()
    axes.set_xticks(shown := sizes[:: -(-len(sizes) // 4)], [f"{size:,}" for size in shown])
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
