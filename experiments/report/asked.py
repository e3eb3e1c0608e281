"""How a result was asked: its runs, its conditions, the parts of its sweep."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.tables import part
from experiments.design.reading import HISTORY
from experiments.report import phrases
from experiments.report.document import Section, Table, bullets, section
from experiments.report.findings import Findings
from sim.columns import label

MOST_NAMES = 12  # of parameters drawn, in a table


def state(found: Findings) -> str:
    """Return how many runs there are, and what is missing."""
    design, runs = found.result.design, found.all_runs
    each = runs.groupby("point").size()
    least, most = (int(each.min()), int(each.max())) if len(each) else (0, 0)
    replicates = text.counted(most, "replicate")
    if least < most:  # refined, or not finished
        replicates = f"{least:,} to {replicates}"
    failed = len(runs) - len(found.runs)
    expected = len(design.points) * design.replicates
    state = (
        "" if len(runs) >= expected else f" The sweep is not finished: {expected:,} are planned."
    )
    return (
        f"{text.counted(len(design.points), 'point')} × {replicates}: "
        f"{len(runs):,} runs, {failed:,} failed.{state}"
    )


def asked_section(found: Findings) -> Section:
    """Return the section that says how a result was asked."""
    p = found.parameters
    items = [
        state(found),
        f"Each run, unless a part says otherwise: {p['users.count']:,} simulated users, "
        f"{p['horizon']} weeks.",
        _luck(found),
        f"A movement has emerged if at least {p['emergence.organisers']:g} people besides those "
        f"who launched it organise for {p['emergence.spell']} weeks without a break and act "
        "together in that time: a proposal is filed and admitted, pledges are collected, or a "
        f"petition passes {p['emergence.petition']:,.0f} signatures.",
    ]
    if found.case is not None:
        items.append(f"The runs follow the record of a case: {found.case.title}.")
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


def _luck(found: Findings) -> str:
    """Return which seeds the runs have."""
    seed = found.result.design.seed
    if found.result.design.fresh_seeds:
        return f"Seeds: every point has its own, from {seed} on, and so its own luck and network."
    return (
        f"Seeds: replicate r has the seed {seed} + r at every point. So all points meet the same "
        "luck on the same network (common random numbers), and differences are taken within a "
        "replicate."
    )


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
