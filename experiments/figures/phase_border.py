"""Phase diagrams: where a movement emerges over two parameters, and how sure its border is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.phase_border import CONTOURS, areas
from experiments.figures.describe import in_words
from experiments.figures.layout import finish
from experiments.figures.primitives import colour_bar
from experiments.figures.style import (
    INK,
    PAPER,
    SEQUENTIAL,
    Axes,
    Figure,
    canvas,
    ems,
    new_figure,
    styled,
)
from sim.columns import axis, label

DASHES: dict[float, Any] = {0.1: (0, (1, 1.6)), 0.5: "-", 0.9: (0, (5, 2))}
WIDTHS = {0.1: 1.2, 0.5: 2.0, 0.9: 1.2}
BORDER = "#fefefe"  # on the map, which does not follow a dark page


@styled
def draw(
    table: pd.DataFrame,
    across: str,
    up: str,
    by: Sequence[str] = (),
    marks: pd.DataFrame | None = None,
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
    marks
        Points drawn as small dots, such as those that were run: the columns ``by``, across, up.
    """
    values = [sorted(table[name].unique()) for name in by]
    columns = values[0] if by else [None]
    rows = values[1][::-1] if len(by) > 1 else [None]
    side = min(0.8 * canvas().width / len(columns), ems(38))
    figure = new_figure(max(0.85 * side, ems(13)) * len(rows) + ems(2))
    grid: Any = figure.subplots(len(rows), len(columns), squeeze=False, sharex=True, sharey=True)
    image = None
    for i, (row, line) in enumerate(zip(rows, grid, strict=True)):
        for column, axes in zip(columns, line, strict=True):
            fixed = dict(zip(by, (column, row), strict=False))
            image = _panel(axes, _where(table, fixed), across, up) or image
            if marks is not None:
                dots = _where(marks, fixed)
                axes.plot(dots[across], dots[up], ".", color=BORDER, markersize=2, alpha=0.7,
                          rasterized=True)  # fmt: skip
            axes.locator_params(nbins=4)
            if i == 0 and by:
                axes.set_title(f"{label(by[0])}\n= {text.as_text(column)}", fontweight="normal")
        if len(by) > 1:
            axes.annotate(
                f"{label(by[1])}\n= {text.as_text(row)}", (1, 0.5), (ems(0.6) * 72, 0),
                xycoords="axes fraction", textcoords="offset points", rotation=-90, va="center",
                annotation_clip=False,
            )  # fmt: skip
    grid[len(rows) // 2, 0].set_ylabel(axis(up))
    if image is not None:
        colour_bar(figure, image, grid.ravel(), "probability of emergence (%)")
    title = headline(table, by)
    dots = "" if marks is None else " Dots: where it was run."
    finish(
        figure,
        title,
        "Colour: probability of emergence, a Gaussian process through the runs. Light band: where "
        f"the line of 50 % may lie (95 %).{dots}",
        _keys(),
        axis(across),
        in_words(
            f"{title}. Probability of emergence by {label(across)} and {label(up)}, from "
            f"{text.share(table['share'].min())} to {text.share(table['share'].max())}. More "
            "likely than not, surely so, surely not, in shares of the plane:",
            areas(table, by),
            lambda row: _where_it_is(row, by) or "everywhere",
            lambda row: ", ".join(map(text.share, row[["above", "surely_above", "surely_below"]])),
        ),
    )
    return figure


def headline(table: pd.DataFrame, by: Sequence[str] = ()) -> str:
    """Return in a line what is seen."""
    found = areas(table, by)
    least, most = found.loc[found["above"].idxmin()], found.loc[found["above"].idxmax()]
    if text.share(least["above"]) == text.share(most["above"]):
        return f"In {text.share(most['above'])} of the plane a movement is more likely than not"
    ends = [
        f"{text.share(row['above'])} of the plane ({_where_it_is(row, by)})"
        for row in (least, most)
    ]
    return f"A movement is more likely than not in {ends[0]} to {ends[1]}"


def _where_it_is(row: pd.Series, by: Sequence[str]) -> str:
    return ", ".join(f"{label(name)} {text.as_text(row[name])}" for name in by)


def _where(table: pd.DataFrame, fixed: Mapping[str, Any]) -> pd.DataFrame:
    return table[(table[[*fixed]] == pd.Series(fixed, dtype=object)).all(axis=1)]


def _panel(axes: Axes, table: pd.DataFrame, across: str, up: str) -> Any:
    from matplotlib import colormaps

    if table.empty:
        axes.set_axis_off()
        return None
    share, low, high = (
        table.pivot(index=up, columns=across, values=name) for name in ("share", "low", "high")
    )
    x, y = share.columns.to_numpy(float), share.index.to_numpy(float)
    axes.grid(False)
    right, up_ = np.diff(x)[0] / 2, np.diff(y)[0] / 2  # half a step of the even grid
    image = axes.imshow(
        100 * share, cmap=colormaps[SEQUENTIAL].resampled(100), vmin=0, vmax=100, origin="lower",
        extent=(x[0] - right, x[-1] + right, y[0] - up_, y[-1] + up_), aspect="auto",
        interpolation="bilinear", interpolation_stage="data",
    )  # fmt: skip
    axes.set(xlim=x[[0, -1]], ylim=y[[0, -1]])
    # Above 0 where the interval holds one half: the border may be there.
    inside = np.minimum(high.to_numpy() - 0.5, 0.5 - low.to_numpy())
    if (inside > 0).any():
        axes.contourf(x, y, inside, levels=[0, 1], colors=[BORDER], alpha=0.4)
        axes.contour(x, y, inside, levels=[0], colors=[BORDER], linewidths=0.8)
    for value in CONTOURS:
        if share.to_numpy().min() < value < share.to_numpy().max():
            axes.contour(
                x, y, share, levels=[value], colors=[BORDER if value == 0.1 else "#1b1f25"],
                linewidths=[WIDTHS[value]], linestyles=[DASHES[value]],
            )  # fmt: skip
    return image


def _keys() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    lines = [
        Line2D([], [], color=INK, linestyle=DASHES[value], linewidth=WIDTHS[value],
               label=text.share(value))
        for value in CONTOURS
    ]  # fmt: skip
    band = Patch(facecolor=PAPER, edgecolor=INK, linewidth=0.6, label="50 %, 95 % interval")
    return [*lines, band]
