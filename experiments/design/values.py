"""The types of what an experiment says: settings, axes, listed points, names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator

from experiments.design.reading import check_value, check_values
from experiments.validation import refusal

LABEL = "label"
_NAME = re.compile(r"\w[\w .+-]*")
_SWITCH: dict[Any, str] = {False: "off", True: "on"}  # what YAML makes of these two words as keys


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
