"""What to measure next, in words: for a researcher who plans a survey."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.calibration.information import ANSWERS, ROUGH
from experiments.calibration.stored import Stored
from experiments.figures import information as drawing
from experiments.report.document import Section, Table, section
from experiments.report.gallery import Gallery
from sim.columns import label

SHOWN = 10  # quantities of each answer
SURVEY = "a survey of users"
MEASURED = {
    "users": SURVEY, "dissatisfaction": SURVEY, "efficacy": SURVEY,
    "participation": f"{SURVEY}, or an experiment", "persuasion": f"an experiment within {SURVEY}",
    "awareness": "a panel of users", "exit": "a panel of users", "network": "records of ties",
    "media": "records of the press and of posts", "movement": "records of the campaign",
    "threat": "an index", "events": "records of the press",
}  # fmt: skip
"""How a quantity may be measured, by the group of its parameter; the others by `BOOKS`."""

BOOKS = "records of the firm and its shareholders"


def measured_by(parameter: str) -> str:
    """Return how a quantity may be measured."""
    return MEASURED.get(parameter.partition(".")[0], BOOKS)


def information_section(stored: Stored, gallery: Gallery) -> Section:
    """Return the section on what to measure next."""
    title, table = "What to measure next", stored.information
    if table.empty:
        return section(
            title,
            "These runs are too few to say what would narrow the answer; a larger scale= does.",
        )
    top = top_of(table)
    top["answer"] = top["answer"].map(ANSWERS)
    return section(
        title,
        (
            "The worlds that are not ruled out disagree. If a quantity were measured, part of the "
            "disagreement would go: by how much the variance of an answer is expected to fall is "
            "the value of that measurement. It is estimated from the runs at hand, for each "
            "quantity by itself. What remains when all are known is luck, which no survey reduces."
        ),
        (
            f"The worlds descend from {stored.about['ancestors']:,} of those drawn. Worlds with a "
            "common ancestor are alike even where no fact requires it, so a quantity may seem to "
            "narrow an answer in which it has no part: values are upper bounds, and do not add up."
        ),
        *(advice_of(table, answer) for answer in table["answer"].unique()),
        gallery.add("calibration_information", drawing.draw(top), table),
        Table.of(
            [_row(line) for _, line in top.iterrows()],
            "The quantities that narrow each answer most; since they are chosen among many, they "
            "look better than they are. Measured roughly: with an error of "
            f"{text.share(ROUGH)} of the plausible range",
        ),
    )


def top_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return the quantities that narrow each answer most."""
    ordered = table.sort_values(["answer", "exact"], ascending=[True, False], kind="stable")
    return ordered.groupby("answer", sort=False).head(SHOWN).reset_index(drop=True)


def advice_of(table: pd.DataFrame, answer: str) -> str:
    """Return what to measure for an answer, in a few sentences."""
    own = table[table["answer"] == answer].sort_values("exact", ascending=False)
    sure = own[own["exact_low"] > 0]
    name = text.capitalised(ANSWERS[answer])
    together = text.share(own["together"].iloc[0])
    all_of = f"all quantities together explain {together} of the variance"
    if sure.empty:
        return f"{name}: no single quantity is seen to narrow it; {all_of}."
    first = sure.iloc[0]
    said = f"{name}: {_named(first)} narrows it most, by {_share(first)}; {all_of}."
    asked = sure[sure["parameter"].map(measured_by).str.contains(SURVEY)]
    if asked.empty:
        return f"{said} Nothing that a survey of users can ask is seen to narrow it."
    best = asked.iloc[0]
    if best["parameter"] == first["parameter"]:
        return f"{said} A survey of users can ask that."
    return f"{said} Of what a survey of users can ask: {_named(best)}, by {_share(best)}."


def _named(row: pd.Series) -> str:
    return f"{label(row['parameter'])} ({row['parameter']})"


def _share(row: pd.Series) -> str:
    return text.share(row["exact"], row["exact_low"], row["exact_high"])


def _row(line: pd.Series) -> dict[str, str]:
    return {
        "answer": line["answer"], "quantity": label(line["parameter"]),
        "parameter": line["parameter"], "measured by": measured_by(line["parameter"]),
        "variance falls by": _share(line), "measured roughly": text.share(line["rough"]),
    }  # fmt: skip
