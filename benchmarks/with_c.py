"""The model's week written in C, on the same arrays: what a compiler of C makes of it.

The C is in ``benchmarks/c``. What it shares with `sim` (records, arrays, choices, streams of luck,
the inputs of a week) is declared in a header written here from the declarations in `sim`, so that
the two cannot drift apart. It is strictly sequential C without intrinsics or threads, and works by
tiles as `sim.user_week` does.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from sim.history import History, no_history
from sim.parameters import Framing, Origin, Parameters, Policy, Regime, code, record_type
from sim.randomness import Stream
from sim.setup import build as build_state
from sim.state import TILE, WEEK, WORLD, HolderClass, Remedy, State, Status
from sim.week_inputs import WeekInputs

SOURCES = Path(__file__).parent / "c"
NATIVE = ("-O3", "-march=native")
WIDE = "-mprefer-vector-width=512"
STRICT = (*NATIVE, WIDE, "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
"""Flags that keep the results of the compiled model, to the last bit."""

FAST = (*NATIVE, "-ffast-math")
TOLERANCE = 0.005
"""How far fast mathematics may move the active share of any week: a few users change their mind
where a draw all but equals its chance, and others follow them."""

BUILDS = {"strict": STRICT, "native": NATIVE, "fast": FAST, "fast and wide": (*FAST, WIDE)}
ALWAYS = ("-std=c11", "-shared", "-fPIC", "-Wall", "-Wextra")
ALWAYS += ("-fno-strict-aliasing",)  # luck is written as words and read as halves of them

_TYPES = {"u1": "uint8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t"}
_TYPES |= {"u4": "uint32_t", "u8": "uint64_t", "f4": "float", "f8": "double"}
_CHOICES = (Status, HolderClass, Remedy, Stream, Origin, Framing, Policy, Regime)
_SCALARS = {int: "int64_t", bool: "bool", np.float32: "float"}
_KEYWORDS = {"signed"}


class NoCompilerError(RuntimeError):
    """There is no C compiler; the message is one line."""


def build(flags: tuple[str, ...] = STRICT) -> ctypes.CDLL:
    """Return the week compiled with the flags.

    Raises
    ------
    NoCompilerError
        If gcc is not installed.
    """
    compiler = shutil.which("gcc")
    if compiler is None:
        raise NoCompilerError("gcc is not installed (on Debian: apt install gcc libc6-dev)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "records.h").write_text(header(), encoding="ascii")
        library = Path(folder, "week.so")
        sources = sorted(str(path) for path in SOURCES.glob("*.c"))
        command = [compiler, *ALWAYS, *flags, f"-I{folder}", *sources, "-lm", "-o", str(library)]
        subprocess.run(command, check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.advance_to.restype = None
    return loaded


def advance_to(
    library: ctypes.CDLL, first: int, last: int, seed: int, p: Any, history: History, state: State
) -> None:
    """Move the state on from week ``first`` to week ``last``, as `sim.week.advance_to` does."""
    record = np.asarray(p)
    library.advance_to(
        ctypes.c_int64(first),
        ctypes.c_int64(last),
        ctypes.c_uint64(seed),
        ctypes.c_void_p(record.ctypes.data),
        structure(history),
        structure(state),
    )


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


def header() -> str:
    """Return the declarations that the C shares with `sim`."""
    small = Parameters.from_dict({"users.count": 100})
    history = no_history(small.horizon)
    state = build_state(small, small.record()[0], 0, history)
    lines = ["#include <stdbool.h>", "#include <stdint.h>", f"#define TILE {TILE}"]
    for choice in _CHOICES:
        prefix = re.sub("(?<=[a-z])(?=[A-Z])", "_", choice.__name__)
        names = ", ".join(f"{prefix}_{each.name} = {_number(each)}".upper() for each in choice)
        lines.append(f"enum {{{names}}};")
    for name, record in {"parameters": record_type(), "world": WORLD, "week": WEEK}.items():
        lines.append(f"struct {name} {{{_of_record(record)}}};")
        lines.append(f'_Static_assert(sizeof(struct {name}) == {record.itemsize}, "{name}");')
    lines += [*_of_arrays("history", history), *_of_arrays("state", state)]
    inputs = " ".join(
        f"{_SCALARS[kind]} {name};" for name, kind in get_type_hints(WeekInputs).items()
    )
    lines.append(f"struct week_inputs {{{inputs}}};")
    return "\n".join([*lines, ""])


def _number(choice: Enum) -> int:
    return choice.value if isinstance(choice.value, int) else code(choice)


def _of_record(record: np.dtype[Any]) -> str:
    """Return the members of the structure of a record."""
    members = []
    for name in record.names or ():
        kind = record[name]
        inner = f"struct {{{_of_record(kind)}}}" if kind.names else _TYPES[kind.str[1:]]
        members.append(f"{inner} {name};")
    return " ".join(members)


def _of_arrays(name: str, arrays: Any) -> list[str]:
    """Return the structures of a named tuple of arrays and of those in it, its own last."""
    lines, members = [], []
    if isinstance(arrays[0], np.ndarray):
        members.append("int64_t count;")
    for field, each in zip(arrays._fields, arrays, strict=True):
        safe = f"{field}_" if field in _KEYWORDS else field
        if not isinstance(each, np.ndarray):
            lines += _of_arrays(field, each)
            members.append(f"struct {field} {field};")
        elif each.dtype.names:
            record = "week" if each.dtype == WEEK else "world"
            members.append(f"struct {record} *{safe};")
        else:
            members.append(f"{_TYPES[each.dtype.str[1:]]} *{safe};")
    return [*lines, f"struct {name} {{{' '.join(members)}}};"]
