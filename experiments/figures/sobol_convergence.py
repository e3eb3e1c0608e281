"""Whether there are samples enough: total Sobol indices from more and more of them."""

from __future__ import annotations

import pandas as pd

from experiments.figures.describe import in_words
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import LOOKS, bars, strokes
from experiments.figures.style import Figure, styled
from sim.columns import label

WIDE = 0.1  # of an interval from which on an index is not settled


@styled
def draw(table: pd.DataFrame) -> Figure:
    """Draw the total index of the parameters that explain most, by number of base samples.

    Parameters
    ----------
    table
        From `sobol.convergence`.
    """
    figure, (axes,) = panels(1, height=20)
    counts, names = sorted(table["base_samples"].unique()), largest(table)
    for i, (name, look) in enumerate(zip(names, LOOKS, strict=False)):
        rows = table[table["parameter"] == name].sort_values("base_samples")
        x = rows["base_samples"] * 1.025 ** (i - len(names) / 2)  # side by side on the log axis
        bars(axes, x, (rows[c] for c in ("total", "total_low", "total_high")), look)
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.set_ylim(0, max(1.0, 1.02 * float(table["total_high"].clip(upper=1.5).max())))
    axes.set_xlabel("base samples")
    axes.set_ylabel("total index (share of the variance)")
    reading = "Bars: 95 % intervals; marks side by side belong to the same number of base samples."
    title = headline(table)
    words = in_words(
        f"{title}. Total index by number of base samples:",
        table.set_index("parameter")
        .loc[names]
        .reset_index()
        .sort_values("base_samples", kind="stable"),
        lambda row: f"from {row['base_samples']:,}",
        lambda row: f"{row['total']:.2f}",
        lambda row: label(row["parameter"]),
    )
    finish(figure, title, reading, strokes(map(label, names)), words=words)
    return figure


def largest(table: pd.DataFrame) -> list[str]:
    """Return the parameters drawn: those with the largest total index from all samples."""
    last = table[table["base_samples"] == table["base_samples"].max()]
    ordered = last.sort_values("total", ascending=False, kind="stable")
    return [str(name) for name in ordered["parameter"].head(len(LOOKS))]


def headline(table: pd.DataFrame) -> str:
    """Return in a line whether the indices have settled."""
    count = int(table["base_samples"].max())
    last = table[table["base_samples"] == count]
    width = float((last["total_high"] - last["total_low"]).max())
    if width <= WIDE:
        return f"{count:,} base samples are enough: every total index is known to ±{width / 2:.2f}"
    return f"With {count:,} base samples the total indices are only known to ±{width / 2:.2f}"
