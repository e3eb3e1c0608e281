"""The sources of this package, as they were when it was imported."""

from __future__ import annotations

import hashlib
from pathlib import Path


def _stamps() -> list[tuple[Path, int, int]]:
    """Return what changes whenever a source is saved, even if its text is what it was before."""
    found = []
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        status = source.stat()
        found.append((source, status.st_ctime_ns, status.st_size))
    return found


_STAMPS = _stamps()


def digest() -> str | None:
    """Return 16 hexadecimal digits that stand for the sources; None if they have changed since."""
    found = hashlib.sha256()
    for source, *_ in _STAMPS:
        found.update(source.read_bytes())
    return found.hexdigest()[:16] if _stamps() == _STAMPS else None
