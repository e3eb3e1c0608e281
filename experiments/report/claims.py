"""The claims of the study in a report: those of one result, all, and in which worlds they hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments import text
from experiments.claims.board import CONTRADICTIONS, OF_CALIBRATED
from experiments.claims.robustness import SHARES
from experiments.claims.verdict import Verdict
from experiments.figures import verdict_board
from experiments.figures import worlds as drawing
from experiments.report.claim_page import LUCK, claim_links, entry_of
from experiments.report.claim_worlds import three_sets
from experiments.report.document import Code, Figure, Heading, Part, Section, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import CALIBRATED, ROBUSTNESS, Judged, results_in

EVENT = "the claim holds"
PUBLISHED = "published"
OVER_WORLDS = (ROBUSTNESS, CALIBRATED)
"""Results in which the variants of all claims are run in many worlds."""


def claims_section(found: Findings) -> Section | None:
    """Return the section of the page of one result; None for a result without an experiment.

    Of the claims that the experiment lists and has the variants for; where they fail is taken
    from a result beside it.
    """
    if not found.experiment:
        return None
    here = found.result.path.parent
    beside = results_in([here, here / PUBLISHED])
    name = str(found.experiment.get("name", found.result.name))
    name = CALIBRATED if is_calibrated(found) else name
    of = found.experiment.get("claims") or []
    chosen = {each.experiment: found.result for each in Judged({}).estimands if each.claim in of}
    if name in OVER_WORLDS:  # whose parts are named like those of others, but hold many worlds
        chosen = {}
    chosen |= {CONTRADICTIONS: beside[CONTRADICTIONS]} if CONTRADICTIONS in beside else {}
    chosen |= {name: found.result} if name in (CONTRADICTIONS, *OVER_WORLDS) else {}
    chosen |= {CONTRADICTIONS: found.result} if found.is_of_claims else {}
    judged = Judged(chosen)
    shown = entries(judged, list(judged.claims) if found.is_of_claims else of)
    if not shown:
        return None
    lead = (
        "What these runs say of the claims they were made for. A claim that holds here may fail "
        "elsewhere; the report of all results has every claim, and in what share of plausible "
        f"worlds it holds. {LUCK}"
    )
    return section("The claims", lead, *shown)


def is_calibrated(found: Findings) -> bool:
    """Return whether the worlds are those that the facts of a case do not rule out."""
    return found.experiment.get("name") == ROBUSTNESS and bool(found.config.get("worlds"))


def all_claims_section(judged: Judged, gallery: Gallery) -> Section:
    """Return the section that shows how all claims fare, from whatever results there are.

    In other worlds first; the verdicts at the default parameters open on a click.
    """
    board = gallery.show("verdict_board", verdict_board.draw, judged.board)
    worlds = worlds_figure(judged, gallery)
    opened = details("The verdict board: effects at the default parameters", board)
    sets = three_sets(judged) if ROBUSTNESS in judged.results else []
    shown = (board,) if worlds is None else (worlds, opened)
    return section("The claims", *shown, *sets, claim_links(judged), *missing(judged))


def worlds_figure(judged: Judged, gallery: Gallery, prefix: str = "") -> Figure | None:
    """Return the figure of the share of worlds in which each claim holds; None without worlds.

    Of all plausible worlds, or of another set by the prefix of its columns on the board.
    """
    board = judged.board
    if not verdict_board.is_known(board, prefix):
        return None
    columns = ["claim", "title", "kind", *(prefix + name for name in ("worlds", *SHARES))]
    return gallery.add(
        "claims_in_worlds",
        verdict_board.draw_worlds(board, prefix),
        board.drop_duplicates("claim")[columns],
    )


def missing(judged: Judged) -> list[Part]:
    """Return which experiments were not run, and the commands that run them; empty if none."""
    if not judged.missing:
        return []
    commands = "\n".join(f"momentum sweep experiment={name}" for name in judged.missing)
    return ["Not run yet, so that some claims stay open here:", Code(commands)]


def entries(judged: Judged, claims: Sequence[str]) -> list[Part]:
    """Return what there is to say of each claim; nothing of those these results are not about."""
    there = judged.effects.loc[judged.effects["verdict"] != Verdict.NOT_RUN, "claim"].tolist()
    if {*OVER_WORLDS, CONTRADICTIONS} & set(judged.results):
        there = list(judged.claims)
    chosen = [claim for claim in dict.fromkeys(claims) if claim in there]
    return [part for claim in chosen for part in entry_of(judged, claim)]


def claims_beside(folder: Path) -> Judged:
    """Return the claims judged from the results in a folder and its published ones."""
    return Judged(results_in([folder, folder / PUBLISHED]))


HOW = (
    "Regions of worlds (ranges of at most three parameters) in which all effects of a claim are "
    "material clearly more often than elsewhere. They were searched in one half of the worlds and "
    "are judged on the other. Here a world counts by what its few runs show, errors included; the "
    "shares above are corrected for such errors (partial pooling)."
)


def fits(found: Findings) -> bool:
    """Whether the variants of the claims were run in worlds drawn from ranges."""
    return found.experiment.get("name") == ROBUSTNESS and bool(found.sampled)


def answer(found: Findings) -> str:
    """Return in what share of the worlds each claim holds."""
    table = Judged({ROBUSTNESS: found.result}).over_worlds.distributions[1].dropna(subset="above")
    which = "not ruled out by the facts" if is_calibrated(found) else "drawn"
    shares = ", ".join(f"{row.claim} {text.share(row.above)}" for row in table.itertuples())
    return f"Share of the worlds {which} in which each claim holds: {shares}." if shares else ""


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with a heading for each claim."""
    judged, name, prefix = Judged({ROBUSTNESS: found.result}), ROBUSTNESS, ""
    if is_calibrated(found):
        name, prefix = CALIBRATED, OF_CALIBRATED
    shares = worlds_figure(Judged({name: found.result}), gallery, prefix)
    parts: list[Part] = []
    for branch, table in judged.over_worlds.boxes.items():
        shown: Part = f"{drawing.boxes_headline(table, EVENT)}."
        if len(table):
            shown = gallery.show(f"holds-{branch.lower()}", drawing.draw_boxes, table, EVENT)
        parts += [Heading(branch), shown]
    return [
        section("In what share of worlds each claim holds", shares),
        section("In which worlds each claim holds", HOW, *parts),
    ]
