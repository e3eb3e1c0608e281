"""Write docs/parameters.md from the declarations in `sim.parameters`.

Run from the checkout: ``.venv/bin/python -m docs.make_parameters``
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from sim.parameters import POSITIVE, Parameters, Role, declarations

COMMAND = ".venv/bin/python -m docs.make_parameters"
TARGET = Path(__file__).with_name("parameters.md")

_INTRODUCTION = """\
# Parameters

<!-- Generated: do not edit. -->
This page is generated from [sim/parameters/groups.py](../sim/parameters/groups.py) by `{command}`.

{count} parameters: {world} describe the *world* (uncertain, nobody chooses them), {lever} are
*levers* (organisers, the firm or the researcher choose them). {form} set the *form* of a rule: at
the default the rule is that of the published results, and an experiment draws them only where it
names them. Worlds are drawn from the *plausible* ranges; "–" marks a parameter that is not drawn,
because its value is a decision of design. Values outside the *bounds* are refused. A source
*assumed* means that no figure we know of fixes the value. [ODD.md](ODD.md) says where each
parameter acts; letters in brackets are those of its equations.
"""

_HEAD = """\
| name | default | unit | plausible | bounds | role | source | meaning |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    roles = Counter(declaration.metadata["role"] for declaration in declarations().values())
    parts = [
        _INTRODUCTION.format(
            command=COMMAND,
            count=roles.total(),
            world=roles[Role.WORLD],
            lever=roles[Role.LEVER],
            form=roles[Role.FORM],
        )
    ]
    world = Parameters()
    alone = [f for f in fields(world) if not is_dataclass(getattr(world, f.name))]
    parts.append("## Run\n\n" + _HEAD + "".join(_row(f.name, f) for f in alone))
    for outer in fields(world):
        group = getattr(world, outer.name)
        if is_dataclass(group):
            rows = "".join(_row(f"{outer.name}.{inner.name}", inner) for inner in fields(group))
            parts.append(f"## {outer.name}\n\n{group.__doc__}\n\n{_HEAD}{rows}")
    return "\n".join(parts)


def _row(name: str, declaration: Field[Any]) -> str:
    about = declaration.metadata
    cells = [
        f"`{name}`",
        _value(declaration.default),
        about["unit"],
        "–" if about["plausible"] is None else _between(*about["plausible"]),
        _bounds(declaration),
        about["role"].value,
        about["source"],
        about["meaning"],
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _value(value: Any) -> str:
    """Return a value as it is written in YAML; numbers in full."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value or '""'
    number = float(value)
    return str(int(number)) if number.is_integer() else f"{number:.12f}".rstrip("0")


def _between(low: float, high: float) -> str:
    return f"{_value(low)} to {_value(high)}"


def _bounds(declaration: Field[Any]) -> str:
    if isinstance(declaration.default, Enum):
        return ", ".join(choice.value for choice in type(declaration.default))
    if isinstance(declaration.default, str):
        return "–"
    low, high = declaration.metadata["bounds"]
    if (low, high) == POSITIVE:
        return "above 0"
    if math.isinf(low) and math.isinf(high):
        return "any number"
    return f"{_value(low)} or more" if math.isinf(high) else _between(low, high)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
