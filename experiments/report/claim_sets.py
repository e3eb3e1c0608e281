"""The claims over three sets of worlds: the default one, all ranges, those that facts leave."""

from __future__ import annotations

import math
from typing import Any

from experiments.analysis.tables import finished
from experiments.claims.board import OF_CALIBRATED, TO_CALIBRATE, describe_share, describe_verdict
from experiments.claims.deciding import drawn_in
from experiments.report.document import Code, Node, Paragraph, Table
from experiments.report.judged import CALIBRATED, Judged
from sim.columns import label

MIDDLE = (0.05, 0.95)  # of the worlds not ruled out
CAPTION = (
    "The claims over three sets of worlds: the default one, all plausible ranges, and those that "
    "the facts of the case do not rule out. Where the intervals of the last two lie apart: by "
    "which parameter the claim differs most over all ranges, and 90 % of its values in the worlds "
    "not ruled out"
)


def three_sets(judged: Judged) -> list[Node]:
    """Return how each claim fares in each set of worlds, and where the sets differ, why.

    Without worlds that facts do not rule out: the commands that make them.
    """
    claims = judged.board.drop_duplicates("claim").to_dict("records")
    if not any(math.isfinite(row[f"{OF_CALIBRATED}above"]) for row in claims):
        return [
            Paragraph(
                "The claims were not judged over the worlds that the facts of a case do not rule "
                "out. These two commands do it:"
            ),
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
