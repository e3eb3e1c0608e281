"""What the user wrote: overrides in Hydra's grammar, read and checked name by name."""

from __future__ import annotations

import itertools
import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import (
    Glob,
    Override,
    OverrideType,
    Quote,
    QuotedString,
    RangeSweep,
    ValueType,
)
from hydra.errors import HydraException

from experiments.config.choices import GROUPS, ConfigError, names_of, require_folder
from experiments.config.executors import option_meanings
from experiments.config.schema import TEXTS, as_declared, known_names
from experiments.design.reading import HISTORY, DesignError, parse_range
from experiments.errors import did_you_mean
from sim.parameters import declarations

LARGEST_SWEEP = 100_000  # values of one parameter
LARGEST = 10**18  # whole number that is a number in every library


class Request(NamedTuple):
    """What the user asks for, every name known; values are still text, for Hydra."""

    values: dict[str, str]  # dotted name -> value
    swept: dict[str, list[Any]]
    chosen: dict[str, str | None]  # config group -> name
    groups: dict[str, list[str]]  # config group -> several names: a job each


def read(overrides: Sequence[str], config_dir: Path | None = None) -> Request:
    """Read command-line overrides in Hydra's grammar.

    Raises
    ------
    ConfigError
        For what cannot be read, for unknown names, and if the user's folder is none.
    """
    require_folder(config_dir)
    request = Request({}, {}, {}, {})
    for text in overrides:
        override = _parse(text)
        if override.key_or_group in GROUPS and override.package is None:
            _read_choice(override, text, request, config_dir)
        else:
            for name, value in _assignments(override, text):
                _read_value(name, value, override, text, request)
    return request


