"""Success by launch week over the path of the price."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, GREEN, INK, VERMILION
from experiments.figures.timeline import date_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.cases.case import Case

RIGHT = 1.75
PATHS = (
    ("price", "share price\n(week 0 = 1)", INK, "-"),
    ("distress", "distress", VERMILION, "--"),
    ("threat", "threat", BLUE, ":"),
    ("trust", "trust", GREEN, "-."),
)


@style.styled
def draw(
    window: pd.DataFrame,
    contrast: Mapping[str, Any],
    path: pd.DataFrame | None = None,
    case: Case | None = None,
    real_launch: int | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw the share of successes by launch week, above the paths the launch meets.

    Parameters
    ----------
    window
        From `launch_window`.
    contrast
        Row of `launch_window.contrast`: the window is shaded, best and worst week are marked.
    path
        Weekly table of a run (of the record, if there is a case); None leaves the panel out.
    case
        Whose dates belong to the weeks.
    real_launch
        Week of the launch as it happened.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(6) if figure is None else figure
    above, below, upper, lower, gap = 1.0, 0.8, 2.6, 1.6, 0.45
    height = above + upper + below + (lower + gap if path is not None else 0)
    figure.set_size_inches(style.WIDTH, height)
    bottom = height - above - upper
    axes = style.place(figure, style.MARGIN, bottom, RIGHT, above)
    weeks = window["week"].to_numpy()
    last = int(max(weeks.max(), path["week"].max() if path is not None else 0))
    axes.fill_between(
        weeks, 100 * window["low"], 100 * window["high"], color=BLUE, alpha=0.18, linewidth=0
    )
    axes.plot(weeks, 100 * window["share"], color=BLUE, marker="o", markersize=4)
    axes.set_ylim(0, 100 if window["high"].max() > 0.5 else max(10, 115 * window["high"].max()))
    axes.set_ylabel("runs with a movement (%)")
    axes.set_title("Success by week of launch", loc="left", fontsize=10, fontweight="bold")
    panels = [axes]
    if path is not None:
        panel = style.place(figure, style.MARGIN, below, RIGHT, height - below - lower)
        ends, top = [], 1.0
        for column, name, colour, dashes in PATHS:
            values = path[column].to_numpy()
            panel.plot(
                path["week"].to_numpy(), values, color=colour, linestyle=dashes, linewidth=1.5
            )
            ends.append((name, float(values[-1]), colour))
            top = max(top, float(values.max()))
        panel.set_ylim(0, 1.05 * top)
        panel.locator_params(axis="y", nbins=4)
        panel.set_ylabel("index, share")
        panel.set_title("What a launch meets", loc="left", fontsize=10, fontweight="bold")
        style.label_ends(panel, ends, 8.5)
        panels.append(panel)
    for panel in panels:
        panel.set_xlim(0, last)
        if not math.isnan(contrast.get("width", math.nan)):
            start = contrast["window_start"]
            panel.axvspan(
                start, start + contrast["width"], color=FAINT, alpha=0.6, linewidth=0, zorder=0
            )
        if real_launch is not None:
            panel.axvline(real_launch, color=INK, linewidth=1, linestyle=(0, (2, 2)))
    _notes(axes, window, contrast, real_launch)
    for panel in panels:
        date_axis(panel, case, last)
        if panel is not panels[-1]:
            panel.set_xlabel("")
            panel.tick_params(labelbottom=False)
    if case is None and path is None:
        axes.set_xlabel("week of launch")
    style.title(figure, headline(contrast, case), reading(window, contrast))
    return figure


def headline(contrast: Mapping[str, Any], case: Case | None = None) -> str:
    """Return in a line what is seen."""
    if isinstance(contrast["best_week"], float) and math.isnan(contrast["best_week"]):
        return "Too few runs to compare launch weeks"
    change = text.points(contrast["difference"], contrast["low"], contrast["high"])
    best, worst = (_when(contrast[name], case) for name in ("best_week", "worst_week"))
    if contrast["verdict"] == "raises":
        return f"The moment of launch matters: {best} against {worst}, {change}"
    if contrast["verdict"] == "no material effect":
        return f"The moment of launch hardly matters: {best} against {worst}, {change}"
    return f"Whether the moment of launch matters is open: {best} against {worst}, {change}"


def reading(window: pd.DataFrame, contrast: Mapping[str, Any]) -> str:
    """Return how to read the figure."""
    sentence = f"{int(window['runs'].min())} runs a week of launch; blue band: 95 % intervals."
    if not math.isnan(contrast.get("width", math.nan)):
        sentence += (
            f" Grey: the window of {int(contrast['width'])} weeks with at least half of the best "
            "week's successes."
        )
    return sentence


def describe(
    window: pd.DataFrame,
    contrast: Mapping[str, Any],
    path: pd.DataFrame | None = None,
    case: Case | None = None,
    real_launch: int | None = None,
) -> str:
    """Return the figure in words."""
    top, low = window.loc[window["share"].idxmax()], window.loc[window["share"].idxmin()]
    sentence = [f"{headline(contrast, case)}. {reading(window, contrast)}"]
    sentence.append(
        f"Over launches from {_when(window['week'].min(), case)} to "
        f"{_when(window['week'].max(), case)} the share of runs with a movement lies between "
        f"{text.share(low['share'])} ({_when(low['week'], case)}) and "
        f"{text.share(top['share'])} ({_when(top['week'], case)})."
    )
    if real_launch is not None:
        nearest = window.loc[(window["week"] - real_launch).abs().idxmin()]
        sentence.append(
            f"For the tried week nearest to the real launch ({_when(real_launch, case)}) it is "
            f"{text.share(nearest['share'])} [{100 * nearest['low']:.0f} to "
            f"{100 * nearest['high']:.0f}]."
        )
    if path is not None:
        sentence.append(
            f"Below, the price falls to {path['price'].min():.2f} in "
            f"{_when(int(path['week'].iloc[int(np.argmin(path['price']))]), case)}."
        )
    return " ".join(sentence)


def _notes(
    axes: Axes, window: pd.DataFrame, contrast: Mapping[str, Any], real_launch: int | None
) -> None:
    share = dict(zip(window["week"], window["share"], strict=True))
    if contrast.get("best_week") in share and contrast["best_week"] != contrast["worst_week"]:
        for name, marker, colour in (("best_week", "^", GREEN), ("worst_week", "v", VERMILION)):
            week = contrast[name]
            axes.plot(
                [week], [100 * share[week]], marker=marker, markersize=10, color=colour, zorder=5,
                linestyle="none", label=f"{name[:-5]} week by the odd runs",
            )  # fmt: skip
    if real_launch is not None:
        axes.plot([], [], color=INK, linewidth=1, linestyle=(0, (2, 2)), label="the real launch")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1.0), ncols=3, frameon=False, fontsize=8.5,
            handletextpad=0.4, borderaxespad=0.2,
        )  # fmt: skip


def _when(week: float, case: Case | None) -> str:
    if case is None:
        return f"week {int(week)}"
    day: datetime.date = case.date_of(int(week))
    return f"{day:%B %Y}"
