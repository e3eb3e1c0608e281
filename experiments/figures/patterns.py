"""Patterns: in what share of the worlds each holds, and the shape of campaigns beside the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, MUTED, VERMILION, Axes, Figure, styled

if TYPE_CHECKING:
    from experiments.patterns.pattern import Pattern

LOOKS = {"defaults": (MUTED, "s", True), "test": (BLUE, "o", True)}
READING = (
    "Share of the drawn worlds in which a pattern holds, with 95 % intervals. Squares: patterns by "
    "which defaults may be set; dots: patterns held out. At the right: the default world."
)
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw a row a pattern: the share of drawn worlds in which it holds.

    The table is from `patterns.evaluation.summarise`.
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
    here = int((seen["holds in default"] == True).sum())  # noqa: E712 (an object column)
    most = int((seen["share"] > 0.5).sum())
    title = (
        f"{here} of {len(seen)} patterns hold in the default world, {most} in most of the "
        "drawn worlds"
    )
    words = in_words(
        f"{title}. {READING}", seen, "title", lambda row: text.share(*row[["share", "low", "high"]])
    )
    finish(figure, title, READING, words=words)
    return figure


@styled
def draw_shapes(table: pd.DataFrame, patterns: Sequence[Pattern]) -> Figure:
    """Draw how campaigns unfold in the drawn worlds, beside what was observed.

    Parameters
    ----------
    table
        A row a pattern and world (`patterns.evaluation.evaluate`).
    patterns
        Those to draw, each with a range.
    """
    figure, axes = panels(len(patterns), height=12)
    said = []
    for each, pattern in zip(axes, patterns, strict=True):
        rows = table[table["pattern"] == pattern.name]
        values = rows.loc[rows["part"] == pattern.drawn_in, "value"].dropna()
        default = rows.loc[rows["world"] == "default", "value"]
        low, high = pattern.range or (0, 0)
        each.axhspan(low, high, color=VERMILION, alpha=0.2, linewidth=0)
        _spread(each, 0, pattern.quantiles, VERMILION)
        if len(values):
            spread = {name: float(values.quantile(q)) for name, q in QUANTILES.items()}
            _spread(each, 1, spread, BLUE)
            said.append(
                f"{pattern.title}: {values.median():.2g} in the middle drawn world, "
                f"{low:g} to {high:g} is the range of the pattern"
            )
        each.plot(2, default.iloc[0] if len(default) else np.nan, "D", color=BLUE)
        each.set_xticks([0, 1, 2], ["observed", "drawn\nworlds", "default\nworld"])
        each.set_xlim(-0.5, 2.5)
        each.set_title(pattern.title)
    title = "Campaigns in the model, beside what is known"
    finish(
        figure,
        title,
        "Bands: where the pattern holds. Lines: 90 % and half of the campaigns observed, and of "
        "the drawn worlds; dots: the middle one; diamonds: the default world.",
        words=f"{title}. {'; '.join(said)}.",
    )
    return figure


def _spread(axes: Axes, x: float, quantiles: Mapping[str, float], color: str) -> None:
    """Draw what is known of a distribution: its middle, half of it, nine tenths of it."""
    for (low, high), width in ((("q05", "q95"), 1), (("q25", "q75"), 4)):
        if low in quantiles:
            axes.vlines(x, quantiles[low], quantiles[high], color=color, linewidth=width)
    if "q50" in quantiles:
        axes.plot(x, quantiles["q50"], "o", color=color)
