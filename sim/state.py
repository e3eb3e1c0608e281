"""What exists: the arrays and records of a run, their shapes, types and meanings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np

from sim.columns import WEEKS
from sim.network import Network


class Status(IntEnum):
    """What a user is; every user is exactly one."""

    BYSTANDER = 0
    SUPPORTER = 1
    ORGANISER = 2
    EXITED = 3  # left for a rival
    EXITED_COOP = 4  # left for the cooperative


class HolderClass(IntEnum):
    """Kind of shareholder."""

    INSTITUTIONAL = 0
    RETAIL = 1
    ETHICAL = 2


class Remedy(IntEnum):
    """What a user persuaded of the commons view asks for."""

    OWNERSHIP = 0
    REGULATION = 1
    LEAVING = 2


Singles = Annotated[np.ndarray, "f4"]
Doubles = Annotated[np.ndarray, "f8"]
Bytes = Annotated[np.ndarray, "u1"]
Shorts = Annotated[np.ndarray, "i2"]
Integers = Annotated[np.ndarray, "i4"]


class Users(NamedTuple):
    """One entry a user; n users."""

    # traits, fixed in a run
    dependence: Singles  # in [0, 1]
    sensitivity: Singles  # to causes of dissatisfaction, mean 1, in [0, 2]
    threat_sensitivity: Singles  # in [0, 1]
    ownership: Singles  # preference for democratic ownership, in [0, 1]
    cost: Singles  # of taking part, in units of motive
    wear: Singles  # how fast the user tires, against those who want to convert the firm
    goals: Annotated[np.ndarray, "f4", 3]  # (n, 3), weights of the goals, each row sums to 1
    remedy: Bytes  # a Remedy
    degree_inverse: Singles  # 1 / neighbours; 0 for a user without any
    # states
    status: Bytes  # a Status
    next_status: Bytes  # decided this week; equal to status between weeks
    fresh: Bytes  # 1 if the user has news to pass on
    aware: Bytes  # 1 if the user knows of the movement
    signed: Bytes  # 1 if the user signed the petition
    member: Bytes  # 1 if the user is in the cooperative and on the platform
    dissatisfaction: Singles  # in [0, 1]
    commons_view: Singles  # in [0, 1]
    literacy: Singles  # cooperative literacy, in [0, 1]
    active_neighbours: Integers  # supporters and organisers among neighbours
    gone_neighbours: Integers  # neighbours who left
    weeks_active: Shorts  # weeks in which the user took part
    expected: Singles  # efficacy expected at (last) joining; -1: never joined


class Shareholders(NamedTuple):
    """One entry a shareholder; m shareholders."""

    kind: Bytes  # a HolderClass
    user: Integers  # the user the holder is; -1: none
    speed: Doubles  # of trust, 1/week
    holding: Doubles  # share of the stock; sums to 1
    trust: Doubles  # in [0, 1]


WORLD = np.dtype(
    [
        # environment
        ("threat", "f8"),  # in [0, 1]
        ("closure", "f8"),  # rumour that the service closes, in [0, 1]
        ("takeover", "f8"),  # rumour of a takeover, in [0, 1]
        ("scandal", "f8"),  # in [0, 1]
        ("events", "f8"),  # attention that this week's events add or take
        ("market_return", "f8"),  # log return of the week
        ("market", "f8"),  # log index of the market, 0 at week 0
        ("people_per_agent", "f8"),  # people
        ("half_size", "f8"),  # people who take part when size counts half
        # firm
        ("demand", "f8"),  # index, 1 at week 0
        ("revenue", "f8"),  # weekly, 1 at week 0
        ("cost", "f8"),  # weekly
        ("cash", "f8"),  # weekly revenues of week 0
        ("net_income", "f8"),  # weekly, smoothed over a quarter
        ("log_price", "f8"),  # without rumours
        ("price", "f8"),  # index, 1 at week 0
        ("peak_price", "f8"),  # that today's is compared with
        ("distress", "f8"),  # in [0, 1]
        ("monetisation", "f8"),  # in [0, 1]
        ("usual_monetisation", "f8"),  # that users are used to
        ("governance_deficit", "f8"),  # in [0, 1]
        ("user_value_start", "f8"),  # mean dependence x satisfaction at week 0
        ("user_value", "f8"),  # the same now, leavers 0
        ("value_gap", "f8"),  # in [0, 1)
        # shareholders
        ("trust", "f8"),  # mean, weighted by holdings, in [0, 1]
        ("sold", "f8"),  # stock sold out of distrust last week, share
        ("ethical", "f8"),  # stock held by ethical investors, share
        # movement
        ("launched", "i8"),  # week of the launch; -1: none
        ("launch_organisers", "i8"),  # agents
        ("literacy_top", "f8"),  # literacy of the top decile at week 0
        ("efficacy", "f8"),  # in [0, 1]
        ("media", "f8"),  # attention, 0 or more
        ("acts", "f8"),  # attention drawn by the movement's own acts this week
        ("luck", "f8"),  # of the campaign, a factor
        ("petition", "i8"),  # week the petition opened; -1: not yet
        ("news_week", "i8"),  # of the last news
        ("admitted", "i8"),  # 1 if the proposal filed was admitted; -1: not decided
        ("filed_week", "i8"),
        ("potential", "i8"),  # readiness of all users to act on their own, in units of 1 / READY
        ("acting", "f8"),  # people who act on their own this week
        ("turnout", "f8"),  # for and against over the stock, at the last meeting; -1: none
        ("broker_nonvotes", "f8"),  # share of the stock present at it
        ("signatures", "i8"),  # agents
        ("filed", "i8"),  # meeting for which a proposal is filed; -1: none
        ("submissions", "i8"),
        ("barred_until", "i8"),  # first week of a meeting that may vote again
        ("support", "f8"),  # of the last vote, for / (for + against); -1: none
        ("best_support", "f8"),
        ("recognised", "i8"),  # 1 if a vote reached the threshold of resubmission
        ("study_start", "i8"),  # week the feasibility study began; -1: none
        ("yielded", "i8"),  # week management yielded to the campaign; -1: not yet
        ("for_sale", "i8"),  # week the forced sale began; -1: none
        ("closed", "i8"),  # week the service closed; -1: none
        ("pledged", "f8"),  # USD per initial user
        ("converted", "i8"),  # week of conversion; -1: none
        ("spin_off", "i8"),  # week the spin-off was founded; -1: none
        # counts of users, updated at every change of status
        ("supporters", "i8"),
        ("organisers", "i8"),
        ("exited", "i8"),
        ("exited_coop", "i8"),
        ("members", "i8"),  # of the cooperative who are on the platform
        ("joined", "i8"),  # this week
        ("joined_peers", "i8"),  # of them, with an active neighbour
        ("dropped", "i8"),  # active users who stopped being so this week
        ("new_signatures", "i8"),  # this week
        # sums over users, exact in units of 1/4096
        ("dissatisfaction_sum", "i8"),  # present users
        ("dissatisfied", "i8"),  # present users above 0.5
        ("value_sum", "i8"),  # dependence x (1 - dissatisfaction), present users
        ("commons_sum", "i8"),  # all users
        ("literacy_sum", "i8"),  # all users
        ("resonance_sum", "i8"),  # aware present users
        ("aware", "i8"),  # present users
    ]
)
"""The world's record: everything of which there is one."""

