"""How far movements came on all sides: a group of bars a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.figures import style
from experiments.figures.compare_sides import MARKS
from experiments.figures.style import INK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDE = 0.8  # of a group
HATCHES = ("", "///", "...", "xx", "\\\\", "++")  # tell the sides apart in grey


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw the share of runs of each grade on each side, with its interval.

    Parameters
    ----------
    table
        From `comparison.grades`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(4.2) if figure is None else figure
    figure.set_size_inches(style.WIDTH, 4.2)
    names, grades = list(dict.fromkeys(table[SIDE])), list(dict.fromkeys(table["grade"]))
    axes = style.place(figure, style.MARGIN, 0.5, 0.35, 1.2)
    wide = WIDE / len(names)
    for i, name in enumerate(names):
        own = table[table[SIDE] == name].set_index("grade").loc[grades]
        x = np.arange(len(grades)) + (i - (len(names) - 1) / 2) * wide
        axes.bar(
            x, 100 * own["mean"], 0.9 * wide, facecolor=f"{MARKS[i].colour}40",
            edgecolor=MARKS[i].colour, linewidth=1.2, hatch=HATCHES[i],
        )  # fmt: skip
        axes.vlines(x, 100 * own["low"], 100 * own["high"], color=INK, linewidth=1.2)
    axes.set_xticks(np.arange(len(grades)), grades)
    axes.set_xlim(-0.5, len(grades) - 0.5)
    axes.set_ylim(0, 102)
    axes.set_ylabel("runs (%)")
    _key(figure, names)
    style.title(figure, headline(table), "Each grade is more than the one before; 95 % intervals.")
    return figure


def _key(figure: Figure, names: list[str]) -> None:
    from matplotlib.patches import Patch

    width, height = figure.get_size_inches()
    bars = [
        Patch(facecolor=f"{m.colour}40", edgecolor=m.colour, hatch=h, label=n)
        for m, h, n in zip(MARKS, HATCHES, names, strict=False)
    ]
    figure.legend(
        handles=bars, loc="center left", bbox_to_anchor=(style.MARGIN / width, 1 - 0.9 / height),
        ncols=len(bars), frameon=False, fontsize=9.5, borderaxespad=0, borderpad=0,
    )  # fmt: skip


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    most = table.loc[table.groupby(SIDE, sort=False)["mean"].idxmax()]
    told = [
        f"{row['grade']} in {row[SIDE]} ({text.share(row['mean'])})" for _, row in most.iterrows()
    ]
    return f"Most frequent: {text.joined(told)}"


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    told = [
        f"{name}: "
        + ", ".join(
            f"{row['grade']} {text.share(row['mean'], row['low'], row['high'])}"
            for _, row in rows.iterrows()
        )
        for name, rows in table.groupby(SIDE, sort=False)
    ]
    return f"How far movements came. {headline(table)}. {'; '.join(told)}."
