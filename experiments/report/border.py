"""The border of emergence over two parameters, and how it sharpens as the base of users grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.finite_size import SIZE, scaling, transitions
from experiments.analysis.phase_border import areas, phase_border
from experiments.analysis.tables import emergence, groups, part
from experiments.figures import finite_size
from experiments.figures import phase_border as drawing
from experiments.report.document import Heading, Section, Table, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, here, say, value
from sim.columns import label

HALF = 0.5
FOLLOWS_SIZE = {"users.people_per_agent"}  # may be set along with the number of users


class Border(NamedTuple):
    """The surface of a part, and what it is over."""

    across: str
    up: str
    by: list[str]
    table: pd.DataFrame

    @property
    def areas(self) -> list[dict[str, Any]]:
        """The shares of the plane on its sides, with the values of what it is by in ``where``."""
        rows = areas(self.table, self.by).to_dict("records")
        return [row | {"where": {name: row[name] for name in self.by}} for row in rows]


def border_parts(found: Findings) -> list[str]:
    """Return the parts that vary two parameters or more, both numbers."""
    return [name for name in found.grid_parts if len(_axes(found, name)) > 1]


def border_answer(found: Findings) -> str:
    """Return between which shares of the plane a movement is more likely than not."""
    across, up, by, _ = border = _border(found)
    ordered = sorted(border.areas, key=lambda row: row["above"])
    ends = [ordered[0], ordered[-1]] if by else ordered
    return say("grids", "more_likely", ends=ends, by=by, over=(across, up))


def border_surprise(found: Findings) -> str:
    """Return how well the runs know where the border is."""
    widest = max(_border(found).areas, key=lambda row: row["undecided"])
    return say("grids", "not_known_exactly", **widest)


def border_sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield the section on the border."""
    across, up, by, table = border = _border(found)
    where = areas(table, by)
    listed = {
        **{label(name): where[name].map(value) for name in by},
        "more likely than not in": where["above"].map(text.share),
        "surely so in": where["surely_above"].map(text.share),
        "surely not in": where["surely_below"].map(text.share),
    }
    marks = _runs(found)[[*by, across, up]].drop_duplicates()
    yield section(
        "The border of emergence",
        gallery.add(
            "phase_border",
            drawing.draw(table, across, up, by, marks=marks),
            table,
        ),
        Table.of(listed, say("grids", "shares_of_plane", over=(across, up))),
        Heading("Where the border runs"),
        Table.of(_needed(border), say("grids", "smallest", up=up)),
    )


def _needed(border: Border) -> pd.DataFrame:
    """Return the border at some values of the first parameter, with where it surely is."""
    across, up, by, table = border
    values = np.sort(table[across].unique())
    chosen = values[np.unique(np.linspace(0, len(values) - 1, 4).round().astype(int))]
    rows = []
    for key, surface in groups(table, by):
        row = {label(name): value(each) for name, each in key.items()}
        for place in chosen:
            line = surface[surface[across] == place].sort_values(up)
            ends = [_first(line, up, name) for name in ("share", "high", "low")]
            first = ends[0]
            if ends[0] != ends[1] or ends[0] != ends[2]:
                first += f" [{ends[1]} to {ends[2]}]"
            row[f"at {label(across)} {place:.3g}"] = first
        rows.append(row)
    return pd.DataFrame(rows)


def _first(line: pd.DataFrame, up: str, column: str) -> str:
    reached = line.loc[line[column] >= HALF, up]
    return "none" if reached.empty else f"{reached.iloc[0]:.2f}"


def _axes(found: Findings, name: str) -> list[str]:
    runs = part(found.runs, name)
    return [n for n in found.varied_in(name) if pd.api.types.is_numeric_dtype(runs[n])]


def _runs(found: Findings) -> pd.DataFrame:
    """Return the runs of the first such part, and of all that vary the same."""
    names = border_parts(found)
    axes = set(_axes(found, names[0]))
    alike = [n for n in names if set(_axes(found, n)) == axes]
    return found.runs[found.runs["part"].isin(alike)]


def _border(found: Findings) -> Border:
    across, up, *by = _axes(found, border_parts(found)[0])
    by = by[:2]
    table = found.cached("border", lambda: phase_border(_runs(found), across, up, by))
    return Border(across, up, by, table)


# -- how it sharpens with the number of users ------------------------------------------------------


def size_parts(found: Findings) -> list[str]:
    """Return the parts that vary the number of users and one other parameter."""
    return [name for name in found.grid_parts if _control(found, name)]


def size_answer(found: Findings) -> str:
    """Return whether the transition sharpens, for each part."""
    headlines = [
        f"{finite_size.headline(scaling(_transitions(found, name)))} ({found.part_label(name)})"
        for name in size_parts(found)
    ]
    return f"{'; '.join(headlines)}."


def size_sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield a section a part."""
    for name in size_parts(found):
        control, table = str(_control(found, name)), _transitions(found, name)
        shares, scaled = emergence(part(found.runs, name), [control, SIZE]), scaling(table)
        listed = {
            "users": [f"{int(size):,}" for size in table["size"]],
            f"half of the runs at {label(control)} =": cells(table, "midpoint", text.number),
            "width, from 10 to 90 %": cells(table, "width", text.number),
            "status": table["status"],
            "runs": table["runs"],
        }
        yield section(
            f"How emergence sets in: {found.part_label(name)}",
            here(found.sets(name)),
            gallery.add(
                f"sizes-{name}",
                finite_size.draw(shares, table, scaled, control, SIZE),
                table,
            ),
            Table.of(listed, "A logistic curve for each number of users; 95 % intervals"),
        )


def _transitions(found: Findings, name: str) -> pd.DataFrame:
    control = str(_control(found, name))
    return found.cached(f"sizes {name}", lambda: transitions(part(found.runs, name), control))


def _control(found: Findings, name: str) -> str | None:
    others = [other for other in found.varied_in(name) if other not in {SIZE, *FOLLOWS_SIZE}]
    return others[0] if SIZE in found.varied_in(name) and len(others) == 1 else None
