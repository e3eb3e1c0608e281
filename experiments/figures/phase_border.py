"""Phase diagrams: where a movement emerges over two parameters, and how sure its border is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.phase_border import CONTOURS, areas
from experiments.figures import style
from experiments.figures.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, ABOVE, BELOW, GAP = 0.85, 1.6, 1.55, 0.65, 0.22
TALLEST, SHORTEST = 4.6, 1.9  # inches of a panel
DASHES: dict[float, Any] = {0.1: (0, (1, 1.6)), 0.5: "-", 0.9: (0, (5, 2))}


@style.styled
def draw(
    table: pd.DataFrame,
    across: str,
    up: str,
    by: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    marks: pd.DataFrame | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw the probability of emergence as a map with contours, a panel for each surface.

    Parameters
    ----------
    table
        From `phase_border.phase_border`.
    across, up
        The two parameters.
    by
        At most two columns the table was made by: along the panels, then down.
    labels
        A parameter in words, with its unit.
    marks
        Points drawn as small dots, such as those that were run: the columns ``by``, across, up.
    figure
        To draw on; it is given the size that is needed.
    """
    labels = labels or {}
    values = [sorted(table[name].unique()) for name in by]
    columns = values[0] if by else [None]
    rows = values[1][::-1] if len(by) > 1 else [None]
    width = (style.WIDTH - LEFT - RIGHT - GAP * (len(columns) - 1)) / len(columns)
    side = min(max(0.85 * width, SHORTEST), TALLEST)
    height = ABOVE + len(rows) * side + (len(rows) - 1) * GAP + BELOW
    figure = style.new_figure(6) if figure is None else figure
    figure.set_size_inches(style.WIDTH, height)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            left, top = LEFT + j * (width + GAP), ABOVE + i * (side + GAP)
            axes = style.place(figure, left, height - top - side, style.WIDTH - left - width, top)
            fixed = dict(zip(by, (column, row), strict=False))
            _panel(axes, _where(table, fixed), across, up)
            if marks is not None:
                dots = _where(marks, fixed)
                axes.plot(dots[across], dots[up], ".", color=PAPER, markersize=2, alpha=0.7)
            if j < len(columns) - 1:
                axes.locator_params(axis="x", prune="upper")  # beside the next panel's first
            axes.tick_params(labelleft=j == 0, labelbottom=i == len(rows) - 1)
            if i == 0 and by:
                axes.set_title(_named(by[0], column, labels), fontsize=9, loc="left")
            if j == len(columns) - 1 and len(by) > 1:
                axes.annotate(
                    _named(by[1], row, labels), (1, 0.5), (7, 0), xycoords="axes fraction",
                    textcoords="offset points", rotation=-90, fontsize=9, va="center",
                    annotation_clip=False,
                )  # fmt: skip
    middle = LEFT + (style.WIDTH - LEFT - RIGHT) / 2
    figure.text(
        middle / style.WIDTH, 0.2 / height, labels.get(across, across), ha="center", va="center",
        fontsize=9.5,
    )  # fmt: skip
    figure.text(
        0.22 / style.WIDTH, (BELOW + (height - ABOVE - BELOW) / 2) / height, labels.get(up, up),
        rotation=90, ha="center", va="center", fontsize=9.5,
    )  # fmt: skip
    _legends(figure, height)
    style.title(figure, headline(table, by), reading(marks is not None), left=0.3)
    return figure


def headline(table: pd.DataFrame, by: Sequence[str] = ()) -> str:
    """Return in a line what is seen."""
    above = areas(table, by)["above"]
    low, high = text.share(above.min()), text.share(above.max())
    part = low if low == high else f"{low} to {high}"
    return f"In {part} of the plane a movement is more likely than not"


def reading(marked: bool = False) -> str:
    """Return how to read the figure."""
    dots = " Dots: where it was run." if marked else ""
    return (
        "Colour: probability of emergence, a Gaussian process through the runs. Light band: where "
        f"the line of 50 % may lie (95 %).{dots}"
    )


