"""Tables in text files (CSV) in the forms that spreadsheets, libraries and data services write.

What cannot be misread is read; anything else is refused with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.files import FileError, read_text

SEPARATORS = ",;\t|"
UNKNOWN = {"", "null", "none", "na", "n/a", "nan", ".nan", "#n/a", ".", "..", "-", "–", "—", "~"}
"""What stands for a value that is not known, in lower case."""

_DIGIT_GROUP = re.compile(r"(?<=\d)[ '’_\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_CURRENCY = re.compile(r"(?<![^-+])[$€£¥]\s*|\s*[$€£¥]$")
_DECIMAL = re.compile(r"[-+]?\d*[.,]\d*(?:[eE][-+]?\d+)?")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+|[-+]?[1-9]\d{0,2}(?:\.\d{3})+")
_BOTH = re.compile(r"[-+]?\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d*")
_OTHER = {",": ".", ".": ","}


class Cell(NamedTuple):
    """A cell and the line on which its row begins."""

    line: int
    text: str


class Sheet(NamedTuple):
    """A table: its header, and its rows, each cut to the columns of the header."""

    path: str
    header: list[Cell]
    rows: list[list[Cell]]
    separator: str


def read_sheet(path: str | Path, most: int | None = None) -> Sheet:
    """Return the table in a CSV file.

    Cells are separated by commas, semicolons, tabs or bars, as the first line shows. Lines that
    begin with ``#`` and empty ones are skipped. A row that is too short has empty cells at its end.

    Parameters
    ----------
    path
        Of the file.
    most
        Number of rows that it may hold.

    Raises
    ------
    FileError
        For a row that is longer than the header, a quote that is not closed, a column without a
        name (except the first, which is an index), or no row at all.
    """
    lines = list(io.StringIO(read_text(path), newline=""))
    separator = _separator(lines)
    found: list[list[Cell]] = []
    for row in _rows(lines, separator, path):
        if found and any(cell.text for cell in row[len(found[0]) :]):
            raise FileError(
                path,
                f"{len(row)} cells, but {len(found[0])} columns in the header; put quotes around "
                "a cell that contains the separator",
                row[0].line,
            )
        found.append(row)
        if most is not None and len(found) > most + 1:
            raise FileError(path, f"there are too many rows: {most:,} at most")
    if not found:
        raise FileError(path, "the file is empty; its first line must name the columns")
    header, *rows = found
    if not rows:
        raise FileError(path, "there are no rows below the line that names the columns")
    empty = Cell(0, "")
    rows = [[*row, *[empty] * len(header)][: len(header)] for row in rows]
    for number, name in reversed(list(enumerate(header))[1:]):
        if not name.text:
            filled = next((row[number] for row in rows if row[number].text), None)
            if filled is not None:
                raise FileError(path, f"column {number + 1} has no name", filled.line)
            for row in (header, *rows):
                del row[number]
    return Sheet(str(path), header, rows, separator)


def _separator(lines: list[str]) -> str:
    """Return what separates cells; a line ``sep=;``, as spreadsheets write it, is taken out."""
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith("#"):
            said = re.fullmatch(rf"sep=([{SEPARATORS}])\s*", line)
            if said:
                lines[number] = "\n"
                return said[1]
            bare = re.sub(r'"[^"]*"', "", line)
            return max(SEPARATORS, key=bare.count)
    return ","


def _rows(lines: Sequence[str], separator: str, path: str | Path) -> Iterator[list[Cell]]:
    """Yield the rows that hold something; a quoted cell that begins with ``#`` is no comment."""
    begun = 0  # line on which the row being read began; 0: none
    number = 0
    width = 0  # of the header

    def following() -> Iterator[str]:
        nonlocal begun, number
        for number, line in enumerate(lines, 1):
            if not begun and (line.startswith("#") or not line.strip()):
                if re.match(r"#[^\W\d]", line) and line.count(separator) + 1 == width > 1:
                    raise FileError(
                        path,
                        "this may be a row or a comment; put quotes around a cell that begins "
                        "with #, or a space after the # of a comment",
                        number,
                    )
                continue
            begun = begun or number
            yield line

    try:
        for cells in csv.reader(following(), delimiter=separator, strict=True):
            row = [Cell(begun, cell.strip()) for cell in cells]
            for cell in row:
                if separator in "".join(cell.text.splitlines()[1:]):
                    raise _unclosed(path, begun)
            begun, width = 0, width or len(row)
            if any(cell.text for cell in row):
                yield [Cell(cell.line, " ".join(cell.text.split())) for cell in row]
    except csv.Error as error:
        if "end of data" in str(error) or number > begun:
            raise _unclosed(path, begun) from None
        raise FileError(path, f"this is not CSV: {error}", begun) from None


