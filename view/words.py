"""What is said to a visitor."""

from __future__ import annotations

LONGEST = 600  # characters


def one_line(problem: BaseException) -> str:
    """Return what went wrong as one line that can be shown."""
    line = " ".join(str(problem).split()) or type(problem).__name__
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
