"""Boxes and scores find what was planted, and nothing where there is nothing."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.feature_scores import feature_scores
from experiments.analysis.prim import boxes

NAMES = ["a", "b", "c", "d", "policy"]


def worlds_of(count, seed=0):
    rng = np.random.default_rng(seed)
    worlds = pd.DataFrame(rng.random((count, 4)), columns=NAMES[:4])
    worlds["policy"] = rng.choice(["ignore", "concede", "resist"], count)
    return worlds.assign(luck=rng.random(count))


@pytest.mark.slow
def test_a_planted_box_is_found():
    worlds = worlds_of(2000)
    planted = (worlds["a"] > 0.6) & (worlds["b"] < 0.4) & (worlds["policy"] != "ignore")
    worlds["emerged"] = worlds["luck"] < np.where(planted, 0.9, 0.03)
    table = boxes(worlds, NAMES, "emerged")
    first = table[table["box"] == 1].set_index("parameter")
    assert set(first.index) == {"a", "b", "policy"}
    assert first.loc["a", "low"] == pytest.approx(0.6, abs=0.05)
    assert np.isnan(first.loc["a", "high"])
    assert first.loc["b", "high"] == pytest.approx(0.4, abs=0.05)
    assert np.isnan(first.loc["b", "low"])
    assert first.loc["policy", "allowed"] == ("concede", "resist")
    row = first.iloc[0]
    judged = worlds.iloc[1::2]
    inside = (judged["a"] >= first.loc["a", "low"]) & (judged["b"] <= first.loc["b", "high"])
    hits = judged["emerged"][inside & (judged["policy"] != "ignore")]
    assert row["density"] == pytest.approx(hits.mean())
    assert row["density"] > 0.8
    assert row["coverage"] == pytest.approx(hits.sum() / judged["emerged"].sum())
    assert row["mass"] == pytest.approx(len(hits) / len(judged))
    assert row["density_low"] < row["density"] < row["density_high"]
    assert row["base"] == judged["emerged"].mean()
    assert row["worlds"] == 1000
    assert (first["quasi_p"] < 0.05).all()


def test_two_planted_boxes_are_found_one_after_the_other():
    worlds = worlds_of(2000, seed=1)
    corner = (worlds["a"] > 0.6) & (worlds["b"] > 0.6)
    other = (worlds["c"] < 0.3) & (worlds["d"] < 0.3)
    worlds["emerged"] = worlds["luck"] < np.where(corner | other, 0.95, 0.02)
    table = boxes(worlds, NAMES[:4], "emerged")
    found = {box: set(rows["parameter"]) for box, rows in table.groupby("box")}
    assert found == {1: {"a", "b"}, 2: {"c", "d"}}
    assert (table["density"] > 0.85).all()
    # Worlds of the first box that lie in the second too are not counted twice.
    assert 0.85 < table.groupby("box")["coverage"].first().sum() <= 1


def test_a_band_has_two_limits():
    worlds = worlds_of(1500, seed=2)
    inside = worlds["c"].between(0.4, 0.65)
    worlds["emerged"] = worlds["luck"] < np.where(inside, 0.9, 0.05)
    row = boxes(worlds, NAMES, "emerged").iloc[0]
    assert row["parameter"] == "c"
    assert row["low"] == pytest.approx(0.4, abs=0.05)
    assert row["high"] == pytest.approx(0.65, abs=0.05)


def test_no_box_where_nothing_matters():
    found = 0
    for seed in range(6):
        worlds = worlds_of(400, seed)
        worlds["emerged"] = worlds["luck"] < 0.3
        found += not boxes(worlds, NAMES, "emerged").empty
    assert found == 0
    for never in (True, False):
        assert boxes(worlds.assign(emerged=never), NAMES, "emerged").empty


def test_scores_find_what_matters_whatever_its_shape():
    worlds = worlds_of(600, seed=3)
    hump = np.abs(worlds["a"] - 0.5) < 0.25
    worlds["share"] = hump + 0.4 * (worlds["policy"] == "resist") + 0.1 * worlds["luck"]
    worlds["flat"], worlds["noise"] = 1.0, worlds["luck"]
    table = feature_scores(worlds, NAMES, ["share", "flat", "noise"])
    assert table["outcome"].unique().tolist() == ["share", "noise"]
    scores = table[table["outcome"] == "share"].set_index("parameter")
    assert scores.loc["a", "low"] > scores.loc["policy", "high"]
    assert scores.loc["policy", "low"] > scores.loc[["b", "c", "d"], "high"].max()
    none = table[table["outcome"] == "noise"]
    assert (none["low"] < 0.02).all()
    assert (table["low"] <= table["score"]).all()
    assert (table["score"] <= table["high"]).all()
