"""Cases: the recorded history of a real firm, read from YAML or CSV.

``docs/data.md`` describes both formats, and every figure of the shipped case.
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from experiments.errors import MomentumError, nearest
from sim.history import History
from sim.parameters import Events, ParameterError, Parameters, declarations, unknown_name

HUGE = 1e15
SERIES = {  # what a case may record, and the values it may take
    "price": (1e-9, HUGE),
    "users": (1e-9, HUGE),
    "revenue": (1e-9, HUGE),
    "net_income": (-HUGE, HUGE),
    "democracy": (0.0, 1.0),  # an index of democracy: threat is 1 - it
    "threat": (0.0, 1.0),
}
FLOWS = ("revenue", "net_income")  # a period's amount is spread evenly over its days
ACTING = ("closure", "takeover", "scandal")
KINDS = (*ACTING, "marker", "launch")
STATUSES = ("found", "derived", "uncertain", "assumed")
PRICE_GAP = timedelta(weeks=26)  # longest interpolation between two prices
DATED_GAP = timedelta(weeks=53)  # longest validity of a figure given from a date on
HELD = timedelta(weeks=26)  # longest validity of a period's figure after the period
UNLIMITED = 10_000  # weeks covered by a case without any series

ABOUT = ("status", "source", "note")  # of any figure
EVENT_FIELDS = ("date", "kind", "label", "size", "half_life", "until", *ABOUT)
CASE_FIELDS = ("title", "start", "sources", *SERIES, "events", "parameters", "observed")
CASE_FIELDS += ("alternatives",)
COLUMNS = ("date", *SERIES, "event", *EVENT_FIELDS[2:])


class CaseError(MomentumError, ValueError):
    """A case that cannot be read; one line: file, line, what is wrong, what would be right."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.encode(errors="replace").decode().split()))


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


class Observation(NamedTuple):
    """An outcome of the real case, to compare with; the model never reads it."""

    value: float
    date: date | None
    note: str
    status: str
    source: str


@dataclass(frozen=True)
class Case:
    """A recorded case."""

    name: str
    path: str
    title: str
    start: date
    parameters: dict[str, Any]  # dotted name -> value: changes of the default world
    parameter_sources: dict[str, str]  # dotted name -> "status: source"
    events: tuple[CaseEvent, ...]  # in order of date
    knots: dict[str, tuple[Knot, ...]]  # the series that drive a run
    alternatives: dict[str, tuple[Knot, ...]]  # series that could, recorded beside them
    observed: dict[str, Observation]
    sources: dict[str, str]

    def week_of(self, day: date) -> int:
        """Return the week a day belongs to: ceil(days after the start / 7)."""
        return _week(self.start, day)

    def date_of(self, week: int) -> date:
        """Return the last day of a week, the one whose price is the week's."""
        return self.start + timedelta(weeks=week)

    @property
    def weeks(self) -> int:
        """Return the last week that every series covers."""
        return _weeks(self.start, self.knots)

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
            end = _covered_until(name, knots[-1])
            if self.start + timedelta(weeks=horizon) > end:
                raise CaseError(
                    f"{self.path}, line {knots[-1].line}: {name} reaches to {end}, but a horizon "
                    f"of {horizon} weeks from {self.start} ends on {self.date_of(horizon)}; "
                    f"add later values or set horizon to {self.weeks} or less"
                )
        weeks = np.arange(horizon + 1)
        given = {name: self._weekly(name, 7.0 * weeks) for name in self.knots}
        missing = np.full(horizon + 1, np.nan)
        revenue, users = given.get("revenue", missing), given.get("users", missing)
        strengths = {kind: np.zeros(horizon + 1) for kind in ACTING}
        for event in self.events:
            if event.kind in ACTING:
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

    def _weekly(self, name: str, days: np.ndarray) -> np.ndarray:
        knots = self.knots[name]
        values = np.array([knot.value for knot in knots])
        firsts = np.array([(knot.first - self.start).days for knot in knots], dtype=float)
        if name == "price":
            return np.exp(np.interp(days, firsts, np.log(values / values[0])))
        if name in FLOWS:
            values = values / [(k.after - k.first).days if k.after else 1 for k in knots]
        return values[np.searchsorted(firsts, days, side="right") - 1]