def describe(
    table: pd.DataFrame,
    across: str,
    up: str,
    by: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
) -> str:
    """Return the figure in words."""
    labels = labels or {}
    told = []
    for row in areas(table, by).to_dict("records"):
        where = ", ".join(_named(name, row[name], labels) for name in by)
        sentence = (
            f"more likely than not in {text.share(row['above'])} of the plane, surely so in "
            f"{text.share(row['surely_above'])}, surely not in "
            f"{text.share(row['surely_below'])}"
        )
        told.append(f"{where}: {sentence}" if where else sentence)
    low, high = table["share"].min(), table["share"].max()
    return (
        f"{headline(table, by)}. Probability of emergence by {labels.get(across, across)} and "
        f"{labels.get(up, up)}, from {text.share(low)} to {text.share(high)}; "
        f"{'; '.join(told)}."
    )


def _where(table: pd.DataFrame, fixed: Mapping[str, Any]) -> pd.DataFrame:
    chosen = np.ones(len(table), dtype=bool)
    for name, value in fixed.items():
        chosen &= (table[name] == value).to_numpy()
    return table[chosen]


def _panel(axes: Axes, table: pd.DataFrame, across: str, up: str) -> None:
    if table.empty:
        axes.set_axis_off()
        return
    share, low, high = (
        table.pivot(index=up, columns=across, values=name) for name in ("share", "low", "high")
    )
    x, y = share.columns.to_numpy(float), share.index.to_numpy(float)
    axes.pcolormesh(x, y, share, cmap="cividis", vmin=0, vmax=1, shading="gouraud", rasterized=True)
    # Above 0 where the interval holds one half: the border may be there.
    inside = np.minimum(high.to_numpy() - 0.5, 0.5 - low.to_numpy())
    if (inside > 0).any():
        axes.contourf(x, y, inside, levels=[0, 1], colors=[PAPER], alpha=0.4)
        axes.contour(x, y, inside, levels=[0], colors=[PAPER], linewidths=0.8)
    for value in CONTOURS:
        if share.to_numpy().min() < value < share.to_numpy().max():
            colour, size = (INK, 2.2) if value == 0.5 else (PAPER, 1.2)
            colour = INK if value == 0.9 else colour
            axes.contour(
                x, y, share, levels=[value], colors=[colour], linewidths=[size],
                linestyles=[DASHES[value]],
            )  # fmt: skip
    axes.grid(False)
    wide = axes.get_position().width * style.WIDTH > 3
    axes.locator_params(axis="x", nbins=5 if wide else 2)
    axes.locator_params(axis="y", nbins=4)


def _legends(figure: Figure, height: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    tall = min(height - ABOVE - BELOW, 3.2)
    bar = figure.add_axes(
        (
            1 - 0.95 / style.WIDTH,
            (height - ABOVE - tall) / height,
            0.17 / style.WIDTH,
            tall / height,
        )
    )
    colours = ScalarMappable(cmap="cividis")
    colours.set_clim(0, 100)
    figure.colorbar(colours, cax=bar).set_label("probability of emergence (%)")
    bar.grid(False)
    handles: list[Any] = [
        Line2D([], [], color=INK, linestyle=DASHES[value], linewidth=2.2 if value == 0.5 else 1.2,
               label=text.share(value))
        for value in CONTOURS
    ]  # fmt: skip
    handles.append(
        Patch(facecolor=PAPER, edgecolor=INK, linewidth=0.6, label="50 %, 95 % interval")
    )
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.3 / style.WIDTH, 1 - 1.1 / height),
        ncols=4, frameon=False, fontsize=8.5, borderpad=0, borderaxespad=0, columnspacing=1.6,
    )  # fmt: skip


def _named(name: str, value: Any, labels: Mapping[str, str]) -> str:
    told = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{labels.get(name, name)} = {told}"
