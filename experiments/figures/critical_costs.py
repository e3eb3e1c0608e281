"""Up to which cost of taking part a movement still emerges, by the conditions that hold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, GREEN, MUTED, ORANGE, VERMILION, Figure, styled

SIZES = ((MUTED, "D"), (ORANGE, "s"), (GREEN, "^"), (BLUE, "o"), (VERMILION, "v"))


@styled
def draw(table: pd.DataFrame, costs: tuple[float, float], default: float | None = None) -> Figure:
    """Draw critical costs with their intervals, by the number of conditions that hold.

    Parameters
    ----------
    table
        From `critical_cost.critical_costs`.
    costs
        Lowest and highest cost tried.
    default
        Cost in the runs that do not vary it, drawn as a line.
    """
    rows = [
        Row(
            "none of them" if row["set"] == "none" else row["set"],
            row[["cost", "low", "high"]],
            (*SIZES[min(int(row["size"]), len(SIZES) - 1)], True),
            cost_in_words(row),
        )
        for _, row in table.iterrows()
    ]
    low, high = costs
    room = 0.05 * (high - low)
    figure, (axes,) = panels(1, rows=[row.name for row in rows])
    forest(axes, rows, shaded=range(0, len(rows), 2), limits=(low - room, high + room))
    if default is not None and low <= default <= high:
        axes.axvline(default, color=MUTED, linewidth=1, linestyle=(0, (5, 3)))
        axes.set_title(
            "cost in the other runs", x=(default - low + room) / (high - low + 2 * room),
            loc="center", fontweight="normal", color=MUTED,
        )  # fmt: skip
    axes.set_xlabel("mean cost of taking part at which half of the runs have a movement")
    title = headline(table)
    finish(
        figure,
        title,
        "A mark further right: a movement emerges although taking part costs more. Bars: 95 % "
        "intervals (resampled replicates).",
        words=in_words(
            f"{title}. Cost of taking part at which half of the runs have a movement, by the "
            "conditions that hold:",
            table,
            "set",
            cost_in_words,
        ),
    )
    return figure


def cost_in_words(row: pd.Series) -> str:
    """Return a critical cost with its interval."""
    if row["cost"] == math.inf:
        return "above all tried"
    if row["cost"] == -math.inf:
        return "at none tried"
    return text.number(row["cost"], row["low"], row["high"])


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    every, none = table.loc[table["size"].idxmax()], table.loc[table["size"].idxmin()]
    singles = table[table["size"] == 1]
    if not np.isfinite(every["cost"]) or not np.isfinite(none["cost"]) or singles.empty:
        return "How dear taking part may be before no movement emerges"
    best = singles.loc[singles["cost"].idxmax()]
    return (
        f"A movement bears a cost of {every['cost']:.2f} with all conditions, "
        f"{none['cost']:.2f} with none, {best['cost']:.2f} with {best['set']} alone"
    )
