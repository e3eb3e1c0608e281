"""The section on claims: what these runs say of them, and a point where each fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.analysis import words
from experiments.analysis.contradictions import FAILS, contradictions
from experiments.design import settings_of
from experiments.figures import page
from experiments.report.findings import Findings, read_claims, told_settings
from experiments.store import Result

SIBLINGS = ("contradictions-full", "contradictions", "contradictions-smoke")


def claims_section(found: Findings) -> str:
    """Return the section; empty for a result without an experiment."""
    claims = read_claims()
    if not claims or not found.experiment:
        return ""
    parts = []
    here = _claims_here(found)
    if here:
        rows = [
            {"claim": name, "statement": claims[name]["statement"].strip(), "in these runs": text}
            for name, text in here.items()
            if name in claims
        ]
        parts += [
            page.paragraph(
                "What these runs say of the claims, in the one world they were run in. A claim "
                "that holds here may fail elsewhere."
            ),
            page.table(pd.DataFrame(rows)),
        ]
    parts.append("<h3>A point where the model contradicts each claim</h3>")
    source = found if found.is_of_claims else _sibling(found)
    if source is None:
        parts.append(
            page.paragraph(
                "Such points have not been run into this folder of results yet: "
                "momentum sweep experiment=contradictions, then momentum report."
            )
        )
        return page.section("The claims", *parts)
    table = contradictions(source.runs, claims).set_index("claim")
    rows = []
    for name, about in claims.items():
        row: dict[str, str] = {
            "claim": f"{name} {about['title']}",
            "statement": about["statement"].strip(),
        }
        if name in table.index:
            row |= _contradiction(source, name, about, table.loc[name])
        else:
            row |= dict.fromkeys(("effect there", "material from"), "–")
            row |= {"point": "none was tried", "found": "no contradiction found"}
        rows.append(row)
    if source is not found:
        same = source.result.design.model == found.result.design.model
        model = "of the same model" if same else "of an earlier version of the model"
        parts.append(page.paragraph(f"From the result {source.result.name}, {model}."))
    caption = (
        "Effect: with what the claim says matters − without it, paired by replicate, with its 95 % "
        "interval. A claim is contradicted at its point if the whole interval lies below minus "
        "what is material; it has no material effect if the interval stays below what is material."
    )
    parts.append(page.table(pd.DataFrame(rows), caption))
    return page.section("The claims", *parts)


def _contradiction(
    source: Findings, name: str, about: Mapping[str, Any], row: pd.Series
) -> dict[str, str]:
    values = row["effect"], row["low"], row["high"]
    outcome = str(row["outcome"])
    if outcome.startswith("emerged"):
        effect, least = f"emergence {words.points(*values)}", f"{100 * row['least']:.0f} points"
    else:
        told = words.number(*values, sign="level" not in about)
        effect, least = f"{outcome.replace('_', ' ')} {told}", f"{row['least']:g}"
    common = source.sets(name)
    arms = {
        point["label"]: told_settings(
            {k: v for k, v in settings_of(point).items() if k not in common or common[k] != v}
        )
        for point in source.points[name]
    }
    where = str(about.get("contradicted_where", "")).strip()
    world = f"World: {told_settings(common)}." if common else ""
    told = "; ".join(f"{label}: {text}" for label, text in arms.items() if text)
    verdict = f"{row['verdict']} ({words.counted(int(row['replicates']), 'pair')})"
    if row["verdict"] not in FAILS:
        verdict = f"the claim does not fail here: {verdict}"
    return {
        "point": " ".join(filter(None, (where, world, f"{told}." if told else ""))),
        "effect there": effect,
        "material from": least,
        "found": verdict,
    }


def _sibling(found: Findings) -> Findings | None:
    """Return a result with the claims' points beside this one, of the same model if there is."""
    here = found.result.path.parent
    folders = [parent / name for parent in (here, here / "published") for name in SIBLINGS]
    there = [Result(folder) for folder in folders if (folder / "design.json").is_file()]
    there.sort(key=lambda result: result.design.model != found.result.design.model)
    return Findings(there[0]) if there else None


def _claims_here(found: Findings) -> dict[str, str]:
    """Return what these runs say of each claim they are about."""
    result: dict[str, str] = {}
    if found.is_of_claims or found.runs.empty:
        return result
    if not found.factorials:
        if found.launches and not found.contrasts.empty:
            row = found.contrasts.iloc[0].to_dict()
            result["C8"] = words.launch(row, found.when)[0]
        return result
    for row in found.effects.itertuples():
        claim = words.CLAIM_OF.get(row.condition)
        if claim is None:
            continue
        change = words.points(row.effect, row.low, row.high)
        text = f"{found.label(row.condition)}: {row.verdict}, {change}"
        result[claim] = f"{result[claim]}; {text}" if claim in result else text
    if found.conjunction is not None:
        result["C4"] = " ".join(words.conjunction(found.conjunction)) or "the costs do not tell"
    if found.attention is not None:
        change, low, high = found.attention[["difference", "low", "high"]]
        told = words.number(change, low, high, sign=True)
        row = found.effects.set_index("condition").loc[words.TRUST]
        result["C5"] = (
            f"{found.label(words.TRUST)}: the highest attention of the media changes by {told} "
            f"(0 to 1), emergence by {words.points(row['effect'], row['low'], row['high'])}"
        )
    return dict(sorted(result.items(), key=lambda item: int(item[0][1:])))
