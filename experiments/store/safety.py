"""What keeps folders whole: the lock of one that is added to, and others written at once or not."""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.store.layout import StoreError, make_folder

_TRIES, _WAIT = 5, 0.05  # seconds: a reader of the status holds the lock for an instant
_CONTENT = re.compile(rb"(process \d+ on [^\n]*\n?)?")


class Lock:
    """A file that this process holds.

    Parameters
    ----------
    path
        Of the file, in the folder that it protects.

    Raises
    ------
    StoreError
        If another process holds it, or if the file there is no lock: it stays as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        while True:
            self._descriptor = self._open()
            if self._is_in_place():
                break
            os.close(self._descriptor)  # its holder removed it in between
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"process {os.getpid()} on {os.uname().nodename}\n".encode())

    def release(self) -> None:
        """Remove the file and let go of it."""
        if self._is_in_place():
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _open(self) -> int:
        descriptor = _open(self.path, os.O_RDWR | os.O_CREAT)
        for attempt in range(_TRIES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt < _TRIES - 1:
                    time.sleep(_WAIT)
        else:
            holder = _content(descriptor)
            os.close(descriptor)
            raise StoreError(f"{self.path.parent} is being written by {holder}")
        if not _CONTENT.fullmatch(os.read(descriptor, 200)):
            os.close(descriptor)
            raise StoreError(f"{self.path} is not the lock of a sweep: choose another name=")
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    def _is_in_place(self) -> bool:
        """Return whether the file that is held is the one at the path."""
        try:
            there = os.lstat(self.path)
        except OSError:
            return False
        return os.path.samestat(os.fstat(self._descriptor), there)


def holder_of(path: Path) -> tuple[str, bool]:
    """Return who wrote a lock last, and whether a process of this machine holds it now.

    The text is empty if there is no lock.
    """
    try:
        descriptor = _open(path, os.O_RDONLY)
    except OSError:
        return "", False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return _content(descriptor), False
    except BlockingIOError:
        return _content(descriptor), True
    finally:
        os.close(descriptor)


def _open(path: Path, flags: int) -> int:
    """Open a regular file that has no other name; neither a link nor a pipe is opened."""
    refusal = StoreError(f"{path} is not the lock of a sweep: choose another name=")
    if path.is_symlink():
        raise refusal
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(descriptor)
        raise refusal
    return descriptor


def _content(descriptor: int) -> str:
    return os.read(descriptor, 200).decode(errors="replace").strip() or "another process"


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
