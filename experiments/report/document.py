"""A report as data: a tree of sections, paragraphs, tables and figures.

Sections of a report are built from these nodes. The tree is stored as report.json
(`write_document`, `read_document`); `experiments.report.render` makes the page of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from experiments.files import FileError, read_bytes
from experiments.store.layout import write_file

MISSING = "–"  # in a cell without a value


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text.

    Parameters
    ----------
    text
        What it says.
    style
        How it looks: plain, as the question of the page, less important, or as an error.
    label
        Words in bold before the text, without the full stop.
    """

    text: str
    style: Literal["", "lead", "muted", "error"] = ""
    label: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading within a section; links lead to its anchor if it has one."""

    text: str
    anchor: str = ""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Bullets:
    """A bulleted list of sentences."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Code:
    """A command or several, one a line."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Facts:
    """Names with what there is to say of each."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Link:
    """A text that leads to an address."""

    text: str
    address: str


@dataclass(frozen=True)
class Links:
    """Links side by side, with a name for those who hear the page."""

    label: str
    links: tuple[Link, ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True)
class Column:
    """The header of a column of a table, and whether its cells are numbers."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts, as they are to be read."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"

    @classmethod
    def of(cls, given: Any, caption: str) -> Table:
        """Return the table of a data frame, or of what makes one.

        Parameters
        ----------
        given
            Its columns, in order: a frame, columns by name, or rows as dictionaries.
        caption
            What the table shows.
        """
        from pandas import DataFrame
        from pandas.api.types import is_numeric_dtype

        frame = DataFrame(given)
        columns = tuple(
            Column(name if "." in name else name.replace("_", " "), is_numeric_dtype(dtype))
            for name, dtype in zip(map(str, frame), frame.dtypes, strict=True)
        )
        rows = frame.itertuples(index=False, name=None)
        return cls(caption, columns, tuple(tuple(map(_cell, row)) for row in rows))


@dataclass(frozen=True)
class Figure:
    """A figure, whose drawing and table lie in files beside the report.

    Parameters
    ----------
    name
        Unique on the page.
    description
        The figure in words.
    rows
        Number of rows of the table it was drawn from.
    file
        Its files without their endings, relative to the folder of the report.
    """

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    description: str
    rows: int
    file: Annotated[str, Field(pattern=r"^(\w[\w.+-]*/)*[\w.-]+$")]
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Details:
    """Content that opens on a click."""

    summary: str
    parts: tuple[Node, ...]
    kind: Literal["details"] = "details"


@dataclass(frozen=True)
class Section:
    """A part of a report under a heading, listed in its contents."""

    title: str
    parts: tuple[Node, ...]
    kind: Literal["section"] = "section"

    @property
    def anchor(self) -> str:
        """The name to which links lead."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


type Node = Annotated[
    Paragraph | Heading | Bullets | Code | Facts | Links | Table | Figure | Details | Section,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Document:
    """A whole report.

    Parameters
    ----------
    title
        Of the page.
    question
        What was asked; empty if nothing.
    summary
        What stands in the box at the top.
    sections
        The rest, in order.
    cover
        Name of the figure that stands for the report elsewhere; empty if there is none.
    """

    title: str
    question: str
    summary: tuple[Node, ...]
    sections: tuple[Section, ...]
    cover: str = ""

    def nodes(self) -> Iterator[Node]:
        """Yield every node, each before its parts."""
        yield from _walk((*self.summary, *self.sections))

    @property
    def figures(self) -> dict[str, Figure]:
        """The figures by name, in the order of the page."""
        return {node.name: node for node in self.nodes() if isinstance(node, Figure)}


def bullets(items: Iterable[str]) -> Bullets:
    """Return a bulleted list; a section leaves it out if it is empty."""
    return Bullets(tuple(items))


type Part = Node | str | None  # a text is a paragraph, an empty one nothing


def section(title: str, *parts: Part) -> Section:
    """Return a section of the parts that have something to show."""
    return Section(title, _shown(parts))


def details(summary: str, *parts: Part) -> Details:
    """Return content that opens on a click, of the parts that have something to show."""
    return Details(summary, _shown(parts))


def write_document(path: Path, document: Document) -> None:
    """Write a report as JSON, whole or not at all."""
    content = _adapter().dump_json(document, indent=1) + b"\n"
    write_file(path, lambda file: file.write(content), durable=False)


def read_document(path: Path) -> Document | None:
    """Return a report from its JSON; None if there is none, or it is none."""
    try:
        return _adapter().validate_json(read_bytes(path))
    except (FileError, ValidationError):
        return None


@cache
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def _walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Section | Details):
            yield from _walk(node.parts)


def _shown(parts: tuple[Part, ...]) -> tuple[Node, ...]:
    return tuple(
        Paragraph(part) if isinstance(part, str) else part
        for part in parts
        if part and not (isinstance(part, Bullets) and not part.items)
    )


def _cell(value: object) -> str:
    missing = value is None or repr(value) in ("<NA>", "NaT") or value != value
    return MISSING if missing else str(value)
