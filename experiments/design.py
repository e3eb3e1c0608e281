"""From an experiment's description to its points: which worlds are run.

A point is a plain dictionary: ``part``, dotted parameter names with the values this point sets, and
``condition.NAME`` 0 or 1 where the experiment has conditions. Replicate *r* of every point has the
same seed, hence the same luck and, where the network's parameters agree, the same network.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.parameters import ParameterError, Parameters, declarations, unknown_name

Point = dict[str, Any]

CONDITION = "condition."
YEAR = 52  # weeks between annual meetings

HISTORY = {
    "history.recorded": True,  # follow the case's record; false: the model decides everything
    "history.price_shift": 0,  # weeks by which price, revenue and margin come later than recorded
    "history.threat_shift": 0,  # weeks by which threat comes later than recorded
    "history.frozen_week": -1,  # hold all paths at this week's level, without events; -1: do not
}
"""What a point may change of a case's record, with the value that leaves it as it is."""

_TOP = [
    "name", "title", "question", "claims", "case", "base", "conditions", "parts", "replicates",
    "record_weekly", "analyses", "scales", "notes",
]  # fmt: skip
ANALYSES = (
    "factorial", "launches", "arms", "grades", "goals", "fans", "border", "sizes", "grid", "morris",
    "sobol", "replay", "claims",
)  # fmt: skip
"""Sections of a report that an experiment may ask for, in its order; without it those that fit."""

_PART = [
    "name", "label", "design", "conditions", "on", "grid", "zip", "points", "set", "follow_up",
    "meeting_after",
]  # fmt: skip
_SWITCH: dict[Any, str] = {False: "off", True: "on"}  # what YAML makes of these two words as keys
_CONDITION = ["label", "off", "on"]
_DESIGNS = ["factorial", "grid", "points"]
_NUMBER = r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*"
_RANGE = re.compile(rf"\s*range\({_NUMBER},{_NUMBER}(?:,{_NUMBER})?\)\s*")


class DesignError(ValueError):
    """An experiment that cannot be run as described; the message is one line."""


def at_scale(experiment: Mapping[str, Any], scale: str) -> dict[str, Any]:
    """Return the experiment with the keys of one of its scales put over it, without ``scales``.

    The scale's ``set`` is put over ``base``. An experiment without scales is the same at all.
    """
    where = _where(experiment)
    _require_known(experiment, _TOP, where)
    result = dict(experiment)
    scales = result.pop("scales", None) or {}
    result["base"] = dict(_mapping(experiment.get("base"), f"{where}: base"))
    if scales:
        if scale not in scales:
            raise DesignError(f"{where}: {unknown_name(scale, list(scales), 'scale')}")
        changes = dict(_mapping(scales[scale], f"{where}: scales.{scale}"))
        values = _mapping(changes.pop("set", None), f"{where}: scales.{scale}.set")
        _require_known(changes, [key for key in _TOP if key != "scales"], f"{where}: {scale}")
        result.update(changes)
        result["base"] = {**_mapping(result["base"], f"{where}: base"), **values}
    _require_parameters(result["base"], f"{where}: base")
    analyses = result.get("analyses") or []
    if not isinstance(analyses, Sequence) or isinstance(analyses, str):
        raise DesignError(f"{where}: analyses must be a list")
    for name in analyses:
        if name not in ANALYSES:
            raise DesignError(f"{where}: {unknown_name(str(name), list(ANALYSES), 'analysis')}")
    return result


def points(
    experiment: Mapping[str, Any] | None,
    scale: str = "laptop",
    swept: Mapping[str, Sequence[Any]] | None = None,
) -> list[Point]:
    """Return the points of an experiment, crossed with what the user sweeps.

    Without an experiment the points are the grid of what is swept. A swept parameter that is an
    axis of a part's grid replaces that axis.

    Raises
    ------
    DesignError
        For what the description gets wrong: unknown keys, conditions or parameters, empty or
        doubled points.
    """
    swept = {name: list(values) for name, values in (swept or {}).items()}
    if experiment is None:
        part: dict[str, Any] = {"name": "grid", "design": "grid", "grid": swept}
        return _part_points(part, {}, {}, "sweep") if swept else [{"part": "grid"}]
    experiment = at_scale(experiment, scale)
    where = _where(experiment)
    conditions = _conditions(experiment, where)
    parts = experiment.get("parts") or [{"name": "all", "design": "grid"}]
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        raise DesignError(f"{where}: parts must be a list")
    result: list[Point] = []
    names: set[str] = set()
    for number, given in enumerate(parts, 1):
        part = dict(_mapping(given, f"{where}: part {number}"))
        name = part.get("name")
        if not isinstance(name, str) or not name:
            raise DesignError(f"{where}: part {number} has no name")
        if name in names:
            raise DesignError(f"{where}: two parts are named {name}")
        names.add(name)
        result += _part_points(part, conditions, swept, f"{where}: part {name}")
    labelled = any("label" in point for point in result)
    return [{**point, "label": point.get("label", "")} for point in result] if labelled else result