def _parse(text: str) -> Override:
    """Parse one override."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ConfigError(f"{text!a}: line breaks and control characters have no meaning here")
    sign, key, value = _split(text)
    if key in TEXTS and value and value[0] not in "'\"$" and value.lower() != "null" and not sign:
        return _override(key, value)
    try:
        return OverridesParser.create().parse_override(text)
    except (HydraException, ValueError, RecursionError) as error:
        raise ConfigError(f"{text}: {_why_unread(key, value, str(error))}") from None


def _override(name: str, value: Any) -> Override:
    """Return an override that sets a value."""
    return Override(OverrideType.CHANGE, name, ValueType.ELEMENT, value)


def written(value: Any) -> str:
    """Return a value as Hydra reads it."""
    quoted = QuotedString(value, Quote.single) if isinstance(value, str) else value
    return _override("", quoted).get_value_element_as_str()


def read_back(text: str) -> Any:
    """Return the value that `written` wrote."""
    return OverridesParser.create().parse_override(f"x={text}").value()


def _split(text: str) -> tuple[str, str, str | None]:
    """Return sign, name and value of an override; None for no value."""
    key, equals, value = text.partition("=")
    bare = key.lstrip("+~")
    return key[: len(key) - len(bare)], bare.strip(), value if equals else None


def _why_unread(key: str, value: str | None, said: str) -> str:
    if value is None:
        if key in known_names() or key in GROUPS:
            return f"give it a value, as in {key}=VALUE"
        for group in GROUPS:
            if key in names_of(group):
                return f"did you mean {group}={key}?"
        return "expected name=value, as in users.count=500"
    if key not in known_names() and key not in GROUPS:
        return unknown(key)
    if " while evaluating " in said:
        reason = said.split(": ", 1)[-1].split("\n")[0]
        return f"{reason}; choice(a,b) and range(start,stop,step) give several values"
    return (
        "the value cannot be read; one with , = ( ) [ ] { } : # ~ or quotes needs quotes within "
        f"quotes, as in '{key}=\"a,b\"'"
    )


def unknown(name: str) -> str:
    """Return what to say of a name that nothing has, with the nearest that something has."""
    known = [*known_names(), *GROUPS]
    otherwise = "; momentum list parameters names them all"
    return f"unknown parameter {name}{did_you_mean(name, known, otherwise)}"


def _read_choice(override: Override, text: str, request: Request, config_dir: Path | None) -> None:
    """Read the choice of a case, preset or experiment."""
    group = override.key_or_group
    if group in request.chosen or group in request.groups:
        raise ConfigError(f"{text}: {group} is chosen twice")
    if override.is_add() or override.is_force_add():
        raise ConfigError(f"{text}: {group} is there already; write it without +")
    if override.is_delete():
        request.chosen[group] = None
        return
    known = names_of(group, config_dir)
    if override.is_sweep_override():
        values = _values(override, text, known)
        names = [
            "null" if value is None else _name_in(group, value, known, text) for value in values
        ]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ConfigError(f"{text}: {twice[0]} is named twice")
        request.groups[group] = names
    else:
        value = override.value()
        request.chosen[group] = None if value is None else _name_in(group, value, known, text)


def _name_in(group: str, value: Any, known: list[str], text: str) -> str:
    if value == "":
        raise ConfigError(f"{text}: no value; to choose none, write {group}=null")
    if str(value) in known:
        return str(value)
    name = str(value)
    if group == "case" and (os.sep in name or Path(name).suffix):
        raise ConfigError(f"{text}: a case of your own is given by case.file={name}")
    there = f"; there are {', '.join(known) or 'none'}"
    raise ConfigError(f"{group}={name}: unknown {group} {name}{did_you_mean(name, known, there)}")


def _assignments(override: Override, text: str) -> Iterator[tuple[str, Any]]:
    """Yield the names an override sets, all known, and their values."""
    key = override.key_or_group
    if override.is_hydra_override():
        raise ConfigError(
            f"{text}: this program writes its own results and no log, so there is nothing in "
            "hydra to set; where results go: results_dir=PATH and name=NAME"
        )
    if override.package is not None:
        raise ConfigError(f"{text}: @ has no use here; write {key}=NAME")
    if not key:
        raise ConfigError(f"{text}: expected name=value, as in users.count=500")
    if key.split(".")[0] in GROUPS and key not in ("case.file", *option_meanings()):
        if key.startswith("executor."):
            raise ConfigError(f"{text}: {unknown(key)}")
        own = "; case.file=PATH gives your own" if key.startswith("case.") else ""
        raise ConfigError(
            f"{text}: only the file conf/{key.split('.')[0]}/NAME.yaml says that{own}; on the "
            "command line, set parameters and options, as in users.count=500 replicates=20"
        )
    inner = [name for name in known_names() if name.startswith(f"{key}.")]
    value = override.value()
    if inner and not isinstance(value, dict):
        raise ConfigError(f"{text}: {key} is a group; name a member, as in {inner[0]}=VALUE")
    if not inner and key not in known_names():
        raise ConfigError(f"{text}: {unknown(key)}")
    if override.is_delete():
        raise ConfigError(f"{text}: {key} cannot be removed; leave it out to keep its default")
    if override.is_add():
        raise ConfigError(f"{text}: {key} is there already; write it without +")
    if not inner:
        yield key, value
        return
    assert isinstance(value, dict)
    for member, given in value.items():
        if f"{key}.{member}" not in inner:
            raise ConfigError(f"{text}: {unknown(f'{key}.{member}')}")
        yield f"{key}.{member}", given


def _read_value(name: str, value: Any, override: Override, text: str, request: Request) -> None:
    if name in request.swept or (name in request.values and override.is_sweep_override()):
        raise ConfigError(f"{text}: {name} is given twice, at least once with several values")
    if override.is_sweep_override():
        if name not in declarations() and name not in HISTORY:
            more = "; each replicate has its own: give replicates=N" if name == "seed" else ""
            raise ConfigError(f"{text}: {name} takes one value{more}")
        values = _values(override, text)
        if any(isinstance(each, str) and each[:1] == "0" and each.isdigit() for each in values):
            raise ConfigError(f"{text}: a comma separates values; write a thousand as 1000")
        request.swept[name] = [as_declared(name, each) for each in values]
        value = request.swept[name][0]
    if value in ("", "???"):
        raise ConfigError(f"{text}: no value; leave {name} out to keep its default")
    numbers = [each for each in request.swept.get(name, [value]) if isinstance(each, int)]
    if any(abs(each) > LARGEST for each in numbers) and name != "seed":
        raise ConfigError(f"{text}: the number is too large")
    request.values[name] = written(as_declared(name, value))


def _values(override: Override, text: str, known: list[str] | None = None) -> list[Any]:
    """Return what a sweep runs through."""
    if override.is_interval_sweep():
        raise ConfigError(f"{text}: an interval has no list of values; use range(start,stop,step)")
    given: Any = override._value
    if isinstance(given, Glob):
        if known is None:
            raise ConfigError(f"{text}: glob is for {', '.join(GROUPS)}; list the values instead")
        values: list[Any] = given.filter(known)
    elif isinstance(given, RangeSweep):
        values = _range(given, text)
    else:
        values = [_override("", each).value() for each in override.sweep_iterator()]
    if not values:
        raise ConfigError(f"{text}: no value lies in it")
    if any(isinstance(each, list | dict) for each in values):
        raise ConfigError(f"{text}: give single values, as in a,b,c")
    if len(values) > LARGEST_SWEEP:
        raise ConfigError(f"{text}: {len(values):,} values are too many")
    return values


def _range(given: RangeSweep, text: str) -> list[Any]:
    """Return the values of a range, as in an experiment: 0.3, not 0.30000000000000004."""
    try:
        values = parse_range(f"range({given.start!r},{given.stop!r},{given.step!r})")
    except DesignError as error:
        raise ConfigError(f"{text}: {error}") from None
    if values is None:
        raise ConfigError(f"{text}: range(start,stop,step) takes finite numbers")
    return values


def jobs(overrides: Sequence[str], config_dir: Path | None = None) -> list[list[str]]:
    """Return the overrides of every job: several cases, presets or experiments are a job each.

    If there are several jobs and a name is given, the choices are added to it.
    """
    groups = read(overrides, config_dir).groups
    if not groups:
        return [list(overrides)]
    rest = [text for text in overrides if _split(text)[1] not in groups]
    result = []
    for names in itertools.product(*groups.values()):
        chosen = [f"{group}={name}" for group, name in zip(groups, names, strict=True)]
        named = [
            f"{text}-{'-'.join(names)}" if _split(text)[1] == "name" else text for text in rest
        ]
        result.append([*chosen, *named])
    return result
