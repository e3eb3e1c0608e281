"""The figures of a page: each drawn, written with its data, and made a part of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.figures import page, style

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
        data.to_csv(self.folder / f"{name}.csv", index=False)
        drawn = svg if len(svg) < HEAVY else png.read_bytes()
        self.shown[name] = drawn, alt
        return page.figure(name, drawn, alt, data)
