"""How far the movement came in each variant, along the first of what else varies."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.grades import grades
from experiments.analysis.tables import part
from experiments.analysis.variants import VARIANT, settings
from experiments.figures import grades as drawing
from experiments.report import phrases
from experiments.report.document import Heading, Part, Section, Table, details, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from sim.columns import label

surprise = phrases.nothing


def fits(found: Findings) -> bool:
    """Whether there are variants."""
    return bool(found.variant_parts)


def answer(found: Findings) -> str:
    """Return the share of the highest grade in each variant, in every part."""
    headlines = [
        f"{drawing.headline(_table(found, name), VARIANT)} ({found.part_label(name)})"
        for name in _parts(found)
    ]
    return f"{'; '.join(headlines)}." if headlines else ""


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the grades of the outcome."""
    parts = [node for name in _parts(found) for node in _nodes(found, gallery, name)]
    return [section("How far the movement came", *parts)]


def _nodes(found: Findings, gallery: Gallery, name: str) -> list[Part]:
    table, across = _table(found, name), _across(found, name)
    wide = table.assign(shown=[text.share(*row) for row in intervals(table, "share")])
    wide = wide.pivot(index=[VARIANT, across], columns="grade", values="shown")
    wide = wide.loc[:, list(table["grade"].unique())].reset_index()
    wide[VARIANT] = wide[VARIANT].map(phrases.plain)
    wide = wide.rename(columns={VARIANT: "variant", across: label(across)})
    return [
        Heading(text.capitalised(found.part_label(name))),
        phrases.here(found.sets(name)),
        gallery.show(f"grades-{name}", drawing.draw, table, VARIANT, across),
        details("All grades", Table.of(wide, "Share of runs, with 95 % intervals")),
    ]


def _parts(found: Findings) -> list[str]:
    return [name for name in found.variant_parts if settings(part(found.runs, name))]


def _across(found: Findings, name: str) -> str:
    runs = part(found.runs, name)
    return max(settings(runs), key=lambda column: runs[column].nunique())


def _table(found: Findings, name: str) -> pd.DataFrame:
    runs = part(found.runs, name)
    return found.cached(f"grades {name}", lambda: grades(runs, (VARIANT, _across(found, name))))
