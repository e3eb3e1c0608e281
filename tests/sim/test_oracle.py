"""The compiled model and the plain one in `reference_model` live through the same weeks."""

import copy
import math
from collections import Counter

import numba
import numpy as np
import pytest

from sim.compiled import exponential, f32
from sim.history import History, no_history
from sim.parameters import Framing, Origin, Parameters, Policy, Regime, Topology
from sim.run import Run, simulate
from sim.setup import build
from sim.state import State, Users
from sim.week import advance_to
from tests.reference_model import Person, ReferenceModel
from tests.worlds import NOT_DRAWN, draw_value, draw_world, shares

TOPOLOGIES = [t for t in Topology if t is not Topology.EDGE_LIST]
LIVELY = {
    "participation.cost_mean": (0.4, 0.9),
    "participation.peer_weight": (0.2, 0.8),
    "conversion.control_price": (0.5, 20.0),
    "vote.inclination_institutional": (-5.0, 2.0),
    "vote.inclination_retail": (-5.0, 2.0),
    "movement.spin_off_founders": (30.0, 300.0),
    "movement.act_rate": (0.03, 0.1),
    "exit.leave_rate": (0.01, 0.03),
    "exit.return_rate": (0.01, 0.03),
    "events.closure_week": (5, 220),
    "events.takeover_week": (5, 220),
    "events.scandal_week": (5, 220),
    "exit.rival_week": (5, 220),
    "shareholders.trust_shock_week": (5, 220),
    "threat.shock_size": (0.1, 0.5),
    "firm.cash": (0.0, 8.0),
    "firm.insolvency_rate": (0.05, 0.5),
}
"""Ranges that switch every mechanism on; the other parameters are drawn as always."""

QUICK = (4, 5, 8, 11, 21, 24, 37)
SLOW = tuple(number for number in range(36) if number not in QUICK)

MECHANISMS = {
    *("closure", "takeover", "scandal", "trust shock", "sold"),
    *("given launch", "acted", "endogenous launch", "petition", "argument", "signed"),
    *("heard", "heard from a friend", "forgotten", "dropped", "lost heart"),
    *("bystander to supporter", "bystander to organiser", "supporter to organiser"),
    *("supporter to bystander", "organiser to bystander"),
    *("bystander to exited", "supporter to exited", "organiser to exited"),
    *("bystander to exited_coop", "supporter to exited_coop", "organiser to exited_coop"),
    *("exited to bystander", "exited_coop to bystander", "spin-off", "joined and stayed"),
    *("filed", "admitted", "excluded", "vote", "lost vote", "won vote", "recognised", "barred"),
    *("settled", "conceded", "pledged", "converted"),
    *("better rival", "yielded"),
    *("for sale", "sold to others", "closed", "bought in a forced sale"),
}
"""What must happen for all of the model to be compared; if some of it no longer does after a change
of the model, choose other QUICK worlds."""


