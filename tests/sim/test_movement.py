"""The movement in numbers of people, its proposals, the grades of its outcome, and its twin."""

import copy
import math
import pickle
import re

import numpy as np
import pytest

from sim.history import History, no_history
from sim.model import MovementModel
from sim.movement_week import file, hold_meeting, launch, sort_by_literacy
from sim.network import generate
from sim.outcome import Grade, aftermath, judge, peak_share
from sim.parameters import Origin, ParameterError, Parameters, Topology
from sim.rules import vote
from sim.rules.campaign import ACTS_WITHIN
from sim.run import simulate
from sim.setup import build
from sim.state import State, Status, fork
from sim.twin import SOCIAL_INFLUENCE, without_influence
from sim.user_status import count_acts, set_status
from sim.week import advance_to
from tests.sim.test_oracle import lively_world, made_up_history
from tests.worlds import launched_world

SMALL = {"users.count": 200, "shareholders.count": 20, "network.mean_degree": 6.0}


def world_of(changes: dict) -> tuple[Parameters, State]:
    """Return a small world and its state of week 0."""
    parameters = Parameters.from_dict({**SMALL, **changes})
    return parameters, build(parameters, parameters.record()[0], 3, no_history(parameters.horizon))


# --- launches are counted in people


def launching(changes: dict, week: int, acted: int = 0) -> int:
    """Return the organisers of a launch in that week; 0: none."""
    parameters, state = world_of(changes)
    world = state.world[0]
    state.users.acted[:acted] = week
    launch(parameters.record()[0], state.network, state.users, state.workspace, world, week, acted)
    assert world["launch_organisers"] == world["organisers"]
    assert world["launched"] == (week if world["organisers"] else -1)
    return int(world["organisers"])


@pytest.mark.parametrize(
    ("people", "each", "agents"),
    [
        (50.0, 10.0, 5),
        (50.0, 5.0, 10),
        (50.0, 60.0, 1),  # fewer people than one agent stands for
        (50.0, 20.0, 2),  # 2.5: halves to the even number
        (70.0, 20.0, 4),
        (1.0, 300.0, 1),
        (200.0, 1.0, 200),  # everybody
    ],
)
def test_organisers_of_a_given_launch_are_people(people, each, agents):
    changes = {"movement.organisers": people, "users.people_per_agent": each}
    assert launching({**changes, "movement.launch_week": 9}, 9) == agents
    assert launching({**changes, "movement.launch_week": 9}, 8) == 0


def test_the_most_literate_who_are_present_launch_first_the_earlier_of_equals():
    _, state = world_of({})
    users, random = state.users, np.random.default_rng(2)
    for digits in (0, 1, 3, 8):
        users.literacy[:] = random.random(200).round(digits)
        users.status[:] = random.choice(list(Status), 200)
        present = np.flatnonzero(users.status <= Status.ORGANISER)
        expected = sorted(present.tolist(), key=lambda user: (-users.literacy[user], user))
        count = sort_by_literacy(users, state.workspace.selected)
        assert state.workspace.selected[:count].tolist() == expected


def test_more_organisers_than_people_are_refused():
    with pytest.raises(ParameterError, match="201 people exceeds the 200"):
        world_of({"movement.organisers": 201.0, "users.people_per_agent": 1.0})


@pytest.mark.parametrize("people", [10.0, 20.0, 30.0, 45.0, 100.0])
def test_it_takes_as_many_people_to_launch_whatever_an_agent_stands_for(people):
    """Twice the agents, half the people each: launched by the same people acting."""
    origin = {"movement.origin": "endogenous", "movement.acts_to_launch": people}
    for few in range(8):
        coarse = launching({**origin, "users.people_per_agent": 20.0}, 30, few)
        halved = {**origin, "users.people_per_agent": 10.0, "users.count": 400}
        fine = launching(halved, 30, 2 * few)
        assert (coarse > 0) == (fine > 0) == (20 * few >= people)
        assert fine == 2 * coarse
    assert launching({**origin, "users.people_per_agent": 1000.0}, 30, 1) == 1
    assert launching({**origin, "users.people_per_agent": 1000.0}, 30, 0) == 0  # one must act


