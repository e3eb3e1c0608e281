"""How a result was asked: its runs, its conditions, the parts of its sweep."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.tables import part
from experiments.design.reading import HISTORY
from experiments.report import phrases
from experiments.report.document import Section, Table, bullets, section
from experiments.report.findings import Findings
from experiments.report.phrases import say
from sim.columns import label

MOST_NAMES = 12  # of parameters drawn, in a table


def state(found: Findings) -> str:
    """Return how many runs there are, and what is missing."""
    design, runs = found.result.design, found.all_runs
    each = runs.groupby("point").size()  # refined, or not finished, if they differ
    return say(
        "report",
        "state",
        points=len(design.points),
        least=each.min() if len(each) else 0,
        most=each.max() if len(each) else 0,
        runs=len(runs),
        failed=len(runs) - len(found.runs),
        planned=len(design.points) * design.replicates,
    )


def asked_section(found: Findings) -> Section:
    """Return the section that says how a result was asked."""
    design, p = found.result.design, found.parameters
    rule = {name: p[f"emergence.{name}"] for name in ("organisers", "spell", "petition")}
    items = [
        state(found),
        say("report", "size", users=p["users.count"], weeks=p["horizon"]),
        say("report", "seeds", fresh=design.fresh_seeds, seed=design.seed),
        say("report", "emergence", **rule),
    ]
    if found.case is not None:
        items.append(say("report", "case", title=found.case.title))
    rows = [
        {
            "condition": phrases.plain(name),
            "in words": found.labels[name],
            "off": phrases.settings(about.get("off") or {}),
            "on": phrases.settings(about["on"]),
        }
        for name, about in found.conditions.items()
    ]
    table = Table.of(rows, "Conditions and how they are set") if rows else None
    return section("How it was asked", bullets(items), table, _parts_table(found))


def _parts_table(found: Findings) -> Table:
    rows = []
    for name, points in found.points.items():
        runs = part(found.all_runs, name)
        conditions = found.conditions_in(name)
        over = [f"conditions {', '.join(map(phrases.plain, conditions))}"] if conditions else []
        base = {**HISTORY, **found.parameters}
        drawn = found.sampled.get(name, [])
        if drawn:
            over.append(f"{text.counted(len(drawn), 'parameter')} drawn, {_some(drawn)}")
        for parameter in found.varied_in(name):
            if parameter in drawn:
                continue
            values = pd.Series([point.get(parameter, base[parameter]) for point in points])
            over.append(f"{label(parameter)}: {phrases.values(values)}")
        rows.append(
            {
                "part": found.part_label(name),
                "sets": phrases.settings(found.sets(name)),
                "varies": "; ".join(over),
                "points": f"{len(points):,}",
                "runs": f"{len(runs):,}",
            }
        )
    return Table.of(rows, "Parts of the sweep")


def _some(names: list[str]) -> str:
    shown = names[:MOST_NAMES]
    return ", ".join(map(label, shown)) + (", …" if len(names) > len(shown) else "")
