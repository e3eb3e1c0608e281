"""Variants of an experiment side by side: their outcomes, and the course of their weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis import amounts
from experiments.analysis.variants import VARIANT, largest_first
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, panels, wrapped
from experiments.figures.primitives import LOOKS, Row, forest
from experiments.figures.style import BLUE, INK, SKY, Figure, canvas, ems, new_figure, styled
from sim.columns import axis, column, label

BANDS = {"90": SKY, "50": BLUE}  # percent of the runs


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw each outcome in each variant with its interval; a line marks the first variant.

    The table is from `variants.by_variant`.
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


@styled
def draw_fans(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
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
    title = fans_headline(table, labels)
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


def fans_headline(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> str:
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