def lively_world(number: int) -> Parameters:
    """Return a drawn world in which every mechanism is on and all choices take turns."""
    changes = {
        name: draw_value(name, low, high, shares(number, name)[0], isinstance(low, int))
        for name, (low, high) in LIVELY.items()
    }
    changes |= {
        "network.topology": TOPOLOGIES[number % 4],
        "movement.origin": (Origin.GIVEN, Origin.ENDOGENOUS)[number // 2 % 2],
        "movement.framing": list(Framing)[number % 5],
        "firm.policy": list(Policy)[number % 3],
        "vote.regime": list(Regime)[number // 3 % 2],
    }
    return draw_world(number, changes)


NAMES = {
    "degree_inverse": "friend_share",
    "next_status": "plan",
    "active_neighbours": "active_friends",
    "gone_neighbours": "gone_friends",
}
"""What a person calls what an array of users calls otherwise."""

NONE = {"expected": -1}


def user_arrays(model: ReferenceModel, users: Users) -> dict[str, np.ndarray]:
    """Return the plain model's persons as the arrays of the compiled one; singles stay singles."""
    arrays = {}
    for name, compiled in users._asdict().items():
        values = [getattr(person, NAMES.get(name, name)) for person in model.people]
        array = np.array([compiled.dtype.type(NONE[name]) if v is None else v for v in values])
        arrays[name] = array if compiled.dtype == np.float32 else array.astype(compiled.dtype)
    return arrays


def holder_arrays(model: ReferenceModel) -> dict[str, np.ndarray]:
    owners = model.owners
    return {
        "kind": np.array([owner.kind for owner in owners]),
        "user": np.array([-1 if o.person is None else o.person.index for o in owners]),
        "speed": np.array([owner.speed for owner in owners]),
        "holding": np.array([owner.holding for owner in owners]),
        "trust": np.array([owner.trust for owner in owners]),
    }


def assert_same(state: State, model: ReferenceModel, first: int = 0) -> None:
    """Assert that weekly tables (from a week on), users, shareholders and the world are equal.

    Everything is equal to the last bit, the firm's doubles too: compiled code calls the same
    mathematical library, and neither reorders what is written.
    """
    for column in state.weekly.dtype.names:
        plain = [row[column] for row in model.table[first:]]
        compiled = state.weekly[column][first : model.week + 1]
        np.testing.assert_array_equal(compiled, plain, err_msg=column)
    users = user_arrays(model, state.users)
    for name, plain in users.items():
        compiled = getattr(state.users, name)
        assert plain.dtype == compiled.dtype, name
        np.testing.assert_array_equal(compiled, plain, err_msg=name)
    holders = holder_arrays(model)
    assert set(holders) == set(state.shareholders._fields)
    for name, plain in holders.items():
        np.testing.assert_array_equal(getattr(state.shareholders, name), plain, err_msg=name)
    for agent in (model, model.firm, model.movement):
        for name in set(vars(agent)) & set(state.world.dtype.names) - {"support"}:
            np.testing.assert_array_equal(state.world[0][name], getattr(agent, name), name)


def live_twice(
    parameters: Parameters, seed: int, history: History | None = None
) -> tuple[Run, ReferenceModel]:
    """Run a world compiled and plain, and assert that they are the same."""
    run = simulate(parameters, seed, history)
    model = ReferenceModel(parameters, seed, history)
    model.run()
    assert_same(run.state, model)
    return run, model


def test_whole_runs_are_the_same_and_show_every_mechanism():
    happened: Counter[str] = Counter()
    for number in QUICK:
        _, model = live_twice(lively_world(number), seed=number)
        happened += model.happened
    assert set(happened) == MECHANISMS


@pytest.mark.slow
@pytest.mark.parametrize("number", SLOW)
def test_more_whole_runs_are_the_same(number):
    live_twice(lively_world(number), seed=number)


def test_the_worlds_compared_vary():
    worlds = [lively_world(number) for number in (*QUICK, *SLOW)]
    assert len(worlds) >= 30
    assert {p.network.topology for p in worlds} == set(TOPOLOGIES)
    assert {p.movement.origin for p in worlds} == {Origin.GIVEN, Origin.ENDOGENOUS}
    assert {p.movement.framing for p in worlds} == set(Framing)
    assert {p.firm.policy for p in worlds} == set(Policy)
    assert {p.vote.regime for p in worlds} == set(Regime)
    assert all(p.horizon == 260 for p in worlds)


def made_up_history(horizon: int) -> History:
    """Return a case: known in parts, the model deciding the rest."""
    week = np.arange(horizon + 1.0)

    def known(first: int, last: int, values: np.ndarray) -> np.ndarray:
        return np.where((week >= first) & (week <= last), values, np.nan)

    price = np.exp(-0.7 * np.sin(week / 70) ** 2 + 0.05 * np.sin(week * 1.7))
    return History(
        price=known(0, 150, price / price[0]),
        revenue=known(20, 200, 1 + 0.3 * np.sin(week / 40)),
        margin=known(0, 180, -0.1 - 0.2 * np.cos(week / 30)),
        base=known(0, horizon, 1 + week / 400),
        threat=known(40, 230, 0.3 + 0.25 * np.sin(week / 25)),
        closure=np.where(abs(week - 90) < 12, 0.7, 0.0),
        takeover=np.where(abs(week - 130) < 3, 0.9, 0.0),
        scandal=np.where(abs(week - 60) < 6, 0.8, 0.0),
    )


@pytest.mark.parametrize("number", [5, pytest.param(18, marks=pytest.mark.slow)])
def test_a_recorded_case_is_the_same(number):
    parameters = lively_world(number)
    history = made_up_history(parameters.horizon)
    run, model = live_twice(parameters, number, history)
    np.testing.assert_array_equal(run.records["price"][1:151], history.price[1:151])
    assert model.happened["scandal"] > 1  # that of the case beside that of the parameters
    assert run.records["price"][-1] != simulate(parameters, number).records["price"][-1]


def test_a_world_without_a_launch_is_the_same():
    run, model = live_twice(
        lively_world(4).replace({"movement.origin": "never", "horizon": 80}), seed=4
    )
    assert run.records["active"].max() == 0
    assert model.happened["bystander to exited"]


def test_a_world_on_a_given_network_is_the_same(tmp_path):
    n = 110
    path = tmp_path / "ties.txt"
    path.write_text("\n".join(f"{i} {(i * i + k) % n}" for i in range(n) for k in (1, 5, 9)))
    changes = {"network.topology": "edge_list", "network.edge_list": str(path)}
    parameters = lively_world(0).replace({**changes, "users.count": n, "horizon": 80})
    run, model = live_twice(parameters, seed=0)
    assert run.network.offsets[-1] == sum(len(person.friends) for person in model.people)
    assert model.happened["bystander to supporter"]


@pytest.mark.parametrize("seed", [1, 7])
def test_a_launch_due_in_a_quiet_week_is_the_same(seed):
    """Acts come to represent enough people because the recorded user base grows."""
    parameters = Parameters.from_dict(
        {
            "users.count": 100,
            "users.dependence_mean": 0.8,
            "shareholders.count": 20,
            "network.mean_degree": 6.0,
            "participation.cost_mean": 0.1,
            "exit.leave_rate": 0.003,
            "movement.origin": "endogenous",
            "movement.acts_to_launch": 100.0,
            "horizon": 90,
        }
    )
    nothing = no_history(90)
    grown = nothing._replace(base=np.where(np.arange(91) >= 60, 100.0, 1.0))
    live_twice(parameters, seed, grown)


def differing(state: State, model: ReferenceModel) -> set[int]:
    """Return the users whose decisions differ between the compiled and the plain model."""
    users = user_arrays(model, state.users)
    return {
        int(i)
        for name in ("status", "aware", "signed", "fresh")
        for i in np.flatnonzero(getattr(state.users, name) != users[name])
    }


@pytest.mark.parametrize("number", QUICK)
def test_one_week_from_the_same_state_is_the_same(number):
    """Decisions may differ only where a draw all but equals its chance; none does."""
    parameters = lively_world(number)
    history = made_up_history(parameters.horizon) if number % 2 else None
    model = ReferenceModel(parameters, number, history)
    p = parameters.record()[0]
    state = build(parameters, p, number, model.history)
    before, close, different = 0, 0, 0
    for week in (12, 37, 73, 101, 137, 181, 205, 234):
        advance_to(before, week, False, number, p, model.history, state)
        model.resume(copy.deepcopy(state), week)
        model.step()
        advance_to(week, week + 1, False, number, p, model.history, state)
        before = week + 1
        close += sum(person.margin < 1e-5 for person in model.people)
        apart = differing(state, model)
        assert all(model.people[i].margin < 1e-5 for i in apart)
        different += len(apart)
        assert_same(state, model, first=week)
    assert different == 0
    assert close < 10


def test_a_week_of_a_large_world_is_the_same():
    """In the default world, with more users than a tile of sums holds."""
    changes = {"users.count": 5000, "participation.cost_mean": 0.5, "movement.launch_week": 20}
    parameters = Parameters.from_dict(changes)
    model = ReferenceModel(parameters, 11)
    p = parameters.record()[0]
    state = build(parameters, p, 11, model.history)
    assert_same(state, model)
    advance_to(0, 45, False, 11, p, model.history, state)
    model.resume(copy.deepcopy(state), 45)
    model.step()
    advance_to(45, 46, False, 11, p, model.history, state)
    assert_same(state, model, first=45)
    assert state.world[0]["joined"] > 0


def test_the_plain_model_is_plain_mesa():
    model = ReferenceModel(lively_world(0), 0)
    kinds = {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}
    assert kinds == {
        "Person": len(model.people),
        "Owner": len(model.owners),
        "Firm": 1,
        "Movement": 1,
    }
    assert not any(isinstance(value, np.ndarray) for value in vars(model.people[0]).values())
    assert len(model.agents.select(agent_type=Person)) == len(model.people)


def test_every_parameter_is_drawn():
    """Everything but the horizon, a file's name and what is 0 unless asked for is drawn."""
    one, *others = (draw_world(world).flat() for world in range(12))
    same = {name for name in one if all(other[name] == one[name] for other in others)}
    assert same == set(NOT_DRAWN)


@numba.njit
def exponentials(values):
    result = np.empty_like(values)
    for i in range(values.size):
        result[i] = exponential(values[i])
    return result


def test_exponential_is_close():
    """Its relative error is as stated, against double precision."""
    small = np.geomspace(1e-30, 87, 200_000)
    values = np.concatenate([np.linspace(-87, 87, 1_000_001), small, -small]).astype(np.float32)
    error = np.abs(exponentials(values) / np.exp(values.astype(np.float64)) - 1)
    assert error.max() < 2e-6
    assert error[np.abs(values) <= 10].max() < 4e-7
    assert exponential(f32(0)) == 1


def test_exponential_is_clipped():
    for beyond in (87.5, 100, 1e30):
        assert exponential(f32(beyond)) == exponential(f32(87)) < math.inf
        assert exponential(f32(-beyond)) == exponential(f32(-87)) > 0


def test_exponential_rises():
    """Over neighbouring numbers too, so that chances are monotonic; the last bit may waver."""
    values = np.sort(np.random.default_rng(7).uniform(-20, 20, 1_000_000).astype(np.float32))
    assert (np.diff(exponentials(values)) >= -3e-7 * exponentials(values)[1:]).all()
