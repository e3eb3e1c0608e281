"""How much each parameter matters: Morris effects, Sobol indices, the scores of trees."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.morris import NEGLIGIBLE
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, is_first, name_rows, only_rows, panels
from experiments.figures.primitives import LOOKS, Row, bars, forest, patches, strokes
from experiments.figures.style import BLUE, FAINT, INK, MUTED, PAPER, SKY, VERMILION, Figure, styled
from sim.columns import column, label

SOBOL_SHOWN = 15
MOST_OUTCOMES = 4
INDICES = {
    "total": (-0.18, SKY, "total: with interactions"),
    "first": (0.18, BLUE, "first order: alone"),
}
WIDE = 0.1  # of an interval from which on an index is not settled
SCORES_SHOWN = 20
LEAST = 0.05  # share of the variance that trees must predict before their scores say something
MOST, FEWEST = 16, 6
TITLES = {"mu_star": "size of the effect (μ*)", "sigma": "spread between worlds (σ)"}


@styled
def draw_sobol(table: pd.DataFrame) -> Figure:
    """Draw first-order and total indices with their intervals, a panel an outcome.

    The table is from `sobol.sobol`; its first outcome orders the parameters, up to four are drawn.
    """
    outcomes, names = (
        list(table["outcome"].unique())[:MOST_OUTCOMES],
        in_order(table, "total", SOBOL_SHOWN),
    )
    figure, axes = panels(len(outcomes), most=4, rows=list(map(label, names)), line=2.1, least=17)
    low, high = min(-0.06, table["first_low"].min()), max(1.0, table["total_high"].max())
    for each, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome].set_index("parameter").loc[names]
        for index, (shift, colour, _) in INDICES.items():
            at = [place + shift for place in range(len(names))]
            each.barh(
                at, rows[index].clip(lower=0), height=0.34, color=colour, edgecolor=INK,
                linewidth=0.6,
            )  # fmt: skip
            ends = rows[f"{index}_low"], rows[f"{index}_high"]
            each.hlines(at, *ends, color=INK, linewidth=1.3, zorder=4)
            each.plot(
                rows[index], at, "o", markersize=3.2, color=PAPER, markeredgecolor=INK,
                markeredgewidth=0.8, zorder=5,
            )  # fmt: skip
        each.axvline(0, color=INK, linewidth=0.9)
        if rows["chance"].iloc[0] > 0:
            each.axvspan(0, rows["chance"].iloc[0], color=FAINT, zorder=0.2)
        name_rows(each, list(map(label, names)) if is_first(each) else [""] * len(names))
        only_rows(each)
        each.set_xlim(low, high)
        each.locator_params(axis="x", nbins=4)
        each.set_title(label(outcome))
    keys = patches({name: (colour, "") for _, colour, name in INDICES.values()})
    title, chance = sobol_headline(table), table["chance"].iloc[0]
    dropped = table["parameter"].nunique() - SOBOL_SHOWN
    left_out = f" The {dropped} smallest are left out." if dropped > 0 else ""
    grey = f" Grey: total that chance alone makes ({text.percent(chance)})." if chance > 0 else ""
    samples = f"{int(table['base_samples'].iloc[0]):,} base samples"
    reading = f"Bars: 95 % intervals, {samples}.{left_out}{grey}"
    words = in_words(
        f"{title}. {reading} First order and total:",
        table.set_index("parameter").loc[names].reset_index(),
        lambda row: label(row["parameter"]),
        lambda row: text.joined(
            text.number(*row[[i, f"{i}_low", f"{i}_high"]]) for i in ("first", "total")
        ),
        lambda row: label(row["outcome"]),
    )
    finish(figure, title, reading, keys, "share of the variance", words)
    return figure


def sobol_headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    name = text.capitalised(label(rows["outcome"].iloc[0]))
    if rows["total"].max() == 0:
        return f"{name}: the same in every world"
    best = rows.loc[rows["total"].idxmax()]
    share = text.percent(best["total"])
    return f"{name}: {share} of the variance depends on {label(best['parameter'])}"


@styled
def draw_convergence(table: pd.DataFrame) -> Figure:
    """Draw the total index of the parameters that explain most, by number of base samples.

    The table is from `sobol.convergence`.
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
    title = convergence_headline(table)
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


