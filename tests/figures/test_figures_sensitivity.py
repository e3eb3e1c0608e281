"""Figures of sensitivity draw their tables, tidily."""

import numpy as np
import pandas as pd
import pytest

from experiments.figures import sensitivity
from tests.figures.test_figures import assert_tidy, svg_of

NAMES = [f"group_{i % 4}.parameter_number_{i}" for i in range(24)]


def morris_table(chance=0.1):
    rng = np.random.default_rng(0)
    size = 0.5 * 0.75 ** np.arange(24)
    table = pd.DataFrame({"outcome": "emerged", "parameter": NAMES, "mu": size})
    table.loc[1, "mu"] *= -1
    for name, values in (("mu_star", size), ("sigma", size * rng.uniform(0.3, 1.3, 24))):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = (
            values,
            0.8 * values,
            1.2 * values,
        )
    table["chance"] = chance
    table["verdict"] = np.where(table["mu_star_high"] < 0.05, "negligible", "matters")
    return table.assign(trajectories=30).sample(frac=1, random_state=1)


def test_morris_draws_the_largest_effects_and_their_spread():
    table = morris_table()
    figure = sensitivity.draw_morris(table)
    shown = sensitivity.worth_showing(table)
    for axes, name in zip(figure.axes, ("mu_star", "sigma"), strict=True):
        marks = [line for line in axes.lines if len(line.get_xdata()) == 1]
        assert [mark.get_xdata()[0] for mark in marks] == pytest.approx(100 * shown[name])
        assert [mark.get_marker() == "v" for mark in marks] == (shown["mu"] < 0).tolist()
    assert_tidy(figure)
    svg_of(figure)


def test_morris_in_words():
    table = morris_table()
    described = sensitivity.draw_morris(table).get_label()
    assert "The largest effect is that of parameter number 0" in described
    assert "parameter number 1: 0.38 [0.30 to 0.45]" in described
    assert f"{(table['mu_star_high'] < 0.05).sum()} of 24 are negligible" in described
    assert len(sensitivity.worth_showing(table)) == sensitivity.FEWEST
    assert len(sensitivity.worth_showing(morris_table(chance=0.02))) == 11
    still = table.assign(mu_star=0.0)
    assert sensitivity.morris_headline(still) == "No parameter changes the outcome"


def sobol_table(outcomes=("emerged", "peak_share"), base_samples=512):
    tables = []
    for i, outcome in enumerate(outcomes):
        total = 0.6 * 0.7 ** np.arange(24)
        table = pd.DataFrame({"outcome": outcome, "parameter": np.roll(NAMES, 4 * i)})
        for name, values in (("first", 0.5 * total), ("total", total)):
            table[name], table[f"{name}_low"], table[f"{name}_high"] = (
                values,
                values - 0.04,
                values + 0.04,
            )
        tables.append(table.assign(chance=0.05, base_samples=base_samples))
    return pd.concat(tables, ignore_index=True)


def test_sobol_draws_both_indices_of_the_largest():
    table = sobol_table()
    figure = sensitivity.draw_sobol(table)
    shown = sensitivity.in_order(table, "total", sensitivity.SOBOL_SHOWN)
    assert len(shown) == sensitivity.SOBOL_SHOWN
    assert NAMES[20] in shown  # largest for the second outcome, among the smallest for the first
    for axes, (_, rows) in zip(figure.axes, table.groupby("outcome", sort=False), strict=True):
        rows = rows.set_index("parameter").loc[shown]
        total, first = axes.containers
        assert [bar.get_width() for bar in total] == list(rows["total"])
        assert [bar.get_width() for bar in first] == list(rows["first"])
        ends = np.array(axes.collections[0].get_segments())[:, :, 0]
        assert ends == pytest.approx(rows[["total_low", "total_high"]].to_numpy())
    assert_tidy(figure)
    svg_of(figure)
    assert (
        "60 % of the variance depends on parameter number 0"
        in sensitivity.draw_sobol(table).get_label()
    )


def test_sobol_convergence_says_whether_it_settled():
    tables = [
        sobol_table(["emerged"], n).assign(
            total_low=lambda t, n=n: t["total"] - 1 / n**0.5,
            total_high=lambda t, n=n: t["total"] + 1 / n**0.5,
        )
        for n in (32, 64, 128, 512)
    ]
    table = pd.concat(tables, ignore_index=True)
    figure = sensitivity.draw_convergence(table)
    assert_tidy(figure)
    lines = figure.axes[0].lines
    assert len(lines) == 6
    assert list(lines[0].get_ydata()) == [0.6] * 4
    assert "enough: every total index is known to ±0.04" in sensitivity.convergence_headline(table)
    few = table[table["base_samples"] <= 64]
    assert "With 64 base samples" in sensitivity.convergence_headline(few)
    assert "only known to ±0.12" in sensitivity.convergence_headline(few)
