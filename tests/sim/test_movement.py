"""The movement in numbers of people, its proposals, the grades of its outcome, and its twin."""

import copy
import math
import pickle
import re

import numpy as np
import pytest

from sim.cascade import spread_news
from sim.compiled import f32
from sim.history import History, no_history
from sim.model import MovementModel
from sim.movement_week import admit, choose_by_literacy, file, hold_meeting, launch, open_petition
from sim.network import Network, from_edges, generate
from sim.outcome import aftermath, influence
from sim.parameters import Origin, ParameterError, Parameters, Topology
from sim.rules import vote
from sim.run import go_on, simulate, simulate_until
from sim.setup import build
from sim.state import State, Status, fork
from sim.twin import SOCIAL_INFLUENCE, without_influence
from sim.user_status import set_status
from sim.week import advance_to
from sim.week_inputs import read_inputs
from tests.sim.test_oracle import lively_world, made_up_history
from tests.worlds import launched_world

SMALL = {"users.count": 200, "shareholders.count": 20, "network.mean_degree": 6.0}
BEFORE = {
    "users.count": 300,
    "users.people_per_agent": 60.0,
    "participation.cost_mean": 0.6,
    "movement.launch_week": 10,
    "horizon": 120,
}
RESTLESS = 1  # a seed whose campaigns draw much attention


def world_of(changes: dict, network: Network | None = None) -> tuple[Parameters, State]:
    """Return a small world and its state of week 0."""
    parameters = Parameters.from_dict({**SMALL, **changes})
    p, history = parameters.record()[0], no_history(parameters.horizon)
    return parameters, build(parameters, p, 3, history, network)


# --- launches are counted in people


def launching(changes: dict, week: int, acting: dict[int, float] | None = None, seed: int = 3):
    """Return the organisers of a launch in that week; 0: none.

    ``acting`` holds the people who act on their own, by week.
    """
    parameters, state = world_of(changes)
    world = state.world[0]
    for acted, people in (acting or {}).items():
        state.weekly["acting"][acted] = people
    world["acting"] = state.weekly["acting"][week]
    rest = state.network, state.users, state.workspace, state.weekly, world, week
    launch(parameters.record()[0], seed, *rest)
    assert world["launch_organisers"] == world["organisers"] == state.users.fresh.sum()
    assert world["launched"] == (week if world["organisers"] else -1)
    return int(world["organisers"])


@pytest.mark.parametrize(
    ("people", "each", "agents"),
    [
        (50.0, 10.0, {5}),
        (50.0, 5.0, {10}),
        (50.0, 60.0, {1}),  # fewer people than one agent stands for
        (50.0, 20.0, {2, 3}),  # 2.5
        (1.0, 300.0, {1}),
        (200.0, 1.0, {200}),  # everybody
    ],
)
def test_organisers_of_a_given_launch_are_people(people, each, agents):
    changes = {"movement.organisers": people, "users.people_per_agent": each}
    changes["movement.launch_week"] = 9
    assert {launching(changes, 9, seed=seed) for seed in range(12)} == agents
    assert launching(changes, 8) == 0


@pytest.mark.parametrize("each", [1.0, 5.0, 10.0])
def test_a_launch_appoints_as_many_people_as_asked_in_the_mean(each):
    """Whatever an agent stands for: what is left over is one agent more with its share."""
    asked = 33.0
    changes = {"movement.organisers": asked, "users.people_per_agent": each}
    changes["movement.launch_week"] = 9
    people = np.array([each * launching(changes, 9, seed=seed) for seed in range(400)])
    assert (abs(people - asked) < each).all()
    assert people.mean() == pytest.approx(asked, abs=4 * 0.5 * each / 400**0.5)


