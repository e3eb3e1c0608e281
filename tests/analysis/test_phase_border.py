"""The border of emergence: where it is, how sure, and its picture."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from experiments.analysis.phase_border import areas, phase_border
from experiments.figures import phase_border as figure_of
from tests.figures.test_figures import assert_tidy, svg_of


def chance(x, y):
    """Of emergence: a border with a bend, at x = 15 or y = 0.5."""
    return expit(14 * (np.minimum(x / 30, y) - 0.45))


def runs_of(seed, replicates=30, points=11, shared=0.7, rule=chance, **columns):
    rng = np.random.default_rng(seed)
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 30, points), np.linspace(0, 1, points)))
    tables = []
    for replicate in range(replicates):
        luck = np.where(rng.random(x.size) < shared, rng.random(), rng.random(x.size))
        table = pd.DataFrame({"x": x, "y": y, "replicate": replicate, "emerged": luck < rule(x, y)})
        tables.append(table.assign(error="", **columns))
    return pd.concat(tables, ignore_index=True)


def test_intervals_near_the_border_hold_the_truth_though_luck_is_shared():
    held, kept, wide = [], [], []
    for seed in range(8):
        table = phase_border(runs_of(seed), "x", "y", cells=25)
        truth = chance(table["x"], table["y"])
        near = (truth > 0.2) & (truth < 0.8)
        held.append(((table["low"] <= truth) & (truth <= table["high"]))[near].mean())
        kept.append((table["share"] - truth)[near].abs().mean())
        wide.append((table["high"] - table["low"])[near].mean())
    assert np.mean(held) > 0.9
    assert np.mean(kept) < 0.07
    assert 0.1 < np.mean(wide) < 0.3


def test_shared_luck_widens_the_interval():
    def width(shared):
        table = phase_border(runs_of(1, shared=shared), "x", "y", cells=25)
        near = table["share"].between(0.3, 0.7)
        return (table["high"] - table["low"])[near].mean()

    assert width(1.0) > 1.3 * width(0.0)


def test_more_replicates_narrow_the_band_of_the_border():
    few, many = (
        areas(phase_border(runs_of(2, replicates), "x", "y", cells=25)).iloc[0]
        for replicates in (10, 200)
    )
    assert many["undecided"] < 0.5 * few["undecided"]
    for row in (few, many):
        assert row["surely_above"] + row["surely_below"] + row["undecided"] == pytest.approx(1)
        assert row["surely_above"] <= row["above"] <= 1 - row["surely_below"]
    truth = chance(*np.meshgrid(np.linspace(0, 30, 25), np.linspace(0, 1, 25)))
    assert many["above"] == pytest.approx((truth >= 0.5).mean(), abs=0.04)


def test_where_nothing_was_run_nothing_is_known():
    runs = runs_of(3)
    table = phase_border(runs[(runs["x"] < 14) | (runs["x"] > 29)], "x", "y", cells=25)
    width = table["high"] - table["low"]
    gap = table["x"].between(18, 24) & table["y"].between(0.45, 0.8)
    there = table["x"].between(5, 12) & table["y"].between(0.45, 0.8)
    assert width[gap].mean() > 2 * width[there].mean()


def test_a_sampled_plane_of_many_points_is_pooled():
    rng = np.random.default_rng(4)
    x, y = 30 * rng.random(3000), rng.random(3000)
    runs = pd.DataFrame(
        {"x": x, "y": y, "replicate": 0, "emerged": rng.random(3000) < chance(x, y)}
    )
    table = phase_border(runs, "x", "y", cells=25)
    truth = chance(table["x"], table["y"])
    near = (truth > 0.2) & (truth < 0.8)
    assert (table["share"] - truth)[near].abs().mean() < 0.08


def test_a_surface_for_each_setting():
    runs = pd.concat(
        [runs_of(5, threat=0.1, cost=c, rule=lambda x, y, c=c: chance(x, y) * c) for c in (1, 0)]
    )
    table = phase_border(runs, "x", "y", ["threat", "cost"], cells=20)
    assert list(table) == ["threat", "cost", "x", "y", "share", "low", "high"]
    assert len(table) == 2 * 400
    sides = areas(table, ["threat", "cost"]).set_index("cost")
    assert sides.loc[0, "above"] == 0
    assert sides.loc[1, "above"] > 0.2


def surfaces(by=()):
    values = {"threat": (0.1, 0.5, 0.9), "cost": (0.4, 0.6, 0.8, 1.0)}
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 0.02, 20), np.linspace(0, 1, 20)))
    tables = []
    for setting in itertools.product(*[values[name] for name in by]):
        logit = 10 * (50 * x + y - 0.8) + 3 * sum(setting)
        table = pd.DataFrame({"decline": x, "dissatisfied": y, "share": expit(logit)})
        table = table.assign(low=expit(logit - 1), high=expit(logit + 1))
        tables.append(table.assign(**dict(zip(by, setting, strict=True))))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("by", [(), ("cost",), ("cost", "threat")])
def test_figure_has_a_tidy_panel_for_each_surface(by):
    table = surfaces(by)
    figure = figure_of.draw(table, "decline", "dissatisfied", by)
    assert len(figure.axes) == 1 + len(table) // 400
    assert_tidy(figure)
    svg = svg_of(figure)
    assert len(svg) < 400_000
    told = figure_of.draw(table, "decline", "dissatisfied", by).get_label()
    assert told.count(" %, ") == 2 * len(table) // 400


def test_figure_draws_the_contours_where_the_table_has_them():
    table = surfaces()
    axes = figure_of.draw(table, "decline", "dissatisfied").axes[0]
    lines = [c for c in axes.collections if hasattr(c, "levels") and not c.filled]
    halves = [c for c in lines if list(c.levels) == [0.5]]
    path = np.concatenate([p.vertices for p in halves[0].get_paths()])
    assert 50 * path[:, 0] + path[:, 1] == pytest.approx(0.8, abs=0.01)
    band = next(c for c in lines if list(c.levels) == [0])
    edge = np.concatenate([p.vertices for p in band.get_paths()])
    assert np.abs(50 * edge[:, 0] + edge[:, 1] - 0.8) == pytest.approx(0.1, abs=0.02)
