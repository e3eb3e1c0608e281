"""The points of a design, by column: a number takes eight bytes, in a dictionary some hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 2_000  # points made into dictionaries, or out of them, at once


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
