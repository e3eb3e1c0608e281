"""From what the user writes to a validated set-up; Hydra composes it.

Order of precedence: defaults < case < preset < experiment (at its scale) < command line. Hydra
merges all of it; a case and an experiment write dotted names, so what they say of the world is put
into Hydra's store as two layers first (``conf/config.yaml`` shows the order).
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.config import schema
from experiments.config.choices import (
    ConfigError,
    check_name,
    describe_file,
    file_of,
    names_of,
    read_results_dir,
)
from experiments.config.composition import (
    compose_experiment,
    compose_values,
    hydra_overrides,
    started_hydra,
)
from experiments.config.executors import Choice, Local, default_workers, read_choice
from experiments.config.overrides import Request, read, read_back
from experiments.design.experiment import read_experiment
from experiments.design.reading import HISTORY, no_file
from experiments.places import CONF, expand_user
from experiments.responses.mapping import CASES, with_cases
from sim.parameters import Parameters, Topology, declarations, unknown_name
from sim.setup import check_world

if TYPE_CHECKING:
    from experiments.cases.case import Case

AS_GIVEN = (
    "name", "seed", "replicates", "record_weekly", "fresh", "retry_failed", "save_week", "resume",
    "time_limit",
)  # fmt: skip
"""Options that are settings as the user gives them."""

SEED_LIMIT = 2**63  # seeds are below
CHECKED = 2_000  # combinations of swept values checked before anything runs


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
    retry_failed: bool
    history: dict[str, Any]  # how the record of the case is followed (`HISTORY`)
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
    command: str = "sweep"  # that goes on with it


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
        raise ConfigError(f"{group}={','.join(names)}: give one {group} here")
    with started_hydra(config_dir):
        experiment, base = _experiment(request, config_dir)
        case, source = _case(request, experiment, config_dir)
        schema.store_layers({} if case is None else case.parameters, base)
        plain = compose_values(request, config_dir)
    parameters = _parameters(plain, request)
    options = _options(plain)
    last = parameters.horizon
    if options.save_week is not None and not 0 <= options.save_week <= last:
        raise ConfigError(f"save_week={options.save_week} must be a week from 0 to {last}")
    executor = read_choice(plain["executor"])
    if getattr(executor, "address", None) is not None and "workers" in request.values:
        raise ConfigError("workers= has no effect with executor.address: its workers are used")
    history = {name: plain["history"][name.partition(".")[2]] for name in HISTORY}
    changed = [name for name in HISTORY if history[name] != HISTORY[name]]
    if changed and case is None:
        raise ConfigError(f"{changed[0]} needs a case: give case=NAME or case.file=PATH")
    sampled = {name: plain[name] for name in schema.SAMPLED if plain[name] is not None}
    preset = request.chosen.get("preset")
    resolved = {
        **parameters.to_dict(),
        "case": source,
        "preset": preset,
        "experiment": experiment,
        "executor": plain["executor"],
        "history": plain["history"],
        "refine": plain["refine"],
        **{name: plain[name] for name in schema.OPTIONS},
        "swept": request.swept,
    }
    return Settings(
        parameters=parameters,
        case=case,
        preset=preset,
        experiment=experiment,
        scale=options.scale.value,
        results_dir=read_results_dir(options.results_dir),
        workers=options.workers or default_workers(executor),
        history=history,
        sampled=sampled,
        refine={name: value for name, value in plain["refine"].items() if value is not None},
        swept=request.swept,
        given=frozenset([*request.values, *request.chosen]),
        resolved=resolved,
        overrides=[*([] if config_dir is None else [f"--config-dir={config_dir}"]), *overrides],
        executor=executor,
        **{name: getattr(options, name) for name in AS_GIVEN},
    )


def _experiment(
    request: Request, config_dir: Path | None
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return the experiment as written, and what it says of the world at the scale chosen."""
    name, cases = request.chosen.get("experiment"), request.values.get("cases.file", "null")
    if name is None:
        _refuse_cases(cases, "experiment=cases")
        return None, {}
    file = file_of("experiment", name, config_dir)
    experiment = {**compose_experiment(name, config_dir), "name": name}
    if "file" in experiment:
        raise ConfigError(f"{describe_file(file)}: file is a key of a part, not of the experiment")
    if not file.is_relative_to(CONF):
        experiment["file"] = str(file)
    if experiment.get(CASES) is not None:
        experiment = with_cases(experiment, None if cases == "null" else str(read_back(cases)))
    else:
        _refuse_cases(cases, f"experiment=cases, not for experiment={name}")
    scale = str(read_back(request.values.get("scale", schema.Options.scale.value))).lower()
    if scale not in schema.Scale.__members__:
        raise ConfigError(schema.refuse_value("scale", scale))
    return experiment, dict(read_experiment(experiment, scale).base)