def _unclosed(path: str | Path, line: int) -> FileError:
    return FileError(path, "a quote is opened here and not closed in its row; close it", line)


def plain_numbers(sheet: Sheet, columns: Mapping[str, Sequence[Cell]]) -> dict[str, list[Cell]]:
    """Return columns with every number written plainly, as ``-1234.5``.

    Decimal commas, thousands marks and currency signs are understood where a column itself shows
    what they mean: a comma is a decimal mark in a column with ``20,5``, and a thousands mark in one
    with ``1,020,300`` or ``1,020.5``. A point alone is a decimal mark where commas separate cells.
    Other texts stay as they are.

    Parameters
    ----------
    sheet
        The table that the columns are from.
    columns
        Their cells, by name.

    Raises
    ------
    FileError
        With the line, where marks are mixed or ``1,020`` might be either number.

    Examples
    --------
    >>> sheet = Sheet("x.csv", [], [], ";")
    >>> plain_numbers(sheet, {"price": [Cell(2, "1.020,5"), Cell(3, "985")]})
    {'price': [Cell(line=2, text='1020.5'), Cell(line=3, text='985')]}
    """
    cleaned = {
        name: [Cell(cell.line, _without_groups(cell.text)) for cell in cells]
        for name, cells in columns.items()
    }
    first: dict[str, tuple[str, Cell]] = {}  # decimal mark -> the first cell that proves it
    decimals: dict[str, str] = {}
    for name, cells in cleaned.items():
        for cell in cells:
            mark = _decimal_mark(cell.text)
            if mark:
                first.setdefault(mark, (name, cell))
                decimals.setdefault(name, mark)
    if len(first) == 2:
        (before, (_, one)), (_, (name, two)) = sorted(first.items(), key=lambda e: e[1][1].line)
        raise FileError(
            sheet.path,
            f"{name} = {two.text}, but line {one.line} has {one.text} with the decimal mark "
            f"{before}; write all numbers with one decimal mark",
            two.line,
        )
    return {
        name: [_plain(sheet, name, cell, decimals.get(name)) for cell in cells]
        for name, cells in cleaned.items()
    }


def _without_groups(text: str) -> str:
    return _DIGIT_GROUP.sub("", _CURRENCY.sub("", text.replace("−", "-")))


def _decimal_mark(text: str) -> str:
    """Return the decimal mark that a number proves to be used; empty: it proves none."""
    marks = [mark for mark in ",." if mark in text]
    if len(marks) == 2:
        return max(marks, key=text.rfind) if _BOTH.fullmatch(text) else ""
    if not marks:
        return ""
    if text.count(marks[0]) > 1:
        return _OTHER[marks[0]] if _GROUPED.fullmatch(text) else ""
    return marks[0] if _DECIMAL.fullmatch(text) and not _GROUPED.fullmatch(text) else ""


def _plain(sheet: Sheet, name: str, cell: Cell, decimal: str | None) -> Cell:
    line, text = cell
    if not (_DECIMAL.fullmatch(text) or _GROUPED.fullmatch(text) or _BOTH.fullmatch(text)):
        return cell
    if decimal is None:
        if "," in text or sheet.separator != ",":
            whole, fraction = re.sub("[.,]", "", text), re.sub("[.,]", ".", text)
            raise FileError(
                sheet.path,
                f"{name} = {text} may be {whole} or {fraction}, and no other value of {name} tells "
                "which; write it without a thousands mark and with a decimal point",
                line,
            )
        decimal = "."
    return Cell(line, text.replace(_OTHER[decimal], "").replace(decimal, "."))
