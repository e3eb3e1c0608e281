"""The intervals of shares and the number of replicates: formulas, orders."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from experiments.analysis.intervals import wilson
from experiments.analysis.replicates_needed import replicates_needed, running_variation


@pytest.mark.parametrize("level", [0.8, 0.95, 0.995])
def test_wilson_equals_statsmodels(level):
    n, k = (a.ravel() for a in np.meshgrid([1, 2, 7, 20, 100, 1000, 3200], np.linspace(0, 1, 12)))
    k = np.rint(k * n)
    low, high = wilson(k, n, level)
    expected = proportion_confint(k, n, 1 - level, method="wilson")
    assert low == pytest.approx(np.asarray(expected[0]), abs=1e-12)
    assert high == pytest.approx(np.asarray(expected[1]), abs=1e-12)


def runs_of(values, **columns):
    return pd.DataFrame({"point": 0, "replicate": np.arange(len(values))} | columns)


def test_the_coefficient_of_variation_settles_as_it_should():
    # Its standard error with n normal values is about v √(1/(2n) + v²/n).
    values = np.random.default_rng(3).normal(10, 2, 4000)
    low, high = np.quantile(running_variation(values), [0.025, 0.975], axis=0)
    assert low.shape == (3999,)
    for n in (20, 100, 500):
        expected = 0.2 * math.sqrt(1 / (2 * n) + 0.04 / n) * math.sqrt(1 - n / 4000)
        assert (high - low)[n - 2] / 2 / 1.96 == pytest.approx(expected, rel=0.3)
    assert low[-1] == pytest.approx(values.std(ddof=1) / values.mean())
    assert high[-1] == pytest.approx(low[-1])


def test_replicates_needed_of_a_measured_outcome():
    rng = np.random.default_rng(4)
    few = runs_of(range(60), y=rng.normal(10, 2, 60))
    many = runs_of(range(6000), y=rng.normal(10, 2, 6000))
    row = replicates_needed(many, ["y"]).iloc[0]
    assert row["enough"]
    assert 700 < row["needed"] < 2500  # 1.96² (1/2 + v²)/0.05² = 830, and staying there
    assert row["variation"] == pytest.approx(0.2, abs=0.01)
    row = replicates_needed(few, ["y"]).iloc[0]
    assert math.isnan(row["needed"])
    assert not row["enough"]
    same = replicates_needed(runs_of(range(20), y=3.0), ["y"]).iloc[0]
    assert (same["variation"], same["needed"], same["enough"]) == (0, 5, True)


def test_replicates_needed_of_a_share_follow_from_its_interval():
    rng = np.random.default_rng(5)
    runs = runs_of(range(400), emerged=rng.permutation(np.arange(400) < 200))
    row = replicates_needed(runs, ["emerged"]).iloc[0]
    low, high = wilson(row["needed"] / 2, row["needed"])
    assert (high - low) / 2 == pytest.approx(0.025, rel=0.01)
    assert row["needed"] == pytest.approx(1537, rel=0.01)
    assert not row["enough"]
    rare = replicates_needed(runs.assign(emerged=False), ["emerged"]).iloc[0]
    assert rare["needed"] < 100
    assert rare["enough"]
