"""Who calls the same outcome a success: those with different goals."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.outcomes_by_goal import outcomes_by_goal
from experiments.analysis.tables import part
from experiments.analysis.variants import VARIANT
from experiments.figures import goals as drawing
from experiments.report import phrases
from experiments.report.document import Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery

surprise = phrases.nothing


def fits(found: Findings) -> bool:
    """Whether variants were run whose outcomes can be judged."""
    return bool(found.variant_parts)


def answer(found: Findings) -> str:
    """Return the outcome over which those with different goals disagree most."""
    return f"{drawing.headline(_judged(found))}."


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on who calls what a success."""
    table = _judged(found)
    if table.empty or table["satisfaction"].isna().all():
        return []
    rows = {
        "variant": table[VARIANT].map(phrases.plain),
        "outcome": table["grade"],
        "runs": [
            text.share(r.share, r.share_low, r.share_high) for r in table.itertuples()
        ],
        "goal": table["goal"],
        "satisfaction (−1 to 1)": [
            text.number(r.satisfaction, r.low, r.high, sign=True) for r in table.itertuples()
        ],
    }  # fmt: skip
    return [
        section(
            "Who calls the same outcome a success",
            gallery.show("goals", drawing.draw, table, VARIANT),
            details(
                "All outcomes and goals",
                Table.of(
                    rows,
                    "Satisfaction of those who took part, weighted by the goal; 95 % intervals "
                    "over replicates",
                ),
            ),
        )
    ]


def _judged(found: Findings) -> pd.DataFrame:
    runs = part(found.runs, found.variant_parts[0])
    took_part = runs["satisfaction_convert"].notna().groupby(runs[VARIANT]).any()
    return outcomes_by_goal(runs[runs[VARIANT].map(took_part)], (VARIANT,))
