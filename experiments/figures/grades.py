"""How far the movement came in each variant, along a parameter: stacked shares of the grades."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import patches, stacked
from experiments.figures.style import BLUE, FAINT, MUTED, ORANGE, PAPER, SKY, Figure, styled
from sim.columns import axis, label

GRADES = {
    "dormant": (PAPER, ""), "flash": (FAINT, ""), "mobilised": (MUTED, "...."),
    "movement": (SKY, ""), "recognised": (BLUE, "////"), "converted": (ORANGE, "xxxx"),
}  # fmt: skip


@styled
def draw(table: pd.DataFrame, variant: str, across: str) -> Figure:
    """Draw a panel for each variant, a stacked bar for each value.

    Parameters
    ----------
    table
        From `grades.grades`, by these two columns.
    variant, across
        The column of the panels and that along the axis.
    """
    names, values = list(table[variant].unique()), list(table[across].unique())
    figure, axes = panels(len(names), most=6, height=14, least=11, sharey=True)
    for each, name in zip(axes, names, strict=True):
        own = table[table[variant] == name]
        shares = own.pivot(index=across, columns="grade", values="share")
        stacked(each, 100 * shares.reindex(index=values, columns=list(GRADES)), GRADES)
        each.set_ylim(0, 100)
        each.set_title(text.as_text(name))
        if is_first(each):
            each.set_ylabel("runs (%)")
    runs = int(table["runs"].max())
    reading = f"{runs:,} runs a bar, over all other settings."
    title = headline(table, variant)
    words = in_words(
        f"{title}. Grades by {label(variant)} and {label(across)}:",
        table[table["share"] > 0],
        "grade",
        lambda row: text.share(*row[["share", "low", "high"]]),
        lambda row: f"{text.as_text(row[variant])} at {text.as_text(row[across])}",
    )
    finish(figure, title, reading, patches(GRADES), axis(across), words)
    return figure


def headline(table: pd.DataFrame, variant: str) -> str:
    """Return in a line what is seen of the highest grade that came about."""
    there = [grade for grade in GRADES if (table.loc[table["grade"] == grade, "share"] > 0).any()]
    if not there:
        return "No run has finished"
    shares = table[table["grade"] == there[-1]].groupby(variant, sort=False)["share"].mean()
    described = [f"{text.as_text(name)} {text.share(share)}" for name, share in shares.items()]
    return f"Runs that end {there[-1]}: {', '.join(described)}"
