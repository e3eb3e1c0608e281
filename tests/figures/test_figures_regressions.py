"""Figures of odds and of finite-size scaling draw their tables, tidily."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.finite_size import FOUND, OUTSIDE, scaling, transitions
from experiments.analysis.tables import emergence
from experiments.figures import effects, finite_size
from tests.analysis.test_logistic import sized
from tests.figures.test_figures import assert_tidy, svg_of


def test_finite_size_draws_every_size_and_width():
    runs = sized(lambda n: -20 * (n / 400) ** 0.5, 80)
    table = transitions(runs, "cost")
    shares = emergence(runs, ["cost", "users.count"])
    figure = finite_size.draw(shares, table, scaling(table), "cost", "users.count")
    left, right = figure.axes
    first = shares[shares["users.count"] == 100].sort_values("cost")
    assert left.lines[0].get_ydata() == pytest.approx(100 * first["share"].to_numpy())
    known = table[table["status"] == "found"]
    assert right.lines[0].get_xydata().tolist() == known[["size", "width"]].to_numpy().tolist()
    assert_tidy(figure)
    svg_of(figure)
    told = figure.get_label()
    assert told.startswith("The larger the world, the sharper the transition: exponent +0.")
    assert "100: half of the runs at 0.6" in told


def test_finite_size_says_what_cannot_be_told():
    table = transitions(sized(lambda n: -20, at=1.5), "cost")
    assert (table["status"] == OUTSIDE).all()
    assert finite_size.headline(scaling(table)).startswith("Too few sizes")
    flat = {"exponent": 0.02, "low": -0.1, "high": 0.14, "constant": 0.2, "sizes": 4}
    assert "leave open" in finite_size.headline(flat)
    assert "leave open" in finite_size.headline(flat | {"low": 0.003})  # written as 0.00
    assert "sharper" in finite_size.headline(flat | {"exponent": 0.1, "low": 0.02})
    assert "as smooth" in finite_size.headline(flat | {"low": -0.05, "high": 0.09})
    shares = emergence(sized(lambda n: -20, at=1.5), ["cost", "users.count"])
    nothing = scaling(table)
    assert math.isnan(nothing["exponent"])
    assert_tidy(finite_size.draw(shares, table, nothing, "cost", "users.count"))


@pytest.mark.parametrize(("low", "high"), [(0.31, 0.52), (0.021, 0.029), (0.9, 1.15), (0.01, 9)])
def test_the_axis_of_widths_has_at_least_three_ticks(low, high):
    runs = sized(lambda n: -20 * (n / 400) ** 0.5, 80)
    table = transitions(runs, "cost").assign(
        status=FOUND, width=low, width_low=low / 0.7, width_high=high / 1.4
    )
    shares = emergence(runs, ["cost", "users.count"])
    figure = finite_size.draw(shares, table, scaling(table), "cost", "users.count")
    axis = figure.axes[1].yaxis
    start, stop = axis.get_view_interval()
    assert 3 <= sum(start <= tick <= stop for tick in axis.get_ticklocs()) <= 8
    assert_tidy(figure)


def odds_table(separated=False):
    names = ["distress", "dissatisfaction", "trend", "threat", "size", "lost_trust"]
    terms = [term for size in range(3) for term in itertools.combinations(names, size)]
    value = np.linspace(-2, 3, len(terms))
    table = pd.DataFrame({"term": terms, "log_odds": value, "low": value - 0.6, "separated": False})
    table["high"] = value + 0.6
    table.loc[2, "separated"] = separated
    return table.assign(runs=6400, replicates=100)


def test_log_odds_draw_the_table():
    table = odds_table(separated=True)
    figure = effects.draw_odds(table, {"distress": "The firm is in distress"})
    axes = figure.axes[0]
    drawn = [line.get_xdata()[0] for line in axes.lines[1:]]
    assert drawn == effects.odds_in_order(table)["log_odds"].tolist()
    assert sum(line.get_markerfacecolor() == "#ffffff" for line in axes.lines[1:]) == 1
    assert_tidy(figure)
    svg_of(figure)
    told = effects.draw_odds(table, {"distress": "The firm is in distress"}).get_label()
    pairs = table[table["term"].map(len) > 1]
    assert f"Of 15 pairs of conditions {(pairs['low'] > 0).sum()} do more together" in told
    assert "dissatisfaction: −1.52 [−2.12 to −0.92], separated" in told
    assert "The firm is in distress × trend" in told


def test_log_odds_without_an_outcome():
    table = odds_table().assign(log_odds=np.nan)
    assert effects.odds_headline(table).startswith("The outcome never varies")
