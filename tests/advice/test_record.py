"""What is known on the day of the question, and how the record goes on from there."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from experiments.advice.record import AdviceError, of_case, of_model, unknown_parameters
from experiments.advice.scenarios import SCENARIOS, Futures
from experiments.cases.reader import read_case
from experiments.places import CONF
from sim import Parameters
from tests.advice import firms

AHEAD = 200
DAY = date(2016, 9, 29)


@pytest.fixture(scope="module")
def buytwitter():
    return read_case(CONF / "case" / "buytwitter.yaml")


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return of_case(read_case(firms.write_csv(tmp_path_factory.mktemp("case"))), None, AHEAD)


def futures(record, worlds=({},) * 50):
    return Futures(record, worlds, 7, True)


# --- as of a day


def test_nothing_dated_on_the_day_or_later_is_known(buytwitter):
    before = of_case(buytwitter, DAY, AHEAD)
    later = tuple(
        knot._replace(value=0.5 * knot.value) if (knot.after or knot.first) > DAY else knot
        for knot in buytwitter.knots["price"]
    )
    other = buytwitter.knots | {"price": later}
    for name, knots in buytwitter.knots.items():
        if name != "price":
            other[name] = tuple(
                knot._replace(value=0.9 * knot.value) if (knot.after or knot.first) > DAY else knot
                for knot in knots
            )
    events = tuple(event for event in buytwitter.events if event.date < DAY)
    changed = of_case(replace(buytwitter, knots=other, events=events), DAY, AHEAD)
    assert changed.digest == before.digest


def test_a_figure_of_a_period_is_known_once_the_period_is_over(buytwitter):
    third_quarter = of_case(buytwitter, date(2016, 10, 1), AHEAD).history.base[-1]
    assert of_case(buytwitter, date(2016, 9, 30), AHEAD).history.base[-1] == pytest.approx(
        313 / 241
    )
    assert third_quarter == pytest.approx(317 / 241)


def test_a_rumour_that_began_fades_although_the_record_knows_when_it_ended(buytwitter):
    takeover = of_case(buytwitter, DAY, AHEAD).history.takeover
    week = buytwitter.week_of(date(2016, 9, 23))
    assert takeover[week] == 1.0
    assert takeover[week + 2] == pytest.approx(0.5)  # its usual half-life; nobody knew of 10-06


def test_parameters_known_later_are_left_out(buytwitter):
    assert "vote.filing_lead" in unknown_parameters(buytwitter, DAY)
    assert "vote.filing_lead" not in unknown_parameters(buytwitter, date(2017, 1, 1))
    assert "vote.first_meeting" not in unknown_parameters(buytwitter, DAY)
    assert unknown_parameters(buytwitter, None) == []


def test_a_record_that_ended_can_be_asked_about_the_next_year(tmp_path):
    case = read_case(firms.write_csv(tmp_path))
    asked = of_case(case, firms.LAST + timedelta(days=200), AHEAD)
    assert asked.last == firms.WEEKS - 1
    assert asked.now == firms.WEEKS - 1 + 28
    made, world = futures(asked), Parameters().replace({"horizon": asked.now + 50})
    assert len(made.luck(7).steps) == 28 + AHEAD
    price = made(world, {"part": "as it is"}, 7)[1].price
    assert np.array_equal(price[: asked.last + 1], asked.history.price[: asked.last + 1])
    assert (np.diff(price[asked.last : asked.now]) != 0).all()  # nobody knows, so it is drawn


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (firms.START, "before the record of firm, which begins on 2024-01-05"),
        (firms.START - timedelta(days=700), "ask about a later day"),
        (firms.START + timedelta(weeks=5), "has 5 prices"),
        (firms.LAST + timedelta(days=400), "more than a year before"),
    ],
)
def test_a_day_without_a_record_is_refused(tmp_path, day, said):
    case = read_case(firms.write_csv(tmp_path))
    with pytest.raises(AdviceError, match=said):
        of_case(case, day, AHEAD)


def test_prices_close_to_each_other_do_not_make_a_firm_look_wild(tmp_path):
    calm = of_case(read_case(firms.write_csv(tmp_path, "calm")), None, AHEAD)
    lines = firms.write_csv(tmp_path, "wild").read_text().splitlines()
    day = firms.START + timedelta(weeks=30, days=1)
    lines.insert(32, f"{day},40.00,,,,")  # a wild day, back the week after
    (tmp_path / "wild.csv").write_text("\n".join(lines))
    wild = of_case(read_case(tmp_path / "wild.csv"), None, AHEAD)
    assert wild.volatility == pytest.approx(calm.volatility)


# --- how it goes on


def test_until_the_question_every_future_is_the_record(record):
    world = Parameters().replace({"horizon": record.now + 100})
    made = futures(record)
    for name in SCENARIOS:
        _, history, _ = made(world, {"part": name}, 9)
        assert np.array_equal(
            history.price[: record.now + 1], record.history.price[: record.now + 1]
        )
        assert len(history.price) == record.now + 101


def test_the_price_goes_on_by_the_steps_of_the_record(record):
    world = Parameters().replace({"horizon": record.now + 150})
    _, history, _ = futures(record)(world, {"part": "as it is"}, 9)
    steps = np.diff(np.log(history.price[record.now :]))
    assert np.isin(steps.round(9), record.steps.round(9)).all()
    assert np.std(np.log(firms.prices()[1:] / firms.prices()[:-1])) == pytest.approx(
        record.volatility, rel=0.02
    )


def walked(made, name, world, seed=9):
    """Return the price of a scenario's path without the scenario, and the week of its event."""
    luck = made.luck(made.seed_of(name, seed))
    return made.history(SCENARIOS["as it is"], luck, world).price, luck.event


