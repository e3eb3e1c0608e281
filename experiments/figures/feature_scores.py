"""How much of each outcome depends on each parameter."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, MUTED, Figure, styled
from sim.columns import label

SHOWN = 20
LEAST = 0.05  # share of the variance that trees must predict before their scores say something


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the scores with their intervals, a panel an outcome; the first orders the parameters.

    Parameters
    ----------
    table
        From `feature_scores.feature_scores`.
    """
    names = in_order(table)
    figure, axes = panels(table["outcome"].nunique(), rows=list(map(label, names)))
    for each, (outcome, own) in zip(axes, table.groupby("outcome", sort=False), strict=True):
        lines = own.set_index("parameter").loc[names]
        rows = [
            Row(label(str(name)), 100 * row[["score", "low", "high"]],
                (BLUE, "o", True) if row["low"] > 0 else (MUTED, "D", False))
            for name, row in lines.iterrows()
        ]  # fmt: skip
        forest(each, rows, named=is_first(each), limits=(-3, 103))
        each.set_xlabel("% of the variance")
        each.set_title(label(outcome))
    title, row = headline(table), table.iloc[0]
    reading = (
        f"Share of the variance between {int(row['worlds']):,} worlds that depends on a parameter, "
        "with its interactions, for trees that predict worlds they have not seen; all parameters "
        f"together predict {text.share(max(row['explained'], 0))}. Bars: 95 % intervals."
    )
    words = in_words(
        f"{title}. {reading}",
        table.set_index("parameter").loc[names].reset_index(),
        lambda row: label(row["parameter"]),
        lambda row: text.share(*row[["score", "low", "high"]]),
        lambda row: label(row["outcome"]),
    )
    finish(figure, title, reading, words=words)
    return figure


def in_order(table: pd.DataFrame, score: str = "score", shown: int = SHOWN) -> list[str]:
    """Return the parameters to draw: the largest of any outcome, in the order of the first."""
    largest = table.groupby("parameter", sort=False)[score].max().nlargest(shown).index
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    ordered = first.sort_values(score, ascending=False, kind="stable")["parameter"]
    return [str(name) for name in ordered if name in largest]


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    best = rows.loc[rows["score"].idxmax()]
    name = text.capitalised(label(best["outcome"]))
    if best["explained"] < LEAST or best["low"] <= 0:
        return f"{name}: in these worlds no parameter is seen to matter"
    score = text.share(best["score"], best["low"], best["high"])
    return f"{name}: {label(best['parameter'])} matters most, {score} of the variance"
