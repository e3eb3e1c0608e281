"""Sensitivity: known answers of test functions, and what a table that is no design is told."""

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris as sample_morris
from SALib.sample import sobol as sample_sobol

from experiments.analysis.morris import MATTERS, NEGLIGIBLE, morris
from experiments.analysis.samples import by_sample, chance, whole_groups
from experiments.analysis.sobol import convergence, sobol
from experiments.design.draw import draw

NAMES = ["a", "b", "c"]
ANGLES = {"num_vars": 3, "names": NAMES, "bounds": [[-np.pi, np.pi]] * 3}
UNIT = {"num_vars": 3, "names": NAMES, "bounds": [[2.0, 4.0]] * 3}

# The Ishigami function with a = 7, b = 0.1: doi:10.1109/ISUMA.1990.151285.
FIRST = {"a": 0.3139, "b": 0.4424, "c": 0.0}
TOTAL = {"a": 0.5576, "b": 0.4424, "c": 0.2437}


def ishigami(x):
    a, b, c = x.T
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def runs_of(places, values, replicates=1, noise=0.0, seed=0, shared=0.0):
    """A row a world and replicate, in no order."""
    rng = np.random.default_rng(seed)
    tables = [
        pd.DataFrame(places, columns=NAMES).assign(
            sample=np.arange(len(places)),
            replicate=r,
            error="",
            y=values + noise * rng.normal(size=len(places)) + shared * rng.normal(),
        )
        for r in range(replicates)
    ]
    return pd.concat(tables).sample(frac=1, random_state=seed)


def saltelli(n, second_order=False):
    return sample_sobol.sample(ANGLES, n, calc_second_order=second_order, seed=4)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_ishigami_within_their_intervals(second_order):
    places = saltelli(1024, second_order)
    table = sobol(runs_of(places, ishigami(places)), NAMES, ["y"]).set_index("parameter")
    assert (table["base_samples"] == 1024).all()
    for index, truth in (("first", FIRST), ("total", TOTAL)):
        for name, value in truth.items():
            assert table.loc[name, f"{index}_low"] <= value <= table.loc[name, f"{index}_high"]
            width = table.loc[name, f"{index}_high"] - table.loc[name, f"{index}_low"]
            assert 0.005 < width < 0.25


def test_sobol_intervals_narrow_with_more_samples():
    places = saltelli(1024)
    table = convergence(runs_of(places, ishigami(places)), NAMES, "y")
    assert sorted(table["base_samples"].unique()) == [32, 64, 128, 256, 512, 1024]
    width = (table["total_high"] - table["total_low"]).groupby(table["base_samples"]).mean()
    assert width[1024] < 0.3 * width[32]
    whole = sobol(runs_of(places, ishigami(places)), NAMES, ["y"])
    last = table[table["base_samples"] == 1024].reset_index(drop=True)
    pd.testing.assert_frame_equal(last, whole[last.columns])


def test_sobol_indices_are_of_means_over_replicates_and_tell_the_chance_left():
    places = saltelli(256)
    noise, replicates = 3.0, 4
    values = ishigami(places)
    runs = runs_of(places, values, replicates, noise, shared=5.0)
    left = noise**2 / replicates
    expected = left / (values.var() + left)
    assert chance(runs, "y") == pytest.approx((left, expected), rel=0.1)
    table = sobol(runs, NAMES, ["y"])
    assert (table["chance"] == chance(runs, "y")[1]).all()
    exact = sobol(runs_of(places, values), NAMES, ["y"])
    assert exact["chance"].isna().all()
    # What chance blurs raises every total index by about its share.
    more = (table["total"] - exact["total"] * (1 - expected)).mean()
    assert more == pytest.approx(expected, rel=0.3)


