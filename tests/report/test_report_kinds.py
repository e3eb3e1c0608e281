"""Sections on how far movements came, on size, and on a case beside its record."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments import text as words
from experiments.analysis.finite_size import scaling, transitions
from experiments.analysis.grades import grades
from experiments.analysis.tables import part
from experiments.design.experiment import ANALYSES
from experiments.figures import finite_size
from experiments.figures import grades as grade_drawing
from experiments.figures import replay as replay_drawing
from experiments.report.findings import Findings
from experiments.report.grid import _grid
from experiments.report.result_page import five_lines
from experiments.report.sections import DEFAULT, KINDS
from experiments.report.twins import _pair
from tests.documents import report_of, text_of
from tests.figures.test_figures import assert_tidy, svg_of
from tests.report.test_report import fake


def test_every_analysis_that_may_be_asked_for_has_its_section():
    assert set(KINDS) == set(ANALYSES)
    assert set(DEFAULT) <= set(KINDS)


def test_grades_are_shares_of_the_runs_of_an_arm():
    names = ["dormant", "movement", "converted"]
    rows = [
        {"label": label, "decline": decline, "replicate": i, "error": ""}
        | {"grade": "dormant" if label == "resist" else names[i % 3]}
        for label, decline, i in itertools.product(("concede", "resist"), (0.0, 0.01), range(30))
    ]
    table = grades(pd.DataFrame(rows), ("label", "decline")).set_index(["label", "grade"])
    assert table.loc[("resist", "dormant"), "share"].tolist() == [1.0, 1.0]
    assert table.loc[("concede", "converted"), "share"].to_numpy() == pytest.approx([1 / 3] * 2)
    sums = table.groupby(["label", "decline"])["share"].sum()
    assert sums.to_numpy() == pytest.approx([1.0] * 4)
    assert (table["low"] <= table["share"]).all()
    assert (table["high"] >= table["share"]).all()
    figure = grade_drawing.draw(table.reset_index(), "label", "decline")
    svg_of(figure)
    assert_tidy(figure)
    told = figure.get_label()
    assert told.startswith("Runs that end converted: concede 33 %, resist 0 %")


def test_the_report_tells_where_emergence_sets_in_for_each_size(tmp_path):
    costs = [round(x, 2) for x in np.linspace(0.6, 1.4, 9)]
    experiment = {
        "question": "Does size matter?",
        "analyses": ["sizes"],
        "parts": [
            {
                "name": "size",
                "design": "grid",
                "grid": {"users.count": [60, 240, 960], "participation.cost_mean": costs},
            }
        ],
    }

    def emerged(point, luck):
        steep = 0.5 * np.sqrt(point["users.count"])
        return luck < 1 / (1 + np.exp(steep * (point["participation.cost_mean"] - 1.0)))

    result = fake(tmp_path, experiment, emerged, 40)
    report = report_of(result)
    table = transitions(part(result.runs(), "size"), "participation.cost_mean")
    for row in table.itertuples():
        assert words.number(row.midpoint, row.midpoint_low, row.midpoint_high) in text_of(report)
    assert finite_size.headline(scaling(table)) in five_lines(result)[0]


def test_a_fact_is_drawn_beside_the_runs():
    table = pd.DataFrame(
        {
            "quantity": ["vote_share"] * 2 + ["signatures"] * 2,
            "people": [1.0, 10.0] * 2,
            "fact": [0.047] * 2 + [3679.0] * 2,
            "low": [0.02, 0.04, 10.0, 100.0],
            "median": [0.03, 0.05, 20.0, 200.0],
            "high": [0.04, 0.06, 30.0, 300.0],
            "known": [0.1, 1.0, 1.0, 0.5],
        }
    )
    figure = replay_drawing.draw(table)
    svg_of(figure)
    assert_tidy(figure)
    assert replay_drawing.draw(table).get_label().startswith("1 of 2 known figures")
    assert "in fact 3.68e+03" in replay_drawing.draw(table).get_label()
    assert "0.03 [0.02 to 0.04], in 10 % of runs" in replay_drawing.draw(table).get_label()
    for axes, fact in zip(figure.axes, ("4.7 %", "3,679"), strict=True):
        name = next(t for t in axes.texts if t.get_text() == f"in fact\n{fact}")
        assert name.get_window_extent().x0 > axes.get_window_extent().x1  # right of every bar


def side_by_side(tmp_path, arms):
    """Arms whose outcomes are given; with a little luck."""
    points = [{"label": name, "threat.base": 0.1 * i} for i, name in enumerate(arms)]
    parts = [{"name": "arms", "design": "points", "points": points}]

    def of(outcome):
        return lambda point, rng: arms[point["label"]][outcome] * (1 + 0.01 * rng.random())

    names = ("peak_share", "literacy_gain", "exited_share")
    return fake(
        tmp_path,
        {"question": "Which arm?", "parts": parts},
        lambda point, luck: luck < arms[point["label"]]["emerged"],
        200,
        **{name: of(name) for name in names},
    )


def arm(emerged, peak, literacy, exited):
    values = (emerged, peak, literacy, exited)
    return dict(
        zip(("emerged", "peak_share", "literacy_gain", "exited_share"), values, strict=True)
    )


def test_arms_are_told_apart_by_the_outcome_that_differs_most(tmp_path):
    both = {"ignore": arm(0.5, 0.3, 0.4, 0.1), "concede": arm(0.5, 0.7, 0.1, 0.1)}
    answer, surprise, _ = five_lines(side_by_side(tmp_path, both))
    assert "“ignore” and" in answer
    assert "differ most in: most users taking part at once, 70 % with “concede”, 30 % w" in answer
    assert "less of “literacy gained, at the end”: 0.10 with “concede”, 0.40 with “ign" in surprise


def test_an_arm_in_which_nobody_takes_part_shows_nothing_by_having_no_movement(tmp_path):
    both = {"launch": arm(0.7, 0.3, 0.4, 0.1), "never": arm(0.0, 0.0, 0.0, 0.2)}
    for names in (["launch", "never"], ["never", "launch"]):
        result = side_by_side(tmp_path, {name: both[name] for name in names})
        answer, surprise, _ = five_lines(result)
        assert "runs with “never”" not in answer
        assert "The variants differ most in: users gone to a rival" in answer
        assert surprise == "None."


def test_values_that_go_together_are_one_axis(tmp_path):
    together = {"firm.policy": ["ignore", "resist"], "firm.resistance": [0.3, 0.6]}
    parts = [{"name": "z", "design": "grid", "zip": together}]
    result = fake(tmp_path, {"question": "?", "parts": parts}, lambda point, luck: luck < 0.5, 8)
    found = Findings(result)
    grid = _grid(found, "z")
    assert grid.axes == list(together)
    assert grid.free == ["firm.policy"]
    assert grid.together("firm.policy") == ["firm.policy", "firm.resistance"]
    first, second = _pair(found).points
    assert {name: (first[name], second[name]) for name in together} == {
        "firm.policy": ("ignore", "resist"),
        "firm.resistance": (0.3, 0.6),
    }
    report_of(result)
    assert "firm.resistance" not in pd.read_csv(tmp_path / "figures" / "grid.csv")
