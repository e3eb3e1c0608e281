"""From what the user writes to a validated set-up; Hydra composes it.

Order of precedence: defaults < case < preset < experiment (at its scale) < command line. Hydra
merges all of it; a case and an experiment write dotted names, so what they say of the world is put
into Hydra's store as two layers first (``conf/config.yaml`` shows the order).
"""

from __future__ import annotations

import difflib
import itertools
import logging
import math
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, make_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
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
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments import design
from experiments.design import HISTORY
from experiments.executors import (
    Choice,
    ExecutionError,
    Local,
    default_workers,
    not_an_option,
    option_names,
    read_choice,
)
from experiments.reading import DesignError, parse_range
from sim.parameters import ParameterError, Parameters, declarations, unknown_name

if TYPE_CHECKING:
    from hydra._internal.hydra import Hydra
    from omegaconf import DictConfig

    from experiments.case import Case

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / "conf"
RESULTS = ROOT / "results"
GROUPS = ("case", "preset", "experiment", "executor")
ALONE = "experiment_alone"  # a configuration of nothing but an experiment, to read it first
RESERVED_NAMES = ("published", "runs")
NAME = re.compile(r"\w[\w.+-]*")
LONGEST_NAME = 100
LARGEST_SWEEP = 100_000  # values of one parameter
LARGEST = 10**18  # whole number that is a number in every library
SEEDS = 2**63
CHECKED = 2_000  # combinations of swept values checked before anything runs
YAML_ERRORS = (HydraException, OmegaConfBaseException, yaml.YAMLError)


class ConfigError(ValueError):
    """Something the user wrote that cannot be meant; the message is one line."""


class Scale(Enum):
    """How much of an experiment is run."""

    smoke = "smoke"
    laptop = "laptop"
    full = "full"


@dataclass
class Options:
    """What stands beside the parameters on the command line."""

    name: str | None = None  # of the result's folder
    seed: int = 7
    scale: Scale = Scale.laptop
    replicates: int | None = None
    workers: int | None = None  # None: as many as there are cores
    record_weekly: bool | None = None  # None: as the experiment says
    design: str | None = None  # of a sweep without an experiment; None: a grid
    samples: int | None = None  # rows drawn by a sampled design, or trajectories
    ranges: Any = None  # from which a sampled design draws
    design_seed: int | None = None  # luck of a sampled design
    second_order: bool | None = None  # whether a Saltelli design is to tell interactions
    resolution: int | None = None  # of a fraction
    file: str | None = None  # of points as CSV
    save_week: int | None = None  # at whose end a run is saved
    resume: str | None = None  # a saved run to go on from
    fresh: bool = False  # a sweep starts anew although some of its runs are there
    time_limit: float | None = None  # seconds after which a run is given up; None: never
    results_dir: str | None = None  # None: results/ of the project


@dataclass
class Refine:
    """How a sweep is refined where emergence is undecided (`experiments.refine`)."""

    budget: int | None = None  # runs at most; None: as the experiment says, or no refinement
    precision: float | None = None
    batch: int | None = None
    levels: Any = None
    parts: Any = None


@dataclass(frozen=True)
class Settings:
    """A validated set-up of a run or a sweep."""

    parameters: Parameters
    case: Case | None
    preset: str | None
    experiment: dict[str, Any] | None  # as written, with its name
    scale: str
    name: str | None
    results_dir: Path
    seed: int
    replicates: int | None
    workers: int
    record_weekly: bool | None
    fresh: bool
    history: dict[str, Any]  # how the record of the case is followed (`design.HISTORY`)
    swept: dict[str, list[Any]]  # dotted name -> values of a grid
    given: frozenset[str]  # names the user wrote something about
    resolved: dict[str, Any]  # plain and nested: what goes into config.yaml
    overrides: list[str]  # as the user wrote them, to repeat the command
    save_week: int | None = None
    resume: str | None = None
    executor: Choice = field(default_factory=Local)  # where a sweep's runs are carried out
    time_limit: float | None = None  # seconds
    sampled: dict[str, Any] = field(default_factory=dict)  # what the user says of a sampled design
    refine: dict[str, Any] = field(default_factory=dict)  # what the user says of refinement


