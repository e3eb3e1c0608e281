"""What a file says of a case, with the line of every value; how YAML says it, and how a table does.

A table (CSV) has the forms that spreadsheets, data services and pandas write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from experiments.cases.case import KINDS, SERIES
from experiments.cases.values import parse_day
from experiments.files import FileError, parse_yaml, read_text
from experiments.spreadsheet import UNKNOWN, Cell, Sheet, plain_numbers, read_sheet
from sim.parameters import unknown_name

Place = tuple[str | int, ...]

_TEXTS = ("title", "label", "unit", "source", "note", "lacking")


class Written(NamedTuple):
    """What a file says of a case, as plain tables, lists and texts."""

    values: Any
    lines: dict[Place, int]  # of each value, by its place
    warnings: list[str]

    def line(self, place: Place) -> int:
        """Return the line of a place, or else of what it lies in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def read_tree(path: Path) -> Written:
    """Return what a YAML file says of a case; every value is a text.

    Raises
    ------
    FileError
        Naming the file and the line.
    """
    text = read_text(path)
    root = parse_yaml(text, path)
    if root is None:
        raise FileError(path, "the file is empty; docs/data.md says what a case holds")
    lines: dict[Place, int] = {}
    rows = text.splitlines()

    def walk(node: yaml.Node, place: Place) -> Any:
        lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [walk(item, (*place, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            end = node.end_mark
            rest = rows[end.line][end.column :] if end.line < len(rows) else ""
            plain = not node.style and node.value
            if plain and place and place[-1] in _TEXTS and re.match(r"\s+#\w", rest):
                raise FileError(
                    path,
                    f"{place[-1]} = {node.value}: what follows # is left out as a comment; put "
                    "quotes around a text that holds #",
                    end.line + 1,
                )
            return node.value
        table: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                raise FileError(path, "a name before a colon must be a single word or date", line)
            table[key.value] = walk(value, (*place, key.value))
            lines[(*place, key.value)] = key.start_mark.line + 1
        return table

    return Written(walk(root, ()), lines, [])


ABOUT = ("status", "source", "note")
EVENT = ("label", "size", "half_life", "until")
COLUMNS = ("date", *SERIES, "event", *EVENT, *ABOUT)
NUMBERS = (*SERIES, "size", "half_life")
DATES = ("date", "observation_date", "timestamp", "datetime", "datum", "fecha")
PRICES = (  # the first that is there is the price; those adjusted for splits come first
    "price", "adj close", "adj. close", "adj_close", "adjclose", "adjusted close",
    "adjusted_close", "close", "close/last",
    "schlusskurs", "schluss", "kurs", "clôture", "dernier", "cours", "slotkoers", "slot", "koers",
    "cierre",
)  # fmt: skip
IGNORED = (  # columns that come with prices or with an index
    "open", "high", "low", "volume", "vol", "vol.", "change", "change %", "chg%", "openint",
    "dividends", "stock splits", "capital gains", "ticker", "symbol", "currency", "per", "time",
    "index", "unnamed: 0",
    "eröffnung", "hoch", "tief", "tageshoch", "tagestief", "volumen", "ouverture", "haut", "bas",
    "plus haut", "plus bas", "hoog", "laag", "apertura", "máximo", "mínimo",
)  # fmt: skip


def read_table(path: str | Path) -> Written:
    """Return what a CSV file says of a case, as its YAML would say it.

    Raises
    ------
    FileError
        Naming the file and the line.
    """
    sheet = read_sheet(path)
    columns, ignored = _columns(sheet)
    cells = {name: [row[at] for row in sheet.rows] for name, at in columns.items()}
    for name in (*NUMBERS, "event"):
        if name in cells:
            cells[name] = [
                Cell(c.line, "" if c.text.lower() in UNKNOWN else c.text) for c in cells[name]
            ]
    cells |= plain_numbers(sheet, {name: cells[name] for name in NUMBERS if name in cells})
    written = Written({}, {}, ignored)
    for row in _in_order(cells):
        _add_row(written, row, path)
    return written


def _columns(sheet: Sheet) -> tuple[dict[str, int], list[str]]:
    """Return which column holds what, and what there is to say of those left out."""
    line = sheet.header[0].line
    if any(parse_day(cell.text) for cell in sheet.header):
        wanted = "the first line must name the columns, as date,price; it holds a date"
        raise FileError(sheet.path, wanted, line)
    names = [cell.text.lower().strip("<>") for cell in sheet.header]
    if not names[0]:
        dated = "date" not in names and all(parse_day(row[0].text) for row in sheet.rows)
        names[0] = "date" if dated else "index"
    names = ["date" if name in DATES else name for name in names]
    price = next((name for name in PRICES if name in names), None)
    found: dict[str, int] = {}
    ignored = []
    for at, name in enumerate(names):
        meant = "price" if name == price else name
        if name in IGNORED or (name in PRICES and name != price):
            ignored.append(sheet.header[at].text or "the first column, which has no name")
        elif meant not in COLUMNS:
            raise FileError(
                sheet.path,
                f"{unknown_name(name[:40], list(COLUMNS), 'column')}. Name it by what it holds "
                f"({', '.join(COLUMNS)}) or delete it",
                line,
            )
        elif meant in found:
            raise FileError(sheet.path, f"column {meant} is there twice", line)
        else:
            found[meant] = at
    if "date" not in found:
        raise FileError(
            sheet.path, "column date is missing; the first line names the columns", line
        )
    if not ignored:
        return found, []
    taken = f"; the price is {sheet.header[found['price']].text}" if "price" in found else ""
    return found, [f"{sheet.path}: columns that are ignored: {', '.join(ignored)}{taken}"]


def _in_order(cells: dict[str, list[Cell]]) -> Iterator[dict[str, Cell]]:
    """Yield the rows, oldest first where all are newest first; dates in the form 2013-11-07."""
    days = [parse_day(cell.text) for cell in cells["date"]]
    cells["date"] = [
        Cell(cell.line, str(day or cell.text))
        for cell, day in zip(cells["date"], days, strict=True)
    ]
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    known = [day for day in days if day]
    descending = len(known) == len(days) and all(a >= b for a, b in pairwise(known))
    yield from reversed(rows) if descending and known[0] > known[-1] else rows


def _add_row(written: Written, row: dict[str, Cell], path: str | Path) -> None:
    values, lines, _ = written
    line, day = row.pop("date")
    given = {name: cell.text for name, cell in row.items() if cell.text}
    about = {name: given.pop(name) for name in ABOUT if name in given}
    if "start" not in values:
        values["start"] = day
        lines[()] = lines[("start",)] = line
    for name in [name for name in SERIES if name in given]:
        series = values.setdefault(name, {"values": {}})["values"]
        if day in series:
            raise FileError(path, f"{name} is given twice for {day}", line)
        series[day] = {"value": given.pop(name), **about}
        lines[name, "values", day] = line
    if "event" in given:
        events = values.setdefault("events", [])
        lines["events", len(events)] = line
        events.append({"date": day, "kind": given.pop("event"), **given, **about})
    elif given:
        lonely = next(iter(given))
        raise FileError(path, f"{lonely} without an event; name one of {', '.join(KINDS)}", line)
