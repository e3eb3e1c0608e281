"""What an experiment says: its question, its parts, and what each of them runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from pydantic import Field, model_validator

from experiments.design.reading import (
    LABEL,
    Axes,
    Columns,
    DesignError,
    Name,
    Names,
    Row,
    Settings,
    yaml_keys,
)
from experiments.files import read_yaml
from experiments.places import CONF
from experiments.validation import Description, choice, refusal, validated, whole
from sim.parameters import unknown_name

Point = dict[str, Any]

SAMPLED = {
    "latin_hypercube": ("samples", "ranges", "except", "design_seed"),
    "sobol": ("samples", "ranges", "except", "design_seed"),
    "saltelli": ("samples", "ranges", "except", "design_seed", "second_order"),
    "morris": ("samples", "ranges", "except", "design_seed"),
    "one_at_a_time": ("ranges", "except"),
    "fractional": ("ranges", "except", "resolution", "generators"),
    "csv": ("file", "samples"),
}
"""The sampled designs, each with the keys it reads."""

DESIGNS = ("factorial", "grid", "points", *SAMPLED)
SHARED = ("samples", "design_seed")
"""Keys of a part that an experiment, or a scale, may say for all of them."""

ANALYSES = (
    "factorial", "launches", "variants", "grades", "goals", "fans", "border", "sizes", "grid",
    "morris", "sobol", "worlds", "holding", "replay", "patterns",
    "calibration", "cases",
)  # fmt: skip
"""Sections of a report that an experiment may ask for, in its order; without it those that fit."""


class Condition(Description):
    """What may hold or not, and what it sets."""

    label: str = ""
    claim: str | None = None  # that says of the condition that it favours emergence
    off: Settings = Field(default={})
    on: Settings

    _keys = model_validator(mode="before")(yaml_keys)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if not self.on:
            raise refusal("on sets nothing")
        alone = [name for name in self.off if name not in self.on]
        if alone:
            raise refusal(f"{alone[0]} is set off but not on")
        return self


class Part(Description):
    """A part of an experiment: a design, and the variants that each of its worlds meets."""

    name: Name
    label: str = ""
    design: choice(DESIGNS, "design")  # type: ignore[valid-type]
    # variants
    conditions: Names | None = None
    on: Names | None = None
    grid: Axes = Field(default={})
    zip: Columns = Field(default={})
    points: list[Row] | None = None
    settings: Settings = Field(default={}, alias="set")
    follow_up: whole(0) | None = None  # type: ignore[valid-type]
    meeting_after: whole(0) | None = None  # type: ignore[valid-type]
    # sampled worlds
    samples: whole(1) | None = None  # type: ignore[valid-type]
    design_seed: whole(0) = 0  # type: ignore[valid-type]
    second_order: bool = False
    ranges: Any = None
    left_out: Names = Field(default=[], alias="except")
    resolution: Any = None
    generators: dict[str, Names] = Field(default={})
    file: str = ""

    _keys = model_validator(mode="before")(yaml_keys)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        """Refuse keys that the design does not use, and names that are given twice."""
        given = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        for key in sorted(given):
            readers = [design for design, keys in SAMPLED.items() if key in keys]
            if readers and self.design not in readers:
                raise refusal(f"{key} belongs to {', '.join(readers)}, not to {self.design}")
        if self.points == [] or (self.design == "points" and not self.points):
            raise refusal(f"design {self.design} needs a list of points")
        if self.design in ("factorial", "grid") and "points" in given:
            raise refusal(f"points belong to design points, not to {self.design}")
        if self.design in ("grid", "points") and self.conditions:
            raise refusal("conditions belong to design factorial; to fix some, use on")
        if self.design == "factorial" and "on" in given:
            raise refusal("on belongs to designs grid and points")
        if "on" in given and "conditions" in given:
            raise refusal("give conditions, all combinations of which are run, or on")
        if self.design == "csv" and not self.file:
            raise refusal("design csv needs file, the path of a CSV file")
        lengths = {name: len(values) for name, values in self.zip.items()}
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise refusal(f"zipped lists must be equally long, not {said}")
        self._require_different_points()
        return self

    def _require_different_points(self) -> None:
        """Refuse points that are the same, and labels that would make one of two."""
        seen: dict[str, int] = {}
        labels: dict[str, int] = {}
        labelled = any(point.get(LABEL) for point in self.rows)
        for number, point in enumerate(self.rows, 1):
            text = repr(sorted((name, value) for name, value in point.items() if name != LABEL))
            first = seen.setdefault(text, number)
            if first < number:
                raise refusal(f"point {number} is the same point as point {first}: give it once")
            label = point.get(LABEL, "")
            first = labels.setdefault(label, number)
            if labelled and first < number:
                raise refusal(f"points {first} and {number} share the label {label!r}: give two")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The points that are listed, or the rows of what is zipped; else one empty row."""
        if self.points is not None:
            return self.points
        if not self.zip:
            return [{}]
        columns = self.zip.values()
        return [dict(zip(self.zip, row, strict=True)) for row in zip(*columns, strict=True)]


