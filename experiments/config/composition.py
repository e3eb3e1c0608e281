"""How Hydra composes what the user asks for, and what it and its errors say.

Its errors are said in one line, with what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.config import schema
from experiments.config.choices import GROUPS, ConfigError, describe_file, file_of
from experiments.config.executors import not_an_option, option_meanings
from experiments.config.overrides import Request, read_back, unknown, written
from experiments.files import read_yaml
from experiments.places import CONF
from sim.parameters import ParameterError, Parameters, declarations

if TYPE_CHECKING:
    from hydra._internal.hydra import Hydra


ERRORS = (HydraException, OmegaConfBaseException, yaml.YAMLError, RecursionError, ValueError)


@contextmanager
def started_hydra(config_dir: Path | None) -> Iterator[Hydra]:
    """Start Hydra on the project's configuration; it configures no log and writes nothing."""
    schema.store_layers({}, {})
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF), job_name="momentum"):
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        yield hydra


def hydra_overrides(request: Request, config_dir: Path | None) -> list[str]:
    """Return the request as Hydra reads it; case and experiment come as layers."""
    chosen = [
        f"{place}={request.chosen[group]}"
        for group, place in (("preset", "preset@_global_"), ("executor", "executor"))
        if request.chosen.get(group) is not None
    ]
    values = [f"{name}={value}" for name, value in request.values.items()]
    return [*_searchpath(config_dir), *chosen, *values]


def _searchpath(config_dir: Path | None) -> list[str]:
    if config_dir is None:
        return []
    return [f"hydra.searchpath=[{written(f'file://{config_dir.resolve()}')}]"]


def compose_experiment(name: str, config_dir: Path | None) -> dict[str, Any]:
    """Return an experiment as it is written.

    Raises
    ------
    ConfigError, FileError
        If its file cannot be read.
    """
    file = file_of("experiment", name, config_dir)
    _require_readable("experiment", name, config_dir)
    try:
        given = [*_searchpath(config_dir), f"experiment={name}"]
        composed = OmegaConf.to_container(compose(schema.ALONE, given), resolve=True)
    except ERRORS as error:
        raise ConfigError(f"{describe_file(file)}: {_first_line(error)}") from None
    assert isinstance(composed, dict)
    return composed.get("experiment", composed) or {}  # the latter with `# @package _global_`


def compose_values(request: Request, config_dir: Path | None) -> dict[str, Any]:
    """Return the configuration as plain values, interpolations resolved.

    Raises
    ------
    ConfigError, ParameterError, FileError
        For what cannot be composed.
    """
    for group in ("preset", "executor"):
        name = request.chosen.get(group)
        if name is not None:
            _require_readable(group, name, config_dir)
    try:
        config = compose("config", hydra_overrides(request, config_dir))
        plain = OmegaConf.to_container(
            config, resolve=True, throw_on_missing=True, enum_to_str=True
        )
    except ERRORS as error:
        raise _translated(error, request, config_dir) from None
    assert isinstance(plain, dict)
    values = {str(name): value for name, value in plain.items()}
    _require_effect(values, request, config_dir)
    return values


def _require_readable(group: str, name: str, config_dir: Path | None) -> None:
    """Refuse a file of the user's own that is no plain YAML, before Hydra reads it."""
    file = file_of(group, name, config_dir)
    if file.is_relative_to(CONF):
        return
    values = read_yaml(file)
    if not isinstance(values, dict | None):
        raise ConfigError(f"{file}: this holds no name: value pairs")
    if "hydra" in (values or {}):
        raise ConfigError(f"{file}: hydra has no effect: this program writes its own results")


def _require_effect(values: dict[str, Any], request: Request, config_dir: Path | None) -> None:
    """Refuse a preset that chooses what only the command line chooses."""
    preset = request.chosen.get("preset")
    if preset is None:
        return
    changed = [group for group in ("preset", "experiment") if values[group] is not None]
    if values["case"]["file"] is not None and "case.file" not in request.values:
        changed.append("case")
    if str(values["scale"]) != read_back(request.values.get("scale", "laptop")):
        changed.append("scale")
    if changed:
        raise ConfigError(
            f"{describe_file(file_of('preset', preset, config_dir))}: {changed[0]} has no effect "
            f"in a preset; give {changed[0]}= on the command line"
        )


def _translated(error: Exception, request: Request, config_dir: Path | None) -> Exception:
    """Return an error of Hydra in one line, which says what would be right."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return ConfigError(f"{error.problem_mark.name}, {_first_line(error)}")
    preset = request.chosen.get("preset")
    if isinstance(error, RecursionError) and preset is not None:
        file = describe_file(file_of("preset", preset, config_dir))
        return ConfigError(f"{file}: its defaults include the preset itself")
    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    name = str(getattr(cause, "full_key", None) or "")
    value = read_back(request.values[name]) if name in request.values else None
    if name in request.values and not (isinstance(value, str) and "${" in value):
        if name in declarations():
            try:
                Parameters.from_dict({name: value})
            except ParameterError as problem:
                return problem
        if name in schema.EXPECTED:
            return ConfigError(schema.refuse_value(name, value))
    if name in option_meanings():
        return ConfigError(not_an_option(request.chosen.get("executor") or "local", name))
    inside = re.match(r"In '([\w/.-]+)': \w+ raised while composing config:", str(error))
    if inside is None:
        text = f"{name + ': ' if name else ''}{_first_line(cause or error)}"
        if preset is not None and name not in request.values:
            text = f"{describe_file(file_of('preset', preset, config_dir))}: {text}"
        return ConfigError(text)
    where = _place(inside[1], config_dir)
    found = re.search(r"full_key: (\S+)", str(error))
    if found and not any(f"{known}.".startswith(f"{found[1]}.") for known in schema.known_names()):
        return ConfigError(f"{where}: {unknown(found[1])}")
    message = _first_line(str(error)[inside.end() :])
    return ConfigError(f"{where}: {found[1] + ': ' if found else ''}{message}")


def _place(config: str, config_dir: Path | None) -> str:
    """Return what the user calls one of the configurations that Hydra composes."""
    layers = {"experiment_base": "the experiment's base", "case_parameters": "the case"}
    if config in layers:
        return layers[config]
    group, _, name = config.partition("/")
    try:
        return describe_file(file_of(group, name, config_dir))
    except LookupError:
        return f"conf/{config}.yaml"


def _first_line(error: BaseException | str) -> str:
    """Return what an error says, without the lines on keys and types that OmegaConf adds."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    if isinstance(error, RecursionError):
        return "this is nested too deeply, or includes itself"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    extra = ("full_key:", "object_type=", "reference_type=", "See ")
    return " ".join(line for line in lines if not line.startswith(extra)) or type(error).__name__


def complete(word: str) -> list[str]:
    """Return what an override may become, as Hydra completes it; choices with all they can be."""
    from hydra._internal.core_plugins.bash_completion import BashCompletion

    name, equals, _ = word.partition("=")
    default = schema.default_of(name)
    if equals and isinstance(default, Enum | bool):
        kinds = type(default) if isinstance(default, Enum) else ()
        values = [choice.value for choice in kinds] or ["true", "false"]
        found = [f"{name}={value}" for value in values]
    else:
        with started_hydra(None) as hydra:
            found = BashCompletion(hydra.config_loader)._query("config", word or " ")
    ours = tuple({name.partition(".")[0] for name in schema.known_names()} | set(GROUPS))
    return [each for each in found if each.startswith(word) and each.startswith(ours)]
