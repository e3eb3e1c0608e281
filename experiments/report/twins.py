"""Two worlds of the same luck, one condition apart: the opening of a report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from experiments.analysis import words
from experiments.analysis.launch_window import LAUNCH
from experiments.analysis.tables import part
from experiments.analysis.variants import settings
from experiments.design.experiment import HISTORY, Point, varied
from experiments.report.document import Paragraph, Section, section
from experiments.report.findings import Findings, told_value
from experiments.report.gallery import Gallery


class Pair(NamedTuple):
    """Two points one condition apart."""

    what: str  # what they are and why these, in words
    names: tuple[str, str]
    points: tuple[Point, Point]


def twins_section(found: Findings, gallery: Gallery) -> Section | None:
    """Return the section; None if no two worlds can be shown."""
    pair = _pair(found)
    if pair is None or not found.is_repeatable:
        return None
    from experiments.figures import twins
    from experiments.figures.timeline import beyond_launch

    replicate, why = _replicate(found, pair)
    names = pair.names
    runs = [found.simulated(point, replicate) for point in pair.points]
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
    luck = "Both worlds have the same users, the same ties and the same chance"
    return section(
        "Two worlds of the same luck",
        Paragraph(f"{luck} (replicate {replicate}). {pair.what} {why}"),
        gallery.add("twins", drawing, alt, data),
    )


def _pair(found: Findings) -> Pair | None:
    """Return the two points, chosen by a rule that does not look at single runs."""
    if found.runs.empty:
        return None
    if found.factorials:
        pair = _conditions(found)
    elif found.launches and not found.is_of_claims:
        pair = _launches(found)
    elif found.arm_parts:
        pair = _arms(found, found.arm_parts[0])
    elif found.varied:
        pair = _ends(found)
    else:
        pair = None
    if pair is None:
        return None
    first, second = pair.points
    base = {**HISTORY, **found.parameters}
    differ = any(
        first.get(name, base[name]) != second.get(name, base[name]) for name in varied(pair.points)
    )
    return pair if differ else None


def _replicate(found: Findings, pair: Pair) -> tuple[int, str]:
    """Return the replicate to show, and by which rule it was chosen, in words.

    The first in which the worlds differ in emergence, as most that differ do; else the first.
    """
    numbers = [found.number(point) for point in pair.points]
    runs = found.runs[found.runs["point"].isin(numbers)]
    wide = runs.pivot(index="replicate", columns="point", values="emerged")
    both = wide.reindex(columns=numbers).dropna().astype(bool)
    first, second = (both[number] for number in numbers)
    only = [both.index[first & ~second], both.index[second & ~first]]
    often, seldom = sorted(range(2), key=lambda which: -len(only[which]))
    if not len(only[often]):
        told = f"In none of {words.counted(len(both), 'replicate')} do they differ in whether a "
        return 0, f"{told}movement emerges; so this is the first replicate."
    replicate = int(only[often].min())
    return replicate, (
        f"In {len(only[often])} of {words.counted(len(both), 'replicate')} a movement emerges only "
        f"{pair.names[often]}, in {len(only[seldom])} only {pair.names[seldom]}: this is the first "
        f"of the {len(only[often])}."
    )


def _conditions(found: Findings) -> Pair | None:
    """Return all conditions, and all but that with the largest effect."""
    if found.largest is None:
        return None
    condition = str(found.largest["condition"])
    names = found.effects["condition"].tolist()
    what = (
        f"In the first all {len(names)} conditions hold; the second lacks the condition with the "
        f"largest main effect, {found.label(condition)}."
    )
    wanted = [dict.fromkeys(names, 1), {**dict.fromkeys(names, 1), condition: 0}]
    chosen = [found.point(found.factorials[0], levels) for levels in wanted]
    title = (f"with all {len(names)} conditions", f"without {_plain(condition)}")
    return _complete(what, title, chosen)


def _launches(found: Findings) -> Pair | None:
    """Return the best and the worst launch week, or the first and the last if none is better."""
    name = found.launches[0]
    weeks = sorted({point[LAUNCH] for point in found.points[name] if LAUNCH in point})
    row = found.contrasts.iloc[0] if len(found.contrasts) else None
    if row is None or math.isnan(row["difference"]):
        return None
    shown = [int(row[which]) for which in ("best_week", "worst_week")]
    which, why = ("best", "worst"), "as found on the odd replicates"
    if shown[0] == shown[1]:
        shown, which = [weeks[0], weeks[-1]], ("first", "last")
        why = "as no week is better than another on the odd replicates"
    what = (
        f"The first launches in the {which[0]} week, {found.when(shown[0])}, the second in the "
        f"{which[1]}, {found.when(shown[1])}, {why}."
    )
    chosen = [found.point(name, {}, {LAUNCH: week}) for week in shown]
    return _complete(what, (f"launched in week {shown[0]}", f"launched in week {shown[1]}"), chosen)


def _arms(found: Findings, name: str) -> Pair | None:
    """Return the first two arms of a part, in the last of its settings."""
    points = found.points[name]
    labels = list(dict.fromkeys(point["label"] for point in points))[:2]
    over = settings(part(found.runs, name))
    where = {setting: points[-1][setting] for setting in over}
    at = "".join(f", {setting} = {told_value(value)}" for setting, value in where.items())
    several = f" of “{found.arm(name)}”" if len(found.arm_parts) > 1 else ""
    what = (
        f"They are the first two arms{several}, “{_plain(labels[0])}” and “{_plain(labels[1])}”"
        f"{', in the last setting tried' if over else ''}{at}."
    )
    chosen = [found.point(name, {}, {"label": label, **where}) for label in labels]
    told = f"with {name} {{}}" if found.is_of_claims else "in “{}”"
    first, second = (told.format(_plain(label)) for label in labels)
    return _complete(what, (first, second), chosen)


def _ends(found: Findings) -> Pair | None:
    """Return the first or lowest and the last or highest value of what varies most."""
    name, *others = found.varied
    values = found.runs[name]
    if pd.api.types.is_numeric_dtype(values):
        ends = values.min(), values.max()
    else:
        ends = values.unique()[0], values.unique()[-1]
    rest = {other: found.runs[other].iloc[0] for other in others}
    where = "".join(f", {other} = {told_value(value)}" for other, value in rest.items())
    what = (
        f"They differ in {name}, which takes its first or lowest and its last or highest "
        f"value{where}."
    )
    first = str(found.runs["part"].iloc[0])
    chosen = [found.point(first, {}, {name: end, **rest}) for end in ends]
    short = name.rpartition(".")[2]
    first_name, last_name = (f"with {short} = {told_value(end)}" for end in ends)
    return _complete(what, (first_name, last_name), chosen)


def _plain(label: str) -> str:
    return label.replace("_", " ")


def _complete(what: str, names: tuple[str, str], points: Sequence[Point | None]) -> Pair | None:
    first, second = points
    return None if first is None or second is None else Pair(what, names, (first, second))
