"""The model written in C (``explorer/model``), on the same arrays.

It is strictly sequential C without intrinsics or threads, and works by tiles as `sim.user_week`
does.
"""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.full_model import SEED, Live, active_world, begin, weeks_alone
from benchmarks.measure import MILLIONS, Section, ratios, say
from explorer.model.build import STRICT as EXACT
from explorer.model.build import library
from sim.state import WEEK, WORLD, State

NATIVE = ("-O3", "-march=native")
WIDE = "-mprefer-vector-width=512"
STRICT = (*NATIVE, WIDE, *EXACT)
"""Flags that keep the results of the compiled model, to the last bit."""

FAST = (*NATIVE, "-ffast-math")
TOLERANCE = 0.005
"""How far fast mathematics may move the active share of any week: a few users change their mind
where a draw all but equals its chance, and others follow them."""

BUILDS = {"strict": STRICT, "native": NATIVE, "fast": FAST, "fast and wide": (*FAST, WIDE)}
SIZES = {1_000: 260, 10_000: 260, 100_000: 260, 1_000_000: 60}  # weeks by users


def with_c() -> Section:
    """Measure the weeks alone, by Numba and in C."""
    flags = "; ".join(f"{name}: `{' '.join(each)}`" for name, each in BUILDS.items())
    section = Section(
        "The full model against the same model in C",
        "The weeks in C (`explorer/model`), on the same arrays in the same tiles, by gcc, in four "
        f"builds ({flags}). Checked first, over the weeks that are timed: the strict build comes "
        "to the same weekly table, users, shareholders and world to the last bit; that with fast "
        f"mathematics to active shares within {TOLERANCE}. Weeks alone, in turn, one core.",
    )
    builds = {f"C, {name}": partial(advance, build(each)) for name, each in BUILDS.items()}
    ways = {"Numba": Live.advance, **builds}
    for users, weeks in SIZES.items():
        say(f"  {users:,} users")
        live = begin(active_world(users))
        runs = {name: live.copy() for name in ways}
        for name, run in runs.items():
            ways[name](run, 0, weeks)
        _check(section, runs, users)
        samplers = {name: weeks_alone(live, 0, weeks, way) for name, way in ways.items()}
        found = section.alternate(5 if users < 1_000_000 else 3, samplers, MILLIONS, users)
        for name in builds:
            section.add(f"Numba over {name}", "×", ratios(found["Numba"], found[name]), users)
    return section


def _check(section: Section, runs: dict[str, Live], users: int) -> None:
    """Stop if a run in C differs; record how near the one with fast mathematics is."""
    numba, strict, fast = (runs[name].state for name in ("Numba", "C, strict", "C, fast"))
    if different := differences(numba, strict):
        raise RuntimeError(f"the week in C differs in {', '.join(different)}")
    apart = float(np.abs(numba.weekly["active"] - fast.weekly["active"]).max())
    if apart > TOLERANCE:
        raise RuntimeError(f"with fast mathematics the active share is {apart:.3f} away")
    same = 100 * float((numba.users.status == fast.users.status).mean())
    section.add("C, fast: final statuses that are the same", "%", [same], users)
    section.add("C, fast: furthest active share of any week", "% points", [100 * apart], users)


def build(flags: tuple[str, ...] = STRICT) -> ctypes.CDLL:
    """Return the model compiled with the flags.

    Raises
    ------
    NoCompilerError
        If gcc is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = ctypes.CDLL(str(library(Path(folder), flags)))
    found.advance_to.argtypes = [*[ctypes.c_int64] * 3, *[ctypes.c_void_p] * 2]
    return found


def advance(compiled: ctypes.CDLL, run: Live, first: int, last: int, seed: int = SEED) -> None:
    """Move a run without a recorded history on from one week to another, in C."""
    entries = list(_entries(run.state))
    state = (ctypes.c_int64 * len(entries))(*entries)
    compiled.advance_to(first, last, seed, run.p.tobytes(), state)


def _entries(arrays: Any) -> Iterator[int]:
    """Yield what the C structure of a named tuple holds: its length, and where its arrays are."""
    if isinstance(arrays[0], np.ndarray):
        yield len(arrays[0])
    for each in arrays:
        if isinstance(each, np.ndarray):
            if not each.flags.c_contiguous:
                raise ValueError("an array with gaps between its entries")
            yield each.ctypes.data
        else:
            yield from _entries(each)


def differences(one: State, other: State) -> list[str]:
    """Return the columns, arrays and entries in which two runs differ in any bit."""
    pairs = {f"weekly.{name}": (one.weekly[name], other.weekly[name]) for name in WEEK.names or ()}
    pairs |= {f"world.{name}": (one.world[name], other.world[name]) for name in WORLD.names or ()}
    for group in ("users", "shareholders"):
        arrays, others = getattr(one, group), getattr(other, group)
        for name, array in zip(arrays._fields, arrays, strict=True):
            pairs[f"{group}.{name}"] = (array, getattr(others, name))
    return [name for name, (a, b) in pairs.items() if a.tobytes() != b.tobytes()]
