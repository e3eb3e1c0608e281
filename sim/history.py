"""The recorded history of a real case, week by week, which replaces what the model would decide."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.parameters import ParameterError


class History(NamedTuple):
    """Weekly series of a case, each float64 of shape (horizon + 1,).

    In the first five, NaN means that the model decides; the last three add to the events given by
    parameters and are 0 where nothing happens. `simulate` takes lists and other arrays of numbers
    too, and longer ones.

    Examples
    --------
    >>> from sim import Parameters, simulate
    >>> import numpy as np
    >>> halved = no_history(60)._replace(price=np.linspace(1.0, 0.5, 61))
    >>> world = Parameters.from_dict({"users.count": 200, "horizon": 60})
    >>> simulate(world, history=halved).outcome.end_price
    0.5
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


def check_history(history: History | None, horizon: int) -> History:
    """Return the history of a case, or that of none.

    Raises
    ------
    ParameterError
        If it does not cover the horizon.
    """
    if history is None:
        return no_history(horizon)
    if not isinstance(history, History):
        raise ParameterError(
            f"history is a {type(history).__name__}; sim.history.History has its weekly series"
        )
    return History(*(_series(*each, horizon) for each in history._asdict().items()))


def _series(name: str, given: Any, horizon: int) -> np.ndarray:
    try:
        if np.iscomplexobj(given):
            raise TypeError
        series = np.require(np.ma.filled(given, np.nan), np.float64, ["C", "A", "W"])
    except (TypeError, ValueError):
        raise ParameterError(f"history.{name} must be numbers, one a week") from None
    if series.ndim != 1 or len(series) < horizon + 1:
        covered = f"{len(series)} weeks" if series.ndim == 1 else f"shape {series.shape}"
        raise ParameterError(
            f"history.{name} covers {covered}; a horizon of {horizon} weeks needs {horizon + 1}"
        )
    low, high = BOUNDS[name]
    right = (low <= series) & (series <= high)
    if name in MAY_BE_MISSING:
        right |= np.isnan(series)
    if not right.all():
        week = int(np.argmin(right))
        raise ParameterError(
            f"history.{name} = {series[week]:g} in week {week} must be from {low:g} to {high:g}"
        )
    return series
