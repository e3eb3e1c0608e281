"""From runs to probabilities of responses, and their scores beside simple rules."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.responses import scores
from experiments.responses.coding import CodedCase
from experiments.responses.mapping import Rule, labels_of, responses_of, settings_of, worlds_of

RULE = Rule(gone=0.1, majority=0.5)
BORING = {
    "converted": False, "vote_share": math.nan, "exited_share": 0.02, "exited_coop_share": 0.0,
    "peak_share": 0.05, "emerged": False, "votes": 0, "yielded": False,
}  # fmt: skip


def run(**changed):
    return BORING | changed


@pytest.mark.parametrize(
    ("outcome", "response"),
    [
        (run(), "nothing"),
        (run(converted=True, vote_share=0.6, exited_share=0.9), "conversion"),
        (run(vote_share=0.51, exited_share=0.9), "voice_won"),
        (run(yielded=True, exited_share=0.9), "voice_won"),
        (run(yielded=True, converted=True), "conversion"),
        (run(vote_share=0.49, votes=1), "voice_lost"),
        (run(emerged=True), "voice_lost"),
        (run(exited_share=0.1), "exit_rival"),
        (run(exited_share=0.1, peak_share=0.2, emerged=True), "voice_lost"),
        (run(exited_share=0.1, emerged=True), "exit_rival"),
        (run(exited_share=0.06, exited_coop_share=0.07), "exit_own"),
        (run(exited_share=0.09), "nothing"),
    ],
)
def test_the_response_is_the_first_that_holds(outcome, response):
    found = responses_of(pd.DataFrame([outcome]), RULE)
    assert scores.names_of()[found[0]] == response


def test_a_case_sets_what_is_known_of_it_and_an_ablation_leaves_one_input_out():
    case = CodedCase("A", {"trouble": "1", "threat": "0"}, "nothing")
    assert settings_of(case) == {"firm.decline_rate": 0.01, "threat.base": 0.15}
    assert settings_of(case, "trouble") == {"threat.base": 0.15}


def test_cases_coded_alike_share_a_world_and_each_input_that_is_known_adds_one():
    one, two = (CodedCase(name, {"trouble": "1"}, "nothing") for name in ("A", "B"))
    names = [label for label, _ in worlds_of([one, two])]
    assert names == ["A", "A without trouble"]
    assert labels_of([one, two]) == ["A", "A"]
    assert labels_of([one, two], "trouble") == ["A without trouble"] * 2
    unknown = CodedCase("C", {"trouble": "1"}, "")
    assert len(worlds_of([unknown])) == 1


def runs_of(labels, outcomes, worlds=4):
    """Return runs whose outcome depends on their label only."""
    rows = [
        outcome | {"label": label, "sample": world}
        for label, outcome in zip(labels, outcomes, strict=True)
        for world in range(worlds)
    ]
    return pd.DataFrame(rows)


TROUBLED = CodedCase("A", {"trouble": "1"}, "exit_rival")
CALM = CodedCase("B", {"trouble": "0"}, "nothing")
KNOWING = runs_of(["A", "A without trouble", "B"], [run(exited_share=0.5), run(), run()])


def test_probabilities_are_shares_of_runs_with_half_a_run_added_to_each_response():
    counts = scores.counts_of(KNOWING, [TROUBLED, CALM])
    table = scores.probabilities(counts, [TROUBLED, CALM]).set_index("case")
    assert table.loc["A", "exit_rival"] == pytest.approx(4.5 / 7)
    assert table.loc["A", "nothing"] == pytest.approx(0.5 / 7)
    assert table.loc["B", "nothing"] == pytest.approx(4.5 / 7)
    assert table.loc["A", "runs"] == 4


def test_scores_by_hand():
    given = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    observed = np.array([0, 1])
    assert scores.log_scores(given, observed) == pytest.approx([math.log(2), math.log(10)])
    assert scores.brier_scores(given, observed) == pytest.approx(
        [0.25 + 0.09 + 0.04, 0.01 + 0.81 + 0.64]
    )


def test_of_two_likeliest_responses_none_is_right():
    given = np.array([[0.4, 0.4, 0.2], [0.5, 0.3, 0.2]])
    assert scores.likeliest(given, np.array([0, 0])).tolist() == [False, True]


def coded(count, response, insolvent="0", **inputs):
    known = {"insolvent": insolvent, **inputs}
    return [CodedCase(f"{response} {insolvent} {i}", known, response) for i in range(count)]


def test_simple_rules_are_estimated_from_the_other_cases():
    cases = [*coded(2, "conversion", "1"), *coded(2, "exit_rival")]
    names = scores.names_of()
    found = scores.baselines(cases)
    rates = found[scores.RATES][0]
    assert rates[names.index("conversion")] == pytest.approx(1.5 / 6)
    assert rates[names.index("exit_rival")] == pytest.approx(2.5 / 6)
    exits = found[scores.EXIT][0]
    assert exits[[names.index(name) for name in scores.EXITS]].sum() == pytest.approx(2.5 / 4)
    split = found[scores.SPLIT]
    assert split[0, names.index("conversion")] == pytest.approx(1.5 / 2)
    assert split[2, [names.index(name) for name in scores.EXITS]].sum() == pytest.approx(1.5 / 2)
    assert all(each.sum(axis=1) == pytest.approx(1.0) for each in found.values())


def test_a_model_that_knows_gains_on_base_rates_and_its_interval_says_so():
    cases = [TROUBLED, CALM]
    table = scores.scores(scores.counts_of(KNOWING, cases), cases).set_index("forecaster")
    model = table.loc[scores.MODEL]
    assert model["log"] == pytest.approx(math.log(7 / 4.5))
    assert model["log_gain_low"] > 0
    assert model["right"] == 2
    assert table.loc[scores.RATES, "right"] == 0


def test_intervals_widen_with_the_luck_of_worlds():
    sure = scores.counts_of(KNOWING, [TROUBLED, TROUBLED])
    lucky = KNOWING.copy()
    lucky.loc[(lucky["label"] == "A") & (lucky["sample"] < 2), "exited_share"] = 0.0
    unsure = scores.counts_of(lucky, [TROUBLED, TROUBLED])
    cases = [TROUBLED, TROUBLED]
    narrow, wide = (
        scores.scores(each, cases).iloc[0][["log_low", "log_high"]].diff().iloc[-1]
        for each in (sure, unsure)
    )
    assert narrow == pytest.approx(0.0)
    assert wide > 0.2


def test_the_ablation_says_which_input_helps():
    cases = [TROUBLED, CALM]
    labels = labels_of(cases, "trouble")
    assert set(labels) == {"A without trouble"}
    table = scores.ablation(KNOWING, scores.counts_of(KNOWING, cases), cases).set_index("input")
    helps = table.loc["firm in trouble"]
    assert helps["log"] == pytest.approx(math.log(9) / 2)
    assert helps["known"] == 2
    assert table.drop("firm in trouble")["log"].abs().max() == 0


def test_from_twenty_cases_on_a_logistic_regression_is_among_the_rules():
    few = [*coded(9, "conversion", "1"), *coded(10, "exit_rival")]
    assert scores.LOGISTIC not in scores.baselines(few)
    found = scores.baselines([*few, *coded(1, "nothing")])[scores.LOGISTIC]
    names = scores.names_of()
    assert found[0, names.index("conversion")] > 0.6
    assert found[12, names.index("exit_rival")] > 0.6
