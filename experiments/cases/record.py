"""What a run follows: the figures and events of a case, by week."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.history import History

ACTING = ("closure", "takeover", "scandal")
"""Kinds of events that act on the model."""

UNLIMITED = 10_000  # weeks covered by a case without any series
NEIGHBOURS = timedelta(days=7)  # apart at most: prices between which a split would show
SPLITS = range(2, 51)  # for one share
NEAR = 0.04  # how far, in the logarithm, a change of price may be from that of a split
FLOWS = ("revenue", "net_income")  # a period's amount is spread evenly over its days
DATED_GAP = timedelta(weeks=53)  # longest validity of a figure given from a date on
HELD = timedelta(weeks=26)  # longest validity of a period's figure after the period


class CaseEvent(NamedTuple):
    """A dated event; a marker is only drawn, the other kinds act on the model."""

    week: int
    date: date
    kind: str
    label: str
    size: float  # strength in [0, 1]; 0 for a marker
    status: str
    source: str
    half_life: float = math.inf  # weeks
    until: int = UNLIMITED  # first week without it


class Knot(NamedTuple):
    """A recorded figure: of a date, or of a period."""

    first: date
    after: date | None  # first day after the period; None: a date
    value: float
    status: str
    source: str
    line: int


def history(
    start: date,
    knots: Mapping[str, Sequence[Knot]],
    events: Sequence[CaseEvent],
    horizon: int,
) -> History:
    """Return the weekly history up to a horizon that every series covers."""
    weeks = np.arange(horizon + 1)
    given = {name: _weekly(name, series, start, 7.0 * weeks) for name, series in knots.items()}
    missing = np.full(horizon + 1, np.nan)
    revenue, users = given.get("revenue", missing), given.get("users", missing)
    strengths = {kind: np.zeros(horizon + 1) for kind in ACTING}
    for event in events:
        if event.kind in strengths:
            fading = 2.0 ** (-np.maximum(weeks - event.week, 0) / event.half_life)
            lasting = (weeks >= event.week) & (weeks < event.until)
            strengths[event.kind] += event.size * fading * lasting
    return History(
        price=given.get("price", missing),
        revenue=revenue / revenue[0],
        margin=given.get("net_income", missing) / revenue,
        base=users / users[0],
        threat=given.get("threat", 1.0 - given.get("democracy", missing)),
        **{kind: np.minimum(strength, 1.0) for kind, strength in strengths.items()},
    )


def _weekly(name: str, knots: Sequence[Knot], start: date, days: np.ndarray) -> np.ndarray:
    values = np.array([knot.value for knot in knots])
    firsts = np.array([(knot.first - start).days for knot in knots], dtype=float)
    if name == "price":
        return np.exp(np.interp(days, firsts, np.log(values / values[0])))
    if name in FLOWS:
        values = values / [(k.after - k.first).days if k.after else 1 for k in knots]
    return values[np.searchsorted(firsts, days, side="right") - 1]


def covered_until(name: str, knot: Knot) -> date:
    """Return the last day on which the last figure of a series may be used."""
    if name == "price":
        return knot.first
    return knot.after - timedelta(1) + HELD if knot.after else knot.first + DATED_GAP


def covered_weeks(start: date, knots: Mapping[str, Sequence[Knot]]) -> int:
    """Return the last week that every series covers."""
    ends = [covered_until(name, series[-1]) for name, series in knots.items()]
    return min([(end - start).days // 7 for end in ends], default=UNLIMITED)


def seeming_splits(prices: Sequence[Knot]) -> Iterator[tuple[int, str]]:
    """Yield the line of each price that changes as by a split of the share, and what to say."""
    for one, two in pairwise(prices):
        change = math.log(two.value / one.value)
        parts = next((n for n in SPLITS if abs(abs(change) - math.log(n)) < NEAR), None)
        if parts and two.first - one.first <= NEIGHBOURS:
            ratio = f"1/{parts} of" if change < 0 else f"{parts} times"
            yield (
                two.line,
                f"the price of {two.first} is about {ratio} that of {one.first}; if the share was "
                "split, give prices adjusted for it, else the split is taken for a change of value",
            )
