"""Lines for a terminal, which are never broken within a word."""

import os
import re
import sys
import textwrap
from typing import TextIO

COLUMN = re.compile(r"\s*(?:\S+(?: \S+)*\s{2,})?")  # the first column of a line that has two


def wrap(text: str, width: int) -> str:
    """Return a text whose lines fit a width; a long word, such as a path, stays whole.

    A line that goes on is indented to its second column if it has one.
    """
    return "\n".join(
        line if len(line) <= width else _wrap_line(line, width) for line in text.split("\n")
    )


def _wrap_line(line: str, width: int) -> str:
    leading = len(line) - len(line.lstrip())
    column = COLUMN.match(line).end()  # type: ignore[union-attr]
    indent = column if column <= width // 2 else min(leading + 2, width // 2)
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def echo(text: str = "", stream: TextIO | None = None) -> None:
    """Print a text at once, wrapped if it goes to a terminal.

    Parameters
    ----------
    stream
        Standard output if none is given.
    """
    stream = sys.stdout if stream is None else stream
    print(wrap(text, terminal_width(stream) or sys.maxsize), file=stream, flush=True)


def terminal_width(stream: TextIO) -> int | None:
    """Return the columns of the terminal that a stream writes to, or None if it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError, AttributeError):
        return None
