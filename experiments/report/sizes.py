"""Whether emergence is a transition that sharpens as the base of users grows."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.finite_size import SIZE, scaling, transitions
from experiments.analysis.tables import part
from experiments.figures import finite_size
from experiments.report import phrases
from experiments.report.document import Section, Table, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from sim.columns import label

FOLLOWS_SIZE = {"users.people_per_agent"}  # may be set along with the number of users


surprise = phrases.nothing


def fits(found: Findings) -> bool:
    """Whether some part varies the number of users and one other parameter."""
    return bool(size_parts(found))


def size_parts(found: Findings) -> list[str]:
    """Return the parts that vary the number of users and one other parameter."""
    return [name for name in found.grid_parts if _control(found, name)]


def answer(found: Findings) -> str:
    """Return whether the transition sharpens, for each part."""
    headlines = [
        f"{finite_size.headline(scaling(_table(found, name)))} ({found.part_label(name)})"
        for name in size_parts(found)
    ]
    return f"{'; '.join(headlines)}."


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part."""
    return [_section(found, gallery, name) for name in size_parts(found)]


def _section(found: Findings, gallery: Gallery, name: str) -> Section:
    control = str(_control(found, name))
    shares = emergence(part(found.runs, name), [control, SIZE])
    table = _table(found, name)
    scaled = scaling(table)
    listed = {
        "users": [f"{int(size):,}" for size in table["size"]],
        f"half of the runs at {label(control)} =": [
            text.number(r.midpoint, r.midpoint_low, r.midpoint_high) for r in table.itertuples()
        ],
        "width, from 10 to 90 %": [
            text.number(r.width, r.width_low, r.width_high) for r in table.itertuples()
        ],
        "status": table["status"],
        "runs": table["runs"],
    }
    return section(
        f"How emergence sets in: {found.part_label(name)}",
        phrases.here(found.sets(name)),
        gallery.add(
            f"sizes-{name}",
            finite_size.draw(shares, table, scaled, control, SIZE),
            table,
        ),
        Table.of(listed, "A logistic curve for each number of users; 95 % intervals"),
    )


def _table(found: Findings, name: str) -> pd.DataFrame:
    control = str(_control(found, name))
    return found.cached(f"sizes {name}", lambda: transitions(part(found.runs, name), control))


def _control(found: Findings, name: str) -> str | None:
    varied = found.varied_in(name)
    others = [other for other in varied if other not in {SIZE, *FOLLOWS_SIZE}]
    return others[0] if SIZE in varied and len(others) == 1 else None
