"""The page of all results: the claims first, then each experiment with its answer.

RESULTS/index.html links to the page of each result beside it, and needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.analysis import words
from experiments.claims.verdict import Verdict
from experiments.report import page
from experiments.report.claims import all_claims_section, claims_beside
from experiments.report.gallery import Gallery
from experiments.report.judged import Judged
from experiments.report.result_page import Written, write_report
from experiments.report.summary import assumed
from experiments.store.result import Result, StoreError

ORDER = (
    "robustness", "right_momentum", "phase_diagram", "launch_timing", "framing", "goals", "trust",
    "firm_response", "networks", "sensitivity", "buytwitter", "contradictions",
)  # fmt: skip
"""Experiments in the order of the page; other results follow by name."""

TITLE = "When does a movement emerge?"
QUESTION = (
    "When does a movement emerge that wants to turn a platform firm into a cooperative of its "
    "users? Ten claims of a study of #BuyTwitter, put to the test in a model; and what each "
    "experiment answers."
)


def write_all(folder: Path) -> Iterator[Path]:
    """Write the report of every result in a folder, then the page of all; yield their paths.

    Raises
    ------
    StoreError
        At the end, if there are results that cannot be read.
    ExceptionGroup
        At the end, with every other error that ended a report.
    """
    written, unread, bugs = [], [], []
    for design in sorted(folder.glob("*/design.json")):
        try:
            written.append(write_report(Result(design.parent)))
        except StoreError as problem:
            unread.append(str(problem))
        except Exception as bug:  # it must not cost the other reports
            name = design.parent.name
            unread.append(f"the report of {name} failed: {type(bug).__name__}: {bug}")
            bug.add_note(f"in the report of {name}")
            bugs.append(bug)
        else:
            yield written[-1].path
    yield write_index(folder, written, unread)
    if bugs:
        raise ExceptionGroup("; ".join(unread), bugs)
    if unread:
        raise StoreError("; ".join(unread))


def write_index(folder: Path, written: Sequence[Written], unread: Sequence[str] = ()) -> Path:
    """Write the page of all results and return its path.

    Parameters
    ----------
    folder
        Of the results.
    written
        The reports it is made of, with whatever experiments there are.
    unread
        Why other results have no report, a line each.
    """
    judged = claims_beside(folder)
    gallery = Gallery(folder / "figures")
    ordered = sorted(written, key=_place)
    sections = (
        all_claims_section(judged, gallery),
        *(_result_section(each) for each in ordered),
        page.section("Results without a report", page.listing(unread)),
        page.section("Limits", page.listing(_limits())),
        page.section("Where it comes from", _commands(ordered)),
    )
    body = "\n".join(filter(None, sections))
    head = (
        f"<h1>{TITLE}</h1>",
        page.paragraph(QUESTION, "lead"),
        f'<div class="box">{page.paragraph(verdicts(judged))}{_claim_links(judged, body)}</div>',
        page.contents(body),
    )
    path = folder / "index.html"
    gallery.remove_stale(path)
    page.write(path, TITLE, "\n".join((*head, body)))
    return path


def verdicts(judged: Judged) -> str:
    """Return how many claims came out how, in a line."""
    table = judged.board.drop_duplicates("claim")
    by_verdict = {v: table.loc[table["verdict"] == v, "claim"].tolist() for v in Verdict}
    told = [f"{verdict}: {words.joined(names)}" for verdict, names in by_verdict.items() if names]
    return f"The claims, at the default parameters: {'; '.join(told)}."


def _claim_links(judged: Judged, body: str) -> str:
    links = (
        f'<li><a href="#claim-{claim.lower()}">{claim} {page.escape(about["title"])}</a></li>'
        for claim, about in judged.claims.items()
        if f'id="claim-{claim.lower()}"' in body
    )
    return f'<nav class="contents" aria-label="The claims"><ul>{"".join(links)}</ul></nav>'


def _place(written: Written) -> tuple[int, str]:
    experiment = written.result.config.get("experiment") or {}
    name = str(experiment.get("name", ""))
    return (ORDER.index(name) if name in ORDER else len(ORDER)), written.result.name


def _result_section(written: Written) -> str:
    name = written.result.name
    parts = [
        page.paragraph(written.question, "lead"),
        f"<p><strong>The answer.</strong> {page.prose(written.answer)}</p>",
        f"<p><strong>The surprise.</strong> {page.prose(written.surprise)}</p>",
    ]
    if written.figure is not None:
        figure, drawn, alt = written.figure
        parts.append(
            f"<figure>{page.drawing(f'{name}-{figure}', drawn, alt)}<figcaption>"
            f"{page.details('The figure in words', f'<p>{page.prose(alt)}</p>')}</figcaption>"
            "</figure>"
        )
    link = f'<a href="{page.escape(name)}/report.html">The whole report of {page.escape(name)}</a>'
    parts.append(f'<p class="muted">{page.prose(written.state)} {link}</p>')
    return page.section(_heading(written), *parts)


def _heading(written: Written) -> str:
    plain = written.title.lower().replace(" ", "_")
    name = written.result.name
    return written.title if plain == name else f"{written.title} ({name})"


def _limits() -> list[str]:
    return [
        "A verdict holds for this model at its default parameters; in what share of the worlds "
        "that are held plausible a claim holds is told beside it, and is the stronger statement.",
        f"{assumed()}: no figure we know of fixes them.",
        "How many people a simulated user stands for is not identified by any fact we have.",
        "What counts as a movement is a decision; so each claim is told under the other "
        "definitions too.",
    ]


def _commands(written: Sequence[Written]) -> str:
    commands = [each.result.provenance.get("command", "unknown") for each in written]
    text = "\n".join([*commands, "momentum report"])
    return f"<p>All of it again:</p><pre>{page.escape(text)}</pre>"
