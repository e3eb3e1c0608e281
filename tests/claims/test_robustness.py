"""The distribution of effects over worlds: planted ones are recovered, errors are not counted."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from experiments.analysis.critical_cost import COST
from experiments.analysis.effects import DEFINITIONS
from experiments.analysis.intervals import clustered_difference, mean_difference, paired_difference
from experiments.claims import robustness
from experiments.claims.contrasts import Contrast
from experiments.claims.estimands import Estimand, Kind
from experiments.claims.pooling import effective_wilson, pool, share
from experiments.claims.robustness import by_world, distributions, effects_by_world

MATERIAL = 0.05
DIFFERENCE = Estimand(
    claim="C0",
    name="planted",
    label="planted",
    kind=Kind.DIFFERENCE,
    experiment="made_up",
    part="all",
    outcome="emerged",
    materiality=MATERIAL,
    branch="",
    headline=True,
    on={"label": "on"},
    off={"label": "off"},
    worlds="arms",
)


def worlds(effects, errors, seed: int = 1) -> pd.DataFrame:
    """Return effects found in worlds, each with its error."""
    rng = np.random.default_rng(seed)
    effects, errors = np.broadcast_arrays(effects, errors)
    found = rng.normal(effects, errors)
    return pd.DataFrame({"sample": range(len(found)), "effect": found, "error": errors})


def shares(table: pd.DataFrame, resamples: int = 0):
    pooled = pool(table, MATERIAL, resamples)
    return [share([pooled], side, pooled.worlds) for side in ("above", "below")]


def mixture(n: int, seed: int) -> np.ndarray:
    """Return effects of which 40 % are nothing, 40 % around 0.2, 20 % at −0.15."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.4, 0.4, 0.2])
    return np.choose(kind, [np.zeros(n), rng.normal(0.2, 0.05, n), np.full(n, -0.15)])


@pytest.mark.parametrize("error", [0.02, 0.06])
def test_a_planted_distribution_is_recovered(error):
    effects = mixture(1000, seed=3)
    table = worlds(effects, error)
    above, below = shares(table)
    assert above[0] == pytest.approx(np.mean(effects > MATERIAL), abs=0.06)
    assert below[0] == pytest.approx(np.mean(effects < -MATERIAL), abs=0.06)
    spread = pool(table, MATERIAL, 0).spread
    assert spread == pytest.approx(effects.std(), abs=0.03)


def test_a_planted_normal_distribution_is_recovered():
    effects = np.random.default_rng(4).normal(0.1, 0.1, 1000)
    above, below = shares(worlds(effects, 0.08))
    assert above[0] == pytest.approx(norm.sf(MATERIAL, 0.1, 0.1), abs=0.08)
    assert below[0] == pytest.approx(norm.cdf(-MATERIAL, 0.1, 0.1), abs=0.04)


def test_errors_are_not_counted_as_effects():
    """Of worlds without any effect, a third seem to have one."""
    table = worlds(np.zeros(400), 0.1)
    assert np.mean(table["effect"] > MATERIAL) > 0.25
    above, below = shares(table)
    assert above[0] < 0.08
    assert below[0] < 0.08


def test_worlds_without_an_effect_do_not_hide_the_effects_of_others():
    effects = np.r_[np.zeros(300), np.full(60, 0.3)]
    above, below = shares(worlds(effects, 0.08))
    assert above[0] == pytest.approx(60 / 360, abs=0.03)
    assert below[0] < 0.03


def test_a_share_is_never_known_without_an_interval():
    """Of 50 worlds without any effect, no share above 7 % is ruled out: Wilson's 0 of 50."""
    above, below = shares(worlds(np.zeros(50), 0.005), 50)
    for value, low, high in (above, below):
        assert (value, low) == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))
        assert high == pytest.approx(0.0713, abs=0.002)
    assert effective_wilson(0.0, 0.0, 50) == pytest.approx((0.0, 0.0713), abs=1e-4)


