"""Patterns: in what share of the worlds each holds, and the shape of campaigns beside the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import describe as in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, MUTED, VERMILION, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = {"defaults": (MUTED, "s", True), "test": (BLUE, "o", True)}
READING = (
    "Share of the drawn worlds in which a pattern holds, with 95 % intervals. Squares: patterns by "
    "which defaults may be set; dots: patterns held out. At the right: the default world."
)
MIDDLE = (0.05, 0.25, 0.5, 0.75, 0.95)


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw a row a pattern: the share of drawn worlds in which it holds.

    Parameters
    ----------
    table
        From `patterns.evaluation.summarise`.
    """
    seen = table[table["worlds"] > 0]
    rows = [
        Row(
            f"{row.number:g}  {row.title}",
            (100 * row.share, 100 * row.low, 100 * row.high),
            LOOKS[str(row.use)],
            "holds" if row.holds is True else "fails",
        )
        for row in seen.assign(holds=seen["holds in default"]).itertuples()
    ]
    figure, (axes,) = panels(1, rows=[row.name for row in rows])
    forest(axes, rows, limits=(0, 100))
    axes.set_xlabel("% of drawn worlds")
    finish(figure, headline(table), READING)
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line how many patterns hold in the default world and in most drawn ones."""
    seen = table[table["worlds"] > 0]
    here = int((seen["holds in default"] == True).sum())  # noqa: E712 (an object column)
    most = int((seen["share"] > 0.5).sum())
    return (
        f"{here} of {len(seen)} patterns hold in the default world, {most} in most of the "
        "drawn worlds"
    )


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    return in_words(
        f"{headline(table)}. {READING}",
        table[table["worlds"] > 0],
        "title",
        lambda row: text.share(row["share"], row["low"], row["high"]),
    )


@styled
def draw_shapes(
    table: pd.DataFrame,
    ranges: Mapping[str, tuple[float, float]],
    titles: Mapping[str, str],
) -> Figure:
    """Draw how campaigns unfold in the drawn worlds, beside what was observed.

    Parameters
    ----------
    table
        A row a pattern and world (`patterns.evaluation.evaluate`).
    ranges
        By the name of a pattern: the lowest and highest value at which it holds.
    titles
        By the name of a pattern.
    """
    figure, axes = panels(len(ranges), height=12)
    for each, (name, (low, high)) in zip(axes, ranges.items(), strict=True):
        rows = table[table["pattern"] == name]
        values = rows.loc[rows["part"] == "drawn", "value"].dropna()
        default = rows.loc[rows["world"] == "default", "value"]
        each.axhspan(low, high, color=VERMILION, alpha=0.2, linewidth=0)
        if len(values):
            ends = np.quantile(values, MIDDLE)
            each.vlines(0, ends[0], ends[4], color=BLUE, linewidth=1)
            each.vlines(0, ends[1], ends[3], color=BLUE, linewidth=4)
            each.plot(0, ends[2], "o", color=BLUE)
        each.plot(1, default.iloc[0] if len(default) else np.nan, "D", color=BLUE)
        each.set_xticks([0, 1], ["drawn\nworlds", "default\nworld"])
        each.set_xlim(-0.5, 1.5)
        each.set_title(titles[name])
    finish(
        figure,
        "Campaigns in the model, beside what is known",
        "Bands: where the pattern holds. Lines: 90 % and half of the drawn worlds; dots: the "
        "middle one; diamonds: the default world.",
    )
    return figure


def describe_shapes(table: pd.DataFrame, ranges: Mapping[str, tuple[float, float]]) -> str:
    """Return the figure in words."""
    sentences = []
    for name, (low, high) in ranges.items():
        rows = table[(table["pattern"] == name) & (table["part"] == "drawn")]
        if middle := rows["value"].dropna().tolist():
            sentences.append(
                f"{name.replace('_', ' ')}: {np.median(middle):.2g} in the middle drawn world, "
                f"{low:g} to {high:g} is the range of the pattern"
            )
    return f"Campaigns in the model, beside what is known. {'; '.join(sentences)}."
