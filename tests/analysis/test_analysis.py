"""Analyses: known answers, planted effects, coverage of intervals."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import binomtest, ttest_1samp

from experiments.analysis import critical_cost, effects, how_many, truth_table
from experiments.analysis.intervals import (
    clustered_difference,
    mean_difference,
    paired_difference,
    wilson,
)
from experiments.analysis.launch_window import contrast, contrasts, launch_window
from experiments.analysis.tables import (
    by_replicate,
    conditions_of,
    emergence,
    finished,
    part,
    varied,
)
from experiments.analysis.truth_table import Combination

COST = critical_cost.COST
LAUNCH = "movement.launch_week"


def factorial(probability, conditions, replicates, seed=0, **columns):
    """Runs of a factorial: emerged where the luck shared by a replicate is below probability."""
    rng = np.random.default_rng(seed)
    rows = []
    for replicate in range(replicates):
        luck = rng.random()
        for levels in itertools.product((0, 1), repeat=len(conditions)):
            mixed = luck if rng.random() < 0.5 else rng.random()
            rows.append(
                {"part": "conditions", "replicate": replicate, "error": ""}
                | {f"condition.{c}": v for c, v in zip(conditions, levels, strict=True)}
                | {"emerged": mixed < probability(**dict(zip(conditions, levels, strict=True)))}
                | columns
            )
    return pd.DataFrame(rows)


# -- tables ----------------------------------------------------------------------------------------


def test_replicates_of_points_near_the_border_only_do_not_enter_an_effect():
    """Else the means with and without would be over other costs."""
    dear = factorial(lambda a: 0.0, ["a"], 40, cost=1.0)
    cheap = factorial(lambda a: 1.0, ["a"], 20, cost=0.2)
    refined = pd.concat([dear, cheap]).query("replicate < 20 or `condition.a` == 1 or cost == 0.2")
    more = cheap.query("`condition.a` == 0").assign(replicate=lambda runs: runs["replicate"] + 20)
    runs = pd.concat([refined, more])
    assert sorted(runs.groupby(["condition.a", "cost"]).size()) == [20, 20, 40, 40]
    cube = by_replicate(runs, ["a"], "emerged")
    np.testing.assert_array_equal(cube, np.full((20, 2), 0.5))
    row = effects.main_effects(runs, ["a"]).iloc[0]
    assert (row["effect"], row["replicates"]) == (0, 20)


# -- intervals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.8, 0.95, 0.995])
def test_wilson_equals_scipy(level):
    for n in (1, 2, 7, 20, 100, 1000):
        for k in sorted({0, 1, n // 3, n // 2, n - 1, n}):
            low, high = wilson(k, n, level)
            interval = binomtest(k, n).proportion_ci(level, method="wilson")
            assert low == pytest.approx(interval.low, abs=1e-12)
            assert high == pytest.approx(interval.high, abs=1e-12)


def test_wilson_without_trials_knows_nothing():
    low, high = wilson([0, 3], [0, 3])
    assert (low[0], high[0]) == (0, 1)
    assert high[1] == 1
    assert 0 < low[1] < 1


def test_paired_difference_by_hand():
    first = [1] * 6 + [0] * 2 + [1] * 12
    second = [0] * 6 + [1] * 2 + [1] * 12
    value, low, high = paired_difference(first, second)
    p12, p21 = 7 / 22, 3 / 22
    half = 1.959964 * math.sqrt((p12 + p21 - (p12 - p21) ** 2) / 22)
    assert value == pytest.approx(4 / 20)
    assert low == pytest.approx(4 / 22 - half, abs=1e-6)
    assert high == pytest.approx(4 / 22 + half, abs=1e-6)


def test_paired_difference_is_antisymmetric_and_bounded():
    rng = np.random.default_rng(3)
    for n in (1, 2, 5, 40):
        a, b = rng.random((2, n)) < 0.5
        forth, back = paired_difference(a, b), paired_difference(b, a)
        assert forth.value == -back.value
        assert forth.low == pytest.approx(-back.high)
        assert -1 <= forth.low <= forth.value <= forth.high <= 1
    assert math.isnan(paired_difference([], []).value)


@pytest.mark.parametrize(
    ("off", "effect", "shared"), [(0.1, 0.1, 0.5), (0.5, 0.3, 0.8), (0.5, 0, 0)]
)
def test_paired_interval_covers_the_truth(off, effect, shared):
    rng = np.random.default_rng(5)
    trials, pairs = 1500, 40
    luck = rng.random((trials, pairs))
    other = np.where(rng.random((trials, pairs)) < shared, luck, rng.random((trials, pairs)))
    hits = 0
    for on, without in zip(luck < off + effect, other < off, strict=True):
        _, low, high = paired_difference(on, without)
        hits += low <= effect <= high
    # Three standard errors of a coverage of 0.95 are 0.017; the interval errs on the wide side.
    assert 0.933 <= hits / trials <= 0.995


@pytest.mark.parametrize(("pairs", "replicates", "spread"), [(1, 50, 1), (16, 10, 0), (16, 50, 3)])
def test_clustered_interval_covers_the_truth(pairs, replicates, spread):
    rng = np.random.default_rng(6)
    trials = 1500
    setting = rng.normal(0, 1, pairs)

    def chances(shape):
        world = rng.normal(0, spread, (*shape, 1))
        return expit(world + setting + 0.7), expit(world + setting - 0.7)

    on, off = chances((200_000,))
    truth = (on - off).mean()
    on, off = chances((trials, replicates))
    luck = rng.random((trials, replicates, pairs))
    each = ((luck < on).astype(float) - (luck < off)).mean(axis=2)
    hits = 0
    for differences in each:
        _, low, high = clustered_difference(differences, pairs)
        hits += low <= truth <= high
    assert 0.933 <= hits / trials <= 0.995


def test_clustered_interval_is_never_without_width():
    value, low, high = clustered_difference(np.zeros(20), 4)
    assert value == 0
    assert low < -0.01
    assert high > 0.01
    assert clustered_difference([0.5], 4) == (0.5, -1, 1)


def test_mean_difference_equals_the_t_test():
    values = np.random.default_rng(1).normal(2, 3, 30)
    interval = ttest_1samp(values, 0).confidence_interval(0.95)
    value, low, high = mean_difference(values)
    assert value == pytest.approx(values.mean())
    assert low == pytest.approx(interval.low)
    assert high == pytest.approx(interval.high)


# -- tables ----------------------------------------------------------------------------------------


def test_failed_runs_and_other_parts_are_left_out():
    runs = factorial(lambda a: a, ["a"], 3).assign(**{"condition.b": 0})
    runs.loc[0, "error"] = "boom"
    assert len(finished(runs)) == 5
    assert conditions_of(runs) == ["a"]
    assert part(runs, "other").empty
    assert by_replicate(runs, ["a"], "emerged").tolist() == [[0, 1], [0, 1]]  # replicate 0 is gone


# -- effects ---------------------------------------------------------------------------------------


def test_planted_effects_are_recovered():
    runs = factorial(lambda a, b, c: 0.2 + 0.4 * a + 0.2 * a * b, ["a", "b", "c"], 400)
    table = effects.main_effects(runs).set_index("condition")
    for name, truth in {"a": 0.5, "b": 0.1, "c": 0.0}.items():
        row = table.loc[name]
        assert row["low"] <= truth <= row["high"]
        assert row["effect"] == pytest.approx(row["on"] - row["off"])
        assert row["effect"] == pytest.approx(truth, abs=0.05)
    assert list(table["verdict"]) == ["raises", "raises", "no material effect"]
    pairs = effects.interactions(runs).set_index(["first", "second"])
    assert pairs.loc[("a", "b"), "low"] <= 0.2 <= pairs.loc[("a", "b"), "high"]
    assert pairs.loc[("a", "b"), "low"] > 0
    assert pairs.loc[("b", "c"), "low"] <= 0 <= pairs.loc[("b", "c"), "high"]


def test_interactions_by_hand():
    runs = factorial(lambda a, b: 1.0 * (a and b), ["a", "b"], 5)
    assert effects.interactions(runs)["effect"].tolist() == [1.0]
    assert effects.main_effects(runs)["effect"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.06, 0.2, "raises"),
        (-0.3, -0.06, "lowers"),
        (-0.04, 0.04, "no material effect"),
        (0.04, 0.1, "undecided"),
    ],
)
def test_verdicts(low, high, said):
    assert effects.verdict(low, high) == said


def test_leakage_compares_with_the_condition_that_owns_the_level():
    runs = factorial(lambda distress, dissatisfaction: 0.5, ["distress", "dissatisfaction"], 10)
    level = 0.1 + 0.1 * runs["condition.distress"] + 0.4 * runs["condition.dissatisfaction"]
    noise = np.random.default_rng(0).normal(0, 1e-3, len(runs))
    table = effects.leakage(runs.assign(mean_dissatisfaction=level + noise))
    row = table.set_index("condition").loc["distress"]
    assert row["level"] == "mean_dissatisfaction"
    assert row["difference"] == pytest.approx(0.1, abs=1e-3)
    assert row["of_own"] == pytest.approx(0.25, abs=0.01)
    assert row["low"] <= row["difference"] <= row["high"]


# -- truth table and minimisation ------------------------------------------------------------------


def test_truth_table_counts_and_decides():
    chance = {(0, 0): 0.0, (0, 1): 0.8, (1, 0): 1.0, (1, 1): 1.0}
    runs = factorial(lambda a, b: chance[a, b], ["a", "b"], 100)
    table = truth_table.truth_table(runs, cut_off=0.8)
    assert table["runs"].tolist() == [100] * 4
    assert table["successes"].tolist() == [
        int(runs[(runs["condition.a"] == a) & (runs["condition.b"] == b)]["emerged"].sum())
        for a, b in chance
    ]
    outcome = table["outcome"].tolist()
    assert (outcome[0], outcome[2], outcome[3]) == (0, 1, 1)
    assert outcome[1] is pd.NA
    assert list(truth_table.conditions_in(table)) == ["a", "b"]


def test_truth_table_of_a_sweep_that_just_began():
    runs = factorial(lambda a, b: 1, ["a", "b"], 1)
    table = truth_table.truth_table(runs[runs["condition.b"] == 0], ["a", "b"])
    assert table["runs"].tolist() == [1, 0, 1, 0]
    assert table["share"].isna().tolist() == [False, True, False, True]
    assert table["outcome"].isna().all()


def test_necessity_and_sufficiency():
    share = [0.0, 0.1, 0.7, 0.9]  # of (a, b) = 00, 01, 10, 11
    table = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "held": [0, 1, 1, 2]})
    table = table.assign(runs=10, successes=0, share=share, low=share, high=share)
    found = truth_table.necessity_and_sufficiency(table).set_index("condition")
    assert found.loc["a", ["sufficiency", "necessity"]].tolist() == [0.7, 0.1]
    assert found.loc["b", ["sufficiency", "necessity"]].tolist() == [0.1, 0.7]


def test_six_conditions_are_the_most():
    with pytest.raises(ValueError, match="at most 6"):
        truth_table.prime_implicants([(0,) * 7], 7)


def test_minimal_sets_by_cut_off():
    def chance(distress, threat, size):
        return 1.0 if distress and threat else 0.6 if size else 0.0

    runs = factorial(chance, ["distress", "threat", "size"], 300)
    table = truth_table.truth_table(runs)
    sets = truth_table.minimal_sets(table, (0.5, 0.9))
    size, both = (Combination(held, ()) for held in (("size",), ("distress", "threat")))
    assert sets["combinations"].tolist() == [[size, both], [both]]
    assert sets["smallest_share"].tolist() == [
        table.loc[table["low"] >= cut_off, "share"].min() for cut_off in (0.5, 0.9)
    ]
    always = truth_table.minimal_sets(table.assign(low=1.0, high=1.0))
    assert all(each == [Combination((), ())] for each in always["combinations"])
    never = truth_table.minimal_sets(table.assign(low=0.0, high=0.1))
    assert not never["combinations"].any()
    assert never["smallest_share"].isna().all()


# -- how many --------------------------------------------------------------------------------------

THREE = list(how_many.THREE)


def answer(rule, others=()):
    names = [*THREE, *others]
    table = truth_table.truth_table(factorial(rule, names, 60))
    return how_many.how_many(table)


@pytest.mark.parametrize(
    ("rule", "needed", "sets"),
    [
        (lambda distress, dissatisfaction, threat: 0, pd.NA, ()),
        (lambda distress, dissatisfaction, threat: 1, 0, ((),)),
        (lambda distress, dissatisfaction, threat: dissatisfaction, 1, (("dissatisfaction",),)),
        (
            lambda distress, dissatisfaction, threat: distress + dissatisfaction + threat >= 2,
            2,
            (
                ("distress", "dissatisfaction"),
                ("distress", "threat"),
                ("dissatisfaction", "threat"),
            ),
        ),
        (
            lambda distress, dissatisfaction, threat: distress * dissatisfaction * threat,
            3,
            (("distress", "dissatisfaction", "threat"),),
        ),
        # Threat undoes what dissatisfaction does, so dissatisfaction is not enough.
        (
            lambda distress, dissatisfaction, threat: dissatisfaction * (1 - threat),
            pd.NA,
            (),
        ),
    ],
)
def test_how_many_suffice(rule, needed, sets):
    row = answer(rule).iloc[0]
    assert row["needed"] is pd.NA if needed is pd.NA else row["needed"] == needed
    assert row["sets"] == sets


def test_how_many_suffice_depends_on_the_setting():
    def rule(distress, dissatisfaction, threat, size):
        return dissatisfaction if size else distress * dissatisfaction * threat

    table = answer(rule, ["size"])
    assert table["size"].tolist() == [0, 1]
    assert table["needed"].tolist() == [3, 1]


def test_how_many_keeps_the_undecided_open():
    table = truth_table.truth_table(factorial(lambda **held: held["dissatisfaction"], THREE, 60))
    table.loc[table["dissatisfaction"] == 1, ["low", "high"]] = 0.7, 0.9
    row = how_many.how_many(table).iloc[0]
    assert row["needed"] is pd.NA
    assert row["open"] == (
        ("dissatisfaction",),
        ("distress", "dissatisfaction"),
        ("dissatisfaction", "threat"),
        ("distress", "dissatisfaction", "threat"),
    )


# -- critical costs --------------------------------------------------------------------------------


def costs_runs(critical, replicates, width=0.03, seed=0, grid=None):
    """Runs in which a set's movement emerges below its critical cost, with a spread of luck."""
    rng = np.random.default_rng(seed)
    grid = np.arange(0.2, 1.5, 0.1) if grid is None else grid
    rows = []
    for replicate in range(replicates):
        luck = rng.normal(0, width)
        for levels in itertools.product((0, 1), repeat=3):
            for cost in grid:
                rows.append(
                    {"part": "costs", "replicate": replicate, "error": "", COST: cost}
                    | {f"condition.{c}": v for c, v in zip(THREE, levels, strict=True)}
                    | {"emerged": cost < critical(*levels) + luck}
                )
    return pd.DataFrame(rows)


