"""The users' week written in C, on the same arrays: what a compiler of C makes of it.

The model in C (``explorer/model``) holds the steps in which nine tenths of a week pass, `decide`,
`take_effect` and `spread_news`; the rest of the week is that of `sim`. It is strictly sequential C
without intrinsics or threads, and works by tiles as `sim.user_week` does.
"""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numba
import numpy as np
from llvmlite import ir

from benchmarks.full_model import pointer
from explorer.model.build import STRICT as EXACT
from explorer.model.build import library as compile_library
from explorer.model.records import WHOLE
from sim import week as weeks
from sim.history import History
from sim.state import WEEK, WORLD, State
from sim.week_inputs import WeekInputs

NATIVE = ("-O3", "-march=native")
WIDE = "-mprefer-vector-width=512"
STRICT = (*NATIVE, WIDE, *EXACT)
"""Flags that keep the results of the compiled model, to the last bit."""

FAST = (*NATIVE, "-ffast-math")
TOLERANCE = 0.005
"""How far fast mathematics may move the active share of any week: a few users change their mind
where a draw all but equals its chance, and others follow them."""

BUILDS = {"strict": STRICT, "native": NATIVE, "fast": FAST, "fast and wide": (*FAST, WIDE)}
_STEPS = ("decide", "take_effect", "spread_news")
_FLOATS = len(WeekInputs._fields) - WHOLE
_inputs = np.zeros(8 * WHOLE + 4 * _FLOATS, np.uint8)
_addresses = np.zeros(len(_STEPS) + 1, np.int64)  # of the steps, then of the state


def build(flags: tuple[str, ...] = STRICT) -> ctypes.CDLL:
    """Return the week compiled with the flags.

    Raises
    ------
    NoCompilerError
        If gcc is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        return ctypes.CDLL(str(compile_library(Path(folder), flags)))


def advance_to(
    library: ctypes.CDLL, first: int, last: int, seed: int, p: Any, history: History, state: State
) -> None:
    """Move the state on from week ``first`` to week ``last``, as `sim.week.advance_to` does."""
    arrays = structure(state)
    functions = [ctypes.cast(getattr(library, name), ctypes.c_void_p) for name in _STEPS]
    _addresses[:] = [*(each.value for each in functions), ctypes.addressof(arrays)]
    changed = _steps()
    with patch.multiple(weeks, **changed):  # a function finds its callees there when it is compiled
        changed["advance_to"](first, last, False, seed, p, history, state)


@numba.extending.intrinsic
def _call(typing_context: Any, function: Any, state: Any, inputs: Any) -> Any:
    """Call the function at an address with two addresses."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * 2).as_pointer()
        builder.call(builder.inttoptr(arguments[0], kind), arguments[1:])
        return context.get_dummy_value()

    return numba.types.void(*[numba.types.int64] * 3), generate


@cache
def _steps() -> dict[str, Any]:
    """Return the model's week with the users' week in C, from the library at `_addresses`."""
    compiled = numba.njit(error_model="numpy", _nrt=True)  # addresses become arrays
    at, at_inputs = _addresses.ctypes.data, _inputs.ctypes.data

    @compiled
    def decide(users, workspace, world, inputs):
        whole = numba.carray(pointer(at_inputs), (WHOLE,), np.int64)
        whole[0], whole[1], whole[2] = inputs.week, inputs.seed, inputs.campaigning
        whole[3], whole[4] = inputs.petition_open, inputs.waiting
        floats = numba.carray(pointer(at_inputs + 8 * WHOLE), (_FLOATS,), np.float32)
        for k, value in enumerate(inputs[WHOLE:]):
            floats[k] = value
        addresses = numba.carray(pointer(at), (4,), np.int64)
        _call(addresses[0], addresses[3], at_inputs)

    @compiled
    def take_effect(network, users, workspace, world):
        addresses = numba.carray(pointer(at), (4,), np.int64)
        _call(addresses[1], addresses[3], at_inputs)

    @compiled
    def spread_news(network, users, workspace, world, inputs):
        addresses = numba.carray(pointer(at), (4,), np.int64)
        _call(addresses[2], addresses[3], at_inputs)

    names = ("move_users", "advance", "advance_to")
    rest = {name: compiled(getattr(weeks, name).py_func) for name in names}
    steps = zip(_STEPS, (decide, take_effect, spread_news), strict=True)
    return {**dict(steps), **rest}


def differences(one: State, other: State) -> list[str]:
    """Return the columns, arrays and entries in which two runs differ in any bit."""
    pairs = {f"weekly.{name}": (one.weekly[name], other.weekly[name]) for name in WEEK.names or ()}
    pairs |= {f"world.{name}": (one.world[name], other.world[name]) for name in WORLD.names or ()}
    for group in ("users", "shareholders"):
        arrays, others = getattr(one, group), getattr(other, group)
        for name, array in zip(arrays._fields, arrays, strict=True):
            pairs[f"{group}.{name}"] = (array, getattr(others, name))
    return [name for name, (a, b) in pairs.items() if a.tobytes() != b.tobytes()]


def structure(arrays: Any) -> Any:
    """Return what a C function takes for a named tuple of arrays: a pointer to its structure."""
    entries = list(_entries(arrays))
    return (ctypes.c_int64 * len(entries))(*entries)


def _entries(arrays: Any) -> Iterator[int]:
    """Yield the length of a named tuple's first array, and where its arrays are."""
    if isinstance(arrays[0], np.ndarray):
        yield len(arrays[0])
    for each in arrays:
        if isinstance(each, np.ndarray):
            if not each.flags.c_contiguous:
                raise ValueError("an array with gaps between its entries")
            yield each.ctypes.data
        else:
            yield from _entries(each)
