"""How far the movement came along a parameter, and how those with different goals judge it."""

from __future__ import annotations

import math
import textwrap

import pandas as pd

from experiments import text
from experiments.analysis.grades import GOALS
from experiments.analysis.grades import GRADES as JUDGED
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import colour_bar, heat_map, patches, stacked
from experiments.figures.style import (
    BLUE,
    DIVERGING,
    FAINT,
    MUTED,
    ORANGE,
    PAPER,
    SKY,
    Figure,
    styled,
    width_in_ems,
)
from sim.columns import axis, label

GRADES = {
    "dormant": (PAPER, ""), "flash": (FAINT, ""), "mobilised": (MUTED, "...."),
    "movement": (SKY, ""), "recognised": (BLUE, "////"), "converted": (ORANGE, "xxxx"),
}  # fmt: skip
CELL = 6.0  # times the size of the text: the least width of a cell with its interval
FEWEST = 10  # runs of a grade that the goals_headline may be about


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


@styled
def draw_goals(table: pd.DataFrame, by: str | None = None) -> Figure:
    """Draw a map of goals by outcomes for each variant.

    Parameters
    ----------
    table
        From `grades.outcomes_by_goal`, by at most one column.
    by
        That column.
    """
    variants = list(table[by].unique()) if by else [None]
    grades = [grade for grade in JUDGED if (table["grade"] == grade).any()]
    figure, axes = panels(len(variants), most=1, height=10)
    is_wide = 0.5 * width_in_ems() / len(grades) > CELL
    reach = table["satisfaction"].abs().max()
    reach = max(math.ceil(10 * reach) / 10, 0.1) if reach > 0 else 1.0
    for each, variant in zip(axes, variants, strict=True):
        rows = table if by is None else table[table[by] == variant]
        cells = [_satisfaction(row).replace(" [", "\n[") for _, row in rows.iterrows()]
        wide = rows.assign(cell=cells).pivot(index="goal", columns="grade")
        values, texts = (
            wide[name].reindex(index=list(GOALS.values())[::-1], columns=grades)
            for name in ("satisfaction", "cell")
        )
        image = heat_map(each, values, texts if is_wide else None, (-reach, reach), DIVERGING)
        each.set_yticks(range(len(values)), [textwrap.fill(goal, 18) for goal in values.index])
        shares = rows.groupby("grade")["share"].first()
        ticks = [f"{g}\n{text.percent(shares[g])}" if g in shares else f"{g}\n–" for g in grades]
        each.set_xticks(range(len(grades)), ticks, rotation=0 if is_wide else 90)
        if by is not None:
            each.set_title(text.as_text(variant))
    colour_bar(figure, image, axes, "satisfaction")
    title = goals_headline(table)
    finish(
        figure,
        title,
        "Satisfaction of those who took part, weighted by a goal, from −1 to 1 (0: as expected at "
        f"joining){', with 95 % intervals' if is_wide else ''}. Below each outcome: the share of "
        "runs that end so.",
        words=in_words(
            f"{title}.",
            table,
            "goal",
            _satisfaction,
            lambda row: (
                f"{f'{row[by]}, ' if by else ''}{row['grade']} in "
                f"{text.share(*row[['share', 'share_low', 'share_high']])} of runs"
            ),
        ),
    )
    return figure


def goals_headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen: the outcome over which the goals disagree most."""
    mean = _mean_by_goal(table)
    gaps = (mean.max(axis=1) - mean.min(axis=1)).dropna()
    if gaps.empty:
        return "Nobody took part, so nobody judges the outcome"
    row = mean.loc[gaps.idxmax()]
    low, high = (
        f"{text.number(row[goal], sign=True)} for those who want to {goal.split()[0]}"
        for goal in (row.idxmin(), row.idxmax())
    )
    return f"The outcome “{gaps.idxmax()}” satisfies people most differently: {low}, {high}"


def _satisfaction(row: pd.Series) -> str:
    return text.number(row["satisfaction"], row["low"], row["high"], sign=True)


def _mean_by_goal(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean satisfaction by grade and goal over all variants; not of rare grades."""
    known = table[table["satisfaction"].notna() & (table["runs"] >= FEWEST)]
    sums = (known["satisfaction"] * known["runs"]).groupby([known["grade"], known["goal"]]).sum()
    return (sums / known["runs"].groupby([known["grade"], known["goal"]]).sum()).unstack("goal")
