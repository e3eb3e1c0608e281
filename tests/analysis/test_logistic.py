"""Regressions on conditions and on the size of the world: planted coefficients, separation."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from experiments.analysis.finite_size import OUTSIDE, SHARPER, scaling, transitions
from experiments.analysis.logistic import fit, logistic, separated

INTERCEPT = ""


def logistic_by_name(runs):
    table = logistic(runs)
    return table.set_index(table["term"].map(" × ".join))


def runs_of(logit, replicates, seed=0, shared=0.0):
    """A factorial of two conditions; a replicate's luck moves all its log odds."""
    rng = np.random.default_rng(seed)
    rows = []
    for replicate in range(replicates):
        luck = shared * rng.normal()
        for a, b in itertools.product((0, 1), repeat=2):
            emerged = rng.random() < expit(logit(a - 0.5, b - 0.5) + luck)
            rows.append(
                {"condition.a": a, "condition.b": b, "replicate": replicate, "emerged": emerged}
            )
    return pd.DataFrame(rows)


def test_planted_coefficients_are_recovered():
    runs = runs_of(lambda a, b: 0.3 + 1.5 * a - 0.5 * b + 0.8 * a * b, 5000)
    table = logistic_by_name(runs)
    assert list(table.index) == [INTERCEPT, "a", "b", "a × b"]
    for term, truth in zip(table.index, (0.3, 1.5, -0.5, 0.8), strict=True):
        assert table.loc[term, "low"] < truth < table.loc[term, "high"]
        assert table.loc[term, "high"] - table.loc[term, "low"] < 0.6
    assert not table["separated"].any()
    assert (table["runs"] == 20000).all()


def test_a_saturated_regression_equals_the_counts():
    runs = runs_of(lambda a, b: a + b, 400)
    table = logistic_by_name(runs)
    share = runs.groupby(["condition.a", "condition.b"])["emerged"].mean()
    odds = np.log(share / (1 - share))
    assert table.loc[INTERCEPT, "log_odds"] == pytest.approx(odds.mean())
    wanted = odds[1, 1] - odds[1, 0] - odds[0, 1] + odds[0, 0]
    assert table.loc["a × b", "log_odds"] == pytest.approx(wanted)


def test_errors_are_clustered_by_replicate():
    runs = runs_of(lambda a, b: a, 300, shared=2.0)
    together = logistic_by_name(runs)
    apart = logistic_by_name(runs.assign(replicate=np.arange(len(runs))))

    def width(table, term):
        return table.loc[term, "high"] - table.loc[term, "low"]

    # Luck that moves all runs of a replicate blurs the level, and cancels in the contrasts.
    assert width(together, INTERCEPT) > 1.3 * width(apart, INTERCEPT)
    assert width(together, "a") < width(apart, "a")
    assert (together["replicates"] == 300).all()


def test_separation_is_said_and_stays_finite():
    runs = runs_of(lambda a, b: 50 * a, 40)
    table = logistic_by_name(runs)
    assert table["separated"].to_dict() == {INTERCEPT: True, "a": True, "b": True, "a × b": True}
    assert np.isfinite(table[["log_odds", "low", "high"]]).all(axis=None)
    assert table.loc["a", "low"] > 2
    assert table.loc["b", "low"] < 0 < table.loc["b", "high"]


def test_separation_of_some_terms_only():
    x = np.array([[1, -1, -1], [1, -1, 1], [1, 1, -1], [1, 1, 1]] * 2, dtype=float)
    both = np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=float)
    assert not separated(x, both).any()
    # The second column decides on one of its sides only: quasi-complete separation.
    quasi = np.array([0, 0, 1, 1, 0, 0, 0, 0], dtype=float)
    assert separated(x, quasi).tolist() == [True, True, False]


def test_an_outcome_that_never_comes_has_no_estimate():
    table = logistic(runs_of(lambda a, b: -100, 10))
    assert table["log_odds"].isna().all()
    assert table["separated"].all()


def test_too_few_combinations_have_no_estimate():
    """As in a sweep that has just begun: a and b always went together."""
    runs = runs_of(lambda a, b: a, 50)
    table = logistic(runs[runs["condition.a"] == runs["condition.b"]])
    assert table["log_odds"].isna().all()


def test_pseudo_runs_are_runs_that_count_less():
    runs = runs_of(lambda a, b: a + b, 100, shared=1.0)
    levels = runs[["condition.a", "condition.b"]].to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(runs)), levels])
    y, groups = runs["emerged"].to_numpy(dtype=float), runs["replicate"].to_numpy()
    plain, spread = fit(x, y, groups)
    moved, wider = fit(x, y, groups, pseudo=True)
    assert np.abs(moved - plain).max() < 0.1
    assert np.all(np.abs(moved[1:]) < np.abs(plain[1:]))  # towards no difference
    by_hand = expit(x @ plain)
    scores = pd.DataFrame(x * (y - by_hand)[:, None]).groupby(groups).sum().to_numpy()
    bread = np.linalg.inv((x * (by_hand * (1 - by_hand))[:, None]).T @ x)
    clusters, count = 100, len(y)
    correction = clusters / (clusters - 1) * (count - 1) / (count - 3)
    assert spread == pytest.approx(correction * bread @ scores.T @ scores @ bread, rel=1e-6)
    assert np.all(np.diag(wider) >= 0.9 * np.diag(spread))


def sized(slope, replicates=60, sizes=(100, 400, 1600, 6400), at=0.6, values=15, seed=0):
    rng = np.random.default_rng(seed)
    tables = []
    for size in sizes:
        x, r = (a.ravel() for a in np.meshgrid(np.linspace(0.2, 1, values), np.arange(replicates)))
        luck = rng.random((2, len(x)))
        emerged = luck[0] < expit(slope(size) * (x - at))
        tables.append(
            pd.DataFrame({"cost": x, "replicate": r, "users.count": size, "emerged": emerged})
        )
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("exponent", [0.0, 0.25, 0.5])
def test_a_planted_exponent_is_recovered(exponent):
    runs = sized(lambda n: -20 * (n / 400) ** exponent, 200)
    table = transitions(runs, "cost")
    assert not table["rises"].any()
    held = table["midpoint_low"].lt(0.6) & table["midpoint_high"].gt(0.6)
    assert held.sum() >= 3
    for row in table[table["status"] == "found"].itertuples():
        assert row.midpoint_high - row.midpoint_low < 0.05
        truth = 2 * math.log(9) / (20 * (row.size / 400) ** exponent)
        assert row.width == pytest.approx(truth, rel=0.2)
        assert row.width_low < row.width < row.width_high
    found = scaling(table)
    assert found["low"] < exponent < found["high"]
    assert found["high"] - found["low"] < 0.5


def test_transitions_that_cannot_be_seen_are_said():
    for at, ends in ((0.62, (0.6, 0.657)), (0.6, (0.543, 0.657))):
        sharp = transitions(sized(lambda n: -40.0 * n, 30, at=at), "cost")
        assert (sharp["status"] == SHARPER).all()
        assert sharp["midpoint_low"].to_numpy() == pytest.approx(ends[0], abs=0.001)
        assert sharp["midpoint_high"].to_numpy() == pytest.approx(ends[1], abs=0.001)
        assert sharp["width"].to_numpy() == pytest.approx(ends[1] - ends[0], abs=0.001)
        assert not sharp["rises"].any()
    beside = transitions(sized(lambda n: -20, at=1.5), "cost")
    assert (beside["status"] == OUTSIDE).all()
    assert beside["midpoint"].isna().all()
    assert math.isnan(scaling(beside)["exponent"])
