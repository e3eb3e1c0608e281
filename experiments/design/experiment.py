"""From an experiment's description to its points: which worlds are run.

A point is a plain dictionary: ``part``, dotted parameter names with the values this point sets, and
``condition.NAME`` 0 or 1 where the experiment has conditions; ``sample`` is the row of the sampled
design that its world is taken from, -1 if it is from none. Replicate *r* of every point has the
same seed, hence the same luck and, where the network's parameters agree, the same network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.design import sampling
from experiments.design.points import names_of
from experiments.design.reading import (
    HISTORY,
    DesignError,
    read_mapping,
    read_names,
    require_known,
    require_parameters,
)
from experiments.design.variants import CONDITION, LABEL, arms_of, follow_up, read_conditions
from sim.parameters import ParameterError, Parameters, declarations, unknown_name

Point = dict[str, Any]

SAMPLE = "sample"
UNSAMPLED = -1
MOST_TOLD = 8  # values of a point in words

_TOP = [
    "name", "title", "question", "claims", "case", "base", "conditions", "parts", "replicates",
    "record_weekly", "analyses", "scales", "notes", "samples", "design_seed",
    "refine", "file",
]  # fmt: skip
ANALYSES = (
    "factorial", "launches", "arms", "grades", "goals", "fans", "border", "sizes", "grid", "morris",
    "sobol", "worlds", "failures", "replay",
)  # fmt: skip
"""Sections of a report that an experiment may ask for, in its order; without it those that fit."""

_ARMS = ["conditions", "on", "grid", "zip", "points", "set", "follow_up", "meeting_after"]
_PART = ["name", "label", "design", *_ARMS]
DESIGNS = ["factorial", "grid", "points", *sampling.KEYS]
_SHARED = ("samples", "design_seed")  # keys of a part that an experiment, or a scale, says for all
_SAMPLING = list(dict.fromkeys(key for keys in sampling.KEYS.values() for key in keys))


class Drawn(NamedTuple):
    """The points of an experiment."""

    points: list[Point]
    told: dict[str, dict[str, Any]]  # part -> how it was sampled, or what fraction it is


def at_scale(experiment: Mapping[str, Any], scale: str) -> dict[str, Any]:
    """Return the experiment with the keys of one of its scales put over it, without ``scales``.

    The scale's ``set`` is put over ``base``. An experiment without scales is the same at all.
    """
    where = _where(experiment)
    require_known(experiment, _TOP, where)
    result = dict(experiment)
    scales = read_mapping(result.pop("scales", None), f"{where}: scales")
    result["base"] = dict(read_mapping(experiment.get("base"), f"{where}: base"))
    if scales:
        if scale not in scales:
            raise DesignError(f"{where}: {unknown_name(scale, list(scales), 'scale')}")
        changes = dict(read_mapping(scales[scale], f"{where}: scales.{scale}"))
        values = read_mapping(changes.pop("set", None), f"{where}: scales.{scale}.set")
        require_known(changes, [key for key in _TOP if key != "scales"], f"{where}: {scale}")
        result.update(changes)
        result["base"] = {**read_mapping(result["base"], f"{where}: base"), **values}
    require_parameters(result["base"], f"{where}: base")
    for name in read_names(result.get("analyses") or [], f"{where}: analyses"):
        if name not in ANALYSES:
            raise DesignError(f"{where}: {unknown_name(name, list(ANALYSES), 'analysis')}")
    return result


def points(
    experiment: Mapping[str, Any] | None,
    scale: str = "laptop",
    swept: Mapping[str, Sequence[Any]] | None = None,
) -> list[Point]:
    """Return the points of an experiment, crossed with what the user sweeps; see `draw`."""
    return draw(experiment, scale, swept).points


def draw(
    experiment: Mapping[str, Any] | None,
    scale: str = "laptop",
    swept: Mapping[str, Sequence[Any]] | None = None,
    sampled: Mapping[str, Any] | None = None,
    held: Collection[str] = (),
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

    Raises
    ------
    DesignError
        For what the description gets wrong: unknown keys, conditions or parameters, empty or
        doubled points.
    """
    swept = {name: list(values) for name, values in (swept or {}).items()}
    sampled = sampled or {}
    if experiment is None:
        return _of_user(swept, sampled, held)
    experiment = at_scale(experiment, scale)
    where = _where(experiment)
    conditions = read_conditions(experiment, where)
    parts = experiment.get("parts") or [{"name": "all", "design": "grid"}]
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        raise DesignError(f"{where}: parts must be a list")
    for key in sampled:
        if key not in _SHARED:
            raise DesignError(
                f"{key}= is for a sweep without an experiment; {where} says it for each part"
            )
    shared = {key: experiment[key] for key in _SHARED if key in experiment}
    drawn = Drawn([], {})
    seen: set[str] = set()
    for number, given in enumerate(parts, 1):
        part = dict(read_mapping(given, f"{where}: part {number}"))
        name = part.get("name")
        if not isinstance(name, str) or not name:
            raise DesignError(f"{where}: part {number} has no name")
        if name in seen:
            raise DesignError(f"{where}: two parts are named {name}")
        seen.add(name)
        reads = sampling.KEYS.get(str(part.get("design")), ())
        if "ranges" not in reads:  # a file has as many rows as it has
            reads = ()
        part = {
            **{key: value for key, value in shared.items() if key in reads},
            **part,
            **{key: value for key, value in sampled.items() if key in reads},
        }
        _add(drawn, part, conditions, swept, held, f"{where}: part {name}")
    _require_used([*shared, *sampled], drawn, where)
    for column, absent in ((LABEL, ""), (SAMPLE, UNSAMPLED)):
        if any(column in point for point in drawn.points):
            for point in drawn.points:
                point.setdefault(column, absent)
    return drawn


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
    return [name for name in names_of(points) if name in declarations() or name in HISTORY]


