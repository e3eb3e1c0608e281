"""The picture of an advice: the chance of each launch, by date and argument, for each aim."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels
from experiments.figures.primitives import colour_bar, heat_map, in_cells
from experiments.figures.style import VERMILION, Figure, styled

READING = (
    "Of 100 launches, how many reach the aim; in brackets the 95 % interval over worlds. Framed: "
    "the launch advised for this aim, where it matters which. Without a launch, all are 0."
)
LEAST = 20.0  # %, the end of the colours where all chances are small


@styled
def draw(
    table: pd.DataFrame, titles: Mapping[str, str], arguments: Mapping[str, str], title: str
) -> Figure:
    """Draw a map an aim: a row an argument, a column a launch date.

    Parameters
    ----------
    table
        From `advice.answer.Answer.table`.
    titles
        By the aims, in the order of the maps.
    arguments
        By their names.
    title
        What is seen.
    """
    from matplotlib.patches import Rectangle

    most = max(LEAST, 100 * float(table["chance"].max()))
    figure, axes = panels(len(titles), most=2, height=15.0, least=34.0)
    for each, (aim, name) in zip(axes, titles.items(), strict=True):
        own = table[table["aim"] == aim]
        wide = own.assign(cell=in_cells(own, "chance")).pivot(index="argument", columns="months")
        wide = wide.loc[list(arguments)[::-1]]
        shown = 100 * wide["chance"]
        shown.columns = [_when(month) for month in shown.columns]
        names = is_first(each)
        shown.index = [_broken(arguments[name]) if names else "" for name in shown.index]
        image = heat_map(each, shown, wide["cell"], (0.0, most))
        for i, j in zip(*wide["advised"].to_numpy(dtype=bool).nonzero(), strict=True):
            corner = j - 0.5, i - 0.5
            each.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=VERMILION, linewidth=2.5))
        each.set_title(name)
        each.set_xlabel("launch, months from now")
    colour_bar(figure, image, axes, "of 100 launches")
    finish(
        figure,
        title,
        READING,
        words=in_words(
            f"{title}. {READING}",
            table[table["advised"]],
            lambda row: (
                f"{titles[row['aim']]}, {row['argument'].replace('_', ' ')}, {_when(row['months'])}"
            ),
            lambda row: text.share(*row[["chance", "low", "high"]]),
        ),
    )
    return figure


def _when(months: int) -> str:
    return "now" if months == 0 else str(months)


def _broken(name: str) -> str:
    return (
        name.replace(", ", ",\n")
        .replace("the service ", "the service\n")
        .replace("it should be ", "it should be\n")
    )