def test_a_share_that_varies_more_is_worth_fewer_worlds():
    sure, unsure = effective_wilson(0.5, 0.25 / 100, 100), effective_wilson(0.5, 0.25 / 25, 100)
    assert sure == pytest.approx((0.404, 0.596), abs=0.001)
    assert unsure == pytest.approx((0.3175, 0.6825), abs=0.001)  # Wilson's 12.5 of 25
    assert effective_wilson(0.5, 1e-9, 100) == sure  # never more than there are


def test_worlds_known_well_and_badly_are_pooled_together():
    effects = mixture(800, seed=5)
    errors = np.where(effects == 0, 0.01, np.linspace(0.02, 0.08, 800))
    above, below = shares(worlds(effects, errors))
    assert above[0] == pytest.approx(np.mean(effects > MATERIAL), abs=0.05)
    assert below[0] == pytest.approx(np.mean(effects < -MATERIAL), abs=0.05)


def test_intervals_cover_the_share_among_all_worlds_as_often_as_promised():
    truth = 0.4 * norm.sf(MATERIAL, 0.2, 0.05), 0.2
    covered = [
        [low <= true <= high for true, (_, low, high) in zip(truth, found, strict=True)]
        for seed in range(60)
        for found in [shares(worlds(mixture(200, seed), 0.04, seed), 100)]
    ]
    assert np.mean(covered) > 0.88


def test_a_claim_needs_all_its_effects_in_the_same_world():
    first = np.r_[np.full(300, 0.3), np.full(100, 0.0)]
    second = np.r_[np.full(200, 0.3), np.full(200, -0.3)]
    pooled = [pool(worlds(each, 0.02), MATERIAL, 0) for each in (first, second)]
    assert share(pooled, "above", np.arange(400))[0] == pytest.approx(0.5, abs=0.01)
    assert share(pooled, "below", np.arange(400))[0] == pytest.approx(0.5, abs=0.01)
    assert share(pooled, "above", np.arange(200))[0] == pytest.approx(1.0, abs=0.01)


def test_without_worlds_nothing_is_known():
    assert all(math.isnan(value) for value in shares(worlds([], []), 10)[0])


# -- errors of single worlds -----------------------------------------------------------------------


def half_width(estimate) -> float:
    return (estimate.high - estimate.low) / 2


def test_errors_are_those_of_the_intervals():
    rng = np.random.default_rng(7)
    on, off = (rng.random((10, 4)) < 0.6).astype(float), (rng.random((10, 4)) < 0.2).astype(float)
    several = robustness.effect_and_error(Contrast(on, off, binary=True))
    expected = clustered_difference((on - off).mean(axis=1), 4)
    assert several[0] == pytest.approx(expected.value)
    assert several[1] * 2.262 == pytest.approx(half_width(expected), rel=1e-3)  # t of 9
    single = robustness.effect_and_error(Contrast(on[:, :1], off[:, :1], binary=True))
    expected = paired_difference(on[:, 0] > 0, off[:, 0] > 0)
    assert single[1] * 1.96 == pytest.approx(half_width(expected), rel=1e-3)
    measured = robustness.effect_and_error(Contrast(on, off, binary=False))
    expected = mean_difference((on - off).mean(axis=1))
    assert measured[1] * 2.262 == pytest.approx(half_width(expected), rel=1e-3)
    assert robustness.effect_and_error(Contrast(on * 0, off * 0, binary=False))[1] > 0


# -- from runs -------------------------------------------------------------------------------------


def runs_of(chances: list[tuple[float, float]], replicates: int = 20) -> pd.DataFrame:
    """Return runs in worlds with given chances off and on."""
    luck = np.random.default_rng(8).random((len(chances), replicates))
    rows = [
        {"part": "arms", "sample": world, "replicate": r, "label": label, "error": ""}
        | {"users.count": 100 + world}
        | dict.fromkeys(DEFINITIONS, bool(luck[world, r] < chance))
        for world, both in enumerate(chances)
        for label, chance in zip(("off", "on"), both, strict=True)
        for r in range(replicates)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=2)


