"""Success by launch week over the path of the price; and in every variant of an experiment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.ends import name_end
from experiments.figures.layout import finish, is_first, is_lowest, panels, wrapped
from experiments.figures.marks import date_axis, when
from experiments.figures.primitives import LOOKS, bands
from experiments.figures.style import (
    FAINT,
    GREEN,
    INK,
    MUTED,
    VERMILION,
    Figure,
    canvas,
    ems,
    new_figure,
    styled,
)
from sim.columns import label

if TYPE_CHECKING:
    from experiments.cases.case import Case

PATHS = ("price", "distress", "threat", "trust")
VERDICTS = {
    "raises": "The moment of launch matters",
    "no material effect": "The moment of launch hardly matters",
}


@styled
def draw(
    window: pd.DataFrame,
    contrast: Mapping[str, Any],
    path: pd.DataFrame | None = None,
    case: Case | None = None,
    real_launch: int | None = None,
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
    """
    heights = (18,) if path is None else (18, 12)
    figure = new_figure(ems(sum(heights) + 4 * len(heights) + 2))
    panels: Any = figure.subplots(
        len(heights), 1, squeeze=False, sharex=True, height_ratios=heights
    )
    axes, panels = panels[0, 0], list(panels[:, 0])
    weeks, last = window["week"], int(window["week"].max())
    values = 100 * window[["share", "low", "high"]]
    bands(axes, weeks, values["share"], (values["low"], values["high"]), marker="o", markersize=4)
    top = values["high"].max()
    axes.set_ylim(0, 100 if top > 50 else max(10, 1.15 * top))
    axes.set_ylabel("runs with a movement (%)")
    axes.set_title("Success by week of launch")
    if path is not None:
        last = max(last, int(path["week"].max()))
        for column, look in zip(PATHS, LOOKS, strict=False):
            panels[1].plot(path["week"], path[column], color=look.colour, linestyle=look.dashes)
            name_end(panels[1], label(column), float(path[column].iloc[-1]), look.colour)
        panels[1].set_ylim(0, 1.05 * max(1.0, path[list(PATHS)].max().max()))
        panels[1].set_ylabel("index, 0 to 1")
        panels[1].set_title("What a launch meets")
    for panel in panels:
        panel.set_xlim(0, last)
        if not math.isnan(contrast.get("width", math.nan)):
            start = contrast["window_start"]
            ends = start, start + contrast["width"]
            panel.axvspan(*ends, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
        if real_launch is not None:
            panel.axvline(real_launch, color=INK, linewidth=1, linestyle=(0, (2, 2)))
    share = dict(zip(window["week"], window["share"], strict=True))
    if contrast.get("best_week") in share and contrast["best_week"] != contrast["worst_week"]:
        for name, marker, colour in (("best_week", "^", GREEN), ("worst_week", "v", VERMILION)):
            week = contrast[name]
            axes.plot(
                [week], [100 * share[week]], marker=marker, markersize=9, color=colour, zorder=5,
                linestyle="none", label=f"{name[:-5]} week by the odd runs", clip_on=False,
            )  # fmt: skip
    if real_launch is not None:
        axes.plot([], [], color=INK, linewidth=1, linestyle=(0, (2, 2)), label="the real launch")
    date_axis(panels[-1], case, last)
    if case is None and path is None:
        axes.set_xlabel("week of launch")
    keys = axes.get_legend_handles_labels()[0]
    title = headline(contrast, case)
    reading = f"{int(window['runs'].min())} runs a week of launch; blue band: 95 % intervals."
    if not math.isnan(width := contrast.get("width", math.nan)):
        half = "with half of the best week's successes"
        reading += f" Grey: the window of {int(width)} weeks {half}."
    words = _in_words(window, path, case, real_launch)
    finish(figure, title, reading, keys, words=f"{title}. {reading} {words}")
    return figure


def headline(contrast: Mapping[str, Any], case: Case | None = None) -> str:
    """Return in a line what is seen."""
    if isinstance(contrast["best_week"], float) and math.isnan(contrast["best_week"]):
        return "Too few runs to compare launch weeks"
    change = text.points(contrast["difference"], contrast["low"], contrast["high"])
    best, worst = (when(contrast[name], case) for name in ("best_week", "worst_week"))
    verdict = VERDICTS.get(contrast["verdict"], "Whether the moment of launch matters is open")
    return f"{verdict}: {best} against {worst}, {change}"


def _in_words(
    window: pd.DataFrame, path: pd.DataFrame | None, case: Case | None, real_launch: int | None
) -> str:
    top, low = window.loc[window["share"].idxmax()], window.loc[window["share"].idxmin()]
    parts = [
        f"Over launches from {when(window['week'].min(), case)} to "
        f"{when(window['week'].max(), case)} the share of runs with a movement lies between "
        f"{text.share(low['share'])} ({when(low['week'], case)}) and "
        f"{text.share(top['share'])} ({when(top['week'], case)})."
    ]
    if real_launch is not None:
        nearest = window.loc[(window["week"] - real_launch).abs().idxmin()]
        share = text.share(*nearest[["share", "low", "high"]])
        launched = when(real_launch, case)
        parts.append(f"For the tried week nearest to the real launch ({launched}) it is {share}.")
    if path is not None:
        week = int(path["week"].iloc[int(np.argmin(path["price"]))])
        lowest = f"{path['price'].min():.2f} in {when(week, case)}"
        parts.append(f"Below, the price falls to {lowest}.")
    return " ".join(parts)


@styled
def draw_variants(
    windows: Mapping[str, pd.DataFrame],
    contrasts: pd.DataFrame,
    labels: Mapping[str, str] = {},
) -> Figure:
    """Draw a panel for each variant; the first one is repeated in all others as a thin line.

    Parameters
    ----------
    windows
        By variant, from `launch_window`.
    contrasts
        From `launch_window.contrasts`, with a column ``part``.
    labels
        A variant's name in words.
    """
    names, found = list(windows), contrasts.set_index("part")
    first = windows[names[0]]
    figure, axes = panels(len(names), height=9, sharey=True, sharex=True)
    room = canvas().width / min(3, len(names)) - ems(4)
    for each, name in zip(axes, names, strict=True):
        row, window = found.loc[name], windows[name]
        if not math.isnan(row["width"]):
            start, width = row["window_start"], row["width"]
            each.axvspan(start, start + width, color=FAINT, alpha=0.6, linewidth=0)
        if name != names[0]:
            each.plot(
                first["week"], 100 * first["share"], color=MUTED, linewidth=1,
                linestyle=LOOKS[1].dashes,
            )  # fmt: skip
        values = 100 * window[["low", "share", "high"]]
        bands(each, window["week"], values["share"], (values["low"], values["high"]))
        each.set(ylim=(0, 100), yticks=[0, 50, 100])
        heading = wrapped(figure, _name(name, labels), room, weight="bold")
        each.set_title(f"{heading}\n{text.points(*row[['difference', 'low', 'high']])}")
        if is_first(each):
            each.set_ylabel("runs with a\nmovement (%)")
        if is_lowest(each, axes):
            each.set_xlabel("week of launch")
            each.tick_params(labelbottom=True)
    title = variants_headline(contrasts)
    finish(
        figure,
        title,
        "Below each name: best minus worst week. Grey: the window. Dashed: "
        f"“{_name(names[0], labels)}”, for comparison.",
        words=in_words(
            f"{title}. Best minus worst week:",
            contrasts,
            lambda row: _name(row["part"], labels),
            _difference,
        ),
    )
    return figure


def variants_headline(contrasts: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    matters = int((contrasts["verdict"] == "raises").sum())
    count = f"{matters} of {len(contrasts)}"
    return f"The week of launch makes a material difference in {count} settings"


def _difference(row: pd.Series) -> str:
    change = text.points(*row[["difference", "low", "high"]])
    if math.isnan(row["width"]):
        return change
    return f"{change}, window from week {row['window_start']:.0f} to {row['window_end']:.0f}"


def _name(variant: str, labels: Mapping[str, str]) -> str:
    return labels.get(variant, text.as_text(variant))
