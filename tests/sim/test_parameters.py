"""Worlds as values: built, changed and handed to the compiled rules."""

from dataclasses import FrozenInstanceError
from enum import Enum
from operator import attrgetter

import pytest

from sim.parameters import ParameterError, Parameters, code, declarations
from tests.worlds import draw_world


@pytest.mark.parametrize("number", range(5))
def test_a_record_has_every_number_under_its_name(number):
    parameters = draw_world(number)
    record = parameters.record()[0]
    numbers = [name for name, each in declarations().items() if not isinstance(each.default, str)]
    for name in numbers:
        outer, _, inner = name.partition(".")
        given = attrgetter(name)(parameters)
        held = record[outer][inner] if inner else record[outer]
        assert held == (code(given) if isinstance(given, Enum) else given), name


def test_names_may_be_nested_or_dotted():
    nested = Parameters.from_dict({"users": {"count": 90, "dependence_mean": 0.5}, "horizon": 80})
    dotted = {"users.count": 90, "users.dependence_mean": 0.5, "horizon": 80}
    assert nested == Parameters.from_dict(dotted) == Parameters().replace(dotted)
    assert Parameters.from_dict(nested.to_dict()) == Parameters.from_dict(nested.flat()) == nested


def test_a_changed_world_leaves_the_one_it_came_from():
    world = Parameters()
    before = world.flat()
    changed = world.replace({"firm.cash": 3, "firm.policy": "resist", "horizon": 300})
    differing = {name for name, value in changed.flat().items() if value != before[name]}
    assert differing == {"firm.cash", "firm.policy", "horizon"}
    assert world.flat() == before
    with pytest.raises(FrozenInstanceError):
        changed.users.count = 5  # the two share their users


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"firm.cahs": 3}, "did you mean firm.cash"),
        ({"users.count": -1}, "users.count = -1 is out of range"),
        ({"users.count": 1.5}, "users.count = 1.5 must be a whole number"),
        ({"firm.policy": "resits"}, "did you mean resist"),
        ({"horizon": 20, "movement.launch_week": 30}, "movement.launch_week = 30 is after"),
    ],
)
def test_a_change_is_validated_like_a_world(changes, message):
    for make in (Parameters().replace, Parameters.from_dict):
        with pytest.raises(ParameterError, match=message):
            make(changes)


def test_a_world_is_validated_however_it_is_built():
    users = type(Parameters().users)(count=-1)
    with pytest.raises(ParameterError, match=r"users\.count = -1 is out of range"):
        Parameters(users=users)


@pytest.mark.parametrize("values", [None, [("users.count", 3)], 3, "users.count=3"])
def test_values_come_as_a_dict(values):
    with pytest.raises(ParameterError, match="must be a dict"):
        Parameters.from_dict(values)
    with pytest.raises(ParameterError, match="must be a dict"):
        Parameters().replace(values)


@pytest.mark.parametrize("name", ["threat.base", "users.count"])
def test_a_number_too_large_for_any_library_is_out_of_range(name):
    with pytest.raises(ParameterError, match=f"{name}: a number of 1329 bits is out of range"):
        Parameters.from_dict({name: 10**400})


def test_a_group_is_no_number():
    with pytest.raises(ParameterError, match="users = 3 is no group of parameters"):
        Parameters(users=3)
