"""What conditions do to emergence: main effects, and the odds of them and of their pairs."""

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
    counts = {"raise": raises, "lower": lowers}
    verbs = [f"{count} {verb}{'s' * (count == 1)}" for verb, count in counts.items() if count]
    said = " emergence, ".join(verbs) + (" it" if len(verbs) > 1 else " emergence")
    return f"Of {len(table)} conditions {said}; the most: “{labels.get(largest, largest)}”"


@styled
def draw_odds(table: pd.DataFrame, labels: Mapping[str, str] = {}) -> Figure:
    """Draw the log odds ratios of conditions, then of pairs, with their intervals.

    Parameters
    ----------
    table
        From `logistic.logistic`.
    labels
        A condition in words.
    """
    ordered = odds_in_order(table)
    rows = [
        Row(_named(row["term"], labels), row[["log_odds", "low", "high"]], _look(row),
            _value(row))
        for _, row in ordered.iterrows()
    ]  # fmt: skip
    singles = int((~_is_pair(ordered)).sum())
    figure, (axes,) = panels(1, rows=[row.name for row in rows], line=2.0)
    forest(axes, rows, zero=0, shaded=range(singles))
    axes.set_xlabel("change of the log odds of emergence")
    title = odds_headline(table)
    separated = bool(table["separated"].any())
    hollow = " Hollow: separated by the data, a cautious estimate." if separated else ""
    reading = f"95 % intervals, clustered by replicate. Grey: conditions; below: pairs, ×.{hollow}"
    words = in_words(
        f"{title}. {reading}", ordered, lambda row: _named(row["term"], labels), _value
    )
    finish(figure, title, reading, words=words)
    return figure


def _look(row: pd.Series) -> tuple[str, str, bool]:
    if row["low"] <= 0 <= row["high"]:
        return MUTED, "D", not row["separated"]
    return (*((BLUE, "o") if row["log_odds"] > 0 else (VERMILION, "s")), not row["separated"])


def odds_in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return conditions, then pairs, each from the largest rise to the largest fall."""
    table = table[table["term"].astype(bool) & table["log_odds"].notna()]
    order = table.assign(pair=_is_pair(table)).sort_values(
        ["pair", "log_odds"], ascending=[True, False]
    )
    return order.drop(columns="pair").reset_index(drop=True)


def odds_headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the pairs."""
    table = odds_in_order(table)
    if table.empty:
        return "The outcome never varies: there are no odds to compare"
    pairs = table[_is_pair(table)]
    more, less = int((pairs["low"] > 0).sum()), int((pairs["high"] < 0).sum())
    if not more and not less:
        return "No two conditions are seen to do more or less together, on the scale of odds"
    return (
        f"Of {len(pairs)} pairs of conditions {more} do more together than the sum of their log "
        f"odds, {less} do less"
    )


def _value(row: pd.Series) -> str:
    value = text.number(row["log_odds"], row["low"], row["high"], sign=True)
    return f"{value}, separated" if row["separated"] else value


def _is_pair(table: pd.DataFrame) -> pd.Series:
    return table["term"].map(len) > 1


def _named(term: tuple[str, ...], labels: Mapping[str, str]) -> str:
    return " × ".join(labels.get(name, name) for name in term)
