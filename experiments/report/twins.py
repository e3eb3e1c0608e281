"""Two worlds of the same luck, one condition apart: the opening of a report."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from experiments.analysis.arms import settings
from experiments.analysis.launch_window import LAUNCH
from experiments.analysis.tables import part
from experiments.design import Point
from experiments.figures import page
from experiments.figures.gallery import Gallery
from experiments.report.findings import Findings, told_value


def twins_section(found: Findings, gallery: Gallery) -> str:
    """Return the opening section; empty if no two worlds can be shown."""
    pair = _pair(found)
    if pair is None or not found.is_repeatable:
        return ""
    from experiments.figures import twins
    from experiments.figures.timeline import beyond_launch

    rule, names, points = pair
    runs = [found.simulated(point) for point in points]
    outcomes = [run.outcome._asdict() for run in runs]
    weekly = [run.weekly for run in runs]
    mass = float(runs[0].parameters.emergence.mass_share)
    drawing = twins.draw(weekly[0], weekly[1], names, outcomes, critical_mass=mass)
    columns = ["week", "active", *twins.most_different(weekly[0], weekly[1])]
    data = pd.concat(
        [
            table[columns].assign(beyond_launch=beyond_launch(table, outcome), world=name)
            for table, outcome, name in zip(weekly, outcomes, names, strict=True)
        ]
    )
    alt = twins.describe(weekly[0], weekly[1], names, outcomes)
    return page.section(
        "Two worlds of the same luck",
        page.paragraph(rule),
        gallery.add("twins", drawing, alt, data),
    )


def _pair(found: Findings) -> tuple[str, tuple[str, str], tuple[Point, Point]] | None:
    """Return two points one condition apart, chosen by a rule that does not look for drama."""
    if found.runs.empty:
        return None
    if found.factorials:
        if found.largest is None:
            return None
        condition = str(found.largest["condition"])
        names = found.effects["condition"].tolist()
        rule = (
            "Both worlds have the same users, the same ties and the same chance (replicate 0). In "
            f"the first all {len(names)} conditions hold; the second lacks the condition with the "
            f"largest main effect, {found.label(condition)}. The pair is fixed by this rule, not "
            "picked."
        )
        wanted = [dict.fromkeys(names, 1), {**dict.fromkeys(names, 1), condition: 0}]
        chosen = [found.point(found.factorials[0], levels) for levels in wanted]
        title = (f"with all {len(names)} conditions", f"without {condition.replace('_', ' ')}")
        return _complete(rule, title, chosen)
    if found.launches:
        if found.contrasts.empty or math.isnan(found.contrasts.loc[0, "difference"]):
            return None
        row = found.contrasts.iloc[0]
        rule = (
            "Both worlds have the same users, the same ties and the same chance (replicate 0). The "
            f"first launches in the best week, {found.when(row['best_week'])}, the second in the "
            f"worst, {found.when(row['worst_week'])}, as found on the odd replicates."
        )
        chosen = [
            found.point(found.launches[0], {}, {LAUNCH: row[name]})
            for name in ("best_week", "worst_week")
        ]
        best, worst = f"{row['best_week']:.0f}", f"{row['worst_week']:.0f}"
        title = (f"launched in week {best}", f"launched in week {worst}")
        return _complete(rule, title, chosen)
    if found.arm_parts:
        return _arms(found, found.arm_parts[0])
    if found.varied and not found.is_of_claims:
        name = found.varied[0]
        values = found.runs[name]
        ends = values.iloc[0], values.iloc[-1]
        if pd.api.types.is_numeric_dtype(values):
            ends = values.min(), values.max()
        rest = {other: found.runs[other].iloc[0] for other in found.varied[1:]}
        where = "".join(f", {other} = {told_value(value)}" for other, value in rest.items())
        rule = (
            "Both worlds have the same users, the same ties and the same chance (replicate 0); "
            f"they differ in {name}, which takes its first or lowest and its last or highest "
            f"value{where}."
        )
        first = str(found.runs["part"].iloc[0])
        chosen = [found.point(first, {}, {name: end, **rest}) for end in ends]
        short = name.rpartition(".")[2]
        first_name, last_name = (f"{short} = {told_value(end)}" for end in ends)
        return _complete(rule, (first_name, last_name), chosen)
    return None


def _arms(found: Findings, name: str) -> tuple[str, tuple[str, str], tuple[Point, Point]] | None:
    """Return the first two arms of a part, in the last of its settings."""
    points = found.points[name]
    labels = list(dict.fromkeys(point["label"] for point in points))[:2]
    over = settings(part(found.runs, name))
    where = {setting: points[-1][setting] for setting in over}
    told = "".join(f", {setting} = {told_value(value)}" for setting, value in where.items())
    rule = (
        "Both worlds have the same users, the same ties and the same chance (replicate 0). They "
        f"are the first two arms, “{_plain(labels[0])}” and “{_plain(labels[1])}”"
        f"{', in the last setting tried' if over else ''}{told}."
    )
    chosen = [found.point(name, {}, {"label": label, **where}) for label in labels]
    return _complete(rule, (_plain(labels[0]), _plain(labels[1])), chosen)


def _plain(label: str) -> str:
    return label.replace("_", " ")


def _complete(
    rule: str, names: tuple[str, str], points: Sequence[Point | None]
) -> tuple[str, tuple[str, str], tuple[Point, Point]] | None:
    first, second = points
    return None if first is None or second is None else (rule, names, (first, second))
