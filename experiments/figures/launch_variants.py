"""The launch window in every variant of an experiment, beside that of the first."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, is_lowest, panels, wrapped
from experiments.figures.primitives import LOOKS, bands
from experiments.figures.style import FAINT, MUTED, Figure, canvas, ems, styled


@styled
def draw(
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
    title = headline(contrasts)
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


def headline(contrasts: pd.DataFrame) -> str:
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
