"""A world: a value for every parameter, validated, and its record for the compiled rules."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from enum import Enum
from functools import cache, cached_property
from operator import attrgetter
from struct import Struct
from typing import Any

import numpy as np

from sim.errors import did_you_mean
from sim.parameters.declaration import LEVER, Origin, ParameterError, Topology, code, parameter
from sim.parameters.groups import (
    Awareness,
    Conversion,
    Dissatisfaction,
    Efficacy,
    Emergence,
    Events,
    Exit,
    Firm,
    Media,
    Movement,
    Participation,
    Persuasion,
    Shareholders,
    Threat,
    Ties,
    Users,
    Vote,
)


def group(kind: type) -> Any:
    """Return a field that holds a group of parameters."""
    return field(default_factory=kind)


@dataclass(frozen=True, repr=False)
class Parameters:
    """A world: all parameters, in groups.

    ``Parameters()`` is the default world; ``Parameters.from_dict({"users": {"count": 500}})``
    changes some of it. Values are validated when built. Meaning, unit and range of each are in
    `declarations`.

    Raises
    ------
    ParameterError
        For an unknown name, a wrong type, or a value out of bounds.

    Examples
    --------
    >>> world = Parameters.from_dict({"users.count": 500, "firm.policy": "concede"})
    >>> world
    Parameters.from_dict({'users.count': 500, 'firm.policy': 'concede'})
    >>> world.users.count, world.horizon
    (500, 260)
    """

    horizon: int = parameter(260, "weeks", "weeks simulated", bounds=(1, 10_000), role=LEVER)
    users: Users = group(Users)
    dissatisfaction: Dissatisfaction = group(Dissatisfaction)
    awareness: Awareness = group(Awareness)
    persuasion: Persuasion = group(Persuasion)
    efficacy: Efficacy = group(Efficacy)
    participation: Participation = group(Participation)
    exit: Exit = group(Exit)
    threat: Threat = group(Threat)
    events: Events = group(Events)
    firm: Firm = group(Firm)
    shareholders: Shareholders = group(Shareholders)
    vote: Vote = group(Vote)
    conversion: Conversion = group(Conversion)
    movement: Movement = group(Movement)
    media: Media = group(Media)
    emergence: Emergence = group(Emergence)
    network: Ties = group(Ties)

    def __repr__(self) -> str:
        usual = {name: each.default for name, each in declarations().items()}
        differ = [
            name for name, value in zip(usual, _values(self), strict=True) if value != usual[name]
        ]
        changes = {name: self.value(name) for name in differ}
        return f"Parameters.from_dict({changes})" if changes else "Parameters()"

    def __post_init__(self) -> None:
        """Validate every value, and those that depend on each other."""
        for group in fields(self):
            kind: Any = group.default_factory
            given = getattr(self, group.name)
            if isinstance(kind, type) and not isinstance(given, kind):
                raise ParameterError(
                    f"{group.name} = {given!r} is no group of parameters; "
                    f"Parameters.from_dict takes names and values, as {{'{group.name}': {{…}}}}"
                )
        for name, value in zip(declarations(), _values(self), strict=True):
            _validate(name, value)
        self._validate_together()

    def _validate_together(self) -> None:
        if self.movement.origin is Origin.GIVEN and self.movement.launch_week > self.horizon:
            raise ParameterError(
                f"movement.launch_week = {self.movement.launch_week} is after the horizon of "
                f"{self.horizon} weeks; launch earlier, raise horizon, "
                "or set movement.origin=never"
            )
        if self.shareholders.institutional_share + self.shareholders.ethical_share > 1:
            raise ParameterError(
                "shareholders.institutional_share + shareholders.ethical_share = "
                f"{self.shareholders.institutional_share + self.shareholders.ethical_share:g}; "
                "the two shares may sum to 1 at most"
            )
        people = self.users.count * self.users.people_per_agent
        if self.movement.organisers > people:
            raise ParameterError(
                f"movement.organisers = {self.movement.organisers:g} people exceeds the "
                f"{people:g} of users.count x users.people_per_agent; have fewer organisers or "
                "more users"
            )
        if self.network.topology is Topology.EDGE_LIST and not self.network.edge_list:
            raise ParameterError(
                "network.topology = edge_list needs network.edge_list, the path of a file of ties"
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Parameters:
        """Build a world from nested (``{"users": {"count": 9}}``) or dotted names."""
        dotted: dict[str, Any] = {}
        for name, value in _mapping(values).items():
            if isinstance(value, Mapping):
                dotted |= {f"{name}.{inner}": each for inner, each in value.items()}
            else:
                dotted[str(name)] = value
        return cls().replace(dotted)

    def to_dict(self) -> dict[str, Any]:
        """Return nested plain values (choices as their names)."""
        return _nested(self.flat())

    def flat(self) -> dict[str, Any]:
        """Return plain values by dotted name."""
        plain = (v if isinstance(v, (int, float, str)) else v.value for v in _values(self))
        return dict(zip(declarations(), plain, strict=True))

    def value(self, name: str) -> Any:
        """Return the plain value of a dotted name."""
        value = attrgetter(name)(self)
        return value.value if isinstance(value, Enum) else value

    def replace(self, changes: Mapping[str, Any]) -> Parameters:
        """Return a copy with some values, by dotted name, changed; it shares the other groups."""
        valid = {name: _coerce(name, value) for name, value in _mapping(changes).items()}
        for name, value in valid.items():
            _validate(name, value)
        changed = copy.copy(self)
        changed.__dict__.pop("_packed", None)
        for name, value in _nested(valid).items():
            if isinstance(value, dict):
                value = replace(getattr(self, name), **value)
            object.__setattr__(changed, name, value)
        changed._validate_together()
        return changed

    def record(self) -> np.ndarray:
        """Return the values as a record array of shape (1,) for the compiled rules."""
        return np.frombuffer(bytearray(self._packed), dtype=record_type())

    @cached_property
    def _packed(self) -> bytes:
        numbers, choices, layout = _layout()
        values = list(numbers(self))
        for place in choices:
            values[place] = code(values[place])
        return layout.pack(*values)


@cache
def declarations() -> dict[str, Field[Any]]:
    """Return the declaration of every parameter by dotted name."""
    found = {}
    for outer in fields(Parameters):
        if outer.default_factory is MISSING:
            found[outer.name] = outer
        else:
            inner = fields(outer.default_factory)  # type: ignore[arg-type]
            found |= {f"{outer.name}.{each.name}": each for each in inner}
    return found


def _values(parameters: Parameters) -> tuple[Any, ...]:
    """Return the value of every parameter, in the order of `declarations`."""
    values: tuple[Any, ...] = _reader()(parameters)
    return values


@cache
def _reader() -> attrgetter[Any]:
    return attrgetter(*declarations())


def _mapping(values: Any) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise ParameterError(f"{values!r} must be a dict, as {{'users.count': 500}}")
    return values


def check_parameters(parameters: Any) -> Parameters:
    """Return a world, the default one for None.

    Raises
    ------
    ParameterError
        For anything else.
    """
    if parameters is None:
        return Parameters()
    if not isinstance(parameters, Parameters):
        raise ParameterError(
            f"parameters = {str(parameters)[:60]} must be Parameters; "
            "Parameters.from_dict makes them from a dict"
        )
    return parameters


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted name as values by group and name."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        if inner:
            result.setdefault(outer, {})[inner] = value
        else:
            result[outer] = value
    return result


def unknown_name(name: str, known: list[str] | None = None, what: str = "parameter") -> str:
    """Return the line that refuses a name, with the nearest one known."""
    known = list(declarations()) if known is None else known
    return f"unknown {what} {name}{did_you_mean(name, known)}"


def checked(name: str, value: Any) -> Any:
    """Return a value as the parameter holds it, choices by their names, whatever the others are.

    Raises
    ------
    ParameterError
        For an unknown name, a wrong type, or a value out of bounds.
    """
    valid = _coerce(name, value)
    _validate(name, valid)
    return valid.value if isinstance(valid, Enum) else valid


_LARGEST = 10**18  # whole number that is a number in every library


def _coerce(name: str, value: Any) -> Any:
    """Return the value in the declared type: whole floats as integers, names as choices."""
    if name not in declarations():
        raise ParameterError(unknown_name(name))
    default = declarations()[name].default
    if isinstance(default, Enum):
        if isinstance(value, type(default)):
            return value
        choices = [choice.value for choice in type(default)]
        text = str(value).lower()
        if text not in choices:
            raise ParameterError(
                f"{name} = {value!r}: unknown choice; the choices are {', '.join(choices)}"
                f"{did_you_mean(text, choices)}"
            )
        return type(default)(text)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise ParameterError(f"{name}: a number of {value.bit_length()} bits is out of range")
    if isinstance(default, int) and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _validate(name: str, value: Any) -> None:
    declaration = declarations()[name]
    default = declaration.default
    low, high = declaration.metadata["bounds"]
    if isinstance(default, Enum | str):
        if not isinstance(value, type(default)):
            raise ParameterError(f"{name} = {value!r} must be a {type(default).__name__}")
        return
    expected = "a whole number" if isinstance(default, int) else "a number"
    allowed = (int,) if isinstance(default, int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise ParameterError(f"{name} = {value!r} must be {expected} ({_range(low, high)})")
    if not math.isfinite(value) or not low <= value <= high:
        raise ParameterError(f"{name} = {value:g} is out of range: {_range(low, high)}")


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "any finite number"
    if math.isinf(high):
        return f"{low:g} or more"
    return f"{low:g} to {high:g}"


@cache
def record_type() -> np.dtype[Any]:
    """Return the nested record type of the compiled rules; choices become their position."""
    top: list[tuple[str, Any]] = []
    groups: dict[str, list[tuple[str, Any]]] = {}
    for name, declaration in declarations().items():
        default = declaration.default
        if isinstance(default, str):
            continue
        kind = "f8" if isinstance(default, float) else "i8"
        outer, _, inner = name.partition(".")
        if inner:
            if outer not in groups:
                groups[outer] = []
                top.append((outer, groups[outer]))
            groups[outer].append((inner, kind))
        else:
            top.append((outer, kind))
    return np.dtype(
        [(n, np.dtype(kind) if isinstance(kind, list) else kind) for n, kind in top], align=True
    )


@cache
def _layout() -> tuple[attrgetter[Any], list[int], Struct]:
    """Return what reads the numbers and choices, which are choices, and how `record_type` packs."""
    defaults = {name: declaration.default for name, declaration in declarations().items()}
    numbers = {name: value for name, value in defaults.items() if not isinstance(value, str)}
    choices = [k for k, value in enumerate(numbers.values()) if isinstance(value, Enum)]
    kinds = ("d" if isinstance(value, float) else "q" for value in numbers.values())
    return attrgetter(*numbers), choices, Struct(f"={''.join(kinds)}")
