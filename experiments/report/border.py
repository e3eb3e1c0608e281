"""The border of emergence over two parameters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.phase_border import areas, phase_border
from experiments.analysis.tables import part
from experiments.figures import phase_border as drawing
from experiments.report import phrases
from experiments.report.document import Heading, Node, Section, Table, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from sim.columns import label

HALF = 0.5


class Border(NamedTuple):
    """The surface of a part, and what it is over."""

    across: str
    up: str
    by: list[str]
    table: pd.DataFrame


def fits(found: Findings) -> bool:
    """Whether some part varies two parameters or more, both numbers."""
    return bool(_parts(found))


def answer(found: Findings) -> str:
    """Return between which shares of the plane a movement is more likely than not."""
    border = _border(found)
    over = phrases.labels((border.across, border.up))
    table = areas(border.table, border.by)
    if not border.by:
        return f"A movement is more likely than not in {_share(table.iloc[0])} of {over}."
    ordered = table.sort_values("above")
    ends = ordered.iloc[0], ordered.iloc[-1]
    shares = [f"{_share(row)} with {_where(row, border.by)}" for row in ends]
    return f"A movement is more likely than not in {' and '.join(shares)} of the plane of {over}."


def surprise(found: Findings) -> str:
    """Return how well the runs know where the border is."""
    border = _border(found)
    table = areas(border.table, border.by)
    widest = table.loc[table["undecided"].idxmax()]
    where = f", with {_where(widest, border.by)}" if border.by else ""
    return (
        f"Where the border runs is not known exactly: in up to {text.share(widest['undecided'])} "
        f"of the plane these runs leave open on which side of it one is{where}."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the border."""
    border = _border(found)
    across, up, by, table = border
    runs = _runs(found)
    marks = runs[[*by, across, up]].drop_duplicates()
    where = areas(table, by)
    listed = {
        **{label(name): where[name].map(phrases.value) for name in by},
        "more likely than not in": where["above"].map(text.share),
        "surely so in": where["surely_above"].map(text.share),
        "surely not in": where["surely_below"].map(text.share),
    }
    parts: list[Node] = [
        gallery.add(
            "phase_border",
            drawing.draw(table, across, up, by, marks=marks),
            table,
        ),
        Table.of(
            listed,
            f"Shares of the plane of {phrases.labels((across, up))}, over the ranges tried; "
            "sure by 95 % intervals",
        ),
        Heading("Where the border runs"),
        Table.of(
            _needed(border), f"Smallest {label(up)} from which a movement is more likely than not"
        ),
    ]
    return [section("The border of emergence", *parts)]


def _needed(border: Border) -> pd.DataFrame:
    """Return the border at some values of the first parameter, with where it surely is."""
    across, up, by, table = border
    values = np.sort(table[across].unique())
    chosen = values[np.unique(np.linspace(0, len(values) - 1, 4).round().astype(int))]
    rows = []
    groups = table.groupby(by, sort=True) if by else [((), table)]
    for key, surface in groups:
        row = dict(zip(map(label, by), map(phrases.value, key), strict=True))
        for value in chosen:
            line = surface[surface[across] == value].sort_values(up)
            ends = [_first(line, up, name) for name in ("share", "high", "low")]
            first = ends[0]
            if ends[0] != ends[1] or ends[0] != ends[2]:
                first += f" [{ends[1]} to {ends[2]}]"
            row[f"at {label(across)} {value:.3g}"] = first
        rows.append(row)
    return pd.DataFrame(rows)


def _first(line: pd.DataFrame, up: str, column: str) -> str:
    reached = line.loc[line[column] >= HALF, up]
    return "none" if reached.empty else f"{reached.iloc[0]:.2f}"


def _parts(found: Findings) -> list[str]:
    return [n for n in found.grid_parts if len(_axes(found, n)) > 1]


def _axes(found: Findings, name: str) -> list[str]:
    runs = part(found.runs, name)
    return [n for n in found.varied_in(name) if pd.api.types.is_numeric_dtype(runs[n])]


def _runs(found: Findings) -> pd.DataFrame:
    """Return the runs of the first such part, and of all that vary the same."""
    names = _parts(found)
    axes = set(_axes(found, names[0]))
    alike = [n for n in names if set(_axes(found, n)) == axes]
    return found.runs[found.runs["part"].isin(alike)]


def _border(found: Findings) -> Border:
    across, up, *by = _axes(found, _parts(found)[0])
    by = by[:2]
    table = found.cached("border", lambda: phase_border(_runs(found), across, up, by))
    return Border(across, up, by, table)


def _share(row: pd.Series) -> str:
    return text.share(row["above"])


def _where(row: pd.Series, by: list[str]) -> str:
    return phrases.settings({name: row[name] for name in by})
