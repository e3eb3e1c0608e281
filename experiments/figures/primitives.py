"""What figures are made of: rows with intervals, bands, maps, lines and stacked bars.

They fill the panels of `layout.panels`; `layout.finish` writes the head.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.figures import style
from experiments.figures.layout import bare, name_rows, only_rows
from experiments.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    VERMILION,
    Axes,
    Figure,
)

MANY = 300  # points from which on an SVG holds them as a picture


class Look(NamedTuple):
    """What tells a series from the others, in colour and without."""

    colour: str
    dashes: Any  # a Matplotlib line style
    marker: str


LOOKS = (
    Look(BLUE, "-", "o"),
    Look(VERMILION, (0, (5, 1.5)), "s"),
    Look(GREEN, (0, (1.5, 1.2)), "^"),
    Look(PURPLE, (0, (5, 1.2, 1.2, 1.2)), "D"),
    Look(ORANGE, (0, (3, 3)), "v"),
    Look(INK, (0, (1, 2.5)), "P"),
)


class Row(NamedTuple):
    """A value with its interval."""

    name: str
    values: Iterable[float]  # value, low, high
    look: tuple[str, str, bool] = (BLUE, "o", True)  # colour, marker, whether it is filled
    note: str = ""  # what stands at the right


def forest(
    axes: Axes,
    rows: Sequence[Row],
    named: bool = True,
    zero: float | None = None,
    band: float = 0.0,
    shaded: Iterable[int] = (),
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw rows of values with their intervals, the first at the top.

    Parameters
    ----------
    rows
        From the top.
    named
        Whether the names stand at the left.
    zero
        Where a line is drawn.
    band
        Half the width of the grey band around it.
    shaded
        Rows on grey ground.
    limits
        Of the axis; by default all that is drawn.
    """
    for number in shaded:
        axes.axhspan(number - 0.5, number + 0.5, color=FAINT, alpha=0.45, linewidth=0)
    if band:
        axes.axvspan(-band, band, color=FAINT, alpha=0.7, linewidth=0)
    if zero is not None and math.isfinite(zero):
        axes.axvline(zero, color=MUTED, linewidth=1, linestyle="-" if zero == 0 else (0, (3, 2)))
    ends = [end for row in rows for end in row.values if math.isfinite(end)]
    ends += [-band, band] if band else []
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.3
    axes.set_xlim(*(low - room, high + room) if limits is None else limits)
    name_rows(axes, [row.name if named else "" for row in rows])
    only_rows(axes)
    axes.locator_params(axis="x", nbins=5)
    for y, row in enumerate(rows):
        bar(axes, row, y)
        if row.note:
            axes.annotate(
                row.note, (1, y), (style.ems(0.8) * 72, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="center", annotation_clip=False, linespacing=1.15,
            )  # fmt: skip


def bar(axes: Axes, row: Row, y: float) -> None:
    """Draw one value with its interval; an end that is infinite is cut at the edge."""
    (value, start, end), (colour, marker, is_filled) = row.values, row.look
    if math.isnan(value):
        return
    low, high = axes.get_xlim()
    if not math.isnan(start + end):
        axes.hlines(y, *np.clip([start, end], low, high), color=colour, linewidth=1.8)
    axes.plot(
        [min(max(value, low), high)], [y], color=colour, linestyle="none",
        markersize=0.65 * style.canvas().size,
        marker={math.inf: ">", -math.inf: "<"}.get(value, marker), markeredgewidth=1.3,
        markerfacecolor=colour if is_filled else PAPER, clip_on=False,
    )  # fmt: skip


def bands(
    axes: Axes,
    x: Any,
    middle: Any,
    *ends: tuple[Any, Any],
    look: Look = LOOKS[0],
    **options: Any,
) -> None:
    """Draw a line and, behind it, bands from their low to their high ends."""
    for low, high in ends:
        axes.fill_between(x, low, high, color=look.colour, alpha=0.2, linewidth=0)
    axes.plot(x, middle, color=look.colour, linestyle=look.dashes, **options)


def bars(
    axes: Axes, x: Any, values: Iterable[Any], look: Look = LOOKS[0], joined: bool = True
) -> None:
    """Draw marks with upright intervals: values, their low and their high ends."""
    middle, low, high = values
    axes.vlines(x, low, high, color=look.colour, linewidth=1.2)
    axes.plot(
        x, middle, color=look.colour, marker=look.marker, linewidth=1.2,
        markersize=0.5 * style.canvas().size, linestyle=look.dashes if joined else "none",
    )  # fmt: skip


def heat_map(
    axes: Axes,
    values: pd.DataFrame,
    texts: pd.DataFrame | None = None,
    limits: tuple[float, float] = (0.0, 100.0),
    colours: str = style.SEQUENTIAL,
) -> Any:
    """Draw a table as a map, its first row at the bottom; return what a colour bar needs.

    Parameters
    ----------
    values
        In the unit of the colour bar.
    texts
        What stands in the cells; None leaves them empty.
    limits
        Of the colours.
    """
    image = axes.imshow(
        values.to_numpy(dtype=float), origin="lower", aspect="auto", cmap=colours,
        vmin=limits[0], vmax=limits[1],
    )  # fmt: skip
    for axis, names in ((axes.xaxis, values.columns), (axes.yaxis, values.index)):
        step = -(-len(names) // 12)
        axis.set_ticks(range(0, len(names), step), [_tick(name) for name in names[::step]])
    bare(axes)
    for i, j in np.ndindex(values.shape) if texts is not None else ():
        if not math.isnan(values.iloc[i, j]):
            axes.text(
                j, i, texts.iloc[i, j], ha="center", va="center", fontsize="small",  # type: ignore[union-attr]
                color=readable_on(image.cmap(image.norm(values.iloc[i, j]))),
            )  # fmt: skip
    return image


def in_cells(table: pd.DataFrame, share: str) -> list[str]:
    """Return what stands in the cells of a map: a share in percent, and its interval below it."""
    ends = 100 * table[[share, "low", "high"]]
    return [f"{v:.0f}\n[{low:.0f}–{high:.0f}]" for v, low, high in ends.itertuples(index=False)]


def readable_on(colour: Any) -> str:
    """Return black or white letters for a ground; neither follows a dark page, as no map does."""
    light = np.dot(np.asarray(colour[:3]) ** 2.2, [0.2126, 0.7152, 0.0722])
    return "#000000" if light > 0.18 else "#fefefe"


def colour_bar(figure: Figure, image: Any, axes: Sequence[Axes], name: str) -> None:
    """Add the scale of a map at the right of its panels."""
    bar = figure.colorbar(image, ax=list(axes), aspect=22, pad=0.02, fraction=0.05)
    bar.set_label(name, color=INK)
    bar.ax.grid(False)
    bar.outline.set_visible(False)


def stacked(axes: Axes, shares: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> None:
    """Draw a stacked bar a row; its parts are the columns, each with a colour and a hatch."""
    bottom = np.zeros(len(shares))
    for name, (colour, hatch) in looks.items():
        height = shares[name].fillna(0).to_numpy(dtype=float)
        axes.bar(
            range(len(shares)), height, 0.82, bottom=bottom, color=colour, hatch=hatch,
            edgecolor=INK, linewidth=0.5,
        )  # fmt: skip
        bottom += height
    axes.set_xticks(range(len(shares)), [_tick(name) for name in shares.index])


def patches(looks: dict[str, tuple[str, str]]) -> list[Any]:
    """Return keys of filled areas: a name, its colour and hatch."""
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.5, label=name)
        for name, (colour, hatch) in looks.items()
    ]


def strokes(names: Iterable[str], looks: Sequence[Look] = LOOKS, lines: bool = True) -> list[Any]:
    """Return keys of series: a name, its line and marker."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], label=name, color=look.colour, marker=look.marker, markersize=5,
               linestyle=look.dashes if lines else "none")
        for name, look in zip(names, looks, strict=False)
    ]  # fmt: skip


def _tick(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value).replace("_", " ")
