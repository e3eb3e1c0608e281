"""Outcomes are what a plain reading of their definitions gives, in loops that share no code."""

from collections import defaultdict
from types import SimpleNamespace

import pytest

from sim import simulate
from sim.columns import Grade
from sim.history import no_history
from sim.run import Run
from sim.state import State
from sim.twin import live_as_twin
from tests.reference_outcome import judge
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


def plain_outcome(run: Run) -> dict:
    state, p = run.state, run.parameters
    twin = live_as_twin([(0, p)], p.horizon, run.seed, no_history(p.horizon), state.network)
    table = [{name: row[name].item() for name in row.dtype.names} for row in state.weekly]
    facts = {name: state.world[0][name].item() for name in state.world.dtype.names}
    return judge(p, table, facts, people(state), people(twin))


def test_outcomes_of_drawn_worlds_are_what_their_definitions_say():
    seen = defaultdict(set)
    for number in WORLDS:
        run = simulate(lively_world(number), seed=number)
        plain, outcome = plain_outcome(run), run.outcome._asdict()
        assert set(plain) == set(outcome)
        for name, value in outcome.items():
            expected = plain[name]
            if isinstance(value, float):
                expected = pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
            assert value == expected, (number, name)
            seen[name].add(value)
    assert seen["grade"] == {grade.name.lower() for grade in Grade}
    assert not [name for name, values in seen.items() if len(values) < 2]
