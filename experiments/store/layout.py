"""Where the files of a result lie, and the errors that name them.

results/NAME/runs/part-*.parquet      a row per run
results/NAME/weekly/part-*.parquet    a row per run and week, if recorded
results/NAME/config.yaml              the resolved configuration
results/NAME/design.json              what the runs depend on, which a resume may only add to
results/NAME/points.parquet           a row per point: what it sets
results/NAME/provenance.json          when, with which versions; the command to repeat it
results/NAME/ro-crate-metadata.json   what it is, in a form that archives read
results/NAME/lock, status.json        while a sweep runs: who runs it, and how far it is
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from experiments.errors import MomentumError
from experiments.text import one_line

SCHEMA_VERSION = 3
SCHEMA_NOTE = "docs/sweeps.md describes what each version holds and how older results are read"
PART = re.compile(r"part-\d{5,}-\d{5,}-[0-9a-f]{8}\.parquet")
UNFINISHED = re.compile(r"\..+\.tmp")
DESIGN, POINTS = "design.json", "points.parquet"
CONFIG, PROVENANCE = "config.yaml", "provenance.json"
CRATE = "ro-crate-metadata.json"
LOCK, STATUS = "lock", "status.json"
OUTCOME = "outcome.json"  # of a single run
SUMMARY = "summary.parquet"  # of a published result
REPORT = "report.html"
_MOST_NAMED = 3  # differences in one line


class StoreError(MomentumError, OSError):
    """A result that cannot be read, written or continued; the message is one line."""


def cannot(what: str, path: Path, problem: OSError | ValueError) -> StoreError:
    """Return the error for a file that cannot be read or written."""
    reason = getattr(problem, "strerror", None) or one_line(problem)
    return StoreError(f"cannot {what} {path}: {reason}")


def display_path(path: Path) -> str:
    """Return a path as short as it can be written from the current folder."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def first_few(texts: Sequence[str]) -> str:
    """Return the first few of some texts, and how many more there are."""
    more = f" and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    return ", ".join(texts[:_MOST_NAMED]) + more


def finished_files(folder: Path) -> list[Path]:
    """Return what lies in a folder, without unfinished files; nothing if there is no such folder.

    Raises
    ------
    StoreError
        If the folder cannot be read.
    """
    try:
        found = sorted(folder.iterdir()) if folder.exists() else []
    except OSError as problem:
        raise cannot("read", folder, problem) from None
    return [path for path in found if not UNFINISHED.fullmatch(path.name)]


def make_folder(folder: Path) -> None:
    """Make a folder and those it lies in.

    Raises
    ------
    StoreError
        If that is impossible; a link that leads nowhere is named.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        for path in (folder, *folder.parents):
            if path.is_symlink() and not path.exists():
                target = os.readlink(path)
                raise StoreError(
                    f"{path} is a link to {target}, which does not exist: make that folder or "
                    "remove the link"
                ) from None
        raise cannot("write", folder, problem) from None


def write_file(path: Path, write: Callable[[BinaryIO], object], durable: bool = True) -> None:
    """Write a file completely or not at all; a link in its place is replaced, not followed.

    Parameters
    ----------
    path
        Its place.
    write
        Writes its content.
    durable
        Whether it must survive a failure of the machine.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            write(file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        rename(temporary, path, durable)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        if isinstance(problem, StoreError):
            raise
        raise cannot("write", path, problem) from None


def rename(written: Path, path: Path, durable: bool = True) -> None:
    """Give a written file its place.

    Raises
    ------
    StoreError
        If that is impossible.
    """
    try:
        written.replace(path)
        if durable:
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as problem:
        raise cannot("write", path, problem) from None
