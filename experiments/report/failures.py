"""In which worlds each claim does not hold: boxes of the ranges the worlds were drawn from."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.tables import part
from experiments.claims.estimands import EMERGED, Estimand
from experiments.claims.pooling import ALL
from experiments.claims.robustness import distributions
from experiments.report.document import Heading, Node, Paragraph, Section, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import ROBUSTNESS, Judged

WORLD = "sample"
EVENT = "the claim does not hold"


def has_failures(found: Findings) -> bool:
    """Whether the variants of the claims were run in worlds drawn from ranges."""
    return found.experiment.get("name") == ROBUSTNESS and bool(found.sampled)


def failures_answer(found: Findings) -> str:
    """Return in what share of the worlds each claim holds."""
    of_claims = found.cached("claims over worlds", lambda: distributions(_effects(found))[1])
    chosen = of_claims[of_claims["subset"] == ALL]
    chosen = chosen[chosen["definition"].isin(["", EMERGED])].dropna(subset="above")
    shares = [f"{row.claim} {text.share(row.above)}" for row in chosen.itertuples()]
    return (
        f"Share of the worlds drawn in which each claim holds: {', '.join(shares)}."
        if shares
        else ""
    )


def failure_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with a heading for each claim."""
    from experiments.analysis.prim import boxes
    from experiments.figures import boxes as drawing

    parts: list[Node] = [
        Paragraph(
            "Boxes of worlds in which the effect found is not material, or opposite, clearly more "
            "often than elsewhere; searched in every other world, judged on the rest. Here worlds "
            "are counted by what their few runs show, errors included; in what share of worlds a "
            "claim holds stands above and under its claim, by partial pooling."
        )
    ]
    for claim, table in _by_claim(found).items():
        names = [name for name in table.columns if name not in (WORLD, "fails")]
        names = [name for name in names if table[name].nunique() > 1]
        found_boxes = boxes(table, names, "fails")
        share = text.share(float(table["fails"].mean()))
        parts.append(Heading(f"{claim}: not seen in {share} of worlds"))
        if found_boxes.empty:
            parts.append(Paragraph(f"{drawing.headline(found_boxes, EVENT)}."))
            continue
        drawn = drawing.draw(found_boxes, EVENT)
        alt = drawing.describe(found_boxes, EVENT)
        parts.append(gallery.add(f"failures-{claim.lower()}", drawn, alt, found_boxes))
    return [section("In which worlds each claim fails", *parts)]


def _by_claim(found: Findings) -> dict[str, pd.DataFrame]:
    """Return the worlds of each claim, with ``fails``: not all of its effects are material."""
    judged = Judged({ROBUSTNESS: found.result})
    decisive = [each for each in judged.estimands if each.headline and each.worlds in found.sampled]
    effects = _effects(found)
    effects = effects[effects["definition"].isin(["", EMERGED])]
    result: dict[str, pd.DataFrame] = {}
    for claim in dict.fromkeys(each.claim + each.branch for each in decisive):
        of_claim = [each for each in decisive if each.claim + each.branch == claim]
        held = pd.concat([_held(effects, each) for each in of_claim], axis=1).dropna()
        if held.empty:
            continue
        name = of_claim[0].worlds
        worlds = part(found.runs, name).groupby(WORLD)[found.sampled[name]].first()
        fails = (~held.astype(bool).all(axis=1)).rename("fails")
        result[claim] = worlds.join(fails, how="inner").reset_index()
    return result


def _effects(found: Findings) -> pd.DataFrame:
    """Return every effect in every world."""
    judged = Judged({ROBUSTNESS: found.result})
    return found.cached("effects by world", lambda: judged.by_world)


def _held(effects: pd.DataFrame, each: Estimand) -> pd.Series:
    """Return by world whether the effect found is material."""
    chosen = (effects["claim"] == each.claim) & (effects["estimand"] == each.name)
    table = effects[chosen & (effects["branch"] == each.branch)].set_index(WORLD)
    return (table["effect"] > each.materiality).rename(each.name)