def build(base: Parameters, point: Point, number: int) -> Parameters:
    """Return the world of a point.

    Raises
    ------
    DesignError
        Naming the point and what is wrong with its values.
    """
    try:
        return base.replace(settings_of(point))
    except ParameterError as error:
        raise DesignError(f"point {number} ({describe(point)}): {error}") from None


def settings_of(point: Point) -> dict[str, Any]:
    """Return the parameters a point sets, by dotted name."""
    return {name: value for name, value in point.items() if name in declarations()}


def varied(points: Iterable[Point]) -> list[str]:
    """Return the names of all that some point sets, parameters and history, in order."""
    names = {name: None for point in points for name in point}
    return [name for name in names if name in declarations() or name in HISTORY]


def conditions_of(points: Iterable[Point]) -> list[str]:
    """Return the names of the condition columns, in order."""
    return list({name: None for point in points for name in point if name.startswith(CONDITION)})


def describe(point: Point) -> str:
    """Return a point in words: its part and what it sets."""
    rest = [f"{name}={value}" for name, value in point.items() if name not in ("part", "label")]
    rest = [text for text in rest if not text.startswith(CONDITION)]
    return ", ".join([f"part {point['part']}", *rest])


def parse_range(text: str) -> list[int] | list[float] | None:
    """Return the values of ``range(start, stop, step)``, stop left out; None if it is not one."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    given = [part for part in match.groups() if part is not None]
    start, stop, step = [float(part) for part in given] + [1.0] * (3 - len(given))
    if step == 0:
        raise DesignError(f"{text.strip()}: the step must not be 0")
    count = max(0, math.ceil((stop - start) / step - 1e-9))
    if count > 1_000_000:
        raise DesignError(f"{text.strip()}: {count:,} values are too many")
    if all(re.fullmatch(r"[-+]?\d+", part) for part in given):
        return [int(start) + i * int(step) for i in range(count)]
    return [round(start + i * step, 12) for i in range(count)]


def _part_points(
    part: Mapping[str, Any],
    conditions: Mapping[str, Mapping[str, Any]],
    swept: Mapping[str, Sequence[Any]],
    where: str,
) -> list[Point]:
    _require_known(part, _PART, where)
    design = part.get("design")
    if design not in _DESIGNS:
        raise DesignError(f"{where}: {unknown_name(str(design), _DESIGNS, 'design')}")
    _require_fit(part, str(design), where)
    fixed = dict(_mapping(part.get("set"), f"{where}: set"))
    grid = {
        name: _values(given, f"{where}: grid of {name}")
        for name, given in _mapping(part.get("grid"), f"{where}: grid").items()
    }
    grid |= {name: list(values) for name, values in swept.items()}
    rows = _rows(part, where)
    combinations = _combinations(part, conditions, where)
    _require_apart(fixed, grid, rows, conditions, where)
    result: list[Point] = []
    for combination in combinations:
        levels = _levels(conditions, combination)
        for row in rows:
            for values in itertools.product(*grid.values()):
                point = {"part": part["name"], **levels, **fixed, **row}
                point |= dict(zip(grid, values, strict=True))
                _follow_up(point, part, where)
                marks = {f"{CONDITION}{name}": int(name in combination) for name in conditions}
                result.append(point | marks)
    _require_distinct(result, where)
    return result


def _require_fit(part: Mapping[str, Any], design: str, where: str) -> None:
    """Refuse keys that the design does not use."""
    if design == "points" and not part.get("points"):
        raise DesignError(f"{where}: design points needs a list of points")
    if design != "points" and "points" in part:
        raise DesignError(f"{where}: points belong to design points, not to {design}")
    if design != "factorial" and "conditions" in part:
        raise DesignError(f"{where}: conditions belong to design factorial; to fix some, use on")
    if design == "factorial" and "on" in part:
        raise DesignError(f"{where}: on belongs to designs grid and points")


def _conditions(experiment: Mapping[str, Any], where: str) -> dict[str, Mapping[str, Any]]:
    result: dict[str, Mapping[str, Any]] = {}
    for name, given in _mapping(experiment.get("conditions"), f"{where}: conditions").items():
        here = f"{where}: condition {name}"
        condition = _mapping(given, here)
        _require_known(condition, _CONDITION, here)
        off = _mapping(condition.get("off"), f"{here}: off")
        on = _mapping(condition.get("on"), f"{here}: on")
        if not on:
            raise DesignError(f"{here}: on sets nothing")
        for values in (off, on):
            _require_parameters(values, here)
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
) -> list[tuple[str, ...]]:
    """Return the sets of conditions that hold: all subsets of a factorial's, else the one given."""
    factorial = part["design"] == "factorial"
    chosen = part.get("conditions", list(conditions)) if factorial else part.get("on", [])
    if not isinstance(chosen, Sequence) or isinstance(chosen, str):
        raise DesignError(f"{where}: give the conditions as a list")
    for name in chosen:
        if name not in conditions:
            raise DesignError(f"{where}: {unknown_name(str(name), list(conditions), 'condition')}")
    if len(set(chosen)) < len(chosen):
        raise DesignError(f"{where}: a condition is named twice")
    if not factorial:
        return [tuple(chosen)]
    if not chosen:
        raise DesignError(f"{where}: design factorial needs conditions")
    switches = itertools.product((False, True), repeat=len(chosen))
    return [tuple(itertools.compress(chosen, switch)) for switch in switches]


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
        rows = [dict(_mapping(row, f"{where}: point {i}")) for i, row in enumerate(listed, 1)]
        for number, row in enumerate(rows, 1):
            names = {name: value for name, value in row.items() if name != "label"}
            _require_parameters(names, f"{where}: point {number}")
        return rows
    zipped = {
        name: _values(given, f"{where}: zip of {name}")
        for name, given in _mapping(part.get("zip"), f"{where}: zip").items()
    }
    _require_parameters(zipped, f"{where}: zip")
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
    _require_parameters(fixed, f"{where}: set")
    _require_parameters(grid, f"{where}: grid")
    owners = {
        name: f"condition {key}" for key, levels in conditions.items() for name in levels["on"]
    }
    listed = list(dict.fromkeys(name for row in rows for name in row))
    for names, owner in ((fixed, "set"), (listed, "points or zip"), (grid, "a grid or sweep")):
        for name in names:
            if name in owners:
                raise DesignError(f"{where}: {name} is given twice, by {owners[name]} and {owner}")
            owners[name] = owner


