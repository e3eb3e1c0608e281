"""Compiled code, kept in files for the next start.

Numba's own cache looks only at the file of the function that it has compiled, believes whatever it
finds, and fails if that is damaged. Here the folder is named after all sources of this package, so
that an edit to any rule takes effect at the next run, and code that is not as it was written is
compiled anew.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
import os
import pickle
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from sim import sources
from sim.errors import warn

_log = logging.getLogger(__name__)


def folder() -> Path | None:
    """Return the folder of compiled code for the sources that were imported; None if there is none.

    It is below ``NUMBA_CACHE_DIR``, ``XDG_CACHE_HOME`` or ``~/.cache``, or else in the folder for
    temporary files, and belongs to the user alone: code found there is run.
    """
    digest = sources.digest()
    if digest is None:
        return None
    given = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    with suppress(OSError, RuntimeError):  # RuntimeError: there is no home folder
        above = Path(given).expanduser() / "coop-momentum"
        above.mkdir(parents=True, exist_ok=True)
        if _is_private(above / digest):
            return above / digest
    with suppress(OSError):
        above = Path(tempfile.gettempdir()) / f"coop-momentum-{os.getuid()}"
        if _is_private(above) and _is_private(above / digest):
            return above / digest
    _warn("no folder for it belongs to this user alone")
    return None


def _is_private(place: Path) -> bool:
    """Make a folder if there is none; return whether only this user can read and write it."""
    place.mkdir(mode=0o700, exist_ok=True)
    status = place.lstat()
    own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return own and not status.st_mode & 0o077 and os.access(place, os.W_OK)


def holds(function: str) -> bool:
    """Return whether compiled code of a function (``module.name``) is kept."""
    place = folder()
    return place is not None and any(place.glob(f"{function}-*"))


class CodeCache:
    """What Numba asks for compiled code of a function, and gives it to.

    A file is the SHA-256 of what follows, and the pickled key and code. A file that is damaged, or
    that another user wrote, counts as none; what cannot be written is not kept.
    """

    cache_path = ""

    def __init__(self, function: Any) -> None:
        self._function = function

    def load_overload(self, signature: Any, context: Any) -> CompileResult | None:
        """Return the code for a signature; None if there is none that can be used."""
        context.refresh()
        try:
            key = self._key(signature, context.codegen())
            file = self._file(key)
            if file is None:
                return None
            kept, payload = pickle.loads(_read(file))
            return CompileResult._rebuild(context, *payload) if kept == key else None
        except MemoryError:
            raise
        except Exception as error:  # unpickling raises anything
            _log.debug("no compiled code of %s: %r", self._function.__qualname__, error)
            return None

    def save_overload(self, signature: Any, result: CompileResult) -> None:
        """Keep the code for a signature, unless the sources have changed since they were read."""
        if result.lifted or result.library.has_dynamic_globals:
            return
        try:
            key = self._key(signature, result.library.codegen)
            file = self._file(key)
            if file is not None:
                _write(file, dumps((key, result._reduce())))
        except OSError as error:
            _warn(str(error))

    def _key(self, signature: Any, codegen: Any) -> tuple[Any, ...]:
        """Return all that the code depends on but the sources of this package."""
        source = Path(inspect.getfile(self._function)).read_bytes()
        versions = numba.__version__, llvmlite.__version__
        return signature, codegen.magic_tuple(), versions, hashlib.sha256(source).digest()

    def _file(self, key: tuple[Any, ...]) -> Path | None:
        """Return where the code is kept; None if it is not."""
        place = None if self._function.__closure__ else folder()
        if place is None:
            return None
        name = f"{self._function.__module__}.{self._function.__qualname__}"
        return place / f"{name}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}"

    def enable(self) -> None:
        """Do nothing: it is in use from the beginning."""

    disable = flush = enable


def _read(file: Path) -> bytes:
    """Return what a file holds after its digest.

    Raises
    ------
    OSError
        If there is none that this user wrote.
    ValueError
        If it is not as it was written.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as content:
        status = os.fstat(descriptor)
        if status.st_uid != os.getuid() or not stat.S_ISREG(status.st_mode):
            raise OSError(f"{file} is not a file of this user")
        digest, data = content.read(32), content.read()
    if hashlib.sha256(data).digest() != digest:
        raise ValueError(f"{file} is damaged")
    return data


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".")
    try:
        with open(descriptor, "wb") as content:
            content.write(hashlib.sha256(data).digest() + data)
        os.replace(temporary, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


@cache
def _warn(reason: str) -> None:
    """Say, once, why the next start will take as long as this one."""
    warn(f"compiled code is not cached, so that the next start is slow too: {reason}")
