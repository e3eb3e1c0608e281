"""What would narrow each answer most, if it were measured."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import Figure, styled
from sim.columns import label

EXACT = ["exact", "exact_low", "exact_high"]


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw a panel an answer: by how much its variance falls if a quantity is known exactly.

    Parameters
    ----------
    table
        From `experiments.calibration.information.value_of_information`, the rows to be shown, each
        answer in words.
    """
    answers = table.groupby("answer", sort=False)
    figure, axes = panels(len(answers), most=1, rows=["-"] * answers.size().max(), line=1.7)
    limits = -5.0, max(10.0, 105.0 * float(table["exact_high"].max()))
    for each, (answer, own) in zip(axes, answers, strict=True):
        rows = [Row(label(row["parameter"]), 100 * row[EXACT]) for _, row in own.iterrows()]
        forest(each, rows, zero=0, limits=limits)
        each.set_title(answer)
        each.set_xlabel("% by which the variance falls")
    title = headline(table)
    words = in_words(
        f"{title}. By how much the variance falls if it is known exactly.",
        table,
        lambda row: label(row["parameter"]),
        lambda row: text.share(*row[EXACT]),
        "answer",
    )
    finish(figure, title, "If one quantity were known exactly; 95 % intervals.", words=words)
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line which quantity is seen to narrow an answer most, if one is."""
    seen = table[table["exact_low"] > 0]
    if seen.empty:
        return "No single quantity is seen to narrow an answer"
    most = seen.loc[seen["exact"].idxmax()]
    return (
        f"What narrows an answer most, if it is known: {label(most['parameter'])}, {most['answer']}"
    )