def test_the_most_literate_who_are_present_launch_first_the_earlier_of_equals():
    _, state = world_of({})
    users, random = state.users, np.random.default_rng(2)
    for digits in (0, 1, 3, 8):
        users.literacy[:] = random.random(200).round(digits)
        users.status[:] = random.choice(list(Status), 200)
        present = np.flatnonzero(users.status <= Status.ORGANISER)
        expected = sorted(present.tolist(), key=lambda user: (-users.literacy[user], user))
        for wanted in (1, 2, 7, 60, 200, 250):
            count = choose_by_literacy(users, state.workspace.selected, wanted)
            assert count == min(wanted, len(expected))
            assert set(state.workspace.selected[:count].tolist()) == set(expected[:wanted])


def test_more_organisers_than_people_are_refused():
    with pytest.raises(ParameterError, match="201 people exceeds the 200"):
        world_of({"movement.organisers": 201.0, "users.people_per_agent": 1.0})


@pytest.mark.parametrize("each", [1.0, 10.0, 1000.0])
def test_people_who_acted_within_eight_weeks_make_a_launch_together(each):
    changes = {"movement.origin": "endogenous", "movement.acts_to_launch": 40.0}
    changes["users.people_per_agent"] = each
    assert launching(changes, 30, {30: 40.0}) == max(40 / each, 1)
    assert launching(changes, 30, {23: 25.0, 27: 10.0, 30: 5.0}) == max(40 / each, 1)
    assert launching(changes, 30, {23: 25.0, 27: 10.0, 30: 4.0}) == 0
    assert launching(changes, 30, {22: 25.0, 27: 10.0, 30: 5.0}) == 0  # one act is too old


def test_as_many_people_act_on_their_own_whatever_an_agent_stands_for():
    """The same 2,000 people, of whom some are ready: in 200 agents or in 2,000."""
    usual = {
        "movement.origin": "endogenous",
        "movement.acts_to_launch": 1e9,
        "movement.act_rate": 0.05,
        "participation.cost_mean": 0.2,
        "horizon": 52,
    }
    means = []
    for each in (10.0, 1.0):
        changes = {**SMALL, **usual, "users.people_per_agent": each}
        changes["users.count"] = int(2000 / each)
        world = Parameters.from_dict(changes)
        acting = np.array([simulate(world, seed).records["acting"][1:] for seed in range(60)])
        assert (acting == acting.round()).all()
        means.append(acting.mean())
    assert means[0] > 1
    assert means[0] == pytest.approx(means[1], rel=0.1)


@pytest.mark.parametrize("name", ["movement.launch_week", "vote.first_meeting"])
def test_nothing_is_planned_for_week_0(name):
    with pytest.raises(ParameterError, match=name):
        world_of({name: 0})
    world_of({name: 1})


# --- the petition


def test_the_petition_opens_only_when_somebody_organises():
    parameters, state = world_of({"movement.petition_delay": 3, "media.event_gain": 0.4})
    p, world = parameters.record()[0], state.world[0]
    world["launched"], world["organisers"] = 10, 0
    for week in (12, 13, 20):
        open_petition(p, world, week)
    assert (world["petition"], world["acts"]) == (-1, 0)
    world["organisers"] = 1
    open_petition(p, world, 12)  # too early
    assert world["petition"] == -1
    for week in (21, 22):
        open_petition(p, world, week)
    assert (world["petition"], world["news_week"], world["acts"]) == (21, 21, 0.4)


def test_users_sign_once_and_for_good():
    """Only while the petition is open; who signed and left the service is still counted."""
    changes = {"exit.leave_rate": 0.03, "movement.petition_delay": 5, "horizon": 120}
    parameters = Parameters.from_dict({**SMALL, **BEFORE, **changes})
    checkpoint, signed = simulate_until(0, parameters, RESTLESS), np.zeros(300, dtype=bool)
    for week in range(1, 121):
        checkpoint = go_on(checkpoint, week)
        now = checkpoint.state.users.signed.astype(bool)
        assert not (signed & ~now).any()
        assert week > 15 or not now.any()
        signed = now
        assert checkpoint.state.weekly["signatures"][week] == 60 * signed.sum()
    assert signed.mean() > 0.2
    assert (checkpoint.state.users.status[signed] >= Status.EXITED).any()


