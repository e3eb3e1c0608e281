"""Verdicts on claims: planted effects found, nulls called null, at the promised error rates."""

import math

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.analysis.effects import DEFINITIONS
from experiments.analysis.intervals import paired_difference
from experiments.claims import verdict as claims
from experiments.claims.contrasts import Contrast, contrast, matching, of_part, settings_of
from experiments.claims.estimands import ClaimError, Estimand, Kind, Unit, estimands
from experiments.claims.verdict import CERTAINTY, Verdict, judge, together
from experiments.places import ROOT
from experiments.report.judged import read_claims
from sim.outcome import Outcome
from tests.sweeps import points_of

ALL = estimands(read_claims())
DIFFERENCE = Estimand(
    claim="C0",
    name="planted",
    label="planted",
    kind=Kind.DIFFERENCE,
    experiment="made_up",
    part="all",
    outcome="emerged",
    materiality=0.05,
    branch="",
    headline=True,
    on={"label": "on"},
    off={"label": "off"},
)


def planted(off: float, on: float, replicates: int, seed: int = 1, **columns) -> pd.DataFrame:
    """Runs of two arms, their luck shared half of the time."""
    rng = np.random.default_rng(seed)
    luck, other = rng.random(replicates), rng.random(replicates)
    mixed = np.where(rng.random(replicates) < 0.5, luck, other)
    tables = [
        pd.DataFrame(
            {"part": "all", "label": label, "replicate": range(replicates), "error": ""}
            | dict.fromkeys(DEFINITIONS, draws < share)
            | columns
        )
        for label, share, draws in (("off", off, luck), ("on", on, mixed))
    ]
    return pd.concat(tables, ignore_index=True)


# -- the verdict of an interval --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.06, 0.2, Verdict.SUPPORTED),
        (0.04, 0.2, Verdict.UNDECIDED),
        (-0.04, 0.04, Verdict.NO_EFFECT),
        (-0.2, 0.2, Verdict.UNDECIDED),
        (-0.2, -0.06, Verdict.CONTRADICTED),
        (math.nan, math.nan, Verdict.UNDECIDED),
    ],
)
def test_a_verdict_needs_the_whole_interval(low, high, verdict):
    assert judge(low, high, 0.05) is verdict


def test_a_claim_needs_all_its_effects():
    yes, no, nothing, open_ = (
        Verdict.SUPPORTED,
        Verdict.CONTRADICTED,
        Verdict.NO_EFFECT,
        "undecided",
    )
    assert together([yes, yes]) is yes
    assert together([yes, nothing, no]) is no
    assert together([yes, Verdict(open_), nothing]) is nothing
    assert together([yes, Verdict(open_)]) is Verdict.UNDECIDED
    assert together([no, Verdict.NOT_RUN]) is Verdict.NOT_RUN
    assert together([]) is Verdict.NOT_RUN


# -- error rates, sequential looks included --------------------------------------------------------

TRIALS = 2000
LOOKS = (50, 100, 200, 400, 800, 1600, 3200)
"""Replicates after which somebody looks, and stops at the first verdict."""


def sequential(p_plus: float, p_minus: float, z: float | None = None) -> dict[Verdict, float]:
    """Return how often each verdict is reached, for pairs that differ with these chances.

    The same interval as `paired_difference` (compared below), for all trials at once.
    """
    rng = np.random.default_rng(5)
    steps = np.diff([0, *LOOKS])
    counts = np.stack(
        [rng.multinomial(n, [p_plus, p_minus, 1 - p_plus - p_minus], TRIALS) for n in steps]
    ).cumsum(axis=0)
    final = np.full(TRIALS, Verdict.UNDECIDED, dtype=object)
    for look, (plus, minus) in zip(LOOKS, counts[..., :2].transpose(0, 2, 1), strict=True):
        p12, p21 = (plus + 1) / (look + 2), (minus + 1) / (look + 2)
        half = (z or claims.Z) * np.sqrt((p12 + p21 - (p12 - p21) ** 2) / (look + 2))
        low, high = p12 - p21 - half, p12 - p21 + half
        for i in np.flatnonzero(final == Verdict.UNDECIDED):
            final[i] = judge(low[i], high[i], 0.05)
    return {verdict: float(np.mean(final == verdict)) for verdict in Verdict}


