"""Names at the right ends of lines, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.figures.style import LETTERS, Axes, Figure, ems

if TYPE_CHECKING:
    from matplotlib.artist import Artist

END = "name at the end of a line"


def extent_of(figure: Figure, artist: Artist) -> Any:
    """Return where an artist is drawn, in dots."""
    canvas: Any = figure.canvas
    return artist.get_window_extent(canvas.get_renderer())


def name_end(axes: Axes, name: str, value: float, colour: str) -> None:
    """Write a name at the right end of a line; `finish` moves names apart."""
    axes.annotate(
        name, (1, value), (ems(0.7) * 72, 0), xycoords=("axes fraction", "data"), va="center",
        textcoords="offset points", color=LETTERS.get(colour, colour), annotation_clip=False,
        linespacing=1.05, label=END,
    )  # fmt: skip


def spread_ends(axes: Axes) -> None:
    """Move the names at the ends of lines apart, within the axes."""
    names: list[Any] = [name for name in axes.texts if name.get_label() == END]
    if not names:
        return
    figure: Any = axes.get_figure(root=True)
    box = axes.get_window_extent()
    heights = [extent_of(figure, name).height for name in names]
    wanted = [axes.transData.transform((0, name.xy[1]))[1] for name in names]
    half = max(heights) / 2
    low, high = box.y0 + 0.6 * half, max(box.y1 - 0.2 * half, box.y0 + sum(heights))
    for name, y in zip(names, spread(wanted, 1.04 * max(heights), low, high), strict=True):
        name.xy = (1, axes.transData.inverted().transform((0, y))[1])


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions moved as little as needed to lie a gap apart, within low and high."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = [min(max(positions[i], low), high) for i in order]
    for _ in range(200):
        for i in range(len(placed) - 1):
            lack = max(0.0, gap - (placed[i + 1] - placed[i]))
            placed[i] -= lack / 2
            placed[i + 1] += lack / 2
    for i in range(len(placed)):  # push up from the floor, then down from the ceiling
        placed[i] = max(placed[i], low if i == 0 else placed[i - 1] + gap)
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], high if i == len(placed) - 1 else placed[i + 1] - gap)
    result = [0.0] * len(positions)
    for i, value in zip(order, placed, strict=True):
        result[i] = value
    return result
