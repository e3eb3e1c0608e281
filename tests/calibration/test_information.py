"""The value of information, where it is known by arithmetic."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata
from sklearn.preprocessing import SplineTransformer

from experiments.calibration.information import (
    ANSWERS,
    FEWEST,
    KNOTS,
    unseen_errors,
    value_of_information,
)
from experiments.figures.calibration import information_headline
from experiments.report.calibration import advice_of, measured_by, top_of

NAMES = ["users.dependence_mean", "media.half_life", "vote.turnout_retail"]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(3)
    shares = pd.DataFrame(rng.random((600, 3)), columns=NAMES)
    one, two = ((shares[name] - 0.5) * 12**0.5 for name in NAMES[:2])  # of variance 1
    value = np.sqrt(0.2) * one + np.sqrt(0.5) * two + np.sqrt(0.3) * rng.standard_normal(600)
    runs = pd.DataFrame({"log_organisers": value, "emerged": True, "vote_share": np.nan})
    return value_of_information(runs, shares)


def test_the_variance_falls_by_what_a_quantity_contributes(table):
    found = table.set_index("parameter")
    assert found["exact"].tolist() == pytest.approx([0.2, 0.5, 0.0], abs=0.06)
    assert found.loc[NAMES[1], "exact_low"] < 0.5 < found.loc[NAMES[1], "exact_high"]
    assert found.loc[NAMES[2], "exact_low"] < 0
    assert found["together"].iloc[0] == pytest.approx(0.7, abs=0.1)


def test_a_rough_measurement_is_worth_less(table):
    found = table.set_index("parameter").loc[NAMES[1]]
    # the error's variance is .01, the quantity's 1/12: of its share 12/13.4 is left
    assert found["rough"] == pytest.approx(0.5 / 1.12, abs=0.05)
    assert found["rough"] < found["exact"]


def test_an_answer_that_never_varies_or_is_hardly_known_is_left_out(table):
    assert set(table["answer"]) == {"log_organisers"}
    few = pd.DataFrame(dict.fromkeys(ANSWERS, np.arange(FEWEST - 1) % 2 == 0))
    shares = pd.DataFrame({NAMES[0]: np.linspace(0, 1, FEWEST - 1)})
    assert value_of_information(few, shares).empty


def test_errors_are_those_of_runs_that_were_left_out():
    rng = np.random.default_rng(5)
    share, values = rng.random(40), rng.random(40)
    curve, mean = unseen_errors(share, values)
    left_out = [(values[i] - np.delete(values, i).mean()) ** 2 for i in range(40)]
    assert mean == pytest.approx(left_out)
    basis = SplineTransformer(n_knots=KNOTS).fit_transform(rankdata(share)[:, None])
    others = np.arange(40) != 7
    fitted, *_ = np.linalg.lstsq(basis[others], values[others])
    assert curve[7] == pytest.approx((values[7] - basis[7] @ fitted) ** 2)


def test_quantities_of_two_values_are_understood():
    share = np.repeat([0.25, 0.75], 60)
    left, before = unseen_errors(share, (share > 0.5) + 0.01 * np.tile([-1.0, 1.0], 60))
    assert left.sum() < 0.01 * before.sum()


def test_a_researcher_is_told_what_a_survey_can_ask(table):
    said = advice_of(table, "log_organisers")
    assert "half-life of attention (media.half_life) narrows it most" in said
    assert "Of what a survey of users can ask: mean dependence on the service" in said
    assert measured_by("vote.turnout_retail") == "records of the firm and its shareholders"
    assert top_of(table)["parameter"].tolist() == [NAMES[1], NAMES[0], NAMES[2]]


def test_the_figure_names_only_what_is_seen_to_narrow_an_answer():
    names = {"answer": ["it emerges"] * 2, "parameter": ["vote.turnout_retail", "media.half_life"]}
    largest_unsure = {"exact": [0.3, 0.2], "exact_low": [-0.1, 0.05], "exact_high": [0.6, 0.3]}
    table = pd.DataFrame(names | largest_unsure)
    assert "half-life of attention, it emerges" in information_headline(table)
    assert information_headline(table[:1]) == "No single quantity is seen to narrow an answer"
