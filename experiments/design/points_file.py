"""Points listed in a CSV file: a column a parameter, a row a point; an empty cell sets nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from experiments.design.reading import HISTORY, DesignError, no_file
from sim.parameters import ParameterError, checked, declarations, unknown_name

ROOT = Path(__file__).resolve().parents[2]
LABEL = "label"
MOST_ROWS = 1_000_000


def read_points(file: str) -> list[dict[str, Any]]:
    """Return the rows of a file, each what it sets by dotted name, and its ``label`` if it has one.

    Parameters
    ----------
    file
        A path, from the current folder or else from the project's.

    Raises
    ------
    DesignError
        Naming the line and the column of a wrong cell.
    """
    given = Path(file).expanduser()
    path = given if given.exists() else ROOT / given
    if not path.is_file():
        raise DesignError(
            f"{file}: {no_file(path)}; give points as a CSV file, a column a parameter"
        )
    rows: list[dict[str, Any]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            header = [name.strip() for name in next(reader, [])]
            _require_names(header, file)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append(_row(header, cells, f"{file}:{reader.line_num}"))
                if len(rows) > MOST_ROWS:
                    raise DesignError(f"{file}: more than {MOST_ROWS:,} rows are too many")
    except UnicodeDecodeError:
        raise DesignError(f"{file}: not text in UTF-8") from None
    except csv.Error as error:
        raise DesignError(f"{file}:{reader.line_num}: {error}") from None
    if not rows:
        raise DesignError(f"{file}: no row below the names")
    return rows


def _require_names(header: list[str], file: str) -> None:
    known = [*declarations(), *HISTORY, LABEL]
    if not any(header):
        raise DesignError(f"{file}:1: the first line must name parameters, as users.count")
    for number, name in enumerate(header, 1):
        if name not in known:
            raise DesignError(f"{file}:1: column {number}: {unknown_name(name, known)}")
        if header.count(name) > 1:
            raise DesignError(f"{file}:1: {name} is named twice")


def _row(header: list[str], cells: list[str], where: str) -> dict[str, Any]:
    if len(cells) > len(header):
        raise DesignError(f"{where}: {len(cells)} cells, but {len(header)} columns")
    row: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        text = cell.strip()
        if text:
            row[name] = text if name == LABEL else _cell(name, text, where)
    return row


def _cell(name: str, text: str, where: str) -> Any:
    """Return a cell in its parameter's type."""
    default = HISTORY[name] if name in HISTORY else declarations()[name].default
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise DesignError(f"{where}: {name} = {text!r} must be true or false")
        return text.lower() == "true"
    if not isinstance(default, int | float):
        value: Any = text
    else:
        try:
            value = float(text)
            value = int(text) if value.is_integer() and text.lstrip("+-").isdigit() else value
        except ValueError:
            raise DesignError(f"{where}: {name} = {text!r} is not a number") from None
    if name in HISTORY:
        if not float(value).is_integer():
            raise DesignError(f"{where}: {name} = {text} must be a whole number of weeks")
        return int(value)
    try:
        return checked(name, value)
    except ParameterError as error:
        raise DesignError(f"{where}: {error}") from None
