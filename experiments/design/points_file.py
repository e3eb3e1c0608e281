"""Points listed in a CSV file: a column a parameter, a row a point; an empty cell sets nothing."""

from __future__ import annotations

import re
from typing import Any

from experiments.design.reading import HISTORY, DesignError, check_value
from experiments.design.values import LABEL
from experiments.files import FileError
from experiments.places import ROOT, expand_user
from experiments.spreadsheet import Sheet, plain_numbers, read_sheet
from sim.parameters import declarations, unknown_name

MOST_ROWS = 1_000_000


def read_points(file: str, samples: int | None, where: str) -> list[dict[str, Any]]:
    """Return the rows of a file, each what it sets by dotted name, and its ``label`` if it has one.

    Decimal commas, other separators and so on are understood as in a case; see
    `experiments.spreadsheet`.

    Parameters
    ----------
    file
        A path, from the current folder or else from the project's.
    samples
        Number of rows that are taken; None: all.
    where
        For messages.

    Raises
    ------
    DesignError, FileError
        Naming the line and the column of a wrong cell.
    """
    given = expand_user(file)
    path = given if given.exists() or not (ROOT / given).exists() else ROOT / given
    sheet = read_sheet(path, MOST_ROWS)
    names = _names(sheet)
    columns = {name: [row[at] for row in sheet.rows] for name, at in names.items()}
    numbers = {name for name in columns if isinstance(_default(name), int | float)}
    columns |= plain_numbers(sheet, {name: columns[name] for name in numbers})
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    labels: dict[str, int] = {}
    for number, cells in enumerate(zip(*columns.values(), strict=True)):
        line = sheet.rows[number][0].line
        row = {
            name: cell.text if name == LABEL else _value(name, cell.text, sheet.path, line)
            for name, cell in zip(columns, cells, strict=True)
            if cell.text
        }
        settings = repr(sorted((name, value) for name, value in row.items() if name != LABEL))
        first = seen.setdefault(settings, line)
        if first < line:
            raise FileError(sheet.path, f"the same point twice: it is in line {first} too", line)
        first = labels.setdefault(row.get(LABEL, ""), line)
        if first < line and row.get(LABEL):
            raise FileError(sheet.path, f"label {row[LABEL]} is in line {first} too", line)
        rows.append(row)
    if samples is not None and samples > len(rows):
        raise DesignError(f"{where}: samples = {samples}, but {file} has {len(rows)} rows")
    return rows[:samples]


def _names(sheet: Sheet) -> dict[str, int]:
    """Return which column holds which parameter."""
    known = [*declarations(), *HISTORY, LABEL]
    found: dict[str, int] = {}
    for at, (line, name) in enumerate(sheet.header):
        if name not in known:
            problem = "has no name" if not name else unknown_name(name[:80], known)
            raise FileError(sheet.path, f"column {at + 1}: {problem}", line)
        if name in found:
            raise FileError(sheet.path, f"{name} is named twice", line)
        found[name] = at
    return found


def _default(name: str) -> Any:
    if name == LABEL:
        return ""
    return HISTORY[name] if name in HISTORY else declarations()[name].default


def _value(name: str, text: str, file: str, line: int) -> Any:
    """Return the value of a cell in its parameter's type."""
    default = _default(name)
    value: Any = text
    if isinstance(default, bool):
        value = {"true": True, "false": False}.get(text.lower(), text)
    elif re.fullmatch(r"[-+]?\d+", text, re.ASCII) and isinstance(default, int | float):
        value = int(text)
    elif isinstance(default, int | float):
        try:
            value = float(text)
        except ValueError:
            raise FileError(file, f"{name} = {text!r} is not a number", line) from None
        if isinstance(default, int) and value.is_integer():
            value = int(value)
    try:
        return check_value(name, value)
    except DesignError as error:
        raise FileError(file, str(error), line) from None
