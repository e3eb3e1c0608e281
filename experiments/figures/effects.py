"""Main effects of conditions on emergence, against what counts as material."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from experiments import text
from experiments.analysis.effects import MATERIAL
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, MUTED, VERMILION, Figure, styled

VERDICTS = {
    "raises": (BLUE, "o", True),
    "lowers": (VERMILION, "s", True),
    "no material effect": (MUTED, "D", True),
    "undecided": (MUTED, "D", False),
}


@styled
def draw(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
    """Draw main effects with their intervals, largest first.

    Parameters
    ----------
    table
        From `effects.main_effects`; or any rows of condition, effect, low, high, verdict.
    labels
        A condition's name in words.
    """
    table = in_order(table)
    rows = [
        Row(
            labels.get(row["condition"], text.as_text(row["condition"])),
            100 * row[["effect", "low", "high"]],
            VERDICTS[row["verdict"]],
            f"{text.points(row['effect'], row['low'], row['high'])}\n{row['verdict']}",
        )
        for _, row in table.iterrows()
    ]
    figure, (axes,) = panels(1, rows=[row.name for row in rows], line=3.1)
    forest(axes, rows, zero=0, band=100 * MATERIAL)
    axes.set_xlabel("change in runs with a movement, on − off (percentage points)")
    title = headline(table, labels)
    finish(
        figure,
        title,
        "Averaged over all settings of the other conditions. Bars: 95 % intervals over "
        f"{int(table['replicates'].max())} replicates; grey: ±{100 * MATERIAL:.0f} points, "
        "not material.",
        words=in_words(
            f"{title}. Main effects:",
            table,
            lambda row: labels.get(row["condition"], row["condition"]),
            lambda row: f"{text.points(*row[['effect', 'low', 'high']])}, {row['verdict']}",
        ),
    )
    return figure


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the effects from the largest rise to the largest fall."""
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def headline(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> str:
    """Return in a line what is seen."""
    raises, lowers = (int((table["verdict"] == name).sum()) for name in ("raises", "lowers"))
    if not raises and not lowers:
        return "No condition is seen to change emergence by more than is material"
    largest = table.loc[table["effect"].abs().idxmax(), "condition"]
    counts = [(raises, "raise"), (lowers, "lower")]
    verbs = [f"{count} {verb}{'s' * (count == 1)}" for count, verb in counts if count]
    objects = " it, ".join(f"{verb} emergence" if i == 0 else verb for i, verb in enumerate(verbs))
    said = objects.replace(" emergence it,", " emergence,") + (" it" if len(verbs) > 1 else "")
    return f"Of {len(table)} conditions {said}; the most: “{labels.get(largest, largest)}”"
