"""The course of the weeks in each variant, and who calls which outcome a success."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.outcomes_by_goal import outcomes_by_goal
from experiments.analysis.tables import part
from experiments.analysis.trajectories import trajectories
from experiments.analysis.variants import VARIANT
from experiments.report import phrases
from experiments.report.again import simulated
from experiments.report.document import Paragraph, Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery

SERIES = ("active", "aware", "commons_view", "literacy")
DRAWN = 60  # replicates in a fan


def fan_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with the weeks of each variant, in the last of the settings tried."""
    from experiments.analysis.variants import settings
    from experiments.figures import fans

    name = found.variant_parts[0]
    last = found.points[name][-1]
    over = settings(part(found.runs, name))
    points = [p for p in found.points[name] if all(p[s] == last[s] for s in over)]
    replicates = sorted(part(found.runs, name)["replicate"].unique())[:DRAWN]
    weekly, runs = [], []
    for number, point in enumerate(points):
        for replicate in map(int, replicates):
            marks = {"point": number, "replicate": replicate}
            weekly.append(
                simulated(found, point, replicate).weekly[["week", *SERIES]].assign(**marks)
            )
            runs.append(marks | {VARIANT: point[VARIANT]})
    table = trajectories(pd.concat(weekly), pd.DataFrame(runs), SERIES)
    labels = {str(point[VARIANT]): phrases.plain(point[VARIANT]) for point in points}
    where = phrases.settings({setting: last[setting] for setting in over})
    return [
        section(
            "The course of the weeks",
            Paragraph(
                f"{text.counted(len(replicates), 'replicate')} of each variant, made again from "
                f"their seeds{f', in the last setting tried, {where}' if over else ''}."
            ),
            gallery.add("fans", fans.draw(table, labels), fans.describe(table, labels), table),
        )
    ]


# -- goals -----------------------------------------------------------------------------------------


def goals_answer(found: Findings) -> str:
    """Return the outcome over which those with different goals disagree most."""
    from experiments.figures import goals

    return f"{goals.headline(_judged(found))}."


def goal_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on who calls what a success."""
    from experiments.figures import goals

    table = _judged(found)
    if table.empty or table["satisfaction"].isna().all():
        return []
    rows = pd.DataFrame(
        {
            "variant": table[VARIANT].map(phrases.plain),
            "outcome": table["grade"],
            "runs": [
                text.share(r.share, r.share_low, r.share_high) for r in table.itertuples()
            ],
            "goal": table["goal"],
            "satisfaction (−1 to 1)": [
                text.number(r.satisfaction, r.low, r.high, sign=True) for r in table.itertuples()
            ],
        }
    )  # fmt: skip
    alt = goals.describe(table, VARIANT)
    return [
        section(
            "Who calls the same outcome a success",
            gallery.add("goals", goals.draw(table, VARIANT), alt, table),
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
