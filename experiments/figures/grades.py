"""How far the movement came in each arm, along a parameter: stacked shares of the grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED, ORANGE, PAPER, SKY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = {
    "dormant": (PAPER, ""), "flash": (FAINT, ""), "crowd": (MUTED, "...."), "sustained": (SKY, ""),
    "recognised": (BLUE, "////"), "converted": (ORANGE, "xxxx"),
}  # fmt: skip
LEFT, RIGHT, ABOVE, BELOW, GAP, TALL = 0.75, 1.5, 1.15, 0.65, 0.25, 2.8


@style.styled
def draw(table: pd.DataFrame, arm: str, across: str, figure: Figure | None = None) -> Figure:
    """Draw a panel for each arm, a stacked bar for each value.

    Parameters
    ----------
    table
        From `grades.grades`, by these two columns.
    arm, across
        The column of the panels and that along the axis.
    figure
        To draw on; it is given the size that is needed.
    """
    from matplotlib.patches import Patch

    figure = style.new_figure(4) if figure is None else figure
    arms, values = list(table[arm].unique()), list(table[across].unique())
    figure.set_size_inches(style.WIDTH, ABOVE + TALL + BELOW)
    width = (style.WIDTH - LEFT - RIGHT - GAP * (len(arms) - 1)) / len(arms)
    x = np.arange(len(values))
    for i, name in enumerate(arms):
        left = LEFT + i * (width + GAP)
        axes = style.place(figure, left, BELOW, style.WIDTH - left - width, ABOVE)
        bottom = np.zeros(len(values))
        for grade, (colour, hatch) in LOOKS.items():
            rows = table[(table[arm] == name) & (table["grade"] == grade)].set_index(across)
            shares = 100 * rows["share"].reindex(values).to_numpy(dtype=float)
            axes.bar(
                x, shares, 0.82, bottom=bottom, color=colour, hatch=hatch, edgecolor=INK,
                linewidth=0.5,
            )  # fmt: skip
            bottom += np.nan_to_num(shares)
        axes.set_xticks(x, [f"{value:g}" for value in values])
        axes.set_ylim(0, 100)
        axes.tick_params(labelleft=i == 0)
        axes.set_title(str(name).replace("_", " "), loc="left", fontsize=10, color=INK)
        axes.set_xlabel(across)
        if i == 0:
            axes.set_ylabel("runs (%)")
    keys = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5, label=grade)
        for grade, (colour, hatch) in reversed(LOOKS.items())
    ]
    figure.legend(
        handles=keys, loc="center right", bbox_to_anchor=(1 - 0.1 / style.WIDTH, 0.5),
        frameon=False, fontsize=9, handleheight=1.4,
    )  # fmt: skip
    runs = int(table["runs"].max())
    style.title(figure, headline(table, arm), f"{runs:,} runs a bar, over all other settings.")
    return figure


def headline(table: pd.DataFrame, arm: str) -> str:
    """Return in a line what is seen of the highest grade that came about."""
    there = [grade for grade in LOOKS if (table.loc[table["grade"] == grade, "share"] > 0).any()]
    if not there:
        return "No run has finished"
    shares = table[table["grade"] == there[-1]].groupby(arm, sort=False)["share"].mean()
    told = [f"{name} {text.share(share)}".replace("_", " ") for name, share in shares.items()]
    return f"Runs that end {there[-1]}: {', '.join(told)}"


def describe(table: pd.DataFrame, arm: str, across: str) -> str:
    """Return the figure in words."""
    parts = []
    for (name, value), rows in table.groupby([arm, across], sort=False):
        seen = rows[rows["share"] > 0]
        told = [f"{r.grade} {text.share(r.share, r.low, r.high)}" for r in seen.itertuples()]
        parts.append(f"{str(name).replace('_', ' ')} at {value:g}: {', '.join(told)}")
    return f"{headline(table, arm)}. Grades by {arm} and {across}: {'; '.join(parts)}."
