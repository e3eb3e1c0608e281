"""Arms side by side: what came out in each, and how it differs from the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis import words
from experiments.analysis.effects import MATERIAL
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import part
from experiments.analysis.variants import ARM, OUTCOMES, arms, settings
from experiments.report.document import (
    Details,
    Node,
    Paragraph,
    Section,
    Table,
    bullets,
    details,
    section,
)
from experiments.report.findings import Findings, intervals, told_settings, told_value
from experiments.report.gallery import Gallery

MOST_ROWS = 200  # of a table on the page


def arms_answer(found: Findings) -> str:
    """Return how often a movement emerges, and the outcome by which an arm differs most.

    In the first part with arms, which are compared with the first of them.
    """
    if not found.arm_parts:
        return ""
    table = arms(part(found.runs, found.arm_parts[0]))
    if table.empty:
        return "All runs came out the same, whatever the arm."
    emerged = table[(table["outcome"] == "emerged") & ~table["label"].isin(_idle(table))]
    told = [f"{_share(row)} of runs with “{_told(row.label)}”" for row in emerged.itertuples()]
    often = f"A movement emerges in {words.joined(told)}. " if told else ""
    apart = _apart(table)
    if apart.empty:
        return f"{often}No arm can be told from “{_told(table['label'].iloc[0])}” by any outcome."
    return f"{often}The arms differ most in: {_contrast(table, apart.iloc[0])}."


def arms_surprise(found: Findings) -> str:
    """Return in what the arm that differs most differs the other way, or what no arm changes."""
    if not found.arm_parts:
        return ""
    table = arms(part(found.runs, found.arm_parts[0]))
    apart = _apart(table)
    if not apart.empty:
        most = apart.iloc[0]
        same = apart[apart["label"] == most["label"]]
        back = same[same["difference"] * np.sign(most["difference"]) <= -MATERIAL]
        if not back.empty:
            return (
                f"“{_told(most['label'])}” has {_more(most)} of “{OUTCOMES[most['outcome']]}”, but "
                f"{_more(back.iloc[0])} of “{_contrast(table, back.iloc[0], '”:')}."
            )
    others = table[table["difference"].notna()]
    seen = set(apart["outcome"])
    alike = [name for name in dict.fromkeys(others["outcome"]) if name not in seen]
    alike = [name for name in alike if not _only_idle(table, name)]
    if not alike:
        return ""
    told = [OUTCOMES[str(name)] for name in alike]
    return f"No arm can be told from “{_told(table['label'].iloc[0])}” by: {words.joined(told)}."


def _idle(table: pd.DataFrame) -> list[str]:
    """Return the arms in which nobody ever takes part."""
    peak = table[table["outcome"] == "peak_share"]
    return peak.loc[peak["mean"] == 0, "label"].tolist()


def _only_idle(table: pd.DataFrame, outcome: str) -> bool:
    """Whether an outcome sets only those arms apart in which nobody takes part, where it is 0."""
    rows = table[table["outcome"] == outcome]
    return len(rows[~(rows["label"].isin(_idle(table)) & (rows["mean"] == 0))]) < 2


def _apart(table: pd.DataFrame) -> pd.DataFrame:
    """Return what can be told from the first arm, the largest difference first.

    Without outcomes that are 0 in an arm since nobody takes part there: that is no finding.
    """
    idle = _idle(table)
    nothing = table["label"].isin(idle) & (table["mean"] == 0)
    if table["label"].iloc[:1].isin(idle).any():
        nothing |= table["outcome"].isin(table.loc[nothing, "outcome"])
    seen = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    found = table[seen & ~nothing]
    return found.sort_values("difference", key=lambda d: -d.abs(), kind="stable")


def _contrast(table: pd.DataFrame, row: pd.Series, after: str = ",") -> str:
    first = table[table["outcome"] == row["outcome"]].iloc[0]
    difference = words.points(row["difference"], row["difference_low"], row["difference_high"])
    return (
        f"{OUTCOMES[row['outcome']]}{after} "
        f"{words.share(row['mean'])} with “{_told(row['label'])}”, "
        f"{words.share(first['mean'])} with “{_told(first['label'])}” ({difference})"
    )


def _more(row: pd.Series) -> str:
    return "more" if row["difference"] > 0 else "less"


def _share(row: Any) -> str:
    return words.share(row.mean, row.low, row.high)


def arms_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with arms."""
    return [_section(found, gallery, name) for name in found.arm_parts]


def _section(found: Findings, gallery: Gallery, name: str) -> Section:
    from experiments.figures import variants as drawing

    runs = part(found.runs, name)
    table = arms(runs)
    several = len(found.arm_parts) > 1
    title = f"Arms side by side: {found.arm(name)}" if several else "Arms side by side"
    if table.empty:
        return section(title, Paragraph("All runs came out the same."))
    over = settings(runs)
    first = _told(table["label"].iloc[0])
    told = pd.DataFrame(
        {
            "outcome": [OUTCOMES[outcome] for outcome in table["outcome"]],
            "arm": table["label"].map(_told),
            "in this arm": [words.share(*row) for row in intervals(table, "mean")],
            f"difference from “{first}”": [
                "" if pd.isna(row.difference) else
                words.points(row.difference, row.difference_low, row.difference_high)
                for row in table.itertuples()
            ],
        }
    )  # fmt: skip
    parts: list[Node] = [
        bullets(_said(table)),
        gallery.add(f"arms-{name}", drawing.draw(table), drawing.describe(table), table),
        details(
            "All outcomes, with differences",
            Table.of(
                told, "Differences are taken in the same setting and replicate; 95 % intervals"
            ),
        ),
    ]
    if sets := found.sets(name):
        parts.insert(0, Paragraph(f"Here {told_settings(sets)}."))
    if over:
        parts.insert(0, Paragraph(f"Averaged over {words.joined(over)}."))
        parts.append(_by_setting(runs, over))
    return section(title, *parts)


def _said(table: pd.DataFrame) -> list[str]:
    """Return a sentence an arm: in what it differs from the first."""
    sentences = []
    for label, lines in table[table["difference"].notna()].groupby("label", sort=False):
        seen = lines[(lines["difference_low"] > 0) | (lines["difference_high"] < 0)]
        told = [
            f"{OUTCOMES[row.outcome]} "
            f"{words.points(row.difference, row.difference_low, row.difference_high)}"
            for row in seen.itertuples()
        ]
        which = words.joined(told) or "nothing that these runs can tell"
        sentences.append(f"“{_told(label)}” against “{_told(table['label'].iloc[0])}”: {which}.")
    return sentences


def _by_setting(runs: pd.DataFrame, over: list[str]) -> Details:
    table = emergence(runs, [*over, ARM])
    table["told"] = [words.share(*row) for row in intervals(table, "share")]
    wide = table.pivot(index=over, columns=ARM, values="told")
    wide = wide[[label for label in dict.fromkeys(runs[ARM]) if label in wide]].reset_index()
    wide.columns = [_told(str(c)) if c not in over else str(c) for c in wide.columns]
    for name in over:
        wide[name] = wide[name].map(told_value)
    caption = "Runs with a movement, by arm, in each setting"
    if len(wide) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(wide):,}"
    return details("In each setting by itself", Table.of(wide.head(MOST_ROWS), caption))


def _told(label: object) -> str:
    return str(label).replace("_", " ")
