"""Outcomes are what a plain reading of their definitions gives, in loops that share no code."""

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from sim import simulate
from sim.columns import Grade, Outcome
from sim.history import no_history
from sim.outcome import judge
from sim.parameters import Parameters
from sim.run import simulate_until
from sim.state import State, Status, fork
from sim.twin import live_as_twin
from tests import reference_outcome
from tests.sim.test_oracle import lively_world

WORLDS = range(60)


def people(state: State) -> list[SimpleNamespace]:
    """Return the users of a state as persons."""
    users = state.users
    rows = zip(users.status, users.goals, users.expected, users.weeks_active, strict=True)
    return [
        SimpleNamespace(
            status=int(status),
            goals=[float(goal) for goal in goals],
            expected=float(expected) if expected >= 0 else None,
            weeks_active=int(weeks),
        )
        for status, goals, expected, weeks in rows
    ]


def plain_outcome(parameters: Parameters, state: State, twin: State) -> dict:
    table = [{name: row[name].item() for name in row.dtype.names} for row in state.weekly]
    facts = {name: state.world[0][name].item() for name in state.world.dtype.names}
    return reference_outcome.judge(parameters, table, facts, people(state), people(twin))


def assert_same(outcome: Outcome, plain: dict, number: int) -> None:
    assert set(plain) == set(outcome._fields)
    for name, value in outcome._asdict().items():
        expected = plain[name]
        if isinstance(value, float):
            expected = pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
        assert value == expected, (number, name)


def test_outcomes_of_drawn_worlds_are_what_their_definitions_say():
    seen = defaultdict(set)
    for number in WORLDS:
        run = simulate(lively_world(number), seed=number)
        phases, horizon = [(0, run.parameters)], run.parameters.horizon
        twin = live_as_twin(phases, horizon, number, no_history(horizon), run.network)
        assert_same(run.outcome, plain_outcome(run.parameters, run.state, twin), number)
        for name, value in run.outcome._asdict().items():
            seen[name].add(value)
    assert seen["grade"] == {grade.name.lower() for grade in Grade}
    assert not [name for name, values in seen.items() if len(values) < 2]


def blocks(rng: np.random.Generator, weeks: int, values: Sequence[float]) -> np.ndarray:
    """Return a series that holds drawn values for times as long as a definition asks, or nearly."""
    lengths = rng.choice([1, 2, 11, 12, 13, 18, 19, 20, 25, 26, 27], size=weeks)
    return np.repeat(rng.choice(values, size=weeks), lengths)[:weeks]


def draw_record(rng: np.random.Generator, state: State) -> State:
    """Return a made-up run of 100 users for 1,000 people, often at the edge of a definition."""
    state = fork(state)
    weeks = len(state.weekly)
    world, weekly, users = state.world[0], state.weekly, state.users
    world["launched"] = rng.choice([-1, 0, 5, 20, 60])
    world["launch_organisers"] = rng.integers(1, 4)
    for name in ("converted", "spin_off"):
        world[name] = rng.choice([-1, -1, 50])
    world["submissions"], world["recognised"] = rng.integers(0, 3), rng.integers(0, 2)
    for name in ("best_support", "turnout", "broker_nonvotes"):
        world[name] = rng.random()
    crowds = rng.choice([1, 2, 5, 6, 7, 8, 11, 12, 13, 17, 18, 22, 23], size=2)
    organisers = blocks(rng, weeks, [0, *crowds])
    weekly["organisers"] = organisers / 100
    weekly["active"] = (organisers + blocks(rng, weeks, [0, 0, 0, 1, 3])) / 100
    weekly["people_per_agent"] = 10.0
    for name in ("admitted", "filed", "pledged"):
        weekly[name] = blocks(rng, weeks, [0, 0, 0, 0, 1])
    weekly["signatures"] = np.sort(rng.choice([0, 0, 0, 500, 1000, 1000, 1010], size=weeks))
    for name in ("joined_peers", "dropped"):
        weekly[name] = rng.integers(0, 4, size=weeks) * rng.integers(0, 2) / 100
    for name in ("aware", "literacy", "commons_view", "price", "distress", "threat", "media"):
        weekly[name] = rng.random(weeks)
    joined = rng.random(100) < rng.choice([0.05, 0.5, 0.9])
    users.expected[:] = np.where(joined, rng.random(100), -1)
    users.status[:] = rng.integers(0, len(Status), size=100)
    users.weeks_active[:] = rng.integers(0, 50, size=100)
    users.goals[:] = rng.dirichlet([1, 1, 1], size=100)
    return state


def test_outcomes_of_made_up_records_are_what_their_definitions_say():
    parameters = Parameters.from_dict({"users.count": 100, "horizon": 120})
    start = simulate_until(0, parameters).state
    grades = set()
    for number in range(300):
        rng = np.random.default_rng(number)
        state, twin = draw_record(rng, start), fork(start)
        for i in np.flatnonzero(rng.random(100) < rng.choice([0.4, 0.5, 0.6])):
            twin.users.expected[i] = state.users.expected[i]
        outcome = judge(parameters, state, lambda twin=twin: twin)
        assert_same(outcome, plain_outcome(parameters, state, twin), number)
        grades.add(outcome.grade)
    assert grades == {grade.name.lower() for grade in Grade}
