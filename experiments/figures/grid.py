"""Emergence over one or two parameters that a sweep varied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures import style
from experiments.figures.style import BLUE, INK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ON_DARK = "#fefefe"  # not PAPER, which turns dark on a dark page, where the map does not


@style.styled
def draw(
    table: pd.DataFrame, names: list[str], outcome: str = "a movement", figure: Figure | None = None
) -> Figure:
    """Draw shares with intervals over one parameter, or as a map over two.

    Parameters
    ----------
    table
        From `emergence_grid.emergence`, by these parameters.
    names
        One or two parameters: along the axis; then, if there are two, up the axis.
    outcome
        What the share is of, in words.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(4.6) if figure is None else figure
    if len(names) == 1:
        _line(figure, table, names[0], outcome)
    else:
        _map(figure, table, names[0], names[1], outcome)
    style.title(figure, headline(table, names, outcome), reading(table, len(names)), left=0.75)
    return figure


def headline(table: pd.DataFrame, names: list[str], outcome: str = "a movement") -> str:
    """Return in a line what is seen."""
    low, high = table["share"].min(), table["share"].max()
    over = " and ".join(names)
    if round(100 * low) == round(100 * high):
        return f"{text.share(low)} of runs have {outcome}, whatever {over}"
    return f"{text.share(low)} to {text.share(high)} of runs have {outcome}, by {over}"


def reading(table: pd.DataFrame, dimensions: int) -> str:
    """Return how to read the figure."""
    low, high = int(table["runs"].min()), int(table["runs"].max())
    runs = f"{low}" if low == high else f"{low} to {high}"
    marks = "bars are" if dimensions == 1 else "in brackets"
    return f"{runs} runs a point; {marks} 95 % intervals."


def describe(table: pd.DataFrame, names: list[str], outcome: str = "a movement") -> str:
    """Return the figure in words."""
    high, low = table.loc[table["share"].idxmax()], table.loc[table["share"].idxmin()]
    ends = [
        f"{word} {text.share(row['share'])} [{100 * row['low']:.0f} to {100 * row['high']:.0f}] "
        f"at {', '.join(f'{name} = {row[name]}' for name in names)}"
        for word, row in (("highest", high), ("lowest", low))
    ]
    return f"{headline(table, names, outcome)}. {reading(table, len(names))} {'; '.join(ends)}."


def _line(figure: Figure, table: pd.DataFrame, name: str, outcome: str) -> None:
    figure.set_size_inches(style.WIDTH, 4.6)
    axes = style.place(figure, 0.75, 0.7, 0.4, 0.95)
    numeric = pd.api.types.is_numeric_dtype(table[name]) and table[name].dtype != bool
    x = table[name].to_numpy() if numeric else np.arange(len(table))
    axes.vlines(x, 100 * table["low"], 100 * table["high"], color=BLUE, linewidth=1.6)
    axes.plot(
        x, 100 * table["share"], marker="o", color=BLUE, linestyle="-" if numeric else "none",
        linewidth=1.2,
    )  # fmt: skip
    if not numeric:
        axes.set_xticks(x, [str(value) for value in table[name]])
        axes.set_xlim(-0.6, len(table) - 0.4)
    axes.set_ylim(-2, 102)
    axes.set_ylabel(f"runs with {outcome} (%)")
    axes.set_xlabel(name)


def _map(figure: Figure, table: pd.DataFrame, across: str, up: str, outcome: str) -> None:
    shares = table.pivot(index=up, columns=across, values="share")
    low = table.pivot(index=up, columns=across, values="low").to_numpy()
    high = table.pivot(index=up, columns=across, values="high").to_numpy()
    rows, columns = shares.shape
    height = min(max(0.5 * rows, 2.0), 6.5)
    figure.set_size_inches(style.WIDTH, height + 1.75)
    axes = style.place(figure, 1.35, 0.75, 1.6, 1.0)
    image = axes.imshow(
        100 * shares.to_numpy(), origin="lower", aspect="auto", cmap="cividis", vmin=0, vmax=100
    )
    axes.set_xticks(range(columns), [_tick(value) for value in shares.columns])
    axes.set_yticks(range(rows), [_tick(value) for value in shares.index])
    step = max(1, -(-columns // 14))
    for i, label in enumerate(axes.get_xticklabels()):
        label.set_visible(i % step == 0)
    step = max(1, round(rows * 0.2 / height))
    for i, label in enumerate(axes.get_yticklabels()):
        label.set_visible(i % step == 0)
    axes.grid(False)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    wide = (style.WIDTH - 2.95) / columns
    if wide > 0.75 and height / rows > 0.4:
        for i in range(rows):
            for j in range(columns):
                value = 100 * shares.to_numpy()[i, j]
                if not np.isnan(value):
                    sentence = f"{value:.0f}\n[{100 * low[i, j]:.0f}–{100 * high[i, j]:.0f}]"
                    colour = ON_DARK if value < 50 else "#000000"
                    axes.text(j, i, sentence, ha="center", va="center", fontsize=8, color=colour)
    box = axes.get_position()
    bar = figure.add_axes((box.x1 + 0.02, box.y0, 0.016, box.height))
    figure.colorbar(image, cax=bar).set_label(f"runs with {outcome} (%)", color=INK)
    bar.grid(False)


def _tick(value: object) -> str:
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
