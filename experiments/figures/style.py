"""The look of all figures: readable by the colour-blind, in grey, on paper and on a dark page.

Colours are those of Okabe & Ito (2008); whatever a colour tells, a line style, a marker or a word
tells too. Matplotlib is imported only when something is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, FAINT, PAPER = "#1b1f24", "#59636e", "#d8dee4", "#ffffff"
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
ORANGE, PURPLE, SKY = "#e69f00", "#cc79a7", "#56b4e9"
LETTERS = {
    VERMILION: "#b84d00", GREEN: "#00734f", ORANGE: "#8f6200", PURPLE: "#8f3a6e", SKY: "#0068a3",
}  # fmt: skip
"""What is written in a colour that is too light for words: a contrast of 4.5 to 1 and more."""

WIDTH = 11.0  # inches
RESOLUTION = 110  # dots per inch of PNG files: a figure fills a laptop's screen
MARGIN = 0.75  # inches left of the axes

LOOK: Any = {
    "figure.facecolor": PAPER,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": 10,
    "text.color": INK,
    "text.hinting": "no_hinting",  # a line is as long at every resolution as where it was measured
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "coop-momentum",
}

_drawing = RLock()  # the look is set for the whole process, and pages draw in several threads


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Let a function draw in the common look."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        from matplotlib import rc_context

        with _drawing, rc_context(LOOK):
            return draw(*args, **kwargs)

    return drawn


@styled
def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure of a size in inches, independent of any window system."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


@styled
def to_svg(figure: Figure) -> str:
    """Return the drawing as SVG with a transparent ground; the same figure gives the same text."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return buffer.getvalue()


@styled
def to_png(figure: Figure, resolution: int = RESOLUTION) -> bytes:
    """Return the drawing as PNG on white."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=resolution, facecolor=PAPER, transparent=False)
    return buffer.getvalue()


def save(figure: Figure, folder: Path, name: str, drawn: str | None = None) -> tuple[Path, Path]:
    """Write a drawing as SVG (on white) and PNG; return their paths.

    Parameters
    ----------
    figure
        The drawing.
    folder, name
        Where it goes.
    drawn
        Its SVG, if that is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    svg, png = folder / f"{name}.svg", folder / f"{name}.png"
    ground = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    head, tag, rest = (to_svg(figure) if drawn is None else drawn).partition("<defs>")
    svg.write_text(head + ground + tag + rest, encoding="utf-8")
    png.write_bytes(to_png(figure))
    return svg, png


def place(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Add axes by their distances from the figure's left, bottom, right and top edge, in inches."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    return figure.add_axes(box)


def title(figure: Figure, text: str, subtitle: str = "", left: float = MARGIN) -> None:
    """Write what is seen above the figure, and below it how to read it; a long line is smaller."""
    width, height = figure.get_size_inches()
    x, room = left / width, width - left - 0.25

    def size_of(line: str, size: float, weight: str = "normal") -> float:
        return size * min(1.0, room / max(width_of(figure, line, size, weight), 1e-9))

    size = size_of(text, 13, "bold")
    figure.text(x, 1 - 0.30 / height, text, fontsize=size, fontweight="bold", va="center")
    if subtitle:
        y, size = 1 - 0.58 / height, size_of(subtitle, 9.5)
        figure.text(x, y, subtitle, fontsize=size, color=MUTED, va="center")


def width_of(figure: Figure, text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text in inches."""
    probe = figure.text(0, 0, text, fontsize=size, fontweight=weight)
    extent = probe.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    probe.remove()
    return float(extent.width / figure.dpi)


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


def label_ends(axes: Axes, items: Iterable[tuple[str, float, str]], size: float = 9) -> None:
    """Write names at the right end of lines: (name, last value, colour), without overlap."""
    items = list(items)
    low, high = axes.get_ylim()
    figure = axes.get_figure(root=True)
    assert figure is not None
    height = axes.get_position().height * figure.get_size_inches()[1]
    lines = max((name.count("\n") + 1 for name, _, _ in items), default=1)
    gap = (high - low) / height * size / 72 * 1.25 * lines
    half = gap / 2
    values = spread([value for _, value, _ in items], gap, low + half * 0.6, high - half * 0.2)
    for (name, _, colour), y in zip(items, values, strict=True):
        axes.annotate(
            name, (1, y), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            color=LETTERS.get(colour, colour), fontsize=size, va="center", ha="left",
            annotation_clip=False, linespacing=1.05,
        )  # fmt: skip
