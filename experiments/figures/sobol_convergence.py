"""Whether there are samples enough: total Sobol indices from more and more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.figures import style
from experiments.figures.style import BLUE, GREEN, INK, ORANGE, PURPLE, VERMILION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RIGHT, ABOVE, BELOW, HEIGHT = 2.5, 0.95, 0.65, 4.6
LOOKS = ((BLUE, "-", "o"), (VERMILION, "--", "s"), (GREEN, "-.", "^"), (ORANGE, ":", "D"),
         (PURPLE, "-", "v"), (INK, "--", "x"))  # fmt: skip
WIDE = 0.1  # of an interval from which on an index is not settled


@style.styled
def draw(table: pd.DataFrame, figure: Figure | None = None) -> Figure:
    """Draw the total index of the parameters that explain most, by number of base samples.

    Parameters
    ----------
    table
        From `sobol.convergence`.
    figure
        To draw on; it is given the size that is needed.
    """
    figure = style.new_figure(HEIGHT) if figure is None else figure
    figure.set_size_inches(style.WIDTH, HEIGHT)
    axes = style.place(figure, style.MARGIN, BELOW, RIGHT, ABOVE)
    counts = sorted(table["base_samples"].unique())
    names = largest(table)
    ends = []
    for i, (name, (colour, dashes, marker)) in enumerate(zip(names, LOOKS, strict=False)):
        rows = table[table["parameter"] == name].sort_values("base_samples")
        x = rows["base_samples"] * 1.025 ** (i - len(names) / 2)  # side by side on the log axis
        axes.vlines(x, rows["total_low"], rows["total_high"], color=colour, linewidth=1.2)
        axes.plot(x, rows["total"], color=colour, linestyle=dashes, marker=marker, markersize=5)
        ends.append((name, float(rows["total"].iloc[-1]), colour))
    axes.set_xscale("log", base=2)
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.set_ylim(0, max(1.0, 1.02 * float(table["total_high"].clip(upper=1.5).max())))
    axes.set_xlabel("base samples")
    axes.set_ylabel("total index (share of the variance)")
    style.label_ends(axes, ends, 8.5)
    style.title(figure, headline(table), "Bars are 95 % intervals; marks side by side belong to "
                "the same number of base samples.")  # fmt: skip
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


def describe(table: pd.DataFrame) -> str:
    """Return the figure in words."""
    told = []
    for name in largest(table):
        rows = table[table["parameter"] == name].sort_values("base_samples")
        values = ", ".join(
            f"{row.total:.2f} from {row.base_samples:,}" for row in rows.itertuples()
        )
        told.append(f"{name}: {values}")
    return f"{headline(table)}. Total index by number of base samples: {'; '.join(told)}."
