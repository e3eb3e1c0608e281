"""Dates, periods and numbers as people write them; a form that can be read in two ways is none."""

from __future__ import annotations

import math
import re
from datetime import date

_TIME = r"(?:[T ]\d{1,2}:\d\d\S*(?: ?\S+)?)?"
_DAYS = (
    re.compile(rf"(?P<y>\d{{4}})(?P<mark>[-/.])(?P<m>\d\d?)(?P=mark)(?P<d>\d\d?){_TIME}", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", re.ASCII),
    re.compile(r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})", re.ASCII),
)
_SLASHED = re.compile(r"\d\d?/\d\d?/\d{4}", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)|Q([1-4]))?", re.ASCII)
FIRST, LAST = date(1800, 1, 1), date(2200, 1, 1)
WANTED = "write it year-month-day, like 2013-11-07"


def parse_day(text: str) -> date | None:
    """Return the day that a text names; None: none.

    Examples
    --------
    >>> parse_day("2020-01-06 00:00:00-05:00") == parse_day("6.1.2020") == parse_day("20200106")
    True
    >>> parse_day("01/06/2020") is None  # January or June
    True
    """
    for form in _DAYS:
        match = form.fullmatch(text)
        if match:
            try:
                day = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
            return day if FIRST <= day < LAST else None
    return None


def problem_of(text: str) -> str:
    """Return why a text names no day, as the end of a sentence.

    Examples
    --------
    >>> problem_of("01/06/2020")
    'may be read with the day or with the month first'
    """
    if parse_period(text):
        return "is not one day"
    if _SLASHED.fullmatch(text):
        return "may be read with the day or with the month first"
    return "is not a date"


def parse_period(text: str) -> tuple[date, date | None] | None:
    """Return the first day of a day, month, quarter or year, and the first day after it.

    Of a day, which is no period, the second is None; of a text that is neither, all is.

    Examples
    --------
    >>> parse_period("2016Q4")
    (datetime.date(2016, 10, 1), datetime.date(2017, 1, 1))
    """
    day = parse_day(text)
    if day:
        return day, None
    match = _PERIOD.fullmatch(text)
    if not match:
        return None
    year, month, quarter = (int(part or 0) for part in match.groups())
    length = 1 if month else 3 if quarter else 12
    try:
        first = date(year, month or max(3 * quarter - 2, 1), 1)
    except ValueError:
        return None
    if not FIRST <= first < LAST:
        return None
    after = 12 * year + first.month - 1 + length
    return first, date(after // 12, after % 12 + 1, 1)


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
