"""Folders of results that are written whole or not at all."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOST = re.sub(r"\W", "_", platform.node()) or "here"


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Let a folder be written beside its place, then put it there at once.

    What a process that was killed left of the same folder is cleared first, and a result that it
    had just taken away is put back.
    """
    _clear_after_death(folder)
    mine = f".{folder.name}.{_HOST}-{os.getpid()}"
    new, old = (folder.with_name(f"{mine}.{end}") for end in ("tmp", "old"))
    new.mkdir(parents=True)
    try:
        yield new
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _clear_after_death(folder: Path) -> None:
    """Clear what processes of this machine that are gone left unfinished of a folder."""
    left = re.compile(rf"{re.escape(f'.{folder.name}.{_HOST}-')}(\d+)\.(tmp|old)")
    for path in list(folder.parent.glob(".*")):
        found = left.fullmatch(path.name)
        if found is None or _lives(int(found[1])):
            continue
        if found[2] == "old" and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _lives(process: int) -> bool:
    """Return whether another process of this number lives."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
