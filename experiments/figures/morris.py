"""Which parameters matter: the size of their effects, and how much it depends on the others."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.morris import NEGLIGIBLE
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import Row, forest
from experiments.figures.style import BLUE, MUTED, VERMILION, Figure, styled
from sim.columns import column, label

MOST, FEWEST = 16, 6


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the size of the effects of the parameters that matter most, and their spread beside it.

    Parameters
    ----------
    table
        From `morris.morris`, of one outcome.
    """
    shown, scale = worth_showing(table), column(table["outcome"].iloc[0]).scale
    floor = scale * float(table["chance"].max())
    figure, axes = panels(2, most=2, rows=list(map(label, shown["parameter"])), least=15)
    for each, name in zip(axes, ("mu_star", "sigma"), strict=True):
        columns = [name, f"{name}_low", f"{name}_high"]
        rows = [
            Row(
                label(row["parameter"]), scale * row[columns],
                (*((VERMILION, "v") if row["mu"] < 0 else (BLUE, "o")),
                 not row["mu_star_low"] <= row["chance"]),
            )
            for _, row in shown.iterrows()
        ]  # fmt: skip
        top = scale * shown[f"{name}_high"].max()
        forest(each, rows, named=each is axes[0], limits=(-0.03 * top, 1.05 * top), zero=0)
        each.set_title(TITLES[name])
    if floor > 0:
        axes[0].axvspan(0, floor, color=MUTED, alpha=0.18, linewidth=0)
    unit = f"{label(table['outcome'].iloc[0])} ({'points' if scale > 1 else 'own unit'})"
    title = headline(table)
    grey = " Grey: chance alone. Hollow: not surely more than chance." if floor > 0 else ""
    finish(
        figure,
        title,
        "Change of the outcome over a parameter's whole range, its mean size and how much it "
        f"differs between worlds; {len(shown)} of {len(table)} parameters. "
        f"Triangles lower it.{grey} "
        f"Bars: 95 % intervals, {int(table['trajectories'].max())} trajectories.",
        foot=unit,
        words=in_words(
            f"{title}. Mean size of the effect (μ*):",
            shown,
            lambda row: label(row["parameter"]),
            lambda row: (
                f"{text.number(*row[['mu_star', 'mu_star_low', 'mu_star_high']])}, "
                f"σ {text.number(row['sigma'])}{', lowers it' if row['mu'] < 0 else ''}"
            ),
        ),
    )
    return figure


TITLES = {"mu_star": "size of the effect (μ*)", "sigma": "spread between worlds (σ)"}


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters from the largest effect to the smallest."""
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def worth_showing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters that do more than chance, and at least the first few."""
    table = in_order(table)
    above = int((table["mu_star_low"] > table["chance"].fillna(0.0)).sum())
    return table.head(min(max(above, FEWEST), MOST))


def headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    table = in_order(table)
    first = table.iloc[0]
    if first["mu_star"] == 0:
        return "No parameter changes the outcome"
    negligible = int((table["verdict"] == NEGLIGIBLE).sum())
    rest = f"; {negligible} of {len(table)} are negligible" if negligible else ""
    return f"The largest effect is that of {label(first['parameter'])}{rest}"