def test_the_price_falls_on_and_recovers_by_its_own_yearly_deviation(record):
    world = Parameters().replace({"horizon": record.now + 150})
    made = futures(record)
    yearly = record.volatility * np.sqrt(52)
    for name, sign in (("falls on", -1), ("recovers", 1)):
        _, history, _ = made(world, {"part": name}, 9)
        change = np.log(history.price / walked(made, name, world)[0])[record.now :]
        assert change[52] == pytest.approx(sign * yearly)
        assert change[[104, 150]] == pytest.approx(2 * sign * yearly)


@pytest.mark.parametrize(("name", "sign"), [("takeover", 1), ("closure rumour", -1)])
def test_an_event_comes_in_its_week_and_the_price_answers(record, name, sign):
    world = Parameters().replace({"horizon": record.now + 150})
    made = futures(record)
    kind = SCENARIOS[name].event
    lived, history, _ = made(world, {"part": name}, 9)
    usual, week = walked(made, name, world)
    change = np.log(history.price / usual)
    assert getattr(lived.events, f"{kind}_week") == week
    assert change[:week] == pytest.approx(0)
    size = {"takeover": 0.25, "closure": 0.3}[kind] * 0.5
    assert change[week] == pytest.approx(sign * size)
    assert abs(change[week + 1]) < abs(change[week])


def test_threat_rises_from_the_level_it_has(record):
    world = Parameters().replace({"horizon": record.now + 150, "threat.base": 0.2})
    made = futures(record)
    threat = made(world, {"part": "threat"}, 9)[1].threat
    week = walked(made, "threat", world)[1]
    assert (threat[:week] == 0.2).all()
    assert threat[week + 3] == pytest.approx(0.5)


def test_choices_of_a_world_have_the_same_luck_and_scenarios_and_worlds_another(record):
    made, world = futures(record), Parameters().replace({"horizon": record.now + 150})
    runs = [(part, seed) for part in SCENARIOS for seed in range(7, 57)]
    own = [made(world, {"part": part}, seed)[2] for part, seed in runs]
    assert len(set(own)) == len(runs)
    early, late = (
        made(world.replace({"movement.launch_week": week}), {"part": "takeover"}, 9)
        for week in (61, 90)
    )
    assert early[2] == late[2]
    assert np.array_equal(early[1].price, late[1].price)
    assert len({made.luck(seed).event for seed in own}) > 50


def test_what_organisers_see_is_what_happens(record):
    made, world = futures(record), Parameters().replace({"horizon": record.now + 150})
    found = made.seen(2)
    for name in SCENARIOS:
        lived, history, _ = made(world, {"part": name}, 9)
        price = np.log(history.price)
        if SCENARIOS[name].event not in ("closure", "takeover"):
            change = price[record.now + 26] - price[record.now]
            assert found[f"price {name} 26"] == pytest.approx(change)
        if name == "scandal":
            assert lived.events.scandal_week == record.now + found["event scandal"]


def test_the_meeting_of_a_world_is_the_same_in_all_its_runs_and_drawn_only_if_unknown(record):
    world = Parameters().replace({"horizon": record.now + 50})
    made = Futures(record, ({},) * 50, 7, True)
    weeks = {made(world, {"part": name}, 9)[0].vote.first_meeting for name in SCENARIOS}
    assert len(weeks) == 1
    assert len({made.meeting(seed) for seed in range(7, 57)}) > 20
    known = Futures(record, ({},) * 50, 7, False)
    assert known(world, {"part": "as it is"}, 9)[0].vote == world.vote


def test_a_firm_of_the_model_has_the_record_of_its_own_run():
    made = of_model("distress", Parameters().replace({"firm.decline_rate": 0.01}), 7, AHEAD)
    assert made.history.price[0] == 1.0
    assert made.history.price[made.now] < 0.9
    assert (made.history.price[made.now :] == made.history.price[made.now]).all()
