"""The full model as it is measured: the one module here that touches what is inside `sim`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

import numba
import numpy as np

from benchmarks.measure import rate
from sim import week as weeks
from sim.compiled import Compiled
from sim.history import History, no_history
from sim.network import Network
from sim.parameters import Parameters
from sim.setup import build, lay_ties
from sim.state import State, fork

LUCK = range(7, 31)  # seeds of the campaigns in which patterns are looked for
SEED = 23  # of these, the luck with which the movement is most active
AT_ONCE = 100_000  # users of the copies of a run that are moved on in one sample, at least
PEOPLE = 100_000.0  # whom the users stand for, however many they are: those of the default world


def active_world(users: int, mean_degree: float = 16.0) -> Parameters:
    """Return a world that the patterns allow, where a launch finds about as much support as it may.

    Signatures come early, activity fades and organisers are few, as in real campaigns: the patterns
    that may set defaults (``conf/pattern``; 4, 7 and 8) hold over `LUCK`. With more discontent, or
    a firm that declines faster, the median campaign fades too little.
    """
    return Parameters.from_dict(
        {
            "users.count": users,
            "users.people_per_agent": PEOPLE / users,
            "network.mean_degree": mean_degree,
            "dissatisfaction.base": 0.2,
            "firm.decline_rate": 0.01,
            "media.launch_gain": 5.0,
            "movement.launch_week": 26,
        }
    )


def former_world(users: int) -> Parameters:
    """Return the world that was measured before: plausible ranges allow it, the patterns do not.

    The movement does not fade.
    """
    return Parameters.from_dict(
        {
            "users.count": users,
            "users.people_per_agent": 20_000.0 / users,
            "firm.decline_start": 0,
            "firm.decline_rate": 0.01,
            "dissatisfaction.base": 0.5,
            "threat.base": 0.6,
            "movement.launch_week": 26,
            "movement.organisers": 200.0,
            "media.launch_gain": 5.0,
            "media.event_gain": 1.5,
            "media.luck": 0.0,
        }
    )


class Live(NamedTuple):
    """A run that can be moved on."""

    p: Any  # the record of its parameters
    history: History
    state: State

    def advance(self, first: int, last: int) -> None:
        """Move on from one week to another."""
        weeks.advance_to(first, last, False, SEED, self.p, self.history, self.state)

    def copy(self) -> Live:
        """Return a run of its own at the same week, on the same network."""
        state = fork(self.state)
        return self._replace(state=state)

    @property
    def bytes_held(self) -> int:
        """Bytes of the users' arrays, of the room to work in, and of the network."""
        users, room, network = self.state.users, self.state.workspace, self.state.network
        own = (array for name, array in room._asdict().items() if name != "bits")  # words once more
        return sum(array.nbytes for array in (*users, *own, *network))


def weeks_alone(
    live: Live, first: int, last: int, advance: Callable[[Live, int, int], None] = Live.advance
) -> Callable[[int], float]:
    """Return a sampler of million user-weeks/s, the state being there."""
    users = live.state.users.status.size
    copies = max(1, AT_ONCE // users)
    return rate(
        copies * users * (last - first),
        lambda runs: [advance(run, first, last) for run in runs],
        lambda _: [live.copy() for _ in range(copies)],
    )


def begin(parameters: Parameters, network: Network | None = None) -> Live:
    """Return a run at week 0."""
    p, history = parameters.record()[0], no_history(parameters.horizon)
    return Live(p, history, build(parameters, p, SEED, history, network))


def lay(parameters: Parameters) -> Network:
    """Return the network of a world."""
    return lay_ties(parameters, SEED)


# -- time by mechanism -----------------------------------------------------------------------------

_MONOTONIC = 1
_clock = ctypes.CDLL(None).clock_gettime
_clock.argtypes, _clock.restype = [ctypes.c_int, ctypes.c_void_p], ctypes.c_int


@numba.extending.intrinsic
def pointer(typing_context: Any, address: Any) -> Any:
    """Return an address as a pointer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(numba.types.voidptr))

    return numba.types.voidptr(address), generate


def _timed(function: Any, address: int, place: int) -> Any:
    """Return a compiled function that adds its nanoseconds to an entry of an array."""

    @numba.njit(error_model="numpy", _nrt=True)  # else it is that of the week, which has no arrays
    def run(*arguments):
        times = numba.carray(pointer(address), (64,), np.int64)
        _clock(_MONOTONIC, times.ctypes)
        start = times[0] * 1_000_000_000 + times[1]
        result = function(*arguments)
        _clock(_MONOTONIC, times.ctypes)
        times[place] += times[0] * 1_000_000_000 + times[1] - start
        return result

    return run


def _called(function: Any) -> list[str]:
    """Return the compiled functions of the model that a routine of the week calls by name."""
    names = function.py_func.__code__.co_names
    return [name for name in names if isinstance(getattr(weeks, name, None), Compiled)]


@contextmanager
def clocks() -> Iterator[tuple[Any, dict[str, int], np.ndarray]]:
    """Yield the week with a clock around each of its steps.

    What it yields is a compiled ``advance_to``, the places of the steps, and the array that has
    their nanoseconds. The users' week is taken apart into its own steps.
    """
    times = np.zeros(64, np.int64)
    stages = ("begin_week", "move_users", "end_week")
    steps = [name for stage in stages for name in _called(getattr(weeks, stage))]
    places = {name: place for place, name in enumerate(steps, start=2)}
    timed = {
        name: _timed(getattr(weeks, name), times.ctypes.data, place)
        for name, place in places.items()
    }
    compiled = numba.njit(error_model="numpy")
    # a function takes its callees from the module when it is compiled, at its first call
    timed |= {name: compiled(getattr(weeks, name).py_func) for name in (*stages, "advance")}
    with patch.multiple(weeks, **timed):
        yield compiled(weeks.advance_to.py_func), places, times
