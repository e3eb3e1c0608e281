"""What can be configured: the parameters, the options beside them, and their schema for Hydra."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, make_dataclass
from enum import Enum
from functools import cache
from typing import Any

from hydra.core.config_store import ConfigStore

from experiments.config.executors import option_meanings
from experiments.design.reading import HISTORY, HISTORY_MEANINGS
from experiments.errors import did_you_mean
from sim.parameters import declarations

ALONE = "experiment_alone"  # a configuration of nothing but an experiment, to read it first


class Scale(Enum):
    """How much of an experiment is run."""

    smoke = "smoke"
    laptop = "laptop"
    full = "full"


def option(default: Any, meaning: str) -> Any:
    """Declare an option: its default, and what it means in words for ``momentum list``."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass
class Options:
    """What stands beside the parameters on the command line."""

    name: str | None = option(None, "name of the result's folder")
    seed: int = option(7, "the luck")
    scale: Scale = option(Scale.laptop, "how much of an experiment is run")
    replicates: int | None = option(None, "runs of each point")
    workers: int | None = option(None, "processes; null: as many as there are cores")
    record_weekly: bool | None = option(
        None, "keep every week of every run; null: as the experiment says"
    )
    design: str | None = option(None, "how worlds are drawn without an experiment; null: a grid")
    samples: int | None = option(None, "worlds drawn by a sampled design, or trajectories")
    ranges: Any = option(None, "from which a sampled design draws")
    design_seed: int | None = option(None, "the luck of a sampled design")
    second_order: bool | None = option(None, "draw for interactions too (saltelli)")
    resolution: int | None = option(None, "resolution of a fraction")
    file: str | None = option(None, "file of points (csv)")
    worlds: str | None = option(
        None, "a calibration, whose worlds stand in for those drawn from ranges"
    )
    save_week: int | None = option(None, "week at whose end a run is saved")
    resume: str | None = option(None, "a saved run to go on from")
    fresh: bool = option(False, "a sweep starts anew although some of its runs are there")
    retry_failed: bool = option(False, "a sweep does the runs again that failed")
    time_limit: float | None = option(
        None, "seconds after which a run is given up; null: it never is"
    )
    results_dir: str | None = option(None, "the folder of results; null: results/ of the project")


@dataclass
class Refine:
    """How a sweep is refined where emergence is undecided (`experiments.execution.refinement`)."""

    budget: int | None = option(None, "runs at most; null: as the experiment says, or none more")
    precision: float | None = option(None, "half the width of an interval that is narrow enough")
    batch: int | None = option(None, "replicates added in a round")
    levels: Any = option(None, "probabilities of emergence whose border is made sharper")
    parts: Any = option(None, "parts of the experiment that are refined; null: all")


OPTIONS = {option.name: option for option in fields(Options)}
TEXTS = (
    "name", "results_dir", "case.file", "cases.file", "network.edge_list", "file", "resume",
    "worlds",
)  # fmt: skip
"""Names whose value is taken as it is written, so that paths need no quotes within quotes."""
SAMPLED = (
    "design", "samples", "ranges", "design_seed", "second_order", "resolution", "file",
    "worlds",
)  # fmt: skip
"""Options that describe a sampled design, as the keys of an experiment's part do."""
REFINE = tuple(f"refine.{option.name}" for option in fields(Refine))
COUNTS = ("replicates", "workers", "samples", "refine.budget", "refine.batch")
EXPECTED = {
    "scale": f"one of {', '.join(scale.value for scale in Scale)}",
    "seed": "a whole number from 0 to 2^63 - 1",
    "replicates": "a whole number from 1",
    "workers": "a whole number from 1 to 10,000",
    "record_weekly": "true or false",
    "save_week": "a whole number of weeks",
    "resume": "the name of a saved run, or a path",
    "fresh": "true or false",
    "retry_failed": "true or false",
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


LARGEST_COUNT = {"workers": 10_000}


def refuse_value(name: str, value: Any) -> str:
    """Return the line that refuses the value of an option."""
    hint = did_you_mean(str(value), Scale.__members__) if name == "scale" else ""
    return f"{name}={value} must be {EXPECTED[name]}{hint}"


@cache
def known_names() -> list[str]:
    """Return all that can stand before ``=``, without the config groups."""
    files = "case.file", "cases.file"
    return [*declarations(), *OPTIONS, *HISTORY, *files, *REFINE, *option_meanings()]


def default_of(name: str) -> Any:
    """Return the default of a parameter or option."""
    if name in declarations():
        return declarations()[name].default
    return HISTORY[name] if name in HISTORY else getattr(Options(), name, None)


def meanings() -> dict[str, str]:
    """Return what each of `known_names` means that is no parameter."""
    options = {name: each.metadata["meaning"] for name, each in OPTIONS.items()}
    refine = {f"refine.{each.name}": each.metadata["meaning"] for each in fields(Refine)}
    case = {
        "case.file": "a record of your own, as CSV or YAML",
        "cases.file": "a table of cases of your own (experiment=cases)",
    }
    return {**options, **HISTORY_MEANINGS, **case, **refine, **option_meanings()}


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
    for name in ("case", "cases"):
        top.append((name, dict[str, Any], field(default_factory=lambda: {"file": None})))
    top += [("preset", Any, field(default=None)), ("experiment", Any, field(default=None))]
    top.append(("refine", Refine, field(default_factory=Refine)))
    top.append(("executor", dict[str, Any], field(default_factory=dict)))
    return make_dataclass("Schema", top, bases=(Options,))


def store_layers(case: dict[str, Any], base: dict[str, Any]) -> None:
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
            result.setdefault(outer, {})[inner] = as_declared(name, value)
        else:
            result[outer] = as_declared(name, value)
    return result


def as_declared(name: str, value: Any) -> Any:
    """Return 1e6 as 1000000 where a whole number is wanted, choices in lower case."""
    if isinstance(default_of(name), Enum) and isinstance(value, str):
        return value.lower()
    wanted = type(default_of(name)) is int or name in (*COUNTS, "save_week")
    return int(value) if wanted and isinstance(value, float) and value.is_integer() else value
