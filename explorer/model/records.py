"""What the C has in common with `sim`: written as two headers from the declarations in `sim`."""

from __future__ import annotations

import inspect
import json
import math
import re
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from sim.columns import WEEKS
from sim.history import no_history
from sim.parameters import Framing, Origin, Parameters, Policy, Regime, Topology, declarations
from sim.randomness import Stream
from sim.setup import build
from sim.state import READY, TILE, WEEK, WORLD, HolderClass, Remedy, Status
from sim.week import observe
from sim.week_inputs import WeekInputs, week_inputs

FOLDER = Path(__file__).parent

WHOLE = 5
"""Inputs of a week that are no float32: they come first."""

OUTCOMES = (
    "emerged",
    "emergence_week",
    "peak_organisers",
    "signatures",
    "converted_week",
    "vote",
    "weeks_convert",
    "weeks_spread",
    "weeks_promote",
)
"""What a run came to."""

_TYPES = {"u1": "uint8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t"}
_TYPES |= {"u4": "uint32_t", "u8": "uint64_t", "f4": "float", "f8": "double"}
_KEYWORDS = {"signed"}
_READ = re.compile(r"\bp(?:->|\.)((?:\w+\.)?\w+)")  # a parameter, where the C reads it
_INPUTS = ("PASSED_TO_USERS", week_inputs, r"(\w+)=f32\((p|world)\.([\w.]+)\)")
_COLUMNS = ("PASSED_TO_WEEK", observe, r"row\.(\w+) = (world)\.(\w+)\n")
_ENUMERATIONS = (Status, HolderClass, Remedy, Stream, Topology, Origin, Framing, Policy, Regime)


def records() -> str:
    """Return the header that declares parameters, choices, records and arrays."""
    small = Parameters.from_dict({"users.count": 100})
    state = build(small, small.record()[0], 0, no_history(small.horizon))
    lines = ["#include <stdint.h>", f"#define TILE {TILE}", f"#define READY {READY}.0f"]
    lines += [_enumeration(kind) for kind in _ENUMERATIONS]
    lines += [*_of_record("world", WORLD), *_of_record("week", WEEK), _row_writer()]
    lines += [*_of_record("parameters", small.record().dtype), _parameter_reader()]
    lines.append(f"enum {{{', '.join(OUTCOMES).upper()}, OUTCOMES}};")
    whole, floats = WeekInputs._fields[:WHOLE], WeekInputs._fields[WHOLE:]
    members = f"int64_t {', '.join(whole)}; float {', '.join(floats)};"
    lines += [f"struct week_inputs {{{members}}};", _passed_on(*_INPUTS), _passed_on(*_COLUMNS)]
    lines += [_list_of_arrays("USERS", state.users)]
    lines += [_list_of_arrays("SHAREHOLDERS", state.shareholders)]
    return "\n".join([*lines, *_of_arrays("state", state), ""])


def _enumeration(kind: Any) -> str:
    """Return the numbers of codes, or the places of choices, which have texts as values."""
    numbers = [place if isinstance(e.value, str) else e.value for place, e in enumerate(kind)]
    names = ", ".join(f"{kind.__name__}_{e.name} = {n}" for e, n in zip(kind, numbers, strict=True))
    return f"enum {{{names.upper()}}};"


def _of_record(name: str, record: np.dtype[Any]) -> list[str]:
    check = f'_Static_assert(sizeof(struct {name}) == {record.itemsize}, "{name}");'
    return [f"struct {name} {{{_members(record)}}};", check]


def _members(record: np.dtype[Any]) -> str:
    kinds = {name: record[name] for name in record.names or ()}
    return " ".join(
        f"struct {{{_members(kind)}}} {name};" if kind.names else f"{_TYPES[kind.str[1:]]} {name};"
        for name, kind in kinds.items()
    )


def _row_writer() -> str:
    """Return the function that writes a row of the weekly table into its columns."""
    writes = " ".join(
        f"table[{k} * weeks] = (double)row->{name};" for k, name in enumerate(WEEK.names or ())
    )
    head = "static inline void write_row(const struct week *row, double *table, uintptr_t weeks)"
    return f"#define COLUMNS {len(WEEK.names or ())}\n{head} {{{writes}}}"


