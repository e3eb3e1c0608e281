"""From a report as data to a web page without a script: whole, or with its figures beside it."""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from experiments.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    LETTERS,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
)
from experiments.files import read_bytes, read_text
from experiments.report.document import Document, Figure, Node
from experiments.store.layout import write_file

NARROW = "\u00a0"  # a space at which no line breaks
HEAVY = 400_000  # bytes of an SVG from which a page shows the PNG instead
MOST_DATA = 1_000_000  # bytes of a figure's table that the page itself carries
MOST_ROWS = 2_000  # of a figure's table that a page links to
COLOURS = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    FAINT: "var(--faint)",
    PAPER: "var(--paper)",
    BLUE: "var(--blue)",
    VERMILION: "var(--vermilion)",
    GREEN: "var(--green)",
    LETTERS[VERMILION]: "var(--vermilion-letters)",
    LETTERS[GREEN]: "var(--green-letters)",
    LETTERS[ORANGE]: "var(--orange-letters)",
    LETTERS[PURPLE]: "var(--purple-letters)",
    LETTERS[SKY]: "var(--sky-letters)",
}
"""Colours of a drawing that follow the page, light or dark."""


@cache
def environment() -> Environment:
    """Return where the templates of pages lie."""
    found = Environment(
        loader=PackageLoader("experiments.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = prose
    found.globals |= {"drawing": drawing, "data_of": data_of}
    return found


def page(document: Document, folder: Path | None) -> str:
    """Return the page of a report.

    Parameters
    ----------
    document
        The report.
    folder
        That the files of its figures are relative to, so that the page holds them and needs nothing
        but itself; None for a page that links to the PNG and the CSV files of its figures.
    """
    return environment().get_template("report.html").render(document=document, folder=folder)


def fragment(nodes: tuple[Node, ...], folder: Path, summary: tuple[Node, ...] = ()) -> Markup:
    """Return nodes as a part of a page, a summary in a box before them."""
    macros = environment().get_template("nodes.html").module
    return Markup(macros.box(summary, folder) + macros.all(nodes, folder))  # type: ignore[attr-defined]


def write_page(path: Path, document: Document, linked: bool = False) -> None:
    """Write the page of a report whose figures lie beside it, whole or not at all.

    Parameters
    ----------
    path
        Of the page.
    document
        The report.
    linked
        Whether the page links to the files of its figures, or holds them.
    """
    content = page(document, None if linked else path.parent).encode()
    write_file(path, lambda file: file.write(content), durable=False)


def prose(text: str) -> str:
    """Return a text with its numbers kept together with their brackets and units."""
    shown = re.sub(r"\[[^\[\]]{1,24}\]", lambda found: found[0].replace(" ", NARROW), text)
    return re.sub(r"(?<=\d) (?=(%|points?)(?!\w))", NARROW, shown)


def drawing(folder: Path | None, figure: Figure, prefix: str = "") -> Markup | None:
    """Return the drawing of a figure as part of a page; None if its files cannot be read.

    Parameters
    ----------
    folder
        That the files of the figure are relative to; None to link to its PNG.
    figure
        The figure; shown as PNG where its SVG is missing or heavy.
    prefix
        Set before the names of its parts, where a page shows two figures of one name.
    """
    image = Markup('<img alt="{}" src="{}">')
    if folder is None:
        return image.format(figure.description, f"{figure.file}.png")
    svg, png = (_inside(folder, f"{figure.file}.{suffix}") for suffix in ("svg", "png"))
    try:
        if svg and svg.stat().st_size < HEAVY:
            return Markup(inline(read_text(svg), prefix + figure.name, figure.description))
        if png is None:
            return None
        packed = base64.b64encode(read_bytes(png)).decode()
    except (OSError, ValueError):
        return None
    return image.format(figure.description, f"data:image/png;base64,{packed}")


def _inside(folder: Path, name: str) -> Path | None:
    """Return a file of a folder; None if there is none, or a link leads out of the folder."""
    try:
        found = (folder / name).resolve()
        return found if found.is_relative_to(folder.resolve()) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def data_of(folder: Path | None, figure: Figure) -> str | None:
    """Return where the table of a figure is found: in a page that holds its figures, if small.

    None if it is not there: a page that links to its figures is published without large tables.
    """
    file = f"{figure.file}.csv"
    if folder is None:
        return file if figure.rows <= MOST_ROWS else None
    path = _inside(folder, file)
    if path is None:
        return None
    if path.stat().st_size > MOST_DATA:
        return file
    return f"data:text/csv;base64,{base64.b64encode(path.read_bytes()).decode()}"


def inline(svg: str, name: str, alt: str) -> str:
    """Return a drawing as part of a page: its names made its own, its greys those of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="image[^"]*"', "", svg)  # two pictures that are alike share one
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    for colour, variable in COLOURS.items():
        svg = svg.replace(colour, variable)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1)
