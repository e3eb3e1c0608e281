"""What is advised, and how sure it is, where the truth is planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.advice.answer import Answer
from experiments.advice.decision import ANY, MATERIAL, Choice, decide, outcomes
from experiments.advice.question import AIMS, Question
from experiments.advice.scenarios import LOOKS, SCENARIOS
from experiments.advice.waiting import (
    signals,
    splits,
    value_of_the_scenario,
    worth_waiting_for,
    wrong_guesses,
)
from tests.advice.planted import stated_and_true

MONTHS = (0, 3, 6, 12, 18, 24)
SHAPE = len(MONTHS), 5


def worlds(chances, count=200, seed=0, common=True):
    """Return worlds with these chances, (worlds, scenarios, dates, arguments).

    All choices of a scenario have the same luck, or each its own.
    """
    chances = np.broadcast_to(chances, (count, len(SCENARIOS), *SHAPE))
    shape = (count, len(SCENARIOS), 1, 1) if common else chances.shape
    luck = np.random.default_rng(seed).random(shape)
    return (luck < chances).astype(float)


def advised(chances, **options):
    return decide(worlds(chances, **options).mean(axis=1))


def planted(date=(0,) * 6, argument=(0,) * 5, level=0.3):
    return level + np.array(date)[:, None] + np.array(argument)


# --- the rule of the answer


def test_planted_dates_and_arguments_are_found():
    assert advised(planted(date=[0, 0, 0.3, 0, 0, 0])).choice == Choice(2, ANY)
    assert advised(planted(date=[0.3, 0, 0, 0, 0, 0])).choice == Choice(0, ANY)
    assert advised(planted(argument=[0, 0, 0, 0.3, 0])).choice == Choice(ANY, 3)
    both = planted(date=[0, 0.2, 0, 0, 0, 0], argument=[0.2, 0, 0, 0, 0])
    assert advised(both).choice == Choice(1, 0)


def test_where_any_date_will_do_but_not_any_launch_the_safest_argument_is_advised():
    chances = planted()
    chances[5, :4] = 0.2  # in two years only the last argument is as good as before
    advice = advised(chances, count=1000)
    assert advice.choice == Choice(ANY, 4)
    assert advice.matters


def test_it_does_not_matter_where_nothing_differs():
    advice = advised(planted())
    assert advice.choice == (ANY, ANY)
    assert not advice.matters
    assert not advice.hopeless
    assert advice.sure > 0.9
    assert advice.regret.max() < MATERIAL


def test_one_waits_no_longer_than_needed():
    advice = advised(planted(date=[0, 0, 0.3, 0.32, 0.33, 0.33]), count=1000)
    assert advice.choice.date == 2


def test_luck_is_not_taken_for_regret():
    """Of thirty launches that are alike, the luckiest is no better than the others."""
    advice = advised(planted(), count=100, common=False)
    assert np.ptp(advice.chance) > 1.4 * MATERIAL
    assert advice.regret.max() < MATERIAL
    assert not advice.matters


def test_nothing_is_gained_by_waiting_for_less_than_what_matters():
    advice = advised(planted(date=[0, 0.03, 0.03, 0.03, -0.2, -0.2]), count=1000)
    assert advice.choice.date == 0


def test_a_launch_without_any_success_is_hopeless_and_its_interval_has_a_width():
    advice = advised(planted(level=0.0))
    assert advice.hopeless
    assert (advice.low == 0).all()
    assert (advice.high > 0.005).all()


def test_what_was_missed_is_no_choice():
    values = worlds(planted(date=[0.5, 0, 0, 0.2, 0, 0])).mean(axis=1)
    advice = decide(values, now=1)
    assert advice.chance.shape == (5, 5)
    assert advice.choice.date == 2


def test_few_worlds_are_less_sure_than_many():
    chances = planted(date=[0, 0.08, 0, 0, 0, 0])
    rng = np.random.default_rng(1)

    def sure(count):
        luck = rng.random((count, len(SCENARIOS), *SHAPE))
        return decide((luck < chances).astype(float).mean(axis=1)).sure

    assert sure(8) < 0.9
    assert sure(2000) > 0.95


def test_intervals_hold_the_differences_between_worlds():
    """Half of the worlds always succeed: as uncertain as so many coins, not as so many runs."""
    values = np.zeros((40, *SHAPE))
    values[::2] = 1.0
    advice = decide(values)
    width = advice.high - advice.low
    assert width.min() > 0.25  # of 40 runs with a half; the 280 runs would have 0.12


def test_the_stated_chance_of_being_right_is_right():
    stated, right = stated_and_true(100, 16, seed=16)
    error = np.sqrt((stated * (1 - stated)).sum()) / len(stated)
    assert abs(stated.mean() - right.mean()) < 2.6 * error


@pytest.mark.slow
def test_the_stated_chance_is_right_at_each_level():
    stated, right = stated_and_true(600, 24, seed=3)
    for low, high in ((0.0, 0.7), (0.7, 0.9), (0.9, 1.01)):
        held = (stated >= low) & (stated < high)
        assert held.sum() > 20
        expected = stated[held]
        error = np.sqrt((expected * (1 - expected)).sum()) / held.sum()
        assert abs(expected.mean() - right[held].mean()) < max(3 * error, 0.03)


def test_runs_become_worlds_scenarios_dates_and_arguments():
    rows = [
        {"replicate": r, "part": part, "movement.launch_week": week, "point": point,
         "movement.framing": framing, "emerged": r == 1 and part == "falls on" and week == 9}
        for r in (0, 1)
        for part in SCENARIOS
        for week in (3, 9)
        for point, framing in enumerate(("commons", "mixed"))
    ]  # fmt: skip
    values = outcomes(pd.DataFrame(rows), "emerged", list(SCENARIOS))
    assert values.shape == (2, len(SCENARIOS), 2, 2)
    there = np.argwhere(values == 1).tolist()
    falls = list(SCENARIOS).index("falls on")
    assert there == [[1, falls, 1, 0], [1, falls, 1, 1]]


# --- what knowing is worth


def seen(count=200, seed=2):
    """Return what organisers see: events by week, and prices that mean nothing."""
    rng = np.random.default_rng(seed)
    table = {f"event {name}": rng.integers(1, 79, count).astype(float) for name in SCENARIOS}
    table |= {f"price {name} {weeks}": rng.normal(size=count)
              for name in SCENARIOS for weeks in LOOKS}  # fmt: skip
    return pd.DataFrame(table)


def test_a_wrong_guess_costs_what_was_planted():
    chances = np.broadcast_to(planted(), (7, *SHAPE)).copy()
    chances[1, 0] = 0.8  # falls on: now
    chances[2, 5] = 0.8  # recovers: in two years
    costs = wrong_guesses(worlds(chances, count=400))
    assert costs.loc["falls on", "recovers"] == pytest.approx(0.5, abs=0.08)
    assert costs.loc["falls on", "falls on"] == 0
    known = value_of_the_scenario(worlds(chances, count=400))
    assert known.low > 0
    assert known.value == pytest.approx(0.5 / 7, abs=0.03)


def test_knowing_is_worth_nothing_where_nothing_differs():
    values = worlds(np.full(SHAPE, 0.3), count=100, common=False)
    assert worth_waiting_for(signals(values, seen(100), MONTHS)) is None
    assert abs(value_of_the_scenario(values).value) < 0.03
    assert abs(wrong_guesses(values).to_numpy().mean()) < 0.03


def test_a_signal_that_decides_is_worth_waiting_for():
    """Once a low price was seen, one argument wins; without it another does."""
    table = seen(400)
    chances = np.full((400, 7, *SHAPE), 0.3)
    for number, name in enumerate(SCENARIOS):
        low = table[f"price {name} 26"].to_numpy() < 0
        chances[low, number, 2:, 0] = 0.8
        chances[~low, number, 2:, 1] = 0.8
    found = worth_waiting_for(signals(worlds(chances, count=400), table, MONTHS))
    assert found is not None
    assert (found.name, found.months) == ("the price is below today's", 6)
    assert found.gain.value == pytest.approx(0.25, abs=0.06)


def test_the_parameter_that_changes_the_advice_is_found_and_no_other():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        rng.random((300, 4)),
        columns=["threat.base", "exit.voice", "media.luck", "firm.cost_share"],
    )
    chances = np.broadcast_to(planted(date=[0.2, 0, 0, 0, 0, 0]), (300, 7, *SHAPE)).copy()
    chances[table["exit.voice"] > 0.5, :, 4] = 0.9
    values = worlds(chances, count=300).mean(axis=1)
    found = splits(values, table, Choice(0, 0))
    assert {(each.name, each.is_high, each.better) for each in found} == {
        ("exit.voice", True, Choice(4, ANY))
    }


# --- in words


def answer(chances, months=MONTHS, **options):
    values = worlds(chances, **options)
    question = Question(
        aim="emergence", firm="mine", day="2026-03-15", now=60, months=months, source="ranges",
        drawn=3, volatility=0.05, prices=60,
    )  # fmt: skip
    framings = ("commons", "cooperative", "mixed", "two_stage", "reversed")
    return Answer(question, seen(len(values)), dict.fromkeys(AIMS, values), framings)


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        (planted(date=[0.3, 0, 0, 0, 0, 0]), "Launch now; any argument will do."),
        (
            planted(date=[0, 0, 0, 0.3, 0, 0], argument=[0, 0.2, 0, 0, 0]),
            "Wait: launch in 12 months (March 2027); say “it should be a cooperative”.",
        ),
        (planted(), "It does not matter when you launch and with which argument: no choice is"),
        (planted(level=0.0), "Whenever you launch and whatever you say, a movement emerges in at"),
    ],
)
def test_what_to_do_is_said_in_words(chances, said):
    assert answer(chances).lines()[0][1].startswith(said)


def test_what_was_missed_is_told():
    months = (-12, -6, 0, 6, 12, 18)
    late = answer(planted(date=[0.3, 0, 0, 0, 0, 0]), months).lines()[0][1]
    assert "Earlier would have been better, by 30 of 100 launches." in late.replace("29", "30")
    in_time = answer(planted(date=[0, 0, 0.3, 0, 0, 0]), months).lines()[0][1]
    assert (
        in_time == "Launch now; any argument will do. An earlier launch would have been no better."
    )


def test_the_future_and_the_parameter_that_would_change_the_advice_are_named():
    chances = np.broadcast_to(planted(date=[0.2, 0, 0, 0, 0, 0]), (300, 7, *SHAPE)).copy()
    voice = np.random.default_rng(5).random(300)
    chances[voice > 0.5, :, 4] = 0.9
    found = answer(chances, count=300)
    table = found.worlds.assign(**{"exit.voice": voice})
    told = dict(replace(found, worlds=table).lines())
    assert "If patience of those who take part is" in told["Built on"]
    assert "Without a launch: none." in told["How likely"]