def _passed_on(name: str, routine: Any, pattern: str) -> str:
    """Return the macro of what a routine of `sim` takes from parameters and world as it is.

    Its source says so: the pattern finds the member, ``p`` or ``world``, and the name there.
    """
    taken = re.findall(pattern, inspect.getsource(routine.py_func))
    members = ", ".join(f".{member} = {owner}->{place}" for member, owner, place in taken)
    return f"#define {name} {members}"


def _parameter_reader() -> str:
    """Return the function that reads parameters from numbers in the order of `numbers`."""
    reads = []
    for k, name in enumerate(numbers()):
        whole = "" if isinstance(declarations()[name].default, float) else "(int64_t)"
        reads.append(f"p->{name} = {whole}values[{k}];")
    head = "static inline void read_parameters(struct parameters *p, const double *values)"
    return f"#define PARAMETERS {len(reads)}\n{head} {{{' '.join(reads)}}}"


def numbers() -> list[str]:
    """Return the parameters that are numbers or choices, in the order in which the C reads them."""
    return [name for name, each in declarations().items() if not isinstance(each.default, str)]


def _list_of_arrays(name: str, arrays: Any) -> str:
    """Return the macro that applies another one to type, name and width of each array."""
    entries = []
    for field, each in zip(arrays._fields, arrays, strict=True):
        width = math.prod(each.shape[1:])
        entries.append(f"ARRAY({_TYPES[each.dtype.str[1:]]}, {_safe(field)}, {width})")
    return f"#define {name}_ARRAYS(ARRAY) {' '.join(entries)}"


def _safe(name: str) -> str:
    return f"{name}_" if name in _KEYWORDS else name


def _of_arrays(name: str, arrays: Any) -> list[str]:
    """Return the structures of a named tuple of arrays and of those in it, its own last."""
    lines, members = [], []
    if isinstance(arrays[0], np.ndarray):
        members.append("int64_t count;")
    for field, each in zip(arrays._fields, arrays, strict=True):
        if not isinstance(each, np.ndarray):
            lines += _of_arrays(field, each)
            members.append(f"struct {field} {field};")
        elif each.dtype.names:
            record = "week" if each.dtype == WEEK else "world"
            members.append(f"struct {record} *{field};")
        else:
            members.append(f"{_TYPES[each.dtype.str[1:]]} *{_safe(field)};")
    return [*lines, f"struct {name} {{{' '.join(members)}}};"]


def description() -> dict[str, Any]:
    """Return what a page needs to know: parameters, weekly columns and outcomes, by name.

    A parameter is *ported* if the C reads it; others keep their defaults there.
    """
    sources = "".join(path.read_text() for path in FOLDER.glob("*.c"))
    read = set(_READ.findall(sources + _passed_on(*_INPUTS)))
    return {
        "parameters": [{**_parameter(name), "ported": name in read} for name in numbers()],
        "columns": {
            name: {"label": column.label, "unit": column.unit, "scale": column.scale}
            for name, column in WEEKS.items()
        },
        "outcomes": OUTCOMES,
    }


def _parameter(name: str) -> dict[str, Any]:
    declared = declarations()[name]
    found, default = declared.metadata, declared.default
    bounds = [_finite(bound) for bound in found["bounds"]]
    low, high = found["plausible"] or bounds
    told = {
        "name": name,
        "default": default.value if isinstance(default, Enum) else default,
        "low": low,
        "high": high,
        "bounds": bounds,
        "whole": isinstance(default, int),
        "label": found["label"],
        "unit": found["unit"],
        "group": name.partition(".")[0] if "." in name else "",
    }
    if isinstance(default, Enum):
        told["choices"] = [c.value for c in type(default) if c is not Topology.EDGE_LIST]
    return told


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) else None


def description_header() -> str:
    """Return the header that holds the description, as JSON."""
    text = json.dumps(description(), separators=(",", ":"))
    return f"static const char DESCRIPTION[] = {json.dumps(text)};\n"