def test_worlds_of_any_resolution_launch_alike():
    """In whole runs: the same people in two and four times the agents launch about as early.

    Where acts are rare, few agents reach a threshold sooner, as their number fluctuates more.
    """
    usual = {
        **SMALL,
        "horizon": 104,
        "movement.origin": "endogenous",
        "movement.acts_to_launch": 60.0,
        "movement.act_rate": 0.05,
        "participation.cost_mean": 0.2,
    }
    weeks = []
    for times in (1, 2, 4):
        changes = {"users.count": 200 * times, "users.people_per_agent": 20.0 / times}
        parameters = Parameters.from_dict({**usual, **changes})
        runs = [simulate(parameters, seed) for seed in range(200)]
        launched = [run.outcome.launch_week for run in runs]
        weeks.append(np.median(np.nan_to_num(launched, nan=105.0)))
        for run in runs:
            started = run.state.world[0]["launch_organisers"]
            assert started == 0 or started * 20.0 / times >= 60
    assert max(weeks) < 1.5 * min(weeks)  # four times were the threshold in agents


def test_acts_count_for_eight_weeks_of_those_still_present():
    _, state = world_of({})
    users = state.users
    users.acted[:4] = [12, 13, 19, 20]  # those of week 20 are of weeks 13 to 20
    assert count_acts(users, 20 - ACTS_WITHIN) == 3
    users.status[2] = Status.EXITED
    assert count_acts(users, 20 - ACTS_WITHIN) == 2
    users.status[2] = Status.BYSTANDER
    assert count_acts(users, 21 - ACTS_WITHIN) == 2  # the act of user 1 is too old


@pytest.mark.parametrize("name", ["movement.launch_week", "vote.first_meeting"])
def test_nothing_is_planned_for_week_0(name):
    with pytest.raises(ParameterError, match=name):
        world_of({name: 0})
    world_of({name: 1})


# --- the market, growth and the trust shock in whole runs


def test_the_price_keeps_what_the_market_gained():
    """Two worlds that differ only in the market's moves differ in price by about the index."""
    calm = launched_world(
        2,
        {
            "firm.market_volatility": 0.0,
            "firm.trust_weight": 0.0,
            "firm.responsiveness": 0.0,  # distress would lead to other revenues
            "shareholders.selling_pressure": 0.0,
            "exit.leave_rate": 0.0,
        },
    )
    restless = calm.replace({"firm.market_volatility": 0.04})
    one, other = simulate(calm, 4).records, simulate(restless, 4).records
    gained = np.log(other["price"]) - np.log(one["price"])
    assert abs(other["market"]).max() > 0.2
    assert abs(gained - other["market"]).max() < 0.15 * abs(other["market"]).max()
    assert not one["market"].any()


def test_growth_of_the_movement_is_that_of_the_last_four_weeks():
    weight, half = 0.4, 700.0
    parameters = launched_world(
        1,
        {
            "efficacy.opportunity_weight": 0.0,
            "efficacy.size_weight": 0.0,
            "efficacy.growth_weight": weight,
            "efficacy.half_saturation": half,
            "participation.cost_mean": 0.6,
            "movement.launch_week": 3,
        },
    )
    table = simulate(parameters, 1).records
    people = table["active"] * parameters.users.count * table["people_per_agent"]
    for week in range(1, parameters.horizon + 1):
        now, before = people[week - 1], people[max(week - 5, 0)]
        growth = max(now - before, 0) / (now + half)
        assert table["efficacy"][week] == pytest.approx(weight * growth, rel=1e-9)
    assert table["efficacy"].max() > 0.05


def test_a_trust_shock_of_week_0_acts_in_week_1():
    changes = {"shareholders.trust_shock_size": 0.3, "horizon": 20, "movement.origin": "never"}
    parameters = launched_world(3, changes)
    shocked = [
        simulate(parameters.replace({"shareholders.trust_shock_week": week}), 1).records["trust"]
        for week in (-1, 0, 1, 2)
    ]
    assert np.array_equal(shocked[1], shocked[2])
    assert shocked[0][1] - shocked[1][1] > 0.2
    assert shocked[3][1] == shocked[0][1]


# --- proposals


def campaign(changes: dict | None = None) -> tuple[Parameters, State]:
    """Return a launched world able to file, with its first meeting in week 60."""
    able = {
        "vote.first_meeting": 60,
        "vote.filing_lead": 20,
        "vote.organisers_needed": 0.0,
        "vote.minimum_holding": 0.0,
        "users.people_per_agent": 20.0,
    }
    parameters, state = world_of({**able, **(changes or {})})
    world = state.world[0]
    world["launched"] = 5
    for i in range(6):
        state.users.aware[i] = 1
        set_status(state.network, state.users, world, i, np.uint8(Status.ORGANISER))
    return parameters, state