def _follow_up(point: Point, part: Mapping[str, Any], where: str) -> None:
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


def _require_distinct(points: Sequence[Point], where: str) -> None:
    seen = set()
    for point in points:
        text = repr(sorted((name, value) for name, value in point.items() if name != "label"))
        if text in seen:
            raise DesignError(f"{where}: the same point twice: {describe(point)}")
        seen.add(text)


def _values(given: Any, where: str) -> list[Any]:
    try:
        values = parse_range(given) if isinstance(given, str) else given
    except DesignError as error:
        raise DesignError(f"{where}: {error}") from None
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise DesignError(f"{where}: {given!r} must be a list or range(start, stop, step)")
    if not values:
        raise DesignError(f"{where}: {given!r} holds no value")
    return list(values)


def _mapping(given: Any, where: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise DesignError(f"{where}: {given!r} must be name: value pairs")
    return {_SWITCH[key] if key in (False, True) else key: given[key] for key in given}


def _require_known(given: Mapping[str, Any], known: list[str], where: str) -> None:
    for key in given:
        if key not in known:
            raise DesignError(f"{where}: {unknown_name(str(key), known, 'key')}")


def _require_parameters(names: Iterable[str], where: str) -> None:
    known = [*declarations(), *HISTORY]
    for name in names:
        if name not in known:
            raise DesignError(f"{where}: {unknown_name(str(name), known)}")


def _where(experiment: Mapping[str, Any]) -> str:
    name = experiment.get("name")
    return f"conf/experiment/{name}.yaml" if name else "experiment"
