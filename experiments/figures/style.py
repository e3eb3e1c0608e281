"""The look of all figures: readable by the colour-blind, in grey, on paper and on a dark page.

Colours are those of Okabe & Ito (2008); whatever a colour says, a line style, a marker or a word
says too. A figure is laid out for a canvas, whose text size is the measure of everything: by
default a page of the report, within `paper` a column or a page of a journal. Matplotlib is imported
only when something is drawn.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
else:  # names in annotations, for every figure
    Axes = Figure = Any

INK, MUTED, FAINT, PAPER = "#1b1f24", "#59636e", "#d8dee4", "#ffffff"
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
ORANGE, PURPLE, SKY = "#e69f00", "#cc79a7", "#56b4e9"
LETTERS = {
    VERMILION: "#b84d00", GREEN: "#00734f", ORANGE: "#8f6200", PURPLE: "#8f3a6e", SKY: "#0068a3",
}  # fmt: skip
"""What is written in a colour that is too light for words: a contrast of 4.5 to 1 and more."""

SEQUENTIAL, DIVERGING = "cividis", "RdBu"


class Canvas(NamedTuple):
    """What a figure is laid out for."""

    width: float  # inches
    size: float  # of the text, in points
    resolution: int  # dots per inch of PNG files


SCREEN = Canvas(9.0, 9.0, 150)
SVG_RESOLUTION = 100  # dots per inch of the parts of an SVG that are a picture
COLUMN, PAGE = 85.0, 174.0  # millimetres: the widths of a journal's figures
_canvas: ContextVar[Canvas] = ContextVar("canvas", default=SCREEN)

_PATH, _DECIMAL = re.compile(r' d="([^"]*)"'), re.compile(r"-?\d+\.\d{3,}")
_BLANKS = re.compile(r"\s*([A-Za-z])\s*")
LOOK: Any = {
    "figure.facecolor": PAPER,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "text.color": INK,
    "text.hinting": "no_hinting",  # a line is as long at every resolution as where it was measured
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": "medium",
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.borderpad": 0,
    "legend.borderaxespad": 0,
    "legend.columnspacing": 1.5,
    "legend.fontsize": "medium",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": "medium",
    "ytick.labelsize": "medium",
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "coop-momentum",
    "pdf.fonttype": 42,
}

_drawing = RLock()  # the look is set for the whole process, and pages draw in several threads


@contextmanager
def paper(width_mm: float = PAGE) -> Iterator[None]:
    """Lay out the figures drawn within for paper.

    Parameters
    ----------
    width_mm
        Width in millimetres: 85 for a column, 174 for a page.

    Examples
    --------
    >>> with paper(85):
    ...     round(canvas().width, 2)
    3.35
    """
    token = _canvas.set(Canvas(width_mm / 25.4, 7.0, 600))
    try:
        yield
    finally:
        _canvas.reset(token)


def canvas() -> Canvas:
    """Return the canvas that figures are laid out for."""
    return _canvas.get()


def ems(count: float) -> float:
    """Return so many times the size of the text, in inches."""
    return count * canvas().size / 72


def width_in_ems() -> float:
    """Return how many times the size of the text fits across the canvas."""
    return canvas().width / ems(1)


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Let a function draw in the common look."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        from matplotlib import rc_context

        with (
            _drawing,
            rc_context(
                LOOK | {"font.size": canvas().size, "lines.markersize": 0.6 * canvas().size}
            ),
        ):
            return draw(*args, **kwargs)

    return drawn


@styled
def new_figure(height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """Return an empty figure, so many inches high, laid out by `layout.finish` or by hand."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(canvas().width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def place(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Add axes by their distances from the figure's left, bottom, right and top edge, in inches."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    return figure.add_axes(box)


@styled
def to_svg(figure: Figure) -> str:
    """Return the drawing as SVG with a transparent ground; the same figure gives the same text."""
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", transparent=True, dpi=SVG_RESOLUTION, metadata={"Date": None}
    )
    return _PATH.sub(_shorter, buffer.getvalue())


def _shorter(path: re.Match[str]) -> str:
    """Return the coordinates of a path to the hundredth of a point, without needless blanks."""
    rounded = _DECIMAL.sub(lambda number: f"{float(number[0]):.2f}", path[1])
    return f' d="{_BLANKS.sub(r"\1", rounded).strip()}"'


@styled
def to_png(figure: Figure, resolution: int = SCREEN.resolution) -> bytes:
    """Return the drawing as PNG on white."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=resolution, facecolor=PAPER, transparent=False)
    return buffer.getvalue()


def save(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a drawing as SVG (on white) and PNG; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    svg, png = folder / f"{name}.svg", folder / f"{name}.png"
    ground = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    head, tag, rest = to_svg(figure).partition("<defs>")
    svg.write_text(head + ground + tag + rest, encoding="utf-8")
    png.write_bytes(to_png(figure))
    return svg, png


def save_paper(figure: Figure, folder: Path, name: str) -> tuple[Path, Path, Path]:
    """Write a drawing, made within `paper`, as PDF and SVG with live text and as PNG of 600 dpi.

    Returns
    -------
    Their paths: NAME.pdf, NAME.svg, NAME.png.
    """
    from matplotlib import rc_context

    folder.mkdir(parents=True, exist_ok=True)
    pdf, svg, png = (folder / f"{name}.{suffix}" for suffix in ("pdf", "svg", "png"))
    with _drawing, rc_context(LOOK | {"svg.fonttype": "none"}):
        figure.savefig(pdf, facecolor=PAPER, metadata={"CreationDate": None})
        figure.savefig(svg, facecolor=PAPER, metadata={"Date": None})
        figure.savefig(png, facecolor=PAPER, dpi=600)
    return pdf, svg, png
