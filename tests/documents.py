"""A report as its tree, for tests: its titles and all that it says, without a page."""

from experiments.report.document import (
    Bullets,
    Code,
    Details,
    Document,
    Facts,
    Figure,
    Heading,
    Links,
    Paragraph,
    Section,
    Table,
)
from experiments.report.result_page import write_report


def report_of(result) -> Document:
    """Write the report of a result and return it."""
    return write_report(result).document


def titles(document: Document) -> list[str]:
    return [section.title for section in document.sections]


def section_of(document: Document, title: str) -> Document:
    """Return a document with one section of another."""
    (found,) = (section for section in document.sections if section.title == title)
    return Document(found.title, "", (), (found,))


def tables(document: Document) -> list[Table]:
    return [node for node in document.nodes() if isinstance(node, Table)]


def text_of(document: Document) -> str:
    """Return all that a document says, in order."""
    said = [document.title, document.question]
    for node in document.nodes():
        match node:
            case Paragraph():
                said.append(f"{node.label}. {node.text}" if node.label else node.text)
            case Heading() | Code():
                said.append(node.text)
            case Section():
                said.append(node.title)
            case Details():
                said.append(node.summary)
            case Bullets():
                said += node.items
            case Facts():
                said += [text for pair in node.pairs for text in pair]
            case Links():
                said += [link.text for link in node.links]
            case Table():
                said += [node.caption, *(column.label for column in node.columns)]
                said += [cell for row in node.rows for cell in row]
            case Figure():
                said.append(node.description)
    return " ".join(" ".join(said).split())
