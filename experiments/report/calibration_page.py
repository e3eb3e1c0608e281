"""The page of a calibration."""

from __future__ import annotations

from pathlib import Path

from experiments.report.calibration import calibration_sections
from experiments.report.calibration_words import calibration_answer, read_calibration
from experiments.report.document import Document, Paragraph, write_document
from experiments.report.gallery import Gallery
from experiments.report.render import write_page
from experiments.report.result_page import write_report
from experiments.store.layout import DESIGN
from experiments.store.result import Result


def write_calibration(folder: Path) -> Path:
    """Write the page of a calibration and return its path.

    That of all facts is the page of its result.
    """
    if (folder / DESIGN).is_file():
        return write_report(Result(folder)).path
    stored, gallery = read_calibration(folder), Gallery(folder)
    sections = tuple(calibration_sections(stored, gallery))
    document = Document(
        f"{stored.about['title']}: what was known before {stored.about['as_of']}",
        "Which worlds do the facts of the case not rule out, and what can they not tell?",
        (Paragraph(calibration_answer(folder), label="The answer"),),
        sections,
        gallery.names[0],
    )
    write_document(folder / "report.json", document)
    write_page(folder / "report.html", document)
    return folder / "report.html"