def convergence_headline(table: pd.DataFrame) -> str:
    """Return in a line whether the indices have settled."""
    count = int(table["base_samples"].max())
    last = table[table["base_samples"] == count]
    width = float((last["total_high"] - last["total_low"]).max())
    if width <= WIDE:
        return f"{count:,} base samples are enough: every total index is known to ±{width / 2:.2f}"
    return f"With {count:,} base samples the total indices are only known to ±{width / 2:.2f}"


@styled
def draw_scores(table: pd.DataFrame) -> Figure:
    """Draw the scores with their intervals, a panel an outcome; the first orders the parameters.

    The table is from `feature_scores.feature_scores`.
    """
    names = in_order(table)
    figure, axes = panels(table["outcome"].nunique(), rows=list(map(label, names)))
    for each, (outcome, own) in zip(axes, table.groupby("outcome", sort=False), strict=True):
        lines = own.set_index("parameter").loc[names]
        rows = [
            Row(label(str(name)), 100 * row[["score", "low", "high"]],
                (BLUE, "o", True) if row["low"] > 0 else (MUTED, "D", False))
            for name, row in lines.iterrows()
        ]  # fmt: skip
        forest(each, rows, named=is_first(each), limits=(-3, 103))
        each.set_xlabel("% of the variance")
        each.set_title(label(outcome))
    title, row = scores_headline(table), table.iloc[0]
    reading = (
        f"Share of the variance between {int(row['worlds']):,} worlds that depends on a parameter, "
        "with its interactions, for trees that predict worlds they have not seen; all parameters "
        f"together predict {text.share(max(row['explained'], 0))}. Bars: 95 % intervals."
    )
    words = in_words(
        f"{title}. {reading}",
        table.set_index("parameter").loc[names].reset_index(),
        lambda row: label(row["parameter"]),
        lambda row: text.share(*row[["score", "low", "high"]]),
        lambda row: label(row["outcome"]),
    )
    finish(figure, title, reading, words=words)
    return figure


def in_order(table: pd.DataFrame, score: str = "score", shown: int = SCORES_SHOWN) -> list[str]:
    """Return the parameters to draw: the largest of any outcome, in the order of the first."""
    largest = table.groupby("parameter", sort=False)[score].max().nlargest(shown).index
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    ordered = first.sort_values(score, ascending=False, kind="stable")["parameter"]
    return [str(name) for name in ordered if name in largest]


def scores_headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen of the first outcome."""
    rows = table[table["outcome"] == table["outcome"].iloc[0]]
    best = rows.loc[rows["score"].idxmax()]
    name = text.capitalised(label(best["outcome"]))
    if best["explained"] < LEAST or best["low"] <= 0:
        return f"{name}: in these worlds no parameter is seen to matter"
    score = text.share(best["score"], best["low"], best["high"])
    return f"{name}: {label(best['parameter'])} matters most, {score} of the variance"


@styled
def draw_morris(table: pd.DataFrame) -> Figure:
    """Draw the size of the effects of the parameters that matter most, and their spread beside it.

    The table is from `morris.morris`, of one outcome.
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
    title = morris_headline(table)
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


def by_effect(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters from the largest effect to the smallest."""
    return table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def worth_showing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters that do more than chance, and at least the first few."""
    table = by_effect(table)
    above = int((table["mu_star_low"] > table["chance"].fillna(0.0)).sum())
    return table.head(min(max(above, FEWEST), MOST))


def morris_headline(table: pd.DataFrame) -> str:
    """Return in a line what is seen."""
    table = by_effect(table)
    first = table.iloc[0]
    if first["mu_star"] == 0:
        return "No parameter changes the outcome"
    negligible = int((table["verdict"] == NEGLIGIBLE).sum())
    rest = f"; {negligible} of {len(table)} are negligible" if negligible else ""
    return f"The largest effect is that of {label(first['parameter'])}{rest}"
