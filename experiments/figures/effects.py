"""Main effects of conditions on emergence, against what counts as material."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.effects import MATERIAL
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED, PAPER, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ROW = 2.6, 2.3, 0.42
LOOKS = {
    "raises": (BLUE, "o", True),
    "lowers": (VERMILION, "s", True),
    "no material effect": (MUTED, "D", True),
    "undecided": (MUTED, "D", False),
}


@style.styled
def draw(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
    material: float = MATERIAL,
) -> Figure:
    """Draw main effects with their intervals, largest first.

    Parameters
    ----------
    table
        From `effects.main_effects`; or any rows of condition, effect, low, high, verdict.
    labels
        A condition's name in words.
    figure
        To draw on; it is given the size that is needed.
    material
        Half the width of the band inside which an effect does not matter.
    """
    labels = labels or {}
    table = in_order(table)
    figure = style.new_figure(4) if figure is None else figure
    above, below = 0.95, 0.65
    height = above + ROW * len(table) + 0.15 + below
    figure.set_size_inches(style.WIDTH, height)
    axes = style.place(figure, LEFT, below, RIGHT, above)
    band = 100 * material
    axes.axvspan(-band, band, color=FAINT, alpha=0.7, linewidth=0)
    axes.axvline(0, color=INK, linewidth=0.9)
    for row, (_, line) in enumerate(table.iterrows()):
        colour, marker, fill = LOOKS[line["verdict"]]
        axes.hlines(row, 100 * line["low"], 100 * line["high"], color=colour, linewidth=2)
        axes.plot(
            [100 * line["effect"]], [row], marker=marker, markersize=7.5, color=colour,
            markerfacecolor=colour if fill else PAPER, markeredgewidth=1.4, linestyle="none",
        )  # fmt: skip
        told = f"{text.points(line['effect'], line['low'], line['high'])}\n{line['verdict']}"
        axes.annotate(
            told, (1, row), (10, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", fontsize=8.5, va="center", annotation_clip=False,
            linespacing=1.15,
        )  # fmt: skip
    axes.set_ylim(len(table) - 0.4, -0.6)
    low, high = (
        100 * np.nanmin([*table["low"], -material]),
        100 * np.nanmax([*table["high"], material]),
    )
    room = 0.06 * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.set_yticks(range(len(table)), [labels.get(c, c) for c in table["condition"]])
    axes.tick_params(left=False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(
        "change in the share of runs with a movement, condition on − off (percentage points)"
    )
    style.title(
        figure,
        headline(table, labels),
        f"Averaged over all settings of the other conditions; bars are 95 % intervals over "
        f"{int(table['replicates'].max())} replicates; band: ±{band:.0f} points, not material.",
        left=0.3,
    )
    return figure


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the effects from the largest rise to the largest fall."""
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen."""
    labels = labels or {}
    raises = int((table["verdict"] == "raises").sum())
    lowers = int((table["verdict"] == "lowers").sum())
    if not raises and not lowers:
        return "No condition is seen to change emergence by more than is material"
    largest = table.loc[table["effect"].abs().idxmax()]
    name = labels.get(largest["condition"], largest["condition"])
    counts = [f"{raises} raise it"] if raises else []
    counts += [f"{lowers} lower it" if raises else f"{lowers} lower emergence"] if lowers else []
    told = counts[0].replace("raise it", "raise emergence") if raises else counts[0]
    told += f", {counts[1]}" if len(counts) > 1 else ""
    return f"Of {len(table)} conditions {told}; the most: “{name}”"


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    labels = labels or {}
    table = in_order(table)
    rows = [
        f"{labels.get(row['condition'], row['condition'])}: "
        f"{text.points(row['effect'], row['low'], row['high'])}, {row['verdict']}"
        for _, row in table.iterrows()
    ]
    return f"{headline(table, labels)}. Main effects: {'; '.join(rows)}."
