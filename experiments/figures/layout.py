"""How a figure is laid out: its panels, its head, and names at the ends of lines."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.figures.ends import extent_of, spread_ends
from experiments.figures.style import MUTED, Axes, Figure, ems, new_figure, width_in_ems

if TYPE_CHECKING:
    from matplotlib.artist import Artist

NAMES = 0.34  # of the width, for the names of rows


def panels(
    count: int,
    most: int = 3,
    rows: Sequence[str] = (),
    line: float = 2.3,
    height: float = 11.0,
    least: float = 20.0,
    **options: Any,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with so many panels, beside each other as far as there is room.

    Parameters
    ----------
    count
        Number of panels.
    most
        Of them in a row.
    rows, line
        Names of the rows that each holds, and the least height of one; in their place ``height``.
    height, least
        Height and least width of a panel; all in text sizes.
    options
        Of `matplotlib.figure.Figure.subplots`.
    """
    across = max(1, min(most, count, int(width_in_ems() // least)))
    down = -(-count // across)
    height = height_of(rows, line) if rows else height
    figure = new_figure(ems(down * (height + 3.6)))
    axes = figure.subplots(down, across, squeeze=False, **options).ravel()
    for empty in axes[count:]:
        empty.remove()
    return figure, list(axes[:count])


def height_of(rows: Sequence[str], line: float) -> float:
    """Return the height of rows in text sizes: of a line at least, more where names are broken."""
    return len(rows) * max(line, 1.25 * max(_broken(name).count("\n") + 1 for name in rows))


def _broken(name: str) -> str:
    letters = max(12, int(NAMES * width_in_ems() / 0.5))
    return textwrap.fill(name, letters)


def is_lowest(axes: Axes, others: Sequence[Axes]) -> bool:
    """Whether no panel stands below this one."""
    places = [spec for each in (axes, *others) if (spec := each.get_subplotspec())]
    own = places[0]
    return not any(
        place.colspan.start == own.colspan.start and place.rowspan.start > own.rowspan.start
        for place in places
    )


def is_first(axes: Axes) -> bool:
    """Whether the panel stands at the left edge."""
    spec: Any = axes.get_subplotspec()
    return bool(spec.is_first_col())


def only_rows(axes: Axes) -> None:
    """Let the axes show rows of names: no ticks, no line at the left, a grid upwards."""
    axes.tick_params(left=False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)


def bare(axes: Axes) -> None:
    """Take grid, frame and tick marks away."""
    axes.grid(False)
    axes.tick_params(left=False, bottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write the names of rows at the left, broken if they are long."""
    axes.set_yticks(range(len(names)), [_broken(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)


# -- head and layout -------------------------------------------------------------------------------


def finish(
    figure: Figure,
    title: str,
    reading: str = "",
    keys: Sequence[Artist] = (),
    foot: str = "",
    words: str = "",
) -> None:
    """Write above the axes what is seen, how to read it and the key, and lay the figure out.

    The figure grows by the height of the head; lines are broken so that nothing is cut off.

    Parameters
    ----------
    title
        What is seen.
    reading
        How to read the figure.
    keys
        Handles of the legend, with their labels.
    foot
        What stands below all axes.
    words
        The figure in words, for those who do not see it: its label, which is not drawn.
    """
    figure.set_label(words)
    edge, top = ems(0.6), ems(0.6)
    engine: Any = figure.get_layout_engine()
    width, axes_height = map(float, figure.get_size_inches())
    if engine is not None:
        engine.set(w_pad=edge, h_pad=ems(0.5), wspace=0.02, hspace=0.02)
        figure.draw_without_rendering()
        rows = max((spec.get_gridspec().nrows for spec in _places(figure)), default=1)
        axes_height += ems(1.3) * rows * _break_labels(figure)
    blocks: list[tuple[float, Any]] = []
    bold: dict[str, Any] = {"fontsize": "large", "fontweight": "bold"}
    for line, look in ((title, bold), (reading, {"color": MUTED})):
        if line:
            written = figure.text(0, 0, "", va="top", linespacing=1.2, **look)
            written.set_text(wrapped(figure, line, width - 2 * edge, written))
            blocks.append((top, written))
            top += _height(figure, written) + ems(0.45)
    legend = _legend(figure, keys, width - 2 * edge) if keys else None
    if legend is not None:
        blocks.append((top, legend))
        top += _height(figure, legend) + ems(0.4)
    below = ems(1.6) if foot else 0.0
    height = axes_height + top + below
    figure.set_size_inches(width, height)
    for down, block in blocks:
        corner = edge / width, 1 - down / height
        if block is legend:
            legend.set_bbox_to_anchor(corner, figure.transFigure)
        else:
            block.set_position(corner)
    if foot:
        figure.text(0.5, ems(0.7) / height, foot, ha="center", va="center")
    if engine is None:  # the axes were placed by hand
        for axes in figure.axes:
            x, y, wide, tall = axes.get_position().bounds
            axes.set_position((x, y * axes_height / height, wide, tall * axes_height / height))
    else:
        engine.set(rect=(0, below / height, 1, axes_height / height))
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    for axes in figure.axes:
        _thin_ticks(axes)
        spread_ends(axes)


def _places(figure: Figure) -> list[Any]:
    return [spec for axes in figure.axes if (spec := axes.get_subplotspec()) is not None]


def _break_labels(figure: Figure) -> int:
    """Break labels of axes that are longer than there is room for; return the lines this adds."""
    width, height = figure.get_size_inches()
    added = 0
    for axes in figure.axes:
        each: Any = axes
        box, spec = axes.get_position(), axes.get_subplotspec()
        several = spec is not None and spec.get_gridspec().ncols > 1
        middle = 2 * min(box.x0 + box.width / 2, 1 - box.x0 - box.width / 2)
        for label, room, is_stacked in (
            (each.xaxis.label, width * (box.width if several else middle), True),
            (each._left_title, width * (box.width if several else 1 - box.x0), True),
            (each.yaxis.label, height * box.height, False),
        ):
            before = label.get_text().split("\n")
            rotation, weight = label.get_rotation(), label.get_fontweight()
            after = [wrapped(figure, line, room, weight=weight) for line in before]
            label.set_text("\n".join(after))
            label.set_rotation(rotation)
            lines = "\n".join(after).count("\n") + 1 - len(before)
            added = max(added, lines if is_stacked else 0)
    return added


def _thin_ticks(axes: Axes) -> None:
    """Hide every second, third … name along the axis where they would overlap."""
    figure: Any = axes.get_figure(root=True)
    low, high = sorted(axes.get_xlim())
    labels = [
        label
        for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=False)
        if low <= place <= high and label.get_text()
    ]
    boxes = [extent_of(figure, label) for label in labels]
    apart = ems(0.4) * figure.dpi
    for step in range(1, len(labels)):
        shown = boxes[::step]
        if all(a.x1 + apart <= b.x0 for a, b in itertools.pairwise(shown)):
            break
    else:
        step = 1
    for i, label in enumerate(labels):
        label.set_visible(i % step == 0)


def wrapped(
    figure: Figure, line: str, room: float, like: Any = None, weight: str = "normal"
) -> str:
    """Return a text broken between words so that no line is longer than so many inches."""
    lines: list[str] = []
    probe = figure.text(0, 0, "", fontweight=weight) if like is None else like
    for word in line.replace(" %", "\u00a0%").split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        probe.set_text(longer)
        if lines and _width(figure, probe) > room:
            lines.append(word)
        else:
            lines[-1:] = [longer]
    if like is None:
        probe.remove()
    return "\n".join(lines)


def _legend(figure: Figure, keys: Sequence[Artist], room: float) -> Any:
    """Return a legend with as many columns as there is room for."""
    for columns in range(len(keys), 0, -1):
        legend = figure.legend(handles=keys, loc="upper left", ncols=columns)
        legend.set_in_layout(False)
        if columns == 1 or _width(figure, legend) <= room:
            return legend
        legend.remove()


def _width(figure: Figure, artist: Artist) -> float:
    return float(extent_of(figure, artist).width / figure.dpi)


def _height(figure: Figure, artist: Artist) -> float:
    return float(extent_of(figure, artist).height / figure.dpi)


def width_of(figure: Figure, line: str, weight: str) -> float:
    """Return the width of a text in inches."""
    probe = figure.text(0, 0, line, fontweight=weight)
    width = _width(figure, probe)
    probe.remove()
    return width
