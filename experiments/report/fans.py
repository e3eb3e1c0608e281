"""The course of the weeks in each variant."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.tables import part
from experiments.analysis.trajectories import trajectories
from experiments.analysis.variants import VARIANT, settings
from experiments.figures import fans as drawing
from experiments.report import phrases
from experiments.report.again import simulated
from experiments.report.document import Section, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery

SERIES = ("active", "aware", "commons_view", "literacy")
DRAWN = 60  # replicates in a fan


def fits(found: Findings) -> bool:
    """Whether there are variants whose runs can be made again."""
    return bool(found.variant_parts) and found.is_repeatable


answer = surprise = phrases.nothing


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with the weeks of each variant, in the last of the settings tried."""
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
            (
                f"{text.counted(len(replicates), 'replicate')} of each variant, made again from "
                f"their seeds{f', in the last setting tried, {where}' if over else ''}."
            ),
            gallery.show("fans", drawing.draw, table, labels),
        )
    ]
