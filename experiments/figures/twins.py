"""Two worlds of the same luck, one condition apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.ends import name_end
from experiments.figures.layout import finish
from experiments.figures.primitives import LOOKS, strokes
from experiments.figures.style import GREEN, PAPER, Figure, ems, new_figure, styled
from experiments.figures.timeline import NEEDED_LINE, organisers_beyond
from sim.columns import WEEKS, label
from sim.parameters import Parameters

LEVELS = ("price", "distress", "dissatisfaction", "dissatisfied", "threat", "trust")
"""Of these the two that differ most between the worlds are drawn below the organisers."""
ORGANISING = "organisers beyond the launch (people)"
SHOWN = 2
NOTABLE = 0.01
SIZES = 8, 5  # of the marks of the two launches


@styled
def draw(
    first: pd.DataFrame,
    second: pd.DataFrame,
    names: Sequence[str],
    outcomes: Sequence[Mapping[str, Any]],
    parameters: Sequence[Parameters],
) -> Figure:
    """Draw the organisers in both worlds, and the two levels that differ most between them.

    Parameters
    ----------
    first, second
        Weekly tables of two runs with the same seed.
    names
        What to call the two worlds.
    outcomes, parameters
        Their outcomes and their parameters.
    """
    heights = (16, *[9] * SHOWN)
    figure = new_figure(ems(sum(heights) + 9))
    panels: Any = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    columns = ["organisers", *most_different(first, second)]
    for axes, column in zip(panels, columns, strict=True):
        scale, top, counts = WEEKS[column].scale, 0.0, column == "organisers"
        for table, outcome, given, name, look in zip(
            (first, second), outcomes, parameters, names, LOOKS, strict=False
        ):
            values = scale * np.asarray(table[column])
            if counts:
                values = organisers_beyond(table, outcome, given)
            weeks = table["week"].to_numpy()
            axes.plot(weeks, values, color=look.colour, linestyle=look.dashes, label=name)
            axes.plot(weeks[-1:], values[-1:], ".", color=look.colour, clip_on=False)
            top = max(top, float(values.max()))
            if counts:
                name_end(axes, f"peak {values.max():,.0f}", values[-1], look.colour)
        if counts:
            needed = parameters[0].emergence.organisers
            axes.axhline(needed, color=GREEN, linestyle=NEEDED_LINE, linewidth=1.3)
            name_end(axes, f"needed {needed:g}", needed, GREEN)
            top = max(top, needed)
            for outcome, look, size in zip(outcomes, LOOKS, SIZES, strict=False):
                if not math.isnan(week := outcome["launch_week"]):
                    axes.plot(
                        [week], [0], "^", markersize=size, color=look.colour, zorder=5,
                        clip_on=False, markeredgecolor=PAPER, markeredgewidth=0.5,
                    )  # fmt: skip
        axes.set_title(ORGANISING if counts else WEEKS[column].axis)
        axes.set_ylim(0, 1.12 * top if counts or scale > 1 else max(1.0, 1.05 * top))
        axes.set_xlim(0, max(first["week"].iloc[-1], second["week"].iloc[-1], 1))
        axes.locator_params(axis="y", nbins=4)
    panels[-1].set_xlabel("week")
    title = headline(names, outcomes)
    said = [f"{title}."]
    for name, outcome in zip(names, outcomes, strict=True):
        launch = outcome["launch_week"]
        start = "never launched" if math.isnan(launch) else f"launched in week {launch:.0f}"
        said.append(
            f"World {name}: {start}, at most {outcome['peak_organisers']:,.0f} people organise "
            "besides those who launched."
        )
    for column in columns[1:]:
        ends = [
            f"{text.number(t[column].iloc[-1])} {n}"
            for t, n in zip((first, second), names, strict=True)
        ]
        said.append(f"{text.capitalised(label(column))} at the end: {', '.join(ends)}.")
    finish(
        figure,
        title,
        "The same users, ties and chance in both worlds. Triangles: launch. Below: the levels in "
        "which they differ most.",
        strokes(names, [look._replace(marker="") for look in LOOKS]),
        words=" ".join(said),
    )
    return figure


def most_different(first: pd.DataFrame, second: pd.DataFrame) -> list[str]:
    """Return the levels whose largest difference over the weeks is largest, in order of listing.

    Differences below what is notable count as none; of equals the first in the list are taken.
    """
    weeks = min(len(first), len(second))

    def gap(name: str) -> float:
        between = first[name].to_numpy()[:weeks] - second[name].to_numpy()[:weeks]
        largest = float(np.max(np.abs(between)))
        return largest if largest >= NOTABLE else 0.0

    largest = sorted((name for name in LEVELS if name in first), key=gap, reverse=True)[:SHOWN]
    return [name for name in LEVELS if name in largest]


def headline(names: Sequence[str], outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Return in a line what came of the two worlds."""
    emerged = [bool(outcome["emerged"]) for outcome in outcomes]
    if all(emerged):
        return "Same luck, one condition apart: a movement emerges in both worlds"
    if not any(emerged):
        return "Same luck, one condition apart: a movement emerges in neither world"
    where = names[0] if emerged[0] else names[1]
    return f"Same luck, one condition apart: a movement emerges only {where}"
