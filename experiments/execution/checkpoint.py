"""Runs saved at the end of a week, to go on from there, with other levers if wished.

results/runs/NAME/state.npz     arrays of the state and of the case's record; what it was made from
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.config.choices import ConfigError
from experiments.config.overrides import read
from experiments.config.settings import Settings, compose
from experiments.execution.record import point_history
from experiments.places import expand_user
from experiments.store import provenance
from experiments.text import one_line
from sim.history import History, check_history
from sim.network import Network
from sim.parameters import Parameters, Role, declarations, unknown_name
from sim.run import Checkpoint
from sim.setup import FIXED_AT_START, build
from sim.state import HolderClass, Shareholders, State, Status, Users, fork, make_workspace

if TYPE_CHECKING:
    from numpy.lib.npyio import NpzFile

FILE = "state.npz"
_GROUPS: dict[str, Any] = {
    "network": Network,
    "users": Users,
    "shareholders": Shareholders,
    "history": History,
}
_ABOUT = "about"
_SOME = ("movement.framing", "firm.policy")
_FILES = ("network.edge_list", "case.file")
_OWN = ("name", "results_dir", "save_week", "resume")  # of the command, not of the world


class SavedRun(NamedTuple):
    """A saved run."""

    name: str  # of its result
    checkpoint: Checkpoint
    overrides: list[str]  # what its world was composed of


def save(checkpoint: Checkpoint, overrides: Sequence[str], folder: Path) -> None:
    """Write a checkpoint run, and what its world was composed of, into the folder of a run."""
    about = {
        "week": checkpoint.week,
        "seed": checkpoint.seed,
        "phases": [[week, parameters.flat()] for week, parameters in checkpoint.phases],
        "overrides": _of_the_world(overrides),
        "model": provenance.model_digest(),
    }
    state = checkpoint.state
    members = {**state._asdict(), "history": checkpoint.history}
    arrays = {
        f"{group}.{name}": array
        for group in _GROUPS
        for name, array in members[group]._asdict().items()
    }
    arrays |= {"world": state.world, "weekly": state.weekly, _ABOUT: np.array(json.dumps(about))}
    np.savez_compressed(folder / FILE, **arrays)


def resumed(overrides: Sequence[str], config_dir: Path | None) -> tuple[Settings, SavedRun]:
    """Return the set-up of a run that goes on from a saved one, and where it goes on from.

    Raises
    ------
    ConfigError
        If there is no such run, if it cannot be read or was made by another model, or if something
        is to be changed that is fixed.
    """
    request = read(overrides, config_dir)
    own = [text for text in overrides if text.partition("=")[0] in _OWN]
    asked = compose(own, config_dir)
    saved = load(str(asked.resume), asked.results_dir)
    changed = [name for name in [*request.values, *request.chosen] if name not in _OWN]
    for name in changed:
        if name not in _levers():
            raise ConfigError(
                f"{name} is fixed in a saved run: only levers can change, as {', '.join(_SOME)} "
                "(momentum list parameters lever)"
            )
    world = [*saved.overrides, *_of_the_world(overrides)]
    checkpoint = saved.checkpoint
    settings = _composed(world, own, config_dir, checkpoint.parameters, changed)
    _require_same(settings, checkpoint, changed, f"resume={asked.resume}")
    if "movement.launch_week" in changed:
        _require_ahead(settings.parameters.movement.launch_week, checkpoint)
    if settings.save_week is not None and settings.save_week < checkpoint.week:
        raise ConfigError(
            f"save_week={settings.save_week} is past: the run goes on after week {checkpoint.week}"
        )
    name = settings.name or f"{saved.name}-from-week-{checkpoint.week}"
    settings = replace(settings, name=name, overrides=list(overrides))
    return settings, saved._replace(overrides=world)


def _composed(
    world: Sequence[str],
    own: Sequence[str],
    config_dir: Path | None,
    parameters: Parameters,
    changed: Sequence[str],
) -> Settings:
    """Return the set-up of a saved world, if need be without the files that it was made from."""
    values = dict(text.partition("=")[::2] for text in world)
    files = {name: Path(values[name].strip("'\"")) for name in _FILES if name in values}
    gone = [name for name, path in files.items() if not path.expanduser().is_file()]
    if not gone:
        return compose([*world, *own], config_dir)
    left_out = tuple(f"{name}=" for name in gone)
    left_out += ("network.", "users.count=") if "network.edge_list" in gone else ()
    left_out += ("history.",) if "case.file" in gone else ()
    kept = [text for text in [*world, *own] if not text.startswith(left_out)]
    settings = compose(kept, config_dir)
    levers = {name: settings.parameters.value(name) for name in changed}
    parameters = parameters.replace(levers)
    resolved = {**settings.resolved, **parameters.to_dict()}
    return replace(settings, parameters=parameters, resolved=resolved)


def resuming(name: str, overrides: Sequence[str], change: str) -> str:
    """Return the command that goes on from the saved run of a name, with one lever changed."""
    kept = [text for text in overrides if text.partition("=")[0] in ("results_dir", "--config-dir")]
    return provenance.command_line("run", [f"resume={name}", change, *kept])


def load(name_or_path: str, results_dir: Path) -> SavedRun:
    """Read a saved run, by the name of its result or by a path.

    Raises
    ------
    ConfigError
        If there is none, it is damaged, or the model has changed since.
    """
    path = _find(name_or_path, results_dir)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return _read(file, path)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as problem:
        if isinstance(problem, ConfigError):
            raise
        said = one_line(problem, 80)
        raise ConfigError(f"{path} is no saved run, or a damaged one ({said})") from None


def _read(file: NpzFile, path: Path) -> SavedRun:
    about = json.loads(str(file[_ABOUT]))
    if about["model"] != provenance.model_digest():
        raise ConfigError(f"{path}: the model's code changed since it was saved; save it again")
    network, users, shareholders, history = (
        kind(*(file[f"{group}.{name}"] for name in kind._fields)) for group, kind in _GROUPS.items()
    )
    workspace = make_workspace(users.status.size)
    state = State(network, users, workspace, shareholders, file["world"], file["weekly"])
    phases = tuple((int(week), Parameters.from_dict(flat)) for week, flat in about["phases"])
    _require_fit(state, phases[-1][1], int(about["seed"]), history)
    checkpoint = Checkpoint(phases, about["seed"], about["week"], history, fork(state))
    return SavedRun(path.parent.name, checkpoint, list(about["overrides"]))


def _require_fit(state: State, parameters: Parameters, seed: int, history: History) -> None:
    """Refuse arrays that a state of the world would not have: compiled code trusts them."""
    n = parameters.users.count
    offsets, neighbours = state.network
    starts = offsets.dtype == np.int64 and offsets.shape == (n + 1,) and offsets[0] == 0
    if not starts or offsets[-1] != neighbours.size or (np.diff(offsets) < 0).any():
        raise ValueError("the rows of the network do not fit")
    ends = neighbours.dtype == np.int32 and neighbours.ndim == 1
    if not ends or (neighbours.size and not 0 <= neighbours.min() <= neighbours.max() < n):
        raise ValueError("the neighbours of the network do not fit")
    check_history(history, parameters.horizon)
    fresh = build(parameters, parameters.record()[0], seed, history, state.network)
    pairs = [*zip(state.users, fresh.users, strict=True)]
    pairs += [*zip(state.shareholders, fresh.shareholders, strict=True)]
    pairs += [(state.world, fresh.world), (state.weekly, fresh.weekly)]
    if any(mine.dtype != its.dtype or mine.shape != its.shape for mine, its in pairs):
        raise ValueError("the arrays do not fit the world")
    holders, users = state.shareholders, state.users
    if not -1 <= holders.user.min() <= holders.user.max() < n:
        raise ValueError("the shareholders do not fit the users")
    if holders.kind.max() >= len(HolderClass) or users.status.max() >= len(Status):
        raise ValueError("the classes or statuses do not fit")


def _find(name_or_path: str, results_dir: Path) -> Path:
    given = expand_user(name_or_path)
    runs = results_dir / "runs"
    for path in (runs / name_or_path / FILE, given / FILE, given):
        if path.is_file():
            return path
    there = sorted(path.parent.name for path in runs.glob(f"*/{FILE}"))
    if (runs / name_or_path).is_dir():
        raise ConfigError(
            f"resume={name_or_path}: this run was not saved; run it again with save_week=WEEK"
        )
    hint = unknown_name(name_or_path, there, "saved run") if there else "no run was saved yet"
    raise ConfigError(f"resume={name_or_path}: {hint}; momentum run save_week=WEEK saves one")


def _of_the_world(overrides: Sequence[str]) -> list[str]:
    own = (*_OWN, "--config-dir")
    return [text for text in overrides if text.partition("=")[0] not in own]


def _levers() -> set[str]:
    """Return the levers that can change while a run is under way."""
    levers = {name for name, d in declarations().items() if d.metadata["role"] is Role.LEVER}
    return levers.difference(("horizon", *FIXED_AT_START))


def _require_same(
    settings: Settings, checkpoint: Checkpoint, changed: list[str], where: str
) -> None:
    """Refuse a set-up that has changed since the run was saved in more than what was asked for."""
    for name in declarations():
        now, then = settings.parameters.value(name), checkpoint.parameters.value(name)
        if name not in changed and now != then:
            raise ConfigError(
                f"{where}: {name} was {then} when it was saved and is {now} now; save it again"
            )
    history = point_history(settings.case, settings.history, settings.parameters.horizon)
    for name, series in (history._asdict() if history is not None else {}).items():
        weeks = len(getattr(checkpoint.history, name))
        if not np.array_equal(series[:weeks], getattr(checkpoint.history, name), equal_nan=True):
            raise ConfigError(f"{where}: the case's {name} changed since; save the run again")


def _require_ahead(launch_week: int, checkpoint: Checkpoint) -> None:
    """Refuse a launch week that would have no effect any more."""
    launched = int(checkpoint.state.world[0]["launched"])
    given = f"movement.launch_week={launch_week}"
    if launched >= 0:
        raise ConfigError(f"{given}: the movement was launched in week {launched}")
    if launch_week <= checkpoint.week:
        raise ConfigError(f"{given} is past: the run goes on after week {checkpoint.week}")
