"""What share of an outcome's variance each parameter explains, alone and with the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, PAPER, SKY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, ROW, GAP = 2.6, 0.3, 1.45, 0.65, 0.36, 0.35
SHOWN = 15
MOST_OUTCOMES = 4
NAMES = {"first": "first order: alone", "total": "total: with interactions"}


@style.styled
def draw(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, figure: Figure | None = None
) -> Figure:
    """Draw first-order and total indices with their intervals, a panel an outcome.

    Parameters
    ----------
    table
        From `sobol.sobol`; the first outcome orders the parameters, at most four are drawn.
    labels
        An outcome in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    outcomes = list(table["outcome"].unique())[:MOST_OUTCOMES]
    names = in_order(table)
    figure = style.new_figure(4) if figure is None else figure
    height = ABOVE + ROW * len(names) + 0.1 + BELOW
    figure.set_size_inches(style.WIDTH, height)
    width = (style.WIDTH - LEFT - RIGHT - GAP * (len(outcomes) - 1)) / len(outcomes)
    top = max(1.0, float(table["total_high"].max()))
    for i, outcome in enumerate(outcomes):
        left = LEFT + i * (width + GAP)
        axes = style.place(figure, left, BELOW, style.WIDTH - left - width, ABOVE)
        rows = table[table["outcome"] == outcome].set_index("parameter").loc[names]
        places = range(len(names))
        for index, shift, colour in (("total", -0.18, SKY), ("first", 0.18, BLUE)):
            at = [place + shift for place in places]
            axes.barh(
                at, rows[index].clip(lower=0), height=0.34, label=NAMES[index], color=colour,
                edgecolor=INK, linewidth=0.6,
            )  # fmt: skip
            axes.hlines(
                at, rows[f"{index}_low"], rows[f"{index}_high"], color=INK, linewidth=1.3, zorder=4
            )
            axes.plot(
                rows[index], at, "o", markersize=3.2, color=PAPER, markeredgecolor=INK,
                markeredgewidth=0.8, zorder=5,
            )  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.9)
        if rows["chance"].iloc[0] > 0:
            axes.axvspan(0, rows["chance"].iloc[0], color=FAINT, zorder=0.2)
        axes.set_xlim(min(-0.06, float(rows["first_low"].min())), top)
        axes.set_ylim(len(names) - 0.45, -0.55)
        axes.set_yticks(places, names if i == 0 else [""] * len(names))
        axes.tick_params(left=False)
        axes.locator_params(axis="x", nbins=5 if len(outcomes) < 3 else 3)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("share of the variance")
        axes.set_title(labels.get(outcome, outcome), loc="left", fontsize=9.5, fontweight="bold")
        if i == 0:
            corner = (0.3 / style.WIDTH, 1 - 1.0 / height)
            axes.legend(
                loc="lower left", bbox_to_anchor=corner, bbox_transform=figure.transFigure,
                ncols=2, borderaxespad=0, borderpad=0, frameon=False, fontsize=8.5,
            )  # fmt: skip
    style.title(figure, headline(table, labels), reading(table), left=0.3)
    return figure


def in_order(table: pd.DataFrame) -> list[str]:
    """Return the parameters to draw: the largest of any outcome, in the order of the first."""
    largest = table.groupby("parameter", sort=False)["total"].max().nlargest(SHOWN).index
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    ordered = first.sort_values("total", ascending=False, kind="stable")["parameter"]
    return [str(name) for name in ordered if name in largest]


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    name = (labels or {}).get(rows["outcome"].iloc[0], rows["outcome"].iloc[0])
    if rows["total"].max() == 0:
        return f"{name}: the same in every world"
    best = rows.loc[rows["total"].idxmax()]
    return f"{name}: {text.percent(best['total'])} of the variance depends on {best['parameter']}"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    first = table[table["outcome"] == table["outcome"].iloc[0]].iloc[0]
    sentence = f"Bars are 95 % intervals, {int(first['base_samples']):,} base samples."
    dropped = len(table["parameter"].unique()) - SHOWN
    sentence += f" The {dropped} smallest are left out." if dropped > 0 else ""
    if first["chance"] > 0:
        sentence += f" Grey: total that chance alone makes ({text.percent(first['chance'])})."
    return sentence


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    parts = [f"{headline(table, labels)}. {reading(table)}"]
    for outcome, rows in table.groupby("outcome", sort=False):
        told = [
            f"{row.parameter} {row.first:.2f} [{row.first_low:.2f} to {row.first_high:.2f}] and "
            f"{row.total:.2f} [{row.total_low:.2f} to {row.total_high:.2f}]"
            for row in rows.set_index("parameter").loc[in_order(table)].reset_index().itertuples()
        ]
        name = (labels or {}).get(str(outcome), outcome)
        parts.append(f"{name}, first order and total: {'; '.join(told)}.")
    return " ".join(parts)
