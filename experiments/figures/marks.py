"""The events of a run, given to the model or come about in it, and the dates of its weeks."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
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
