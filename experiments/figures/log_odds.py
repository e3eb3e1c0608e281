"""What conditions and their pairs do to the odds of emergence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from experiments import text
from experiments.analysis.logistic import INTERCEPT, TIMES
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED, PAPER, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, ROW = 3.6, 2.3, 0.95, 0.65, 0.3


@style.styled
def draw(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, figure: Figure | None = None
) -> Figure:
    """Draw the log odds ratios of conditions, then of pairs, with their intervals.

    Parameters
    ----------
    table
        From `logistic.logistic`.
    labels
        A condition in words.
    figure
        To draw on; it is given the size that is needed.
    """
    table = in_order(table)
    figure = style.new_figure(4) if figure is None else figure
    height = ABOVE + ROW * len(table) + 0.1 + BELOW
    figure.set_size_inches(style.WIDTH, height)
    axes = style.place(figure, LEFT, BELOW, RIGHT, ABOVE)
    singles = int((~table["term"].str.contains(TIMES, regex=False)).sum())
    axes.axhspan(-0.5, singles - 0.5, color=FAINT, alpha=0.4, linewidth=0)
    axes.axvline(0, color=INK, linewidth=0.9)
    for y, (_, row) in enumerate(table.iterrows()):
        open_ = row["low"] <= 0 <= row["high"]
        colour = MUTED if open_ else BLUE if row["log_odds"] > 0 else VERMILION
        marker = "D" if open_ else "o" if row["log_odds"] > 0 else "s"
        axes.hlines(y, row["low"], row["high"], color=colour, linewidth=1.8)
        axes.plot(
            [row["log_odds"]], [y], marker=marker, color=colour, markersize=6,
            markerfacecolor=PAPER if row["separated"] else colour,
        )  # fmt: skip
        told = text.number(row["log_odds"], row["low"], row["high"], sign=True)
        axes.annotate(
            told + (", separated" if row["separated"] else ""), (1, y), (10, 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8.5,
            va="center", annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_yticks(range(len(table)), [_named(term, labels) for term in table["term"]])
    axes.tick_params(left=False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("change of the log odds of emergence")
    style.title(figure, headline(table, labels), reading(table), left=0.3)
    return figure


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return conditions, then pairs, each from the largest rise to the largest fall."""
    table = table[(table["term"] != INTERCEPT) & table["log_odds"].notna()]
    pair = table["term"].str.contains(TIMES, regex=False)
    order = table.assign(pair=pair).sort_values(["pair", "log_odds"], ascending=[True, False])
    return order.drop(columns="pair").reset_index(drop=True)


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen of the pairs."""
    table = in_order(table)
    pairs = table[table["term"].str.contains(TIMES, regex=False)]
    if table.empty:
        return "The outcome never varies: there are no odds to compare"
    more, less = int((pairs["low"] > 0).sum()), int((pairs["high"] < 0).sum())
    if not more and not less:
        return "No two conditions are seen to do more or less together, on the scale of odds"
    return (
        f"Of {len(pairs)} pairs of conditions {more} do more together than the sum of their log "
        f"odds, {less} do less"
    )


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    sentence = "95 % intervals, clustered by replicate. Grey ground: conditions; below: pairs, ×."
    if table["separated"].any():
        sentence += " Hollow: separated by the data, a cautious estimate."
    return sentence


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    rows = [
        f"{_named(row.term, labels)} {text.number(row.log_odds, row.low, row.high, sign=True)}"
        f"{' (separated)' if row.separated else ''}"
        for row in in_order(table).itertuples()
    ]
    return f"{headline(table, labels)}. {reading(table)} {'; '.join(rows)}."


def _named(term: str, labels: Mapping[str, str] | None) -> str:
    return TIMES.join((labels or {}).get(name, name) for name in term.split(TIMES))