def read_case(path: str | Path) -> Case:
    """Read a case from a YAML or CSV file.

    Raises
    ------
    CaseError
        For whatever is wrong with it, in one line.
    """
    path = Path(path)
    try:
        text = _read_text(path)
        return _build(path, (_read_csv if path.suffix.lower() == ".csv" else _read_yaml)(text))
    except _Wrong as wrong:
        where = f", line {wrong.line}" if wrong.line else ""
        raise CaseError(f"{path}{where}: {wrong}") from None


# Both formats become one tree of tables, lists and texts, each of which knows its line.
class _Text(str):
    line = 0


class _Table(dict[str, Any]):
    line = 0


class _List(list[Any]):
    line = 0


class _Wrong(Exception):
    """What is wrong, with the line of the text, table or list it is about (0: the whole file)."""

    def __init__(self, where: Any, message: str) -> None:
        super().__init__(message)
        self.line = _line(where)


def _line(item: Any) -> int:
    return int(getattr(item, "line", 0))


def _placed[T: (_Text, _Table, _List)](item: T, line: int) -> T:
    item.line = line
    return item


def _short(text: str) -> str:
    text = " ".join(text.split()) or "(nothing)"
    return text if len(text) <= 40 else text[:37] + "..."


def _read_text(path: Path) -> str:
    if path.suffix.lower() not in (".yaml", ".yml", ".csv"):
        raise _Wrong(None, "the name of a case's file ends in .yaml, .yml or .csv")
    try:
        if path.is_dir():
            raise _Wrong(None, "this is a directory; give the .yaml or .csv file of a case")
        if not path.is_file():
            beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            near = nearest(path.name, beside)
            hint = f"; did you mean {path.with_name(near)}?" if near else ""
            raise _Wrong(None, f"there is no such file{hint}")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Wrong(None, "this is not a text in UTF-8; save it as (CSV) UTF-8") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _Wrong(None, f"the file cannot be read: {error}") from None
    if "\0" in text:
        raise _Wrong(None, "this is a binary file; a case is a text, .yaml or .csv")
    if not text.strip():
        raise _Wrong(None, "the file is empty; docs/data.md says what a case holds")
    return text


