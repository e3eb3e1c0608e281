"""The verdict board: claims × effect, verdict, other definitions of emergence, share of worlds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.claims.board import OTHERS, describe_effect, describe_share
from experiments.claims.pooling import ALL, RESPONSIVE
from experiments.claims.verdict import Verdict
from experiments.figures import style
from experiments.figures.style import BLUE, FAINT, INK, MUTED, PAPER, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE, GAP = 0.26, 0.22  # inches: of an effect, between claims
ABOVE, BELOW = 1.58, 0.95
NAMES, LABELS, EFFECTS, WORLDS, MARKS = 0.30, 2.02, 4.05, 7.15, 9.75  # inches from the left
LOOKS: dict[str, tuple[str, str, bool]] = {
    Verdict.SUPPORTED: (BLUE, "o", True),
    Verdict.CONTRADICTED: (VERMILION, "X", True),
    Verdict.NO_EFFECT: (MUTED, "s", True),
    Verdict.UNDECIDED: (MUTED, "D", False),
    Verdict.NOT_RUN: (MUTED, "_", False),
}
DEFINED = {
    "emerged_mass_1": "a mass of 1 %",
    "emerged_mass_5": "a mass of 5 %",
    "emerged_people": "a mass of 400 people",
    "emerged_spell_26": "a spell of 26 weeks",
}
HEADS = {
    "emerged_mass_1": "1 %\n",
    "emerged_mass_5": "5 %\n",
    "emerged_people": "400\nppl",
    "emerged_spell_26": "26\nwk",
}


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw the board.

    Parameters
    ----------
    table
        From `board.board`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(4) if figure is None else figure
    places = _places(table)
    height = ABOVE + places["bottom"].max() + 0.05 + BELOW
    figure.set_size_inches(style.WIDTH, height)
    effects = _axes(figure, height, EFFECTS, WORLDS - EFFECTS - 0.25)
    worlds = _axes(figure, height, WORLDS, MARKS - WORLDS - 0.25)
    page = figure.add_axes((0, 0, 1, 1), frameon=False, zorder=-1)
    page.set(xlim=(0, style.WIDTH), ylim=(height, 0), xticks=[], yticks=[])
    page.grid(False)
    _head(page, table)
    for number, (claim, place) in enumerate(places.groupby("claim", sort=False)):
        rows = table[table["claim"] == claim]
        top = ABOVE + place["top"].iloc[0]
        bottom = ABOVE + place["bottom"].iloc[0]
        if number % 2 == 0:
            page.axhspan(top, bottom, color=FAINT, alpha=0.4, linewidth=0)
        _claim(page, rows.iloc[0], top)
        _worlds(worlds, rows.iloc[0], (top + bottom) / 2 - ABOVE)
        _definitions(page, rows.iloc[0], (top + bottom) / 2)
        for (_, line), y in zip(rows.iterrows(), place["y"], strict=True):
            _effect(effects, line, y)
            page.text(LABELS, ABOVE + y, line["label"], fontsize=8.5, va="center")
    _finish(effects, worlds, table)
    _key(page, height)
    style.title(figure, headline(table), _subtitle(table), left=NAMES)
    return figure


def headline(table: pd.DataFrame) -> str:
    """Return in a line how the claims fare."""
    verdicts = table.drop_duplicates("claim")["verdict"]
    names = {Verdict.NO_EFFECT: "without material effect"}
    told_of = [
        f"{count} {names.get(verdict, verdict)}"
        for verdict in Verdict
        if (count := int((verdicts == verdict).sum()))
    ]
    return f"The ten claims, one of them in two parts: {text.joined(told_of)}"


def describe(table: pd.DataFrame) -> str:
    """Return the board in words."""
    sentences = []
    for claim, rows in table.groupby("claim", sort=False):
        first = rows.iloc[0]
        of = "; ".join(f"{line['label']} {describe_effect(line)}" for _, line in rows.iterrows())
        sentence = f"{claim} {first['title']}: {first['verdict']} ({of})"
        if math.isfinite(first[f"{ALL}_above"]):
            sentence += (
                f"; it holds in {describe_share(first, ALL)} of worlds, "
                f"{describe_share(first, RESPONSIVE)} of responding ones, and the opposite in "
                f"{describe_share(first, ALL, 'below')} of all"
            )
        unlike = [
            f"{DEFINED[n]} {first[n]}" for n in OTHERS if first[n] not in ("", first["verdict"])
        ]
        if unlike:
            sentence += f"; with other definitions of emergence: {', '.join(unlike)}"
        sentences.append(sentence)
    return f"{headline(table)}. {'. '.join(sentences)}."


def _places(table: pd.DataFrame) -> pd.DataFrame:
    """Return where rows lie, in inches below the head."""
    rows, y = [], 0.0
    for claim, lines in table.groupby("claim", sort=False):
        height = max(len(lines), 2) * LINE + GAP
        start = y + (height - (len(lines) - 1) * LINE) / 2
        for i in range(len(lines)):
            rows.append({"claim": claim, "y": start + i * LINE, "top": y, "bottom": y + height})
        y += height
    return pd.DataFrame(rows)


def _axes(figure: Figure, height: float, left: float, width: float) -> Axes:
    axes = style.place(figure, left, BELOW, style.WIDTH - left - width, ABOVE)
    axes.set_ylim(height - ABOVE - BELOW, 0)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.patch.set_visible(False)
    return axes


def _head(page: Axes, table: pd.DataFrame) -> None:
    def head(x: float, sentence: str, **options: Any) -> None:
        page.text(x, ABOVE - 0.12, sentence, fontsize=8.5, color=MUTED, va="bottom", **options)

    head(NAMES, "claim and verdict")
    head(LABELS, "what was compared")
    head(EFFECTS, "effect, averaged over conditions")
    head(WORLDS, "share of plausible worlds")
    for i, name in enumerate(OTHERS):
        head(MARKS + 0.1 + 0.31 * i, HEADS[name], ha="center", linespacing=1.0)
    page.text(
        MARKS + 0.1 + 0.155 * (len(OTHERS) - 1), ABOVE - 0.63, "other definitions", fontsize=8.5,
        color=MUTED, ha="center", va="bottom",
    )  # fmt: skip
    page.text(
        MARKS + 0.1 + 0.155 * (len(OTHERS) - 1), ABOVE - 0.48, "of emergence", fontsize=8.5,
        color=MUTED, ha="center", va="bottom",
    )  # fmt: skip


def _mark(axes: Axes, x: float, y: float, verdict: str, size: float = 8) -> None:
    colour, marker, filled = LOOKS[verdict]
    axes.plot(
        [x], [y], marker=marker, markersize=size, color=colour, linestyle="none", clip_on=False,
        markerfacecolor=colour if filled else PAPER, markeredgewidth=1.3,
    )  # fmt: skip


def _claim(page: Axes, first: pd.Series, top: float) -> None:
    page.text(
        NAMES, top + GAP / 2 + 0.13, f"{first['claim']}  {first['title']}", fontsize=9.5,
        fontweight="bold", va="center",
    )  # fmt: skip
    _mark(page, NAMES + 0.07, top + GAP / 2 + 0.38, first["verdict"])
    page.text(NAMES + 0.22, top + GAP / 2 + 0.38, first["verdict"], fontsize=9, va="center")


def _effect(axes: Axes, line: pd.Series, y: float) -> None:
    if line["effect_verdict"] == Verdict.NOT_RUN or math.isnan(line["effect"]):
        axes.text(0, y, "not run", fontsize=8.5, color=MUTED, va="center")
        return
    colour, *_ = LOOKS[line["effect_verdict"]]
    band = 100 * line["materiality"]
    axes.fill_between([-band, band], y - LINE / 2, y + LINE / 2, color=FAINT, linewidth=0)
    if math.isfinite(line["low"] + line["high"]):
        axes.hlines(y, 100 * line["low"], 100 * line["high"], color=colour, linewidth=2)
    _mark(axes, 100 * line["effect"], y, line["effect_verdict"], 6.5)
    end = line["high"] if math.isfinite(line["high"]) else line["effect"]
    axes.annotate(
        text.points(*[line["effect"]] * 3).split(" points")[0], (100 * end, y), (6, 0),
        textcoords="offset points", fontsize=8, va="center", color=INK, annotation_clip=False,
    )  # fmt: skip


def _worlds(axes: Axes, first: pd.Series, y: float) -> None:
    """Draw the shares of worlds: a bar for all, a thinner one for the responding."""
    for subset, at, high in ((ALL, y - 0.10, 0.18), (RESPONSIVE, y + 0.12, 0.10)):
        above, below = first[f"{subset}_above"], first[f"{subset}_below"]
        if not math.isfinite(above + below):
            if subset == ALL:
                axes.text(0, y, "not run", fontsize=8.5, color=MUTED, va="center")
            continue
        bar: dict[str, Any] = {"height": high, "edgecolor": INK, "linewidth": 0.6}
        axes.barh(at, 100 * above, color=BLUE, **bar)
        axes.barh(at, 100 * (1 - above - below), left=100 * above, color=PAPER, **bar)
        axes.barh(
            at, 100 * below, left=100 * (1 - below), color=VERMILION, hatch="////", **bar
        )  # fmt: skip
        low, end = (100 * first[f"{subset}_above_{name}"] for name in ("low", "high"))
        if math.isfinite(low + end):
            axes.hlines(at, low, end, color=PAPER, linewidth=3.2)
            axes.hlines(at, low, end, color=INK, linewidth=1.4)


def _definitions(page: Axes, first: pd.Series, y: float) -> None:
    for i, name in enumerate(OTHERS):
        x = MARKS + 0.1 + 0.31 * i
        if first[name]:
            _mark(page, x, y, first[name], 7)
        else:
            page.text(x, y, "–", color=MUTED, ha="center", va="center")


def _finish(effects: Axes, worlds: Axes, table: pd.DataFrame) -> None:
    known = table[["low", "high"]].to_numpy(dtype=float)
    known = known[np.isfinite(known).all(axis=1)]
    low, high = (min(known.min(), -0.1), max(known.max(), 0.1)) if len(known) else (-0.1, 0.1)
    room = 0.05 * (high - low)
    effects.set_xlim(100 * (low - room), 100 * (high + 2.5 * room))
    effects.axvline(0, color=INK, linewidth=0.9, zorder=1)
    effects.set_xlabel("percentage points, hundredths of cost\n(grey: not material)", fontsize=8.5)
    worlds.set_xlim(0, 100)
    worlds.set_xticks(range(0, 101, 25))
    worlds.set_xlabel("percent of worlds\n(thin bar: of responding ones)", fontsize=8.5)


def _key(page: Axes, height: float) -> None:
    y, x = height - 0.22, NAMES + 0.07
    for verdict in (Verdict.SUPPORTED, Verdict.NO_EFFECT, Verdict.UNDECIDED, Verdict.CONTRADICTED):
        _mark(page, x, y, verdict, 7)
        page.text(x + 0.13, y, verdict, fontsize=8.5, va="center")
        x += 0.35 + 0.075 * len(verdict)
    x = WORLDS
    for sentence, colour, hatch in (
        ("holds", BLUE, ""),
        ("no material effect", PAPER, ""),
        ("the opposite", VERMILION, "////"),
    ):
        page.barh(
            y, 0.22, left=x, height=0.13, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6
        )
        page.text(x + 0.28, y, sentence, fontsize=8.5, va="center")
        x += 0.5 + 0.075 * len(sentence)


def _subtitle(table: pd.DataFrame) -> str:
    worlds = table[f"{ALL}_worlds"].max()
    drawn = f"; up to {int(worlds)} worlds, over all plausible ranges" if worlds > 0 else ""
    return (
        "Bars: 99.5 % intervals at the look that decided; a claim with several effects needs all"
        f"{drawn}."
    )
