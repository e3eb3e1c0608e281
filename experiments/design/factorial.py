"""The variants of a part: combinations of conditions, listed points and grids, all crossed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from experiments.design.experiment import SAMPLED, Condition, Part, Point
from experiments.design.fractional import Fraction, fraction
from experiments.design.point import CONDITION
from experiments.design.reading import DesignError, check_value, within

YEAR = 52  # weeks between annual meetings


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


def fraction_of(factors: list[str], part: Part) -> Fraction:
    """Return the fraction a part describes."""
    if part.generators and part.resolution is not None:
        raise DesignError("give either a resolution or generators")
    return fraction(factors, part.resolution, part.generators or None)


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
