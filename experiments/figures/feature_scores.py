"""How much each parameter helps to tell the worlds apart, for each outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import PAPER

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, ROW = 2.9, 1.3, 0.9, 0.55, 0.34
SHOWN = 20


@style.styled
def draw(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, figure: Figure | None = None
) -> Figure:
    """Draw the scores as a map of parameters by outcomes, with their intervals.

    Parameters
    ----------
    table
        From `feature_scores.feature_scores`.
    labels
        An outcome in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    outcomes, names = list(table["outcome"].unique()), in_order(table)
    figure = style.new_figure(4) if figure is None else figure
    height = ABOVE + ROW * len(names) + BELOW
    figure.set_size_inches(style.WIDTH, height)
    axes = style.place(figure, LEFT, BELOW, RIGHT, ABOVE)
    score, low, high = (
        table.pivot(index="parameter", columns="outcome", values=column).loc[names, outcomes]
        for column in ("score", "low", "high")
    )
    top = 100 * float(table["score"].max())
    image = axes.imshow(100 * score, aspect="auto", cmap="cividis", vmin=0, vmax=top)
    for (i, j), value in np.ndenumerate(100 * score.to_numpy()):
        axes.text(
            j, i, f"{value:.0f} [{100 * low.iloc[i, j]:.0f}–{100 * high.iloc[i, j]:.0f}]",
            ha="center", va="center", fontsize=8, color=PAPER if value < top / 2 else "#000000",
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(range(len(outcomes)), [labels.get(name, name) for name in outcomes])
    axes.tick_params(left=False, bottom=False)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    box = axes.get_position()
    bar = figure.add_axes((box.x1 + 0.02, box.y0, 0.014, box.height))
    figure.colorbar(image, cax=bar).set_label("score (% of an outcome)")
    bar.grid(False)
    style.title(figure, headline(table, labels), reading(table), left=0.3)
    return figure


def in_order(table: pd.DataFrame) -> list[str]:
    """Return the parameters to draw: the largest of any outcome, in the order of the first."""
    largest = table.groupby("parameter", sort=False)["score"].max().nlargest(SHOWN).index
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    ordered = first.sort_values("score", ascending=False, kind="stable")["parameter"]
    return [str(name) for name in ordered if name in largest]


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    best = rows.loc[rows["score"].idxmax()]
    name = (labels or {}).get(str(best["outcome"]), str(best["outcome"]))
    if best["low"] <= best["even"]:
        return f"{name}: no parameter is seen to tell more than the others"
    return f"{name}: {best['parameter']} tells most ({text.share(best['score'])})"


def reading(table: pd.DataFrame) -> str:
    """Return how to read the figure."""
    row = table.iloc[0]
    return (
        f"Share of each parameter in what trees make of {int(row['worlds']):,} worlds; a parameter "
        f"that does nothing has about {text.share(row['even'])}. In brackets: 95 % of forests."
    )


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    parts = [f"{headline(table, labels)}. {reading(table)}"]
    for outcome, rows in table.groupby("outcome", sort=False):
        best = rows.nlargest(5, "score")
        told = [
            f"{row.parameter} {100 * row.score:.0f} [{100 * row.low:.0f} to {100 * row.high:.0f}]"
            for row in best.itertuples()
        ]
        parts.append(f"{(labels or {}).get(str(outcome), outcome)}: {', '.join(told)}.")
    return " ".join(parts)
