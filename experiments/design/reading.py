"""What an experiment may say of values: each is checked by itself, once, where it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from experiments.errors import MomentumError
from experiments.validation import refusal
from sim.parameters import ParameterError, checked, declarations, unknown_name

LABEL = "label"

HISTORY = {
    "history.recorded": True,
    "history.price_shift": 0,
    "history.threat_shift": 0,
    "history.frozen_week": -1,
}
"""What a point may change of a case's record, with the value that leaves it as it is."""

HISTORY_MEANINGS = {
    "history.recorded": "follow the record of the case; false: the model decides everything",
    "history.price_shift": "weeks by which price, revenue and margin come later than recorded",
    "history.threat_shift": "weeks by which threat comes later than recorded",
    "history.frozen_week": "hold all series at this week's level, without events; -1: do not",
}
"""What each of them means."""

_NAME = re.compile(r"\w[\w .+-]*")
_SWITCH: dict[Any, str] = {False: "off", True: "on"}  # what YAML makes of these two words as keys
LONGEST_RANGE = 1_000_000

_NUMBER = r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*"
_RANGE = re.compile(rf"\s*range\({_NUMBER},{_NUMBER}(?:,{_NUMBER})?\)\s*")


class DesignError(MomentumError, ValueError):
    """An experiment that cannot be run as described; the message is one line."""

    topic = "designs"


@contextmanager
def within(where: str) -> Iterator[None]:
    """Put a place before the message of what is refused inside."""
    try:
        yield
    except (DesignError, ParameterError) as error:
        raise DesignError(f"{where}: {error}") from None


def parse_range(text: str) -> list[int] | list[float] | None:
    """Return the values of ``range(start, stop, step)``, stop left out; None if it is not one.

    Examples
    --------
    >>> parse_range("range(0.1, 0.3, 0.1)")
    [0.1, 0.2]
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    given = [part for part in match.groups() if part is not None]
    start, stop, step = [float(part) for part in given] + [1.0] * (3 - len(given))
    if step == 0:
        raise DesignError(f"{text.strip()}: the step must not be 0")
    steps = (stop - start) / step
    if not math.isfinite(steps):
        raise DesignError(f"{text.strip()}: its numbers are too large")
    count = max(0, math.ceil(steps - 1e-9))
    if count > LONGEST_RANGE:
        raise DesignError(f"{text.strip()}: {count:,} values are too many")
    if all(re.fullmatch(r"[-+]?\d+", part) for part in given):
        return [int(start) + i * int(step) for i in range(count)]
    return [round(start + i * step, 12) for i in range(count)]


def check_name(name: str) -> str:
    """Return the name of a parameter or of one of `HISTORY`.

    Raises
    ------
    DesignError
        With the nearest name, if there is none such.
    """
    known = [*declarations(), *HISTORY]
    if name not in known:
        raise DesignError(unknown_name(str(name), known))
    return name


def check_value(name: str, value: Any) -> Any:
    """Return a value as its parameter has it: 1.0 for 1, the exact name of a choice.

    Raises
    ------
    DesignError
        For an unknown name, a wrong type, or a value out of bounds.
    """
    if check_name(name) in HISTORY:
        if type(value) is type(HISTORY[name]):
            return value
        kind = "true or false" if HISTORY[name] is True else "a whole number of weeks"
        raise DesignError(f"{name} = {value!r} must be {kind}")
    try:
        return checked(name, value)
    except ParameterError as error:
        raise DesignError(str(error)) from None


def check_values(name: str, given: Any, different: bool = True) -> list[Any]:
    """Return a list of values, written as one or as a range.

    Raises
    ------
    DesignError
        For what is neither, holds nothing, or holds a value that is wrong or, where they must be
        different, there twice.
    """
    found = parse_range(given) if isinstance(given, str) else given
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise DesignError(f"{name}: {given!r} must be a list or range(start, stop, step)")
    if not found:
        raise DesignError(f"{name}: {given!r} holds no value")
    values = [check_value(name, value) for value in found]
    if different and len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise DesignError(f"{name} = {twice} is there twice")
    return values


def no_file(path: Path) -> str:
    """Return why a path is no file that can be read."""
    if path.is_dir():
        return "is a folder"
    return "is no regular file" if path.exists() else "no such file"


# -- types of what an experiment says --------------------------------------------------------------


def _mapping(given: Any) -> Any:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise refusal(f"{given!r} must be name: value pairs")
    return {_SWITCH[key] if key in (False, True) else key: given[key] for key in given}


def _names(given: Any) -> list[str]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise refusal(f"{given!r} must be a list of names")
    found = [str(name) for name in given]
    twice = [name for name in found if found.count(name) > 1]
    if twice:
        raise refusal(f"{twice[0]} is named twice")
    return found


def _settings(given: Any) -> dict[str, Any]:
    return {name: check_value(name, value) for name, value in _mapping(given).items()}


def _axes(given: Any) -> dict[str, list[Any]]:
    return {name: check_values(name, values) for name, values in _mapping(given).items()}


def _columns(given: Any) -> dict[str, list[Any]]:
    return {
        name: check_values(name, values, different=False)
        for name, values in _mapping(given).items()
    }


def _point(given: Any) -> dict[str, Any]:
    point = dict(_mapping(given))
    label = point.pop(LABEL, None)
    if label is not None and not isinstance(label, str):
        raise refusal(f"label = {label!r} must be a text")
    return ({} if label is None else {LABEL: label}) | _settings(point)


def _part_name(given: Any) -> Any:
    if isinstance(given, str) and not _NAME.fullmatch(given):
        raise refusal(
            f"{given!r} is no name: use letters, digits, spaces and . + - _, since files are named "
            "by it"
        )
    return given


def yaml_keys(given: Any) -> Any:
    """Return a table with the keys ``on`` and ``off``, which YAML reads as true and false."""
    return _mapping(given) if isinstance(given, Mapping) else given


Name = Annotated[str, BeforeValidator(_part_name)]
"""The name of a part, of which names of files are made."""

Names = Annotated[list[str], BeforeValidator(_names)]
"""A list of names, none of them twice."""

Settings = Annotated[dict[str, Any], BeforeValidator(_settings)]
"""A value for each of some parameters."""

Axes = Annotated[dict[str, list[Any]], BeforeValidator(_axes)]
"""Different values for each of some parameters."""

Columns = Annotated[dict[str, list[Any]], BeforeValidator(_columns)]
"""Values for each of some parameters, of which the first go together, the second, and so on."""

Row = Annotated[dict[str, Any], BeforeValidator(_point)]
"""A point that is listed: its label, if it has one, and its settings."""
