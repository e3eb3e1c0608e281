"""How one claim fares in other worlds: where it holds, what decides it, where it fails."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.effects import DEFINITIONS
from experiments.analysis.tables import finished
from experiments.claims.board import (
    CONTRADICTIONS,
    OF_CALIBRATED,
    TO_CALIBRATE,
    describe_effect,
    describe_share,
    describe_verdict,
)
from experiments.claims.estimands import Kind
from experiments.claims.over_worlds import Deciding, drawn_in
from experiments.design.point import settings_of
from experiments.report import phrases
from experiments.report.document import Code, Paragraph, Part, Table, details
from experiments.report.findings import Findings
from experiments.report.judged import CALIBRATED, Judged
from experiments.report.phrases import estimate
from sim.columns import label

SETS = {"": "drawn over the plausible ranges", OF_CALIBRATED: "that the facts do not rule out"}
"""Sets of worlds in words, by the prefix of their columns."""
CHANCE = (
    "In these worlds users of any plausible kind live through the same record. The better week is "
    "chosen in one half of the replicates and compared in the other, so it cannot truly be the "
    "worse one: the share of the opposite is chance, and shows how much of the share in which the "
    "claim holds may be chance too."
)
MIDDLE = (0.05, 0.95)  # of the worlds not ruled out
CAPTION = (
    "The claims over three sets of worlds: the default one, all plausible ranges, and those that "
    "the facts of the case do not rule out. Where the intervals of the last two lie apart: by "
    "which parameter the claim differs most over all ranges, and 90 % of its values in the worlds "
    "not ruled out"
)


def holds_in(judged: Judged, claim: str) -> list[str]:
    """Return in what share of each set of worlds a claim holds, a sentence a branch and set."""
    return [
        f"{row['claim']} holds in {describe_share(row, f'{prefix}above')} of "
        f"{int(row[f'{prefix}worlds']):,} worlds {which}, and the opposite in "
        f"{describe_share(row, f'{prefix}below')}."
        for prefix, which in SETS.items()
        for row in judged.of_claim(claim).to_dict("records")
        if math.isfinite(row[f"{prefix}above"])
    ]


def in_worlds(judged: Judged, claim: str) -> list[Part]:
    """Return in what share of the plausible worlds a claim holds, and in which."""
    shares = " ".join(holds_in(judged, claim))
    return [f"In other worlds: {shares}", *which_worlds(judged, claim)] if shares else []


def which_worlds(judged: Judged, claim: str) -> list[Part]:
    """Return in which of the plausible worlds a claim holds, and each effect over all of them."""
    if not holds_in(judged, claim):
        return []
    effects, _ = judged.over_worlds.distributions
    effects = effects[effects["claim"] == claim]
    of_claim = {each.name: each for each in judged.estimands if each.claim == claim}
    rows = [
        {
            "effect": of_claim[line["estimand"]].label,
            "definition of emergence": DEFINITIONS.get(line["definition"], "–"),
            "worlds": int(line["worlds"]),
            "material in": text.share(*estimate(line, "above")),
            "the opposite in": text.share(*estimate(line, "below")),
            "mean effect": text.number(*estimate(line, "mean"), sign=True),
            "spread": text.number(line["spread"]),
        }
        for line in effects.to_dict("records")
    ]
    table = Table.of(
        rows,
        "Over all worlds, estimated together (partial pooling); spread: standard deviation of the "
        "effects of worlds",
    )
    decided = [
        said
        for branch in judged.branches_of(claim)
        if (found := judged.over_worlds.deciding.get(branch)) is not None
        for said in (_decided(branch, found), _box(judged, branch))
    ]
    by_week = any(each.kind is Kind.BEST_WEEK for each in of_claim.values())
    return [
        CHANCE if by_week else "",
        *decided,
        details("Every effect and definition over worlds", table),
    ]


def _decided(branch: str, found: Deciding) -> str:
    """Return how the share of worlds depends on the parameter that decides most."""
    shares = [
        f"where it is {side} {found.split:g}, the claim holds in {describe_share(row)} of "
        f"{int(row['worlds']):,} worlds and the opposite in {describe_share(row, 'below')}"
        for side, row in zip(("at most", "above"), found.table.to_dict("records"), strict=True)
    ]
    how = (
        "of all parameters, the effect depends most on this one; found in one half of the worlds, "
        "counted in the other"
        if found.chosen
        else "chosen before the runs"
    )
    return f"{branch} and {label(found.parameter)} ({how}): {'; '.join(shares)}."


def _box(judged: Judged, branch: str) -> str:
    """Return the worlds in which a claim holds, as ranges of a few parameters."""
    table = judged.over_worlds.boxes[branch]
    if table.empty:
        return (
            f"{branch}: no region of the worlds (ranges of up to three parameters) was found in "
            "which it holds clearly more often than elsewhere."
        )
    rows = table[table["box"] == table["box"].iloc[0]]
    first = rows.iloc[0]
    return (
        f"{branch} holds most where {text.joined(map(_limit, rows.to_dict('records')))}: in "
        f"{text.share(*estimate(first, 'density'))} of such worlds (density), against "
        f"{text.share(first['base'])} of all; these are {text.share(first['coverage'])} of the "
        "worlds in which it holds (coverage)."
    )


def _limit(row: Mapping[str, Any]) -> str:
    low, high = text.number(row["low"]), text.number(row["high"])
    where = f"from {low} to {high}"
    if row["allowed"]:
        where = ", ".join(row["allowed"])
    elif math.isnan(row["low"]):
        where = f"at most {high}"
    elif math.isnan(row["high"]):
        where = f"at least {low}"
    return f"{label(row['parameter'])} is {where}"


def where_it_fails(judged: Judged, claim: str) -> list[Part]:
    """Return the world found by search in which a claim fails, or that comes nearest."""
    if CONTRADICTIONS not in judged.results:
        command = f"momentum sweep experiment={CONTRADICTIONS}"
        return [f"Where it fails: not run here ({command})."]
    found = Findings(judged.results[CONTRADICTIONS])
    points = judged.contradictions
    parts: list[Part] = []
    for branch in judged.branches_of(claim):
        rows = points[points["part"] == branch]
        if rows.empty:
            continue
        effects = "; ".join(
            f"{row['label']} {describe_effect(row)}, {row['verdict']}"
            for row in rows.to_dict("records")
        )
        seeds = text.counted(int(rows["replicates"].max()), "fresh seed")
        searched = re.sub("^(found|nearest miss) among", "one of", found.part_label(branch))
        how = f"{searched}, checked with {seeds}"  # which decide, not what the search found
        parts += [
            f"Where {branch} fails: {_fails(rows)} ({how}): {effects}.",
            details(f"The world of {branch}", Paragraph(_point(found, branch))),
        ]
    return parts or ["Where it fails: not searched."]


def _fails(rows: pd.DataFrame) -> str:
    """Return whether effects in the world found by search contradict a claim, in words."""
    if rows["fails"].any():
        return "in a world found by search it is contradicted"
    if rows["turned"].any():
        return (
            "no world searched contradicts it; in the nearest its sign is the opposite, though "
            "not materially for sure"
        )
    return "no world searched contradicts it; this is the nearest"


def _point(found: Findings, claim: str) -> str:
    """Return the world and the variants of the point of a claim, in words."""
    common = found.sets(claim)
    variants = {
        point.get("label", ""): phrases.settings(
            {k: v for k, v in settings_of(point).items() if k not in common or common[k] != v}
        )
        for point in found.points[claim]
    }
    differ = "; ".join(f"{label}: {sets}" for label, sets in variants.items() if label and sets)
    said = (f"World: {phrases.settings(common)}" if common else "", differ)
    return " ".join(f"{each}." for each in said if each)


def three_sets(judged: Judged) -> list[Part]:
    """Return how each claim fares in each set of worlds, and where the sets differ, why.

    Without worlds that facts do not rule out: the commands that make them.
    """
    claims = judged.board.drop_duplicates("claim").to_dict("records")
    if not any(math.isfinite(row[f"{OF_CALIBRATED}above"]) for row in claims):
        return [
            "The claims were not judged over the worlds that the facts of a case do not rule out. "
            "These two commands do it:",
            Code("\n".join(TO_CALIBRATE)),
        ]
    rows = [
        {
            "claim": f"{row['claim']} {row['title'].lower()}",
            "default world": describe_verdict(row),
            "holds in, of all ranges": describe_share(row),
            "holds in, of those not ruled out": describe_share(row, f"{OF_CALIBRATED}above"),
            "where they differ": _why(judged, row),
        }
        for row in claims
    ]
    return [Table.of(rows, CAPTION)]


def _why(judged: Judged, row: dict[str, Any]) -> str:
    """Return what decides a claim and where its values lie, if the sets differ; else nothing."""
    before, after = ((row[f"{p}above_low"], row[f"{p}above_high"]) for p in ("", OF_CALIBRATED))
    if not all(map(math.isfinite, (*before, *after))):
        return ""
    if after[0] <= before[1] and before[0] <= after[1]:
        return "not seen to differ"
    direction = "more often" if after[0] > before[1] else "less often"
    found = judged.over_worlds.deciding.get(row["claim"])
    if found is None:
        return direction
    each = next(e for e in judged.estimands if e.headline and e.claim + e.branch == row["claim"])
    drawn = drawn_in(finished(judged.results[CALIBRATED].runs()), each.worlds)
    if found.parameter not in drawn:
        return direction
    low, high = drawn[found.parameter].quantile(list(MIDDLE))
    return f"{direction}; {label(found.parameter)} is {low:.3g} to {high:.3g} there"
