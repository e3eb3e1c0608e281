"""A result folder held by this process, to be added to."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from experiments.store.identity import Design, design_record, points_table
from experiments.store.layout import (
    CONFIG,
    CRATE,
    DESIGN,
    LOCK,
    PART,
    POINTS,
    PROVENANCE,
    STATUS,
    StoreError,
    cannot,
    finished_files,
    make_folder,
    rename,
    write_file,
)
from experiments.store.parts import identity_of, unfinished_part
from experiments.store.result import Result
from experiments.store.safety import Lock

_FOLDERS = ("runs", "weekly")
_OWN_FILES = (CONFIG, CRATE, DESIGN, POINTS, PROVENANCE, STATUS)
_UNFINISHED_FILE = re.compile(rf"\.({'|'.join(map(re.escape, _OWN_FILES))})\.[0-9a-f]{{8}}\.tmp")


class Store:
    """A result folder held by this process, to be added to.

    Nothing in the folder is removed or replaced before `own` has been called with the design that
    it holds, and then only what carries its identity.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: Lock | None = None
        self._identity = ""

    def __enter__(self) -> Self:
        """Make the folder and hold it; StoreError if it cannot be written, or another holds it."""
        make_folder(self.path)
        try:
            self._lock = Lock(self.path / LOCK)
            self._place = os.stat(self.path)
        except StoreError:
            raise
        except OSError as problem:
            raise cannot("write", self.path, problem) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was left unfinished and let go of the folder."""
        if self._lock is not None:
            if self._identity and self._is_in_place():
                self.clean()
                (self.path / STATUS).unlink(missing_ok=True)
            self._lock.release()
            self._lock, self._identity = None, ""

    @property
    def result(self) -> Result:
        """The folder, to be read."""
        return Result(self.path)

    @property
    def started(self) -> bool:
        """Whether the folder holds a sweep already.

        Raises
        ------
        StoreError
            If it holds something else.
        """
        if os.path.lexists(self.path / DESIGN):
            return True
        others = [p.name for p in finished_files(self.path) if p.name not in (LOCK, *_FOLDERS)]
        if others == [POINTS] and _identity_in(self.path / POINTS):  # killed before the design
            others = []
        for name in _FOLDERS:
            self._require_folder(name)
            others += [f"{name}/…"] if finished_files(self.path / name) else []
        if others:
            raise StoreError(f"{self.path} holds {others[0]}, not a sweep: choose another name=")
        return False

    def own(self, design: Design) -> None:
        """Take what carries the identity of this design as this sweep's own, and clean it."""
        self._identity = design.identity
        for name in _FOLDERS if design.record_weekly else _FOLDERS[:1]:
            self._require_folder(name)
            make_folder(self.path / name)
        self.clean()

    def set_aside(self) -> Path | None:
        """Rename what is there to NAME.old-DATE and start afresh; return the new path."""
        if not self.started:
            return None
        now = datetime.now().astimezone()
        old = self.path.with_name(f"{self.path.name}.old-{now:%Y-%m-%d}")
        if os.path.lexists(old):
            old = self.path.with_name(f"{self.path.name}.old-{now:%Y-%m-%d-%H%M%S}")
        self.__exit__(None, None, None)
        try:
            self.path.rename(old)
        except OSError as problem:
            raise cannot("rename", self.path, problem) from None
        self.__enter__()
        return old

    def write_design(self, design: Design) -> None:
        """Write what the runs depend on, and make room for them."""
        self._require_in_place()
        table = points_table(design)
        write_file(self.path / POINTS, lambda file: pq.write_table(table, file, compression="zstd"))
        self.write_json(DESIGN, design_record(design))
        self.own(design)

    def _require_folder(self, name: str) -> None:
        """Refuse a link or a file where a folder is to be: nothing is written through links."""
        path = self.path / name
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise StoreError(f"{path} must be a folder, not a link or a file: move it elsewhere")

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Write the resolved configuration."""
        self._write_text(CONFIG, yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True))

    def write_status(self, status: Mapping[str, Any]) -> None:
        """Write how far the sweep is; it may be lost when the machine fails."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._write_text(STATUS, json.dumps({**status, "updated": now}), durable=False)

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file of the folder."""
        self._write_text(name, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def commit(self, name: str, files: Sequence[str]) -> Path:
        """Give a chunk's files their names: from now on its runs are done; return their file."""
        self._require_in_place()
        for file in files:
            written = self.path / file
            rename(written, written.with_name(name))
        return self.path / "runs" / name

    def clean(self) -> None:
        """Remove what this sweep left unfinished; links and the files of others stay.

        Nothing is removed where the folder is not in its place any more.
        """
        if not self._is_in_place():
            return
        unfinished = unfinished_part(self._identity)
        self._remove(self.path, _UNFINISHED_FILE)
        for name in _FOLDERS:
            self._remove(self.path / name, unfinished)
        for path in _regular_files(self.path / "weekly"):
            done = self.path / "runs" / path.name
            orphan = PART.fullmatch(path.name) and not done.exists()
            if orphan and _identity_in(path) == self._identity:
                path.unlink(missing_ok=True)

    def _remove(self, folder: Path, names: re.Pattern[str]) -> None:
        for path in _regular_files(folder):
            if names.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _write_text(self, name: str, text: str, durable: bool = True) -> None:
        self._require_in_place()
        write_file(self.path / name, lambda file: file.write(text.encode()), durable)

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.stat(self.path), self._place)
        except OSError:
            return False

    def _require_in_place(self) -> None:
        """Refuse to go on where the folder was moved, removed or replaced, as by a link."""
        if not self._is_in_place():
            raise StoreError(
                f"{self.path} was moved, removed or replaced while the sweep ran: put it back"
            )

    def require_whole(self) -> None:
        """Refuse to call a result complete whose folder or design is gone.

        Raises
        ------
        StoreError
            If the folder is not the one that is held, or its design is not that of this sweep.
        """
        self._require_in_place()
        if self.result.design.identity != self._identity:
            raise StoreError(f"{self.path / DESIGN} was replaced while the sweep ran: put it back")


def _identity_in(path: Path) -> str | None:
    try:
        return identity_of(pq.read_schema(path))
    except (pa.ArrowException, OSError, ValueError):
        return None


def _regular_files(folder: Path) -> list[Path]:
    """Return the regular files of a folder; none if it is a link or not there."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [Path(entry) for entry in entries if entry.is_file(follow_symlinks=False)]