def test_the_interval_of_the_simulation_is_the_one_used():
    on, off = np.arange(200) < 90, (np.arange(200) >= 60) & (np.arange(200) < 100)
    value = paired_difference(on, off, CERTAINTY)
    p12, p21 = 61 / 202, 11 / 202
    half = 2.81 * math.sqrt((p12 + p21 - (p12 - p21) ** 2) / 202)
    assert (value.low, value.high) == pytest.approx((p12 - p21 - half, p12 - p21 + half), abs=1e-3)
    found = Contrast(on[:, None].astype(float), off[:, None].astype(float), binary=True)
    assert claims.estimate(found) == value


def test_a_planted_effect_is_supported():
    found = sequential(0.25, 0.10)  # 15 points
    assert found[Verdict.SUPPORTED] > 0.99
    assert found[Verdict.CONTRADICTED] == 0
    assert found[Verdict.NO_EFFECT] < 0.01


def test_a_planted_opposite_is_contradicted():
    assert sequential(0.10, 0.25)[Verdict.CONTRADICTED] > 0.99


def test_a_null_is_called_no_material_effect():
    found = sequential(0.10, 0.10)
    assert found[Verdict.NO_EFFECT] > 0.95
    assert found[Verdict.SUPPORTED] + found[Verdict.CONTRADICTED] < 0.005


@pytest.mark.parametrize(("discordant", "most"), [(0.06, 0.04), (0.3, 0.02), (0.6, 0.02)])
def test_an_effect_at_the_threshold_is_seldom_called_more_or_less(discordant, most):
    """Over all looks; at z = 1.96 it would be several times as often."""
    plus, minus = (discordant + 0.05) / 2, (discordant - 0.05) / 2
    found = sequential(plus, minus)
    assert found[Verdict.SUPPORTED] < 0.02
    assert found[Verdict.NO_EFFECT] < most
    assert found[Verdict.CONTRADICTED] == 0
    usual = sequential(plus, minus, z=1.96)
    assert usual[Verdict.SUPPORTED] + usual[Verdict.NO_EFFECT] > 0.05


def test_a_measured_effect_at_the_threshold_is_seldom_called_more_or_less():
    draws = np.random.default_rng(3).normal(0.05, 0.2, (400, LOOKS[-1]))
    calls = []
    for row in draws:
        verdict = Verdict.UNDECIDED
        for look in LOOKS:
            found = Contrast(row[:look, None], np.zeros((look, 1)), binary=False)
            _, low, high = claims.estimate(found)
            verdict = judge(low, high, 0.05)
            if verdict is not Verdict.UNDECIDED:
                break
        calls.append(verdict)
    assert sum(verdict is not Verdict.UNDECIDED for verdict in calls) / len(calls) < 0.04


# -- from runs to a verdict ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "on", "verdict"),
    [
        (0.2, 0.9, "supported"),
        (0.9, 0.2, "contradicted"),
        (0.5, 0.5, "no material effect"),
        (0.5, 0.6, "supported"),
        (0.5, 0.552, "undecided"),
    ],
)
def test_planted_effects_in_runs(off, on, verdict):
    row = claims.evaluate(DIFFERENCE, planted(off, on, 3200), "emerged")
    assert row["verdict"] == verdict
    assert row["low"] < row["effect"] < row["high"]
    assert row["effect"] == pytest.approx(on - off, abs=0.03)


def test_all_replicates_enter_the_effect():
    runs = planted(0.2, 0.9, 400)
    late = runs["replicate"] >= 50
    runs.loc[late, "emerged"] = runs.loc[late, "label"] == "off"  # turns it around
    row = claims.evaluate(DIFFERENCE, runs, "emerged")
    assert (row["verdict"], row["replicates"]) == ("contradicted", 400)
    on, off = (runs.loc[runs["label"] == label, "emerged"].mean() for label in ("on", "off"))
    assert row["effect"] == pytest.approx(on - off, abs=0.01)


def test_too_few_replicates_for_a_look_decide_nothing():
    row = claims.evaluate(DIFFERENCE, planted(0.0, 1.0, 49), "emerged")
    assert row["verdict"] == "undecided"
    assert row["effect"] == 1.0


