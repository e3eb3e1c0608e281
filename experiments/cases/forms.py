"""How a case is written: the names and values of its file, whether YAML or CSV.

Every value is a text here; `experiments.cases.reader` makes figures and dates of them.
"""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from experiments.cases.case import KINDS, SERIES, STATUSES, UNSTATED
from experiments.cases.facts import BOUNDS, PEOPLE, SCALES, USES, Fact
from experiments.validation import Description, choice, refusal
from sim.columns import WEEKS


def _filled(text: Any) -> Any:
    if isinstance(text, str) and not text:
        raise refusal('it is empty; put quotes around a text that begins with #: "#…"')
    return text


FACT = ("column", "scale", "error", "bound", "unit", "since", "lacking", "label")
"""What is said of an outcome only where it is a fact."""

Text = Annotated[str, BeforeValidator(_filled)]


class About(Description):
    """Where a figure comes from."""

    status: choice((*STATUSES, UNSTATED), "status") = UNSTATED  # type: ignore[valid-type]
    source: Text = ""
    note: Text = ""


class Figure(About):
    """A figure, alone or with its own source."""

    value: str

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        if isinstance(given, list):
            raise refusal("it must be a single value, not a list")
        return {"value": given} if isinstance(given, str) else given


class Setting(Figure):
    """A parameter's value."""

    known: str | None = None
    """Day from which it was known; advice as of an earlier day leaves it out."""


class Series(About):
    """Figures by date or period."""

    values: dict[str, Figure]
    unit: Text = ""


class Event(About):
    """A dated event."""

    date: str
    kind: choice(KINDS, "kind of event")  # type: ignore[valid-type]
    label: Text | None = None
    size: str | None = None
    half_life: str | None = None
    until: str | None = None


class Outcome(About):
    """An outcome of the real case; one with a use is a fact, which a run can show."""

    name: Text
    value: str
    date: str | None = None
    use: choice(USES, "use") | None = None  # type: ignore[valid-type]
    column: choice(tuple(WEEKS), "column") | None = None  # type: ignore[valid-type]
    scale: choice(SCALES, "scale") | None = None  # type: ignore[valid-type]
    error: str | None = None
    bound: choice(BOUNDS, "bound") = "value"  # type: ignore[valid-type]
    unit: choice((PEOPLE,), "unit") | None = None  # type: ignore[valid-type]
    since: str | None = None
    lacking: Text = ""
    label: Text = ""

    def fact(self, value: float, day: Day, since: Day | None, error: float) -> Fact:
        """Return how the outcome, which has a use, shows in a run."""
        return Fact(
            self.name, value, day, str(self.column), str(self.scale), error, self.bound,
            str(self.use), self.unit is not None, since, self.lacking, self.label,
        )  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse half a fact."""
        needed = ("date", "column", "scale", "error")
        if self.use is not None:
            missing = [name for name in needed if getattr(self, name) is None]
            if missing:
                raise refusal(f"a fact needs {', '.join(needed)}; {missing[0]} is missing")
        else:
            further = [name for name in FACT if name in self.model_fields_set]
            if further:
                raise refusal(
                    f"{further[0]} belongs to a fact, which needs use: fitted or held_out"
                )
        return self


class Form(Description):
    """A case as written."""

    start: str
    title: Text | None = None
    sources: dict[str, Text] = Field(default={})
    price: Series | None = None
    users: Series | None = None
    revenue: Series | None = None
    net_income: Series | None = None
    democracy: Series | None = None
    threat: Series | None = None
    events: list[Event] = Field(default=[])
    parameters: dict[str, Setting] = Field(default={})
    observed: list[Outcome] = Field(default=[])
    alternatives: dict[str, Series] = Field(default={})

    @property
    def series(self) -> dict[str, Series]:
        """The series given, by name, in the order of `SERIES`."""
        return {name: getattr(self, name) for name in SERIES if getattr(self, name) is not None}