def _read_csv(text: str) -> _Table:
    """Return the same tree that a YAML file gives."""
    filled = (row for row in text.splitlines() if row.strip() and not row.startswith("#"))
    separator = max(",;\t", key=next(filled, "").count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    tree, header = _Table(), _List()
    try:
        for row in rows:
            cells = [_placed(_Text(cell.strip()), rows.line_num) for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not header:
                header = _placed(_List(cell.lower() for cell in cells), rows.line_num)
                _check_header(header)
            elif any(cells[len(header) :]):
                raise _Wrong(cells[0], f"more cells than the {len(header)} columns of the header")
            else:
                _add_row(tree, dict(zip(header, cells, strict=False)), separator, rows.line_num)
    except csv.Error as error:
        raise _Wrong(_placed(_Text(), rows.line_num), f"this is not CSV: {error}") from None
    if "start" not in tree:
        raise _Wrong(None, "there are no rows; put one a date under a header like date,price")
    return tree


def _check_header(header: _List) -> None:
    for name in header:
        _known(_placed(_Text(name), header.line), COLUMNS, "column")
        if header.count(name) > 1:
            raise _Wrong(header, f"column {name} is there twice")
    if "date" not in header:
        raise _Wrong(header, "column date is missing; the first line names the columns")


def _add_row(tree: _Table, row: dict[str, _Text], separator: str, line: int) -> None:
    day = row.pop("date", _placed(_Text(), line))
    _day("date", day)
    tree.setdefault("start", day)
    row = {name: cell for name, cell in row.items() if cell}
    if separator != ",":  # spreadsheets that separate by something else write decimal commas
        numbers = {*SERIES, "size", "half_life"} & row.keys()
        row |= {n: _placed(_Text(row[n].replace(",", ".")), line) for n in numbers}
    about = {name: row[name] for name in ABOUT if name in row}
    for name in [name for name in row if name in SERIES]:
        values = tree.setdefault(name, _Table(values=_Table()))["values"]
        if day in values:
            raise _Wrong(day, f"{name} is given twice for {day}")
        values[day] = _placed(_Table(value=row.pop(name), **about), line)
    if "event" in row:
        event = _Table(row, date=day)
        event["kind"] = event.pop("event")
        tree.setdefault("events", _List()).append(_placed(event, line))
    elif row.keys() - ABOUT:
        lonely = min(row.keys() - ABOUT)
        raise _Wrong(day, f"{lonely} without an event; name one of {', '.join(KINDS)}")


def _read_yaml(text: str) -> _Table:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = _placed(_Text(), mark.line + 1 if mark else 0)
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it is unreadable")
        raise _Wrong(place, f"this is not YAML: {problem}") from None
    except (ValueError, OverflowError) as error:  # an escape that is no character
        raise _Wrong(None, f"this is not YAML: {error}") from None
    except RecursionError:
        raise _Wrong(None, "this is nested too deeply for a case") from None
    return _table("a case", _tree(root), CASE_FIELDS)


def _tree(node: yaml.Node | None, depth: int = 0) -> Any:
    """Return tables, lists and texts that know their line; numbers and dates are still texts."""
    if node is None or isinstance(node, yaml.ScalarNode):
        line, text = (node.start_mark.line + 1, node.value) if node else (0, "")
        return _placed(_Text(text), line)
    line = node.start_mark.line + 1
    if depth > 5:  # also where an alias contains itself
        raise _Wrong(_placed(_List(), line), "this is nested too deeply for a case")
    if isinstance(node, yaml.SequenceNode):
        return _placed(_List(_tree(item, depth + 1) for item in node.value), line)
    table: _Table = _placed(_Table(), line)
    for key_node, value in node.value:
        key = _tree(key_node, depth + 1)
        if not isinstance(key, _Text):
            raise _Wrong(key, "a name before a colon must be a single word or date")
        if key in table:
            raise _Wrong(key, f"{_short(key)} is given twice")
        table[key] = _tree(value, depth + 1)
    return table


def _table(what: str, tree: Any, known: tuple[str, ...] = ()) -> _Table:
    if not isinstance(tree, _Table):
        raise _Wrong(tree, f"{_short(what)} must be a table of lines like name: value")
    for name in tree if known else ():
        _known(name, known, "field")
    return tree


def _rows(tree: _Table, name: str, known: tuple[str, ...]) -> list[_Table]:
    rows = tree.get(name, _List())
    if not isinstance(rows, _List):
        raise _Wrong(rows, f"{name} must be a list: begin each entry with a dash")
    return [_table(f"an entry of {name}", row, known) for row in rows]


def _needed(what: str, table: _Table, name: str) -> Any:
    if name not in table:
        raise _Wrong(table, f"{_short(what)} lacks its {name}")
    return table[name]


def _text(what: str, tree: Any) -> _Text:
    if not isinstance(tree, _Text):
        raise _Wrong(tree, f"{_short(what)} must be a single value, not a list or a table")
    return tree


def _known(name: str, known: tuple[str, ...], what: str) -> str:
    if name not in known:
        message = unknown_name(_short(name), list(known), what)
        raise _Wrong(name, f"{message}; known: {', '.join(known)}")
    return str(name)


def _number(what: str, tree: Any, low: float = -HUGE, high: float = HUGE) -> float:
    text = _text(what, tree)
    what = f"{_short(what)} = {_short(text)}"
    try:
        value = math.nan if text.lower() == ".nan" else float(text)
    except ValueError:
        raise _Wrong(text, f"{what} is not a number; write it plainly, like 1234.5") from None
    if not math.isfinite(value):
        raise _Wrong(text, f"{what} is not a finite number; leave out what is unknown")
    if value <= 0 < low:
        raise _Wrong(text, f"{what} must be positive")
    if not low <= value <= high:
        raise _Wrong(text, f"{what} is out of range: {low:g} to {high:g}")
    return value


def _period(what: str, text: str) -> tuple[date, date | None]:
    """Return the first day, and the first day after a period; None if it is a date."""
    form = r"(1[89]\d\d|2[01]\d\d)(?:-(\d\d)(?:-(\d\d))?|Q([1-4]))?"
    try:
        match = re.fullmatch(form, text, re.ASCII)
        if not match:
            raise ValueError
        year, month, day, quarter = (int(part or 0) for part in match.groups())
        if day:
            return date(year, month, day), None
        first = date(year, month or max(3 * quarter - 2, 1), 1)
        after = 12 * year + first.month - 1 + (1 if month else 3 if quarter else 12)
        return first, date(after // 12, after % 12 + 1, 1)
    except ValueError:
        wanted = "write it year-month-day, like 2013-11-07"
        raise _Wrong(text, f"{_short(what)} {_short(text)} is not a date; {wanted}") from None


def _day(what: str, tree: Any) -> date:
    first, after = _period(what, _text(what, tree))
    if after:
        raise _Wrong(tree, f"{what} {tree} is not one day; write it like 2013-11-07")
    return first


def _about(table: dict[str, Any], sources: dict[str, str]) -> tuple[str, str]:
    """Return status and source."""
    status = _text("status", table.get("status", _Text()))
    source = _text("source", table.get("source", _Text()))
    named = sources.get(source, str(source))
    return _known(status, STATUSES, "status") if status else "unstated", named


def _figure(what: str, tree: Any) -> _Table:
    """Return a figure that is written alone, or with its status and source."""
    if not isinstance(tree, _Table):
        return _Table(value=tree)
    _needed(what, _table(what, tree, ("value", *ABOUT)), "value")
    return tree


def _series(
    name: str, tree: Any, sources: dict[str, str], start: date | None = None
) -> tuple[Knot, ...]:
    """Check a series and, with the start of the case, that it is complete."""
    table = _table(name, tree, ("values", "unit", *ABOUT))
    knots: list[Knot] = []
    for key, item in _table(f"values of {name}", _needed(name, table, "values")).items():
        figure = _figure(f"{name} {key}", item)
        value = _number(f"{name} {key}", figure["value"], *SERIES.get(name, (-HUGE, HUGE)))
        knot = Knot(*_period(name, key), value, *_about(table | figure, sources), _line(key))
        if name == "price" and knot.after:
            raise _Wrong(key, f"price {key} needs a day, the one of the close, like 2013-11-07")
        if knots and knot.first < (knots[-1].after or knots[-1].first + timedelta(1)):
            raise _Wrong(
                key,
                f"{name} {key} follows {knots[-1].first} of line {knots[-1].line}; put dates in "
                "order, each once",
            )
        if start:
            _check_complete(name, knot, knots[-1] if knots else None, start)
        knots.append(knot)
    if not knots:
        raise _Wrong(table, f"{name} has no values; give some or leave it out")
    return tuple(knots)


def _check_complete(name: str, knot: Knot, before: Knot | None, start: date) -> None:
    if before is None:
        if (knot.after or knot.first + timedelta(1)) <= start:
            raise _Wrong(knot, f"{name} of {knot.first} lies before the start, {start}")
        if knot.first > start:
            raise _Wrong(knot, f"{name} begins on {knot.first}, after the start, {start}")
    elif bool(knot.after) != bool(before.after):
        raise _Wrong(knot, f"{name} mixes dates and periods; use one of them")
    else:
        longest = timedelta() if knot.after else PRICE_GAP if name == "price" else DATED_GAP
        since = before.after or before.first
        if knot.first - since > longest:
            limit = f" longer than {longest.days // 7} weeks" if longest else ""
            message = f"{name} has a gap{limit} from {since} to {knot.first}"
            raise _Wrong(knot, f"{message}; give what lies between")


def _check_together(knots: dict[str, tuple[Knot, ...]]) -> None:
    if "threat" in knots and "democracy" in knots:
        raise _Wrong(knots["democracy"][0], "give threat or democracy, not both")
    if "net_income" in knots:
        first = knots["net_income"][0]
        if "revenue" not in knots:
            raise _Wrong(first, "net_income needs revenue: the model uses their ratio")
        if bool(first.after) != bool(knots["revenue"][0].after):
            raise _Wrong(first, "give net_income and revenue both by dates or both by periods")


def _covered_until(name: str, knot: Knot) -> date:
    """Return the last day on which the last figure of a series may be used."""
    if name == "price":
        return knot.first
    return knot.after - timedelta(1) + HELD if knot.after else knot.first + DATED_GAP


def _weeks(start: date, knots: dict[str, tuple[Knot, ...]]) -> int:
    ends = [_covered_until(name, series[-1]) for name, series in knots.items()]
    return min([(end - start).days // 7 for end in ends], default=UNLIMITED)


def _week(start: date, day: date) -> int:
    return -(-(day - start).days // 7)


def _event(tree: _Table, start: date, sources: dict[str, str]) -> CaseEvent:
    day = _day("date", _needed("an event", tree, "date"))
    kind = _known(_text("kind", _needed("an event", tree, "kind")), KINDS, "kind of event")
    week, what = _week(start, day), f"{kind} of {day}"
    if day < start:
        raise _Wrong(tree, f"{what} lies before the start, {start}")
    size, half_life, until = 0.0, math.inf, UNLIMITED
    given = [name for name in ("size", "half_life", "until") if name in tree]
    if kind in ACTING:
        size = _number("size", _needed(what, tree, "size"), 0.0, 1.0)
        if len(given) == 3:
            raise _Wrong(tree, f"{what} has half_life and until; give one of them")
        if "until" in given:
            until = _week(start, _day("until", tree["until"]))
            if until <= week:
                raise _Wrong(tree, f"{what} is over in the week it begins; let it last longer")
        elif "half_life" in given:
            half_life = _number("half_life", tree["half_life"], 0.01, 10_000)
        else:
            half_life = float(getattr(Events(), f"{kind}_half_life"))
    elif given:
        raise _Wrong(tree, f"{what} acts on nothing; leave out {', '.join(given)}")
    label = str(_text("label", tree.get("label", _Text(kind))))
    return CaseEvent(week, day, kind, label, size, *_about(tree, sources), half_life, until)


def _observation(tree: _Table, sources: dict[str, str]) -> tuple[str, Observation]:
    name = str(_text("name", _needed("an outcome", tree, "name")))
    value = _number(name, _needed(name, tree, "value"))
    day = _day("date", tree["date"]) if "date" in tree else None
    note = str(_text("note", tree.get("note", _Text())))
    return name, Observation(value, day, note, *_about(tree, sources))


def _plain(name: str, text: _Text, start: date) -> int | float | str:
    """Return a parameter's value; a date stands for its week where a week is wanted."""
    if declarations()[name].metadata["unit"] == "week" and re.match(r"\d{4}-", text):
        return _week(start, _day(name, text))
    try:
        value = float(text)
    except ValueError:
        return str(text)
    return int(value) if value.is_integer() and "." not in text else value


def _build(path: Path, tree: _Table) -> Case:
    start = _day("start", _needed("a case", tree, "start"))
    listed = _table("sources", tree.get("sources", _Table()))
    sources = {str(key): str(_text(key, text)) for key, text in listed.items()}
    knots = {n: _series(n, tree[n], sources, start) for n in SERIES if n in tree}
    _check_together(knots)
    beside = _table("alternatives", tree.get("alternatives", _Table()))
    events = [_event(row, start, sources) for row in _rows(tree, "events", EVENT_FIELDS)]
    outcomes = _rows(tree, "observed", ("name", "value", "date", *ABOUT))
    parameters = _table("parameters", tree.get("parameters", _Table()))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, item in parameters.items():
        if name not in declarations():
            raise _Wrong(name, unknown_name(_short(name)))
        figure = _figure(name, item)
        values[str(name)] = _plain(name, _text(name, figure["value"]), start)
        origins[str(name)] = ": ".join(filter(None, _about(figure, sources)))
    for event in events:
        if event.kind == "launch":
            if "movement.launch_week" in values:
                raise _Wrong(tree["events"], "the launch is given twice; keep one")
            values["movement.launch_week"] = event.week
            origins["movement.launch_week"] = f"derived: launch on {event.date}"
    if _weeks(start, knots) < 1:
        raise _Wrong(None, "the record covers no week after the start; give later values")
    values.setdefault("horizon", min(Parameters().horizon, _weeks(start, knots)))
    try:
        Parameters.from_dict({"movement.launch_week": 1} | values)  # the default may lie beyond
    except ParameterError as error:
        named = next((name for name in parameters if name in str(error)), None)
        raise _Wrong(named, str(error)) from None
    case = Case(
        name=path.stem,
        path=str(path),
        title=str(_text("title", tree.get("title", _Text(path.stem)))),
        start=start,
        parameters=values,
        parameter_sources=origins,
        events=tuple(sorted(events, key=lambda event: event.date)),
        knots=knots,
        alternatives={str(name): _series(name, beside[name], sources) for name in beside},
        observed=dict(_observation(row, sources) for row in outcomes),
        sources=sources,
    )
    case.history(values["horizon"])
    return case
