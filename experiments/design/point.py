"""A point, the world that an experiment runs, as what it sets by dotted name; and many of them.

A point is a plain dictionary: ``part``, dotted parameter names with the values this point sets, and
``condition.NAME`` 0 or 1 where the experiment has conditions; ``sample`` is the row of the sampled
design that its world is taken from, -1 if it is from none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any, overload

from experiments.design.experiment import Point
from experiments.design.reading import HISTORY, LABEL, DesignError, within
from sim.parameters import Parameters, Topology, declarations

if TYPE_CHECKING:
    import pyarrow as pa

CONDITION = "condition."
SAMPLE = "sample"
BATCH = 2_000  # points made into dictionaries, or out of them, at once
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
    with within(f"point {number} ({describe(point)})"):
        return base.replace(settings_of(point))


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


class Points(Sequence[dict[str, Any]]):
    """Points that cannot be changed; each is made into a dictionary when it is asked for.

    A name that a point does not set is missing (null) in its column.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @classmethod
    def of(cls, points: Iterable[dict[str, Any]]) -> Points:
        """Return points given as dictionaries."""
        import pyarrow as pa

        if isinstance(points, Points):
            return points
        listed = points if isinstance(points, Sequence) else list(points)
        values: dict[str, list[Any]] = {}
        first = 0
        for names, group in groupby(listed, key=tuple):  # points that set the same come together
            for alike in batched(group, BATCH):
                last = first + len(alike)
                rows = (point.values() for point in alike)
                for name, column in zip(names, zip(*rows, strict=True), strict=True):
                    if name not in values:
                        values[name] = [None] * len(listed)
                    values[name][first:last] = column
                first = last
        columns = {name: pa.array(values.pop(name)) for name in list(values)}
        return cls(pa.table(columns))

    @property
    def names(self) -> list[str]:
        """Names that some point sets, in order."""
        return list(self.table.column_names)

    def take(self, numbers: Sequence[int]) -> Points:
        """Return some of the points."""
        import pyarrow as pa

        return Points(self.table.take(pa.array(numbers, pa.int64())))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = self.names
        for batch in self.table.to_batches(max_chunksize=BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                yield {
                    name: value for name, value in zip(names, row, strict=True) if value is not None
                }

    @overload
    def __getitem__(self, number: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, number: slice) -> Points: ...

    def __getitem__(self, number: int | slice) -> dict[str, Any] | Points:
        if isinstance(number, slice):
            return self.take(range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return next(iter(Points(self.table.slice(number % len(self), 1))))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Points):
            return bool(self.table.equals(other.table))
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def names_of(points: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names that some point sets, in order."""
    if isinstance(points, Points):
        return points.names
    return list({name: None for point in points for name in point})
