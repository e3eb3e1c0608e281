"""Means and differences of outcomes in their units, in words."""

from __future__ import annotations

import math

from experiments.text import UNKNOWN, between, number, points, share, whole
from sim.columns import column

LOGARITHM = "log_organisers"  # the outcome that is one


def amount(outcome: str, value: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return the mean of an outcome in its unit, with its interval in brackets.

    The mean of a logarithm is returned as the people it stands for.

    Examples
    --------
    >>> amount("emerged", 0.5), amount("max_media", 1.234), amount("log_organisers", 2, 1, 3)
    ('50 %', '1.23', '99 people [9 to 999]')
    """
    if math.isnan(value):
        return UNKNOWN
    if outcome == LOGARITHM:
        return f"{_people(value)} people{between(low, high, _people)}"
    return share(value, low, high) if column(outcome).is_share else number(value, low, high)


def change(outcome: str, value: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return a difference of an outcome's means, with its interval in brackets.

    In percentage points for a share, as a factor for a logarithm.

    Examples
    --------
    >>> change("emerged", 0.3), change("log_organisers", 0.301, 0, 1)
    ('+30 points', '× 2.00 [1.00 to 10.00]')
    """
    if math.isnan(value):
        return UNKNOWN
    if outcome == LOGARITHM:
        return f"× {number(10**value, 10**low, 10**high)}"
    if column(outcome).is_share:
        return points(value, low, high)
    return number(value, low, high, sign=True)


def _people(logarithm: float) -> str:
    return whole(max(10**logarithm - 1, 0.0))
