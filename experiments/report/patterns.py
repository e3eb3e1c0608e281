"""The patterns, as a section of the report: which hold where, and which the model leaves out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments import text
from experiments.figures import patterns as drawing
from experiments.patterns.evaluation import evaluate, summarise
from experiments.patterns.pattern import Pattern, read_patterns
from experiments.report.document import Section, Table, bullets, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery

SHAPES = (
    "front_loading_week_1", "front_loading_week_2", "front_loading_week_4", "early_predicts_late",
    "heavy_tail_of_sizes", "decay_after_the_peak",
)  # fmt: skip
USES = {"defaults": "may set defaults", "test": "held out", "not represented": "left out"}


def fits(found: Findings) -> bool:
    """Return whether campaigns were launched in named and in drawn worlds."""
    return {"named", "drawn"} <= set(found.run_parts) and not found.result.weekly().empty


def answer(found: Findings) -> str:
    """Return how many patterns hold, by the default world and by drawn worlds."""
    table = summary_of(found)
    seen = table[table["worlds"] > 0]
    counts = []
    for use in ("defaults", "test"):
        own = seen[seen["use"] == use]
        here = int((own["holds in default"] == True).sum())  # noqa: E712 (an object column)
        counts.append((here, int((own["share"] > 0.5).sum()), len(own)))
    (here, most, all_of), (here_too, most_too, all_too) = counts
    return (
        f"In the default world {here} of {all_of} patterns that may set defaults and {here_too} of "
        f"{all_too} held-out ones hold; in most of the drawn worlds {most} and {most_too}."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the patterns."""
    patterns, table, values = read_patterns(), summary_of(found), values_of(found)
    shapes = tuple(pattern for pattern in patterns if pattern.name in SHAPES)
    left_out = (
        f"{pattern.number:g} {pattern.title}: {pattern.reason}."
        for pattern in patterns
        if pattern.statistic is None
    )
    return [
        section(
            "Patterns",
            (
                "Each pattern is a fact about campaigns with its source (conf/pattern). Which of "
                "them may set defaults and which are held out was written before the model was "
                "changed. A world in which too few campaigns come far enough fails a pattern."
            ),
            gallery.show("patterns", drawing.draw, table),
            gallery.show("pattern_shapes", drawing.draw_shapes, values, shapes),
            Table.of(_rows(table, patterns), "Each pattern: where it holds, and what was observed"),
            "Not shown by these runs:",
            bullets(left_out),
        )
    ]


def rows_of(found: Findings) -> list[tuple[str, str, str, str, str]]:
    """Return a row a pattern: number, title, use, the default world, the share of drawn worlds."""
    return [
        (
            f"{row['number']:g}", row["title"], USES[row["use"]], _value(row),
            text.share(row["share"]) if row["worlds"] else "",
        )
        for row in summary_of(found).to_dict("records")
    ]  # fmt: skip


def values_of(found: Findings) -> pd.DataFrame:
    """Return what each pattern comes to in each world."""
    return found.cached("patterns", lambda: evaluate(found.result, read_patterns()))


def summary_of(found: Findings) -> pd.DataFrame:
    """Return a row a pattern: where it holds."""
    return summarise(values_of(found), read_patterns())


def _rows(table: pd.DataFrame, patterns: tuple[Pattern, ...]) -> list[dict[str, str]]:
    return [
        {
            "pattern": f"{pattern.number:g} {pattern.title}",
            "use": USES[pattern.use],
            "holds between": f"{pattern.range[0]:g} and {pattern.range[1]:g}",
            "default world": _value(row),
            "drawn worlds": text.share(row["share"], row["low"], row["high"])
            if row["worlds"]
            else "",
            "observed": pattern.observed,
            "source": pattern.source,
        }
        for pattern, row in zip(patterns, table.to_dict("records"), strict=True)
        if pattern.range is not None
    ]


def _value(row: dict[str, Any]) -> str:
    value, holds = row.get("value in default"), row.get("holds in default")
    if pd.isna(holds):
        return ""
    if pd.isna(value):
        return "too few campaigns"
    return f"{value:.2g}, {'holds' if holds else 'fails'}"
