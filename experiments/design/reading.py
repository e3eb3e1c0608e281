"""Reading what an experiment says of its design: each refusal is one line, and says where."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.errors import MomentumError
from sim.parameters import declarations, unknown_name

HISTORY = {
    "history.recorded": True,  # follow the case's record; false: the model decides everything
    "history.price_shift": 0,  # weeks by which price, revenue and margin come later than recorded
    "history.threat_shift": 0,  # weeks by which threat comes later than recorded
    "history.frozen_week": -1,  # hold all paths at this week's level, without events; -1: do not
}
"""What a point may change of a case's record, with the value that leaves it as it is."""

_SWITCH: dict[Any, str] = {False: "off", True: "on"}  # what YAML makes of these two words as keys
_NUMBER = r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*"
_RANGE = re.compile(rf"\s*range\({_NUMBER},{_NUMBER}(?:,{_NUMBER})?\)\s*")


class DesignError(MomentumError, ValueError):
    """An experiment that cannot be run as described; the message is one line."""


def parse_range(text: str) -> list[int] | list[float] | None:
    """Return the values of ``range(start, stop, step)``, stop left out; None if it is not one."""
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
    if count > 1_000_000:
        raise DesignError(f"{text.strip()}: {count:,} values are too many")
    if all(re.fullmatch(r"[-+]?\d+", part) for part in given):
        return [int(start) + i * int(step) for i in range(count)]
    return [round(start + i * step, 12) for i in range(count)]


def read_values(given: Any, where: str) -> list[Any]:
    """Return a list of values, written as one or as a range."""
    try:
        found = parse_range(given) if isinstance(given, str) else given
    except DesignError as error:
        raise DesignError(f"{where}: {error}") from None
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise DesignError(f"{where}: {given!r} must be a list or range(start, stop, step)")
    if not found:
        raise DesignError(f"{where}: {given!r} holds no value")
    return list(found)


def read_names(given: Any, where: str) -> list[str]:
    """Return a list of names, none of them twice."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise DesignError(f"{where}: {given!r} must be a list of names")
    found = [str(name) for name in given]
    twice = [name for name in found if found.count(name) > 1]
    if twice:
        raise DesignError(f"{where}: {twice[0]} is named twice")
    return found


def read_mapping(given: Any, where: str) -> Mapping[str, Any]:
    """Return name: value pairs; nothing given is none."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise DesignError(f"{where}: {given!r} must be name: value pairs")
    return {_SWITCH[key] if key in (False, True) else key: given[key] for key in given}


def no_file(path: Path) -> str:
    """Return why a path is no file that can be read."""
    if path.is_dir():
        return "is a folder"
    return "is no regular file" if path.exists() else "no such file"


def read_whole(given: Any, least: int, where: str) -> int:
    """Return a whole number that is not too small."""
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise DesignError(f"{where} = {given!r} must be a whole number from {least}")
    return given


def require_known(given: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Refuse keys that nothing reads."""
    for key in given:
        if key not in known:
            raise DesignError(f"{where}: {unknown_name(str(key), list(known), 'key')}")


def require_parameters(given: Iterable[str], where: str) -> None:
    """Refuse names that are neither a parameter nor one of `HISTORY`."""
    known = [*declarations(), *HISTORY]
    for name in given:
        if name not in known:
            raise DesignError(f"{where}: {unknown_name(str(name), known)}")
