"""Up to which cost of taking part a movement still emerges, by the conditions that hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, GREEN, MUTED, ORANGE, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ROW = 3.0, 1.6, 0.36
LOOKS = ((MUTED, "D"), (ORANGE, "s"), (GREEN, "^"), (BLUE, "o"), (VERMILION, "v"))


@style.styled
def draw(
    table: pd.DataFrame,
    costs: tuple[float, float],
    default: float | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw critical costs with their intervals, by the number of conditions that hold.

    Parameters
    ----------
    table
        From `critical_cost.critical_costs`.
    costs
        Lowest and highest cost tried.
    default
        Cost in the runs that do not vary it, drawn as a line.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(4) if figure is None else figure
    above, below = 0.95, 0.65
    height = above + ROW * len(table) + 0.1 + below
    figure.set_size_inches(style.WIDTH, height)
    axes = style.place(figure, LEFT, below, RIGHT, above)
    low, high = costs
    room = 0.05 * (high - low)
    for row, (_, line) in enumerate(table.iterrows()):
        colour, marker = LOOKS[min(int(line["size"]), len(LOOKS) - 1)]
        if row % 2 == 0:
            axes.axhspan(row - 0.5, row + 0.5, color=FAINT, alpha=0.45, linewidth=0)
        if math.isnan(line["cost"]):
            continue
        start, end = (min(max(line[name], low - room), high + room) for name in ("low", "high"))
        if not math.isnan(start + end):
            axes.hlines(row, start, end, color=colour, linewidth=2)
        at = min(max(line["cost"], low - room), high + room)
        arrow = {math.inf: ">", -math.inf: "<"}.get(line["cost"], marker)
        axes.plot([at], [row], marker=arrow, color=colour, markersize=8, clip_on=False)
        axes.annotate(
            in_words(line), (1, row), (10, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", fontsize=8.5, va="center", annotation_clip=False,
        )  # fmt: skip
    if default is not None and low <= default <= high:
        axes.axvline(default, color=MUTED, linewidth=1, linestyle=(0, (5, 3)))
        axes.annotate(
            "cost in the other runs", (default, 1), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", fontsize=8.5, color=MUTED, ha="center",
        )  # fmt: skip
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(low - room, high + room)
    axes.set_yticks(
        range(len(table)), [name.replace("none", "none of them") for name in table["set"]]
    )
    axes.tick_params(left=False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("mean cost of taking part (motive) at which half of the runs have a movement")
    style.title(
        figure,
        headline(table),
        "A mark further right: a movement emerges although taking part costs more. Bars are 95 % "
        "intervals (resampled replicates).",
        left=0.3,
    )
    return figure


def in_words(line: Mapping[str, float] | pd.Series) -> str:
    """Return a critical cost with its interval."""
    if math.isnan(line["cost"]):
        return "not known"
    if line["cost"] == math.inf:
        return "above all tried"
    if line["cost"] == -math.inf:
        return "at none tried"
    return f"{line['cost']:.2f} [{_bound(line['low'])} to {_bound(line['high'])}]"


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    every = table.loc[table["size"].idxmax()]
    none = table.loc[table["size"].idxmin()]
    singles = table[table["size"] == 1]
    if not np.isfinite(every["cost"]) or not np.isfinite(none["cost"]) or singles.empty:
        return "How dear taking part may be before no movement emerges"
    best = singles.loc[singles["cost"].idxmax()]
    return (
        f"A movement bears a cost of {every['cost']:.2f} with all conditions, "
        f"{none['cost']:.2f} with none, {best['cost']:.2f} with {best['set']} alone"
    )


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    rows = "; ".join(f"{line['set']}: {in_words(line)}" for _, line in table.iterrows())
    return (
        f"{headline(table)}. Cost of taking part at which half of the runs have a movement, by the "
        f"conditions that hold: {rows}."
    )


def _bound(value: float) -> str:
    return (
        "?"
        if math.isnan(value)
        else "∞"
        if value == math.inf
        else "−∞"
        if value == -math.inf
        else f"{value:.2f}"
    )