def test_critical_costs_are_recovered():
    def truth(x, d, t):
        return 0.45 + 0.1 * x + 0.2 * d + 0.05 * t + 0.3 * x * d * t

    runs = costs_runs(truth, 200, width=0.08)
    table = critical_cost.critical_costs(runs, resamples=300)
    assert table["size"].tolist() == [0, 1, 1, 1, 2, 2, 2, 3]
    for levels in itertools.product((0, 1), repeat=3):
        held = tuple(itertools.compress(THREE, levels))
        [row] = (row for row in table.itertuples() if row.set == held)
        assert row.status == "found"
        assert row.low <= row.cost <= row.high
        assert row.cost == pytest.approx(truth(*levels), abs=0.03)


def test_critical_cost_interval_covers_the_truth():
    """A finer grid than the luck is wide: the true median lies where the curve crosses one half."""
    grid = np.arange(0.3, 0.9, 0.05)
    hits = 0
    for seed in range(60):
        runs = costs_runs(lambda *_: 0.6, 30, width=0.15, seed=seed, grid=grid)
        runs = runs[(runs["condition.threat"] == 0) & (runs["condition.distress"] == 0)]
        row = critical_cost.critical_costs(runs, ["dissatisfaction"], resamples=200).iloc[0]
        hits += row["low"] <= 0.6 <= row["high"]
    assert hits >= 50  # of 57 expected