def test_pairs_are_those_that_differ_in_nothing_else():
    """Off and on differ in what the arm sets; what varies in both is averaged over."""
    rows = [
        {"part": "all", "replicate": r, "error": "", "label": label}
        | {"firm.decline_rate": rate, "threat.base": threat, "users.count": 100}
        | {"emerged": bool((r + (threat > 0.3)) % 2) if label == "on" else False}
        for r in range(4)
        for label, rate in (("off", 0.0), ("on", 0.01))
        for threat in (0.1, 0.6)
    ]
    runs = pd.DataFrame(rows).sample(frac=1, random_state=1)
    assert settings_of(DIFFERENCE, runs) == ["threat.base"]
    found = contrast(DIFFERENCE, runs, "emerged")
    assert found.binary
    assert found.on.tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]
    assert found.off.tolist() == [[0, 0]] * 4
    assert claims.estimate(found).value == 0.5


def test_a_pair_with_a_missing_outcome_is_left_out():
    runs = planted(0.0, 1.0, 60).assign(value=1.0)
    runs.loc[runs["label"] == "off", "value"] = 0.25
    runs.loc[(runs["label"] == "on") & (runs["replicate"] < 20), "value"] = np.nan
    found = contrast(DIFFERENCE, runs, "value")
    assert claims.estimate(found).value == 0.75
    assert int(np.isnan(found.off).sum()) == 20


def changed(**changes) -> Estimand:
    return Estimand(**{**dict(DIFFERENCE), **changes})


def test_people_are_compared_by_their_logarithm():
    runs = planted(0, 0, 60).assign(people=9.0)
    runs.loc[runs["label"] == "on", "people"] = 99.0
    assert claims.estimate(contrast(changed(unit=Unit.FACTOR), runs, "people")).value == 1.0
    ratio = claims.estimate(contrast(changed(unit=Unit.RATIO), runs, "people")).value
    assert ratio == pytest.approx(math.log10(99 / 9))


def test_whether_something_happened_is_an_outcome():
    runs = planted(0, 0, 100).assign(week=np.nan)
    runs.loc[(runs["label"] == "on") & (runs["replicate"] < 30), "week"] = 52.0
    found = contrast(changed(happened=True), runs, "week")
    assert found.binary
    assert claims.means(found) == pytest.approx((0.3, 0.0))


def test_a_large_base_is_compared_with_two_small_ones_put_together():
    """Two bases of 49 and 50 people have 99 together; one large base of 9 has fewer."""
    runs = planted(0, 0, 4).assign(people=9.0)
    runs.loc[runs["label"] == "off", "people"] = [49.0, 50.0, 49.0, 50.0]
    found = contrast(changed(unit=Unit.FACTOR, pooled=True), runs, "people")
    assert found.on.tolist() == [[1.0], [1.0]]
    assert found.off.tolist() == [[2.0], [2.0]]
    runs["emerged"] = (runs["label"] == "off") & runs["replicate"].isin([0, 1, 2])
    either = contrast(changed(pooled=True), runs, "emerged")
    assert either.off.tolist() == [[1.0], [1.0]]
    assert not either.binary  # means of two runs


def test_two_outcomes_of_the_same_runs_are_compared():
    runs = planted(0, 0, 60).assign(stay=4.0, leave=1.0)
    runs.loc[runs["label"] == "off", "stay"] = 100.0
    level = changed(kind=Kind.LEVEL, outcome="stay", against="leave")
    assert claims.evaluate(level, runs, "stay")["effect"] == 3.0


def test_runs_that_converted_the_firm_do_not_count_with_a_launch_that_must_not():
    runs = planted(0, 1, 60).assign(converted=False)
    runs.loc[(runs["label"] == "on") & (runs["replicate"] < 10), "converted"] = True
    found = contrast(changed(on={"label": "on", "converted": False}), runs, "emerged")
    assert len(found.on) == 50


