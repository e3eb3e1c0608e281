"""The events of a run, given to the model or come about in it: words, dates, places of labels."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import text
from experiments.figures.style import Axes

if TYPE_CHECKING:
    import pandas as pd

    from experiments.cases.case import Case

LONGEST = 60  # characters of an event's label
SEPARATOR = " · "
NEW_RUMOUR = 0.05  # a rise of a rumour by more than this is an event
HAPPENED = {
    "launch_week": "launch",
    "petition_week": "petition opens",
    "emergence_week": "MOVEMENT EMERGES",
    "spin_off_week": "spin-off founded",
}
BEGAN = {"filed": "proposal filed", "admitted": "proposal admitted", "converted": "CONVERTED"}
PAD = 0.06  # inches between a pole and its text, and between two texts


class Mark(NamedTuple):
    """What is marked at a week."""

    week: int
    given: str  # events given to the model, in words
    modelled: str  # what came about in it


def marks(
    weekly: pd.DataFrame | np.ndarray, outcome: Mapping[str, Any], case: Case | None = None
) -> list[Mark]:
    """Return the events of a run in order, those of a week joined."""
    last = int(np.asarray(weekly["week"])[-1])
    given: dict[int, list[str]] = {}
    for event in case.events if case is not None else ():
        if 0 <= event.week <= last:
            given.setdefault(int(event.week), []).append(shorten(event.label or event.kind))
    dated = set(given)
    for column in ("closure", "takeover", "scandal"):
        rises = np.diff(np.asarray(weekly[column]), prepend=0.0) > NEW_RUMOUR
        for week in map(int, np.flatnonzero(rises)):
            if not dated & {week - 1, week, week + 1}:  # the case names it
                name = column if column == "scandal" else f"{column} rumour"
                given.setdefault(week, []).append(name)
    modelled: dict[int, list[str]] = {}
    for name, label in HAPPENED.items():
        if not math.isnan(outcome.get(name, math.nan)):
            modelled.setdefault(int(outcome[name]), []).append(label)
    votes, turnout = np.asarray(weekly["vote_share"]), np.asarray(weekly["turnout"])
    for week in map(int, np.flatnonzero(~np.isnan(votes))):
        cast = f"vote: {text.percent(votes[week])} for, turnout {text.percent(turnout[week])}"
        modelled.setdefault(week, []).append(cast)
    for column, label in BEGAN.items():
        for week in map(int, np.flatnonzero(np.diff(np.asarray(weekly[column]), prepend=0.0) > 0)):
            modelled.setdefault(week, []).append(label)
    return [
        Mark(week, SEPARATOR.join(given.get(week, [])), SEPARATOR.join(modelled.get(week, [])))
        for week in sorted({*given, *modelled})
    ]


def shorten(label: str) -> str:
    """Return a label that fits, cut between words."""
    if len(label) <= LONGEST:
        return label
    return label[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:(") + " …"


def when(week: float, case: Case | None) -> str:
    """Return a week, as a month if it belongs to a case."""
    return f"week {int(week)}" if case is None else f"{case.date_of(int(week)):%B %Y}"


def date_axis(axes: Axes, case: Case | None, last: int) -> None:
    """Mark the axis with weeks, and with dates if they belong to a case."""
    if case is None:
        axes.set_xlabel("week")
        step = next(s for s in (4, 13, 26, 52, 104, 10**9) if last / s <= 11)
        axes.set_xticks(range(0, last + 1, min(step, max(last, 1))))
        return
    end = case.date_of(last)
    days = {
        datetime.date(year, month, 1): (datetime.date(year, month, 1) - case.start).days / 7
        for year in range(case.start.year, end.year + 1)
        for month in (1, 4, 7, 10)
    }
    inside = {day: week for day, week in days.items() if 0 <= week <= last}
    years = {day: week for day, week in inside.items() if day.month == 1}
    axes.set_xticks(list(inside.values()), minor=True)
    axes.set_xticks(
        list(years.values()), [f"Jan {day.year}\nweek {week:.0f}" for day, week in years.items()]
    )
    axes.tick_params(which="minor", length=2)
    axes.set_xlabel(f"date (week 0 is {case.start:%-d %B %Y})")


class Flag(NamedTuple):
    """Where a label goes: its lane counts from the bottom; it lies right or left of its pole."""

    lane: int
    right: bool


def lay_out(
    poles: Sequence[float], widths: Sequence[float], left: float, right: float
) -> list[Flag]:
    """Return a place for each label so that texts overlap neither each other nor a pole.

    A pole rises from the bottom to its label's lane, so a text may only lie above the shorter poles
    that it spans. Labels are first laid to the right of their poles, then turned (single ones,
    neighbours, all up to one, all from one on) as long as that is better.

    Parameters
    ----------
    poles
        Positions of the poles, in inches, no two the same.
    widths
        Widths of the texts, in inches.
    left, right
        Limits of the space for texts.
    """
    count = len(poles)
    sides = [poles[i] + widths[i] + PAD <= right for i in range(count)]
    best = _tried(poles, widths, sides, left, right) if poles else ((), [])
    groups = [(i, i + size) for size in (1, 2) for i in range(count - size + 1)]
    groups += [(0, end) for end in range(3, count + 1)] + [(i, count) for i in range(count - 2)]
    improved = True
    while improved:
        improved = False
        for start, end in groups:
            turned = [not s if start <= i < end else s for i, s in enumerate(sides)]
            found = _tried(poles, widths, turned, left, right)
            if found[0] < best[0]:
                sides, best, improved = turned, found, True
    return list(map(Flag, best[1], sides))


def _box(pole: float, width: float, right: bool) -> tuple[float, float]:
    return (pole, pole + width + 2 * PAD) if right else (pole - width - 2 * PAD, pole)


def _tried(
    poles: Sequence[float],
    widths: Sequence[float],
    sides: Sequence[bool],
    left: float,
    right: float,
) -> tuple[tuple[float, ...], list[int]]:
    """Return what is bad about these sides (impossible, out of bounds, high, turned left); lanes.

    The lanes are the lowest there are; it is impossible if two texts span each other's pole.
    """
    count = len(poles)
    boxes = [_box(p, w, s) for p, w, s in zip(poles, widths, sides, strict=True)]
    low, high = np.array(boxes).T[:, :, None]
    others = ~np.eye(count, dtype=bool)
    spanned = (low - PAD / 2 < poles) & (poles < high + PAD / 2) & others
    below = [np.flatnonzero(row).tolist() for row in spanned]
    beside = (low < high.T) & (high > low.T) & others
    lanes: dict[int, int] = {}
    while len(lanes) < count:
        ready = {
            i: max((lanes[j] + 1 for j in below[i]), default=0)
            for i in range(count)
            if i not in lanes and all(j in lanes for j in below[i])
        }
        if not ready:
            return (1.0, 0.0, 0.0, 0.0), [*range(count)][::-1]
        i = min(ready, key=lambda i: (ready[i], -poles[i]))
        taken = {lane for j, lane in lanes.items() if beside[i, j]}
        lanes[i] = next(lane for lane in itertools.count(ready[i]) if lane not in taken)
    outside = sum(max(0.0, left - a) + max(0.0, b - PAD - right) for a, b in boxes)
    turned = 0.5 * sum(not side for side in sides)
    price = (0.0, outside, max(lanes.values()), sum(lanes.values()) + turned)
    return price, [lanes[i] for i in range(count)]
