"""A factorial of conditions: which combinations are enough for a movement."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis import effects
from experiments.analysis.critical_cost import COST, FOUND, carrying
from experiments.analysis.how_many import by_set, how_many, sufficiency
from experiments.analysis.tables import CONDITION, best_by_size, part
from experiments.analysis.truth_table import (
    CUT_OFF,
    CUT_OFFS,
    MOST_CONDITIONS,
    minimal_sets,
    necessity_and_sufficiency,
)
from experiments.design.experiment import shipped_experiments
from experiments.figures import factorial
from experiments.report.condition_effects import effects_section
from experiments.report.document import Heading, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, say, together
from sim.parameters import Origin, declarations

MOST = 2  # conditions named in a line
TRUST = "lost_trust"  # the condition of which claim C5 says that it draws attention


def answer(found: Findings) -> str:
    """Return how many conditions it takes, and which changes most."""
    sentences = []
    if found.costs is not None and (found.costs["status"] == FOUND).all():
        sentences.append(say("factorial", "by_cost_short", **_by_cost(found)))
    elif found.costs is None and len(found.three) > 1:
        sentences += _sufficiency(found)[:2]
    if found.largest is not None:
        sentences.append(say("factorial", "largest", labels=found.labels, **found.largest))
    return " ".join(sentences) or say("factorial", "too_few")


def surprise(found: Findings) -> str:
    """Return what speaks most against the claims, by a fixed order.

    First a condition that lowers emergence although a claim says it raises it; then one that makes
    no material difference although a claim says it does; then one condition that is enough alone
    although claim C4 says none is; then the conditions about which these runs do not decide.
    """
    claims, labels = _claims(found), found.labels
    table = found.effects[found.effects["condition"].isin(claims)].sort_values("effect")
    rows = {verdict: group.to_dict("records") for verdict, group in table.groupby("verdict")}
    lowering, idle = rows.get("lowers", []), rows.get("no material effect", [])
    attention = [] if lowering else _no_attention(found)
    if lowering or idle or attention:
        begun = found.parameters["movement.origin"] == Origin.ENDOGENOUS.value
        given = {"attention": attention, "labels": labels, "claims": claims, "begun": begun}
        return say("factorial", "contradicted", effects=lowering or idle, **given)
    if len(found.three) > 1:
        settings = how_many(found.truth, found.three)
        alone = settings[(settings["needed"] <= 1).fillna(False)]
        if len(alone):
            given = {"count": len(alone), "settings": len(settings), "among": found.three}
            return say("factorial", "one_alone", sets=alone["sets"].iloc[0], **given)
    if undecided := rows.get("undecided"):
        given = {"conditions": len(table), "most": MOST, "labels": labels}
        return say("factorial", "undecided", effects=undecided, **given)
    return say("factorial", "as_claimed")


def _claims(found: Findings) -> dict[str, str]:
    """Return the claim that says of a condition that it favours emergence, by condition.

    Of the project's experiments as they are now: a result may be older than what they say.
    """
    shipped = shipped_experiments().get(str(found.experiment.get("name")), {})
    conditions = {**found.conditions, **(shipped.get("conditions") or {})}
    return {name: about["claim"] for name, about in conditions.items() if "claim" in about}


def _no_attention(found: Findings) -> list[dict[str, object]]:
    """Return the change that lost trust makes to attention, if it makes no material one."""
    conditions = found.effects["condition"].tolist()
    if TRUST not in conditions or "max_media" not in found.runs:
        return []
    table = effects.leakage(part(found.runs, found.factorials[0]), conditions, ["max_media"])
    row = table[(table["condition"] == TRUST) & (table["high"] < effects.MATERIAL)]
    return row.to_dict("records")


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections on a factorial."""
    how_many_of_three = [_how_many(found, gallery)] if len(found.three) > 1 else []
    return [*how_many_of_three, _combinations(found, gallery), effects_section(found, gallery)]


# -- how many are enough ---------------------------------------------------------------------------


