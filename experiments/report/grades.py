"""How far the movement came in each arm, along the first of what else varies."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import words
from experiments.analysis.grades import grades
from experiments.analysis.tables import part
from experiments.analysis.variants import ARM, settings
from experiments.report.document import Heading, Node, Paragraph, Section, Table, details, section
from experiments.report.findings import Findings, intervals, told_settings
from experiments.report.gallery import Gallery


def grades_answer(found: Findings) -> str:
    """Return the share of the highest grade in each arm, in every part."""
    from experiments.figures import grades as drawing

    told = [
        f"{drawing.headline(_table(found, name), ARM)} ({found.arm(name)})"
        for name in _parts(found)
    ]
    return f"{'; '.join(told)}." if told else ""


def grade_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the grades of the outcome."""
    parts = [node for name in _parts(found) for node in _told(found, gallery, name)]
    return [section("How far the movement came", *parts)]


def _told(found: Findings, gallery: Gallery, name: str) -> list[Node | None]:
    from experiments.figures import grades as drawing

    table, across = _table(found, name), _across(found, name)
    wide = table.assign(told=[words.share(*row) for row in intervals(table, "share")])
    wide = wide.pivot(index=[ARM, across], columns="grade", values="told")
    wide = wide.loc[:, list(table["grade"].unique())].reset_index()
    wide[ARM] = [str(label).replace("_", " ") for label in wide[ARM]]
    sets = found.sets(name)
    return [
        Heading(found.arm(name).capitalize()),
        Paragraph(f"Here {told_settings(sets)}.") if sets else None,
        gallery.add(
            f"grades-{name}",
            drawing.draw(table, ARM, across),
            drawing.describe(table, ARM, across),
            table,
        ),
        details(
            "All grades",
            Table.of(wide.rename(columns={ARM: "arm"}), "Share of runs, with 95 % intervals"),
        ),
    ]


def _parts(found: Findings) -> list[str]:
    return [name for name in found.arm_parts if settings(part(found.runs, name))]


def _across(found: Findings, name: str) -> str:
    runs = part(found.runs, name)
    return max(settings(runs), key=lambda column: runs[column].nunique())


def _table(found: Findings, name: str) -> pd.DataFrame:
    runs = part(found.runs, name)
    return found.kept(f"grades {name}", lambda: grades(runs, (ARM, _across(found, name))))