def _refuse_cases(given: str, needs: str) -> None:
    if given != "null":
        raise ConfigError(f"cases.file={read_back(given)} has no effect: it is for {needs}")


def _case(
    request: Request, experiment: dict[str, Any] | None, config_dir: Path | None
) -> tuple[Case | None, dict[str, Any] | None]:
    """Return the case, and where it comes from: the user's choice, else the experiment's."""
    file = request.values.get("case.file", "null")
    name = request.chosen.get("case")
    if file != "null":
        if name is not None:
            raise ConfigError(f"case={name} and case.file are given: give one of the two")
        file = str(read_back(file))
        path = expand_user(file)
        if not path.is_file():
            raise ConfigError(f"case.file={file}: {no_file(path)}; give a case as YAML or CSV")
        source: dict[str, Any] = {"name": path.stem, "file": file}
    else:
        if "case" not in request.chosen and experiment is not None:
            name = experiment.get("case")
        if name is None:
            return None, None
        known = names_of("case", config_dir)
        if name not in known:
            assert experiment is not None
            where = describe_file(file_of("experiment", experiment["name"], config_dir))
            raise ConfigError(f"{where}: {unknown_name(str(name), known, 'case')}")
        path = file_of("case", name, config_dir)
        source = {"name": name, "file": None}
    from experiments.cases.reader import read_case

    return read_case(path), source


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
    topologies = request.swept.get("network.topology", [parameters.network.topology.value])
    if "network.edge_list" in request.values and Topology.EDGE_LIST.value not in topologies:
        raise ConfigError(
            f"network.edge_list={parameters.network.edge_list} has no effect with network.topology="
            f"{parameters.network.topology.value}: set network.topology={Topology.EDGE_LIST.value}"
        )
    edges = parameters.network.edge_list
    if edges and not expand_user(edges).is_file():
        raise ConfigError(
            f"network.edge_list={edges}: {no_file(expand_user(edges))}; give two user ids a line"
        )
    if not swept and "experiment" not in request.chosen:
        parameters = check_world(parameters, request.values)
    return parameters


def _options(plain: dict[str, Any]) -> schema.Options:
    options = schema.Options(**{name: plain[name] for name in schema.OPTIONS if name != "scale"})
    options.scale = schema.Scale(plain["scale"])
    if not 0 <= options.seed < SEED_LIMIT:
        raise ConfigError(f"seed={options.seed} must be {schema.EXPECTED['seed']}")
    for name in schema.COUNTS:
        count = getattr(options, name, None)
        if count is not None and not 1 <= count <= schema.LARGEST_COUNT.get(name, count):
            raise ConfigError(schema.refuse_value(name, count))
    if options.time_limit is not None and not 0 < options.time_limit < math.inf:
        raise ConfigError(
            f"time_limit={options.time_limit:g} must be {schema.EXPECTED['time_limit']}"
        )
    if options.name is not None:
        check_name(options.name)
    return options


def show(
    kind: str, what: str, overrides: Sequence[str], settings: Settings, config_dir: Path | None
) -> None:
    """Let Hydra print about itself.

    Parameters
    ----------
    kind
        Its own configuration (``cfg``) or how it composed (``info``).
    what
        Which part of that.
    overrides, settings
        What the user asks for, and what it came to.
    config_dir
        A folder of the user's own cases, presets and experiments.
    """
    request = read(overrides, config_dir)
    own = {group: request.chosen.get(group) for group in ("case", "experiment")}
    chosen = [f"{group}={name}" for group, name in own.items() if name is not None]
    asked = [*hydra_overrides(request, config_dir), *chosen]
    case = {} if settings.case is None else settings.case.parameters
    base = {}
    if settings.experiment is not None:
        base = read_experiment(settings.experiment, settings.scale).base
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with started_hydra(config_dir) as hydra:
        schema.store_layers(case, base)
        try:
            if kind == "cfg":
                hydra.show_cfg("config", asked, cfg_type=what, package=None)
            else:
                hydra.show_info(what, "config", asked)
        finally:  # Hydra sets up logging to print this, and leaves it so
            root.handlers[:] = handlers
            root.setLevel(level)
