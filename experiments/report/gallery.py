"""The figures of a page: each drawn, written with its data, and made a part of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.figures import style
from experiments.report import page

if TYPE_CHECKING:
    from matplotlib.figure import Figure


HEAVY = 400_000  # characters of an SVG from which the page shows a PNG instead


@dataclass
class Gallery:
    """The figures of a report, written as they are made."""

    folder: Path
    shown: dict[str, tuple[str | bytes, str]] = field(default_factory=dict)
    """By name: the drawing, SVG or PNG, and what it says in words."""

    @property
    def names(self) -> list[str]:
        """Names of the figures, in order."""
        return list(self.shown)

    def add(self, name: str, figure: Figure, alt: str, data: pd.DataFrame) -> str:
        """Write a figure and its data, and return it as a part of the page."""
        svg = style.to_svg(figure)
        _, png = style.save(figure, self.folder, name, svg)
        (self.folder / f"{name}.csv").write_text(page.as_csv(data), encoding="utf-8")
        drawn = svg if len(svg) < HEAVY else png.read_bytes()
        self.shown[name] = drawn, alt
        return page.figure(name, drawn, alt, data)

    def remove_stale(self, earlier: Path) -> None:
        """Remove the files of figures that an earlier page shows and this one does not.

        Other files in the folder are somebody's, and stay.
        """
        if not earlier.is_file():
            return
        told = earlier.read_text(encoding="utf-8", errors="replace")
        for name in set(page.figures_in(told)) - set(self.names):
            for suffix in ("svg", "png", "csv"):
                (self.folder / f"{name}.{suffix}").unlink(missing_ok=True)
