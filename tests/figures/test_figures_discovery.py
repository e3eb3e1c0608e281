"""Figures of boxes and of feature scores draw their tables, tidily."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.prim import COLUMNS
from experiments.figures import boxes, feature_scores
from tests.figures.test_figures import assert_tidy, svg_of

BOX = {"coverage": 0.6, "density": 0.8, "density_low": 0.7, "density_high": 0.88, "mass": 0.1}
REST = {"base": 0.2, "worlds": 500, "quasi_p": 0.001, "least": 0.0, "most": 4.0, "allowed": ""}


def box_table():
    rows = [
        {"box": 1, "parameter": "threat.base", "low": 1.0, "high": np.nan} | BOX | REST,
        {"box": 1, "parameter": "cost.mean", "low": 1.0, "high": 3.0} | BOX | REST,
        {"box": 1, "parameter": "policy"} | BOX | REST | {"allowed": "concede, ignore"},
        {"box": 2, "parameter": "cost.mean", "high": 2.0} | BOX | REST | {"coverage": 0.1},
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_boxes_draw_their_limits():
    table = box_table()
    figure = boxes.draw(table)
    bars = [[(bar.get_x(), bar.get_width()) for bar in axes.patches] for axes in figure.axes]
    assert bars == [[(0, 1), (0.25, 0.75), (0, 1), (0.25, 0.5)], [(0, 1), (0, 0.5)]]
    assert_tidy(figure)
    svg_of(figure)


def test_boxes_in_words():
    told = boxes.describe(box_table(), "the claim fails", {"threat.base": "threat"})
    assert told.startswith("2 boxes hold 70 % of the worlds in which the claim fails.")
    assert "Box 1: in 80 % [70 to 88] of its worlds the claim fails; it holds 60 %" in told
    assert "threat ≥ 1, cost.mean 1 to 3 and policy is concede or ignore." in told
    assert "cost.mean ≤ 2." in told


def test_no_box_is_said():
    empty = box_table().iloc[:0]
    assert_tidy(boxes.draw(empty))
    assert "No box of worlds is found" in boxes.describe(empty)


def test_feature_scores_draw_the_largest():
    names = [f"group.parameter_{i}" for i in range(30)]
    score = 0.3 * 0.8 ** np.arange(30)
    tables = [
        pd.DataFrame({"outcome": outcome, "parameter": np.roll(names, shift), "score": score})
        for outcome, shift in (("emerged", 0), ("peak_share", 3))
    ]
    table = pd.concat(tables, ignore_index=True).assign(
        low=lambda t: 0.9 * t["score"], high=lambda t: 1.1 * t["score"], even=1 / 30, worlds=800
    )
    figure = feature_scores.draw(table, {"emerged": "A movement emerges"})
    shown = feature_scores.in_order(table)
    assert len(shown) == feature_scores.SHOWN
    assert "group.parameter_27" in shown  # the largest of the second outcome
    drawn = figure.axes[0].images[0].get_array()
    wanted = table.set_index(["parameter", "outcome"])["score"]
    assert drawn[0, 0] == pytest.approx(30)
    assert drawn[-1, 1] == pytest.approx(100 * wanted[shown[-1], "peak_share"])
    assert_tidy(figure)
    svg_of(figure)
    told = feature_scores.describe(table, {"emerged": "A movement emerges"})
    assert told.startswith("A movement emerges: group.parameter_0 tells most (30 %).")
    assert "group.parameter_1 24 [22 to 26]" in told
    flat = table.assign(score=1 / 30, low=0.02, high=0.05)
    assert "no parameter is seen to tell more" in feature_scores.headline(flat)