def filed_for(parameters: Parameters, state: State, week: int) -> int:
    """Return the meeting for which a proposal is filed in that week; -1: none."""
    world = state.world[0]
    world["filed"] = -1
    news = file(parameters.record()[0], state.users, state.shareholders, world, week)
    assert news == (world["filed"] >= 0)
    return int(world["filed"])


def meet(parameters: Parameters, state: State, week: int) -> float:
    """Hold the meeting of a week; return its news."""
    p, world = parameters.record()[0], state.world[0]
    return hold_meeting(p, state.network, state.users, state.shareholders, world, 3, week)


def test_no_proposal_is_filed_once_a_study_has_begun():
    parameters, state = campaign()
    assert filed_for(parameters, state, 30) == 60
    state.world[0]["study_start"] = 29  # by a concession, or a vote won before
    assert filed_for(parameters, state, 30) == -1
    assert filed_for(parameters, state, 250) == -1


def test_the_bar_is_for_meetings_not_for_filing():
    parameters, state = campaign({"vote.inclination_institutional": -40.0, "vote.filing_lead": 20})
    rejected = parameters.replace(
        {"vote.inclination_retail": -40.0, "vote.inclination_ethical": -40.0}
    )
    state.world[0]["filed"] = 60
    assert meet(rejected, state, 60) == 1
    assert state.world[0]["barred_until"] == 60 + 156
    assert not state.world[0]["recognised"]
    set_status(state.network, state.users, state.world[0], 0, np.uint8(Status.ORGANISER))
    filed = [filed_for(parameters, state, week) for week in range(61, 260)]
    meetings = [vote.next_meeting(week, 60, 20) for week in range(61, 260)]
    assert filed == [meeting if meeting >= 216 else -1 for meeting in meetings]
    assert filed.index(216) + 61 == 145  # the first week after the last day for the meeting of 164
    assert filed[240 - 61] == 268


def test_a_meeting_after_the_conversion_votes_on_nothing():
    parameters, state = campaign()
    world = state.world[0]
    for converted, votes in ((-1, 1), (55, 0)):
        world["converted"], world["filed"], world["submissions"] = converted, 60, 0
        organisers = int(world["organisers"])
        assert meet(parameters, state, 60) == votes
        assert world["filed"] == -1  # off the agenda either way
        assert world["submissions"] == votes
        assert (world["support"] >= 0) == bool(votes)
    assert world["organisers"] == organisers


# --- outcome


@pytest.fixture(scope="module")
def sustained() -> tuple[Parameters, State, State]:
    """Return a world in which a movement lasts, its final state and a twin where nothing did."""
    changes = {
        "users.count": 400,
        "users.people_per_agent": 60.0,
        "participation.cost_mean": 0.5,
        "movement.launch_week": 10,
        "firm.policy": "ignore",
        "vote.organisers_needed": 1e9,
    }
    parameters = Parameters.from_dict({**SMALL, **changes})
    run = simulate(parameters, 1)
    assert run.outcome.grade == "sustained"
    return parameters, run.state, world_of(changes)[1]


@pytest.mark.parametrize("recognised", [0, 1])
def test_grades_are_nested(sustained, recognised):
    """Recognition counts as an output whatever the grade, and as a grade only of a movement."""
    parameters, state, twin = sustained
    world = state.world[0]
    world["recognised"], world["converted"] = recognised, -1

    def outcome(**changes):
        changed = parameters.replace(
            {f"emergence.{name}": value for name, value in changes.items()}
        )
        result = judge(changed, state, lambda: state if changes.get("twin_ratio") == 9.0 else twin)
        assert result.recognised is bool(recognised)
        return result

    top = Grade.RECOGNISED if recognised else Grade.SUSTAINED
    assert outcome().grade == top.name.lower()
    assert outcome(twin_ratio=9.0).grade == "crowd"
    assert outcome(spell=parameters.horizon).grade == "flash"
    assert outcome(mass_share=1.0).grade == "dormant"
    world["converted"] = 200
    for criteria in ({}, {"mass_share": 1.0}):
        converted = outcome(**criteria)
        assert converted.converted
        assert converted.grade == "converted"
    world["converted"] = -1


