"""One claim in a report: what was done, what came out, how sure it is, where it fails."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.effects import DEFINITIONS
from experiments.claims.board import OTHERS, describe_effect, describe_share
from experiments.claims.contradictions import FAILS
from experiments.claims.estimands import EMERGED, Estimand, Kind
from experiments.claims.pooling import ALL, RESPONSIVE
from experiments.claims.robustness import RESPONDING
from experiments.claims.verdict import Verdict
from experiments.design.point import settings_of
from experiments.report import phrases
from experiments.report.document import (
    Heading,
    Node,
    Paragraph,
    Table,
    details,
)
from experiments.report.findings import Findings
from experiments.report.judged import CONTRADICTIONS, ROBUSTNESS, Judged
from sim.columns import label


def anchor_of(claim: str) -> str:
    """Return the anchor of the heading of a claim."""
    return f"claim-{claim.lower()}"


def entry_of(judged: Judged, claim: str) -> list[Node]:
    """Return what there is to say of a claim under a heading."""
    about = judged.claims[claim]
    rows = judged.effects[judged.effects["claim"] == claim]
    there = rows[rows["verdict"] != Verdict.NOT_RUN]
    of = [each for each in judged.estimands if each.claim == claim]
    verdicts = _verdicts(judged, claim)
    title = f"{claim} {about['title']}" + (f": {verdicts}" if verdicts else "")
    parts: list[Node] = [
        Heading(title, anchor_of(claim)),
        Paragraph(f"“{about['statement'].strip()}”", "muted"),
    ]
    if len(there):
        parts.append(Paragraph(f"What was done: {about['method'].strip()}"))
        parts.append(_came_out(there))
        parts.append(Paragraph(f"By which runs: {_runs(of, there)}", "muted"))
        parts.append(Paragraph(f"How sure: {_sure(judged, claim, there)}"))
    return [*parts, *_in_worlds(judged, claim), *_fails(judged, claim)]


def _verdicts(judged: Judged, claim: str) -> str:
    """Return the verdict on a claim, by branches where it has some."""
    board = judged.board.drop_duplicates("claim")
    of_claim = board[board["claim"].str.rstrip("abc") == claim]
    of_claim = of_claim[of_claim["verdict"] != Verdict.NOT_RUN]
    if len(of_claim) == 1:
        return str(of_claim["verdict"].iloc[0])
    return "; ".join(f"{row.claim} {row.verdict}" for row in of_claim.itertuples())


def _runs(of: Sequence[Estimand], there: pd.DataFrame) -> str:
    sentences = []
    names = set(there["estimand"])
    for experiment in dict.fromkeys(each.experiment for each in of):
        here = [each for each in of if each.experiment == experiment and each.name in names]
        if not here:
            continue
        rows = there[there["experiment"] == experiment]
        contrasts = dict.fromkeys(_contrast(each) for each in here)
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
    if each.kind is Kind.CRITICAL_COSTS:
        return f"the cost a movement bears under every set of {text.joined(list(each.among))}"
    on = " and ".join(_setting(name, value) for name, value in each.on.items())
    if each.kind is Kind.LEVEL:
        return f"{label(each.outcome)} in runs with {on}"
    off = " and ".join(_setting(name, value) for name, value in each.off.items())
    return f"{on} against {off} ({each.part.replace('_', ' ')})"


def _setting(name: str, value: Any) -> str:
    if name == "label":
        return phrases.plain(value)
    if name.startswith("condition."):
        return f"{name.removeprefix('condition.').replace('_', ' ')} {'on' if value else 'off'}"
    return phrases.settings({name: value})


def _came_out(there: pd.DataFrame) -> Table:
    shown = there[there["definition"].isin(["", EMERGED])]
    rows = [
        {
            "effect": f"{line['label']}{'' if line['headline'] else ' (beside)'}",
            "on": label(line["outcome"]),
            "without → with": _means(line),
            "change": describe_effect(line),
            "material from": f"{line['materiality']:g}",
            "verdict": line["verdict"],
            "after": f"{int(line['look']):,} replicates",
        }
        for line in shown.to_dict("records")
    ]
    return Table.of(
        pd.DataFrame(rows),
        "What came out, with 99.5 % intervals at the look that decided; effects marked “beside” "
        "do not enter the verdict",
    )


def _means(line: Mapping[str, Any]) -> str:
    if math.isnan(line["on"]):
        return "–"
    on = text.number(line["on"])
    return on if math.isnan(line["off"]) else f"{text.number(line['off'])} → {on}"


def _sure(judged: Judged, claim: str, there: pd.DataFrame) -> str:
    shown = there[there["definition"].isin(["", EMERGED])]
    narrowing = shown.loc[shown["headline"].astype(bool), "narrowing"].dropna()
    sentences = [
        "An effect exactly at the threshold would get its verdict wrongly in under 2 of 100 cases, "
        "any other more rarely; that is luck of the runs, not what the model leaves out."
    ]
    if len(narrowing):
        least, most = 100 * narrowing.min(), 100 * narrowing.max()
        span = f"{least:.0f} %" if round(least) == round(most) else f"{least:.0f} to {most:.0f} %"
        sentences.append(
            f"Pairing runs of the same luck leaves {span} of the width that intervals would have "
            "without common luck."
        )
    board = judged.board.drop_duplicates("claim")
    of_claim = board[board["claim"].str.rstrip("abc") == claim]
    for row in of_claim.to_dict("records"):
        others = [name for name in OTHERS if row[name]]
        unlike = [n for n in others if row[n] != row["verdict"]]
        if others and not unlike:
            sentences.append(
                f"The verdict is the same under the {len(others)} other definitions of emergence."
            )
        for name in unlike:
            sentences.append(f"With a {DEFINITIONS[name]}: {row[name]}.")
    if not of_claim[list(OTHERS)].any(axis=None):
        sentences.append("It does not depend on what counts as emergence.")
    return " ".join(sentences)


def _in_worlds(judged: Judged, claim: str) -> list[Node]:
    """Return in what share of the plausible worlds a claim holds."""
    if ROBUSTNESS not in judged.results:
        return []
    board = judged.board.drop_duplicates("claim")
    sentences = []
    for row in board[board["claim"].str.rstrip("abc") == claim].to_dict("records"):
        if not row[f"{ALL}_worlds"] > 0:
            continue
        sentences.append(
            f"{row['claim']} holds in {describe_share(row, ALL)} of {int(row[f'{ALL}_worlds']):,} "
            f"worlds drawn over the plausible ranges, and the opposite in "
            f"{describe_share(row, ALL, 'below')}; among the "
            f"{int(row[f'{RESPONSIVE}_worlds']):,} that respond, in "
            f"{describe_share(row, RESPONSIVE)} and {describe_share(row, RESPONSIVE, 'below')}."
        )
    if not sentences:
        return []
    low, high = (text.share(limit) for limit in RESPONDING)
    sentences.append(
        f"A world responds unless, with and without, under {low} of runs have a movement, or over "
        f"{high}."
    )
    if any(each.kind is Kind.BEST_WEEK for each in judged.estimands if each.claim == claim):
        sentences.append(
            "The better week is chosen in one half of the replicates and compared in the other, so "
            "it cannot truly be the worse one: the share of the opposite is chance, and shows how "
            "much of the share in which the claim holds may be chance too."
        )
    effects, _ = judged.over_worlds
    effects = effects[(effects["claim"] == claim) & (effects["subset"] == ALL)]
    labels = {each.name: each.label for each in judged.estimands if each.claim == claim}
    rows = [
        {
            "effect": labels[line["estimand"]],
            "definition of emergence": DEFINITIONS.get(line["definition"], "–"),
            "worlds": int(line["worlds"]),
            "material in": text.share(line["above"], line["above_low"], line["above_high"]),
            "the opposite in": text.share(line["below"], line["below_low"], line["below_high"]),
            "mean effect": text.number(
                line["mean"], line["mean_low"], line["mean_high"], sign=True
            ),
            "spread": text.number(line["spread"]),
        }
        for line in effects.to_dict("records")
    ]
    table = Table.of(
        pd.DataFrame(rows),
        "Over all worlds, by partial pooling; spread: standard deviation of the effects of worlds",
    )
    return [
        Paragraph(f"In other worlds: {' '.join(sentences)}"),
        details("Every effect and definition over worlds", table),
    ]


def _fails(judged: Judged, claim: str) -> list[Node]:
    """Return the point at which a claim fails, or that none was found."""
    about = judged.claims[claim]
    where = str(about.get("contradicted_where", "")).strip()
    if CONTRADICTIONS not in judged.results:
        sentence = (
            f"Where it fails: {where or 'no such world is known.'} (Not run here: momentum sweep "
            f"experiment={CONTRADICTIONS}.)"
        )
        return [Paragraph(sentence)]
    table = judged.contradictions
    of_claim = table[table["claim"] == claim]
    if of_claim.empty:
        return [Paragraph("Where it fails: none was tried; no contradiction found.")]
    row = of_claim.iloc[0]
    values = row["effect"], row["low"], row["high"]
    if str(row["outcome"]).startswith(EMERGED):
        effect, least = f"emergence {text.points(*values)}", f"{100 * row['least']:.0f} points"
    else:
        number = text.number(*values, sign="level" not in about)
        effect, least = f"{label(row['outcome'])} {number}", f"{row['least']:g}"
    verdict = f"{row['verdict']} ({text.counted(int(row['replicates']), 'pair')})"
    if row["verdict"] not in FAILS:
        verdict = f"the claim does not fail here: {verdict}"
    found = Findings(judged.results[CONTRADICTIONS])
    world = details("That world", Paragraph(_point(found, claim)))
    sentence = f"Where it fails: {where} There: {effect}, material from {least}: {verdict}."
    return [Paragraph(sentence), world]


def _point(found: Findings, claim: str) -> str:
    """Return the world and the variants of the point of a claim, in words."""
    common = found.sets(claim)
    variants = {
        point["label"]: phrases.settings(
            {k: v for k, v in settings_of(point).items() if k not in common or common[k] != v}
        )
        for point in found.points[claim]
    }
    world = f"World: {phrases.settings(common)}." if common else ""
    differ = "; ".join(f"{label}: {sets}" for label, sets in variants.items() if sets)
    return " ".join(filter(None, (world, f"{differ}." if differ else "")))
