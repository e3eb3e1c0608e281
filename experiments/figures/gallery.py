"""The figures of a page: each drawn, written with its data, and made a part of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.figures import page, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Gallery:
    """The figures of a report, written as they are made."""

    folder: Path
    names: list[str] = field(default_factory=list)

    def add(self, name: str, figure: Figure, alt: str, data: pd.DataFrame) -> str:
        """Write a figure and its data, and return it as a part of the page."""
        svg = style.to_svg(figure)
        style.save(figure, self.folder, name, svg)
        data.to_csv(self.folder / f"{name}.csv", index=False)
        self.names.append(name)
        return page.figure(name, svg, alt, data)
