"""A calibration: bands against the facts, what is left of the ranges, what to measure."""

from __future__ import annotations

import math

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Look, Row, forest, strokes
from experiments.figures.style import BLUE, FAINT, GREEN, MUTED, ORANGE, Figure, styled
from sim.columns import label

FARTHEST = 12.0  # errors, beyond which a band is cut
REACHED = 1.0
TOLD = {
    "identified": Look(BLUE, "-", "o"),
    "on one side": Look(GREEN, "-", "^"),
    "only in a product": Look(ORANGE, "-", "s"),
    "not at all": Look(MUTED, "-", "D"),
}
WORLDS = {"prior": Look(MUTED, "-", "D"), "posterior": Look(BLUE, "-", "o")}
NAMES = {"prior": "drawn over the ranges", "posterior": "not ruled out"}
EXACT = ["exact", "exact_low", "exact_high"]


@styled
def draw_facts(table: pd.DataFrame) -> Figure:
    """Draw how far from each fact the bands of both sets of worlds lie, in units of its error.

    The table is from `experiments.calibration.table.scores`.
    """
    rows = []
    for row in table.to_dict("records"):
        look = WORLDS[row["worlds"]]
        name = f"{text.as_text(row['fact'])} ({row['use']})" if row["worlds"] == "prior" else ""
        ends = [row[f"miss_{end}"] for end in ("middle", "low", "high")]
        values = [min(max(value, -FARTHEST), FARTHEST) for value in ends]
        rows.append(Row(name, values, (look.colour, look.marker, row["worlds"] != "prior")))
    figure, (axes,) = panels(1, rows=[row.name or "-" for row in rows], line=1.5)
    room = 1.05 * FARTHEST
    forest(axes, rows, zero=0, band=REACHED, limits=(-room, room))
    axes.set_xlabel("model minus fact, in errors of the fact")
    after = table[table["worlds"] == "posterior"]
    reached = after["crps"] <= REACHED
    parts = [
        f"{int(reached[after['use'] == use].sum())} of {int((after['use'] == use).sum())} {use}"
        for use in ("fitted", "held out")
    ]
    title = f"Facts reached by the worlds not ruled out: {', '.join(parts)}"
    finish(
        figure,
        title,
        f"Bars: 90 % of the runs, cut at {FARTHEST:g} errors; grey: within one error of the fact. "
        "Of a fact that is a bound, one side is no miss.",
        strokes([NAMES[name] for name in WORLDS], list(WORLDS.values())),
        words=in_words(
            f"{title}. Middle and 90 % of the runs, and the score in errors.",
            table,
            lambda row: NAMES[row["worlds"]],
            _band,
            lambda row: f"{text.as_text(row['fact'])}, in fact {row['value']:.3g}",
        ),
    )
    return figure


@styled
def draw_parameters(table: pd.DataFrame) -> Figure:
    """Draw what is left of the range of each parameter.

    The table is from `experiments.calibration.findings.told`.
    """
    rows = [
        Row(
            row["parameter"],
            [100 * row[end] for end in ("middle", "low", "high")],
            (TOLD[row["told"]].colour, TOLD[row["told"]].marker, True),
        )
        for row in table.to_dict("records")
    ]
    figure, (axes,) = panels(1, rows=[row.name for row in rows], line=1.7)
    axes.axvspan(5, 95, color=FAINT, alpha=0.5, linewidth=0)
    forest(axes, rows, limits=(0, 100))
    axes.set_xlabel("position in the range of the parameter (%)")
    there = [name for name in TOLD if name in set(table["told"])]
    counts = table["told"].value_counts()
    said = ", ".join(f"{counts[name]} {name}" for name in TOLD if name in counts)
    title = f"What the facts tell of {len(table)} parameters: {said}"
    finish(
        figure,
        title,
        "Bars: 90 % of the worlds not ruled out; grey: 90 % of what was drawn. A bar as long as "
        "the grey ground says nothing.",
        strokes(there, [TOLD[name] for name in there]),
        words=in_words(
            f"{title}. Position in the range, 90 % of the worlds not ruled out.",
            table,
            "parameter",
            lambda row: f"{row['middle']:.0%} [{row['low']:.0%} to {row['high']:.0%}]",
            "told",
        ),
    )
    return figure


def _band(row: pd.Series) -> str:
    if math.isnan(row["low"]):
        return "in no run"
    band = f"{row['middle']:.3g} [{row['low']:.3g} to {row['high']:.3g}]"
    return f"{band}, score {row['crps']:.2g}"


@styled
def draw_information(table: pd.DataFrame) -> Figure:
    """Draw a panel an answer: by how much its variance falls if a quantity is known exactly.

    Parameters
    ----------
    table
        From `experiments.calibration.information.value_of_information`, the rows to be shown, each
        answer in words.
    """
    answers = table.groupby("answer", sort=False)
    figure, axes = panels(len(answers), most=1, rows=["-"] * answers.size().max(), line=1.7)
    limits = -5.0, max(10.0, 105.0 * float(table["exact_high"].max()))
    for each, (answer, own) in zip(axes, answers, strict=True):
        rows = [Row(label(row["parameter"]), 100 * row[EXACT]) for _, row in own.iterrows()]
        forest(each, rows, zero=0, limits=limits)
        each.set_title(answer)
        each.set_xlabel("% by which the variance falls")
    title = information_headline(table)
    words = in_words(
        f"{title}. By how much the variance falls if it is known exactly.",
        table,
        lambda row: label(row["parameter"]),
        lambda row: text.share(*row[EXACT]),
        "answer",
    )
    finish(figure, title, "If one quantity were known exactly; 95 % intervals.", words=words)
    return figure


def information_headline(table: pd.DataFrame) -> str:
    """Return in a line which quantity is seen to narrow an answer most, if one is."""
    seen = table[table["exact_low"] > 0]
    if seen.empty:
        return "No single quantity is seen to narrow an answer"
    most = seen.loc[seen["exact"].idxmax()]
    return (
        f"What narrows an answer most, if it is known: {label(most['parameter'])}, {most['answer']}"
    )
