"""The course of the weeks in each variant: the middle run, and where half and most of them lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.variants import VARIANT
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, wrapped
from experiments.figures.primitives import LOOKS
from experiments.figures.style import BLUE, INK, SKY, Figure, canvas, ems, new_figure, styled
from sim.columns import column, label

BANDS = {"90": SKY, "50": BLUE}  # percent of the runs


@styled
def draw(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
    """Draw a fan for each variant (beside each other) and series (below each other).

    Parameters
    ----------
    table
        From `variants.trajectories`.
    labels
        A variant in words.
    """
    variants, series = list(table[VARIANT].unique()), list(table["series"].unique())
    figure = new_figure(ems(11 * len(series) + 6))
    grid: Any = figure.subplots(
        len(series), len(variants), squeeze=False, sharex=True, sharey="row"
    )
    for i, (name, line) in enumerate(zip(series, grid, strict=True)):
        scale = column(name).scale
        of_series = table[table["series"] == name]
        first = of_series[of_series[VARIANT] == variants[0]]
        for variant, axes in zip(variants, line, strict=True):
            rows = of_series[of_series[VARIANT] == variant]
            for share, colour in BANDS.items():
                ends = scale * rows[[f"low_{share}", f"high_{share}"]]
                axes.fill_between(
                    rows["week"], *ends.to_numpy().T, color=colour, alpha=0.35, linewidth=0,
                    zorder=-1, label=f"{share} % of runs",
                )  # fmt: skip
            if variant != variants[0]:
                axes.plot(
                    first["week"], scale * first["median"], color=INK, linewidth=1.1,
                    linestyle=LOOKS[1].dashes, label=f"median, {_name(variants[0], labels)}",
                )  # fmt: skip
            axes.plot(rows["week"], scale * rows["median"], color=BLUE, label="median")
            axes.set_rasterization_zorder(0)  # the bands: an SVG would be heavy
            axes.locator_params(axis="y", nbins=4)
            axes.locator_params(axis="x", nbins=3)
            if i == 0:
                room = canvas().width / len(variants) - ems(3)
                heading = f"{_name(variant, labels)} ({int(rows['runs'].max()):,} runs)"
                axes.set_title(wrapped(figure, heading, room, weight="bold"))
        low, high = scale * of_series["low_90"].min(), scale * of_series["high_90"].max()
        line[0].set_ylim(*(0, None) if 0 <= low < 0.5 * high else (None, None))
        line[0].set_ylabel(wrapped(figure, column(name).axis, ems(11)))
    keys = dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    title = headline(table, labels)
    words = in_words(
        f"{title}. In the last week:",
        table.loc[table.groupby(["series", VARIANT], sort=False)["week"].idxmax()],
        lambda row: _name(row[VARIANT], labels),
        _spread,
        lambda row: label(row["series"]),
    )
    reading = "Bands hold the middle runs of each week."
    finish(figure, title, reading, list(keys.values()), "week", words)
    return figure


def headline(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> str:
    """Return in a line what is seen of the first series: the variant whose median peaks highest."""
    name = table["series"].iloc[0]
    peaks = table[table["series"] == name].groupby(VARIANT, sort=False)["median"].max()
    best, least = peaks.idxmax(), peaks.idxmin()
    sentence = (
        f"{text.capitalised(label(name))}: the median run peaks at {_value(name, peaks[best])}"
    )
    if len(peaks) == 1:
        return sentence
    if _value(name, peaks[best]) == _value(name, peaks[least]):
        return f"{sentence} in every variant"
    lowest = f"at {_value(name, peaks[least])} in “{_name(least, labels)}”"
    return f"{sentence} in “{_name(best, labels)}”, {lowest}"


def _spread(row: pd.Series) -> str:
    ends = ["median", "low_50", "high_50", "low_90", "high_90"]
    return "{}, half of the runs from {} to {}, nine in ten from {} to {}".format(
        *(_value(row["series"], row[end]) for end in ends)
    )


def _name(variant: object, labels: Mapping[str, str]) -> str:
    return labels.get(str(variant), text.as_text(variant))


def _value(series: str, value: float) -> str:
    return text.percent(value) if column(series).is_share else text.number(value)
