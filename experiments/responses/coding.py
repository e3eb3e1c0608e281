"""A table of cases, coded by the rules in ``conf/responses/codebook.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from experiments.files import FileError, read_yaml
from experiments.places import CONF
from experiments.spreadsheet import UNKNOWN, Cell, Sheet, read_sheet
from experiments.validation import Description, validated
from sim.parameters import unknown_name

FOLDER = CONF / "responses"
CASE, RESPONSE = "case", "response"
ABOUT = ("year", "stated", "status", "source", "note")
"""Columns that say where the coding of a case comes from; nothing is computed from them."""

MOST_ROWS = 1_000
SAME = {"yes": "1", "true": "1", "1.0": "1", "no": "0", "false": "0", "0.0": "0"}
"""What spreadsheets write for 1 and 0."""


class Input(Description):
    """What a case was like before users acted."""

    label: str
    rule: str
    """By which it is coded."""
    levels: list[str]


class Codebook(Description):
    """The rules of coding."""

    inputs: dict[str, Input]
    responses: dict[str, str]
    """What those who mobilised may have done, each with its meaning."""


@dataclass(frozen=True)
class CodedCase:
    """A case as it is coded.

    Attributes
    ----------
    name
        Of the case.
    inputs
        The level of each input that is known.
    response
        What those who mobilised did; empty if it is not known.
    """

    name: str
    inputs: dict[str, str]
    response: str

    def row(self) -> dict[str, str]:
        """Return the case as a row of its table, without what is not known."""
        known = {RESPONSE: self.response} if self.response else {}
        return {CASE: self.name, **self.inputs, **known}


@cache
def read_codebook() -> Codebook:
    """Return the rules of coding."""
    path = FOLDER / "codebook.yaml"
    return validated(Codebook, read_yaml(path), str(path))


def read_cases(path: str | Path) -> list[CodedCase]:
    """Return the cases of a CSV file, a row a case; its columns are those of docs/cases.md.

    Parameters
    ----------
    path
        Of the file. The column ``case`` is needed; an input that has no column, or an empty cell,
        is not known.

    Raises
    ------
    FileError
        Naming the file, the line and the column, and the nearest name.
    """
    sheet = read_sheet(path, MOST_ROWS)
    columns = _columns(sheet)
    book = read_codebook()
    levels = {name: about.levels for name, about in book.inputs.items()}
    levels[RESPONSE] = list(book.responses)
    rows: list[dict[str, str]] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        name = row[columns[CASE]]
        if not name.text:
            raise FileError(sheet.path, "the row has no name in the column case", row[0].line)
        if name.text in seen:
            raise FileError(
                sheet.path, f"case {name.text} is in line {seen[name.text]} too", name.line
            )
        seen[name.text] = name.line
        coded = {
            column: _level(sheet, column, row[columns[column]], choices)
            for column, choices in levels.items()
            if column in columns
        }
        known = {column: level for column, level in coded.items() if level}
        rows.append({CASE: name.text, **known})
    return cases_of(rows)


def cases_of(rows: list[dict[str, str]]) -> list[CodedCase]:
    """Return cases from their rows (`CodedCase.row`)."""
    return [
        CodedCase(
            row[CASE],
            {key: level for key, level in row.items() if key not in (CASE, RESPONSE)},
            row.get(RESPONSE, ""),
        )
        for row in rows
    ]


def _columns(sheet: Sheet) -> dict[str, int]:
    """Return which column holds what."""
    known = [CASE, *read_codebook().inputs, RESPONSE, *ABOUT]
    found: dict[str, int] = {}
    for at, (line, text) in enumerate(sheet.header):
        name = text.lower().replace(" ", "_")
        if name not in known:
            raise FileError(
                sheet.path,
                f"column {at + 1}: {unknown_name(text[:40], known, 'column')}; there are "
                f"{', '.join(known)}",
                line,
            )
        if name in found:
            raise FileError(sheet.path, f"column {name} is there twice", line)
        found[name] = at
    if CASE not in found:
        line = sheet.header[0].line
        raise FileError(sheet.path, "column case is missing; the first line names columns", line)
    return found


def _level(sheet: Sheet, column: str, cell: Cell, levels: list[str]) -> str:
    """Return the level in a cell; empty: not known."""
    text = cell.text.lower()
    level = SAME.get(text, text.replace(" ", "_"))
    if level in UNKNOWN:
        return ""
    if level not in levels:
        known = unknown_name(cell.text[:40], levels, "value")
        raise FileError(
            sheet.path,
            f"column {column}: {known}; it must be one of {', '.join(levels)}, or empty if it is "
            "not known",
            cell.line,
        )
    return level
