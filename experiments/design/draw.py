"""From what an experiment says to its points: which worlds are run.

Each world of a part meets each of its variants: combinations of conditions, listed points and
grids, all crossed. Replicate *r* of every point has the same seed, hence the same luck and, where
the network's parameters agree, the same network.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.design.calibrated import CALIBRATED
from experiments.design.experiment import (
    SAMPLED,
    SHARED,
    Condition,
    Part,
    Point,
    read_experiment,
    where_of,
)
from experiments.design.fractional import Fraction, fraction_of
from experiments.design.point import CONDITION, SAMPLE, UNSAMPLED
from experiments.design.reading import LABEL, DesignError, check_value, check_values, within
from experiments.design.sampling import draw_worlds
from experiments.validation import validated
from sim.parameters import unknown_name

MOST_POINTS = 1_000_000
YEAR = 52  # weeks between annual meetings


class Drawn(NamedTuple):
    """The points of an experiment."""

    points: list[Point]
    designs: dict[str, dict[str, Any]]  # part -> how it was sampled, or what fraction it is


def draw(
    experiment: Mapping[str, Any] | None,
    scale: str = "laptop",
    swept: Mapping[str, Sequence[Any]] | None = None,
    sampled: Mapping[str, Any] | None = None,
    held: Collection[str] = (),
    worlds: Path | None = None,
) -> Drawn:
    """Return the points of an experiment, crossed with what is swept, and how they came about.

    Without an experiment the points are the grid of what is swept, or the design in ``sampled``. A
    swept parameter that is an axis of a part's grid or is drawn by it replaces that axis.

    Parameters
    ----------
    experiment
        As written in its file, with its name; None: none.
    scale
        Which of its scales.
    swept
        Dotted names and values that the user runs through.
    sampled
        What the user says of sampling: the keys of a sampled part; beside an experiment only
        ``samples`` and ``design_seed``, which then hold for all its sampled parts.
    held
        Names to which the user gave a single value: they are not drawn.
    worlds
        A stored set of calibrated worlds, from which those parts draw that draw from all ranges.

    Returns
    -------
    Points whose values are each valid by themselves; whether they fit each other is a matter of
    the whole world (`experiments.design.point.require_worlds`).

    Raises
    ------
    DesignError
        For what the description gets wrong, for more than `MOST_POINTS` points.

    Examples
    --------
    >>> draw(None, swept={"users.count": [100, 200]}).points[1]
    {'part': 'grid', 'users.count': 200}
    """
    sampled = sampled or {}
    axes = {name: check_values(name, list(values)) for name, values in (swept or {}).items()}
    if experiment is None:
        return _of_user(axes, sampled, held, worlds)
    where = where_of(experiment)
    for key in sampled:
        if key not in SHARED:
            raise DesignError(
                f"{key}= is for a sweep without an experiment; {where} says it for each part"
            )
    found = read_experiment(experiment, scale, sampled)
    drawn = Drawn([], {})
    for part in found.parts or [Part(name="all", design="grid")]:
        with within(f"{where}: part {part.name}"):
            _add(drawn, part, found.conditions, axes, held, worlds)
    if worlds is not None and not any(
        CALIBRATED in each.values() for each in drawn.designs.values()
    ):
        raise DesignError(f"worlds= has no effect: no part of {where} draws from all ranges")
    for column, absent in ((LABEL, ""), (SAMPLE, UNSAMPLED)):
        if any(column in point for point in drawn.points):
            for point in drawn.points:
                point.setdefault(column, absent)
    return drawn


def _of_user(
    swept: Mapping[str, list[Any]],
    sampled: Mapping[str, Any],
    held: Collection[str],
    worlds: Path | None,
) -> Drawn:
    """Return the points of a sweep without an experiment."""
    if sampled and "design" not in sampled:
        given = next(iter(sampled))
        raise DesignError(f"{given}= needs design=NAME, one of {', '.join(SAMPLED)}")
    design = sampled.get("design", "grid")
    if design not in ("grid", *SAMPLED):
        known = unknown_name(str(design), list(SAMPLED), "design")
        raise DesignError(f"design={design}: {known}; there are {', '.join(SAMPLED)}")
    part = validated(Part, {"design": design, **sampled, "name": design}, "sweep", DesignError)
    drawn = Drawn([], {})
    with within("sweep"):
        _add(drawn, part, {}, swept, held, worlds)
    return drawn


def _add(
    drawn: Drawn,
    part: Part,
    conditions: Mapping[str, Condition],
    swept: Mapping[str, list[Any]],
    held: Collection[str],
    calibrated: Path | None,
) -> None:
    """Add the points of a part: each of its worlds meets each of its variants."""
    most = MOST_POINTS - len(drawn.points)
    variants = variants_of(part, conditions, swept, most)
    several = list(variants)
    worlds: list[dict[str, Any]] = [{}]

    def allow(count: int) -> None:
        if count * len(several) > most:
            raise DesignError(
                f"{count:,} worlds in {len(several):,} variants are too many points, at most "
                f"{MOST_POINTS:,} in all"
            )

    if variants.fraction is not None:
        drawn.designs[part.name] = {"design": part.design, **variants.fraction.describe()}
    elif part.design in SAMPLED:
        forced = set.intersection(*(set(variant) for variant in several)) - swept.keys()
        sample = draw_worlds(part, {*held, *swept}, forced, allow, calibrated)
        worlds = [{SAMPLE: number, **row} for number, row in enumerate(sample.rows)]
        drawn.designs[part.name] = sample.design
    for world in worlds:
        for variant in several:
            point = {"part": part.name, **world, **variant}
            follow_up(point, part)
            drawn.points.append(point)


@dataclass(frozen=True)
class Variants:
    """What each variant of a part sets, besides the world it is in."""

    combinations: list[tuple[str, ...]]  # conditions that hold
    conditions: Mapping[str, Condition]  # that are on or off in every variant
    fixed: dict[str, Any]
    rows: list[dict[str, Any]]
    grid: dict[str, list[Any]]
    fraction: Fraction | None  # if not all combinations are there

    def __iter__(self) -> Iterator[Point]:
        for combination in self.combinations:
            levels: dict[str, Any] = {}
            for name, condition in self.conditions.items():
                levels |= condition.on if name in combination else condition.off
            marks = {f"{CONDITION}{name}": int(name in combination) for name in self.conditions}
            for row in self.rows:
                for values in itertools.product(*self.grid.values()):
                    crossed = dict(zip(self.grid, values, strict=True))
                    yield levels | self.fixed | row | crossed | marks


def variants_of(
    part: Part,
    conditions: Mapping[str, Condition],
    swept: Mapping[str, list[Any]],
    most: int,
) -> Variants:
    """Return the variants of a part.

    A condition that the part does not name is off; in sampled worlds it is left as drawn, and where
    the part's list of conditions is empty, as the part sets it.

    Parameters
    ----------
    part
        What the part says.
    conditions
        Those of the experiment.
    swept
        Values that the user runs through; they replace an axis of the same name.
    most
        Number of variants that there may be.

    Raises
    ------
    DesignError
        For too many variants, and names that are given twice.
    """
    grid = {**part.grid, **swept}
    chosen, crossed = _chosen(part, conditions)
    plan = None
    if crossed and part.design == "fractional" and part.ranges is None:
        plan = fraction_of(chosen, part)
    count = len(plan.levels) if plan else 2 ** len(chosen) if crossed else 1
    count *= len(part.rows) * math.prod(len(values) for values in grid.values())
    if count > most:
        raise DesignError(f"{count:,} combinations are too many, at most {most:,}")
    if plan is not None:
        combinations = [tuple(itertools.compress(chosen, row)) for row in plan.levels]
    elif crossed:
        switches = itertools.product((False, True), repeat=len(chosen))
        combinations = [tuple(itertools.compress(chosen, switch)) for switch in switches]
    else:
        combinations = [tuple(chosen)]
    if part.conditions == []:
        conditions = {}
    _require_apart(part, grid, conditions)
    if part.design in SAMPLED and plan is None:
        conditions = {name: levels for name, levels in conditions.items() if name in chosen}
    return Variants(combinations, conditions, part.settings, part.rows, grid, plan)


def _chosen(part: Part, conditions: Mapping[str, Condition]) -> tuple[list[str], bool]:
    """Return the conditions that vary, or those that hold, and whether they vary."""
    by_conditions = part.design == "factorial" or (
        part.design == "fractional" and part.ranges is None
    )
    if not by_conditions and not part.conditions:
        return part.on or [], False
    chosen = list(conditions) if part.conditions is None else part.conditions
    if not chosen:
        raise DesignError(f"design {part.design} needs conditions")
    return chosen, True


def _require_apart(
    part: Part, grid: Mapping[str, list[Any]], conditions: Mapping[str, Condition]
) -> None:
    """Refuse names that are given twice."""
    owners = {
        name: f"condition {key}" for key, condition in conditions.items() for name in condition.on
    }
    listed = dict.fromkeys(name for row in part.rows for name in row)
    given = ((part.settings, "set"), (listed, "points or zip"), (grid, "a grid or sweep"))
    for names, owner in given:
        for name in names:
            if name in owners:
                raise DesignError(f"{name} is given twice, by {owners[name]} and {owner}")
            owners[name] = owner


def follow_up(point: Point, part: Part) -> None:
    """Give every launch the same time to be observed and the same wait for its meeting."""
    for key, weeks, name in (
        ("follow_up", part.follow_up, "horizon"),
        ("meeting_after", part.meeting_after, "vote.first_meeting"),
    ):
        if weeks is None:
            continue
        if "movement.launch_week" not in point:
            raise DesignError(f"{key} needs movement.launch_week in the part")
        if name in point:
            raise DesignError(f"{name} is given twice, by {key} and by the part")
        week = point["movement.launch_week"] + weeks
        with within(key):  # meetings are yearly: the first one is in weeks 1 to 52
            point[name] = check_value(name, week if key == "follow_up" else (week - 1) % YEAR + 1)
