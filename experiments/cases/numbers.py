"""Numbers of a case, as they are written."""

from __future__ import annotations

import math
import re

HUGE = 1e15

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def parse_number(what: str, text: str, low: float = -HUGE, high: float = HUGE) -> float:
    """Return the number that a text is.

    Raises
    ------
    ValueError
        Saying what is wrong with it.

    Examples
    --------
    >>> parse_number("price", "41.57", 1e-9)
    41.57
    """
    what = f"{what} = {text[:40]}"
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    if math.isinf(value) or text.lower().lstrip("+-.") in ("inf", "infinity", "nan"):
        raise ValueError(f"{what} is not a finite number; write null for what is unknown")
    if math.isnan(value):
        raise ValueError(f"{what} is not a number; write it plainly, like 1234.5")
    if value <= 0 < low:
        raise ValueError(f"{what} must be positive")
    if not low <= value <= high:
        raise ValueError(f"{what} is out of range: {low:g} to {high:g}")
    return value
