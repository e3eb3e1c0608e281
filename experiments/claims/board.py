"""The verdict board: every claim with its effects, its verdict, and how it fares over worlds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.analysis import words
from experiments.analysis.effects import DEFINITIONS
from experiments.claims.estimands import EMERGED, Unit
from experiments.claims.pooling import ALL, RESPONSIVE
from experiments.claims.verdict import Verdict, claims_table

OTHERS = tuple(name for name in DEFINITIONS if name != EMERGED)
"""The other definitions of emergence."""

_SHARES = ["above", "above_low", "above_high", "below", "below_low", "below_high"]
COLUMNS = [
    "claim", "title", "verdict", "label", "effect", "low", "high", "unit", "materiality",
    "effect_verdict", "look", "replicates", "narrowing", *OTHERS,
    *(f"{subset}_{name}" for subset in (ALL, RESPONSIVE) for name in ("worlds", *_SHARES)),
]  # fmt: skip


def board(effects: pd.DataFrame, worlds: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Return the board.

    Parameters
    ----------
    effects
        From `claims.effects_table`.
    worlds
        Of claims, from `robustness.distributions`; may be empty.
    titles
        By claim.

    Returns
    -------
    A row for each effect that decides a claim (`COLUMNS`): verdict, the other definitions of
    emergence (empty if the claim does not depend on them) and the shares of worlds are those of the
    whole claim and repeat in its rows.
    """
    verdicts = claims_table(effects).set_index("claim")
    shown = effects[effects["headline"].astype(bool) & effects["definition"].isin(["", EMERGED])]
    rows = []
    for line in shown.to_dict("records"):
        claim = line["claim"] + line["branch"]
        row: dict[str, Any] = {name: line[name] for name in COLUMNS if name in line}
        row |= {"claim": claim, "title": titles[line["claim"]]}
        row |= {"effect_verdict": line["verdict"], "verdict": verdicts.loc[claim, "verdict"]}
        for name in OTHERS:
            row[name] = verdicts.loc[claim, name] if line["definition"] == EMERGED else ""
        of_claim = worlds[(worlds["claim"] == claim) & worlds["definition"].isin(["", EMERGED])]
        for found in of_claim.to_dict("records"):
            row |= {f"{found['subset']}_{name}": found[name] for name in ("worlds", *_SHARES)}
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def describe_effect(line: Mapping[str, Any]) -> str:
    """Return an effect of the board with its interval, in its unit."""
    values = line["effect"], line["low"], line["high"]
    if line["unit"] == Unit.COST.value:
        return words.number(*values, sign=True)
    if line["unit"] == Unit.PART.value:
        return words.share(*values)
    return words.points(*values)


def describe_share(line: Mapping[str, Any], subset: str, side: str = "above") -> str:
    """Return the share of worlds in which a claim holds (or fails), with its interval."""
    value = line[f"{subset}_{side}"]
    if not math.isfinite(value):
        return "–"
    return words.share(value, line[f"{subset}_{side}_low"], line[f"{subset}_{side}_high"])


def markdown(table: pd.DataFrame) -> str:
    """Return the board as a Markdown table, a row a claim.

    Parameters
    ----------
    table
        From `board`.
    """
    head = (
        "| claim | verdict | effect | holds in, of all worlds | of responding worlds | "
        "the opposite in |"
    )
    lines = [head, "|---|---|---|---|---|---|"]
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        effects = "; ".join(
            f"{line['label']} {describe_effect(line)}" + _unlike(line)
            for line in rows.to_dict("records")
            if line["effect_verdict"] != Verdict.NOT_RUN
        )
        cells = [
            f"{claim} {first['title'].lower()}",
            f"**{first['verdict']}**",
            effects or "–",
            describe_share(first, ALL),
            describe_share(first, RESPONSIVE),
            describe_share(first, ALL, "below"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _unlike(line: Mapping[str, Any]) -> str:
    """Return the verdict on an effect where it is not that on the claim."""
    if line["effect_verdict"] == line["verdict"]:
        return ""
    return f" ({line['effect_verdict']})"
