"""What can be chosen by name, the project's and the user's own; what a result may be called."""

from __future__ import annotations

import os
import re
from pathlib import Path

from experiments import places
from experiments.errors import MomentumError
from experiments.places import CONF, expand_user

GROUPS = ("case", "preset", "experiment", "executor")
RESERVED_NAMES = ("published", "runs", "claims")
NAME = re.compile(r"\w[\w.+-]*")
LONGEST_NAME = 100


class ConfigError(MomentumError, ValueError):
    """Something the user wrote that cannot be meant; the message is one line."""


def require_folder(config_dir: Path | None) -> None:
    """Refuse a folder of the user's own that is none.

    Raises
    ------
    ConfigError
        If there is no such folder.
    """
    if config_dir is not None and not config_dir.is_dir():
        kind = "is no folder" if config_dir.exists() else "no such folder"
        raise ConfigError(f"--config-dir {config_dir}: {kind}")


def names_of(group: str, config_dir: Path | None = None) -> list[str]:
    """Return what can be chosen in a config group."""
    return sorted({path.stem for path in _files(group, config_dir)})


def file_of(group: str, name: str, config_dir: Path | None = None) -> Path:
    """Return the file of a choice.

    Raises
    ------
    LookupError
        If there is none.
    ConfigError
        If a file of the user's own has the name of one of the project's, which Hydra would read.
    """
    found = [path for path in _files(group, config_dir) if path.stem == name]
    if len(found) > 1 and not found[0].samefile(found[1]):
        raise ConfigError(f"{found[1]}: the project has a {group} {name} already; rename this one")
    if not found:
        raise LookupError(name)
    return found[0]


def describe_file(file: Path) -> str:
    """Return how a file of the configuration is named to the user."""
    return f"conf/{file.relative_to(CONF)}" if file.is_relative_to(CONF) else str(file)


def _files(group: str, config_dir: Path | None) -> list[Path]:
    folders = [CONF] if config_dir is None else [CONF, config_dir]
    return [path for folder in folders for path in (folder / group).glob("*.yaml")]


# -- results ---------------------------------------------------------------------------------------


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


def read_results_dir(given: str | None) -> Path:
    """Return the folder of results; relative to the current folder if the user names it.

    Raises
    ------
    ConfigError
        If nothing can be written there.
    """
    folder = places.RESULTS if given is None else expand_user(given)
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
