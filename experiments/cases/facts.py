"""Facts of a case that can be seen in a run: where, on which scale, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date as Day
from typing import Any, NamedTuple

import numpy as np

from sim.columns import WEEKS

SCALES = ("linear", "log", "logit")
BOUNDS = ("value", "at_least", "at_most")
USES = ("fitted", "held_out")
PEOPLE = "people"  # the unit of a share of users that is counted in people
USERS = "% of users"
GRAIN = "people_per_agent"  # the column of people each simulated user stands for
NEAREST = 1e-4  # of a share, from 0 or 1, on the logit scale


class Fact(NamedTuple):
    """How an outcome of the real case shows in a run.

    The model's answer and the fact are compared on the fact's scale: as they are (``linear``), by
    the logarithm to the base 10 (``log``, in which fewer than one person counts as one), or by the
    logit. The error is a standard deviation on that scale.
    """

    name: str
    value: float
    date: Day
    column: str  # of the weekly table
    scale: str
    error: float
    bound: str  # whether the value is met, or at least, or at most reached
    use: str
    people: bool = False  # whether a share of users is counted in people
    since: Day | None = None  # the fact is the change since then
    lacking: str = ""  # the mechanism that the model lacks to show it, if one is known
    label: str = ""  # what pages call it; empty: its name in words

    @property
    def counted(self) -> bool:
        """Whether the fact is a number of people."""
        return self.people or WEEKS[self.column].unit == PEOPLE

    @property
    def observed(self) -> float:
        """The value on the fact's scale."""
        return float(self._on_scale(np.array([self.value]))[0])

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return what runs show, on the fact's scale; NaN stays NaN."""
        return self._on_scale(np.asarray(values, dtype=float))

    def clipped(self, scaled: np.ndarray) -> np.ndarray:
        """Return values on the scale, moved to the bound where they are beyond it, as they may."""
        if self.bound == "at_least":
            return np.minimum(scaled, self.observed)
        return np.maximum(scaled, self.observed) if self.bound == "at_most" else scaled

    def unscaled(self, scaled: np.ndarray) -> np.ndarray:
        """Return values on the scale as the fact is given."""
        if self.scale == "log":
            return np.asarray(10.0**scaled)
        return 1.0 / (1.0 + np.exp(-scaled)) if self.scale == "logit" else np.asarray(scaled)

    def readings(self, week_of: Callable[[Day], int]) -> list[tuple[str, int]]:
        """Return the columns and weeks of the weekly table in which the fact shows."""
        columns = [self.column, *([GRAIN] if self.counted else [])]
        days = [day for day in (self.since, self.date) if day is not None]
        return [(column, week_of(day)) for day in days for column in columns]

    def shown(
        self, read: Callable[[str, int], np.ndarray], users: Any, week_of: Callable[[Day], int]
    ) -> np.ndarray:
        """Return what runs show, in the unit of the fact.

        Parameters
        ----------
        read
            Returns a column of the weekly table in a week, (runs,).
        users
            Number of simulated users, of all runs or (runs,).
        week_of
            The week of a day.
        """

        def at(day: Day) -> np.ndarray:
            week = week_of(day)
            values = read(self.column, week)
            return values * read(GRAIN, week) * users if self.people else values

        return at(self.date) if self.since is None else at(self.date) - at(self.since)

    def public(
        self, read: Callable[[str, int], np.ndarray], users: Any, week_of: Callable[[Day], int]
    ) -> np.ndarray:
        """Return the public when the fact was counted, in people, as `shown` reads it."""
        return np.asarray(read(GRAIN, week_of(self.date)) * users)

    def _on_scale(self, values: np.ndarray) -> np.ndarray:
        if self.scale == "log":
            return np.log10(np.maximum(values, 1.0))
        if self.scale == "logit":
            share = np.clip(values, NEAREST, 1.0 - NEAREST)
            return np.log(share / (1.0 - share))
        return values


def problems_of(fact: Fact, start: Day) -> Iterator[tuple[str, str]]:
    """Yield which keys of a fact are wrong and why.

    Parameters
    ----------
    fact
        As written; its texts are known to be choices.
    start
        Of the case.
    """
    first, unit = fact.since or fact.date, WEEKS[fact.column].unit
    if first < start:
        yield "date", f"{first} lies before the start, {start}"
    if fact.people and unit != USERS:
        yield "unit", f"unit people is for a share of users, which {fact.column} is not"
    if not fact.error > 0:
        yield "error", f"error = {fact.error:g} must be above 0"
    if fact.scale == "log" and not (fact.counted and fact.since is None):
        yield "scale", "scale log is for counts of people; use linear or logit"
    if fact.scale == "log" and fact.value < 1:
        yield "value", f"value = {fact.value:g} must be 1 or more on the scale log"
    if fact.scale == "logit" and (fact.since or fact.counted or not 0 < fact.value < 1):
        yield "scale", "scale logit is for a share between 0 and 1; use linear or log"
    if fact.since is not None and fact.since >= fact.date:
        yield "since", f"since {fact.since} must be before date {fact.date}"
