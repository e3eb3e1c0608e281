"""The same outcomes as those with different goals judge them, as mosaics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from experiments import text
from experiments.analysis.outcomes_by_goal import GOALS, GRADES
from experiments.figures import style
from experiments.figures.style import PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, GAP, TALL = 2.9, 1.25, 0.95, 0.6, 0.75, 1.5
FEWEST = 10  # runs of a grade that the headline may be about


@style.styled
def draw(
    table: pd.DataFrame,
    by: str | None = None,
    labels: Mapping[str, str] | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw a mosaic for each arm: a column an outcome, as wide as often it comes about.

    Parameters
    ----------
    table
        From `outcomes_by_goal.outcomes_by_goal`, by at most one column.
    by
        That column.
    labels
        An arm in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    arms = list(table[by].unique()) if by else [None]
    figure = style.new_figure(4) if figure is None else figure
    height = ABOVE + len(arms) * (TALL + GAP) + BELOW
    figure.set_size_inches(style.WIDTH, height)
    reach = float(table[["satisfaction"]].abs().max().iloc[0])
    reach = max(math.ceil(10 * reach) / 10, 0.1) if reach > 0 else 1.0
    for i, arm in enumerate(arms):
        top = ABOVE + GAP + i * (TALL + GAP)
        axes = style.place(figure, LEFT, height - top - TALL, RIGHT, top)
        rows = table if by is None else table[table[by] == arm]
        _mosaic(figure, axes, rows, reach)
        if by is not None:
            figure.text(
                0.3 / style.WIDTH, 1 - (top - 0.5) / height, labels.get(str(arm), str(arm)),
                fontsize=10, fontweight="bold", va="center",
            )  # fmt: skip
        if i == len(arms) - 1:
            axes.set_xlabel("runs (%)")
        axes.tick_params(labelbottom=i == len(arms) - 1)
    from matplotlib.cm import ScalarMappable

    tall = len(arms) * (TALL + GAP) - GAP
    bar = figure.add_axes(
        (1 - 0.95 / style.WIDTH, BELOW / height, 0.17 / style.WIDTH, min(tall, 3.5) / height)
    )
    colours = ScalarMappable(cmap="cividis")
    colours.set_clim(-reach, reach)
    figure.colorbar(colours, cax=bar).set_label("mean satisfaction (−1 to 1)")
    bar.grid(False)
    style.title(
        figure,
        headline(table),
        "Width: how often an outcome comes about. Numbers: satisfaction of those who took part (0: "
        "as expected at joining), 95 % intervals.",
        left=0.3,
    )
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen: the outcome over which the goals disagree most."""
    mean = _mean_by_goal(table)
    gaps = (mean.max(axis=1) - mean.min(axis=1)).dropna()
    if gaps.empty:
        return "Nobody took part, so nobody judges the outcome"
    grade = gaps.idxmax()
    row = mean.loc[grade]
    return (
        f"“{grade}” divides the goals most: {text.number(row.min(), sign=True)} to those who "
        f"would {_short(row.idxmin())}, {text.number(row.max(), sign=True)} to those who would "
        f"{_short(row.idxmax())}"
    )


def describe(
    table: pd.DataFrame, by: str | None = None, labels: Mapping[str, str] | None = None
) -> str:
    """Return the figure in words."""
    parts = [f"{headline(table)}."]
    for key, rows in table.groupby([by, "grade"] if by else ["grade"], sort=False):
        arm = f"{(labels or {}).get(str(key[0]), key[0])}, " if by else ""
        felt = [
            f"{row.goal} {text.number(row.satisfaction, row.low, row.high, sign=True)}"
            for row in rows.itertuples()
        ]
        first = rows.iloc[0]
        share = text.share(first["share"], first["share_low"], first["share_high"])
        parts.append(f"{arm}{key[-1]} in {share} of runs: {'; '.join(felt)}.")
    return " ".join(parts)


def _mean_by_goal(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean satisfaction by grade and goal over the runs of all arms; not of rare grades."""
    known = table[table["satisfaction"].notna() & (table["runs"] >= FEWEST)]
    sums = (known["satisfaction"] * known["runs"]).groupby([known["grade"], known["goal"]]).sum()
    return (sums / known["runs"].groupby([known["grade"], known["goal"]]).sum()).unstack("goal")


def _mosaic(figure: Figure, axes: Axes, rows: pd.DataFrame, reach: float) -> None:
    from matplotlib import colormaps

    goals, left, small = list(GOALS.values()), 0.0, []
    wide = style.WIDTH - LEFT - RIGHT
    for grade in [name for name in GRADES if (rows["grade"] == name).any()]:
        of_grade = rows[rows["grade"] == grade].set_index("goal")
        share = float(of_grade["share"].iloc[0])
        for y, goal in enumerate(goals):
            row = of_grade.loc[goal]
            if math.isnan(row["satisfaction"]):
                axes.barh(
                    y, share, left=left, height=1, color=PAPER, edgecolor=style.FAINT, hatch="///"
                )
                continue
            place = (row["satisfaction"] + reach) / (2 * reach)
            axes.barh(
                y, share, left=left, height=1, color=colormaps["cividis"](place), edgecolor=PAPER,
                linewidth=1.5,
            )  # fmt: skip
            told = text.number(row["satisfaction"], row["low"], row["high"], sign=True)
            told = told if math.isfinite(row["low"]) else told.split(" [")[0]
            for sentence in (told, told.split(" [")[0]):
                if style.width_of(figure, sentence, 8) < share * wide - 0.1:
                    colour = PAPER if place < 0.5 else "#000000"
                    axes.text(
                        left + share / 2,
                        y,
                        sentence,
                        ha="center",
                        va="center",
                        fontsize=8,
                        color=colour,
                    )
                    break
        name = f"{grade} {text.percent(share)}"
        if style.width_of(figure, name, 8.5) < share * wide - 0.1:
            axes.text(left + share / 2, -0.62, name, ha="center", va="bottom", fontsize=8.5)
        else:
            small.append(name)
        left += share
    if small:
        axes.annotate(
            f"too narrow to name: {', '.join(small)}", (1, 1), (0, 18), fontsize=8,
            xycoords="axes fraction", textcoords="offset points", ha="right", color=style.MUTED,
        )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(len(goals) - 0.5, -0.5)
    axes.set_yticks(range(len(goals)), goals)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    axes.tick_params(left=False)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _short(goal: str) -> str:
    return goal.split()[0]
