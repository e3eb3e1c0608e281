"""What share of an outcome's variance each parameter explains, alone and with the others."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.feature_scores import in_order
from experiments.figures.layout import finish, is_first, name_rows, only_rows, panels
from experiments.figures.primitives import patches
from experiments.figures.style import BLUE, FAINT, INK, PAPER, SKY, Figure, styled
from sim.columns import label

SHOWN = 15
MOST_OUTCOMES = 4
INDICES = {
    "total": (-0.18, SKY, "total: with interactions"),
    "first": (0.18, BLUE, "first order: alone"),
}


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw first-order and total indices with their intervals, a panel an outcome.

    Parameters
    ----------
    table
        From `sobol.sobol`; the first outcome orders the parameters, at most four are drawn.
    """
    outcomes, names = (
        list(table["outcome"].unique())[:MOST_OUTCOMES],
        in_order(table, "total", SHOWN),
    )
    figure, axes = panels(len(outcomes), most=4, rows=list(map(label, names)), line=2.1, least=17)
    low, high = min(-0.06, table["first_low"].min()), max(1.0, table["total_high"].max())
    for each, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome].set_index("parameter").loc[names]
        for index, (shift, colour, _) in INDICES.items():
            at = [place + shift for place in range(len(names))]
            each.barh(
                at, rows[index].clip(lower=0), height=0.34, color=colour, edgecolor=INK,
                linewidth=0.6,
            )  # fmt: skip
            ends = rows[f"{index}_low"], rows[f"{index}_high"]
            each.hlines(at, *ends, color=INK, linewidth=1.3, zorder=4)
            each.plot(
                rows[index], at, "o", markersize=3.2, color=PAPER, markeredgecolor=INK,
                markeredgewidth=0.8, zorder=5,
            )  # fmt: skip
        each.axvline(0, color=INK, linewidth=0.9)
        if rows["chance"].iloc[0] > 0:
            each.axvspan(0, rows["chance"].iloc[0], color=FAINT, zorder=0.2)
        name_rows(each, list(map(label, names)) if is_first(each) else [""] * len(names))
        only_rows(each)
        each.set_xlim(low, high)
        each.locator_params(axis="x", nbins=4)
        each.set_title(label(outcome))
    keys = patches({name: (colour, "") for _, colour, name in INDICES.values()})
    title, chance = headline(table), table["chance"].iloc[0]
    dropped = table["parameter"].nunique() - SHOWN
    left_out = f" The {dropped} smallest are left out." if dropped > 0 else ""
    grey = f" Grey: total that chance alone makes ({text.percent(chance)})." if chance > 0 else ""
    samples = f"{int(table['base_samples'].iloc[0]):,} base samples"
    reading = f"Bars: 95 % intervals, {samples}.{left_out}{grey}"
    words = in_words(
        f"{title}. {reading} First order and total:",
        table.set_index("parameter").loc[names].reset_index(),
        lambda row: label(row["parameter"]),
        lambda row: text.joined(
            text.number(*row[[i, f"{i}_low", f"{i}_high"]]) for i in ("first", "total")
        ),
        lambda row: label(row["outcome"]),
    )
    finish(figure, title, reading, keys, "share of the variance", words)
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    name = text.capitalised(label(rows["outcome"].iloc[0]))
    if rows["total"].max() == 0:
        return f"{name}: the same in every world"
    best = rows.loc[rows["total"].idxmax()]
    share = text.percent(best["total"])
    return f"{name}: {share} of the variance depends on {label(best['parameter'])}"
