"""The part of the results page that compares two results, as ``momentum compare`` does."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from experiments.report.gallery import Gallery
from experiments.report.render import fragment


def comparison(first: Path, second: Path) -> Markup:
    """Return what came out of comparing the second result with the first.

    Raises
    ------
    StoreError
        If one of them cannot be read, or they are the same.
    """
    from experiments.comparison.compare import compare
    from experiments.comparison.page import document_of
    from experiments.comparison.sides import read_sides

    compared = compare(read_sides([str(first.resolve()), str(second.resolve())], first.parent))
    command = f"momentum compare {first.name} {second.name}"
    with TemporaryDirectory() as folder:
        document = document_of(compared, Gallery(Path(folder)), command)
        return fragment(document.sections, Path(folder), document.summary)
