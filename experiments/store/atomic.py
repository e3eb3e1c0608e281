"""Folders of results that are written completely or not at all."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.store.layout import make_folder

_HOST = re.sub(r"\W", "_", platform.node()) or "here"


@contextmanager
def atomic_directory(folder: Path) -> Iterator[Path]:
    """Let a folder be written beside its place, then put it there at once.

    What a process that was killed left of the same folder is cleared first, and a result that it
    had just taken away is put back. A link in its place is replaced, not followed.

    Raises
    ------
    StoreError
        If the folder cannot be made.
    """
    _clear_after_death(folder)
    prefix = f".{folder.name}.{_HOST}-{os.getpid()}"
    new, old = (folder.with_name(f"{prefix}.{end}") for end in ("tmp", "old"))
    make_folder(folder.parent)
    new.mkdir()
    try:
        yield new
        if os.path.lexists(folder):
            folder.rename(old)
        new.rename(folder)
    finally:
        _remove(new)
        _remove(old)


def _clear_after_death(folder: Path) -> None:
    """Clear what processes of this machine that are gone left unfinished of a folder."""
    left = re.compile(rf"{re.escape(f'.{folder.name}.{_HOST}-')}(\d+)\.(tmp|old)")
    for path in list(folder.parent.glob(".*")):
        found = left.fullmatch(path.name)
        if found is None or _is_alive(int(found[1])):
            continue
        if found[2] == "old" and not folder.exists():
            path.rename(folder)
        else:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    """Return whether another process of this number is alive."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
