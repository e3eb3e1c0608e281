"""What a movement is, on weeks made by hand: thresholds, neighbouring definitions, grades."""

import math

import pytest

from sim.history import no_history
from sim.outcome import Outcome, influence, judge
from sim.parameters import Parameters
from sim.setup import build
from sim.state import State

HORIZON, LAUNCHED, LAUNCHERS = 80, 10, 3  # agents of ten people each


def world_of(**changes: float) -> tuple[Parameters, State]:
    """Return a launched world without any week lived, and its parameters."""
    small = {"users.count": 200, "shareholders.count": 20, "network.mean_degree": 6.0}
    parameters = Parameters.from_dict({**small, "horizon": HORIZON, **changes})
    state = build(parameters, parameters.record()[0], 3, no_history(HORIZON))
    state.weekly["people_per_agent"] = 10.0
    world = state.world[0]
    world["launched"], world["launch_organisers"] = LAUNCHED, LAUNCHERS
    return parameters, state


def organising(state: State, people: float, first: int, weeks: int) -> None:
    """Let so many people organise beyond those who launched, for weeks from the first on."""
    share = (people / 10 + LAUNCHERS) / 200
    state.weekly["organisers"][first : first + weeks] = share
    state.weekly["active"][first : first + weeks] = share


def judged(parameters: Parameters, state: State, alone: int = 0) -> Outcome:
    """Return the outcome when 100 users joined after the launch, some of them in the twin too."""
    state.users.expected[: LAUNCHERS + 100] = 0.5
    _, twin = world_of()
    twin.users.expected[: LAUNCHERS + alone] = 0.5
    return judge(parameters, state, lambda: twin)


def outcome_of(
    people: float = 100, first: int = 20, weeks: int = 19, acts: dict | None = None
) -> Outcome:
    """Return the outcome of one spell of organising, with acts by column, week and value."""
    parameters, state = world_of()
    organising(state, people, first, weeks)
    for column, (week, value) in ({"admitted": (25, 1.0)} if acts is None else acts).items():
        state.weekly[column][week:] = value if column == "signatures" else 0
        state.weekly[column][week] = value
    return judged(parameters, state)


def test_a_hundred_people_who_organise_for_nineteen_weeks_and_act_are_a_movement():
    found = outcome_of()
    assert found.emerged
    assert found.emergence_week == 20
    assert found.spell_100 == 19
    assert found.peak_organisers == 100
    assert found.grade == "movement"


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({"weeks": 18}, "flash"),
        ({"people": 90}, "dormant"),
        ({"acts": {}}, "flash"),
        ({"acts": {"admitted": (19, 1.0)}}, "flash"),  # before they organised
        ({"acts": {"admitted": (39, 1.0)}}, "flash"),  # afterwards
        ({"acts": {"filed": (25, 1.0)}}, "flash"),  # filed but not admitted
        ({"acts": {"signatures": (25, 1000.0)}}, "flash"),
        ({"acts": {"signatures": (25, 1001.0)}}, "movement"),
        ({"acts": {"signatures": (12, 1001.0)}}, "movement"),  # a petition remains
        ({"acts": {"pledged": (38, 0.5)}}, "movement"),
        ({"acts": {"admitted": (20, 1.0)}}, "movement"),
        ({"acts": {"admitted": (38, 1.0)}}, "movement"),
        ({"first": 0, "weeks": 19}, "flash"),  # ten of these weeks are before the launch
        ({"first": 62}, "movement"),  # until the horizon
        ({"first": 63}, "flash"),
    ],
)
def test_thresholds_of_a_movement(changes, grade):
    if changes.get("first", 0) > 60:
        changes = {**changes, "acts": {"admitted": (70, 1.0)}}
    found = outcome_of(**changes)
    assert found.grade == grade
    assert found.emerged == (grade == "movement")
    assert math.isnan(found.influence) != found.emerged