def test_recognition_in_a_run_is_of_its_best_vote():
    found = set()
    for seed in range(12):
        changes = {
            **SMALL,
            "users.people_per_agent": 60.0,
            "movement.launch_week": 5,
            "vote.first_meeting": 60,
            "participation.cost_mean": 0.7,
            "firm.policy": "ignore",
        }
        outcome = simulate(Parameters.from_dict(changes), seed).outcome
        if outcome.votes == 1:
            assert outcome.recognised == (outcome.vote_share >= 0.03)
        if outcome.votes == 0:
            assert not outcome.recognised
            assert math.isnan(outcome.vote_share)
        found.add(outcome.recognised)
    assert found == {False, True}


# --- networks that do not fit


def test_a_network_of_another_size_is_refused():
    parameters, state = world_of({})
    for count in (199, 201):
        other = generate(
            Topology.RANDOM,
            count,
            mean_degree=6.0,
            tail=3.0,
            clustering=0.0,
            rewiring=0.0,
            seed=0,
        )
        message = f"users.count = 200, but the network has {count} users"
        with pytest.raises(ParameterError, match=message):
            simulate(parameters, 1, network=other)
        with pytest.raises(ParameterError, match=message):
            MovementModel(parameters, rng=1, network=other)
    assert simulate(parameters, 1, network=state.network).network is state.network


def test_a_file_of_ties_of_another_size_is_refused(tmp_path):
    path = tmp_path / "ties.txt"
    path.write_text("\n".join(f"{i} {(i + 1) % 150}" for i in range(150)))
    changes = {"network.topology": "edge_list", "network.edge_list": str(path)}
    with pytest.raises(ParameterError, match=r"set users\.count=150"):
        world_of(changes)
    assert len(world_of({**changes, "users.count": 150})[1].network.offsets) == 151


@pytest.mark.parametrize(
    "changes",
    [
        {"network.mean_degree": 250.0},
        {"network.topology": "complete", "users.count": 5001},
        {"network.topology": "edge_list", "network.edge_list": "nowhere/ties.txt"},
    ],
)
def test_a_network_that_cannot_be_laid_is_an_error_of_parameters(changes):
    with pytest.raises(ParameterError):
        world_of(changes)


# --- the twin of a run


def twin_from_week_0(parameters: Parameters, seed: int, history: History) -> State:
    """Return the final state of the world without social influence, lived from its beginning."""
    p = without_influence(parameters)
    state = build(parameters, p, seed, history)
    advance_to(0, parameters.horizon, False, seed, p, history, state)
    return state


LAUNCHED_LATE = (5, 19, 31, 35)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("number", [0, 7, *LAUNCHED_LATE])
def test_the_twin_branches_off_at_the_launch(number, recorded):
    """Until the end of its week nobody is influenced, whatever launches the movement."""
    parameters = lively_world(number)
    horizon = parameters.horizon
    history = made_up_history(horizon) if recorded else no_history(horizon)
    p = parameters.record()[0]
    state = build(parameters, p, number, history)
    week = advance_to(0, horizon, True, number, p, history, state)
    assert state.world[0]["launched"] in (-1, week)
    twin = fork(state)
    advance_to(week, horizon, False, number, without_influence(parameters), history, twin)
    expected = twin_from_week_0(parameters, number, history)
    assert twin.weekly.tobytes() == expected.weekly.tobytes()
    assert twin.world.tobytes() == expected.world.tobytes()
    for one, other in zip(
        [*twin.users, *twin.shareholders], [*expected.users, *expected.shareholders], strict=True
    ):
        assert np.array_equal(one, other)
    assert state.weekly["week"].max() == week  # what the twin lives through leaves the run alone
    outcome = simulate(parameters, number, history).outcome
    assert math.isnan(outcome.twin_peak_share) or outcome.twin_peak_share == peak_share(expected)


def test_twins_branch_off_late_from_launches_of_both_origins():
    worlds = {number: lively_world(number) for number in LAUNCHED_LATE}
    assert {each.movement.origin for each in worlds.values()} == {Origin.GIVEN, Origin.ENDOGENOUS}
    for number, parameters in worlds.items():
        assert simulate(parameters, number).outcome.launch_week > 50


# --- the twin of a run whose parameters changed

