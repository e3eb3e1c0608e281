"""What can be chosen by name: the files of the config groups, the project's and the user's own."""

from __future__ import annotations

from pathlib import Path

from experiments.errors import MomentumError
from experiments.places import CONF

GROUPS = ("case", "preset", "experiment", "executor")


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
