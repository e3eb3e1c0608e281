"""Reading a case from YAML or CSV: what is wrong with it is said in one line.

``docs/data.md`` describes both formats, and every figure of the shipped case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from experiments.cases import forms
from experiments.cases.case import SERIES, Case, CaseError, Observation, week_of
from experiments.cases.facts import Fact, problems_of
from experiments.cases.record import (
    ACTING,
    DATED_GAP,
    UNLIMITED,
    CaseEvent,
    Knot,
    covered_weeks,
    seeming_splits,
)
from experiments.cases.values import (
    NUMBER,
    WANTED,
    parse_day,
    parse_number,
    parse_period,
    problem_of,
)
from experiments.cases.written import Place, Written, read_table, read_tree
from experiments.errors import warn
from experiments.files import FileError
from experiments.spreadsheet import UNKNOWN
from experiments.validation import explain
from sim.parameters import Events, ParameterError, Parameters, declarations, unknown_name

PRICE_GAP = timedelta(weeks=26)  # longest interpolation between two prices


def read_case(path: str | Path) -> Case:
    """Read a case from a YAML or CSV file.

    What is ignored, and a price that seems not to be adjusted for a split, is said in a
    `MomentumWarning`.

    Parameters
    ----------
    path
        Of a file whose name ends in ``.yaml``, ``.yml`` or ``.csv``.

    Raises
    ------
    CaseError
        For whatever is wrong with it, in one line.

    Examples
    --------
    >>> case = read_case("docs/examples/my_case.csv")
    >>> case.week_of(case.events[-1].date)
    70
    """
    path = Path(path)
    try:
        case, said = _read(path)
    except FileError as error:
        raise CaseError(str(error)) from None
    for text in said:
        warn(text)
    return case


def _read(path: Path) -> tuple[Case, list[str]]:
    if path.suffix.lower() not in (".yaml", ".yml", ".csv"):
        wanted = "the name of a case's file ends in .yaml, .yml or .csv; save a spreadsheet as CSV"
        raise FileError(path, wanted)
    written = read_table(path) if path.suffix.lower() == ".csv" else read_tree(path)
    try:
        form = forms.Form.model_validate(written.values)
    except ValidationError as error:
        text, place = explain(error, written.values)
        raise FileError(path, text, written.line(place)) from None
    return _Reader(path, form, written).case(), written.warnings


class _Reader:
    """Makes a case of what is written."""

    def __init__(self, path: Path, form: forms.Form, written: Written) -> None:
        self.path, self.form, self.written = path, form, written
        self.start = self._day("start", form.start, ("start",))

    def case(self) -> Case:
        form, start = self.form, self.start
        knots = {name: self._series(name, each, (name,)) for name, each in form.series.items()}
        for name, series in knots.items():
            self._check_complete(name, series)
        self._check_together(knots)
        for line, said in seeming_splits(knots.get("price", ())):
            self.written.warnings.append(f"{self.path}, line {line}: {said}")
        events = [self._event(event, ("events", i)) for i, event in enumerate(form.events)]
        values, origins = self._parameters(events)
        weeks = covered_weeks(start, knots)
        if weeks < 1:
            raise self._at(0, "the record covers no week after the start; give later values")
        values.setdefault("horizon", min(Parameters().horizon, weeks))
        try:
            Parameters.from_dict({"movement.launch_week": 1} | values)  # the default may lie beyond
        except ParameterError as error:
            named = next((name for name in form.parameters if name in str(error)), "")
            raise self._wrong(("parameters", named), str(error)) from None
        case = Case(
            name=self.path.stem,
            path=str(self.path),
            title=form.title or self.path.stem,
            start=start,
            parameters=values,
            parameter_sources=origins,
            parameters_known={
                name: self._day(f"known of {name}", figure.known, ("parameters", name, "known"))
                for name, figure in form.parameters.items()
                if figure.known is not None
            },
            events=tuple(sorted(events, key=lambda event: event.date)),
            knots=knots,
            alternatives={
                name: self._series(name, series, ("alternatives", name))
                for name, series in form.alternatives.items()
            },
            observed={
                each.name: self._outcome(each, ("observed", i))
                for i, each in enumerate(form.observed)
            },
            sources=form.sources,
        )
        case.history(values["horizon"])
        return case

    def _at(self, line: int, message: str) -> FileError:
        return FileError(self.path, message, line)

    def _wrong(self, place: Place, message: str) -> FileError:
        return self._at(self.written.line(place), message)

    # -- series

    def _series(self, name: str, series: forms.Series, place: Place) -> tuple[Knot, ...]:
        """Return figures in order of date; unknown ones are left out."""
        limits = SERIES[name] if len(place) == 1 else ()
        knots: list[Knot] = []
        for key, figure in series.values.items():
            here = (*place, "values", key)
            period = parse_period(key)
            if period is None:
                raise self._wrong(here, f"{name} {key} {problem_of(key)}; {WANTED}")
            if place == ("price",) and period[1]:
                raise self._wrong(here, f"price {key} needs a day, the one of the close; {WANTED}")
            if figure.value.lower() in UNKNOWN:
                continue
            value = self._number(f"{name} {key}", figure.value, here, *limits)
            about = self._about(figure, series)
            knots.append(Knot(*period, value, *about, self.written.line(here)))
        if not knots:
            raise self._wrong(place, f"{name} has no values; give some or leave it out")
        if all(one.first > two.first for one, two in pairwise(knots)):
            knots.reverse()  # newest first
        for one, two in pairwise(knots):
            if two.first < (one.after or one.first + timedelta(1)):
                wrong = f"{name} of {two.first} follows {one.first} of line {one.line}"
                raise self._at(two.line, f"{wrong}; put dates in order, each once")
        return tuple(knots)

    def _check_complete(self, name: str, knots: Sequence[Knot]) -> None:
        """Refuse a series that does not begin at the start, or has a gap."""
        start, day, line = self.start, knots[0].first, knots[0].line
        if (knots[0].after or day + timedelta(1)) <= start:
            raise self._at(line, f"{name} of {day} lies before the start, {start}")
        if day > start:
            raise self._at(line, f"{name} begins on {day}, after the start, {start}")
        for one, two in pairwise(knots):
            if bool(one.after) != bool(two.after):
                raise self._at(two.line, f"{name} mixes dates and periods; use one of them")
            longest = timedelta() if two.after else PRICE_GAP if name == "price" else DATED_GAP
            since = one.after or one.first
            if two.first - since > longest:
                limit = f" longer than {longest.days // 7} weeks" if longest else ""
                gap = f"{name} has a gap{limit} from {since} to {two.first}"
                raise self._at(two.line, f"{gap}; give what lies between")

    def _check_together(self, knots: dict[str, tuple[Knot, ...]]) -> None:
        if "threat" in knots and "democracy" in knots:
            raise self._at(knots["democracy"][0].line, "give threat or democracy, not both")
        if "net_income" in knots:
            first = knots["net_income"][0]
            if "revenue" not in knots:
                raise self._at(first.line, "net_income needs revenue: the model uses their ratio")
            if bool(first.after) != bool(knots["revenue"][0].after):
                wanted = "give net_income and revenue both by dates or both by periods"
                raise self._at(first.line, wanted)

    # -- events, parameters, outcomes

    def _event(self, event: forms.Event, place: Place) -> CaseEvent:
        day = self._day("date", event.date, (*place, "date"))
        kind, week, what = event.kind, week_of(self.start, day), f"{event.kind} of {day}"
        if day < self.start:
            raise self._wrong(place, f"{what} lies before the start, {self.start}")
        size, half_life, until = 0.0, math.inf, UNLIMITED
        given = [name for name in ("size", "half_life", "until") if name in event.model_fields_set]
        if kind in ACTING:
            if event.size is None:
                raise self._wrong(place, f"{what} lacks its size")
            size = self._number("size", event.size, (*place, "size"), 0.0, 1.0)
            if len(given) == 3:
                raise self._wrong(place, f"{what} has half_life and until; give one of them")
            if event.until is not None:
                until = week_of(self.start, self._day("until", event.until, (*place, "until")))
                if until <= week:
                    over = f"{what} is over in the week it begins; let it last longer"
                    raise self._wrong(place, over)
            elif event.half_life is not None:
                here = (*place, "half_life")
                half_life = self._number("half_life", event.half_life, here, 0.01, 10_000)
            else:
                half_life = float(getattr(Events(), f"{kind}_half_life"))
        elif given:
            raise self._wrong(place, f"{what} acts on nothing; leave out {', '.join(given)}")
        about = self._about(event, event)
        return CaseEvent(week, day, kind, event.label or kind, size, *about, half_life, until)

    def _parameters(self, events: Sequence[CaseEvent]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what the case changes in the default world, and where it comes from."""
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for name, figure in self.form.parameters.items():
            if name not in declarations():
                raise self._wrong(("parameters", name), unknown_name(name))
            values[name] = self._value(name, figure.value)
            origins[name] = ": ".join(filter(None, self._about(figure, figure)))
        for number, event in enumerate(events):
            if event.kind == "launch":
                if "movement.launch_week" in values:
                    raise self._wrong(("events", number), "the launch is given twice; keep one")
                values["movement.launch_week"] = event.week
                origins["movement.launch_week"] = f"derived: launch on {event.date}"
        return values, origins

    def _value(self, name: str, text: str) -> int | float | str:
        """Return a parameter's value; a date stands for its week where a week is wanted."""
        day = parse_day(text)
        if day and "-" in text and declarations()[name].metadata["unit"] == "week":
            return week_of(self.start, day)
        if not NUMBER.fullmatch(text):
            return text
        value = float(text)
        return int(value) if value.is_integer() and "." not in text else value

    def _outcome(self, outcome: forms.Outcome, place: Place) -> Observation:
        value = self._number(outcome.name, outcome.value, (*place, "value"))
        day = None if outcome.date is None else self._day("date", outcome.date, (*place, "date"))
        fact = self._fact(outcome, value, day, place) if outcome.use and day else None
        return Observation(value, day, outcome.note, *self._about(outcome, outcome), fact)

    def _fact(self, outcome: forms.Outcome, value: float, day: date, place: Place) -> Fact:
        since = self._day("since", outcome.since, (*place, "since")) if outcome.since else None
        fact = outcome.fact(value, day, since, self._number("error", outcome.error or "", place))
        for key, problem in problems_of(fact, self.start):
            raise self._wrong((*place, key), f"{fact.name}: {problem}")
        return fact

    # -- single values

    def _about(self, figure: forms.About, series: forms.About) -> tuple[str, str]:
        """Return status and source of a figure, those of its series where it says none."""
        said = [
            getattr(figure if name in figure.model_fields_set else series, name)
            for name in ("status", "source")
        ]
        return said[0], self.form.sources.get(said[1], said[1])

    def _day(self, what: str, text: str, place: Place) -> date:
        if (day := parse_day(text)) is None:
            raise self._wrong(place, f"{what} {text} {problem_of(text)}; {WANTED}")
        return day

    def _number(self, what: str, text: str, place: Place, *limits: float) -> float:
        try:
            return parse_number(what, text, *limits)
        except ValueError as problem:
            raise self._wrong(place, str(problem)) from None
