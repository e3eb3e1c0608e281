"""The figures of a report: each drawn, written with its data, and made a node of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.figures import style
from experiments.figures.style import Figure as Drawing
from experiments.report.document import Document, Figure

FOLDER = "figures"


@dataclass
class Gallery:
    """The figures of a report, written into its folder as they are made.

    Parameters
    ----------
    folder
        Of the report.
    within
        The folder of the figures in it.
    save
        Writes a drawing into a folder under a name.
    names
        Of the figures made.
    """

    folder: Path
    within: str = FOLDER
    save: Callable[[Drawing, Path, str], object] = style.save
    names: list[str] = field(default_factory=list)

    def add(self, name: str, drawing: Drawing, data: pd.DataFrame) -> Figure:
        """Write a figure and the table it was drawn from; return it as a node of the report."""
        figures = self.folder / self.within
        self.save(drawing, figures, name)
        texts = {n: column.map(_joined) for n, column in data.items() if column.dtype == object}
        table = data.assign(**texts).to_csv(index=False, float_format="%.6g")
        (figures / f"{name}.csv").write_text(table, encoding="utf-8")
        self.names.append(name)
        return Figure(name, str(drawing.get_label()), len(data), f"{self.within}/{name}")

    def show(
        self, name: str, draw: Callable[..., Drawing], table: pd.DataFrame, *others: Any
    ) -> Figure:
        """Draw a table and whatever else the figure is made of; add it."""
        return self.add(name, draw(table, *others), table)

    def remove_stale(self, earlier: Document | None) -> None:
        """Remove the files of figures that an earlier report shows and this one does not.

        Other files in the folder are somebody's, and stay.
        """
        for name in set(earlier.figures if earlier else ()) - set(self.names):
            for suffix in ("svg", "png", "csv"):
                (self.folder / self.within / f"{name}.{suffix}").unlink(missing_ok=True)


def _joined(cell: object) -> object:
    """Return a set of names as one text, and other values as they are."""
    return ", ".join(cell) if isinstance(cell, tuple) else cell
