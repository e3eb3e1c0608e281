"""The course of the weeks in each arm, and who calls which outcome a success."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import words
from experiments.analysis.outcomes_by_goal import outcomes_by_goal
from experiments.analysis.tables import part
from experiments.analysis.trajectories import trajectories
from experiments.analysis.variants import ARM
from experiments.report.document import Paragraph, Section, Table, details, section
from experiments.report.findings import Findings, told_value
from experiments.report.gallery import Gallery

SERIES = ("active", "aware", "commons_view", "literacy")
DRAWN = 60  # replicates in a fan


def fan_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with the weeks of each arm, in the last of the settings tried."""
    from experiments.analysis.variants import settings
    from experiments.figures import fans

    name = found.arm_parts[0]
    last = found.points[name][-1]
    over = settings(part(found.runs, name))
    points = [p for p in found.points[name] if all(p[s] == last[s] for s in over)]
    replicates = sorted(part(found.runs, name)["replicate"].unique())[:DRAWN]
    weekly, runs = [], []
    for number, point in enumerate(points):
        for replicate in map(int, replicates):
            marks = {"point": number, "replicate": replicate}
            weekly.append(
                found.simulated(point, replicate).weekly[["week", *SERIES]].assign(**marks)
            )
            runs.append(marks | {ARM: point[ARM]})
    table = trajectories(pd.concat(weekly), pd.DataFrame(runs), SERIES)
    labels = {str(point[ARM]): str(point[ARM]).replace("_", " ") for point in points}
    where = "".join(f", {setting} = {told_value(last[setting])}" for setting in over)
    return [
        section(
            "The course of the weeks",
            Paragraph(
                f"{words.counted(len(replicates), 'replicate')} of each arm, made again from their "
                f"seeds{', in the last setting tried' if over else ''}{where}."
            ),
            gallery.add("fans", fans.draw(table, labels), fans.describe(table, labels), table),
        )
    ]


# -- goals -----------------------------------------------------------------------------------------


def goals_answer(found: Findings) -> str:
    """Return the outcome over which those with different goals disagree most."""
    from experiments.figures import goal_mosaic

    return f"{goal_mosaic.headline(_judged(found))}."


def goal_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on who calls what a success."""
    from experiments.figures import goal_mosaic

    table = _judged(found)
    if table.empty or table["satisfaction"].isna().all():
        return []
    told = pd.DataFrame(
        {
            "arm": [str(arm).replace("_", " ") for arm in table[ARM]],
            "outcome": table["grade"],
            "runs": [
                words.share(r.share, r.share_low, r.share_high) for r in table.itertuples()
            ],
            "goal": table["goal"],
            "satisfaction (−1 to 1)": [
                words.number(r.satisfaction, r.low, r.high, sign=True) for r in table.itertuples()
            ],
        }
    )  # fmt: skip
    alt = goal_mosaic.describe(table, ARM)
    return [
        section(
            "Who calls the same outcome a success",
            gallery.add("goals", goal_mosaic.draw(table, ARM), alt, table),
            details(
                "All outcomes and goals",
                Table.of(
                    told,
                    "Satisfaction of those who took part, weighted by the goal; 95 % intervals "
                    "over replicates",
                ),
            ),
        )
    ]


def _judged(found: Findings) -> pd.DataFrame:
    runs = part(found.runs, found.arm_parts[0])
    took_part = runs["satisfaction_convert"].notna().groupby(runs[ARM]).any()
    return outcomes_by_goal(runs[runs[ARM].map(took_part)], (ARM,))
