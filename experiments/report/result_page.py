"""From a result to a page that says in words and figures what was found, limits included.

results/NAME/report.json            the report as data (`experiments.report.document`)
results/NAME/report.html            its page; needs nothing but itself
results/NAME/figures/FIGURE.svg, .png, .csv     each figure, and the table it was drawn from
results/NAME/paper/FIGURE.pdf, .svg, .png, .csv     the same for a journal, if asked for
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from experiments import text
from experiments.advice.question import read_question
from experiments.analysis.replicates_needed import replicates_needed
from experiments.figures import style
from experiments.report.advice import advice_document
from experiments.report.asked import asked_section, state
from experiments.report.claims import claims_section
from experiments.report.document import (
    Code,
    Document,
    Facts,
    Paragraph,
    Section,
    Table,
    bullets,
    read_document,
    section,
    write_document,
)
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import say
from experiments.report.render import write_page
from experiments.report.sections import assumed, found_sections, summary
from experiments.report.twins import twins_section
from experiments.store.crate import write_crate
from experiments.store.result import Result
from experiments.text import joined
from sim.columns import label

REPORT, PAPER = "report", "paper"
ANSWER, SURPRISE = "The answer", "The surprise"
ENOUGH = ("emerged", "log_organisers", "literacy_gain")


class Written(NamedTuple):
    """The report of a result, as it was written."""

    path: Path  # of the page
    result: Result
    document: Document
    state: str  # how many runs there are, and what is missing


def write_report(result: Result) -> Written:
    """Write the report of a result into its folder, as report.json and as report.html.

    Any result will do: experiments of any design, the points of the claims, or a plain grid; also
    one that is still growing, or of which every run failed.
    """
    found = Findings(result)
    gallery = Gallery(result.path)
    document = _document(found, gallery)
    page = write_files(result.path, REPORT, document, gallery)
    return Written(page, result, document, state(found))


def write_paper(result: Result) -> Path:
    """Write the figures of a report for a journal, as PDF, SVG and PNG; return their folder."""
    gallery = Gallery(result.path, PAPER, style.save_paper)
    with style.paper():
        _document(Findings(result), gallery)
    return result.path / PAPER


def _document(found: Findings, gallery: Gallery) -> Document:
    """Return the report of a result, its figures drawn into a gallery."""
    if read_question(found.result) is not None:
        return advice_document(found.result, gallery)
    answer, surprise, limit = summary(found)
    sections = found_sections(found, gallery)
    cover = next(iter(gallery.names), "")
    twins = twins_section(found, gallery)
    shown = [
        *sections,
        twins,
        asked_section(found),
        claims_section(found),
        _enough(found),
        _limits(found),
        _source(found, gallery),
    ]
    return Document(
        title=_title(found),
        question=found.question,
        summary=(
            Paragraph(answer, label=ANSWER),
            Paragraph(surprise, label=SURPRISE),
            Paragraph(limit, label="The limit"),
            *_changed(found.result),
        ),
        sections=tuple(each for each in shown if each is not None),
        cover=cover or next(iter(gallery.names), ""),
    )


def _changed(result: Result) -> list[Paragraph]:
    """Return a warning if files that the runs were made from are no longer as they were."""
    if not result.changed_inputs:
        return []
    which = say("report", "changed", files=result.changed_inputs)
    return [Paragraph(which, label="Changed or gone since the runs")]


def write_files(
    folder: Path, name: str, document: Document, gallery: Gallery, linked: bool = False
) -> Path:
    """Write NAME.json and NAME.html into a folder, and remove figures no longer shown.

    Parameters
    ----------
    folder, name, document
        Where the files lie, what they are called, and what they say.
    gallery
        The figures made for it.
    linked
        Whether the page links to the files of its figures, or holds them.

    Returns
    -------
    Path
        Of the page.
    """
    data, page = (folder / f"{name}.{suffix}" for suffix in ("json", "html"))
    earlier = read_document(data)
    write_document(data, document)
    write_page(page, document, linked)
    gallery.remove_stale(earlier)
    write_crate(folder)
    return page


def five_lines(result: Result) -> list[str]:
    """Return the answer, the surprise and the limit of a result, a line each."""
    return list(summary(Findings(result)))


def _title(found: Findings) -> str:
    name = str(found.experiment.get("name") or found.result.name)
    return name.replace("_", " ").capitalize()


def _enough(found: Findings) -> Section | None:
    """Return whether there are enough replicates, for each part."""
    outcomes = [name for name in ENOUGH if name in found.runs and found.runs[name].notna().any()]
    if not outcomes or found.runs["replicate"].nunique() < 2:
        return None
    table = replicates_needed(found.runs, outcomes, ("part",))
    rows = {
        "part": [found.part_label(name) for name in table["part"]],
        "outcome": table["outcome"].map(label),
        "needed": ["more" if pd.isna(n) else f"{n:,.0f}" for n in table["needed"]],
        "there are": table["replicates"],
        "enough": table["enough"].map(text.as_text),
    }
    return section("Are there enough replicates?", Table.of(rows, say("report", "enough")))


def _limits(found: Findings) -> Section:
    failed = found.all_runs.drop(found.runs.index)
    numbers = {"people": found.people, "assumed": assumed(), "failed": len(failed)}
    cases = (
        "about_the_model",
        "people",
        *(["steps"] if found.conditions else []),
        "defaults",
        "intervals",
        "decision",
        *(["failures"] if len(failed) else []),
    )
    error = failed["error"].iloc[0] if len(failed) else ""
    return section("Limits", bullets(say("report", case, **numbers, error=error) for case in cases))


def _source(found: Findings, gallery: Gallery) -> Section:
    given = found.result.provenance
    sessions = given.get("sessions") or [{}]
    last = sessions[-1]
    revision = last.get("revision") or {}
    commit = revision.get("commit") or "unknown"
    changed = " with changed files" if revision.get("modified") else ""
    versions = ", ".join(f"{name} {v}" for name, v in (last.get("versions") or {}).items())
    rows = [
        ("Begun, ended", f"{given.get('started', '–')}, {given.get('ended') or 'not yet'}"),
        ("Sessions", f"{len(sessions)}"),
        ("Code", f"commit {commit}{changed}; model {last.get('model', 'unknown')}"),
        ("Versions", versions or "unknown"),
        ("Machine", ", ".join(f"{k} {v}" for k, v in (last.get("machine") or {}).items())),
        ("Figures", f"here, and as pictures: {joined(f'figures/{n}.png' for n in gallery.names)}"),
        ("Runs", "runs/*.parquet, a row a run; config.yaml, the whole configuration"),
    ]
    return section(
        "Where it comes from",
        Paragraph("The same runs again:"),
        Code(str(given.get("command", "unknown"))),
        Facts(tuple(rows)),
    )
