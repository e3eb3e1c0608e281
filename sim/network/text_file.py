"""Opening a file of ties, plain or compressed; refusing what is no list of two ids a line."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sim.errors import MomentumError

FORM = "two whole numbers from 0, the ids of two users, as in '12 345'"
_COMPRESSED: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_OF_THE_USER = {
    errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG,
}  # fmt: skip
"""What a path may be wrong by; other errors of the system are no mistake of the user."""
_NETWORKX = (
    "python -c 'import networkx as nx; G = nx.{reader}({path}); "
    'nx.write_edgelist(nx.convert_node_labels_to_integers(G), "ties.txt", data=False)\''
)
_FOREIGN = (
    (r"\*(vertices|network|arcs|edges)", "Pajek", _NETWORKX.replace("{reader}", "read_pajek")),
    (r"<.*graphml", "GraphML", _NETWORKX.replace("{reader}", "read_graphml")),
    (r"<.*gexf", "GEXF", _NETWORKX.replace("{reader}", "read_gexf")),
    (r"(creator\b.*|version\b.*)?graph\s*\[", "GML", _NETWORKX.replace("{reader}", "read_gml")),
    (
        r"%%matrixmarket", "Matrix Market",
        "python -c 'import numpy, scipy.io; m = scipy.io.mmread({path}).tocoo(); "
        'numpy.savetxt("ties.txt", numpy.c_[m.row, m.col], "%d")\'',
    ),
    (r"(strict\s+)?(di)?graph\b[^\[]*\{", "DOT", "write two ids a line"),
    (r"dl\b", "UCINET DL", "write two ids a line"),
    (r"[\[{<]", "JSON or XML", "write two ids a line"),
)  # fmt: skip


class EdgeListError(MomentumError, ValueError):
    """A file of ties that cannot be read; the message is one line."""


def locate(path: str | Path) -> tuple[Path, tuple[int, ...]]:
    """Return a regular file, and a stamp that changes when its content does."""
    try:
        file = Path(path).expanduser()
        status = file.stat()
    except RuntimeError:
        user = str(path).partition("/")[0]
        raise EdgeListError(
            f"{path}: there is no user {user[1:]!r}: write the path in full"
        ) from None
    except ValueError as error:
        raise EdgeListError(f"{str(path)!r}: {error}: it should be the path of a file") from None
    except OSError as error:
        raise _mistake(path, error) from None
    if not stat.S_ISREG(status.st_mode):
        kind = "is a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise EdgeListError(f"{path}: {kind}: it should be a text file, {FORM}")
    if status.st_size == 0:
        raise EdgeListError(f"{path}: the file is empty: it should have ties, {FORM}")
    stamp = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    return file, stamp


def _mistake(path: str | Path, error: OSError) -> Exception:
    """Return what to say of an error: an EdgeListError where the user can mend it."""
    if error.errno not in _OF_THE_USER:
        return error
    return EdgeListError(f"{path}: {error.strerror}: it should be a text file, {FORM}")


@contextmanager
def text_lines(file: Path) -> Iterator[Iterable[str]]:
    """Open a file for its lines.

    Raises
    ------
    EdgeListError
        For a file that cannot be opened, is damaged, or is not such a list of ties.
    OSError
        For an error of the system.
    """
    try:
        with open(file, "rb") as content:
            yield _decoded(file, content)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise EdgeListError(f"{file}: the compressed file is damaged: {error}") from None
    except OSError as error:
        if error.errno is None:  # as bzip2 has it
            raise EdgeListError(f"{file}: the compressed file is damaged: {error}") from None
        raise _mistake(file, error) from None


def _decoded(file: Path, content: IO[bytes]) -> Iterable[str]:
    """Return the lines of a file, unpacked if it is compressed."""
    head = content.read(1024)
    content.seek(0)
    stream: Any = content
    for magic, unpack in _COMPRESSED.items():
        if head.startswith(magic):
            stream = unpack(content)
            head = stream.read(1024)
            stream.seek(0)
    if head.startswith(b"PK") or head[257:262] == b"ustar":
        raise EdgeListError(f"{file}: an archive or a spreadsheet: take the list of ties out of it")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.TextIOWrapper(stream, encoding="utf-16", errors="replace")
    if b"\x00" in head:
        raise EdgeListError(f"{file}: not a text file: it should have ties, {FORM}")
    text = head.decode("utf-8-sig", errors="replace").lstrip().lower()
    for start, kind, command in _FOREIGN:
        if re.match(start, text, re.DOTALL):
            command = command.format(path=f'"{file}"')
            raise EdgeListError(f"{file}: a file in {kind} format: convert it first: {command}")
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace")
