"""The course of the weeks in each arm, as fans: the middle run, and where half and most lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, INK, SKY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SERIES = {
    "active": ("taking part\n(% of users)", 100.0),
    "supporters": ("supporters\n(% of users)", 100.0),
    "aware": ("aware\n(% of users)", 100.0),
    "commons_view": ("mean commons\nview (0 to 1)", 1.0),
    "literacy": ("mean coop.\nliteracy (0 to 1)", 1.0),
    "media": ("media\nattention", 1.0),
    "price": ("share price\n(week 0 = 1)", 1.0),
}
"""A weekly column in words with its unit, and what to multiply it with; others are as they are."""

LEFT, RIGHT, ABOVE, BELOW, GAPS = 1.05, 0.25, 1.55, 0.6, (0.2, 0.25)
TALL = 1.55


@style.styled
def draw(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, figure: Figure | None = None
) -> Figure:
    """Draw a fan for each arm (beside each other) and series (below each other).

    Parameters
    ----------
    table
        From `trajectories.trajectories`.
    labels
        An arm in words.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    arms, series = list(table["arm"].unique()), list(table["series"].unique())
    figure = style.new_figure(4) if figure is None else figure
    height = ABOVE + len(series) * TALL + (len(series) - 1) * GAPS[1] + BELOW
    figure.set_size_inches(style.WIDTH, height)
    width = (style.WIDTH - LEFT - RIGHT - GAPS[0] * (len(arms) - 1)) / len(arms)
    for i, name in enumerate(series):
        unit, scale = SERIES.get(name, (name, 1.0))
        of_series = table[table["series"] == name]
        first = of_series[of_series["arm"] == arms[0]]
        low, high = scale * of_series["low_90"].min(), scale * of_series["high_90"].max()
        low = 0.0 if 0 <= low < 0.5 * high else low
        for j, arm in enumerate(arms):
            left, top = LEFT + j * (width + GAPS[0]), ABOVE + i * (TALL + GAPS[1])
            axes = style.place(figure, left, height - top - TALL, style.WIDTH - left - width, top)
            rows = of_series[of_series["arm"] == arm]
            week = rows["week"].to_numpy()
            for band, colour, label in (
                ("90", SKY, "90 % of runs"),
                ("50", BLUE, "50 % of runs"),
            ):
                axes.fill_between(
                    week, scale * rows[f"low_{band}"], scale * rows[f"high_{band}"], color=colour,
                    alpha=0.35, linewidth=0, label=label,
                )  # fmt: skip
            if j:
                axes.plot(
                    first["week"], scale * first["median"], color=INK, linewidth=1.1,
                    linestyle=(0, (3, 2)), label=f"median, {labels.get(arms[0], arms[0])}",
                )  # fmt: skip
            axes.plot(week, scale * rows["median"], color=BLUE, linewidth=1.8, label="median")
            axes.set_xlim(week.min(), week.max())
            room = max(0.05 * (high - low), 1e-9)
            axes.set_ylim(low - (0 if low == 0 else room), high + room)
            axes.locator_params(axis="y", nbins=4)
            axes.locator_params(axis="x", nbins=3, prune="upper" if j < len(arms) - 1 else None)
            axes.tick_params(labelleft=j == 0, labelbottom=i == len(series) - 1)
            if i == 0:
                axes.set_title(
                    f"{labels.get(arm, arm)}\n{int(rows['runs'].max()):,} runs", fontsize=9,
                    loc="left", linespacing=1.25,
                )  # fmt: skip
            if j == 0:
                axes.set_ylabel(unit)
                axes.yaxis.set_label_coords(-0.6 / width, 0.5)
            if i == len(series) - 1:
                axes.set_xlabel("week")
    handles, names = axes.get_legend_handles_labels()
    figure.legend(
        handles, names, loc="lower left", bbox_to_anchor=(0.3 / style.WIDTH, 1 - 1.0 / height),
        ncols=4, frameon=False, fontsize=8.5, borderpad=0, borderaxespad=0,
    )  # fmt: skip
    style.title(
        figure,
        headline(table, labels),
        "Bands hold the middle runs of each week.",
        left=0.3,
    )
    return figure


def headline(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return in a line what is seen of the first series: the arm whose median run peaks highest."""
    name = table["series"].iloc[0]
    unit, scale = SERIES.get(name, (name, 1.0))
    peaks = table[table["series"] == name].groupby("arm", sort=False)["median"].max()
    told = unit.replace("\n", " ").split(" (")[0]
    best, least = peaks.idxmax(), peaks.idxmin()
    labels = labels or {}

    def value(arm: str) -> str:
        return text.percent(peaks[arm]) if scale == 100 else f"{peaks[arm]:.2f}"

    sentence = f"{text.capitalised(told)}: the median run peaks at {value(best)}"
    if len(peaks) == 1 or value(best) == value(least):
        return sentence + (" in every arm" if len(peaks) > 1 else "")
    return (
        f"{sentence} in “{labels.get(best, best)}”, "
        f"at {value(least)} in “{labels.get(least, least)}”"
    )


def describe(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the figure in words."""
    parts = [f"{headline(table, labels)}."]
    for (name, arm), rows in table.groupby(["series", "arm"], sort=False):
        unit, scale = SERIES.get(str(name), (str(name), 1.0))
        last = rows.loc[rows["week"].idxmax()]
        parts.append(
            f"{(labels or {}).get(str(arm), arm)}, {unit.replace(chr(10), ' ')}: in the last week "
            f"{scale * last['median']:.3g}, half of the runs from {scale * last['low_50']:.3g} to "
            f"{scale * last['high_50']:.3g}, nine in ten from {scale * last['low_90']:.3g} to "
            f"{scale * last['high_90']:.3g}."
        )
    return " ".join(parts)