class Experiment(Description):
    """An experiment, at one of its scales."""

    name: str = ""
    file: str | None = None  # of an experiment that is not the project's
    title: str = ""
    question: str = ""
    order: int | None = None  # in the index of results
    claims: Names = Field(default=[])
    case: str | None = None
    cases: str | None = None  # a table of cases, whose worlds are the points of every part
    coded: list[dict[str, str]] = Field(default=[])  # these cases, as they were read
    base: Settings = Field(default={})
    conditions: dict[str, Condition] = Field(default={})
    parts: list[Part] = Field(default=[])
    replicates: whole(1) | None = None  # type: ignore[valid-type]
    record_weekly: bool = False
    fresh_seeds: bool = False  # every point has luck of its own
    read_facts: bool = False  # of every run the weeks are kept in which facts of its case lie
    analyses: list[choice(ANALYSES, "analysis")] | None = None  # type: ignore[valid-type]
    notes: str = ""
    samples: whole(1) | None = None  # type: ignore[valid-type]
    design_seed: whole(0) | None = None  # type: ignore[valid-type]
    refine: dict[str, Any] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _parts_with_what_is_shared(cls, given: Any) -> Any:
        """Leave out what is null, and give each part what holds for all of them."""
        if not isinstance(given, Mapping):
            return given
        given = {key: value for key, value in given.items() if value is not None}
        parts = given.get("parts")
        if isinstance(parts, list | tuple):
            shared = {key: given[key] for key in SHARED if key in given}
            given["parts"] = [
                {**_read_by(part, shared), **part} if isinstance(part, Mapping) else part
                for part in parts
            ]
        return given

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.coded and self.cases is None:
            raise refusal("coded has no effect: give cases, the path of a table")
        names = [part.name for part in self.parts]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise refusal(f"two parts are named {twice[0]}")
        owners: dict[str, str] = {}
        for condition, levels in self.conditions.items():
            for name in levels.on:
                if name in owners:
                    raise refusal(f"{name} is set by conditions {owners[name]} and {condition}")
                owners[name] = condition
        for part in self.parts:
            for name in [*(part.conditions or ()), *(part.on or ())]:
                if name not in self.conditions:
                    known = unknown_name(name, list(self.conditions), "condition")
                    raise refusal(f"part {part.name}: {known}")
        for key in SHARED:
            if getattr(self, key) is not None and not any(_read_by(p, {key}) for p in self.parts):
                raise refusal(f"{key} has no effect: no part of the experiment reads it")
        return self


def _read_by(part: Any, keys: Any) -> dict[str, Any]:
    """Return what a part reads of keys that hold for all parts; a file has the rows it has."""
    design = part.design if isinstance(part, Part) else part.get("design")
    reads = SAMPLED.get(str(design), ())
    reads = reads if "ranges" in reads else ()
    return {key: keys[key] if isinstance(keys, Mapping) else None for key in keys if key in reads}


def at_scale(experiment: Mapping[str, Any], scale: str) -> dict[str, Any]:
    """Return an experiment as written, with the keys of one of its scales put over it.

    The scale's ``set`` is put over ``base``. An experiment without scales is the same at all.

    Raises
    ------
    DesignError
        For a scale that does not exist or is no table.
    """
    where = where_of(experiment)
    result = dict(experiment)
    scales = _pairs(result.pop("scales", None), f"{where}: scales")
    changes: dict[str, Any] = {}
    if scales:
        if scale not in scales:
            raise DesignError(f"{where}: {unknown_name(scale, list(scales), 'scale')}")
        changes = _pairs(scales[scale], f"{where}: scales.{scale}")
    values = _pairs(changes.pop("set", None), f"{where}: scales.{scale}.set")
    result |= changes
    result["base"] = _pairs(result.get("base"), f"{where}: base") | values
    return result


def _pairs(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping | None):
        raise DesignError(f"{where}: {given!r} must be name: value pairs")
    for name in given or {}:
        if not isinstance(name, str):
            raise DesignError(f"{where}: the name {name!r} must be text")
    return dict(given or {})


def read_experiment(
    experiment: Mapping[str, Any], scale: str, sampled: Mapping[str, Any] | None = None
) -> Experiment:
    """Return what an experiment says at one of its scales.

    Parameters
    ----------
    experiment
        As written in its file, with its ``name``, and with its ``file`` if that is not the
        project's.
    scale
        Which of its scales.
    sampled
        What holds for all sampled parts, whatever they say: ``samples``, ``design_seed``.

    Raises
    ------
    DesignError
        For the first thing that is wrong, with the file and the place.
    """
    given = at_scale(experiment, scale)
    if sampled and isinstance(given.get("parts"), list):
        parts = [{**part, **_read_by(part, sampled)} for part in given["parts"]]
        given |= {"parts": parts, **sampled}
    return validated(Experiment, given, where_of(experiment), DesignError)


def where_of(experiment: Mapping[str, Any]) -> str:
    """Return the file of an experiment, for messages."""
    name = experiment.get("name")
    project = f"conf/experiment/{name}.yaml" if name else "experiment"
    return str(experiment.get("file") or project)


@cache
def shipped_experiments() -> dict[str, dict[str, Any]]:
    """Return the project's experiments as they are written, by name, in the order of the index."""
    found = {path.stem: read_yaml(path) for path in sorted((CONF / "experiment").glob("*.yaml"))}
    return dict(sorted(found.items(), key=lambda each: each[1].get("order") or len(found)))