# --- news from neighbour to neighbour

TALKATIVE = {
    "users.count": 12,
    "network.topology": "complete",
    "awareness.contact": 0.99,
    "awareness.novelty_left": 0.0,
    "participation.available": 0.0,
    "participation.signing_discount": 0.0,
}


def after_news(
    network: Network, fresh: list[int], willing: bool, weeks: int = 1
) -> tuple[list[int], list[int]]:
    """Return who knows of the movement and who supports it after weeks in which news travels."""
    parameters, state = world_of(TALKATIVE, network)
    users, world = state.users, state.world[0]
    users.cost[:] = -5 if willing else 50
    users.fresh[fresh] = users.aware[fresh] = 1
    for week in range(1, weeks + 1):
        inputs = read_inputs(week, 3, parameters.record()[0], world, 12)
        inputs = inputs._replace(campaigning=True, available=f32(0))
        spread_news(network, users, state.workspace, world, inputs)
        assert not state.workspace.marked.any()
    assert world["aware"] == users.aware.sum() - len(fresh)
    known, active = (np.flatnonzero(each).tolist() for each in (users.aware, users.status))
    return known, active


def test_news_reaches_only_the_neighbours_of_those_who_have_it():
    """Two groups of six; whoever does not follow the call passes nothing on."""
    circle = [[i, (i + 1) % 6] for i in range(6)]
    network = from_edges(12, np.array([*circle, *([6 + i, 6 + j] for i, j in circle)]))
    assert after_news(network, [0], willing=False) == ([0, 1, 5], [])
    assert after_news(network, [0], willing=True) == ([0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert after_news(network, [0, 8], willing=False) == ([0, 1, 5, 7, 8, 9], [])
    assert after_news(network, [], willing=True) == ([], [])


def test_news_passes_one_neighbour_a_day_and_goes_on_next_week():
    row = from_edges(12, np.array([[i, i + 1] for i in range(11)]))
    known, active = after_news(row, [0], willing=True)
    assert known == list(range(8))
    assert active == list(range(1, 8))
    assert after_news(row, [0], willing=True, weeks=2)[0] == list(range(12))


def test_nobody_passes_news_on_without_a_campaign():
    parameters, state = world_of(TALKATIVE)
    state.users.fresh[0] = 1
    inputs = read_inputs(1, 3, parameters.record()[0], state.world[0], 12)
    spread_news(state.network, state.users, state.workspace, state.world[0], inputs)
    assert not state.users.aware.any()
    assert not state.users.fresh.any()


# --- attention, fatigue and renewal


@pytest.mark.parametrize("half_life", [0.5, 1.0, 3.0])
def test_attention_halves_every_half_life_in_weeks_without_acts(half_life):
    changes = {
        "media.half_life": half_life,
        "media.supporter_gain": 0.0,
        "movement.launch_week": 10,
        "movement.petition_delay": 20,
        "vote.organisers_needed": 1e9,
        "horizon": 25,
    }
    media = simulate(Parameters.from_dict({**SMALL, **changes}), RESTLESS).records["media"]
    assert not media[:10].any()
    assert media[10] > 0.1
    assert media[11:] == pytest.approx(media[10:-1] * 2 ** (-1 / half_life), rel=1e-12)


def test_attention_depends_on_the_luck_of_the_campaign():
    """A factor that is the same in all worlds of a seed; its logarithm has the spread asked for."""
    changes = {**SMALL, "movement.launch_week": 1, "horizon": 1}
    lucky, usual = (Parameters.from_dict({**changes, "media.luck": luck}) for luck in (1.2, 0.0))
    factors = np.array(
        [
            simulate(lucky, seed).records["media"][1] / simulate(usual, seed).records["media"][1]
            for seed in range(400)
        ]
    )
    assert np.log(factors).mean() == pytest.approx(0, abs=4 * 1.2 / 20)
    assert np.log(factors).std() == pytest.approx(1.2, rel=4 / 800**0.5)


def quiet_campaign(week: int):
    """Return a checkpoint of a campaign whose last news is its petition in week 13."""
    changes = {"vote.organisers_needed": 1e9, "movement.spin_off_founders": 1e9, "horizon": 120}
    changes |= {"exit.leave_rate": 0.0, "participation.peer_weight": 0.0}
    changes |= {"participation.cost_mean": 0.7}
    changes |= {"users.count": 4000, "users.people_per_agent": 5.0}
    parameters = Parameters.from_dict({**SMALL, **BEFORE, **changes})
    return simulate_until(week, parameters, RESTLESS)


def test_a_campaign_without_news_dies():
    checkpoint = quiet_campaign(120)
    assert checkpoint.state.world[0]["news_week"] == 13
    active = checkpoint.state.weekly["active"]
    assert active.max() > 0.02
    assert active.argmax() < 26
    assert active[65] < 0.1 * active.max()
    assert active[120] < 0.02 * active.max()


def test_news_renews_a_campaign():
    """The same campaign, with news in week 20 or without: fewer drop out, more are reached."""
    usual, renewed = quiet_campaign(20), quiet_campaign(20)
    renewed.state.world[0]["news_week"] = 20
    tired, lively = (go_on(each, 32).state.weekly[21:33] for each in (usual, renewed))
    assert lively["dropped"][:3].sum() < 0.7 * tired["dropped"][:3].sum()
    assert lively["active"][3] > 1.1 * tired["active"][3]
    renewed.state.world[0]["media"] = 3.0
    heard = go_on(renewed, 32).state.weekly[21:33]
    assert heard["joined"][:3].sum() > 2 * lively["joined"][:3].sum()
    assert heard["aware"][-1] > lively["aware"][-1]


def test_those_tire_less_who_have_other_goals():
    _, state = world_of({"participation.goal_patience": 0.6})
    expected = 1 - 0.6 * (1 - state.users.goals[:, 0])
    assert state.users.wear == pytest.approx(expected, rel=1e-6)
    assert state.users.wear.min() < 0.45
    _, state = world_of({"participation.goal_patience": 0.0})
    assert (state.users.wear == 1).all()


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
            "efficacy.relative": 0.0,
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
    world["filed"], world["acts"] = -1, 0.0
    file(parameters.record()[0], state.users, state.shareholders, world, week)
    filed = int(world["filed"])
    assert world["acts"] == (parameters.media.event_gain if filed >= 0 else 0)
    if filed >= 0:
        assert (world["filed_week"], world["news_week"], world["admitted"]) == (week, week, -1)
    return filed


def meet(parameters: Parameters, state: State, week: int) -> None:
    """Hold the meeting of a week."""
    p, world = parameters.record()[0], state.world[0]
    world["acts"] = 0.0
    hold_meeting(p, state.network, state.users, state.shareholders, world, 3, week)


def test_it_takes_enough_organisers_and_stock_to_file():
    for changes, meeting in (
        ({"vote.organisers_needed": 120.0}, 60),  # six organisers who stand for 20 each
        ({"vote.organisers_needed": 121.0}, -1),
        ({"vote.minimum_holding": 0.5}, -1),
    ):
        parameters, state = campaign(changes)
        assert filed_for(parameters, state, 30) == meeting


def admitted_in(parameters: Parameters, state: State, seed: int) -> tuple[int, int]:
    """Return the week in which it is decided on a proposal of week 30, and what is decided."""
    p, world = parameters.record()[0], state.world[0]
    filed_for(parameters, state, 30)
    for week in range(30, 61):
        world["acts"] = 0.0
        admit(p, world, seed, week)
        if world["admitted"] != -1:
            news = parameters.media.event_gain if world["admitted"] else 0.0
            assert world["acts"] == news
            return week, int(world["admitted"])
    raise AssertionError("undecided at the meeting")


@pytest.mark.parametrize(("weeks", "decided"), [(0, 30), (14, 44), (99, 60)])
def test_a_proposal_is_admitted_after_some_weeks_but_before_its_meeting(weeks, decided):
    parameters, state = campaign({"vote.admission_chance": 1.0, "vote.admission_weeks": weeks})
    assert admitted_in(parameters, state, 1) == (decided, 1)
    assert state.world[0]["filed"] == 60


def test_an_excluded_proposal_may_be_filed_again_for_the_next_meeting():
    parameters, state = campaign({"vote.admission_chance": 0.0, "vote.admission_weeks": 4})
    assert admitted_in(parameters, state, 1) == (34, 0)
    assert state.world[0]["filed"] == -1
    assert filed_for(parameters, state, 35) == -1
    assert filed_for(parameters, state, 41) == 112
    meet(parameters, state, 60)
    assert state.world[0]["submissions"] == 0


def test_proposals_are_admitted_as_often_as_they_should():
    parameters, state = campaign({"vote.admission_chance": 0.3, "vote.admission_weeks": 4})
    admitted = []
    for seed in range(1000):
        state.world[0]["barred_until"] = 0
        admitted.append(admitted_in(parameters, state, seed)[1])
    assert np.mean(admitted) == pytest.approx(0.3, abs=4 * (0.21 / 1000) ** 0.5)


def test_no_proposal_is_filed_once_a_study_has_begun():
    parameters, state = campaign()
    assert filed_for(parameters, state, 30) == 60
    state.world[0]["study_start"] = 29  # by a concession, or a vote won before
    assert filed_for(parameters, state, 30) == -1
    assert filed_for(parameters, state, 250) == -1


def test_the_bar_is_for_meetings_not_for_filing():
    against = {f"vote.inclination_{name}": -40.0 for name in ("institutional", "retail", "ethical")}
    parameters, state = campaign(against)
    state.world[0]["filed"] = 60
    meet(parameters, state, 60)
    assert state.world[0]["acts"] == parameters.media.event_gain
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
        meet(parameters, state, 60)
        assert world["acts"] == votes * parameters.media.event_gain
        assert world["filed"] == -1  # off the agenda either way
        assert world["submissions"] == votes
        assert (world["support"] >= 0) == bool(votes)
    assert world["organisers"] == organisers


def test_a_launch_at_another_time_files_and_votes_at_another_time():
    """A record holds nothing of the movement, so filing, admission and vote come from the model."""
    about_the_firm = {"price", "revenue", "margin", "base", "threat"}
    assert set(History._fields) == about_the_firm | {"closure", "takeover", "scandal"}
    changes = {"vote.organisers_needed": 0.0, "vote.admission_chance": 1.0, "horizon": 260}
    changes |= {"participation.cost_mean": 0.5}
    dates = []
    for week in (20, 150):
        parameters = Parameters.from_dict({**SMALL, **changes, "movement.launch_week": week})
        records = simulate(parameters, RESTLESS, made_up_history(260)).records
        filed = np.flatnonzero(records["filed"])[0]
        admitted = np.flatnonzero(records["admitted"])[0]
        meeting = np.flatnonzero(~np.isnan(records["vote_share"]))[0]
        assert week <= filed < admitted < meeting
        assert meeting == vote.next_meeting(int(filed), 28, 22)
        dates.append((filed, admitted, meeting))
    assert all(early < late for early, late in zip(*dates, strict=True))


# --- outcome


def test_recognition_in_a_run_is_of_its_best_vote():
    found = set()
    for seed in range(16):
        changes = {
            **SMALL,
            "users.people_per_agent": 60.0,
            "movement.launch_week": 5,
            "vote.first_meeting": 60,
            "vote.admission_chance": 0.8,
            "participation.cost_mean": 0.6,
            "firm.policy": "ignore",
        }
        outcome = simulate(Parameters.from_dict(changes), seed).outcome
        if outcome.votes == 1:
            assert outcome.recognised == (outcome.vote_share >= 0.03)
        if outcome.votes == 0:
            assert not outcome.recognised
            assert math.isnan(outcome.vote_share)
            assert math.isnan(outcome.turnout)
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


LAUNCHED_LATE = (12, 28, 38, 43)


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
    assert math.isnan(outcome.influence) or outcome.influence == influence(
        simulate(parameters, number, history).state, expected
    )


def test_twins_branch_off_late_from_launches_of_both_origins():
    worlds = {number: lively_world(number) for number in LAUNCHED_LATE}
    assert {each.movement.origin for each in worlds.values()} == {Origin.GIVEN, Origin.ENDOGENOUS}
    for number, parameters in worlds.items():
        assert simulate(parameters, number).outcome.launch_week > 50


@pytest.mark.parametrize("number", [3, 10, 12, 16, 30])  # in 12 and 16 the firm is converted
def test_nobody_joins_a_twin_once_its_campaign_is_over(number):
    parameters = lively_world(number)
    horizon, history = parameters.horizon, no_history(parameters.horizon)
    p = without_influence(parameters)
    twin = build(parameters, p, number, history)
    launch = advance_to(0, horizon, True, number, p, history, twin)
    end = advance_to(launch, horizon, True, number, p, history, twin)
    assert launch < end < horizon
    expected = twin_from_week_0(parameters, number, history)
    assert np.array_equal(twin.users.expected, expected.users.expected)
    assert not expected.weekly["joined"][end + 1 :].any()
    assert expected.weekly["organisers"][end] == 0 or expected.weekly["converted"][end] == 1


# --- the twin of a run whose parameters changed

LATER = {"dissatisfaction.base": 0.6, "participation.peer_weight": 0.7, "exit.leave_rate": 0.0}
SOCIAL = {f"{group}.{name}": 0.0 for group, name in SOCIAL_INFLUENCE}
EASY = {"participation.cost_mean": 0.4}


def changed_run(parameters: Parameters, changes: dict, week: int) -> MovementModel:
    """Run a model whose parameters change after a week."""
    model = MovementModel(parameters, rng=RESTLESS)
    while model.week < week:
        model.step()
    model.change(changes)
    model.run()
    return model


@pytest.mark.parametrize("week", [0, 1, 12])
def test_the_twin_follows_changed_levers(week):
    parameters = Parameters.from_dict({**SMALL, **BEFORE, **EASY})
    run = changed_run(parameters, LATER, week)
    twin = changed_run(parameters.replace(SOCIAL), {**LATER, **SOCIAL}, week)
    assert run.outcome().influence == influence(run.state, twin.state)
    unchanged = changed_run(parameters.replace(SOCIAL), {}, week)
    assert (unchanged.state.users.expected >= 0).sum() < (twin.state.users.expected >= 0).sum()
    assert 0 < run.outcome().influence < influence(run.state, unchanged.state)


def test_changes_that_change_nothing_leave_the_outcome():
    parameters = Parameters.from_dict({**SMALL, **BEFORE, **EASY})
    usual = simulate(parameters, RESTLESS).outcome
    assert not math.isnan(usual.influence)
    for week in (0, 40, 120):
        assert repr(changed_run(parameters, {}, week).outcome()) == repr(usual)


def test_several_changes_act_in_turn_in_the_twin_too():
    """A change taken back before its week begins never was; later ones count from their week."""
    parameters = Parameters.from_dict({**SMALL, **BEFORE, **EASY})
    model = MovementModel(parameters, rng=RESTLESS)
    for _ in range(30):
        model.step()
    model.change({"dissatisfaction.base": 0.9})
    model.change({"dissatisfaction.base": parameters.dissatisfaction.base})
    for _ in range(30):
        model.step()
    model.change({"emergence.organisers": 200.0})
    expected = simulate(parameters.replace({"emergence.organisers": 200.0}), RESTLESS).outcome
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
