"""How the claims fare: the verdict board, and the share of worlds in which each holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.effects import DEFINITIONS
from experiments.claims.board import (
    OF_CALIBRATED,
    ClaimKind,
    describe_effect,
    describe_share,
    describe_verdict,
)
from experiments.claims.robustness import SHARES
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
    Axes,
    Figure,
    ems,
    new_figure,
    styled,
)

LINE = 1.9  # times the size of the text, of a row
VERDICTS: dict[str, tuple[str, str, bool]] = {
    Verdict.SUPPORTED: (BLUE, "o", True),
    Verdict.CONTRADICTED: (VERMILION, "X", True),
    Verdict.NO_EFFECT: (MUTED, "s", True),
    Verdict.UNDECIDED: (MUTED, "D", False),
    Verdict.NOT_RUN: (MUTED, "_", False),
}
HEADS = {
    "emerged": "as defined",
    "emerged_50": "50 people",
    "emerged_200": "200 people",
    "emerged_spell_12": "12 weeks",
    "emerged_spell_26": "26 weeks",
    "emerged_share_1": "1 %",
    "emerged_share_2": "2 %",
    "emerged_share_5": "5 %",
}
"""Definitions of emergence in a word or two, in their order."""
WORLDS = {
    "holds": (BLUE, ""),
    "no material effect": (PAPER, ""),
    "the opposite": (VERMILION, "////"),
}
HALF = 0.5
OPEN = [ClaimKind.TESTABLE, ClaimKind.UNKNOWN]
"""The kinds of claims that get a verdict."""
SETS = {
    "": (
        "all ranges",
        "plausible worlds",
        "drawn over the plausible ranges of all that is uncertain",
    ),
    OF_CALIBRATED: (
        "not ruled out",
        "worlds not ruled out",
        "which the facts of the case do not rule out",
    ),
}
"""Sets of worlds in words, by the prefix of their columns."""


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the board: a bold row a claim, below it a row an effect.

    The table is from `board.board`.
    """
    names: list[str] = []
    claims, effects = {}, []
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        claims[len(names)] = first
        names.append(f"{claim} {first['title']}: {describe_verdict(first)}")
        for _, line in rows.iterrows():
            effects.append((len(names), line))
            names.append(line["label"])
    figure = new_figure(ems(height_of(names, LINE) + 8))
    sets = [prefix for prefix in SETS if table[f"{prefix}above"].notna().any()] or [""]
    wide = (5, 3, 4) if len(sets) == 1 else (4, 2, 2, 5)
    grid: Any = figure.subplots(1, len(wide), sharey=True, width_ratios=wide)
    left, *middle, right = grid
    name_rows(left, names)
    for number in claims:
        left.get_yticklabels()[number].set_fontweight("bold")
    for axes in grid:
        only_rows(axes)
        axes.tick_params(labelleft=axes is left)
        for number in claims:
            axes.axhspan(number - 0.5, number + 0.5, color=FAINT, alpha=0.45, linewidth=0)
    _effects(left, effects)
    for axes, prefix in zip(middle, sets, strict=True):
        axes.set(xlim=(0, 100), xticks=(0, 50, 100), xlabel="% of worlds", title=SETS[prefix][0])
    right.set_xlim(-0.6, len(HEADS) - 0.4)
    for number, first in claims.items():
        for axes, prefix in zip(middle, sets, strict=True):
            worlds_row(axes, {name: first[prefix + name] for name in SHARES}, number)
        for i, name in enumerate(HEADS):
            if first[name]:
                bar(right, Row("", (i, math.nan, math.nan), VERDICTS[first[name]]), number)
            else:
                right.text(i, number, "–", color=MUTED, ha="center", va="center")
    left.set_title("effect")
    left.set_xlabel("1/100 of the unit")
    right.set_xticks(range(len(HEADS)), list(HEADS.values()), rotation=90)
    right.set_title("if")
    bare(right)
    title, worlds = headline(table), table["worlds"].max()
    drawn = f" Up to {int(worlds)} worlds, over all plausible ranges." if worlds > 0 else ""
    finish(
        figure,
        title,
        "Bars: 99.5 % intervals over all replicates; a claim with several effects needs all. "
        "People count by logarithm: 10 is a quarter more, 100 ten times as many. Grey around 0: "
        f"not material. Right: verdicts on emergence itself, by definition of it.{drawn}",
        [*_keys(), *patches(WORLDS)],
        words=f"{title}. {_in_words(table)}",
    )
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line how the claims fare."""
    claims = table.drop_duplicates("claim")
    said = claims.apply(describe_verdict, axis=1)
    counts = [f"{count} {what}" for what, count in said.value_counts(sort=False).items()]
    numbers = claims["claim"].str.rstrip("abc")
    parts = [name for name, count in numbers.value_counts(sort=False).items() if count > 1]
    split = f", {text.joined(parts)} in two parts" if parts else ""
    return f"{numbers.nunique()} claims{split}: {text.joined(counts)}"


def _in_words(table: pd.DataFrame) -> str:
    sentences = []
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        effects = "; ".join(
            f"{line['label']} {describe_effect(line)}" for _, line in rows.iterrows()
        )
        sentence = f"{claim} {first['title']}: {describe_verdict(first)}; {effects}"
        if first["kind"] != ClaimKind.UNKNOWN:
            sentence += f"; kind: {first['kind']}"
        if math.isfinite(first["above"]):
            sentence += (
                f"; it holds in {describe_share(first)} of worlds, and the opposite in "
                f"{describe_share(first, 'below')}"
            )
        if math.isfinite(first[f"{OF_CALIBRATED}above"]):
            sentence += (
                f"; of the worlds that the facts do not rule out it holds in "
                f"{describe_share(first, f'{OF_CALIBRATED}above')}"
            )
        verdicts = [f"{DEFINITIONS[name]} {first[name]}" for name in HEADS if first[name]]
        if verdicts:
            sentence += f"; emergence by definition: {', '.join(verdicts)}"
        sentences.append(sentence)
    return f"{'. '.join(sentences)}."


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


def worlds_row(axes: Axes, first: Mapping[str, Any], y: float) -> None:
    """Draw the shares of worlds of a claim as a bar, with the interval of the share that holds."""
    above, below = first["above"], first["below"]
    if not math.isfinite(above + below):
        axes.text(0, y, "not run", color=MUTED, va="center")
        return
    start, shares = 0.0, (above, 1 - above - below, below)
    for share, (colour, hatch) in zip(shares, WORLDS.values(), strict=True):
        axes.barh(
            y, 100 * share, 0.5, left=start, color=colour, hatch=hatch, edgecolor=INK,
            linewidth=0.6,
        )  # fmt: skip
        start += 100 * share
    low, high = (100 * first[f"above_{name}"] for name in ("low", "high"))
    axes.hlines(y, low, high, color=PAPER, linewidth=3.2)
    axes.hlines(y, low, high, color=INK, linewidth=1.4)


def _keys() -> list[Any]:
    from matplotlib.lines import Line2D

    shown = (Verdict.SUPPORTED, Verdict.NO_EFFECT, Verdict.UNDECIDED, Verdict.CONTRADICTED)
    looks = {str(verdict): VERDICTS[verdict] for verdict in shown}
    return [
        Line2D([], [], label=name, color=colour, marker=marker, linestyle="none",
               markerfacecolor=colour if filled else PAPER)
        for name, (colour, marker, filled) in looks.items()
    ]  # fmt: skip


@styled
def draw_worlds(table: pd.DataFrame, prefix: str = "") -> Figure:
    """Draw a bar a claim: in what share of worlds it holds, has no material effect, is reversed.

    Parameters
    ----------
    table
        From `board.board`.
    prefix
        Of the columns of the set of worlds (`SETS`).
    """
    title, table = worlds_headline(table, prefix), _of(table, prefix)
    claims = table.drop_duplicates("claim").to_dict("records")
    names = [f"{row['claim']} {row['title']}: {describe_share(row)}{_kind(row)}" for row in claims]
    figure = new_figure(ems(height_of(names, 2.0) + 5))
    axes = figure.subplots()
    name_rows(axes, names)
    only_rows(axes)
    axes.set(xlim=(0, 100), xticks=(0, 25, 50, 75, 100), xlabel="% of worlds")
    axes.axvline(100 * HALF, color=INK, linewidth=0.9, zorder=1)
    for place, row in enumerate(claims):
        worlds_row(axes, row, place)
    said = [
        f"{row['claim']} {row['title']}{_kind(row)} holds in {describe_share(row)} of the worlds, "
        f"and the opposite in {describe_share(row, 'below')}"
        for row in claims
    ]
    finish(
        figure,
        title,
        f"Up to {int(table['worlds'].max()):,} worlds, {SETS[prefix][2]}. A claim holds in a world "
        "where all of its effects are material. Lines: 95 % intervals; a claim counts as holding "
        "in more than half if its whole interval does, and not at all if the model cannot test it "
        "(the reason in brackets).",
        patches(WORLDS),
        words=f"{title}. {'. '.join(said)}.",
    )
    return figure


def worlds_headline(table: pd.DataFrame, prefix: str = "") -> str:
    """Return which claims hold in more than half of the worlds, whatever the error, in a line."""
    which, judged = SETS[prefix][1], _judged(table, prefix)
    most = judged.loc[judged["above_low"] > HALF, "claim"].tolist()
    tested = set(judged["kind"]) == {ClaimKind.TESTABLE}
    of = text.counted(len(judged), "testable claim" if tested else "claim")
    if not most:
        return f"None of {of} holds in more than half of the {which}"
    hold = "holds" if len(most) == 1 else "hold"
    names = text.joined(most)
    return f"{len(most)} of {of} {hold} in more than half of the {which}: {names}"


def _of(table: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the board with the shares of a set of worlds in place of those of all ranges."""
    return table.assign(**{name: table[prefix + name] for name in ("worlds", *SHARES)})


def is_known(table: pd.DataFrame, prefix: str = "") -> bool:
    """Return whether there are worlds in which any claim was judged."""
    return not _judged(table, prefix).empty


def _judged(table: pd.DataFrame, prefix: str) -> pd.DataFrame:
    claims = _of(table, prefix).drop_duplicates("claim")
    return claims[claims["above"].notna() & claims["kind"].isin(OPEN)]


def _kind(row: dict[str, str]) -> str:
    """Return the kind of a claim that gets no verdict, in brackets."""
    return "" if row["kind"] in OPEN else f" ({row['kind']})"