def conditions_of(points: Iterable[Point]) -> list[str]:
    """Return the names of the condition columns, in order."""
    return [name for name in names_of(points) if name.startswith(CONDITION)]


def marks_of(points: Iterable[Point]) -> list[str]:
    """Return the names of the columns that name a point: its label, its row of a sampled design."""
    found = names_of(points)
    return [name for name in (LABEL, SAMPLE) if name in found]


def describe(point: Point) -> str:
    """Return a point in words: its part and what it sets."""
    rest = [f"{name}={value}" for name, value in point.items() if name not in ("part", LABEL)]
    rest = [text for text in rest if not text.startswith(CONDITION)]
    if len(rest) > MOST_TOLD:
        rest[MOST_TOLD:] = [f"{len(rest) - MOST_TOLD} more values"]
    return ", ".join([f"part {point['part']}", *rest])


def _of_user(
    swept: Mapping[str, Sequence[Any]], sampled: Mapping[str, Any], held: Collection[str]
) -> Drawn:
    """Return the points of a sweep without an experiment."""
    drawn = Drawn([], {})
    if not swept and not sampled:
        return Drawn([{"part": "grid"}], {})
    if sampled and "design" not in sampled:
        given = next(iter(sampled))
        raise DesignError(f"{given}= needs design=NAME, one of {', '.join(sampling.KEYS)}")
    part = {"design": "grid", **sampled, "grid": swept}
    if part["design"] not in ("grid", *sampling.KEYS):
        known = unknown_name(str(part["design"]), list(sampling.KEYS), "design")
        raise DesignError(f"design={part['design']}: {known}; there are {', '.join(sampling.KEYS)}")
    part["name"] = part["design"]
    _add(drawn, part, {}, {}, held, "sweep")
    return drawn


def _add(
    drawn: Drawn,
    part: Mapping[str, Any],
    conditions: Mapping[str, Mapping[str, Any]],
    swept: Mapping[str, Sequence[Any]],
    held: Collection[str],
    where: str,
) -> None:
    """Add the points of a part: each of its worlds meets each of its arms."""
    require_known(part, [*_PART, *_SAMPLING], where)
    design = str(part.get("design"))
    if design not in DESIGNS:
        raise DesignError(f"{where}: {unknown_name(design, DESIGNS, 'design')}")
    _require_fit(part, design, where)
    arms, fraction = arms_of(part, conditions, swept, where)
    worlds: list[dict[str, Any]] = [{}]
    if fraction is not None:
        drawn.told[part["name"]] = {"design": design, **fraction}
    elif design in sampling.KEYS:
        forced = set.intersection(*(set(arm) for arm in arms)) - swept.keys()
        sample = sampling.draw(part, {*held, *swept}, forced, where)
        worlds = [{SAMPLE: number, **row} for number, row in enumerate(sample.rows)]
        drawn.told[part["name"]] = sample.told
    first = len(drawn.points)
    for world in worlds:
        for arm in arms:
            point = {"part": part["name"], **world, **arm}
            follow_up(point, part, where)
            drawn.points.append(point)
        if len(drawn.points) == first + len(arms):
            _require_distinct(drawn.points[first:], where)


def _require_fit(part: Mapping[str, Any], design: str, where: str) -> None:
    """Refuse keys that the design does not use."""
    drawn = design in sampling.KEYS
    if design == "points" and not part.get("points"):
        raise DesignError(f"{where}: design points needs a list of points")
    if design in ("factorial", "grid") and "points" in part:
        raise DesignError(f"{where}: points belong to design points, not to {design}")
    if design in ("grid", "points") and "conditions" in part:
        raise DesignError(f"{where}: conditions belong to design factorial; to fix some, use on")
    if design == "factorial" and "on" in part:
        raise DesignError(f"{where}: on belongs to designs grid and points")
    if drawn and "on" in part and "conditions" in part:
        raise DesignError(f"{where}: give conditions, all combinations of which are run, or on")
    for key in part:
        readers = [each for each, keys in sampling.KEYS.items() if key in keys]
        if readers and design not in readers:
            raise DesignError(f"{where}: {key} belongs to {', '.join(readers)}, not to {design}")


def _require_used(keys: Iterable[str], drawn: Drawn, where: str) -> None:
    """Refuse what is said for all sampled parts if none of them reads it."""
    used = {key for told in drawn.told.values() for key in sampling.KEYS[told["design"]]}
    for key in keys:
        if key not in used:
            raise DesignError(f"{where}: {key} has no effect: no part of the experiment reads it")


def _require_distinct(points: Sequence[Point], where: str) -> None:
    seen = set()
    for point in points:
        text = repr(sorted((name, value) for name, value in point.items() if name != "label"))
        if text in seen:
            raise DesignError(f"{where}: the same point twice: {describe(point)}")
        seen.add(text)


def _where(experiment: Mapping[str, Any]) -> str:
    name = experiment.get("name")
    project = f"conf/experiment/{name}.yaml" if name else "experiment"
    return str(experiment.get("file", project))
