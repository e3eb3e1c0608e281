"""Which parameters matter: the size of their effects, and how much it depends on the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.analysis.morris import NEGLIGIBLE
from experiments.figures import style
from experiments.figures.style import BLUE, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW = 0.85, 3.1, 0.95, 0.65
HEIGHT = 5.6
NAMED, FEWEST = 16, 6


@style.styled
def draw(table: pd.DataFrame, outcome: str = "", figure: Figure | None = None) -> Figure:
    """Draw the mean absolute elementary effect of each parameter against their spread.

    Parameters
    ----------
    table
        From `morris.morris`, of one outcome.
    outcome
        The outcome in words, with its unit.
    figure
        To draw on; it is given the size that is needed.
    """
    table = in_order(table)
    figure = style.new_figure(HEIGHT) if figure is None else figure
    figure.set_size_inches(style.WIDTH, HEIGHT)
    axes = style.place(figure, LEFT, BELOW, RIGHT, ABOVE)
    top_x = max(1.04 * float(table["mu_star_high"].max()), 1e-9)
    top_y = max(1.06 * float(table["sigma_high"].max()), 1e-9)
    axes.set_xlim(0, top_x)
    axes.set_ylim(0, top_y)
    reach = min(top_x, top_y)
    axes.plot([0, reach], [0, reach], color=MUTED, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    floor = float(table["chance"].max())
    if floor > 0:
        axes.axvspan(0, floor, color=style.FAINT, alpha=0.6, linewidth=0)
    named = worth_naming(table).sort_values("sigma", ignore_index=True)
    axes.hlines(named["sigma"], named["mu_star_low"], named["mu_star_high"], color=MUTED, lw=0.9)
    axes.vlines(named["mu_star"], named["sigma_low"], named["sigma_high"], color=MUTED, lw=0.9)
    for falls, marker in ((False, "o"), (True, "v")):
        chosen = table[(table["mu"] < 0) == falls]
        axes.plot(
            chosen["mu_star"], chosen["sigma"], linestyle="none", marker=marker, markersize=7,
            color=BLUE, markeredgecolor=style.PAPER, markeredgewidth=0.7, clip_on=False, zorder=3,
        )  # fmt: skip
    gap = top_y / (HEIGHT - ABOVE - BELOW) * 0.185
    places = style.spread(named["sigma"].tolist(), gap, 0.02 * top_y, 0.98 * top_y)
    for place, row in zip(places, named.itertuples(), strict=True):
        axes.annotate(
            f"{row.parameter}  {row.mu_star:.2f}", (row.mu_star, row.sigma), (1.03 * top_x, place),
            textcoords="data", fontsize=8.5, va="center", annotation_clip=False, color=INK,
            arrowprops={"arrowstyle": "-", "color": style.FAINT, "linewidth": 0.8, "shrinkB": 4},
        )  # fmt: skip
    axes.grid(True, axis="both")
    unit = f" on {outcome}" if outcome else ""
    axes.set_xlabel(f"μ*: mean size of the effect{unit}, over the parameter's whole range")
    axes.set_ylabel("σ: spread of the effect between worlds")
    style.title(
        figure,
        headline(table),
        f"Triangles lower it. Above the dashed line (σ = μ*): what it does depends on the rest. "
        f"{'Grey: chance alone. ' if floor > 0 else ''}Bars: 95 % intervals of those named, "
        f"{int(table['trajectories'].max())} trajectories.",
        left=0.3,
    )
    return figure


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters from the largest effect to the smallest."""
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def worth_naming(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters that do more than chance, and at least the first few."""
    table = in_order(table)
    above = int((table["mu_star_low"] > table["chance"].fillna(0.0)).sum())
    return table.head(min(max(above, FEWEST), NAMED))


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    table = in_order(table)
    first = table.iloc[0]
    if first["mu_star"] == 0:
        return "No parameter changes the outcome"
    negligible = int((table["verdict"] == NEGLIGIBLE).sum())
    told = f"; {negligible} of {len(table)} are negligible" if negligible else ""
    return f"Of the parameters {first['parameter']} does most{told}"


def describe(table: pd.DataFrame, outcome: str = "") -> str:
    """Return the figure in words."""
    table = in_order(table)
    rows = [
        f"{row.parameter} {row.mu_star:.2g} [{row.mu_star_low:.2g} to {row.mu_star_high:.2g}], "
        f"σ {row.sigma:.2g}{', lowers it' if row.mu < 0 else ''}"
        for row in worth_naming(table).itertuples()
    ]
    on = f" on {outcome}" if outcome else ""
    return f"{headline(table)}. Mean size of the effect{on} (μ*): {'; '.join(rows)}."