def test_each_world_has_its_effect():
    table = by_world(
        DIFFERENCE, runs_of([(0.0, 0.0), (0.0, 0.6), (1.0, 1.0), (0.9, 0.1)]), "emerged"
    )
    assert table["sample"].tolist() == [0, 1, 2, 3]
    assert table["effect"].to_numpy() == pytest.approx([0, 0.6, 0, -0.8], abs=0.25)
    assert table["off"].to_numpy() == pytest.approx([0, 0, 1, 0.9], abs=0.15)
    assert (table["error"] > 0).all()


def test_weeks_chosen_by_halves_are_not_called_better_than_they_are_known():
    """Where all weeks of launch are alike, the spread found is that of the errors."""
    week = Estimand(
        claim="C8",
        name="week",
        label="",
        kind=Kind.BEST_WEEK,
        experiment="made_up",
        part="arms",
        outcome="emerged",
        materiality=MATERIAL,
        worlds="arms",
    )
    rng = np.random.default_rng(11)
    rows = [
        {"part": "arms", "sample": world, "replicate": r, "point": launch, "error": ""}
        | {"movement.launch_week": launch, "emerged": bool(rng.random() < 0.5)}
        for world in range(200)
        for r in range(10)
        for launch in (26, 78, 130)
    ]
    table = by_world(week, pd.DataFrame(rows), "emerged")
    error = math.sqrt(float((table["error"] ** 2).mean()))
    assert table["effect"].std() == pytest.approx(error, rel=0.12)


def test_distributions_over_all_worlds():
    runs = runs_of([(0.0, 0.0)] * 60 + [(0.1, 0.8)] * 30 + [(0.8, 0.1)] * 10)
    effects = effects_by_world([DIFFERENCE], runs)
    assert effects["definition"].unique().tolist() == list(DEFINITIONS)
    of_effects, of_claims = distributions(effects)
    (found,) = of_claims.to_dict("records")
    assert found["worlds"] == 100
    assert found["above"] == pytest.approx(0.3, abs=0.05)
    assert found["below"] == pytest.approx(0.1, abs=0.05)
    assert found["above_low"] < 0.3 < found["above_high"]
    single = of_effects.set_index("definition")
    assert single.loc["emerged", "above"] == found["above"]
    assert single.loc["emerged", "mean"] == pytest.approx(0.3 * 0.7 - 0.1 * 0.7, abs=0.05)
    assert single["above"].notna().all()


def test_runs_of_other_experiments_have_no_worlds():
    effects = effects_by_world([DIFFERENCE], runs_of([(0.0, 0.5)]).assign(part="elsewhere"))
    assert effects.empty
    assert all(table.empty for table in distributions(effects))


def test_conditions_in_combination_raise_the_cost_borne():
    """Each condition adds 0.2, both another 0.1; in the second world beyond all costs tried."""
    luck = np.random.default_rng(9).normal(0, 0.05, 30)
    rows = [
        {"part": "arms", "sample": world, "replicate": r, "error": ""}
        | {"condition.a": a, "condition.b": b, COST: cost}
        | {"emerged": bool(cost < 0.5 + world + 0.2 * a + 0.2 * b + 0.1 * a * b + luck[r])}
        for world in (0, 1)
        for a in (0, 1)
        for b in (0, 1)
        for cost in np.arange(0.2, 1.4, 0.1)
        for r in range(30)
    ]
    expected = {"synergy": 0.1, "none_alone": 0.3, "all_needed": 0.3}
    for name, value in expected.items():
        costs = Estimand(
            claim="C4",
            name=name,
            label="",
            kind=Kind.CONJUNCTION,
            experiment="made_up",
            part="all",
            outcome="emerged",
            materiality=MATERIAL,
            among=["a", "b"],
            worlds="arms",
        )
        table = by_world(costs, pd.DataFrame(rows), "emerged")
        assert table["sample"].tolist() == [0, 1]
        assert table["effect"].iloc[0] == pytest.approx(value, abs=0.02)
        assert table["effect"].iloc[1] == pytest.approx(0.0, abs=0.01)
        assert 0 < table["error"].iloc[0] < 0.02
