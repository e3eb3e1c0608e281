"""Planted truths: which parameters an outcome depends on, and its course along each."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.feature_scores import feature_scores
from experiments.analysis.outcome_by_parameter import outcome_by_parameter
from experiments.analysis.prim import boxes


def worlds(count, *names, seed=0):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.uniform(size=(count, len(names))), columns=list(names))
    return table.assign(noise=rng.normal(0, 0.1, count))


def planted(count=50):
    """A strong, a weak and an irrelevant parameter, as in a sweep of fifty worlds."""
    table = worlds(count, "strong", "weak", "none")
    height = 1 / (1 + np.exp(-10 * (table["strong"] - 0.5) - 2.5 * (table["weak"] - 0.5)))
    return table.assign(emerged=np.clip(height + table["noise"], 0, 1), flat=0.3)


def scores_of(table, names, outcome="emerged"):
    return feature_scores(table, names, [outcome]).set_index("parameter")


# -- scores ----------------------------------------------------------------------------------------


def test_a_strong_parameter_stands_out_among_few_worlds():
    scores = scores_of(planted(), ["strong", "weak", "none"])
    assert scores["low"]["strong"] > 0.4
    assert scores["low"]["strong"] > scores["high"]["weak"]
    assert scores["low"]["none"] == 0


def test_a_weak_parameter_is_found_among_many_worlds():
    scores = scores_of(planted(300), ["strong", "weak", "none"])
    assert 0 < scores["low"]["weak"] < scores["high"]["weak"] < scores["low"]["strong"]
    assert scores["score"]["none"] < 0.01


def test_an_interaction_alone_is_seen_in_both_parameters():
    table = worlds(300, "a", "b", "c")
    table["emerged"] = (table["a"] > 0.5) ^ (table["b"] > 0.5)
    scores = scores_of(table, ["a", "b", "c"])
    assert scores["low"][["a", "b"]].min() > 0.5
    assert scores["high"]["c"] < 0.05


def test_one_parameter_alone_explains_what_is_not_noise():
    table = worlds(60, "only")
    table["emerged"] = table["only"] + table["noise"]
    scores = scores_of(table, ["only"])
    assert scores["low"]["only"] > 0.3
    assert scores["explained"]["only"] == pytest.approx(0.9, abs=0.08)


def test_noise_is_explained_by_nothing():
    scores = scores_of(worlds(100, "a", "b", "c"), ["a", "b", "c"], "noise")
    assert (scores["low"] == 0).all()
    assert scores["explained"].iloc[0] < 0.05


def test_what_never_varies_has_no_scores_and_no_curve():
    table = planted()
    assert feature_scores(table, ["strong"], ["flat"]).empty
    scores = scores_of(table.assign(still=1.0), ["strong", "still"])
    assert scores["score"]["still"] == pytest.approx(0, abs=1e-9)
    assert outcome_by_parameter(table.assign(still=1.0), ["still"], ["emerged"]).empty


def test_scores_lie_between_0_and_1_and_are_the_total_indices_of_a_sum():
    table = worlds(800, "a", "b")
    table["emerged"] = table["a"] + 0.5 * table["b"]  # variances 4 : 1
    scores = scores_of(table, ["a", "b"])
    assert scores["score"].to_numpy() == pytest.approx([0.8, 0.2], abs=0.06)
    assert scores[["score", "low", "high"]].to_numpy().min() >= 0
    assert scores[["score", "low", "high"]].to_numpy().max() <= 1


def test_words_have_scores_too():
    table = worlds(100, "a").assign(choice=["ignore", "concede", "resist", "resist"] * 25)
    table["emerged"] = (table["choice"] == "concede") + table["noise"]
    assert scores_of(table, ["a", "choice"])["score"].idxmax() == "choice"


def test_one_parameter_has_boxes_too():
    table = worlds(200, "only")
    table["event"] = table["only"] > 0.7
    found = boxes(table, ["only"], "event")
    assert found["parameter"].tolist() == ["only"]
    assert found["low"].iloc[0] == pytest.approx(0.7, abs=0.06)


# -- curves ----------------------------------------------------------------------------------------


def test_a_curve_follows_the_truth_and_its_band_holds_it():
    table = planted(400)
    curve = outcome_by_parameter(table, ["strong", "none"], ["emerged"])
    strong = curve[curve["parameter"] == "strong"]
    inside = strong[strong["value"].between(0.15, 0.85)]
    truth = 1 / (1 + np.exp(-10 * (inside["value"] - 0.5)))
    assert np.abs(inside["mean"] - truth).max() < 0.08
    none = curve[curve["parameter"] == "none"]
    assert np.ptp(none["mean"]) < 0.1 < np.ptp(strong["mean"])
    assert (none["low"] <= table["emerged"].mean()).all()
    assert (none["high"] >= table["emerged"].mean()).all()


def test_a_band_is_narrower_with_more_worlds():
    few, many = (outcome_by_parameter(planted(count), ["weak"], ["emerged"]) for count in (50, 800))
    assert (many["high"] - many["low"]).mean() < 0.5 * (few["high"] - few["low"]).mean()


def test_a_curve_stays_within_what_was_seen_and_within_the_range():
    table = planted()
    curve = outcome_by_parameter(table, ["strong"], ["emerged"])
    assert curve[["mean", "low", "high"]].to_numpy().min() >= table["emerged"].min()
    assert curve[["mean", "low", "high"]].to_numpy().max() <= table["emerged"].max()
    assert curve["value"].min() == table["strong"].min()
    assert curve["value"].max() == table["strong"].max()
    assert (curve["low"] <= curve["mean"]).all()
    assert (curve["mean"] <= curve["high"]).all()


def test_choices_have_a_mean_each():
    table = worlds(60, "a").assign(choice=["ignore", "concede"] * 30)
    table["emerged"] = 0.5 * (table["choice"] == "concede") + table["noise"]
    curve = outcome_by_parameter(table, ["choice"], ["emerged"]).set_index("choice")
    means = table.groupby("choice")["emerged"].mean()
    assert curve["mean"].to_dict() == pytest.approx(means.to_dict())
    assert curve["low"]["concede"] > curve["high"]["ignore"]
