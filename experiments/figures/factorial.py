"""Emergence under every combination of conditions, with the combinations as a matrix of dots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.truth_table import CUT_OFF, conditions_in, decide
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED, PAPER, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT = 2.35  # inches left of the axes, for the names of the conditions
TOP_PANEL = 2.9
ROW = 0.27


@style.styled
def draw(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
    cut_off: float = CUT_OFF,
) -> Figure:
    """Draw a truth table: share with interval above, which conditions hold below.

    Parameters
    ----------
    table
        From `truth_table`.
    labels
        A condition's name in words.
    figure
        To draw on; it is given the size that is needed.
    cut_off
        From where on a combination counts as sufficient.
    """
    conditions = conditions_in(table)
    labels = labels or {}
    table = in_order(table)
    figure = style.new_figure(6) if figure is None else figure
    above, between, below = 1.25, 0.14, 0.55
    matrix = ROW * len(conditions) + 0.1
    height = above + TOP_PANEL + between + matrix + below
    figure.set_size_inches(style.WIDTH, height)
    x = np.arange(len(table))
    size = 6.0 if len(table) <= 32 else 4.2

    axes = style.place(figure, LEFT, below + matrix + between, 0.3, above)
    outcome = decide(table, cut_off)
    for value, colour, marker, fill in (
        (1, BLUE, "o", True),
        (0, VERMILION, "s", True),
        (None, MUTED, "D", False),
    ):
        chosen = (outcome.isna() if value is None else (outcome == value).fillna(False)).to_numpy()
        chosen = chosen & (table["runs"].to_numpy() > 0)
        low, share, high = 100 * table.loc[chosen, ["low", "share", "high"]].to_numpy().T
        axes.vlines(x[chosen], low, high, color=colour, linewidth=1.3)
        axes.plot(
            x[chosen], share, marker=marker, linestyle="none", markersize=size, color=colour,
            markerfacecolor=colour if fill else PAPER, label=NAMES[value].format(cut=100 * cut_off),
            markeredgewidth=1.2,
        )  # fmt: skip
    axes.axhline(100 * cut_off, color=INK, linewidth=0.9, linestyle=(0, (5, 3)))
    axes.annotate(
        f"cut-off {text.share(cut_off)}", (0, 100 * cut_off), (4, 4), fontsize=8.5,
        xycoords=("axes fraction", "data"), textcoords="offset points",
    )  # fmt: skip
    axes.set_ylim(-3, 103)
    axes.set_yticks(range(0, 101, 20))
    axes.set_ylabel("runs in which a movement\nemerges (%)")
    axes.set_xlim(-0.8, len(table) - 0.2)
    axes.tick_params(labelbottom=False, bottom=False)
    axes.legend(
        loc="upper left", bbox_to_anchor=(0, 1.14), ncols=3, frameon=False, fontsize=8.5,
        handletextpad=0.2, columnspacing=1.4, borderpad=0, borderaxespad=0,
    )  # fmt: skip

    dots = style.place(figure, LEFT, below, 0.3, above + TOP_PANEL + between)
    for row, name in enumerate(conditions):
        on = table[name].to_numpy() == 1
        if row % 2 == 0:
            dots.axhspan(row - 0.5, row + 0.5, color=FAINT, alpha=0.45, linewidth=0)
        dots.plot(x[~on], np.full((~on).sum(), row), "o", color=FAINT, markersize=size * 0.5)
        dots.plot(x[on], np.full(on.sum(), row), "o", color=INK, markersize=size)
    dots.set_ylim(len(conditions) - 0.5, -0.5)
    dots.set_xlim(axes.get_xlim())
    dots.set_yticks(range(len(conditions)), [labels.get(name, name) for name in conditions])
    dots.set_xticks([])
    dots.grid(False)
    dots.tick_params(left=False)
    for spine in dots.spines.values():
        spine.set_visible(False)
    dots.set_xlabel(f"the {len(table)} combinations, from the lowest share to the highest")
    style.title(figure, headline(table, cut_off), reading(table), left=0.3)
    return figure


NAMES = {
    1: "suffices: interval at or above {cut:.0f} %",
    0: "does not: interval below",
    None: "undecided: interval across",
}


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows from the lowest share to the highest; of equals, fewer conditions first."""
    conditions = conditions_in(table)
    keys = ["share", "held", *conditions]
    ascending = [True, True, *[False] * len(conditions)]
    return table.sort_values(keys, ascending=ascending, kind="stable", ignore_index=True)


def headline(table: pd.DataFrame, cut_off: float = CUT_OFF) -> str:
    """Return in a line what is seen."""
    enough = int((decide(table, cut_off) == 1).fillna(False).sum())
    often = f"in {text.share(cut_off)} of runs"
    if not enough:
        return f"No combination of conditions is seen to make a movement emerge {often}"
    if enough == len(table):
        return f"Under every combination a movement emerges {often} or more"
    verb = "combinations surely make" if enough > 1 else "combination surely makes"
    undecided = int(decide(table, cut_off).isna().sum())
    rest = f"; {undecided} undecided" if undecided else ""
    return f"{enough} of {len(table)} {verb} a movement emerge {often} or more{rest}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    low, high = int(table["runs"].min()), int(table["runs"].max())
    runs = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"A column is a combination; a black dot says which condition holds. {runs} runs each; "
        "bars are 95 % intervals."
    )


def describe(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, cut_off: float = CUT_OFF
) -> str:
    """Return the figure in words."""
    labels = labels or {}
    conditions = conditions_in(table)
    table = in_order(table)
    found = table[table["runs"] > 0]
    parts = [f"{headline(table, cut_off)}. {reading(table)}"]
    for held, rows in found.groupby("held"):
        span = f"{text.share(rows['share'].min())} to {text.share(rows['share'].max())}"
        parts.append(f"With {held} conditions: {span} of runs.")
    if len(found):
        best = found.iloc[-1]
        names = [labels.get(name, name) for name in conditions if best[name]]
        parts.append(
            f"The highest share, {text.share(best['share'])}, is under: "
            f"{'; '.join(names) or 'none of the conditions'}."
        )
    return " ".join(parts)
