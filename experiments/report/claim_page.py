"""A page for each claim, to be read in a minute: what came out, how sure it is, where it fails.

RESULTS/claims/c1.html
"""

from __future__ import annotations

import math
from pathlib import Path

from experiments import text
from experiments.claims.board import describe_effect, describe_share
from experiments.claims.verdict import Verdict
from experiments.report.claim_entry import found_of, kind_of, rows_of, title_of
from experiments.report.claim_worlds import holds_in, where_it_fails, which_worlds
from experiments.report.document import Document, Link, Links, Paragraph, section
from experiments.report.judged import Judged
from experiments.report.render import write_page
from experiments.text import capitalised
from sim.columns import label

FOLDER = "claims"


def write_claims(folder: Path, judged: Judged) -> None:
    """Write the page of every claim into a folder of results."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for claim in judged.claims:
        write_page(folder / address_of(claim), claim_document(judged, claim))


def address_of(claim: str) -> str:
    """Return where the page of a claim lies in a folder of results."""
    return f"{FOLDER}/{claim.lower()}.html"


def claim_links(judged: Judged) -> Links:
    """Return links to the pages of all claims, each with what is said of the claim."""
    links = (Link(title_of(judged, claim), address_of(claim)) for claim in judged.claims)
    return Links("The claims", tuple(links))


def claim_document(judged: Judged, claim: str) -> Document:
    """Return the page of a claim."""
    others = (
        Link(f"{each} {about['title']}", Path(address_of(each)).name)
        for each, about in judged.claims.items()
        if each != claim
    )
    links = Links("Other pages", (Link("All results", "../index.html"), *others))
    sections = (
        section("How it was found", *found_of(judged, claim)),
        section("In which worlds it holds", *which_worlds(judged, claim)),
        section("Where it fails", *where_it_fails(judged, claim)),
        section("What it rests on", kind_of(judged, claim)),
        section("Other pages", links),
    )
    return Document(
        title=_finding(judged, claim),
        question=f"“{judged.claims[claim]['statement'].strip()}”",
        summary=tuple(_in_brief(judged, claim)),
        sections=tuple(each for each in sections if each.parts),
    )


def _finding(judged: Judged, claim: str) -> str:
    """Return what came out of a claim in a line: the verdict, and the share of worlds."""
    rows = judged.of_claim(claim).to_dict("records")
    known = [row for row in rows if math.isfinite(row["above"])]
    shares = [
        (f"{row['claim']} in " if len(known) > 1 else "") + describe_share(row) for row in known
    ]
    where = f"; holds in {text.joined(shares)} of the plausible worlds" if known else ""
    return title_of(judged, claim) + where


def _in_brief(judged: Judged, claim: str) -> list[Paragraph]:
    """Return what came out of a claim in a few sentences."""
    rows = rows_of(judged, claim)
    effects = "; ".join(
        f"{line['label']}: {describe_effect(line)} ({label(line['outcome'])}), {line['verdict']}"
        for line in rows[rows["headline"].astype(bool)].to_dict("records")
        if line["verdict"] != Verdict.NOT_RUN
    )
    came_out = f"{capitalised(effects)}." if effects else "Its experiment was not run here."
    worlds = " ".join(holds_in(judged, claim))
    return [
        Paragraph(came_out, label="At the default parameters"),
        *([Paragraph(worlds, label="In other worlds")] if worlds else []),
    ]
