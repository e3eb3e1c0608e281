"""The page of all results: the claims first, then each experiment with its answer.

RESULTS/index.html          links to the pages and the figures of the results beside it
RESULTS/claims/c1.html      the page of a claim (`experiments.report.claim_page`)
RESULTS/published/explorer.html    the model in one page, linked to where it was built
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from experiments import text
from experiments.claims.board import describe_verdict
from experiments.design.experiment import shipped_experiments
from experiments.figures import verdict_board
from experiments.report.claim_page import LUCK, write_claims
from experiments.report.claims import all_claims_section, claims_beside
from experiments.report.document import (
    Code,
    Document,
    Link,
    Links,
    Node,
    Paragraph,
    Section,
    bullets,
    details,
    section,
)
from experiments.report.gallery import Gallery
from experiments.report.judged import Judged
from experiments.report.phrases import say
from experiments.report.result_page import ANSWER, SURPRISE, Written, write_files, write_report
from experiments.report.sections import assumed
from experiments.store.layout import StoreError
from experiments.store.result import Result

QUESTION = (
    "When does a movement emerge that wants to turn a platform firm into a cooperative of its "
    "users? Ten claims of a study of #BuyTwitter, put to the test in a model. Each claim and each "
    "experiment has a page of its own."
)
ARTICLE = "published/explorer.html"


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
    gallery = Gallery(folder)
    ordered = sorted(written, key=_place)
    commands = [str(each.result.provenance.get("command", "unknown")) for each in ordered]
    again = Paragraph("All of it again:"), Code("\n".join([*commands, "momentum report"]))
    write_claims(folder, judged)
    sections = (
        all_claims_section(judged, gallery),
        *map(_result_section, ordered),
        *([section("Results without a report", bullets(unread))] if unread else []),
        section("How the claims are judged", bullets(_method())),
        section("Limits", bullets(_limits())),
        section("Where it comes from", *again),
    )
    moving = Link("See the model move, in an article", ARTICLE)
    top: list[Node] = [Paragraph(verdicts(judged))]
    if (folder / ARTICLE).is_file():
        top.append(Links("The model in one page", (moving,)))
    document = Document(_finding(judged), QUESTION, tuple(top), sections)
    return write_files(folder, "index", document, gallery, linked=True)


def _finding(judged: Judged) -> str:
    """Return what was found, in a line: over worlds, or else at the default parameters."""
    table = judged.board
    if verdict_board.is_known(table):
        return verdict_board.worlds_headline(table)
    return verdict_board.headline(table)


def verdicts(judged: Judged) -> str:
    """Return which claims came out how, in a line."""
    table = judged.board.drop_duplicates("claim")
    said = table["claim"].groupby(table.apply(describe_verdict, axis=1), sort=False)
    counts = [f"{verdict}: {text.joined(list(names))}" for verdict, names in said]
    return f"The claims, at the default parameters: {'; '.join(counts)}."


def _place(written: Written) -> tuple[int, str]:
    experiment = written.result.config.get("experiment") or {}
    name = str(experiment.get("name", ""))
    order = list(shipped_experiments())
    return (order.index(name) if name in order else len(order)), written.result.name


def _result_section(written: Written) -> Section:
    document, name = written.document, written.result.name
    cover = document.figures.get(document.cover)
    if cover is not None:
        cover = replace(cover, name=f"{name}-{cover.name}", file=f"{name}/{cover.file}")
    said = {p.label: p for p in document.summary if isinstance(p, Paragraph)}
    state = Paragraph(written.state, "muted")
    link = Link(f"The whole report of {name}", f"{name}/report.html")
    return section(
        _heading(written),
        Paragraph(document.question, "muted"),
        said.get(ANSWER),
        details("The surprise, and a figure", said.get(SURPRISE), cover, state),
        Links("The whole report", (link,)),
    )


def _heading(written: Written) -> str:
    plain = written.document.title.lower().replace(" ", "_")
    name = written.result.name
    return written.document.title if plain == name else f"{written.document.title} ({name})"


def _method() -> list[str]:
    return [
        "Worlds are drawn over the plausible ranges of all that is uncertain, and the variants of "
        "every claim are run in each. A claim holds in a world where all of its effects are "
        "material there. A world gets few runs, so the shares of worlds are estimated from all of "
        "them together (partial pooling).",
        "A verdict is reached at the default parameters, by 99.5 % intervals over all "
        f"replicates. {LUCK}",
        "Runs that are compared share their luck, which makes intervals narrower; the page of a "
        "claim says by how much.",
        "A claim that no world inside the plausible ranges contradicts cannot be tested by this "
        "model, and gets no verdict; its page says why.",
    ]


def _limits() -> list[str]:
    return [
        "A verdict holds for this model at its default parameters. The share of plausible worlds "
        "in which a claim holds is the stronger statement.",
        say("report", "defaults", assumed=assumed()),
        "How many people a simulated user stands for is not identified by any fact we have.",
        "What counts as a movement is a decision; so each claim is judged by other definitions "
        "too.",
    ]
