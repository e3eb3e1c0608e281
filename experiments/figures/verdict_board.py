"""The verdict board: claims × effect, verdict, other definitions of emergence, share of worlds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments import text
from experiments.claims.board import OTHERS, describe_effect, describe_share
from experiments.claims.pooling import ALL, RESPONSIVE
from experiments.claims.verdict import Verdict
from experiments.figures.layout import bare, finish, height_of, name_rows, only_rows
from experiments.figures.primitives import Row, bar, patches
from experiments.figures.style import (
    BLUE,
    FAINT,
    INK,
    MUTED,
    PAPER,
    VERMILION,
    ems,
    new_figure,
    styled,
)
from sim.columns import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 1.9  # times the size of the text, of a row
VERDICTS: dict[str, tuple[str, str, bool]] = {
    Verdict.SUPPORTED: (BLUE, "o", True),
    Verdict.CONTRADICTED: (VERMILION, "X", True),
    Verdict.NO_EFFECT: (MUTED, "s", True),
    Verdict.UNDECIDED: (MUTED, "D", False),
    Verdict.NOT_RUN: (MUTED, "_", False),
}
HEADS = {
    "emerged_mass_1": "1 %",
    "emerged_mass_5": "5 %",
    "emerged_people": "400 people",
    "emerged_spell_26": "26 weeks",
}
WORLDS = {
    "holds": (BLUE, ""),
    "no material effect": (PAPER, ""),
    "the opposite": (VERMILION, "////"),
}


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the board: a bold row a claim, below it a row an effect.

    Parameters
    ----------
    table
        From `board.board`.
    """
    names: list[str] = []
    claims, effects = {}, []
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        claims[len(names)] = first
        names.append(f"{claim} {first['title']}: {first['verdict']}")
        for _, line in rows.iterrows():
            effects.append((len(names), line))
            names.append(line["label"])
    figure = new_figure(ems(height_of(names, LINE) + 8))
    grid: Any = figure.subplots(1, 3, sharey=True, width_ratios=(5, 4, 3))
    left, middle, right = grid
    name_rows(left, names)
    for number in claims:
        left.get_yticklabels()[number].set_fontweight("bold")
    for axes in grid:
        only_rows(axes)
        axes.tick_params(labelleft=axes is left)
        for number in claims:
            axes.axhspan(number - 0.5, number + 0.5, color=FAINT, alpha=0.45, linewidth=0)
    _effects(left, effects)
    middle.set(xlim=(0, 100), xticks=(0, 50, 100))
    right.set_xlim(-0.6, len(OTHERS) - 0.4)
    for number, first in claims.items():
        _worlds(middle, first, number)
        for i, name in enumerate(OTHERS):
            _verdict(right, first[name], i, number)
    left.set_title("effect")
    left.set_xlabel("points or 1/100 of cost")
    middle.set_title("worlds")
    middle.set_xlabel("% of worlds")
    right.set_xticks(range(len(OTHERS)), [HEADS[name] for name in OTHERS], rotation=90)
    right.set_title("if")
    bare(right)
    finish(figure, headline(table), _reading(table), [*_keys(), *patches(WORLDS)])
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line how the claims fare."""
    verdicts = table.drop_duplicates("claim")["verdict"]
    names = {Verdict.NO_EFFECT: "without material effect"}
    counts = [
        f"{count} {names.get(verdict, verdict)}"
        for verdict in Verdict
        if (count := int((verdicts == verdict).sum()))
    ]
    return f"The ten claims, one of them in two parts: {text.joined(counts)}"


def describe(table: pd.DataFrame) -> str:
    """Return the board in words."""
    sentences = []
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        effects = "; ".join(
            f"{line['label']} {describe_effect(line)}" for _, line in rows.iterrows()
        )
        sentence = f"{claim} {first['title']}: {first['verdict']} ({effects})"
        if math.isfinite(first[f"{ALL}_above"]):
            sentence += (
                f"; it holds in {describe_share(first, ALL)} of worlds, "
                f"{describe_share(first, RESPONSIVE)} of responding ones, and the opposite in "
                f"{describe_share(first, ALL, 'below')} of all"
            )
        unlike = [
            f"{label(name)} {first[name]}"
            for name in OTHERS
            if first[name] not in ("", first["verdict"])
        ]
        if unlike:
            sentence += f"; with other definitions of emergence: {', '.join(unlike)}"
        sentences.append(sentence)
    return f"{headline(table)}. {'. '.join(sentences)}."


def _effects(axes: Axes, effects: list[tuple[int, pd.Series]]) -> None:
    ends = [100 * line[end] for _, line in effects for end in ("effect", "low", "high")]
    ends = [end for end in ends if math.isfinite(end)] + [-10.0, 10.0]
    room = 0.06 * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for y, line in effects:
        if line["effect_verdict"] == Verdict.NOT_RUN or math.isnan(line["effect"]):
            axes.text(0, y, " not run", color=MUTED, va="center")
            continue
        band = 100 * line["materiality"]
        axes.fill_between([-band, band], y - 0.5, y + 0.5, color=FAINT, linewidth=0)
        values = [100 * line[name] for name in ("effect", "low", "high")]
        bar(axes, Row("", values, VERDICTS[line["effect_verdict"]]), y)


def _worlds(axes: Axes, first: pd.Series, y: float) -> None:
    """Draw the shares of worlds: a bar for all, a thinner one for the responding."""
    for subset, at, high in ((ALL, y - 0.1, 0.5), (RESPONSIVE, y + 0.4, 0.25)):
        above, below = first[f"{subset}_above"], first[f"{subset}_below"]
        if not math.isfinite(above + below):
            if subset == ALL:
                axes.text(0, y, "not run", color=MUTED, va="center")
            continue
        start, shares = 0.0, (above, 1 - above - below, below)
        for share, (colour, hatch) in zip(shares, WORLDS.values(), strict=True):
            axes.barh(
                at, 100 * share, high, left=start, color=colour, hatch=hatch, edgecolor=INK,
                linewidth=0.6,
            )  # fmt: skip
            start += 100 * share
        low, end = (100 * first[f"{subset}_above_{name}"] for name in ("low", "high"))
        if math.isfinite(low + end):
            axes.hlines(at, low, end, color=PAPER, linewidth=3.2)
            axes.hlines(at, low, end, color=INK, linewidth=1.4)


def _verdict(axes: Axes, verdict: str, x: float, y: float) -> None:
    if not verdict:
        axes.text(x, y, "–", color=MUTED, ha="center", va="center")
        return
    bar(axes, Row("", (x, math.nan, math.nan), VERDICTS[verdict]), y)


def _keys() -> list[Any]:
    from matplotlib.lines import Line2D

    shown = (Verdict.SUPPORTED, Verdict.NO_EFFECT, Verdict.UNDECIDED, Verdict.CONTRADICTED)
    looks = {str(verdict): VERDICTS[verdict] for verdict in shown}
    return [
        Line2D([], [], label=name, color=colour, marker=marker, linestyle="none",
               markerfacecolor=colour if filled else PAPER)
        for name, (colour, marker, filled) in looks.items()
    ]  # fmt: skip


def _reading(table: pd.DataFrame) -> str:
    worlds = table[f"{ALL}_worlds"].max()
    drawn = f" Up to {int(worlds)} worlds, over all plausible ranges." if worlds > 0 else ""
    return (
        "Bars: 99.5 % intervals at the look that decided; a claim with several effects needs all. "
        f"Grey around 0: not material. Thin bars: of worlds that respond. Right: verdicts by other "
        f"definitions of emergence.{drawn}"
    )
