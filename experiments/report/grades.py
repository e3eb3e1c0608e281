"""How far the movement came in each variant, and who calls the same outcome a success."""

from __future__ import annotations

from functools import partial

import pandas as pd

from experiments import text
from experiments.analysis.grades import grades, outcomes_by_goal
from experiments.analysis.tables import part
from experiments.analysis.variants import VARIANT, settings
from experiments.figures import grades as drawing
from experiments.report.document import Heading, Part, Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, here, plain, say
from sim.columns import label


def grade_answer(found: Findings) -> str:
    """Return the share of the highest grade in each variant, in every part."""
    headlines = [
        f"{drawing.headline(_grades(found, name), VARIANT)} ({found.part_label(name)})"
        for name in _parts(found)
    ]
    return f"{'; '.join(headlines)}." if headlines else ""


def grade_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the grades of the outcome."""
    parts = [node for name in _parts(found) for node in _nodes(found, gallery, name)]
    return [section("How far the movement came", *parts)]


def _nodes(found: Findings, gallery: Gallery, name: str) -> list[Part]:
    table, across = _grades(found, name), _across(found, name)
    wide = table.assign(shown=cells(table, "share"))
    wide = wide.pivot(index=[VARIANT, across], columns="grade", values="shown")
    wide = wide.loc[:, list(table["grade"].unique())].reset_index()
    wide[VARIANT] = wide[VARIANT].map(plain)
    wide = wide.rename(columns={VARIANT: "variant", across: label(across)})
    return [
        Heading(text.capitalised(found.part_label(name))),
        here(found.sets(name)),
        gallery.show(f"grades-{name}", drawing.draw, table, VARIANT, across),
        details("All grades", Table.of(wide, "Share of runs, with 95 % intervals")),
    ]


def _parts(found: Findings) -> list[str]:
    return [name for name in found.variant_parts if settings(part(found.runs, name))]


def _across(found: Findings, name: str) -> str:
    runs = part(found.runs, name)
    return max(settings(runs), key=lambda column: runs[column].nunique())


def _grades(found: Findings, name: str) -> pd.DataFrame:
    runs = part(found.runs, name)
    return found.cached(f"grades {name}", lambda: grades(runs, (VARIANT, _across(found, name))))


def goal_answer(found: Findings) -> str:
    """Return the outcome over which those with different goals disagree most."""
    return f"{drawing.goals_headline(_judged(found))}."


def goal_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on who calls what a success."""
    table = _judged(found)
    if table.empty or table["satisfaction"].isna().all():
        return []
    rows = {
        "variant": table[VARIANT].map(plain),
        "outcome": table["grade"],
        "runs": cells(table, "share"),
        "goal": table["goal"],
        "satisfaction (−1 to 1)": cells(table, "satisfaction", partial(text.number, sign=True)),
    }
    return [
        section(
            "Who calls the same outcome a success",
            gallery.show("goals", drawing.draw_goals, table, VARIANT),
            details("All outcomes and goals", Table.of(rows, say("variants", "satisfaction"))),
        )
    ]


def _judged(found: Findings) -> pd.DataFrame:
    runs = part(found.runs, found.variant_parts[0])
    took_part = runs["satisfaction_convert"].notna().groupby(runs[VARIANT]).any()
    return outcomes_by_goal(runs[runs[VARIANT].map(took_part)], (VARIANT,))