# -- the schema ------------------------------------------------------------------------------------

OPTIONS = {option.name: option for option in fields(Options)}
TEXTS = ("name", "results_dir", "case.file", "network.edge_list", "file")
"""Names whose value is taken as it is written, so that paths need no quotes within quotes."""
SAMPLED = ("design", "samples", "ranges", "design_seed", "second_order", "resolution", "file")
"""Options that describe a sampled design, as the keys of an experiment's part do."""
REFINE = tuple(f"refine.{option.name}" for option in fields(Refine))
COUNTS = ("replicates", "workers", "samples", "refine.budget", "refine.batch")
EXPECTED = {
    "scale": f"one of {', '.join(scale.value for scale in Scale)}",
    "seed": "a whole number from 0 to 2^63 - 1",
    "replicates": "a whole number from 1",
    "workers": "a whole number from 1",
    "record_weekly": "true or false",
    "save_week": "a whole number of weeks",
    "resume": "the name of a saved run, or a path",
    "fresh": "true or false",
    "samples": "a whole number from 1",
    "design_seed": "a whole number from 0",
    "second_order": "true or false",
    "resolution": "3, 4 or 5",
    "refine.budget": "a whole number from 1",
    "refine.batch": "a whole number from 1",
    "refine.precision": "a number between 0 and 1",
    "time_limit": "a number of seconds above 0",
    "history.recorded": "true or false",
    "history.price_shift": "a whole number of weeks",
    "history.threat_shift": "a whole number of weeks",
}


@cache
def known_names() -> list[str]:
    """Return all that can stand before ``=``, without the config groups."""
    return [*declarations(), *OPTIONS, *HISTORY, "case.file", *REFINE, *option_names()]


def _default(name: str) -> Any:
    """Return the default of a parameter or option."""
    if name in declarations():
        return declarations()[name].default
    return HISTORY[name] if name in HISTORY else getattr(Options(), name, None)


def _typed(name: str, default: Any) -> tuple[str, Any, Any]:
    """Return a field of the schema; a choice by its value, since Hydra writes an Enum's names."""
    if isinstance(default, Enum):
        kind = Enum(type(default).__name__, {c.value: c.value for c in type(default)})  # type: ignore[misc]
        return name, kind, field(default=kind(default.value))
    return name, type(default), field(default=default)


def _schema() -> type:
    """Return the dataclass of all that can be configured, from `Parameters` and `Options`."""
    nested: dict[str, list[tuple[str, Any, Any]]] = {}
    top: list[tuple[str, Any, Any]] = []
    for name, default in {**{n: d.default for n, d in declarations().items()}, **HISTORY}.items():
        outer, _, inner = name.partition(".")
        if inner:
            nested.setdefault(outer, []).append(_typed(inner, default))
        else:
            top.append(_typed(outer, default))
    for name, members in nested.items():
        kind = make_dataclass(name.capitalize(), members)
        top.append((name, kind, field(default_factory=kind)))
    top.append(("case", dict[str, Any], field(default_factory=lambda: {"file": None})))
    top += [("preset", Any, field(default=None)), ("experiment", Any, field(default=None))]
    top.append(("refine", Refine, field(default_factory=Refine)))
    top.append(("executor", dict[str, Any], field(default_factory=dict)))
    return make_dataclass("Schema", top, bases=(Options,))


def _store(case: dict[str, Any], base: dict[str, Any]) -> None:
    """Put the schema and the two layers where ``conf/config.yaml`` finds them."""
    store = ConfigStore.instance()
    if "schema.yaml" not in store.repo:
        store.store(name="schema", node=_schema())
        store.store(name=ALONE, node={"defaults": [{"experiment": None}]})
    store.store(name="case_parameters", node=_nested(case), package="_global_")
    store.store(name="experiment_base", node=_nested(base), package="_global_")


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        if inner:
            result.setdefault(outer, {})[inner] = _whole(name, value)
        else:
            result[outer] = _whole(name, value)
    return result