def test_failed_runs_and_runs_of_other_parts_do_not_count():
    runs = planted(0.2, 0.9, 60)
    failed = runs.assign(error="boom", emerged=False, replicate=runs["replicate"] + 100)
    other = runs.assign(part="other", emerged=False)
    table = claims.effects_table([DIFFERENCE], {"made_up": pd.concat([runs, failed, other])})
    alone = claims.effects_table([DIFFERENCE], {"made_up": runs})
    pd.testing.assert_frame_equal(table, alone)


def test_an_experiment_that_was_not_run_is_said_to_be_missing():
    table = claims.effects_table(ALL, {})
    assert set(table["verdict"]) == {"not run"}
    assert set(claims.claims_table(table)["verdict"]) == {"not run"}


def test_every_definition_of_emergence_has_its_verdict():
    runs = planted(0.2, 0.9, 100)
    runs["emerged_200"] = False
    table = claims.effects_table([DIFFERENCE], {"made_up": runs})
    assert table["definition"].tolist() == list(DEFINITIONS)
    row = claims.claims_table(table).iloc[0]
    assert (row["verdict"], row["emerged"], row["emerged_50"]) == ("supported",) * 3
    assert row["emerged_200"] == "no material effect"


def test_emergence_beside_another_headline_has_its_own_verdicts():
    runs = planted(0.2, 0.9, 100).assign(value=0.0)
    headline, beside = changed(outcome="value"), changed(name="beside", headline=False)
    table = claims.claims_table(claims.effects_table([headline, beside], {"made_up": runs}))
    assert table["verdict"].tolist() == ["no material effect"]
    assert table["emerged"].tolist() == ["supported"]
    alone = claims.claims_table(claims.effects_table([headline], {"made_up": runs}))
    assert alone["emerged"].tolist() == [""]


def test_levels_are_judged_as_they_are():
    level = Estimand(**{**dict(DIFFERENCE), "kind": Kind.LEVEL, "outcome": "effect"})
    rng = np.random.default_rng(2)
    runs = planted(0, 0, 100).assign(effect=rng.normal(0.2, 0.1, 200))
    assert claims.evaluate(level, runs, "effect")["verdict"] == "supported"
    runs["effect"] = rng.normal(0.0, 0.05, 200)
    assert claims.evaluate(level, runs, "effect")["verdict"] == "no material effect"


def launches(success: dict[int, float], replicates: int) -> pd.DataFrame:
    luck = np.random.default_rng(4).random((replicates, len(success)))
    return pd.DataFrame(
        [
            {"part": "all", "replicate": r, "movement.launch_week": week, "error": ""}
            | {"emerged": bool(luck[r, i] < share)}
            for r in range(replicates)
            for i, (week, share) in enumerate(success.items())
        ]
    )


def test_the_best_week_of_many_equal_ones_is_no_better():
    week = Estimand(**{**dict(DIFFERENCE), "kind": Kind.BEST_WEEK})
    equal = claims.evaluate(week, launches(dict.fromkeys(range(40), 0.5), 400), "emerged")
    assert abs(equal["effect"]) < 0.15
    assert equal["verdict"] == "undecided"
    window = claims.evaluate(week, launches({1: 0.1, 2: 0.9, 3: 0.2}, 100), "emerged")
    assert window["verdict"] == "supported"
    assert (window["on"], window["off"]) == pytest.approx((0.9, 0.1), abs=0.15)


def test_pairing_narrows_by_the_share_of_common_luck():
    shared, first, second = np.random.default_rng(6).normal(size=(3, 4000, 1))
    mixed = np.sqrt(0.8) * shared + np.sqrt(0.2) * first
    assert claims.narrowing(Contrast(first, second, binary=False)) == pytest.approx(1, abs=0.03)
    expected = math.sqrt(((1 - math.sqrt(0.8)) ** 2 + 0.2) / 2)
    assert claims.narrowing(Contrast(mixed, shared, binary=False)) == pytest.approx(
        expected, abs=0.02
    )
    assert math.isnan(claims.narrowing(Contrast(first * 0, first * 0, binary=False)))


def test_the_branches_of_a_claim_have_a_verdict_each():
    other = Estimand(**{**dict(DIFFERENCE), "branch": "b", "outcome": "value"})
    first = Estimand(**{**dict(DIFFERENCE), "branch": "a"})
    runs = planted(0.2, 0.9, 100).assign(value=0.0)
    table = claims.claims_table(claims.effects_table([first, other], {"made_up": runs}))
    assert table["claim"].tolist() == ["C0a", "C0b"]
    assert table["verdict"].tolist() == ["supported", "no material effect"]