WEEK = np.dtype([(name, column.kind) for name, column in WEEKS.items()])
"""A row of the weekly table."""


READY = 2**19  # units of readiness; a tile's sum fits into 32 bits
TILE = 2048  # users taken at a time, so that what they need stays in the cache; even
_CACHE_LINE = 64  # bytes
_U8, _F4, _I4, _U1 = (np.dtype(kind) for kind in ("u8", "f4", "i4", "u1"))


class Workspace(NamedTuple):
    """Room for what a week works out and does not keep; n users."""

    words: np.ndarray  # uint64, (4, TILE / 2), luck of a tile by stream
    bits: np.ndarray  # uint32, (4, TILE), the same memory: 32 bits a user
    utility: np.ndarray  # float32, (TILE,), of taking part
    selected: np.ndarray  # int32, (n,), users whom a step selects: who change, or organise a launch
    reached: np.ndarray  # uint8, (TILE,), 1 if reached by the campaign this week
    heard: np.ndarray  # int32, (n,), users who hear of it from neighbours
    marked: np.ndarray  # uint8, (n,), 1 while a user is among them

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy or pickle it as room of the same size: ``words`` and ``bits`` stay one memory."""
        return make_workspace, (self.selected.size,)


def make_workspace(n: int) -> Workspace:
    """Return room for a week of n users."""
    words, *others = _lay_out(
        (_U8, (4, TILE // 2)), (_F4, (TILE,)), (_I4, (n,)), (_U1, (TILE,)), (_I4, (n,)), (_U1, (n,))
    )
    return Workspace(words, words.view(np.uint32), *others)


def make_arrays(kind: Any, n: int) -> Any:
    """Return `Users` or `Shareholders`: arrays of n entries each, all of them 0."""
    return kind(*_lay_out(*_arrays(kind, n)))


@lru_cache
def _arrays(kind: Any, n: int) -> tuple[tuple[np.dtype, tuple[int, ...]], ...]:
    """Return type and shape of every array of `Users` or `Shareholders`."""
    hints = get_type_hints(kind, include_extras=True).values()
    declared = (hint.__metadata__ for hint in hints)
    return tuple((np.dtype(dtype), (n, *width)) for dtype, *width in declared)


@lru_cache
def _places(arrays: tuple[tuple[np.dtype, tuple[int, ...]], ...]) -> tuple[list[int], int]:
    """Return where each array begins, and the bytes of all of them."""
    places, size = [], 0
    for kind, shape in arrays:
        places.append(size)
        length = math.prod(shape) * kind.itemsize
        size += length + -length % _CACHE_LINE
    return places, size


def _lay_out(*arrays: tuple[np.dtype, tuple[int, ...]]) -> list[np.ndarray]:
    """Return arrays of these types and shapes, all 0, in one piece of memory.

    Each begins where a line of the cache does.
    """
    places, size = _places(arrays)
    memory = np.zeros(size + _CACHE_LINE, dtype=np.uint8)
    first = -memory.__array_interface__["data"][0] % _CACHE_LINE
    return [
        np.ndarray(shape, kind, memory, first + place)
        for (kind, shape), place in zip(arrays, places, strict=True)
    ]


class State(NamedTuple):
    """A run: its network, agents, world and the weeks recorded so far."""

    network: Network
    users: Users
    workspace: Workspace
    shareholders: Shareholders
    world: np.ndarray  # WORLD, (1,)
    weekly: np.ndarray  # WEEK, (horizon + 1,)


def fork(state: State) -> State:
    """Return a copy that can take another course, after the state or instead of it.

    The two share what is fixed, their network and the users' traits, and their workspace.
    """

    def copied(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        copies = _lay_out(*((array.dtype, array.shape) for array in arrays))
        for copy, array in zip(copies, arrays, strict=True):
            copy[...] = array
        return copies

    traits = Users._fields.index("status")
    return state._replace(
        users=Users(*state.users[:traits], *copied(state.users[traits:])),
        shareholders=Shareholders(*copied(state.shareholders)),
        world=state.world.copy(),
        weekly=state.weekly.copy(),
    )
