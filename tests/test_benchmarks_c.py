"""The model written in C lives the same weeks: otherwise its speed would say nothing."""

import shutil

import numpy as np
import pytest

from benchmarks import with_c
from benchmarks.full_model import SEED, Live, active_world
from explorer.model.build import NoCompilerError
from sim.history import no_history
from sim.setup import build, lay_ties
from sim.state import make_workspace
from sim.week import advance_to
from tests.sim.test_oracle import QUICK, lively_world


@pytest.fixture(scope="module")
def strict():
    return with_c.build(with_c.STRICT)


@pytest.fixture(scope="module")
def fast():
    return with_c.build(with_c.FAST)


def live_twice(library, parameters, seed):
    """Return the final states of a world compiled by Numba and by a compiler of C."""
    p, network = parameters.record()[0], lay_ties(parameters, seed)
    history = no_history(parameters.horizon)
    one, other = (build(parameters, p, seed, history, network) for _ in range(2))
    advance_to(0, parameters.horizon, False, seed, p, history, one)
    with_c.advance(library, Live(p, history, other), 0, parameters.horizon, seed)
    return one, other


@pytest.mark.parametrize("number", QUICK)
def test_worlds_that_show_every_mechanism_are_the_same_to_the_last_bit(strict, number):
    assert with_c.differences(*live_twice(strict, lively_world(number), number)) == []


def test_a_world_of_several_tiles_is_the_same(strict):
    """The last tile is odd and partly filled."""
    one, other = live_twice(strict, active_world(5001), SEED)
    assert with_c.differences(one, other) == []
    assert one.weekly["active"].max() > 0.05


def test_weeks_can_be_taken_in_parts(strict):
    parameters = lively_world(8)
    p, history = parameters.record()[0], no_history(parameters.horizon)
    state = build(parameters, p, 8, history)
    with_c.advance(strict, Live(p, history, state), 0, 90, 8)
    moved = state._replace(workspace=make_workspace(parameters.users.count))
    with_c.advance(strict, Live(p, history, moved), 90, 260, 8)
    assert with_c.differences(live_twice(strict, parameters, 8)[0], moved) == []


def test_a_difference_is_told(strict):
    one, other = live_twice(strict, lively_world(4), 4)
    other.users.literacy[3] = np.nextafter(other.users.literacy[3], 2, dtype="f4")
    other.weekly["trust"][9] += 1e-9
    assert with_c.differences(one, other) == ["weekly.trust", "users.literacy"]


def test_fast_mathematics_tell_the_same_story(fast):
    """Sums in another order and products rounded once leave nearly all decisions as they are."""
    one, other = live_twice(fast, active_world(5001), SEED)
    assert with_c.differences(one, other)
    assert abs(one.weekly["active"] - other.weekly["active"]).max() <= with_c.TOLERANCE
    np.testing.assert_array_equal(
        np.isnan(one.weekly["vote_share"]), np.isnan(other.weekly["vote_share"])
    )


def test_a_missing_compiler_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoCompilerError, match=r"^gcc is not installed .*\)$"):
        with_c.build(with_c.STRICT)
