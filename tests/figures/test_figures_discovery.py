"""Figures of boxes and of feature scores draw their tables, tidily."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.outcome_by_parameter import outcome_by_parameter
from experiments.analysis.prim import COLUMNS
from experiments.figures import sensitivity
from experiments.figures import worlds as drawing
from sim.columns import axis
from tests.figures.test_figures import assert_tidy, svg_of

BOX = {"coverage": 0.6, "density": 0.8, "density_low": 0.7, "density_high": 0.88, "mass": 0.1}
REST = {"base": 0.2, "worlds": 500, "quasi_p": 0.001, "least": 0.0, "most": 4.0, "allowed": ()}


def box_table():
    rows = [
        {"box": 1, "parameter": "threat.base", "low": 1.0, "high": np.nan} | BOX | REST,
        {"box": 1, "parameter": "cost.mean", "low": 1.0, "high": 3.0} | BOX | REST,
        {"box": 1, "parameter": "policy"} | BOX | REST | {"allowed": ("concede", "ignore")},
        {"box": 2, "parameter": "cost.mean", "high": 2.0} | BOX | REST | {"coverage": 0.1},
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_boxes_draw_their_limits():
    table = box_table()
    figure = drawing.draw_boxes(table)
    bars = [[(bar.get_x(), bar.get_width()) for bar in axes.patches] for axes in figure.axes]
    assert bars == [[(0, 1), (0.25, 0.75), (0, 1), (0.25, 0.5)], [(0, 1), (0, 0.5)]]
    assert_tidy(figure)
    svg_of(figure)


def test_boxes_in_words():
    told = drawing.draw_boxes(box_table(), "the claim fails").get_label()
    assert told.startswith("2 regions have 70 % of the worlds in which the claim fails.")
    assert "Region 1, in 80 % [70 to 88] of its worlds the claim fails; it has 60 %" in told
    assert "usual threat to democracy: ≥ 1, mean: 1 to 3, policy: concede or ignore" in told
    assert "mean: ≤ 2." in told


def test_no_box_is_said():
    empty = box_table().iloc[:0]
    assert_tidy(drawing.draw_boxes(empty))
    assert "No region of worlds is found" in drawing.draw_boxes(empty).get_label()


def scores_table():
    names = [f"group.parameter_{i}" for i in range(30)]
    score = 0.3 * 0.8 ** np.arange(30)
    tables = [
        pd.DataFrame({"outcome": outcome, "parameter": np.roll(names, shift), "score": score})
        for outcome, shift in (("emerged", 0), ("peak_share", 3))
    ]
    return pd.concat(tables, ignore_index=True).assign(
        low=lambda t: 0.9 * t["score"], high=lambda t: 1.1 * t["score"], explained=0.8, worlds=800
    )


def test_feature_scores_draw_the_largest():
    table = scores_table()
    figure = sensitivity.draw_scores(table)
    shown = sensitivity.in_order(table)
    assert len(shown) == sensitivity.SCORES_SHOWN
    assert "group.parameter_27" in shown  # the largest of the second outcome
    wanted = table.set_index(["outcome", "parameter"])["score"]
    for axes, outcome in zip(figure.axes, ("emerged", "peak_share"), strict=True):
        drawn = [line.get_xdata()[0] for line in axes.lines]
        assert drawn == pytest.approx([100 * wanted[outcome, name] for name in shown])
    assert_tidy(figure)
    svg_of(figure)


def test_feature_scores_name_what_matters_or_say_that_nothing_is_seen():
    table = scores_table()
    assert "parameter 0 matters most, 30 % [27 to 33]" in sensitivity.draw_scores(table).get_label()
    for flat in (table.assign(low=0.0), table.assign(explained=-0.1)):
        assert "no parameter is seen to matter" in sensitivity.scores_headline(flat)


def curve_worlds(count=60):
    rng = np.random.default_rng(0)
    worlds = pd.DataFrame({"firm.decline_rate": rng.uniform(0, 0.015, count)})
    worlds["threat.base"] = rng.uniform(0.05, 0.6, count)
    worlds["firm.policy"] = rng.choice(["ignore", "concede"], count)
    return worlds.assign(emerged=worlds["firm.decline_rate"] / 0.015)


def test_curves_are_drawn_over_the_worlds_the_steepest_first():
    worlds = curve_worlds()
    table = outcome_by_parameter(worlds, list(worlds)[:3], ["emerged"])
    figure = drawing.draw_curves(table, worlds)
    first = figure.axes[0]
    assert first.get_xlabel() == axis("firm.decline_rate")
    rows = table[table["parameter"] == "firm.decline_rate"]
    assert first.lines[0].get_ydata() == pytest.approx(100 * rows["mean"].to_numpy())
    assert first.lines[1].get_ydata() == pytest.approx(100 * worlds["emerged"].to_numpy())
    assert len(figure.axes) == 3
    assert_tidy(figure)
    svg_of(figure)
    assert "along structural decline of demand" in drawing.curves_headline(table)


def test_flat_curves_are_called_flat():
    worlds = curve_worlds().assign(emerged=np.random.default_rng(1).uniform(size=60))
    table = outcome_by_parameter(worlds, ["threat.base"], ["emerged"])
    assert "no clear change" in drawing.curves_headline(table)