def test_base_samples_with_a_failed_run_are_left_out():
    places = saltelli(64)
    runs = runs_of(places, ishigami(places))
    runs.loc[runs["sample"] == 7, "error"] = "failed"
    runs.loc[runs["sample"] == 61, "y"] = np.nan
    table = sobol(runs, NAMES, ["y"])
    assert (table["base_samples"] == 62).all()
    kept = runs[~(runs["sample"] // 5).isin([1, 12])]
    pd.testing.assert_frame_equal(table, sobol(kept, NAMES, ["y"]))


def test_an_outcome_that_never_varies_has_no_indices():
    places = saltelli(32)
    table = sobol(runs_of(places, np.zeros(len(places))), NAMES, ["y"])
    assert (table[["first", "total", "total_low", "total_high"]] == 0).all(axis=None)


def test_worlds_in_another_order_are_refused():
    places = saltelli(32)
    runs = runs_of(places, ishigami(places))
    with pytest.raises(ValueError, match=r"no design of Saltelli's for b, a, c: .* in its order"):
        sobol(runs, ["b", "a", "c"], ["y"])
    with pytest.raises(ValueError, match="no trajectories of a, b, c"):
        morris(runs[runs["sample"] % 5 < 4], NAMES, ["y"])


def test_several_arms_at_once_are_refused():
    places = saltelli(32)
    runs = runs_of(places, ishigami(places), replicates=2)
    arms = pd.concat([runs, runs.assign(b=runs["b"] + 1)])
    with pytest.raises(ValueError, match="runs of the same sample differ in b"):
        by_sample(arms, NAMES, ["y"])


def test_groups_that_lack_a_world_are_left_out():
    table = pd.DataFrame({"y": [1.0, 2, 3, np.nan, 5, 6, 7]}, index=[0, 1, 2, 3, 4, 6, 7])
    assert whole_groups(table, 2).tolist() == [[0, 1], [5, 6]]


def trajectories(n):
    return sample_morris.sample(UNIT, n, num_levels=4, seed=3)


def test_elementary_effects_of_a_line_are_its_slopes():
    places = trajectories(10)
    values = 3 * places[:, 0] - 2 * places[:, 1]
    table = morris(runs_of(places, values), NAMES, ["y"]).set_index("parameter")
    # Per whole range, which is 2 wide.
    assert table["mu"].to_numpy() == pytest.approx([6, -4, 0], abs=1e-9)
    assert table["mu_star"].to_numpy() == pytest.approx([6, 4, 0], abs=1e-9)
    assert table["sigma"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)
    assert (table["trajectories"] == 10).all()


def test_elementary_effects_tell_interactions_and_intervals_cover():
    x = trajectories(400)
    values = (x[:, 0] - 2) * (x[:, 1] - 2)
    runs = runs_of(x, values)
    many = morris(runs, NAMES, ["y"]).set_index("parameter")
    few = morris(runs[runs["sample"] < 4 * 15], NAMES, ["y"]).set_index("parameter")
    assert many.loc["a", "sigma"] > 0.5 * many.loc["a", "mu_star"]
    assert many.loc["c", "mu_star"] == pytest.approx(0, abs=1e-9)
    for name in ("mu", "mu_star", "sigma"):
        assert (few[f"{name}_low"] <= many[name] + 1e-9).all()
        assert (many[name] <= few[f"{name}_high"] + 1e-9).all()
        width = few[f"{name}_high"] - few[f"{name}_low"]
        assert width["a"] > 2 * (many[f"{name}_high"] - many[f"{name}_low"])["a"]


def test_screening_of_a_share():
    rng = np.random.default_rng(2)
    x = (trajectories(60) - 2) / 2
    chances = 0.2 + 0.5 * x[:, 0] + 0.01 * x[:, 1]
    runs = pd.concat(
        [
            pd.DataFrame(x, columns=NAMES).assign(
                sample=np.arange(len(x)), replicate=r, emerged=rng.random() < chances
            )
            for r in range(400)
        ]
    )
    table = morris(runs, NAMES).set_index("parameter")
    assert table["verdict"].tolist() == [MATTERS, NEGLIGIBLE, NEGLIGIBLE]
    assert table.loc["a", "mu"] == pytest.approx(0.5, abs=0.05)
    assert table["outcome"].unique() == ["emerged"]


def test_chance_alone_does_not_matter():
    rng = np.random.default_rng(8)
    x = trajectories(60)
    few = pd.concat(
        [
            pd.DataFrame(x, columns=NAMES).assign(
                sample=np.arange(len(x)), replicate=r, emerged=rng.random(len(x)) < 0.5
            )
            for r in range(10)
        ]
    )
    table = morris(few, NAMES)
    # Two means of ten: their difference is 0.18 on average, for a move of two thirds of the range.
    assert table["mu_star"].to_numpy() == pytest.approx(table["chance"].to_numpy(), rel=0.2)
    assert table["chance"].iloc[0] == pytest.approx(0.27, abs=0.01)
    assert (table["mu_star_low"] > 0.1).all()
    assert (table["verdict"] == "undecided").all()


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_the_designs_of_experiments_are_analysed(kind):
    ranges = ["firm.decline_rate", "threat.base", "dissatisfaction.ramp_start"]
    part = {"name": "worlds", "design": kind, "samples": 64, "ranges": ranges}
    found = draw({"name": "trial", "parts": [part]})
    names = found.designs["worlds"]["problem"]["names"]
    worlds = pd.DataFrame(found.points).assign(replicate=0, error="")
    decline = worlds["firm.decline_rate"]
    worlds["y"] = (decline - decline.min()) / np.ptp(decline)
    if kind == "morris":
        table = morris(worlds, names, ["y"]).set_index("parameter")
        assert table.loc["firm.decline_rate", "mu"] == pytest.approx(1)
        assert table["mu_star"].sum() == pytest.approx(1)
    else:
        table = sobol(worlds, names, ["y"]).set_index("parameter")
        assert table.loc["firm.decline_rate", "total"] == pytest.approx(1, abs=0.1)
        assert table["total"].sum() == pytest.approx(1, abs=0.1)