def test_critical_cost_outside_the_costs_tried():
    def truth(x, d, t):
        return 5.0 if d else -1.0 if t else 0.6

    table = critical_cost.critical_costs(costs_runs(truth, 20), resamples=50).set_index("set")
    assert table.loc[[("dissatisfaction",)], "cost"].tolist() == [math.inf]
    assert table.loc[[("threat",)], "cost"].tolist() == [-math.inf]
    assert table.loc[[("threat",)], "status"].tolist() == [critical_cost.NEVER]


def test_crossing_looks_at_the_dear_side():
    """At costs near nothing everybody joins unasked, which is no movement."""
    costs = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    assert critical_cost.crossing(costs, np.array([0.0, 0.4, 1.0, 0.75, 0.25])) == pytest.approx(
        0.35
    )
    assert critical_cost.crossing(costs, np.array([1.0, 0.9, 0.2, 0.3, 0.0])) == pytest.approx(
        0.1 + 0.1 * 0.4 / 0.65
    )


# -- launch window ---------------------------------------------------------------------------------


def launches(chance, replicates, seed=0, weeks=range(8, 60, 4)):
    rng = np.random.default_rng(seed)
    rows = []
    for replicate in range(replicates):
        for week in weeks:
            emerged = rng.random() < chance(week)
            row = {"part": "launch", "replicate": replicate, LAUNCH: week, "emerged": emerged}
            rows.append(row | {"error": ""})
    return pd.DataFrame(rows)


