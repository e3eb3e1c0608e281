"""Files that users bring: read safely, whatever they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from experiments.errors import MomentumError, nearest

MOST_BYTES = 10_000_000
MOST_NODES = 200_000
"""Values of a YAML file, counted once for every place that an alias puts them in."""
DEEPEST = 40
"""Levels of lists and tables in a YAML file."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x1f\x8b", "gzip"))


class FileError(MomentumError, ValueError):
    """A file that cannot be read; the message is one line that names the file and the place.

    Attributes
    ----------
    problem
        What is wrong, without the name of the file.
    line
        Where; 0: in the file as a whole.
    """

    def __init__(self, path: str | Path, problem: str, line: int = 0) -> None:
        self.path, self.problem, self.line = str(path), problem, line
        place = f", line {line}" if line else ""
        text = f"{path}{place}: {problem}".encode(errors="replace").decode()
        super().__init__(" ".join(text.split()))


def read_bytes(path: str | Path, most: int = MOST_BYTES) -> bytes:
    """Return what a regular file holds.

    Folders, pipes and devices are refused without waiting for them.

    Parameters
    ----------
    path
        Of the file; ``~`` is not expanded.
    most
        Number of bytes that it may hold.

    Raises
    ------
    FileError
        If there is no such file (with the nearest name), it is no regular file, it is too large or
        it cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileError(path, f"there is no such file{_nearest(Path(path))}") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or error
        raise FileError(path, f"the file cannot be read: {reason}") from None
    try:
        kind = os.fstat(handle).st_mode
        if stat.S_ISDIR(kind):
            raise FileError(path, "this is a directory; give the path of a file")
        if not stat.S_ISREG(kind):
            raise FileError(path, "this is a pipe or a device; give the path of a regular file")
        with open(handle, "rb", closefd=False) as file:
            data = file.read(most + 1)
    except OSError as error:
        raise FileError(path, f"the file cannot be read: {error.strerror}") from None
    finally:
        os.close(handle)
    if len(data) > most:
        raise FileError(path, f"the file is too large: {most:,} bytes at most")
    return data


def read_text(path: str | Path, most: int = MOST_BYTES) -> str:
    """Return the text of a regular file in UTF-8, without its byte order mark.

    Raises
    ------
    FileError
        As for `read_bytes`, and for what is no text in UTF-8.
    """
    data = read_bytes(path, most)
    for mark, name in _MARKS:
        if data.startswith(mark):
            raise FileError(path, f"this is {name}, not text in UTF-8; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(path, "this is not text in UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise FileError(path, "this is a binary file, not text in UTF-8")
    return text


def read_yaml(path: str | Path, most: int = MOST_BYTES, nodes: int = MOST_NODES) -> Any:
    """Return the plain values of a YAML file.

    The size, the number of values (aliases counted wherever they stand) and the nesting are
    limited, so that no file takes more than a second or much memory. A name given twice in a table
    is refused.

    Parameters
    ----------
    path
        Of a regular file in UTF-8.
    most
        Number of bytes that it may hold.
    nodes
        Number of values that it may hold.

    Raises
    ------
    FileError
        Naming the file, the line and what is wrong.
    """
    node = parse_yaml(read_text(path, most), path, nodes)
    if node is None:
        return None
    constructor = yaml.constructor.SafeConstructor()
    try:
        return constructor.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise FileError(path, f"this is not plain YAML: {error.problem}", _line(error)) from None
    except (ValueError, OverflowError, TypeError) as error:  # a date or number that is none
        raise FileError(path, f"this is not plain YAML: {error}") from None


def parse_yaml(text: str, path: str | Path, nodes: int = MOST_NODES) -> yaml.Node | None:
    """Return the tree of a YAML text, in which each node knows its line; None: nothing in it.

    Raises
    ------
    FileError
        As for `read_yaml`.
    """
    try:
        _check_depth(text, path, nodes)
        root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except FileError:
        raise
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it is unreadable")
        raise FileError(path, f"this is not YAML: {problem}", _line(error)) from None
    except (ValueError, OverflowError) as error:  # an escape that is no character
        raise FileError(path, f"this is not YAML: {error}") from None
    if root is not None:
        _check_size(root, path, nodes)
    return root


def _check_depth(text: str, path: str | Path, most: int) -> None:
    """Refuse what is nested too deeply for the parser, which is recursive, before it is parsed."""
    depth = count = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        count += isinstance(event, yaml.NodeEvent)
        if depth > DEEPEST:
            raise FileError(path, "this is nested too deeply", event.start_mark.line + 1)
        if count > most:
            raise FileError(path, f"this holds too many values: {most:,} at most")


def _check_size(root: yaml.Node, path: str | Path, most: int) -> None:
    """Refuse trees that contain themselves, or that aliases make too large or too deep."""
    sizes: dict[int, tuple[int, int]] = {}  # node -> how many nodes it holds, and how many levels
    inside: set[int] = set()

    def measure(node: yaml.Node) -> tuple[int, int]:
        key, line = id(node), node.start_mark.line + 1
        if key in inside:
            raise FileError(path, "this is nested too deeply: it contains itself", line)
        if key not in sizes:
            inside.add(key)
            found = [measure(child) for child in _children(node, path)]
            inside.discard(key)
            sizes[key] = (
                1 + sum(size for size, _ in found),
                1 + max((d for _, d in found), default=0),
            )
            if sizes[key][0] > most:
                problem = f"with its aliases this holds too many values: {most:,} at most"
                raise FileError(path, problem, line)
            if sizes[key][1] > DEEPEST + 1:
                raise FileError(path, "this is nested too deeply", line)
        return sizes[key]

    measure(root)


def _children(node: yaml.Node, path: str | Path) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    short = key.value[:40]
                    raise FileError(path, f"{short} is given twice", key.start_mark.line + 1)
                seen.add(key.value)
            yield key
            yield value


def _line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 0


def _nearest(path: Path) -> str:
    try:
        beside = [each.name for each in path.parent.iterdir() if each.exists()]
    except OSError:
        return ""
    near = nearest(path.name, beside)
    return f"; did you mean {path.with_name(near)}?" if near else ""
