"""Several threads come to the same world as one, to the last bit."""

from unittest.mock import patch

import numpy as np
import pytest

from sim import Parameters, simulate, threads
from sim.parameters import ParameterError
from sim.state import State
from tests.sim.test_oracle import lively_world

USERS = 5_003  # in three parts, one of them small


def everything(state: State) -> bytes:
    arrays = (*state.users, *state.shareholders, state.world, state.weekly)
    return b"".join(array.tobytes() for array in arrays)


@pytest.mark.parametrize("number", [4, 6])
def test_threads_change_nothing(number):
    world = lively_world(number).replace({"users.count": USERS, "horizon": 120})
    run = simulate(world, number)
    assert run.records["joined"].sum() > 0.1  # of the users
    alone = everything(run.state)
    with patch.object(threads, "WORTHWHILE", 0):
        for count in (2, 3, 5, 10**9):  # there are three tiles
            divided = simulate(world, number, threads=count)
            assert everything(divided.state) == alone
            assert repr(divided.outcome) == repr(run.outcome)


def test_small_worlds_take_one_thread():
    assert threads.on_threads(8, threads.WORTHWHILE - 1) is threads.advance_to
    assert threads.on_threads(8, threads.WORTHWHILE) is not threads.advance_to


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "2"])
def test_an_impossible_number_of_threads_is_refused(count):
    with pytest.raises(ParameterError, match=r"threads = .* must be a whole number from 1"):
        simulate(Parameters(), threads=count)
    assert threads.check_threads(np.int64(2)) == 2