# -- the claims as shipped -------------------------------------------------------------------------


@pytest.mark.parametrize("estimand", ALL, ids=lambda each: f"{each.claim}{each.branch}-{each.name}")
def test_every_arm_is_in_its_experiment_with_equal_settings(estimand):
    path = ROOT / "conf" / "experiment" / f"{estimand.experiment}.yaml"
    points = pd.DataFrame(points_of(yaml.safe_load(path.read_text(encoding="utf-8"))))
    points = points[points["part"] == estimand.part]
    assert estimand.outcome in Outcome._fields
    if estimand.kind is Kind.BEST_WEEK:
        assert points["movement.launch_week"].nunique() > 2
        return
    if estimand.kind is Kind.CONJUNCTION:
        assert {f"condition.{name}" for name in estimand.among} <= set(points)
        assert points["participation.cost_mean"].nunique() > 3
        return
    points = points.assign(converted=False)  # an outcome that some runs are chosen by
    on, off = matching(points, estimand.on), matching(points, estimand.off)
    settings = settings_of(estimand, points)
    assert len(on)
    assert len(on) == len(on[settings].drop_duplicates()) >= 4
    if estimand.kind is Kind.DIFFERENCE:
        assert on[settings].to_numpy().tolist() == off[settings].to_numpy().tolist()


def test_every_claim_has_a_headline():
    assert {each.claim for each in ALL if each.headline} == set(read_claims())
    names = [(each.claim, each.branch, each.name) for each in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "diference"}, "kind: unknown kind diference; did you mean difference"),
        ({"labell": "x"}, "unknown key labell; did you mean label"),
        ({"part": None}, "part is missing"),
        ({"unit": "sare"}, "unit: unknown unit sare; did you mean share"),
        ({"given": "x"}, "unknown key given"),
    ],
)
def test_a_claim_that_cannot_be_judged_says_why(change, message):
    given = {"name": "a", "label": "b", "kind": "level", "experiment": "e", "part": "p"} | change
    given = {key: value for key, value in given.items() if value is not None}
    about = {"outcome": "emerged", "materiality": 0.05, "estimands": [given]}
    with pytest.raises(ClaimError, match=f"claim C1, estimand a: {message}"):
        estimands({"C1": about})


def test_a_claim_says_on_what_outcome_it_is_judged():
    given = {"name": "a", "label": "b", "kind": "level", "experiment": "e", "part": "p"}
    with pytest.raises(ClaimError, match="outcome is missing"):
        estimands({"C1": {"estimands": [given]}})


ROBUSTNESS = pd.DataFrame(
    points_of(
        yaml.safe_load(
            (ROOT / "conf" / "experiment" / "robustness.yaml").read_text(encoding="utf-8")
        ),
        "smoke",
    )
)


@pytest.mark.parametrize(
    "estimand", [each for each in ALL if each.worlds], ids=lambda each: f"{each.claim}-{each.name}"
)
def test_every_effect_has_its_arms_in_every_world(estimand):
    points = ROBUSTNESS[ROBUSTNESS["part"] == estimand.worlds]
    arms_there = points[points["sample"] == 0].dropna(axis=1, how="all").assign(converted=False)
    assert points["sample"].nunique() == 4
    assert points["participation.interaction"].nunique() == 4
    assert len(points) == 4 * len(arms_there)
    assert len(of_part(estimand, _as_runs(arms_there, estimand), estimand.worlds))
    if estimand.kind is Kind.DIFFERENCE:
        on, off = matching(arms_there, estimand.on), matching(arms_there, estimand.off)
        assert len(on) == len(off) == len(on[settings_of(estimand, arms_there)].drop_duplicates())


def test_every_headline_is_asked_in_worlds():
    assert all(each.worlds for each in ALL if each.headline)


def _as_runs(points, estimand):
    return points.assign(
        replicate=0, error="", **dict.fromkeys(set(Outcome._fields) - {"converted"}, True)
    )