def _whole(name: str, value: Any) -> Any:
    """Return 1e6 as 1000000 where a whole number is wanted, choices in lower case."""
    if isinstance(_default(name), Enum) and isinstance(value, str):
        return value.lower()
    wanted = type(_default(name)) is int or name in (*COUNTS, "save_week")
    return int(value) if wanted and isinstance(value, float) and value.is_integer() else value


# -- what the user wrote ---------------------------------------------------------------------------


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
        For what cannot be read, and for unknown names.
    """
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


def _written(value: Any) -> str:
    """Return a value as Hydra reads it."""
    quoted = QuotedString(value, Quote.single) if isinstance(value, str) else value
    return _override("", quoted).get_value_element_as_str()


def _read_back(text: str) -> Any:
    """Return the value that `_written` wrote."""
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
    return unknown_name(name, [*known_names(), *GROUPS])


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
        request.groups[group] = [_name_in(group, value, known, text) for value in values]
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
    hint = unknown_name(name, known, group)
    there = "" if "did you mean" in hint else f"; there are {', '.join(known) or 'none'}"
    raise ConfigError(f"{group}={name}: {hint}{there}")


def names_of(group: str, config_dir: Path | None = None) -> list[str]:
    """Return what can be chosen in a config group."""
    return sorted({path.stem for path in _files(group, config_dir)})


def file_of(group: str, name: str, config_dir: Path | None = None) -> Path:
    """Return the file of a choice; the project's goes before the user's, as in Hydra."""
    return next(path for path in _files(group, config_dir) if path.stem == name)


def _files(group: str, config_dir: Path | None) -> list[Path]:
    folders = [CONF] if config_dir is None else [CONF, config_dir]
    return [path for folder in folders for path in (folder / group).glob("*.yaml")]


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
    if key.split(".")[0] in GROUPS and key not in ("case.file", *option_names()):
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
    request.values.pop(name, None)
    request.swept.pop(name, None)
    if override.is_sweep_override():
        if name not in declarations() and name not in HISTORY:
            more = "; each replicate has its own: give replicates=N" if name == "seed" else ""
            raise ConfigError(f"{text}: {name} takes one value{more}")
        values = _values(override, text)
        if any(isinstance(each, str) and each[:1] == "0" and each.isdigit() for each in values):
            raise ConfigError(f"{text}: a comma parts values; a thousand is 1000 or 1_000")
        request.swept[name] = [_whole(name, each) for each in values]
        value = request.swept[name][0]
    if value in ("", "???"):
        raise ConfigError(f"{text}: no value; leave {name} out to keep its default")
    if isinstance(value, int) and abs(value) > LARGEST and name != "seed":
        raise ConfigError(f"{text}: the number is too large")
    request.values[name] = _written(_whole(name, value))


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


# -- composition -----------------------------------------------------------------------------------


def compose(overrides: Sequence[str], config_dir: Path | None = None) -> Settings:
    """Compose the set-up that command-line overrides ask for.

    Parameters
    ----------
    overrides
        As on the command line, in Hydra's grammar.
    config_dir
        A folder of the user's own cases, presets and experiments.

    Raises
    ------
    ConfigError, ParameterError, CaseError, DesignError
        For whatever cannot be meant; one line.
    """
    request = read(overrides, config_dir)
    if request.groups:
        group, names = next(iter(request.groups.items()))
        raise ConfigError(f"{group}={','.join(names)}: one {group} only, here")
    with _hydra(config_dir):
        experiment, base = _experiment(request, config_dir)
        case, source = _case(request, experiment, config_dir)
        _store({} if case is None else case.parameters, base)
        config = _composed(_hydra_overrides(request, config_dir), request)
        plain = _plain(config, request)
    parameters = _parameters(plain, request)
    options = _options(plain)
    last = parameters.horizon
    if options.save_week is not None and not 0 <= options.save_week <= last:
        raise ConfigError(f"save_week={options.save_week} must be a week from 0 to {last}")
    executor = _executor(plain, request)
    history = {name: plain["history"][name.partition(".")[2]] for name in HISTORY}
    changed = [name for name in HISTORY if history[name] != HISTORY[name]]
    if changed and case is None:
        raise ConfigError(f"{changed[0]} needs a case: give case=NAME or case.file=PATH")
    sampled = {name: plain[name] for name in SAMPLED if plain[name] is not None}
    preset = request.chosen.get("preset")
    resolved = {
        **parameters.to_dict(),
        "case": source,
        "preset": preset,
        "experiment": experiment,
        "executor": plain["executor"],
        "history": plain["history"],
        "refine": plain["refine"],
        **{name: plain[name] for name in OPTIONS},
        "swept": request.swept,
    }
    return Settings(
        parameters=parameters,
        case=case,
        preset=preset,
        experiment=experiment,
        scale=options.scale.value,
        name=options.name,
        results_dir=_results_dir(options.results_dir),
        seed=options.seed,
        replicates=options.replicates,
        workers=options.workers or default_workers(executor),
        record_weekly=options.record_weekly,
        fresh=options.fresh,
        history=history,
        sampled=sampled,
        refine={name: value for name, value in plain["refine"].items() if value is not None},
        swept=request.swept,
        given=frozenset([*request.values, *request.chosen]),
        resolved=resolved,
        overrides=[*([] if config_dir is None else [f"--config-dir={config_dir}"]), *overrides],
        save_week=options.save_week,
        resume=options.resume,
        executor=executor,
        time_limit=options.time_limit,
    )


@contextmanager
def _hydra(config_dir: Path | None) -> Iterator[Hydra]:
    """Start Hydra on the project's configuration; it configures no log and writes nothing."""
    if config_dir is not None and not config_dir.is_dir():
        raise ConfigError(f"--config-dir {config_dir}: no such folder")
    _store({}, {})
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF), job_name="momentum"):
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        yield hydra


