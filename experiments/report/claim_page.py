"""One claim in a report, and on a page of its own: what came out, how sure it is, where it fails.

RESULTS/claims/c1.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.effects import DEFINITIONS
from experiments.claims.board import (
    REASONS,
    ClaimKind,
    describe_effect,
    describe_share,
    describe_verdict,
)
from experiments.claims.estimands import EMERGED, LOGARITHMS, Estimand, Kind, Unit
from experiments.claims.verdict import Verdict
from experiments.report import phrases
from experiments.report.claim_worlds import holds_in, in_worlds, where_it_fails, which_worlds
from experiments.report.document import (
    Document,
    Heading,
    Link,
    Links,
    Paragraph,
    Part,
    Table,
    section,
)
from experiments.report.judged import Judged
from experiments.report.render import write_page
from experiments.text import capitalised
from sim.columns import label

FOLDER = "claims"
LUCK = (
    "The intervals are wider than the usual 95 %, so that luck leads to a wrong verdict in fewer "
    "than 2 of 100 cases if an effect is exactly at the threshold, and less often if it is not. "
    "They do not tell what the model leaves out."
)


def entry_of(judged: Judged, claim: str) -> list[Part]:
    """Return what there is to say of a claim under a heading."""
    return [
        Heading(title_of(judged, claim), f"claim-{claim.lower()}"),
        Paragraph(f"“{judged.claims[claim]['statement'].strip()}”", "muted"),
        *found_of(judged, claim),
        kind_of(judged, claim),
        *in_worlds(judged, claim),
        *where_it_fails(judged, claim),
    ]


def title_of(judged: Judged, claim: str) -> str:
    """Return the name of a claim and what is said of it."""
    verdicts = _verdicts(judged, claim)
    return f"{claim} {judged.claims[claim]['title']}" + (f": {verdicts}" if verdicts else "")


def rows_of(judged: Judged, claim: str) -> pd.DataFrame:
    """Return the effects of a claim that were measured, by the definition of emergence."""
    rows = judged.effects[judged.effects["claim"] == claim]
    return rows[(rows["verdict"] != Verdict.NOT_RUN) & rows["definition"].isin(["", EMERGED])]


def found_of(judged: Judged, claim: str) -> list[Part]:
    """Return what was done to judge a claim and what came out; empty if nothing was run."""
    there = rows_of(judged, claim)
    if there.empty:
        return []
    of = [each for each in judged.estimands if each.claim == claim]
    sure = _sure(judged, claim, there)
    return [
        f"What was done: {judged.claims[claim]['method'].strip()}",
        _came_out(there),
        Paragraph(f"By which runs: {_runs(of, there)}", "muted"),
        f"How sure: {sure}" if sure else "",
    ]


def _verdicts(judged: Judged, claim: str) -> str:
    """Return what is said of a claim, by branches where it has some."""
    rows = judged.of_claim(claim)
    rows = rows[rows["verdict"] != Verdict.NOT_RUN].to_dict("records")
    named = (f"{row['claim']} " if len(rows) > 1 else "" for row in rows)
    return "; ".join(name + describe_verdict(row) for name, row in zip(named, rows, strict=True))


def kind_of(judged: Judged, claim: str) -> str:
    """Return what kind a claim is and why, and which rule has a part in it."""
    kinds = {branch: judged.kinds[branch] for branch in judged.branches_of(claim)}
    said = "; ".join(f"{branch} {kind}: {REASONS[kind]}" for branch, kind in kinds.items())
    rule = str(judged.claims[claim].get("built_by", "")).strip()
    sentence = f"What kind of claim it is: {said}."
    if set(kinds.values()) == {ClaimKind.TESTABLE}:
        sentence += " No rule of the model has it built in."
    return f"{sentence} What it rests on in the model: {rule}" if rule else sentence


def _runs(of: Sequence[Estimand], there: pd.DataFrame) -> str:
    sentences = []
    for experiment, rows in there.groupby("experiment", sort=False):
        names = set(rows["estimand"])
        contrasts = dict.fromkeys(_contrast(each) for each in of if each.name in names)
        settings = int(rows["pairs"].max())
        over = f", averaged over {settings} settings of what else varies" if settings > 1 else ""
        sentences.append(
            f"experiment {experiment}, {int(rows['replicates'].max()):,} replicates: "
            f"{'; '.join(contrasts)}{over}."
        )
    return " ".join(sentences)


def _contrast(each: Estimand) -> str:
    if each.kind is Kind.BEST_WEEK:
        return f"the best against the worst week of launch ({each.part.replace('_', ' ')})"
    if each.kind is Kind.CONJUNCTION:
        return f"the cost a movement bears under every set of {text.joined(list(each.among))}"
    on = " and ".join(_setting(name, value) for name, value in each.on.items())
    if each.kind is Kind.LEVEL:
        than = f" against {label(each.against)}" if each.against else ""
        return f"{label(each.outcome)}{than} in runs with {on}"
    off = " and ".join(_setting(name, value) for name, value in each.off.items())
    return f"{on} against {off} ({each.part.replace('_', ' ')})"


def _setting(name: str, value: Any) -> str:
    if name == "label":
        return phrases.plain(value)
    if name.startswith("condition."):
        return f"{name.removeprefix('condition.').replace('_', ' ')} {'on' if value else 'off'}"
    return phrases.settings({name: value})


def _came_out(there: pd.DataFrame) -> Table:
    rows = [
        {
            "effect": f"{line['label']}{'' if line['headline'] else ' (secondary)'}",
            "on": _outcome(line),
            "without → with": _means(line),
            "change": describe_effect(line),
            "material from": _threshold(line),
            "verdict": line["verdict"],
            "replicates": f"{int(line['replicates']):,}",
        }
        for line in there.to_dict("records")
    ]
    return Table.of(
        rows,
        "What came out, with 99.5 % intervals over all replicates; effects marked “secondary” do "
        "not enter the verdict; × 2 is twice as many",
    )


def _outcome(line: Mapping[str, Any]) -> str:
    if line["outcome"] == "launch_week":
        return "whether there is a launch"
    logarithm = "logarithm of " if Unit(line["unit"]) in LOGARITHMS else ""
    return f"{logarithm}{label(line['outcome'])}"


def _threshold(line: Mapping[str, Any]) -> str:
    if Unit(line["unit"]) in LOGARITHMS:
        return f"× {10 ** line['materiality']:.2f}"
    return f"{line['materiality']:g}"


def _means(line: Mapping[str, Any]) -> str:
    if math.isnan(line["on"]):
        return "–"
    on = text.number(line["on"])
    return on if math.isnan(line["off"]) else f"{text.number(line['off'])} → {on}"


def _sure(judged: Judged, claim: str, there: pd.DataFrame) -> str:
    narrowing = there.loc[there["headline"].astype(bool), "narrowing"].dropna()
    sentences = []
    if len(narrowing):
        least, most = 100 * narrowing.min(), 100 * narrowing.max()
        span = f"{least:.0f} %" if round(least) == round(most) else f"{least:.0f} to {most:.0f} %"
        sentences.append(
            f"The runs that are compared share their luck; that makes the intervals {span} as "
            "wide as they would be otherwise."
        )
    for row in judged.of_claim(claim).to_dict("records"):
        of_emergence = [f"{DEFINITIONS[name]}: {row[name]}" for name in DEFINITIONS if row[name]]
        if len({row[name] for name in DEFINITIONS}) == 1 and of_emergence:
            sentences.append(
                f"Emergence itself, by each of its {len(DEFINITIONS)} definitions: {row[EMERGED]}."
            )
        elif of_emergence:
            sentences.append(f"Emergence itself, by definition of it: {'; '.join(of_emergence)}.")
    return " ".join(sentences)


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
    )
    came_out = f"{capitalised(effects)}." if effects else "Its experiment was not run here."
    worlds = " ".join(holds_in(judged, claim))
    return [
        Paragraph(came_out, label="At the default parameters"),
        *([Paragraph(worlds, label="In other worlds")] if worlds else []),
    ]