BEFORE = {
    "users.count": 300,
    "users.people_per_agent": 60.0,
    "participation.cost_mean": 0.6,
    "movement.launch_week": 10,
    "horizon": 120,
}
LATER = {"dissatisfaction.base": 0.6, "participation.peer_weight": 0.7, "exit.leave_rate": 0.0}
SOCIAL = {f"{group}.{name}": 0.0 for group, name in SOCIAL_INFLUENCE}


def changed_run(parameters: Parameters, changes: dict, week: int) -> MovementModel:
    """Run a model whose parameters change after a week."""
    model = MovementModel(parameters, rng=7)
    while model.week < week:
        model.step()
    model.change(changes)
    model.run()
    return model


@pytest.mark.parametrize("week", [0, 1, 60])
def test_the_twin_follows_changed_levers(week):
    parameters = Parameters.from_dict({**SMALL, **BEFORE})
    outcome = changed_run(parameters, LATER, week).outcome()
    twin = changed_run(parameters.replace(SOCIAL), {**LATER, **SOCIAL}, week)
    assert outcome.twin_peak_share == peak_share(twin.state)
    assert outcome.twin_peak_share > 0
    assert outcome.peak_share > outcome.twin_peak_share
    unchanged = changed_run(parameters.replace(SOCIAL), {}, week)
    assert peak_share(unchanged.state) < 0.5 * outcome.twin_peak_share


def test_changes_that_change_nothing_leave_the_outcome():
    parameters = Parameters.from_dict({**SMALL, **BEFORE, "participation.cost_mean": 0.5})
    usual = simulate(parameters, 7).outcome
    assert not math.isnan(usual.twin_peak_share)
    for week in (0, 40, 120):
        assert repr(changed_run(parameters, {}, week).outcome()) == repr(usual)


def test_several_changes_act_in_turn_in_the_twin_too():
    """A change taken back before its week begins never was; later ones count from their week."""
    parameters = Parameters.from_dict({**SMALL, **BEFORE, "participation.cost_mean": 0.5})
    model = MovementModel(parameters, rng=7)
    for _ in range(30):
        model.step()
    model.change({"dissatisfaction.base": 0.9})
    model.change({"dissatisfaction.base": parameters.dissatisfaction.base})
    for _ in range(30):
        model.step()
    model.change({"emergence.mass_share": 0.03})
    expected = simulate(parameters.replace({"emergence.mass_share": 0.03}), 7).outcome
    assert repr(model.run()) == repr(expected)


def test_what_week_0_was_drawn_from_cannot_change():
    parameters = Parameters.from_dict({**SMALL, **BEFORE})
    model = MovementModel(parameters, rng=7)
    for changes in ({"horizon": 90}, {"participation.cost_mean": 0.5}, {"users.count": 250}):
        name = next(iter(changes))
        with pytest.raises(ParameterError, match=f"{name} is fixed from week 0 on"):
            model.change(changes)


# --- misuse


def test_no_clock_runs_beyond_the_horizon():
    model = MovementModel(Parameters.from_dict({**SMALL, **BEFORE}), rng=7)
    model.step()
    with pytest.raises(ParameterError, match="week 501 is after the horizon of 120"):
        model.run_for(500)
    assert (model.week, model.time, model.steps) == (1, 1, 1)
    outcome = repr(model.run())
    for _ in range(3):
        with pytest.raises(ParameterError, match="week 121 is after the horizon of 120"):
            model.step()
    assert (model.week, model.time, model.steps) == (120, 120, 120)
    assert model.twin().weekly.size == 121  # the twin would have written beyond its table
    assert repr(model.outcome()) == outcome


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copied_model_goes_on_as_the_model_does(copied):
    model = MovementModel(Parameters.from_dict({**SMALL, **BEFORE}), rng=7)
    model.run_for(30)
    again = copied(model)
    assert repr(again.run()) == repr(model.run())
    assert again.datacollector.get_model_vars_dataframe().shape[0] == 121


