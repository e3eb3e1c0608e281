"""The verdict board: every claim with its kind, effects, verdict, and how it fares over worlds.

What kind a claim is follows from one test that is the same for all of them. Can the sign of an
effect be turned around inside the plausible ranges? A world in which it is materially the opposite
is searched (`experiments.claims.search`) and checked with fresh seeds (experiment contradictions).
A claim whose sign can be turned around is testable, and gets a verdict. One whose sign cannot says
more of the model, or of how it is measured, than of movements.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.effects import DEFINITIONS
from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import EMERGED, LOGARITHMS, Estimand, Unit
from experiments.claims.robustness import SHARES
from experiments.claims.verdict import Verdict, claims_table, effects_table
from experiments.text import number

CONTRADICTIONS = "contradictions"
MOST = 0.95  # of worlds, or of runs


class ClaimKind(StrEnum):
    """What a claim is, in the model."""

    TESTABLE = "testable"  # there is a world in which its sign is the opposite
    DEFINITION = "by definition"  # not, and it holds in nearly every world
    CEILING = "ceiling"  # not, and where it fails the outcome had no room to rise
    BUILT_IN = "built in"  # not: a rule of the model gives the effect its sign
    UNKNOWN = "kind not tested"  # the search has not been checked, or no worlds were drawn


_NOWHERE = "no world inside the plausible ranges was found that contradicts it"
REASONS = {
    ClaimKind.TESTABLE: "there is a world inside the plausible ranges that contradicts it",
    ClaimKind.DEFINITION: f"{_NOWHERE}, and it holds in nearly all worlds drawn",
    ClaimKind.CEILING: (f"{_NOWHERE}, and where it does not hold the outcome had no room to rise"),
    ClaimKind.BUILT_IN: f"{_NOWHERE}: the effect is as the claim says, or nothing",
    ClaimKind.UNKNOWN: (
        "that needs the experiments contradictions and robustness, one of which was not run"
    ),
}

OF_CALIBRATED = "calibrated_"
"""Prefix of what concerns the worlds that the facts of a case do not rule out."""

COLUMNS = [
    "claim", "title", "kind", "verdict", "where", "label", "effect", "low", "high", "unit",
    "materiality", "effect_verdict", "replicates", "narrowing", *DEFINITIONS, "worlds", *SHARES,
    *(f"{OF_CALIBRATED}{name}" for name in ("worlds", *SHARES)),
]  # fmt: skip

TO_CALIBRATE = (
    "momentum calibrate case=buytwitter",
    "momentum sweep experiment=robustness worlds=calibrated",
)
"""The commands that judge the claims over the worlds that facts do not rule out."""


def board(
    effects: pd.DataFrame,
    worlds: pd.DataFrame,
    claims: Mapping[str, Mapping[str, Any]],
    kinds: Mapping[str, ClaimKind],
    calibrated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the board.

    Parameters
    ----------
    effects
        From `verdict.effects_table`.
    worlds
        Of claims, from `robustness.distributions`; may be empty.
    claims
        As they are written, by name.
    kinds
        By claim or branch (C7a).
    calibrated
        As ``worlds``, of those that the facts of a case do not rule out; None: there are none.

    Returns
    -------
    A row for each effect that decides a claim (`COLUMNS`): kind, verdict, the verdicts on emergence
    under every definition (empty if the claim has none) and the shares of worlds are those of the
    whole claim and repeat in its rows.
    """
    verdicts = claims_table(effects).set_index("claim")
    shown = effects[effects["headline"].astype(bool) & effects["definition"].isin(["", EMERGED])]
    rows = []
    for line in shown.to_dict("records"):
        claim, about = line["claim"] + line["branch"], claims[line["claim"]]
        row: dict[str, Any] = {name: line[name] for name in COLUMNS if name in line}
        row |= {"claim": claim, "title": about["title"], "where": about.get("where", "")}
        row |= {"kind": str(kinds.get(claim, ClaimKind.UNKNOWN))}
        row |= {"effect_verdict": line["verdict"], **verdicts.loc[claim].to_dict()}
        for prefix, table in (("", worlds), (OF_CALIBRATED, calibrated)):
            of_claim = [] if table is None else table[table["claim"] == claim].to_dict("records")
            row |= {
                prefix + name: found[name] for found in of_claim for name in ("worlds", *SHARES)
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def describe_effect(line: Mapping[str, Any]) -> str:
    """Return an effect of the board with its interval, in its unit.

    Examples
    --------
    >>> describe_effect({"effect": 0.301, "low": 0.0, "high": 0.477, "unit": "factor"})
    '× 2.00 [1.00 to 3.00]'
    """
    values = line["effect"], line["low"], line["high"]
    if Unit(line["unit"]) in LOGARITHMS:
        value, low, high = (f"{min(10.0**each, 1e6):.2f}" for each in values)
        return f"× {value} [{low} to {high}]"
    if line["unit"] in (Unit.COST.value, Unit.LEVEL.value):
        return number(*values, sign=True)
    if line["unit"] == Unit.PART.value:
        return text.share(*values)
    return text.points(*values)


def describe_share(line: Mapping[str, Any], side: str = "above") -> str:
    """Return the share of worlds in which a claim holds (or fails), with its interval.

    ``calibrated_above`` is that of the worlds that the facts of a case do not rule out.
    """
    value = line[side]
    if not math.isfinite(value):
        return "–"
    return text.share(value, line[f"{side}_low"], line[f"{side}_high"])


def describe_verdict(line: Mapping[str, Any]) -> str:
    """Return what is said of a claim: its verdict where it is testable, else its kind.

    A verdict on a record says that it is one. While the kind is not known the verdict stands.
    """
    if line["verdict"] == Verdict.NOT_RUN:
        return str(line["verdict"])
    if line["kind"] not in (ClaimKind.TESTABLE, ClaimKind.UNKNOWN):
        return f"no verdict ({line['kind']})"
    return f"{line['verdict']} {line['where']}".strip()


def markdown(table: pd.DataFrame) -> str:
    """Return the board as a Markdown table, a row a claim.

    Parameters
    ----------
    table
        From `board`.
    """
    head = "| claim | kind | verdict | effect | holds in, of all worlds | the opposite in "
    head += "| of worlds not ruled out | the opposite in |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        effects = "; ".join(
            f"{line['label']} {describe_effect(line)}"
            + ("" if line["effect_verdict"] == line["verdict"] else f" ({line['effect_verdict']})")
            for line in rows.to_dict("records")
            if line["effect_verdict"] != Verdict.NOT_RUN
        )
        cells = [
            f"{claim} {first['title'].lower()}",
            first["kind"],
            f"**{describe_verdict(first)}**",
            effects or "–",
            describe_share(first),
            describe_share(first, "below"),
            describe_share(first, f"{OF_CALIBRATED}above"),
            describe_share(first, f"{OF_CALIBRATED}below"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    if table[f"{OF_CALIBRATED}worlds"].isna().all():
        commands = " and ".join(f"`{command}`" for command in TO_CALIBRATE)
        lines += ["", f"Worlds not ruled out by the facts of a case: not run; {commands} do it."]
    return "\n".join(lines) + "\n"


def at_points(estimands: Sequence[Estimand], runs: pd.DataFrame) -> pd.DataFrame:
    """Return the headline effects of each claim in the world where it was thought to fail.

    Parameters
    ----------
    estimands
        Those of the claims; each is evaluated in the part that has the name of its claim or branch.
    runs
        Of experiment contradictions.

    Returns
    -------
    As `verdict.effects_table`, with ``fails``: whether the effect contradicts the claim, and
    ``turned``: whether its sign is the opposite for sure, or it contradicts the claim.
    """
    there = [
        each.model_copy(update={"experiment": CONTRADICTIONS, "part": each.claim + each.branch})
        for each in estimands
        if each.headline
    ]
    table = effects_table(there, {CONTRADICTIONS: runs})
    table = table[table["definition"].isin(["", "emerged"])].reset_index(drop=True)
    directed = pd.Series([each.directed for each in there], dtype=bool)
    table["fails"] = contradicts(table, directed)
    table["turned"] = table["fails"] | (directed & (table["high"] < 0))
    return table[table["verdict"] != Verdict.NOT_RUN]


def contradicts(effects: pd.DataFrame, directed: pd.Series) -> pd.Series:
    """Return which effects contradict their claim.

    An effect that names a direction is materially the opposite; another one has no material effect
    although what it counts is there.
    """
    opposite = effects["verdict"] == Verdict.CONTRADICTED
    none = (effects["verdict"] == Verdict.NO_EFFECT) & (effects["off"] > effects["materiality"])
    return (directed & opposite) | (~directed & none)


def kind_of(points: pd.DataFrame, effects: pd.DataFrame) -> ClaimKind:
    """Return the kind of a claim.

    Parameters
    ----------
    points
        Its rows of `at_points`; empty: not run.
    effects
        Rows of `robustness.effects_by_world` of its headline effects; empty: not run.
    """
    if points["turned"].any():
        return ClaimKind.TESTABLE
    if points.empty or effects.empty:
        return ClaimKind.UNKNOWN
    held = effects["effect"] > effects["materiality"]
    by_world = held.groupby(effects[WORLD]).all()
    if by_world.mean() >= MOST:
        return ClaimKind.DEFINITION
    if (effects.loc[~held, "off"] >= MOST).mean() >= MOST:
        return ClaimKind.CEILING
    return ClaimKind.BUILT_IN
