"""How far movements came on all sides: a group of bars a grade."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.comparison import SIDE
from experiments.figures.describe import describe as in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import LOOKS, patches
from experiments.figures.style import INK, Figure, styled

WIDE = 0.8  # of a group
HATCHES = ("", "///", "...", "xx", "\\\\", "++")  # tell the sides apart in grey


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the share of runs of each grade on each side, with its interval.

    Parameters
    ----------
    table
        From `comparison.grades`.
    """
    names, grades = list(dict.fromkeys(table[SIDE])), list(dict.fromkeys(table["grade"]))
    looks = {
        name: (f"{look.colour}40", hatch)
        for name, look, hatch in zip(names, LOOKS, HATCHES, strict=False)
    }
    figure, (axes,) = panels(1, height=16)
    wide = WIDE / len(names)
    for i, (name, (colour, hatch)) in enumerate(looks.items()):
        own = table[table[SIDE] == name].set_index("grade").loc[grades]
        mean, low, high = 100 * own[["mean", "low", "high"]].to_numpy().T
        x = np.arange(len(grades)) + (i - (len(names) - 1) / 2) * wide
        axes.bar(x, mean, 0.9 * wide, facecolor=colour, edgecolor=INK, linewidth=0.5, hatch=hatch)
        axes.vlines(x, low, high, color=INK, linewidth=1.2)
    axes.set_xticks(range(len(grades)), grades)
    axes.set_ylim(0, 102)
    axes.set_ylabel("runs (%)")
    reading = "Each grade is more than the one before; 95 % intervals."
    finish(figure, headline(table), reading, patches(looks))
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    most = table.loc[table.groupby(SIDE, sort=False)["mean"].idxmax()]
    described = [
        f"{row['grade']} in {row[SIDE]} ({text.share(row['mean'])})" for _, row in most.iterrows()
    ]
    return f"Most frequent: {text.joined(described)}"


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    return in_words(
        f"How far movements came. {headline(table)}.",
        table,
        "grade",
        lambda row: text.share(row["mean"], row["low"], row["high"]),
        SIDE,
    )
