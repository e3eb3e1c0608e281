"""The claims as the page shows them: what the study says of each, and the worlds that try it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis.critical_cost import COST
from experiments.analysis.launch_window import LAUNCH
from experiments.analysis.tables import combinations
from experiments.claims.board import describe_effect, describe_share, describe_verdict
from experiments.claims.estimands import Estimand, Kind
from experiments.design.draw import follow_up
from experiments.design.experiment import Part
from experiments.files import read_yaml
from experiments.places import CONF
from experiments.report.judged import read_claims
from sim.parameters import Origin, declarations

_TOLD = {"kind", "name", "label", "outcome", "against", "unit", "materiality", "pooled"}
CONDITION = "condition."
NO_RECORD = "no_case"
"""The part of an experiment that has the model's own firm in place of the record of a real one."""


def cards(board: Path, known: list[Estimand], compared: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what there is to show of each claim: its statement, verdicts and shares of worlds.

    Parameters
    ----------
    board
        The table beside the figure of verdicts.
    known
        What decides the claims.
    compared
        By kind of effect, what is compared, where an effect does not say it.
    """
    table = pd.read_csv(board).fillna({"where": ""})
    found = []
    for name, claim in read_claims().items():
        decisive = [each for each in known if each.claim == name and each.headline]
        kinds = {each.kind.value for each in decisive}
        said = " ".join(compared[kind] for kind in kinds & set(compared))
        branches = []
        for branch in dict.fromkeys(each.claim + each.branch for each in decisive):
            rows = table[table["claim"] == branch].to_dict("records")
            effects = "; ".join(f"{row['label']} {describe_effect(row)}" for row in rows)
            branches.append(
                {
                    "name": branch,
                    "verdict": describe_verdict(rows[0]),
                    "effects": effects,
                    "worlds": int(rows[0]["worlds"]),
                    "holds": describe_share(rows[0]),
                    "opposite": describe_share(rows[0], "below"),
                    "above": round(100 * rows[0]["above"], 1),
                    "below": round(100 * rows[0]["below"], 1),
                    "compared": said,
                }
            )
        statement = str(claim["statement"]).strip()
        found.append(
            {"name": name, "title": claim["title"], "statement": statement, "branches": branches}
        )
    return found


def trials(known: list[Estimand]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return, by claim and branch, the worlds that the page runs and how it compares them.

    They are those of experiment robustness, which runs the variants of the claims in many worlds.
    """
    experiment = read_yaml(CONF / "experiment" / "robustness.yaml")
    parts = {part["name"]: part for part in experiment["parts"]}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for each in known:
        if not each.headline:
            continue
        trial = each.model_dump(mode="json", include=_TOLD)
        trial["unconverted"] = each.on.get("converted") is False
        trial |= worlds(each, parts[each.worlds], experiment["conditions"])
        if each.kind is Kind.BEST_WEEK:
            own = [of for of in known if of.claim == each.claim and of.part == NO_RECORD]
            trial["label"] = own[0].label
        found.setdefault(each.claim, {}).setdefault(each.claim + each.branch, []).append(trial)
    return found


def worlds(
    estimand: Estimand, part: Mapping[str, Any], conditions: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parameters of each world that an effect is taken from, and how they are ordered.

    A launch in several weeks happens at the firm of whoever reads, since the page holds no record.

    Parameters
    ----------
    estimand
        What is compared.
    part, conditions
        Of the experiment.

    Returns
    -------
    ``worlds``; of a conjunction, whose worlds are each set of conditions at each cost, also
    ``costs`` and ``sizes``, the number of conditions in each set.
    """
    if estimand.kind is Kind.BEST_WEEK:
        return {"worlds": [_launch(week, part) for week in part["grid"][LAUNCH]]}
    if estimand.kind is Kind.CONJUNCTION:
        among, costs = estimand.among, part["grid"][COST]
        sets = [each for each in combinations(among) if sum(each) in (0, 1, len(among))]
        held = [{f"{CONDITION}{a}": on for a, on in zip(among, each, strict=True)} for each in sets]
        tried = [variant(each | {COST: cost}, part, conditions) for each in held for cost in costs]
        return {"worlds": tried, "costs": costs, "sizes": [sum(each) for each in sets]}
    sides = [estimand.on, estimand.off] if estimand.kind is Kind.DIFFERENCE else [estimand.on]
    return {"worlds": [variant(side, part, conditions) for side in sides]}


def variant(
    values: Mapping[str, Any], part: Mapping[str, Any], conditions: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parameters that a variant of a claim sets.

    Parameters
    ----------
    values
        Column and value of its runs, as a claim names them.
    part, conditions
        Of the experiment.

    Examples
    --------
    >>> conditions = {"distress": {"on": {"firm.decline_rate": 0.01}}}
    >>> variant({"condition.distress": 1}, {"set": {"movement.origin": "given"}}, conditions)
    {'movement.origin': 'given', 'firm.decline_rate': 0.01}
    """
    found = dict(part.get("set", {}))
    for name, value in values.items():
        if name.startswith(CONDITION):
            found |= conditions[name.removeprefix(CONDITION)]["on" if value else "off"]
        elif name == "label":
            point = next(each for each in part["points"] if each["label"] == value)
            found |= {key: given for key, given in point.items() if key != "label"}
        elif name in declarations():
            found[name] = value
    return found


def _launch(week: int, part: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a launch in a week sets: as long a time to watch it, as far from a meeting."""
    point = {"movement.origin": Origin.GIVEN.value, LAUNCH: week}
    follow_up(point, Part(**part))
    return point