def test_launch_window_counts():
    runs = launches(lambda week: 0.5, 30)
    table = launch_window(runs)
    assert table["week"].tolist() == list(range(8, 60, 4))
    assert table["successes"].sum() == runs["emerged"].sum()
    assert (table["low"] < table["share"]).all()
    assert (table["share"] < table["high"]).all()


def test_best_week_is_chosen_and_judged_on_different_runs():
    """With launch weeks that make no difference the contrast is around 0, not above."""
    found = [contrast(launches(lambda week: 0.5, 40, seed)).iloc[0] for seed in range(60)]
    differences = np.array([row["difference"] for row in found])
    assert abs(differences.mean()) < 3 * differences.std(ddof=1) / math.sqrt(60)
    # The same runs for both would have found a difference of about a third.
    naive = launch_window(launches(lambda week: 0.5, 20))
    assert naive["share"].max() - naive["share"].min() > 0.2


def test_a_planted_window_is_found():
    runs = launches(lambda week: 0.9 if 20 <= week < 40 else 0.1, 200)
    row = contrast(runs).iloc[0]
    assert 20 <= row["best_week"] < 40
    assert row["difference"] == pytest.approx(0.8, abs=0.12)
    assert row["low"] > 0.5
    assert (row["window_start"], row["window_end"], row["width"]) == (20, 36, 20)
    even = runs[runs["replicate"] % 2 == 0]
    best = even[even[LAUNCH] == row["best_week"]]["emerged"].mean()
    assert row["best_share"] == pytest.approx(best)


def test_no_success_no_window():
    row = contrast(launches(lambda week: 0.0, 10)).iloc[0]
    assert row["difference"] == 0
    assert math.isnan(row["width"])
    table = contrasts(pd.concat([launches(lambda week: 0.5, 4), factorial(lambda a: 1, ["a"], 2)]))
    assert table["part"].tolist() == ["launch"]


# -- grids -----------------------------------------------------------------------------------------


def test_emergence_over_a_grid():
    runs = pd.DataFrame(
        {
            "part": "grid",
            "users.count": [10, 10, 20, 20],
            "horizon": [5, 5, 5, 5],
            "replicate": [0, 1, 0, 1],
            "emerged": [True, False, True, True],
            "error": ["", "", "", "boom"],
        }
    )
    assert varied(runs) == ["users.count"]
    table = emergence(runs, ["users.count"])
    assert table["runs"].tolist() == [2, 1]
    assert table["share"].tolist() == [0.5, 1.0]
    assert emergence(runs, [])["runs"].tolist() == [3]
