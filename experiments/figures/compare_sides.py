"""What tells the sides of a comparison apart in every figure: a colour, a marker and a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.figures import style
from experiments.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Mark(NamedTuple):
    """How a side is drawn."""

    colour: str
    marker: str
    line: Any  # a Matplotlib line style


MARKS = (
    Mark(BLUE, "o", "-"),
    Mark(VERMILION, "s", (0, (5, 1.5))),
    Mark(GREEN, "^", (0, (1.5, 1.2))),
    Mark(PURPLE, "D", (0, (5, 1.2, 1.2, 1.2))),
    Mark(ORANGE, "v", (0, (3, 3))),
    Mark(INK, "P", (0, (1, 2.5))),
)
MOST = len(MARKS)
"""Sides that can be told apart."""


def key(figure: Figure, names: list[str], lines: bool = True, top: float = 0.9) -> None:
    """Write which mark is whose, in a line so many inches below the top."""
    from matplotlib.lines import Line2D

    marks = []
    for mark, name in zip(MARKS, names, strict=False):
        line = mark.line if lines else "none"
        look: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "linestyle": line}
        marks.append(Line2D([], [], label=name, markersize=6, **look))
    width, height = figure.get_size_inches()
    figure.legend(
        handles=marks, loc="center left", bbox_to_anchor=(style.MARGIN / width, 1 - top / height),
        ncols=len(marks), frameon=False, fontsize=9.5, borderaxespad=0, borderpad=0,
        handlelength=3, columnspacing=2,
    )  # fmt: skip
