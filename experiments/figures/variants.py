"""Arms of an experiment side by side: a panel an outcome, a row an arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.variants import OUTCOMES
from experiments.figures import style
from experiments.figures.style import BLUE, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS, LEFT, GAP, ROW = 3, 1.5, 0.35, 0.3  # inches


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw each outcome in each arm with its interval; a line marks the first arm.

    Parameters
    ----------
    table
        From `arms.arms`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(6) if figure is None else figure
    outcomes, labels = list(dict.fromkeys(table["outcome"])), list(dict.fromkeys(table["label"]))
    rows = -(-len(outcomes) // COLUMNS)
    high, above, between, below = ROW * len(labels) + 0.15, 1.15, 0.75, 0.5
    height = above + rows * high + (rows - 1) * between + below
    figure.set_size_inches(style.WIDTH, height)
    wide = (style.WIDTH - LEFT - 0.35 - GAP * (COLUMNS - 1)) / COLUMNS
    for i, outcome in enumerate(outcomes):
        left = LEFT + (i % COLUMNS) * (wide + GAP)
        top = above + (i // COLUMNS) * (high + between)
        axes = style.place(figure, left, height - top - high, style.WIDTH - left - wide, top)
        lines = table[table["outcome"] == outcome].set_index("label").loc[labels]
        y = np.arange(len(labels))
        first = 100 * lines["mean"].iloc[0]
        if np.isfinite(first):
            axes.axvline(first, color=MUTED, linewidth=1, linestyle=(0, (3, 2)))
        axes.hlines(y, 100 * lines["low"], 100 * lines["high"], color=BLUE, linewidth=2)
        axes.plot(100 * lines["mean"], y, "o", color=BLUE, markersize=6)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        ends = [100 * lines["low"].min(), 100 * lines["high"].max()]
        room = max(0.08 * (ends[1] - ends[0]), 0.3)
        if np.all(np.isfinite(ends)):
            axes.set_xlim(ends[0] - room, ends[1] + room)
        axes.locator_params(axis="x", nbins=5)
        names = [name.replace("_", " ") for name in labels] if i % COLUMNS == 0 else []
        axes.set_yticks(y, names or [""] * len(labels))
        axes.tick_params(left=False)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_title(f"{OUTCOMES.get(outcome, outcome)} (%)", loc="left", fontsize=9, color=INK)
    style.title(figure, headline(table), reading(table), left=0.3)
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    of = "emerged" if "emerged" in set(table["outcome"]) else table["outcome"].iloc[0]
    lines = table[(table["outcome"] == of) & table["mean"].notna()]
    if lines.empty:
        return "No arm has a finished run yet"
    best, worst = lines.loc[lines["mean"].idxmax()], lines.loc[lines["mean"].idxmin()]
    if text.share(best["mean"]) == text.share(worst["mean"]):
        return f"{_name(OUTCOMES.get(of, of))}: {text.share(best['mean'])}, whatever the arm"
    return (
        f"{_name(OUTCOMES.get(of, of))}: from {text.share(worst['mean'])} "
        f"(“{worst['label'].replace('_', ' ')}”) to {text.share(best['mean'])} "
        f"(“{best['label'].replace('_', ' ')}”)"
    )


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    return (
        f"Bars are 95 % intervals, {int(table['runs'].max()):,} runs an arm; dashed: "
        f"“{table['label'].iloc[0].replace('_', ' ')}”, with which the others are compared."
    )


def describe(table: pd.DataFrame, outcomes: Mapping[str, str] = OUTCOMES) -> str:
    """Return the figure in words."""
    parts = []
    for outcome, lines in table.groupby("outcome", sort=False):
        told = [
            f"{row.label.replace('_', ' ')} {text.share(row.mean, row.low, row.high)}"
            for row in lines.itertuples()
        ]
        parts.append(f"{outcomes.get(str(outcome), outcome)}: {', '.join(told)}")
    return f"{headline(table)}. {'; '.join(parts)}."


def _name(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"
