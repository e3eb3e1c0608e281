"""The launch window in every arm of an experiment, beside that of the first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = 3
SIZE = (2.9, 1.45)  # inches of a panel
GAPS = (0.5, 0.72)


@style.styled
def draw(
    windows: Mapping[str, pd.DataFrame],
    contrasts: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw a panel for each arm; the first arm is repeated in all others as a thin line.

    Parameters
    ----------
    windows
        By arm, from `launch_window`.
    contrasts
        From `launch_window.contrasts`, with a column ``part``.
    labels
        An arm's name in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    figure = style.new_figure(6) if figure is None else figure
    names = list(windows)
    rows = -(-len(names) // COLUMNS)
    above, below = 1.15, 0.6
    height = above + rows * SIZE[1] + (rows - 1) * GAPS[1] + below
    figure.set_size_inches(style.WIDTH, height)
    first = windows[names[0]]
    found = contrasts.set_index("part")
    for i, name in enumerate(names):
        left = style.MARGIN + (i % COLUMNS) * (SIZE[0] + GAPS[0])
        top = above + (i // COLUMNS) * (SIZE[1] + GAPS[1])
        axes = style.place(figure, left, height - top - SIZE[1], style.WIDTH - left - SIZE[0], top)
        window = windows[name]
        if not math.isnan(found.loc[name, "width"]):
            start, width = found.loc[name, ["window_start", "width"]]
            axes.axvspan(start, start + width, color=FAINT, alpha=0.6, linewidth=0)
        if i:
            axes.plot(
                first["week"], 100 * first["share"], color=MUTED, linewidth=1, linestyle=(0, (3, 2))
            )
        axes.fill_between(
            window["week"], 100 * window["low"], 100 * window["high"], color=BLUE, alpha=0.18,
            linewidth=0,
        )  # fmt: skip
        axes.plot(window["week"], 100 * window["share"], color=BLUE, linewidth=1.6)
        axes.set_ylim(0, 100)
        axes.set_xlim(first["week"].min(), first["week"].max())
        axes.set_yticks([0, 50, 100])
        row = found.loc[name]
        told = f"{labels.get(name, name.replace('_', ' '))}\n"
        told += text.points(row["difference"], row["low"], row["high"])
        axes.set_title(told, loc="left", fontsize=9, linespacing=1.3)
        if i % COLUMNS == 0:
            axes.set_ylabel("runs with a\nmovement (%)")
        if i + COLUMNS >= len(names):
            axes.set_xlabel("week of launch")
    style.title(
        figure,
        headline(contrasts, labels),
        f"Below each name: best minus worst week. Grey: the window. Dashed: "
        f"“{labels.get(names[0], names[0].replace('_', ' '))}”, for comparison.",
    )
    return figure


def headline(contrasts: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen."""
    labels = labels or {}
    matters = contrasts.loc[contrasts["verdict"] == "raises", "part"]
    count = f"{len(matters)} of {len(contrasts)}"
    return f"The week of launch makes a material difference in {count} settings"


def describe(contrasts: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    labels = labels or {}
    parts = []
    for row in contrasts.itertuples():
        name = labels.get(row.part, row.part.replace("_", " "))
        sentence = f"{name}: {text.points(row.difference, row.low, row.high)}"
        if not math.isnan(row.width):
            sentence += f", window from week {row.window_start:.0f} to {row.window_end:.0f}"
        parts.append(sentence)
    return f"{headline(contrasts, labels)}. Best minus worst week: {'; '.join(parts)}."