@pytest.mark.parametrize(
    ("series", "said"),
    [
        ({"price": np.ones(9)}, "history.price covers 9 weeks; a horizon of 120 weeks needs 121"),
        ({"price": np.ones((121, 2))}, "history.price covers shape"),
        ({"price": np.full(121, -1.0)}, "history.price = -1 in week 0 must be from 1e-09"),
        ({"margin": np.full(121, np.inf)}, "history.margin = inf in week 0"),
        ({"threat": np.linspace(0, 2, 121)}, "history.threat = 1.01667 in week 61"),
        ({"scandal": np.full(121, np.nan)}, "history.scandal = nan in week 0 must be from 0 to 1"),
        ({"base": ["many"] * 121}, "history.base must be numbers, one a week"),
        ({"base": np.full(121, 1j)}, "history.base must be numbers, one a week"),
        ({"base": {"week": 1}}, "history.base must be numbers, one a week"),
        ({"closure": None}, "history.closure covers shape ()"),
    ],
)
def test_a_record_that_cannot_be_is_refused(series, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        simulate(Parameters.from_dict({**SMALL, **BEFORE}), 7, no_history(120)._replace(**series))


def test_a_record_may_have_any_form_of_numbers():
    parameters = Parameters.from_dict({**SMALL, **BEFORE})
    price = np.linspace(1, 0.5, 121)
    fixed = price.copy()
    fixed.flags.writeable = False
    forms = price, price.tolist(), fixed, np.ma.array(price), np.repeat(price, 2)[::2]
    histories = [no_history(120)._replace(price=form) for form in forms]
    runs = [simulate(parameters, 7, history) for history in histories]
    assert len({run.records.tobytes() for run in runs}) == 1


def test_masked_weeks_of_a_record_are_left_to_the_model():
    parameters = Parameters.from_dict({**SMALL, **BEFORE})
    price = np.ma.array(np.full(121, 9.0), mask=np.arange(121) > 0)
    assert simulate(parameters, 7, no_history(120)._replace(price=price)).records["price"][50] != 9


@pytest.mark.parametrize("world", [{"users.count": 100}, [], 3, "users.count=100"])
def test_what_is_no_world_is_refused(world):
    for begin in (simulate, MovementModel):
        with pytest.raises(ParameterError, match="must be Parameters"):
            begin(world)
    with pytest.raises(ParameterError, match="history is a"):
        simulate(Parameters.from_dict(SMALL), 7, world)


# --- what is left of it


def after_activity(active: list[float], launched: int = 2, converted: int = -1):
    """Return the week of collapse and that of the by-products of a movement of given size."""
    _, state = world_of({"horizon": 100})
    state.world[0]["launched"], state.world[0]["converted"] = launched, converted
    state.weekly["active"] = [*active, *[active[-1]] * (101 - len(active))]
    return aftermath(state)


def test_by_products_are_measured_a_year_after_a_quarter_of_the_peak_is_left():
    assert after_activity([0, 0, 0.1, 0.4, 0.1, 0.09, 0.5, 0.0]) == (7, 59)
    assert after_activity([0, 0, 0.1, 0.4, 0.1, 0.09]) == (5, 57)
    assert after_activity([0.9, 0.0, 0.1, 0.4, 0.09, 0.4]) == (4, 56)  # before the launch: no peak


@pytest.mark.parametrize(
    "activity",
    [
        {"active": [0, 0, 0.1, 0.4, 0.1]},  # it goes on
        {"active": [0, 0, 0.1, 0.4, 0.0], "converted": 4},
    ],
)
def test_no_by_products_of_what_did_not_collapse(activity):
    week, later = after_activity(**activity)
    assert math.isnan(week)
    assert later is None


def test_no_by_products_before_a_year_is_over():
    assert after_activity([0.0, 0.0, *[0.4] * 47, 0.0]) == (49, None)
    assert after_activity([0.0, 0.0, *[0.4] * 46, 0.0]) == (48, 100)


def test_without_a_launch_the_horizon_stands_in_and_nothing_is_left():
    assert after_activity([0.0], launched=-1)[1] == 100
    quiet = simulate(Parameters.from_dict({**SMALL, "movement.origin": "never"}), 3).outcome
    assert (quiet.awareness_after, quiet.literacy_after) == (0.0, 0.0)


def test_by_products_of_a_run_are_those_of_its_weeks():
    run = simulate(Parameters.from_dict({**SMALL, "horizon": 260}), 7)
    collapse, weekly = run.outcome.collapse_week, run.records
    assert 52 < collapse < 208
    rows = weekly[int(collapse) + 52], weekly[0]
    gained = {name: rows[0][name] - rows[1][name] for name in ("aware", "literacy")}
    assert run.outcome.awareness_after == gained["aware"] > 0
    assert run.outcome.literacy_after == gained["literacy"]
