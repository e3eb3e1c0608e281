"""Text for people: numbers, shares and lists in words; lines that a terminal does not break."""

from __future__ import annotations

import math
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import TextIO

UNKNOWN = "not known"
COLUMN = re.compile(r"\s*(?:\S+(?: \S+)*\s{2,})?")  # the first column of a line that has two


def percent(value: float) -> str:
    """Return a recorded share: whole percents, more digits only below 10 %, no false zero.

    Examples
    --------
    >>> percent(0.4268), percent(0.0034), percent(0.00001)
    ('43 %', '0.34 %', 'under 0.01 %')
    """
    number = 100 * value
    if number == 0:
        return "0 %"
    size = abs(number)
    if size < 0.01:
        return "under 0.01 %"
    digits = 2 if size < 1 else 1 if size < 9.95 and abs(number - round(number)) > 0.05 else 0
    return f"{'−' if number < 0 else ''}{size:.{digits}f} %"


def share(value: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return an estimated share in whole percents, with its interval in brackets.

    Examples
    --------
    >>> share(0.5), share(0.5, 0.4, 0.61)
    ('50 %', '50 % [40 to 61]')
    """
    if math.isnan(value):
        return UNKNOWN
    return f"{whole(100 * value)} %{between(low, high, lambda end: whole(100 * end))}"


def points(effect: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return a difference of shares in percentage points, with its interval in brackets.

    Examples
    --------
    >>> points(0.3, 0.2, 0.4), points(-0.3)
    ('+30 points [+20 to +40]', '−30 points')
    """
    if math.isnan(effect):
        return UNKNOWN
    return f"{_points(effect)} points{between(low, high, _points)}"


def number(value: float, low: float = math.nan, high: float = math.nan, sign: bool = False) -> str:
    """Return a number with two digits, and its interval in brackets.

    Examples
    --------
    >>> number(1.234), number(0.5, -0.25, math.inf, sign=True)
    ('1.23', '+0.50 [−0.25 to ∞]')
    """
    if math.isnan(value):
        return UNKNOWN
    return f"{_two(value, sign)}{between(low, high, lambda end: _two(end, sign))}"


def whole(value: float, sign: bool = False) -> str:
    """Return a number without digits after the point; infinity and a missing value as signs."""
    if not math.isfinite(value):
        return _not_finite(value, sign)
    rounded = round(value)
    mark = "−" if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{mark}{abs(rounded):,}"


def joined(names: Iterable[str], last: str = "and") -> str:
    """Return a list as one writes it.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    names = list(names)
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: '1 run', '2,000 runs'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def one_line(said: object, longest: int | None = None) -> str:
    """Return what an error or another text says, in one line, cut where it is too long."""
    return " ".join(str(said).split())[:longest]


def capitalised(text: str) -> str:
    """Return a text that begins a sentence; the rest is as it was."""
    return text[:1].upper() + text[1:]


def as_text(given: object) -> str:
    """Return a value that a parameter or a column holds."""
    if type(given).__name__ == "bool":  # Python's or NumPy's, which need not be loaded
        return "yes" if given else "no"
    return f"{given:g}" if isinstance(given, float) else str(given).replace("_", " ")


def between(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return an interval in brackets, its ends as ``write`` writes them; empty if not known."""
    known = not math.isnan(low) and not math.isnan(high)
    return f" [{write(low)} to {write(high)}]" if known else ""


def _points(share: float) -> str:
    return whole(100 * share, sign=True)


def _not_finite(value: float, sign: bool) -> str:
    if math.isnan(value):
        return "?"
    return "−∞" if value < 0 else "+∞" if sign else "∞"


def _two(value: float, sign: bool) -> str:
    if not math.isfinite(value):
        return _not_finite(value, False)
    text = f"{abs(value):.2f}"
    if float(text) == 0:
        return text
    return f"−{text}" if value < 0 else f"+{text}" if sign else text


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


def echo(text: str = "", stream: TextIO | None = None, end: str = "\n") -> None:
    """Print a text at once, wrapped if it goes to a terminal.

    Parameters
    ----------
    stream
        Standard output if none is given.
    end
        Printed after the text, as by `print`.
    """
    stream = sys.stdout if stream is None else stream
    print(wrap(text, terminal_width(stream) or sys.maxsize), end=end, file=stream, flush=True)


def terminal_width(stream: TextIO) -> int | None:
    """Return the columns of the terminal that a stream writes to, or None if it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError, AttributeError):
        return None
