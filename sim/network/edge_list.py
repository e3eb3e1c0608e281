"""Reading ties from a file, in the forms in which edge lists are published.

A file is read once in a process: again only if it has changed since.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import multiprocessing
import os
import re
import shlex
from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.errors import warn
from sim.network.text_file import FORM, EdgeListError, locate, text_lines
from sim.network.ties import Network, from_edges

_SEPARATORS = (None, ",", ";", "|")  # None: spaces and tabs
_COMMENTS = ("%", "//")  # at the start of a line; '#' begins one anywhere
_PAIRS = (
    ("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("1", "2"), ("u", "v"),
    ("follower", "followee"), ("ego", "alter"),
)  # fmt: skip
_NOT_AN_ID = ("", "id", "index", "edge", "edgeid", "row", "no", "nr", "number")
_log = logging.getLogger(__name__)


class EdgeList(NamedTuple):
    """Ties read from a file, the users numbered from 0 in the order of their ids."""

    users: int
    ties: np.ndarray  # int32, (ties, 2), each tie once and its lower user first, in ascending order

    @property
    def digest(self) -> str:
        """SHA-256 of users and ties, hexadecimal: the same for files that say the same."""
        return hashlib.sha256(self.users.to_bytes(8, "little") + self.ties.tobytes()).hexdigest()


def read_edge_list(path: str | Path) -> EdgeList:
    r"""Return the users and ties of a file with two ids a line.

    Ids are whole numbers from 0 of any length, parted by spaces, tabs, commas, semicolons or
    vertical bars. The file may be compressed (gzip, bzip2, xz), may have one header line, and
    comments after '#' or in lines that begin with '%' or '//'. Further columns, as of weights, are
    ignored with a warning. Doubles, also in the other direction, and self-ties are dropped, and
    counted in the log.

    Parameters
    ----------
    path
        The file; '~' stands for the home folder.

    Raises
    ------
    EdgeListError
        For a file that cannot be found or read without doubt: one line that names the file and,
        where it can, the line, and says what would be right.
    OSError
        For an error of the system, such as too many open files.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "ties.csv"
    ...     _ = file.write_text("source,target\n70,5\n5,900\n900,5\n")
    ...     users, ties = read_edge_list(file)
    >>> users, ties.tolist()
    (3, [[0, 1], [0, 2]])
    """
    file, stamp = locate(path)
    return _read(file, stamp)


def network_of_file(path: str | Path) -> Network:
    """Return the network of a file of ties, made once as long as the file does not change.

    Raises
    ------
    EdgeListError, OSError
        As `read_edge_list` does.
    """
    file, stamp = locate(path)
    return _network(file, stamp)


def edge_list_digest(path: str | Path) -> str:
    """Return the digest of what a file of ties holds, wherever it is and whatever it is called.

    Order, comments, separators and compression do not change it.

    Raises
    ------
    EdgeListError, OSError
        As `read_edge_list` does.
    """
    return read_edge_list(path).digest


@lru_cache(maxsize=4)
def _read(file: Path, stamp: tuple[int, ...]) -> EdgeList:
    with text_lines(file) as lines:
        return _parse(file, lines)


@lru_cache(maxsize=2)
def _network(file: Path, stamp: tuple[int, ...]) -> Network:
    return from_edges(*_read(file, stamp))


class _Layout(NamedTuple):
    """How the lines of a file are built."""

    separator: str | None  # None: spaces and tabs
    fields: int  # in a line
    ends: tuple[int, int]  # columns of the two ids


def _parse(file: Path, lines: Iterable[str]) -> EdgeList:
    users: dict[int, int] = {}  # ids, in the order in which they came
    codes: dict[str, int] = {}  # of an id as it is written: its place among the users
    ties = array("q")
    header = 0, ""  # line and text of the header; 0: none
    layout: _Layout | None = None
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text or text.startswith(_COMMENTS):
            continue
        if layout is None:
            layout = _find_layout(file, text, header[1])
            if layout is None:
                if header[0]:
                    raise _not_ties(file, *header, text)
                header = number, text
                continue
        fields = _split(text, layout.separator)
        if len(fields) != layout.fields:
            found = f"not the {layout.fields} columns of the lines before"
            raise EdgeListError(
                f"{file}, line {number}: {text[:60]!r}: {found}; it should be {FORM}"
            )
        for column in layout.ends:
            field = fields[column]
            code = codes.get(field)
            if code is None:
                name = _bare(field)
                if not _is_id(name):
                    found = f"{file}, line {number}: {text[:60]!r}"
                    raise EdgeListError(f"{found}: it should be {FORM}")
                code = codes[field] = users.setdefault(int(name), len(users))
            ties.append(code)
    if layout is None:
        if header[0]:
            raise _not_ties(file, *header, header[1])
        raise EdgeListError(f"{file}: no ties: it should have {FORM}")
    if layout.fields > 2 and users.keys() <= {0, 1}:
        raise EdgeListError(f"{file}: this looks like a matrix: it should have {FORM}")
    _report(file, layout)
    return _numbered(file, users, np.frombuffer(ties, np.int64))


def _numbered(file: Path, users: dict[int, int], codes: np.ndarray) -> EdgeList:
    """Return the ties of users numbered in the order of their ids, each tie once."""
    numbers = np.empty(len(users), np.int64)
    numbers[[users[name] for name in sorted(users)]] = np.arange(len(users))
    low, high = np.sort(numbers[codes].reshape(-1, 2), axis=1).T
    ties = np.unique((low * len(users) + high)[low != high])
    loops = int((low == high).sum())
    doubles = len(low) - loops - len(ties)
    if doubles or loops:
        _log.info("%s: dropped %d double ties and %d self-ties", file, doubles, loops)
    return EdgeList(len(users), np.stack(np.divmod(ties, len(users)), axis=1).astype(np.int32))


def _report(file: Path, layout: _Layout) -> None:
    """Warn of what is not used, only in the process that the user has started."""
    if layout.fields > 2 and multiprocessing.parent_process() is None:
        first, second = (column + 1 for column in layout.ends)
        ids = f"columns {first} and {second}"
        warn(f"{file}: only {ids} are read: ties have no weights here")


def _find_layout(file: Path, text: str, header: str) -> _Layout | None:
    """Return how lines like this one are built; None if it names no tie."""
    for separator in _SEPARATORS:
        fields = _split(text, separator)
        if len(fields) < 2:
            continue
        ends = _find_ends(file, fields, header, separator)
        if max(ends) < len(fields) and all(_is_id(_bare(fields[column])) for column in ends):
            return _Layout(separator, len(fields), ends)
    return None


def _find_ends(
    file: Path, fields: list[str], header: str, separator: str | None
) -> tuple[int, int]:
    """Return the columns of the two ids, which a header line may name."""
    if not header or len(fields) == 2:
        return 0, 1
    tabs = separator is None and "\t" in header
    names = [
        re.sub(r"\W|_|node|user|vertex|(?<=.)id$|^id(?=.)", "", name.strip().lower())
        for name in _split(header, "\t" if tabs else separator)
    ]
    unnamed = int(len(names) == len(fields) - 1)  # R leaves out the name of the column of rows
    for pair in _PAIRS:
        if all(name in names for name in pair):
            return names.index(pair[0]) + unnamed, names.index(pair[1]) + unnamed
    if unnamed or not names[0]:
        return 1, 2
    if names[0] in _NOT_AN_ID:
        which = "name the columns of the two ids source and target"
        raise EdgeListError(f"{file}: the header {header[:60]!r} leaves open what to read: {which}")
    return 0, 1


def _split(text: str, separator: str | None) -> list[str]:
    if separator is not None and '"' in text:
        return next(csv.reader([text], delimiter=separator))
    return text.split(separator)


def _bare(field: str) -> str:
    """Return an id without quotes, and without the zero digits of a decimal number."""
    return re.sub(r"\.0+$", "", field.strip().strip("\"'").strip())


def _is_id(name: str) -> bool:
    return name.isdecimal() and len(name) < 1000


def _not_ties(file: Path, number: int, text: str, later: str) -> EdgeListError:
    """Return the error for a file whose first line, or whose first two, name no tie."""
    found = f"{file}, line {number}: {text[:60]!r}"
    for separator in _SEPARATORS:
        ends = _split(later, separator)[:2]
        if len(ends) == 2 and all(re.search(r"[^\W\d_]", name) for name in ends):
            option = f"-F'{separator}' " if separator else ""
            command = (
                f"awk {option}'{{for (i = 1; i < 3; i++) if (!($i in n)) n[$i] = k++ + 0; "
                f"print n[$1], n[$2]}}' {shlex.quote(os.fspath(file))} > ties.txt"
            )
            return EdgeListError(
                f"{found}: it should be {FORM}; number users that have names (with NR > 1 "
                f"before the first brace, if line 1 names the columns): {command}"
            )
    return EdgeListError(f"{found}: it should be {FORM}")
