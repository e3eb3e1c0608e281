"""The same outcomes as those with different goals judge them."""

from __future__ import annotations

import math
import textwrap

import pandas as pd

from experiments import text
from experiments.analysis.grades import GOALS, GRADES
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import colour_bar, heat_map
from experiments.figures.style import DIVERGING, Figure, styled, width_in_ems

CELL = 6.0  # times the size of the text: the least width of a cell with its interval
FEWEST = 10  # runs of a grade that the headline may be about


@styled
def draw(table: pd.DataFrame, by: str | None = None) -> Figure:
    """Draw a map of goals by outcomes for each variant.

    Parameters
    ----------
    table
        From `grades.outcomes_by_goal`, by at most one column.
    by
        That column.
    """
    variants = list(table[by].unique()) if by else [None]
    grades = [grade for grade in GRADES if (table["grade"] == grade).any()]
    figure, axes = panels(len(variants), most=1, height=10)
    wide = 0.5 * width_in_ems() / len(grades) > CELL
    reach = table["satisfaction"].abs().max()
    reach = max(math.ceil(10 * reach) / 10, 0.1) if reach > 0 else 1.0
    for each, variant in zip(axes, variants, strict=True):
        rows = table if by is None else table[table[by] == variant]
        cells = rows.set_index(["goal", "grade"])
        values = rows.pivot(index="goal", columns="grade", values="satisfaction")
        values = values.reindex(index=list(GOALS.values())[::-1], columns=grades)

        def write(
            i: int, j: int, cells: pd.DataFrame = cells, values: pd.DataFrame = values
        ) -> str:
            row = cells.loc[(values.index[i], values.columns[j])]
            return _satisfaction(row).replace(" [", "\n[")

        image = heat_map(each, values, write if wide else None, (-reach, reach), DIVERGING)
        each.set_yticks(range(len(values)), [textwrap.fill(goal, 18) for goal in values.index])
        shares = rows.groupby("grade")["share"].first()
        ticks = [f"{g}\n{text.percent(shares[g])}" if g in shares else f"{g}\n–" for g in grades]
        each.set_xticks(range(len(grades)), ticks, rotation=0 if wide else 90)
        if by is not None:
            each.set_title(text.as_text(variant))
    colour_bar(figure, image, axes, "satisfaction")
    title = headline(table)
    finish(
        figure,
        title,
        "Satisfaction of those who took part, weighted by a goal, from −1 to 1 (0: as expected at "
        f"joining){', with 95 % intervals' if wide else ''}. Below each outcome: the share of runs "
        "that end so.",
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


def headline(table: pd.DataFrame) -> str:
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