def _how_many(found: Findings, gallery: Gallery) -> Section:
    runs, three = part(found.runs, found.factorials[0]), found.three
    sets = by_set(runs, three, found.effects["condition"].tolist())
    if sets["share"].isna().any():
        parts: list[Part] = [say("factorial", "incomplete")]
    else:
        best = best_by_size(sets, "share")
        parts = [say("factorial", "by_number", names=three, every=len(three), best=best)]
    if found.costs is not None:
        parts += _costs(found, found.costs, gallery)
    shares = {"conditions": sets["set"].map(together), "runs with a movement": cells(sets, "share")}
    return section(
        "When one, two or all three are enough",
        *parts,
        Heading(say("factorial", "at_cost", cost=found.parameters[COST])),
        say("factorial", "counts_as_enough", cut_off=CUT_OFF, among=three),
        bullets(_sufficiency(found)),
        say("factorial", "if_enough", cut_off=CUT_OFFS[0]),
        bullets(_sufficiency(found, CUT_OFFS[0])),
        Table.of(shares, "Averaged over all settings of the other conditions"),
    )


def _sufficiency(found: Findings, cut_off: float = CUT_OFF) -> list[str]:
    """Return in which settings of the other conditions one, two or all three are enough."""
    given = {"among": found.three, "every": len(found.three), "labels": found.labels}
    return [
        say("factorial", "sufficiency", **each._asdict(), **given)
        for each in sufficiency(how_many(found.truth, found.three, cut_off), found.three)
    ]


def _by_cost(found: Findings) -> dict[str, object]:
    """Return up to which cost none, one, two or all conditions are enough."""
    assert found.costs is not None
    names = [name for each in found.costs["set"] if len(each) == 1 for name in each]
    cost = {"cost": found.parameters[COST], "default": declarations()[COST].default}
    return {"names": names, "every": len(names), "costs": carrying(found.costs)} | cost


def _costs(found: Findings, costs: pd.DataFrame, gallery: Gallery) -> list[Part]:
    of_costs = part(found.runs, found.cost_parts[0])
    tried = float(of_costs[COST].min()), float(of_costs[COST].max())
    others = [c for c in found.effects["condition"] if not of_costs[f"{CONDITION}{c}"].any()]
    off = [found.label(name) for name in others]
    missing = costs[costs["status"] != FOUND].to_dict("records")
    shown = costs.assign(set=costs["set"].map(together))
    return [
        say("factorial", "by_cost", missing=missing, off=off, **_by_cost(found)),
        gallery.add(
            "critical_costs",
            factorial.draw_costs(shown, tried, float(found.parameters[COST])),
            shown,
        ),
        say("factorial", "together_matters")
        if "C4" in (found.experiment.get("claims") or [])
        else "",
    ]


# -- every combination -----------------------------------------------------------------------------


def _combinations(found: Findings, gallery: Gallery) -> Section:
    truth, conditions = found.truth, found.effects["condition"].tolist()
    parts: list[Part] = [gallery.show("factorial", factorial.draw, truth, found.labels)]
    if len(conditions) <= MOST_CONDITIONS:
        rows = [
            {
                "cut-off": f"{100 * row.cut_off:.0f} %",
                "minimal combinations that suffice": "; or ".join(
                    together([n if n in each.held else f"no {n}" for n in conditions
                              if n in each.held + each.absent], "whatever holds")
                    for each in row.combinations
                ) or "none is sure to reach it",
                "smallest share among their rows": text.share(row.smallest_share)
                if row.combinations else "–",
            }
            for row in minimal_sets(truth).itertuples()
        ]  # fmt: skip
        parts += [
            Heading("Minimal combinations that suffice"),
            Table.of(rows, say("factorial", "minimal_caption")),
        ]
    single = necessity_and_sufficiency(truth)
    columns = {
        "condition": [found.labels.get(name, name) for name in single["condition"]],
        "sufficient: smallest share with it": cells(single, "sufficiency"),
        "necessary: largest share without it": cells(single, "necessity"),
    }
    full = truth[[*conditions, "runs", "successes"]].assign(
        share=cells(truth, "share"),
        outcome=truth["outcome"].astype("string").fillna("undecided"),
    )
    return section(
        "Every combination",
        *parts,
        Table.of(columns, say("factorial", "single_caption")),
        details("The whole truth table", Table.of(full, say("factorial", "truth_caption"))),
    )
