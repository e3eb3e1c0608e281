"""What the methods find where the answer is known by arithmetic."""

import numpy as np
import pytest
from scipy import stats

from experiments.calibration import posterior
from experiments.calibration.findings import CHOSEN, chosen, sensitivity
from experiments.calibration.posterior import (
    expit,
    forest_quantiles,
    logit,
    quantiles_of,
    regress,
)
from experiments.calibration.table import crps, scores
from experiments.cases.facts import Fact
from experiments.cases.values import parse_day

RUNS = 3_000


@pytest.fixture(scope="module")
def table():
    """Worlds of three parameters: one that a fact measures, one of two in a sum, one idle."""
    rng = np.random.default_rng(3)
    shares = rng.uniform(1e-6, 1 - 1e-6, (RUNS, 4))
    misses = np.column_stack([10 * (shares[:, 0] - 0.4), 10 * (shares[:, 1] + shares[:, 2] - 1)])
    return shares, misses + rng.normal(size=misses.shape)


def test_a_measured_parameter_is_found_and_an_idle_one_keeps_its_prior(table):
    shares, misses = table
    found = regress(shares, misses, np.zeros(2))
    low, middle, high = quantiles_of(found.shares, found.weights, np.array([0.05, 0.5, 0.95]))
    assert middle[0] == pytest.approx(0.4, abs=0.03)
    assert high[0] - low[0] == pytest.approx(2 * 1.645 * 0.1, abs=0.08)
    assert high[3] - low[3] == pytest.approx(0.9, abs=0.07)


def test_a_run_that_is_left_out_does_not_count(table):
    shares, misses = table
    world = int(np.abs(misses).sum(axis=1).argmin())
    found = regress(shares, misses, misses[world], leave_out=world)
    assert world not in found.runs
    assert world in regress(shares, misses, misses[world]).runs


def test_intervals_of_known_worlds_hold_the_truth_nine_times_in_ten(table):
    shares, misses = table
    worlds = posterior.chosen_worlds(misses, 200)
    names = ["measured", "one", "other", "idle"]
    by_forests, at_facts = posterior.by_forests(shares, misses, worlds, trees=60)
    for where, own in worlds.items():
        for method, known in (
            (posterior.REGRESSION, posterior.by_regression(shares, misses, own)),
            (posterior.FOREST, by_forests[where]),
        ):
            found = posterior.summary(known, names, method, where)
            assert found["coverage"].between(0.82, 0.97).all(), found
    assert found["recovery"].iloc[3] < 0.3
    assert at_facts[0, 1] == pytest.approx(0.4, abs=0.05)


def test_a_forest_is_blind_to_the_run_that_it_is_asked_of(table):
    shares, misses = table
    changed = shares[:, 0].copy()
    changed[5] = 0.999
    asked, run = misses[[5]], np.array([5])
    blind = forest_quantiles(changed, misses, asked, run, 20)
    seeing = forest_quantiles(changed, misses, asked, np.array([-1]), 20)
    assert seeing[0, -1] > blind[0, -1]


def test_weighted_quantiles_and_logits():
    values, weights = np.array([[1.0], [2.0], [3.0]]), np.array([0.25, 0.5, 0.25])
    assert quantiles_of(values, weights, np.array([0.5]))[0, 0] == 2.0
    assert expit(logit(np.array([0.2, 0.9]))) == pytest.approx([0.2, 0.9])


def test_the_score_of_a_normal_sample_is_the_one_known_in_closed_form():
    sample = stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000)
    known = 2 * stats.norm.pdf(0.7) + 0.7 * (2 * stats.norm.cdf(0.7) - 1) - 1 / np.sqrt(np.pi)
    assert crps(sample, 0.7) == pytest.approx(known, abs=1e-3)


def test_scores_are_in_errors_and_runs_that_show_nothing_are_counted_apart():
    day = parse_day("2017-01-01")
    fact = Fact("vote", 100.0, day, "signatures", "log", 0.5, "at_least", "fitted")
    shows = np.array([[1.0], [2.0], [3.0], [np.nan]])
    [row] = scores({"prior": shows}, [fact], []).to_dict("records")
    assert row["there"] == 0.75
    assert row["crps"] == pytest.approx((1 / 3 - 2 / 9) / 0.5)  # 1, 2, 2 against 2
    assert (row["middle"], row["miss_middle"], row["use"]) == (100.0, 0.0, "held out")


def test_the_parameters_followed_are_those_on_which_facts_depend(table):
    shares, misses = table
    found = sensitivity(shares, misses)
    assert found[0] > 0.8
    assert found[3] < 0.1
    names = [f"p{i}" for i in range(50)] + ["users.people_per_agent"]
    kept = chosen(np.linspace(1, 0, 51), names)
    assert kept == [*range(CHOSEN - 1), 50]
