"""The arms of a part: combinations of conditions, listed points and grids that each world meets."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.design.reading import (
    DesignError,
    read_mapping,
    read_names,
    read_values,
    require_known,
    require_parameters,
)
from experiments.design.sampling import KEYS, fraction_of, fraction_told
from sim.parameters import unknown_name

CONDITION = "condition."
LABEL = "label"
YEAR = 52  # weeks between annual meetings

_CONDITION = ["label", "off", "on"]


def arms_of(
    part: Mapping[str, Any],
    conditions: Mapping[str, Mapping[str, Any]],
    swept: Mapping[str, Sequence[Any]],
    where: str,
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return what each arm sets; and, if they are a fraction of all, what is to be known of it.

    A condition that the part does not name is off; in drawn worlds it is left as drawn.

    Raises
    ------
    DesignError
        For unknown names, and names given twice.
    """
    fixed = dict(read_mapping(part.get("set"), f"{where}: set"))
    grid = {
        name: read_values(given, f"{where}: grid of {name}")
        for name, given in read_mapping(part.get("grid"), f"{where}: grid").items()
    }
    grid |= {name: list(values) for name, values in swept.items()}
    rows = _rows(part, where)
    combinations, fraction = _combinations(part, conditions, where)
    _require_apart(fixed, grid, rows, conditions, where)
    if part["design"] in KEYS and fraction is None:
        named = {*part.get("conditions", ()), *part.get("on", ())}
        conditions = {name: levels for name, levels in conditions.items() if name in named}
    arms = []
    for combination in combinations:
        levels = _levels(conditions, combination)
        marks = {f"{CONDITION}{name}": int(name in combination) for name in conditions}
        for row in rows:
            for values in itertools.product(*grid.values()):
                arms.append(levels | fixed | row | dict(zip(grid, values, strict=True)) | marks)
    return arms, fraction


def read_conditions(experiment: Mapping[str, Any], where: str) -> dict[str, Mapping[str, Any]]:
    """Return what each condition of an experiment sets, by its name and ``off`` or ``on``.

    Raises
    ------
    DesignError
        For a condition that sets nothing, what another sets, or only when off.
    """
    result: dict[str, Mapping[str, Any]] = {}
    for name, given in read_mapping(experiment.get("conditions"), f"{where}: conditions").items():
        here = f"{where}: condition {name}"
        condition = read_mapping(given, here)
        require_known(condition, _CONDITION, here)
        off = read_mapping(condition.get("off"), f"{here}: off")
        on = read_mapping(condition.get("on"), f"{here}: on")
        if not on:
            raise DesignError(f"{here}: on sets nothing")
        for values in (off, on):
            require_parameters(values, here)
        alone = [key for key in off if key not in on]
        if alone:
            raise DesignError(f"{here}: {alone[0]} is set off but not on")
        for other, levels in result.items():
            shared = [key for key in on if key in levels["on"]]
            if shared:
                raise DesignError(f"{here}: {shared[0]} is set by condition {other} too")
        result[name] = {"off": off, "on": on}
    return result


def _combinations(
    part: Mapping[str, Any], conditions: Mapping[str, Any], where: str
) -> tuple[list[tuple[str, ...]], dict[str, Any] | None]:
    """Return the sets of conditions that hold, and what is to be known if they are a fraction."""
    design = part["design"]
    crossed = design == "factorial" or (design == "fractional" and "ranges" not in part)
    key = "conditions" if crossed or "conditions" in part else "on"
    chosen = read_names(part.get(key, list(conditions) if crossed else []), f"{where}: {key}")
    for name in chosen:
        if name not in conditions:
            raise DesignError(f"{where}: {unknown_name(name, list(conditions), 'condition')}")
    if key == "on":
        return [tuple(chosen)], None
    if not chosen:
        raise DesignError(f"{where}: design {design} needs conditions")
    if design == "fractional" and crossed:
        plan = fraction_of(chosen, part, where)
        return [tuple(itertools.compress(chosen, row)) for row in plan.levels], fraction_told(plan)
    switches = itertools.product((False, True), repeat=len(chosen))
    return [tuple(itertools.compress(chosen, switch)) for switch in switches], None


def _levels(conditions: Mapping[str, Mapping[str, Any]], held: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, levels in conditions.items():
        values |= levels["on"] if name in held else levels["off"]
    return values


def _rows(part: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    """Return the points listed, or the rows of what is zipped; one empty row if there is none."""
    listed = part.get("points")
    if listed is not None:
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            raise DesignError(f"{where}: points must be a list")
        rows = [dict(read_mapping(row, f"{where}: point {i}")) for i, row in enumerate(listed, 1)]
        for number, row in enumerate(rows, 1):
            if not isinstance(row.get(LABEL, ""), str):
                label = row[LABEL]
                raise DesignError(f"{where}: point {number}: label = {label!r} must be a text")
            require_parameters((name for name in row if name != LABEL), f"{where}: point {number}")
        return rows
    zipped = {
        name: read_values(given, f"{where}: zip of {name}")
        for name, given in read_mapping(part.get("zip"), f"{where}: zip").items()
    }
    require_parameters(zipped, f"{where}: zip")
    lengths = {name: len(values) for name, values in zipped.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise DesignError(f"{where}: what is zipped must be equally long, not {told}")
    if not zipped:
        return [{}]
    return [dict(zip(zipped, row, strict=True)) for row in zip(*zipped.values(), strict=True)]


def _require_apart(
    fixed: Mapping[str, Any],
    grid: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    conditions: Mapping[str, Mapping[str, Any]],
    where: str,
) -> None:
    """Refuse names that are unknown or given twice."""
    require_parameters(fixed, f"{where}: set")
    require_parameters(grid, f"{where}: grid")
    owners = {
        name: f"condition {key}" for key, levels in conditions.items() for name in levels["on"]
    }
    listed = list(dict.fromkeys(name for row in rows for name in row))
    for names, owner in ((fixed, "set"), (listed, "points or zip"), (grid, "a grid or sweep")):
        for name in names:
            if name in owners:
                raise DesignError(f"{where}: {name} is given twice, by {owners[name]} and {owner}")
            owners[name] = owner


def follow_up(point: dict[str, Any], part: Mapping[str, Any], where: str) -> None:
    """Give every launch the same time to be observed and the same wait for its meeting."""
    for key, name in (("follow_up", "horizon"), ("meeting_after", "vote.first_meeting")):
        weeks = part.get(key)
        if weeks is None:
            continue
        if isinstance(weeks, bool) or not isinstance(weeks, int) or weeks < 0:
            raise DesignError(f"{where}: {key} = {weeks!r} must be a number of weeks")
        if "movement.launch_week" not in point:
            raise DesignError(f"{where}: {key} needs movement.launch_week in the part")
        if name in point:
            raise DesignError(f"{where}: {name} is given twice, by {key} and by the part")
        week = point["movement.launch_week"] + weeks
        point[name] = week if key == "follow_up" else week % YEAR
