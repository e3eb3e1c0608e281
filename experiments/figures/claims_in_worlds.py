"""In what share of the plausible worlds each claim holds: the headline of all results."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.claims.board import OF_CALIBRATED, ClaimKind, describe_share
from experiments.claims.robustness import SHARES
from experiments.figures.layout import finish, height_of, name_rows, only_rows
from experiments.figures.primitives import patches
from experiments.figures.style import INK, Figure, ems, new_figure, styled
from experiments.figures.verdict_board import WORLDS, worlds_row

HALF = 0.5
SETS = {
    "": ("plausible worlds", "drawn over the plausible ranges of all that is uncertain"),
    OF_CALIBRATED: ("worlds not ruled out", "which the facts of the case do not rule out"),
}
"""Sets of worlds in words, by the prefix of their columns."""


@styled
def draw(table: pd.DataFrame, prefix: str = "") -> Figure:
    """Draw a bar a claim: in what share of worlds it holds, has no material effect, is reversed.

    Parameters
    ----------
    table
        From `board.board`.
    prefix
        Of the columns of the set of worlds (`SETS`).
    """
    table = _of(table, prefix)
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
    title = _headline(table, prefix)
    said = [
        f"{row['claim']} {row['title']}{_kind(row)} holds in {describe_share(row)} of the worlds, "
        f"and the opposite in {describe_share(row, 'below')}"
        for row in claims
    ]
    finish(
        figure,
        title,
        f"Up to {int(table['worlds'].max()):,} worlds, {SETS[prefix][1]}. A claim holds in a world "
        "where all of its effects are material. Lines: 95 % intervals; a claim counts as holding "
        "in more than half if its whole interval does, and not at all if the model cannot test it "
        "(the reason in brackets).",
        patches(WORLDS),
        words=f"{title}. {'. '.join(said)}.",
    )
    return figure


def headline(table: pd.DataFrame, prefix: str = "") -> str:
    """Return which claims hold in more than half of the worlds, whatever the error, in a line."""
    return _headline(_of(table, prefix), prefix)


def _of(table: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return the board with the shares of a set of worlds in place of those of all ranges."""
    return table.assign(**{name: table[prefix + name] for name in ("worlds", *SHARES)})


def _headline(table: pd.DataFrame, prefix: str) -> str:
    which = SETS[prefix][0]
    judged = _judged(table)
    most = judged.loc[judged["above_low"] > HALF, "claim"].tolist()
    tested = set(judged["kind"]) == {ClaimKind.TESTABLE}
    of = text.counted(len(judged), "testable claim" if tested else "claim")
    if not most:
        return f"None of {of} holds in more than half of the {which}"
    hold = "holds" if len(most) == 1 else "hold"
    names = text.joined(most)
    return f"{len(most)} of {of} {hold} in more than half of the {which}: {names}"


def is_known(table: pd.DataFrame, prefix: str = "") -> bool:
    """Return whether there are worlds in which any claim was judged."""
    return not _judged(_of(table, prefix)).empty


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    claims = table.drop_duplicates("claim")
    open_kinds = [ClaimKind.TESTABLE, ClaimKind.UNKNOWN]
    return claims[claims["above"].notna() & claims["kind"].isin(open_kinds)]


def _kind(row: dict[str, str]) -> str:
    """Return the kind of a claim that gets no verdict, in brackets."""
    kind = row["kind"]
    return "" if kind in (ClaimKind.TESTABLE, ClaimKind.UNKNOWN) else f" ({kind})"
