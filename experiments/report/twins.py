"""Two worlds of the same luck, week by week: a typical pair, and how typical it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from experiments.analysis.launch_window import LAUNCH
from experiments.analysis.samples import SAMPLE
from experiments.analysis.tables import part
from experiments.analysis.variants import settings
from experiments.design.experiment import Point
from experiments.design.reading import HISTORY
from experiments.figures import twins
from experiments.figures.timeline import organisers_beyond
from experiments.report import phrases
from experiments.report.document import Section, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import say
from sim.parameters import declarations

PEAK = "log_organisers"


class Pair(NamedTuple):
    """Two points of a design."""

    what: str  # what they are and why these, in a sentence
    names: tuple[str, str]
    points: tuple[Point, Point]


class Choice(NamedTuple):
    """The replicate that is shown, and how many replicates come out as it does."""

    replicate: int
    emerged: tuple[bool, bool]  # in the first and the second world of it
    alike: int  # replicates with the same
    only_first: int
    only_second: int
    replicates: int


def twins_section(found: Findings, gallery: Gallery) -> Section | None:
    """Return the section; None if no two worlds can be shown, as where each has its own luck."""
    if found.result.design.fresh_seeds:
        return None
    pair = _pair(found)
    if pair is None or not found.is_repeatable:
        return None
    choice = _typical(found, pair)
    runs = [found.simulate(point, choice.replicate) for point in pair.points]
    outcomes = [run.outcome._asdict() for run in runs]
    parameters = [run.parameters for run in runs]
    first, second = (run.weekly for run in runs)
    columns = ["week", "active", *twins.most_different(first, second)]
    data = pd.concat(
        run.weekly[columns].assign(
            organisers_beyond=organisers_beyond(run.weekly, outcome, run.parameters), world=name
        )
        for run, outcome, name in zip(runs, outcomes, pair.names, strict=True)
    )
    return section(
        "Two worlds of the same luck",
        _lead(choice, pair),
        gallery.add(
            "twins",
            twins.draw(first, second, pair.names, outcomes, parameters),
            data,
        ),
    )


def _typical(found: Findings, pair: Pair) -> Choice:
    """Return the replicate to show: of those that come out as most do, the one in the middle.

    How it comes out is whether a movement emerges in either world. The middle is where the peaks
    of both worlds are nearest to their medians.
    """
    numbers = [found.number(point) for point in pair.points]
    runs = found.runs[found.runs["point"].isin(numbers)]
    wide = runs.pivot(index="replicate", columns="point", values="emerged")
    both = wide.reindex(columns=numbers).dropna().astype(bool)
    if both.empty:
        return Choice(0, (False, False), 0, 0, 0, 0)
    kinds = list(both.itertuples(index=False, name=None))
    most = max(kinds, key=kinds.count)  # of equally many, the first
    alike = both.index[[kind == most for kind in kinds]]
    replicate = alike[0]
    if PEAK in runs:
        peaks = runs.pivot(index="replicate", columns="point", values=PEAK).loc[alike, numbers]
        replicate = (peaks - peaks.median()).abs().sum(axis=1).idxmin()
    counts = [kinds.count(kind) for kind in ((True, False), (False, True))]
    return Choice(int(replicate), most, len(alike), counts[0], counts[1], len(both))


def _lead(choice: Choice, pair: Pair) -> str:
    """Return which two worlds they are, and how typical."""
    only = ((True, False), (False, True))
    counts = (choice.only_first, choice.only_second)
    others = [
        {"count": count, "name": name}
        for count, name, kind in zip(counts, pair.names, only, strict=True)
        if count and kind != choice.emerged
    ]
    given = {"what": pair.what, "names": pair.names, "others": others}
    return say("twins", "lead", choice=choice, **given)


# -- which two worlds ------------------------------------------------------------------------------


def _pair(found: Findings) -> Pair | None:
    """Return the two points, chosen by a rule that does not look at single runs."""
    if found.runs.empty:
        return None
    if found.factorials:
        pair = _conditions(found)
    elif found.launches and not found.is_of_claims:
        pair = _launches(found)
    elif found.compared_parts:
        pair = _variants(found, found.compared_parts[0])
    else:
        pair = _ends(found)
    return pair if pair is not None and _differing(found, *pair.points) else None


def _differing(found: Findings, first: Point, second: Point) -> list[str]:
    """Return the parameters in which two points differ."""
    base = {**HISTORY, **found.parameters}
    names = dict.fromkeys([*first, *second])
    return [n for n in names if n in base and first.get(n, base[n]) != second.get(n, base[n])]


def _conditions(found: Findings) -> Pair | None:
    """Return all conditions, and all but that with the largest effect."""
    if found.largest is None:
        return None
    condition = str(found.largest["condition"])
    names = found.effects["condition"].tolist()
    given = {"count": len(names), "condition": condition, "labels": found.labels}
    return _complete(
        say("twins", "conditions", **given),
        (say("twins", "with_all", **given), say("twins", "without", **given)),
        [
            found.point(found.factorials[0], dict.fromkeys(names, 1) | levels)
            for levels in ({}, {condition: 0})
        ],
    )


def _launches(found: Findings) -> Pair | None:
    """Return the best and the worst launch week, or the first and the last if none is better."""
    name = found.launches[0]
    if found.contrasts.empty or math.isnan(found.contrasts.iloc[0]["difference"]):
        return None
    row = found.contrasts.iloc[0]
    weeks, which = [int(row["best_week"]), int(row["worst_week"])], ("best", "worst")
    if weeks[0] == weeks[1]:
        tried = sorted(point[LAUNCH] for point in found.points[name] if LAUNCH in point)
        weeks, which = [tried[0], tried[-1]], ("first", "last")
    return _complete(
        say("twins", "launches", which=which, weeks=weeks, when=found.when),
        (say("twins", "launched", week=weeks[0]), say("twins", "launched", week=weeks[1])),
        [found.point(name, {}, {LAUNCH: week}) for week in weeks],
    )


def _variants(found: Findings, name: str) -> Pair | None:
    """Return the first two variants of a part, in the last of its settings."""
    points = found.points[name]
    labels = list(dict.fromkeys(point["label"] for point in points))[:2]
    where = {setting: points[-1][setting] for setting in settings(part(found.runs, name))}
    drawn = {SAMPLE: points[0][SAMPLE]} if found.is_sampled(name) else {}
    part_label = found.part_label(name) if len(found.compared_parts) > 1 else ""
    given = {"variants": labels, "part": part_label, "drawn": drawn, "where": where}
    which = f"with {name} {{}}" if found.is_of_claims else "in “{}”"
    first, second = (which.format(phrases.plain(each)) for each in labels)
    return _complete(
        say("twins", "variants", **given),
        (first, second),
        [found.point(name, {}, {"label": each, **where, **drawn}) for each in labels],
    )


def _ends(found: Findings) -> Pair | None:
    """Return the lowest and the highest value of what varies most, or the first and the last.

    Of the points with the highest, the one most like that with the lowest.
    """
    name = next((n for n in found.varied if any(n in point for point in found.points_run)), None)
    if name is None:
        return None
    points = [point for point in found.points_run if name in point]
    numeric = all(isinstance(point[name], int | float) for point in points)
    ordered = sorted(points, key=lambda point: point[name]) if numeric else points
    first, end = ordered[0], ordered[-1][name]
    alike = (point for point in ordered if point[name] == end and point["part"] == first["part"])
    second = min(alike, key=lambda point: len(_differing(found, first, point)), default=None)
    if second is None:
        return None
    differ = _differing(found, first, second)
    base = {**HISTORY, **found.parameters}
    rest = {n: first.get(n, base[n]) for n in found.varied if n in base and n not in differ}
    others = [each for each in differ if each != name and each in declarations()]
    given = {"parameter": name, "others": others, "rest": rest, "most": phrases.MOST_NAMES}
    lowest, highest = (
        say("twins", "end", parameter=name, given=point[name]) for point in (first, second)
    )
    return _complete(say("twins", "ends", **given), (lowest, highest), [first, second])


def _complete(what: str, names: tuple[str, str], points: Sequence[Point | None]) -> Pair | None:
    first, second = points
    return None if first is None or second is None else Pair(what, names, (first, second))
