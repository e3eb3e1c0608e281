"""Arms side by side: what came out in each, and how it differs from the first."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import words
from experiments.analysis.arms import ARM, OUTCOMES, arms, settings
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import part
from experiments.figures import page
from experiments.figures.gallery import Gallery
from experiments.report.findings import Findings, intervals, told_settings, told_value

MOST_ROWS = 200  # of a table on the page


def arms_answer(found: Findings) -> str:
    """Return the arm with most and with fewest movements, in the first part with arms."""
    if not found.arm_parts:
        return ""
    table = arms(part(found.runs, found.arm_parts[0]), {"emerged": OUTCOMES["emerged"]})
    if table.empty:
        return "Whether a movement emerges is the same in all runs."
    best, worst = table.loc[table["mean"].idxmax()], table.loc[table["mean"].idxmin()]
    told = [
        f"{words.share(row['mean'], row['low'], row['high'])} of runs with “{_told(row['label'])}”"
        for row in (best, worst)
    ]
    if best["mean"] == worst["mean"]:
        share = words.share(best["mean"], best["low"], best["high"])
        return f"A movement emerges in {share} of runs, whatever the arm."
    if best["low"] <= worst["high"]:
        return f"The arms hardly differ: a movement emerges in {told[1]}, in {told[0]}."
    return f"A movement emerges most often in {told[0]}, least in {told[1]}."


def arms_surprise(found: Findings) -> str:
    """Return the outcomes in which no arm differs from the first."""
    if not found.arm_parts:
        return ""
    table = arms(part(found.runs, found.arm_parts[0]))
    others = table[table["difference"].notna()]
    apart = (others["difference_low"] > 0) | (others["difference_high"] < 0)
    alike = [name for name, seen in apart.groupby(others["outcome"], sort=False) if not seen.any()]
    if not alike:
        return ""
    told = [OUTCOMES[str(name)] for name in alike]
    return f"No arm can be told from “{_told(table['label'].iloc[0])}” by: {words.joined(told)}."


def arms_sections(found: Findings, gallery: Gallery) -> list[str]:
    """Return a section a part with arms."""
    return [_section(found, gallery, name) for name in found.arm_parts]


def _section(found: Findings, gallery: Gallery, name: str) -> str:
    from experiments.figures import arms as drawing

    runs = part(found.runs, name)
    table = arms(runs)
    several = len(found.arm_parts) > 1
    title = f"Arms side by side: {found.arm(name)}" if several else "Arms side by side"
    if table.empty:
        return page.section(title, page.paragraph("All runs came out the same."))
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
    parts = [
        page.listing(_said(table)),
        gallery.add(f"arms-{name}", drawing.draw(table), drawing.describe(table), table),
        page.details(
            "All outcomes, with differences",
            page.table(
                told, "Differences are taken in the same setting and replicate; 95 % intervals"
            ),
        ),
    ]
    if sets := found.sets(name):
        parts.insert(0, page.paragraph(f"Here {told_settings(sets)}."))
    if over:
        parts.insert(0, page.paragraph(f"Averaged over {words.joined(over)}."))
        parts.append(_by_setting(runs, over))
    return page.section(title, *parts)


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


def _by_setting(runs: pd.DataFrame, over: list[str]) -> str:
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
    return page.details("In each setting by itself", page.table(wide.head(MOST_ROWS), caption))


def _told(label: object) -> str:
    return str(label).replace("_", " ")
