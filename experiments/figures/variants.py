"""Variants of an experiment side by side: a panel an outcome, a row a variant."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis import amounts
from experiments.analysis.variants import largest_first
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import Figure, styled
from sim.columns import axis, column, label


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw each outcome in each variant with its interval; a line marks the first variant.

    Parameters
    ----------
    table
        From `variants.by_variant`.
    """
    names = list(map(text.as_text, table["label"].unique()))
    figure, axes = panels(table["outcome"].nunique(), rows=names)
    for each, (outcome, lines) in zip(axes, table.groupby("outcome", sort=False), strict=True):
        rows = [
            Row(text.as_text(row["label"]), column(outcome).scale * row[["mean", "low", "high"]])
            for _, row in lines.iterrows()
        ]
        forest(each, rows, named=is_first(each), zero=column(outcome).scale * lines["mean"].iloc[0])
        each.set_title(axis(outcome))
    title = headline(table)
    finish(
        figure,
        title,
        f"Bars: 95 % intervals, {int(table['runs'].max()):,} runs a variant; dashed: "
        f"“{names[0]}”, with which the others are compared.",
        words=in_words(
            f"{title}.",
            table,
            lambda row: text.as_text(row["label"]),
            lambda row: amounts.amount(*row[["outcome", "mean", "low", "high"]]),
            lambda row: label(row["outcome"]),
        ),
    )
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    of = "emerged" if "emerged" in set(table["outcome"]) else table["outcome"].iloc[0]
    lines = table[(table["outcome"] == of) & table["mean"].notna()]
    if lines.empty:
        return "No variant has a finished run yet"
    name = text.capitalised(label(of))
    apart = table[(table["difference_low"] > 0) | (table["difference_high"] < 0)]
    if of not in set(apart["outcome"]) and len(apart):
        row = largest_first(apart).iloc[0]
        change = amounts.change(
            *row[["outcome", "difference", "difference_low", "difference_high"]]
        )
        largest = f"{label(row['outcome'])}, {change} in “{text.as_text(row['label'])}”"
        return f"{name}: no variant is seen to differ. Largest difference: {largest}"
    best, worst = lines.loc[lines["mean"].idxmax()], lines.loc[lines["mean"].idxmin()]
    if text.share(best["mean"]) == text.share(worst["mean"]):
        return f"{name}: {text.share(best['mean'])}, whatever the variant"
    ends = [f"{text.share(row['mean'])} (“{text.as_text(row['label'])}”)" for row in (worst, best)]
    return f"{name}: from {ends[0]} to {ends[1]}"