def _hydra_overrides(request: Request, config_dir: Path | None) -> list[str]:
    """Return the request as Hydra reads it; case and experiment come as layers."""
    groups = {group: request.chosen.get(group) for group in ("preset", "executor")}
    chosen = [f"{group}={name}" for group, name in groups.items() if name is not None]
    return [
        *_searchpath(config_dir),
        *chosen,
        *(f"{name}={value}" for name, value in request.values.items()),
    ]


def _searchpath(config_dir: Path | None) -> list[str]:
    if config_dir is None:
        return []
    return [f"hydra.searchpath=[{_written(f'file://{config_dir.resolve()}')}]"]


def _experiment(
    request: Request, config_dir: Path | None
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return the experiment as written, and what it says of the world at the scale chosen."""
    name = request.chosen.get("experiment")
    if name is None:
        return None, {}
    try:
        config = hydra_compose(ALONE, [*_searchpath(config_dir), f"experiment={name}"])
        written = OmegaConf.to_container(config, resolve=True)
    except YAML_ERRORS as error:
        raise ConfigError(f"conf/experiment/{name}.yaml: {_first_line(error)}") from None
    assert isinstance(written, dict)
    experiment = {**(written.get("experiment") or {}), "name": name}
    scale = str(_read_back(request.values.get("scale", Options.scale.value))).lower()
    if scale not in Scale.__members__:
        raise ConfigError(f"scale={scale}: {unknown_name(scale, list(Scale.__members__), 'scale')}")
    return experiment, dict(design.at_scale(experiment, scale)["base"])


def _case(
    request: Request, experiment: dict[str, Any] | None, config_dir: Path | None
) -> tuple[Case | None, dict[str, Any] | None]:
    """Return the case, and where it comes from: the user's choice, else the experiment's."""
    file = request.values.get("case.file", "null")
    name = request.chosen.get("case")
    if file != "null":
        if name is not None:
            raise ConfigError(f"case={name} and case.file are given: give one of the two")
        file = str(_read_back(file))
        path = Path(file).expanduser()
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "no such file"
            raise ConfigError(f"case.file={file}: {kind}; give a case as YAML or CSV")
        source: dict[str, Any] = {"name": path.stem, "file": file}
    else:
        if "case" not in request.chosen and experiment is not None:
            name = experiment.get("case")
        if name is None:
            return None, None
        known = names_of("case", config_dir)
        if name not in known:
            raise ConfigError(
                f"conf/experiment/{experiment['name']}.yaml: "  # type: ignore[index]
                f"{unknown_name(str(name), known, 'case')}"
            )
        path = file_of("case", name, config_dir)
        source = {"name": name, "file": None}
    from experiments.case import read_case

    return read_case(path), source


def _composed(overrides: list[str], request: Request) -> DictConfig:
    try:
        return hydra_compose("config", overrides)
    except YAML_ERRORS as error:
        raise _translated(error, request) from None


def _plain(config: DictConfig, request: Request) -> dict[str, Any]:
    """Return the configuration as plain values, interpolations resolved."""
    try:
        plain = OmegaConf.to_container(
            config, resolve=True, throw_on_missing=True, enum_to_str=True
        )
    except YAML_ERRORS as error:
        raise _translated(error, request) from None
    assert isinstance(plain, dict)
    return {str(name): value for name, value in plain.items()}


def _translated(error: Exception, request: Request) -> ConfigError:
    """Return an error of Hydra in one line, which says what would be right."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return ConfigError(f"{error.problem_mark.name}, {_first_line(error)}")
    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    name = str(getattr(cause, "full_key", None) or "")
    value = _read_back(request.values[name]) if name in request.values else None
    if name in request.values and not (isinstance(value, str) and "${" in value):
        if name in declarations():
            try:
                Parameters.from_dict({name: value})
            except ParameterError as problem:
                return ConfigError(str(problem))
        if name in EXPECTED:
            hint = _near(str(value), list(Scale.__members__)) if name == "scale" else ""
            return ConfigError(f"{name}={value} must be {EXPECTED[name]}{hint}")
    if name in option_names():
        return ConfigError(not_an_option(request.chosen.get("executor") or "local", name))
    inside = re.match(r"In '([\w/.-]+)': \w+ raised while composing config:", str(error))
    if inside is None:
        return ConfigError(f"{name + ': ' if name else ''}{_first_line(cause or error)}")
    layers = {"experiment_base": "the experiment's base", "case_parameters": "the case"}
    where = layers.get(inside[1], f"conf/{inside[1]}.yaml")
    found = re.search(r"full_key: (\S+)", str(error))
    if found and not any(f"{known}.".startswith(f"{found[1]}.") for known in known_names()):
        return ConfigError(f"{where}: {unknown(found[1])}")
    said = str(error)[inside.end() :]
    return ConfigError(f"{where}: {found[1] + ': ' if found else ''}{_first_line(said)}")


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _first_line(error: BaseException | str) -> str:
    """Return what an error says, without the lines on keys and types that OmegaConf adds."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    extra = ("full_key:", "object_type=", "reference_type=", "See ")
    kept = [line for line in lines if not line.startswith(extra)]
    return " ".join(kept) or type(error).__name__


def _parameters(plain: dict[str, Any], request: Request) -> Parameters:
    """Return the world, every combination of swept values being one too."""
    values = {}
    for name in declarations():
        outer, _, inner = name.partition(".")
        values[name] = plain[outer][inner] if inner else plain[outer]
    parameters = Parameters.from_dict(values)
    swept = {name: each for name, each in request.swept.items() if name in values}
    if len(list(itertools.islice(itertools.product(*swept.values()), CHECKED + 1))) <= CHECKED:
        worlds = [dict(zip(swept, row, strict=True)) for row in itertools.product(*swept.values())]
    else:
        worlds = [{name: value} for name, each in swept.items() for value in each]
    for world in worlds:
        parameters.replace(world)
    edges = Path(parameters.network.edge_list)
    if parameters.network.edge_list and not edges.is_file():
        raise ConfigError(f"network.edge_list={edges}: no such file; give two user ids a line")
    return parameters


def _options(plain: dict[str, Any]) -> Options:
    options = Options(**{name: plain[name] for name in OPTIONS if name != "scale"})
    options.scale = Scale(plain["scale"])
    if not 0 <= options.seed < SEEDS:
        raise ConfigError(f"seed={options.seed} must be {EXPECTED['seed']}")
    for name in COUNTS:
        count = getattr(options, name, None)
        if count is not None and count < 1:
            raise ConfigError(f"{name}={count} must be {EXPECTED[name]}")
    if options.time_limit is not None and not 0 < options.time_limit < math.inf:
        raise ConfigError(f"time_limit={options.time_limit:g} must be {EXPECTED['time_limit']}")
    if options.name is not None:
        check_name(options.name)
    return options


def _executor(plain: dict[str, Any], request: Request) -> Choice:
    """Return where runs are carried out."""
    try:
        executor = read_choice(plain["executor"])
    except ExecutionError as error:
        raise ConfigError(str(error)) from None
    if getattr(executor, "address", None) is not None and "workers" in request.values:
        raise ConfigError("workers= has no effect with executor.address: its workers are used")
    return executor


def check_name(name: str) -> None:
    """Refuse a name that cannot be a result's folder.

    Raises
    ------
    ConfigError
        Saying what a name may be.
    """
    if name in RESERVED_NAMES:
        raise ConfigError(f"name={name}: this folder of results has another use; take another name")
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or ".." in name:
        raise ConfigError(
            f"name={name}: a name is letters, digits, . _ + and -, begins with a letter or digit "
            f"and is no path (results_dir=PATH says where it goes)"
        )


def _results_dir(given: str | None) -> Path:
    """Return the folder of results; relative to the current folder if the user names it.

    Raises
    ------
    ConfigError
        If nothing can be written there.
    """
    folder = RESULTS if given is None else Path(given).expanduser()
    shown = f"results_dir={folder if given is None else given}"
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}") from None
    if not there.is_dir():
        raise ConfigError(f"{shown}: {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigError(f"{shown}: {there} cannot be written to; name a folder of your own")
    return folder


# -- what Hydra tells of itself --------------------------------------------------------------------


def show(kind: str, what: str, overrides: Sequence[str], config_dir: Path | None = None) -> None:
    """Let Hydra print about itself: its own configuration (``cfg``) or how it composed (``info``).

    Raises
    ------
    ConfigError
        If the overrides cannot be meant.
    """
    settings = compose(overrides, config_dir)
    request = read(overrides, config_dir)
    own = {group: request.chosen.get(group) for group in ("case", "experiment")}
    chosen = [f"{group}={name}" for group, name in own.items() if name is not None]
    asked = [*_hydra_overrides(request, config_dir), *chosen]
    case = {} if settings.case is None else settings.case.parameters
    base = {}
    if settings.experiment is not None:
        base = design.at_scale(settings.experiment, settings.scale)["base"]
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with _hydra(config_dir) as hydra:
        _store(case, base)
        try:
            if kind == "cfg":
                hydra.show_cfg("config", asked, cfg_type=what, package=None)
            else:
                hydra.show_info(what, "config", asked)
        finally:  # Hydra sets up logging to print this, and leaves it so
            root.handlers[:] = handlers
            root.setLevel(level)


def complete(word: str) -> list[str]:
    """Return what an override may become, as Hydra completes it; choices with all they can be."""
    from hydra._internal.core_plugins.bash_completion import BashCompletion

    name, equals, _ = word.partition("=")
    default = _default(name)
    if equals and isinstance(default, Enum | bool):
        kinds = type(default) if isinstance(default, Enum) else ()
        values = [choice.value for choice in kinds] or ["true", "false"]
        found = [f"{name}={value}" for value in values]
    else:
        with _hydra(None) as hydra:
            found = BashCompletion(hydra.config_loader)._query("config", word or " ")
    ours = tuple({name.partition(".")[0] for name in known_names()} | set(GROUPS))
    return [each for each in found if each.startswith(word) and each.startswith(ours)]


def completion_script(shell: str) -> None:
    """Print the lines by which a shell completes ``momentum``, as Hydra writes them.

    Raises
    ------
    ConfigError
        For a shell Hydra does not know.
    """
    if shell not in ("bash", "zsh", "fish"):
        raise ConfigError(f"--completion {shell or 'SHELL'}: give one of bash, zsh, fish")
    with _hydra(None) as hydra:
        hydra.shell_completion("config", [f"install={shell}"])
