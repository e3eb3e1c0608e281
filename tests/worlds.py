"""Worlds drawn at random over the plausible ranges of the parameters.

Every parameter has its own draw, a function of the world's number and the parameter's name, so
that adding a parameter leaves the others of every drawn world as they were.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy as np

from sim.parameters import Origin, Parameters, Topology, declarations
from sim.setup import lay_ties

SMALL: dict[str, tuple[float, float]] = {
    "users.count": (100, 150),
    "shareholders.count": (20, 30),
    "network.mean_degree": (4, 14),
    "users.people_per_agent": (10, 300),
}
"""Ranges that make a world cheap, its users enough people for size, petitions and votes to act."""

WEEKS: dict[str, tuple[float, float]] = {
    "movement.launch_week": (1, 120),
    "movement.petition_delay": (0, 12),
    "vote.first_meeting": (1, 60),
}
"""Ranges of what is a design decision, and so has no plausible range."""

NOT_DRAWN = ("horizon", "network.edge_list")
DATED = ("events.closure_week", "events.takeover_week", "events.scandal_week")
DATED += ("shareholders.trust_shock_week", "exit.rival_week")


def draw_value(name: str, low: float, high: float, share: float, whole: bool) -> float | int:
    """Return a value of a range at a share of it, on the log scale where it spans a decade."""
    if low > 0 and high / low >= 10:
        value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    else:
        value = low + share * (high - low)
    return round(value) if whole else min(max(value, low), high)


def shares(world: int, name: str) -> tuple[float, float]:
    """Return two independent draws from [0, 1) for a parameter of a world."""
    first, second = np.random.default_rng([world, zlib.crc32(name.encode())]).random(2)
    return float(first), float(second)


def draw_values(world: int) -> dict[str, Any]:
    """Return values by dotted name; an event is dated in every other world."""
    values: dict[str, Any] = {}
    for name, declaration in declarations().items():
        if name in NOT_DRAWN:
            continue
        share, second = shares(world, name)
        default = declaration.default
        if isinstance(default, Enum):
            choices = [c for c in type(default) if c is not Topology.EDGE_LIST]
            values[name] = choices[int(share * len(choices))]
        elif name in DATED:
            values[name] = int(1 + share * 200) if second < 0.5 else -1
        else:
            bounds = SMALL.get(name) or WEEKS.get(name) or declaration.metadata["plausible"]
            values[name] = draw_value(name, *bounds, share, isinstance(default, int))
    return values


def draw_world(world: int, changes: Mapping[str, Any] | None = None) -> Parameters:
    """Return a small world drawn over the plausible ranges, with some values given.

    Clustering that so few users with so few ties cannot have is lowered until they can.
    """
    values = {**draw_values(world), **(changes or {})}
    while True:
        parameters = Parameters.from_dict(values)
        try:
            lay_ties(parameters, world)
        except ValueError:
            values["network.clustering"] = 0.7 * parameters.network.clustering
        else:
            return parameters


def launched_world(world: int, changes: Mapping[str, Any] | None = None) -> Parameters:
    """Return a drawn world in which a movement is launched at a given week."""
    return draw_world(world, {"movement.origin": Origin.GIVEN, **(changes or {})})
