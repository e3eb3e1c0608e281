"""Emergence under every combination of conditions, and up to which cost of taking part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.truth_table import CUT_OFF, conditions_in, decide
from experiments.figures.describe import in_words
from experiments.figures.layout import bare, finish, name_rows, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    VERMILION,
    Figure,
    ems,
    new_figure,
    styled,
    width_in_ems,
)

DECISIONS = {
    1: (BLUE, "o", BLUE, "suffices: interval at or above {cut}"),
    0: (VERMILION, "s", VERMILION, "does not: interval below"),
    None: (MUTED, "D", PAPER, "undecided: interval across"),
}
SIZES = ((MUTED, "D"), (ORANGE, "s"), (GREEN, "^"), (BLUE, "o"), (VERMILION, "v"))


@styled
def draw(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
    """Draw a truth table: share with interval above, which conditions hold below.

    Parameters
    ----------
    table
        From `truth_table`.
    labels
        A condition's name in words.
    """
    conditions, table = conditions_in(table), in_order(table)
    rows = 1.9 * len(conditions)
    figure = new_figure(ems(22 + rows + 3))
    grid: Any = figure.subplots(2, 1, sharex=True, height_ratios=(22, rows))
    axes, dots = grid
    x, outcome = np.arange(len(table)), decide(table, CUT_OFF)
    size = min(6.0, 0.3 * ems(1) * 72 * width_in_ems() / len(table))
    for value, (colour, marker, fill, name) in DECISIONS.items():
        chosen = (outcome.isna() if value is None else (outcome == value).fillna(False)).to_numpy()
        chosen = chosen & (table["runs"].to_numpy() > 0)
        low, share, high = 100 * table.loc[chosen, ["low", "share", "high"]].to_numpy().T
        axes.vlines(x[chosen], low, high, color=colour, linewidth=min(1.3, size / 4))
        axes.plot(
            x[chosen], share, marker=marker, linestyle="none", markersize=size, color=colour,
            markerfacecolor=fill, label=name.format(cut=text.share(CUT_OFF)), markeredgewidth=1,
        )  # fmt: skip
    axes.axhline(100 * CUT_OFF, color=INK, linewidth=0.9, linestyle=(0, (5, 3)))
    axes.set(ylim=(-3, 103), xlim=(-0.8, len(table) - 0.2))
    axes.set_ylabel("runs in which a\nmovement emerges (%)")
    axes.tick_params(bottom=False, labelbottom=False)
    for row, name in enumerate(conditions):
        on = table[name].to_numpy() == 1
        if row % 2 == 0:
            dots.axhspan(row - 0.5, row + 0.5, color=FAINT, alpha=0.45, linewidth=0)
        dots.plot(x[~on], np.full((~on).sum(), row), "o", color=FAINT, markersize=size * 0.5)
        dots.plot(x[on], np.full(on.sum(), row), "o", color=INK, markersize=size)
    name_rows(dots, [labels.get(name, text.as_text(name)) for name in conditions])
    bare(dots)
    dots.set_xticks([])
    foot = f"the {len(table)} combinations, from the lowest share to the highest"
    keys = axes.get_legend_handles_labels()[0]
    title, (low, high) = headline(table), table["runs"].agg(["min", "max"])
    runs = f"{low}" if low == high else f"{low} to {high}"
    reading = (
        f"A column is a combination; a black dot says which condition holds. {runs} runs each; "
        "bars: 95 % intervals; dashed: the cut-off."
    )
    words = _in_words(f"{title}. {reading}", table[table["runs"] > 0], labels)
    finish(figure, title, reading, keys, foot, words)
    return figure


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows from the lowest share to the highest; of equals, fewer conditions first."""
    conditions = conditions_in(table)
    keys = ["share", "held", *conditions]
    ascending = [True, True, *[False] * len(conditions)]
    return table.sort_values(keys, ascending=ascending, kind="stable", ignore_index=True)


def _in_words(found: str, table: pd.DataFrame, labels: Mapping[str, str]) -> str:
    spans = table.groupby("held")["share"].agg(["min", "max"]).reset_index()
    words = in_words(
        f"{found} Share of runs by number of conditions:",
        spans,
        lambda row: f"{row['held']:.0f}",
        lambda row: f"{text.share(row['min'])} to {text.share(row['max'])}",
    )
    if table.empty:
        return words
    best = table.iloc[-1]
    names = [labels.get(name, name) for name in conditions_in(table) if best[name]]
    under = "; ".join(names) or "none of the conditions"
    return f"{words} The highest share, {text.share(best['share'])}, is under: {under}."


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    enough = int((decide(table, CUT_OFF) == 1).fillna(False).sum())
    often = f"in {text.share(CUT_OFF)} of runs"
    if not enough:
        return f"No combination of conditions is seen to make a movement emerge {often}"
    if enough == len(table):
        return f"Under every combination a movement emerges {often} or more"
    verb = "combinations surely make" if enough > 1 else "combination surely makes"
    undecided = int(decide(table, CUT_OFF).isna().sum())
    rest = f"; {undecided} undecided" if undecided else ""
    return f"{enough} of {len(table)} {verb} a movement emerge {often} or more{rest}"


@styled
def draw_costs(
    table: pd.DataFrame, costs: tuple[float, float], default: float | None = None
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
    title = costs_headline(table)
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


def costs_headline(table: pd.DataFrame) -> str:
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
