"""What a case is: the recorded history of a real firm, as figures with dates and sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.cases import record
from experiments.cases.facts import Fact
from experiments.cases.record import ACTING, CaseEvent, Knot
from experiments.cases.values import HUGE
from experiments.errors import MomentumError

if TYPE_CHECKING:
    from sim.history import History

SERIES = {  # what a case may record, and the values it may take
    "price": (1e-9, HUGE),
    "users": (1e-9, HUGE),
    "revenue": (1e-9, HUGE),
    "net_income": (-HUGE, HUGE),
    "democracy": (0.0, 1.0),  # an index of democracy: threat is 1 - it
    "threat": (0.0, 1.0),
}
KINDS = (*ACTING, "marker", "launch")
STATUSES = ("found", "derived", "uncertain", "assumed")
UNSTATED = "unstated"


class CaseError(MomentumError, ValueError):
    """A case that cannot be read; one line: file, line, what is wrong, what would be right."""

    topic = "cases"


class Observation(NamedTuple):
    """An outcome of the real case, to compare with; the model never reads it."""

    value: float
    date: date | None
    note: str
    status: str
    source: str
    fact: Fact | None = None  # how it shows in a run; None: it does not


@dataclass(frozen=True)
class Case:
    """A recorded case."""

    name: str
    path: str
    title: str
    start: date
    parameters: dict[str, Any]  # dotted name -> value: changes of the default world
    parameter_sources: dict[str, str]  # dotted name -> "status: source"
    parameters_known: dict[str, date]  # dotted name -> day from which its value was known
    events: tuple[CaseEvent, ...]  # in order of date
    knots: dict[str, tuple[Knot, ...]]  # the series that drive a run
    alternatives: dict[str, tuple[Knot, ...]]  # series that could, recorded beside them
    observed: dict[str, Observation]
    sources: dict[str, str]

    def week_of(self, day: date) -> int:
        """Return the week a day belongs to: ceil(days after the start / 7)."""
        return week_of(self.start, day)

    def date_of(self, week: int) -> date:
        """Return the last day of a week, the one whose price is the week's."""
        return self.start + timedelta(weeks=week)

    @property
    def weeks(self) -> int:
        """Return the last week that every series covers."""
        return record.covered_weeks(self.start, self.knots)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The outcomes that can be seen in a run, in the order of the file."""
        return tuple(each.fact for each in self.observed.values() if each.fact is not None)

    def history(self, horizon: int) -> History:
        """Return the weekly history; what the case does not record is NaN.

        The price is interpolated in its logarithm. Every other figure holds for its own period,
        without smoothing.

        Raises
        ------
        CaseError
            If the horizon extends beyond a series.
        """
        for name, knots in self.knots.items():
            end = record.covered_until(name, knots[-1])
            if self.date_of(horizon) > end:
                raise CaseError(
                    f"{self.path}, line {knots[-1].line}: {name} reaches to {end}, but a horizon "
                    f"of {horizon} weeks from {self.start} ends on {self.date_of(horizon)}; "
                    f"add later values or set horizon to {self.weeks} or less"
                )
        return record.history(self.start, self.knots, self.events, horizon)


def week_of(start: date, day: date) -> int:
    """Return the week a day belongs to: ceil(days after the start / 7)."""
    return -(-(day - start).days // 7)
