"""The recorded history of a real case, week by week, which replaces what the model would decide."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class History(NamedTuple):
    """Weekly series of a case, each float64 of shape (horizon + 1,).

    In the first five, NaN means that the model decides; the last three add to the events given by
    parameters and are 0 where nothing happens.
    """

    price: np.ndarray  # share price, 1 at week 0
    revenue: np.ndarray  # weekly revenue, 1 at week 0
    margin: np.ndarray  # net income as a share of revenue; negative: a loss
    base: np.ndarray  # users of the service relative to week 0: scales people per agent
    threat: np.ndarray  # level towards which perceived threat moves, share
    closure: np.ndarray  # strength of closure rumours, share
    takeover: np.ndarray  # strength of takeover rumours, share
    scandal: np.ndarray  # strength of scandals, share


MAY_BE_MISSING = History._fields[:5]
"""Series in which NaN leaves a week to the model."""
_LEVEL, _SHARE = (1e-9, 1e9), (0.0, 1.0)
BOUNDS = {
    "price": _LEVEL, "revenue": (0.0, 1e9), "margin": (-1e9, 1e9), "base": _LEVEL,
    "threat": _SHARE, "closure": _SHARE, "takeover": _SHARE, "scandal": _SHARE,
}  # fmt: skip
"""Least and largest value of a series that can be meant."""


def no_history(horizon: int) -> History:
    """Return the history of no case: the model decides everything."""
    given, events = np.full(horizon + 1, np.nan), np.zeros(horizon + 1)
    return History(given, given, given, given, given, events, events, events)