def test_a_break_of_one_week_ends_a_spell():
    parameters, state = world_of()
    organising(state, 100, 20, 37)
    state.weekly["admitted"][25] = 1
    organising(state, 90, 38, 1)
    found = judged(parameters, state)
    assert (found.emerged, found.spell_100, found.spell_50) == (False, 18, 37)


def test_the_first_spell_with_an_act_is_that_of_emergence():
    parameters, state = world_of()
    organising(state, 150, 15, 20)
    organising(state, 110, 40, 22)
    state.weekly["pledged"][45] = 0.2
    found = judged(parameters, state)
    assert found.emergence_week == 40
    assert (found.spell_100, found.spell_150, found.peak_organisers) == (22, 0, 150)


def test_people_are_counted_not_agents():
    """As the attentive public grows, the same agents stand for more people."""
    parameters, state = world_of()
    organising(state, 50, 20, 30)
    state.weekly["admitted"][45] = 1
    state.weekly["people_per_agent"][30:] = 20.0
    found = judged(parameters, state)
    assert (found.spell_50, found.spell_100, found.emergence_week) == (30, 20, 30)


def test_neighbouring_definitions_beside_the_headline():
    parameters, state = world_of()
    organising(state, 60, 15, 50)
    organising(state, 160, 20, 14)
    organising(state, 210, 22, 5)
    state.weekly["signatures"][18:] = 5000
    found = judged(parameters, state)
    spells_found = [found.spell_50, found.spell_100, found.spell_150, found.spell_200]
    assert spells_found == [50, 14, 14, 5]
    assert (found.emerged, found.emerged_50, found.emerged_200) == (False, True, False)
    assert (found.emerged_spell_12, found.emerged_spell_26) == (True, False)
    # 60 people are 6 of 200 agents, 3 %
    assert (found.emerged_share_1, found.emerged_share_2, found.emerged_share_5) == (1, 1, 1)
    parameters, state = world_of()
    organising(state, 40, 15, 12)
    found = judged(parameters, state)
    assert (found.emerged_share_1, found.emerged_share_2, found.emerged_share_5) == (1, 1, 0)
    organising(state, 30, 26, 1)  # 1.5 %
    found = judged(parameters, state)
    assert (found.emerged_share_1, found.emerged_share_2) == (1, 0)


# 51 of the 100 who joined would have joined alone, of 200: influence .49, at most .745
@pytest.mark.parametrize(("alone", "grade"), [(0, "movement"), (51, "movement"), (70, "mobilised")])
def test_a_movement_is_more_than_people_who_would_have_joined_by_themselves(alone, grade):
    parameters, state = world_of()
    organising(state, 100, 20, 19)
    state.weekly["admitted"][25] = 1
    found = judged(parameters, state, alone)
    assert found.emerged
    assert found.influence == pytest.approx(1 - alone / 100)
    assert found.grade == grade


def test_influence_of_nobody_is_unknown():
    _, state = world_of()
    _, twin = world_of()
    state.users.expected[:LAUNCHERS] = 0.5
    assert math.isnan(influence(state, twin))


def test_grades_are_nested():
    """Recognition is an output whatever the grade, and a grade only of a movement."""
    for weeks, alone, grade in ((19, 0, "recognised"), (19, 90, "mobilised"), (18, 0, "flash")):
        parameters, state = world_of()
        organising(state, 100, 20, weeks)
        state.weekly["admitted"][25] = 1
        state.world[0]["converted"] = -1
        state.world[0]["recognised"] = 1
        found = judged(parameters, state, alone)
        assert found.recognised
        assert found.grade == grade
        state.world[0]["converted"] = 60
        found = judged(parameters, state, alone)
        assert found.converted
        assert found.grade == "converted"


def test_the_twin_is_run_only_where_a_movement_emerged():
    parameters, state = world_of()
    organising(state, 100, 20, 18)

    def refuse() -> State:
        raise AssertionError("the twin was run")

    assert not judge(parameters, state, refuse).emerged
