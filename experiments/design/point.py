"""A point: the world that an experiment runs, as what it sets by dotted name.

A point is a plain dictionary: ``part``, dotted parameter names with the values this point sets, and
``condition.NAME`` 0 or 1 where the experiment has conditions; ``sample`` is the row of the sampled
design that its world is taken from, -1 if it is from none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from experiments.design.experiment import Point
from experiments.design.factorial import CONDITION
from experiments.design.points import names_of
from experiments.design.reading import HISTORY, DesignError
from experiments.design.values import LABEL
from sim.parameters import ParameterError, Parameters, Topology, declarations

SAMPLE = "sample"
UNSAMPLED = -1
MOST_DESCRIBED = 8  # values of a point in words

TOGETHER = (
    "horizon", "movement.origin", "movement.launch_week", "movement.organisers",
    "shareholders.institutional_share", "shareholders.ethical_share", "users.count",
    "users.people_per_agent", "network.topology", "network.edge_list",
)  # fmt: skip
"""Parameters whose values must fit each other; those of all others are valid or not by themselves.

A test compares them with what `sim.parameters.Parameters` reads when it compares values.
"""


def distinct_worlds(
    base: Parameters, points: Iterable[Point]
) -> Iterator[tuple[int, Point, Parameters]]:
    """Yield points that differ in what must fit each other, and refuse those that are no worlds.

    Each value has been checked by itself where it was written or drawn; so it is enough to build
    the world of one point for each combination of values in `TOGETHER`, of the network, and of how
    the record of a case is followed. Of a hundred thousand points these are a few thousand.

    Parameters
    ----------
    base
        What the points do not set.
    points
        From `experiments.design.draw`.

    Yields
    ------
    Number of the point, the point, and a world that has these values in common with the point's.

    Raises
    ------
    DesignError
        Naming the first point that is no world, and what is wrong with its values.
    """
    networks = [name for name in declarations() if name.startswith("network.")]
    names = dict.fromkeys([*TOGETHER, *networks, *HISTORY])
    seen = set()
    for number, point in enumerate(points):
        values = tuple(map(point.get, names))
        if values in seen:
            continue
        seen.add(values)
        given = {name: point[name] for name in names if name in point}
        world = build(base, {"part": point["part"], **given}, number)
        if "network.edge_list" in point and world.network.topology is not Topology.EDGE_LIST:
            raise DesignError(
                f"point {number} ({describe(point)}): network.edge_list has no effect with "
                f"network.topology={world.network.topology.value}; set network.topology=edge_list"
            )
        yield number, point, world


def build(base: Parameters, point: Point, number: int) -> Parameters:
    """Return the world of a point.

    Raises
    ------
    DesignError
        Naming the point and what is wrong with its values.
    """
    try:
        return base.replace(settings_of(point))
    except ParameterError as error:
        raise DesignError(f"point {number} ({describe(point)}): {error}") from None


def settings_of(point: Point) -> dict[str, Any]:
    """Return the parameters a point sets, by dotted name."""
    return {name: value for name, value in point.items() if name in declarations()}


def varied(points: Iterable[Point]) -> list[str]:
    """Return the names of all that some point sets, parameters and history, in order."""
    return [name for name in names_of(points) if name in declarations() or name in HISTORY]


def conditions_of(points: Iterable[Point]) -> list[str]:
    """Return the names of the condition columns, in order."""
    return [name for name in names_of(points) if name.startswith(CONDITION)]


def marks_of(points: Iterable[Point]) -> list[str]:
    """Return the names of the columns that name a point: its label, its row of a sampled design."""
    found = names_of(points)
    return [name for name in (LABEL, SAMPLE) if name in found]


def describe(point: Point) -> str:
    """Return a point in words: its part and what it sets."""
    rest = [
        f"{name}={value}"
        for name, value in point.items()
        if name not in ("part", LABEL) and not name.startswith(CONDITION)
    ]
    if len(rest) > MOST_DESCRIBED:
        rest[MOST_DESCRIBED:] = [f"{len(rest) - MOST_DESCRIBED} more values"]
    return ", ".join([f"part {point['part']}", *rest])
