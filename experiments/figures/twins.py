"""Two worlds of the same luck, one condition apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, GREEN, VERMILION
from experiments.figures.timeline import CRITICAL_MASS, beyond_launch

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVELS = {
    "price": "Share price (week 0 = 1)",
    "distress": "Distress of the firm (0 to 1)",
    "dissatisfaction": "Mean dissatisfaction (0 to 1)",
    "dissatisfied": "Dissatisfied users (% of users)",
    "threat": "Threat to democracy (0 to 1)",
    "trust": "Shareholders' trust (0 to 1)",
}
"""Of these the two that differ most between the worlds are drawn below the support."""

TAKING_PART = "Taking part beyond the launching organisers (% of users)"
NOTABLE = 0.05  # levels that differ less are not chosen before the first ones of the list
SHOWN = 2
RIGHT = 2.1
HEIGHTS = (2.0, 1.15, 1.15)
GAP = 0.42
LETTER = 8.5
LOOKS = ((BLUE, "-"), (VERMILION, "--"))


@style.styled
def draw(
    first: pd.DataFrame,
    second: pd.DataFrame,
    names: Sequence[str],
    outcomes: Sequence[Mapping[str, Any]],
    figure: Figure | None = None,
    critical_mass: float = CRITICAL_MASS,
) -> Figure:
    """Draw the support in both worlds, and the two levels that differ most between them.

    Parameters
    ----------
    first, second
        Weekly tables of two runs with the same seed.
    names
        What to call the two worlds.
    outcomes
        Their outcomes.
    figure
        To draw on; it is given the size that is needed.
    critical_mass
        Share of users, drawn as a line.
    """
    figure = style.new_figure(6) if figure is None else figure
    above, below = 0.95, 0.6
    height = above + sum(HEIGHTS) + 2 * GAP + below
    figure.set_size_inches(style.WIDTH, height)
    columns = ["active", *most_different(first, second)]
    top = above
    last = max(first["week"].iloc[-1], second["week"].iloc[-1])
    for column, size in zip(columns, HEIGHTS, strict=True):
        axes = style.place(figure, style.MARGIN, height - top - size, RIGHT, top)
        scale = 100.0 if column in ("active", "dissatisfied") else 1.0
        ends, early, largest = [], [], 0.0
        for table, outcome, name, (colour, dashes) in zip(
            (first, second), outcomes, names, LOOKS, strict=True
        ):
            values = scale * (
                beyond_launch(table, outcome) if column == "active" else table[column].to_numpy()
            )
            weeks = table["week"].to_numpy()
            axes.plot(weeks, values, color=colour, linestyle=dashes, label=name)
            peak = f"\npeak {text.percent(values.max() / 100)}" if column == "active" else ""
            label = (name + peak, float(values[-1]), colour)
            if weeks[-1] < last:
                early.append((weeks[-1], label))
            else:
                ends.append(label)
            largest = max(largest, float(values.max()))
        if column == "active":
            mass = 100 * critical_mass
            axes.axhline(mass, color=GREEN, linestyle=(0, (6, 2, 1, 2)), linewidth=1.3)
            ends.append((f"critical mass {text.percent(critical_mass)}", mass, GREEN))
            largest = max(largest, mass)
            _mark_launches(axes, outcomes)
            axes.set_title(TAKING_PART, loc="left", fontsize=10, fontweight="bold")
        else:
            axes.set_title(LEVELS[column], loc="left", fontsize=10, fontweight="bold")
        axes.set_ylim(0, 1.12 * largest if scale > 1 else max(1.0, 1.05 * largest))
        axes.set_xlim(0, max(last, 1))
        axes.locator_params(axis="y", nbins=4)
        axes.tick_params(labelbottom=column == columns[-1])
        style.label_ends(axes, ends, LETTER)
        for week, label in early:
            _label_early_end(axes, week, *label, size)
        top += size + GAP
    axes.set_xlabel("week")
    style.title(
        figure,
        headline(names, outcomes),
        "The same users, ties and chance in both worlds. Triangles: launch. Below: the levels in "
        "which they differ most.",
    )
    return figure


def most_different(first: pd.DataFrame, second: pd.DataFrame) -> list[str]:
    """Return the levels whose largest difference over the weeks is largest, in order of listing.

    Differences below what is notable count as none; of equals the first in the list are taken.
    """
    weeks = min(len(first), len(second))
    gaps = {
        name: float(
            np.max(np.abs(first[name].to_numpy()[:weeks] - second[name].to_numpy()[:weeks]))
        )
        for name in LEVELS
        if name in first
    }
    largest = sorted(gaps, key=lambda name: -gaps[name] if gaps[name] >= NOTABLE else 0.0)[:SHOWN]
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


def describe(
    first: pd.DataFrame,
    second: pd.DataFrame,
    names: Sequence[str],
    outcomes: Sequence[Mapping[str, Any]],
) -> str:
    """Return the figure in words."""
    parts = [f"{headline(names, outcomes)}."]
    for table, name, outcome in zip((first, second), names, outcomes, strict=True):
        launch = outcome["launch_week"]
        start = "never launched" if math.isnan(launch) else f"launched in week {launch:.0f}"
        parts.append(
            f"World {name}: {start}, at most "
            f"{text.percent(beyond_launch(table, outcome).max())} of users take part beyond the "
            "launching organisers."
        )
    for column in most_different(first, second):
        ends = [f"{table[column].iloc[-1]:.2f}" for table in (first, second)]
        parts.append(f"{LEVELS[column]} at the end: {ends[0]} {names[0]}, {ends[1]} {names[1]}.")
    return " ".join(parts)


def _label_early_end(
    axes: Axes, week: float, name: str, value: float, colour: str, height: float
) -> None:
    """Write the name of a line where it ends, above or below it, off the other lines."""
    low, high = axes.get_ylim()
    half = 0.7 * (name.count("\n") + 1) * LETTER / 72 * (high - low) / height
    figure = axes.get_figure(root=True)
    assert figure is not None
    inches = figure.get_size_inches()[0] * axes.get_position().width
    start, stop = axes.get_xlim()
    reach = style.width_of(figure, name, LETTER) / inches * (stop - start)

    def crossed(y: float) -> bool:
        for line in axes.lines:
            weeks, values = (np.asarray(data, dtype=float) for data in line.get_data())
            if len(weeks) == 2:  # a level line, over the whole width
                weeks, values = np.array([week]), values[:1]
            near = values[(weeks >= week - reach / 2) & (weeks <= week + reach / 2)]
            if (near > y - half).any() and (near < y + half).any():
                return True
        return False

    steps = sorted(np.arange(low + half, high - half, half / 4), key=lambda y: abs(y - value))
    y = next((float(y) for y in steps if not crossed(y)), value)
    axes.plot([week], [value], marker="o", markersize=4, color=colour, clip_on=False, zorder=4)
    axes.text(
        week, y, name, fontsize=LETTER, color=style.LETTERS.get(colour, colour), ha="center",
        va="center", linespacing=1.05,
    )  # fmt: skip


def _mark_launches(axes: Any, outcomes: Sequence[Mapping[str, Any]]) -> None:
    for outcome, (colour, _), size in zip(outcomes, LOOKS, (60, 26), strict=True):
        if not math.isnan(outcome["launch_week"]):
            axes.scatter(
                [outcome["launch_week"]], [0], marker="^", s=size, color=colour, zorder=5,
                clip_on=False, edgecolors=style.PAPER, linewidths=0.5,
            )  # fmt: skip
