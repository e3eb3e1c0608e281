"""What is handed to a worker, and what comes back: chunks of runs, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from experiments.design.experiment import Point
from experiments.store.parts import EMERGED, FAILED, PartWriter, RunId
from sim.parameters import Parameters

if TYPE_CHECKING:
    from experiments.cases.case import Case
    from sim.history import History


class Preparation(Protocol):
    """Makes the world of a run of what its point sets and of its own luck."""

    @property
    def digest(self) -> str:
        """What it depends on: a name, a space, and a digest."""

    def __call__(
        self, parameters: Parameters, point: Point, seed: int
    ) -> tuple[Parameters, History | None, int]:
        """Return the world of the run of a replicate, the record it follows, and its own seed."""


FRESH = 1_000_000  # from the seeds of a point to those of the next, if each has its own


@dataclass(frozen=True)
class Task:
    """What all runs of a sweep have in common."""

    writer: PartWriter
    base: Parameters
    case: Case | None
    history: dict[str, Any]  # how the case's record is followed where a point does not say
    seed: int  # of replicate 0; replicate r has seed + r at every point
    record_weekly: bool
    files: dict[str, str] = field(default_factory=dict)  # digests of files that points name
    simulate: Callable[..., Any] | None = None  # in place of sim.simulate
    prepare: Preparation | None = None  # in place of the record of the case
    time_limit: float | None = None  # seconds after which a run is given up; None: never
    code: str = ""  # digest of the code that a worker must have too; "": any
    fresh_seeds: bool = False  # whether every point has luck of its own

    def seed_of(self, run: RunId) -> int:
        """Return the seed of a run."""
        return self.seed + run.replicate + (FRESH * run.point if self.fresh_seeds else 0)


@dataclass(frozen=True)
class Chunk:
    """Runs carried out together, with the points that they need."""

    runs: tuple[RunId, ...]
    points: dict[int, Point]
    failures: int = 0  # how often its worker died
    error: str = ""  # why the runs are given up without being tried

    def only(self, runs: tuple[RunId, ...], failures: int) -> Chunk:
        """Return a chunk of some of the runs."""
        points = {run.point: self.points[run.point] for run in runs}
        return replace(self, runs=runs, points=points, failures=failures)

    def halves(self, failures: int) -> Iterator[Chunk]:
        """Yield the chunk in two."""
        middle = len(self.runs) // 2
        for runs in (self.runs[:middle], self.runs[middle:]):
            yield self.only(runs, failures)


class Done(NamedTuple):
    """What a chunk came to."""

    name: str  # of its part
    files: tuple[str, ...]  # within the result, where its tables wait to be renamed
    outcomes: dict[RunId, int]
    seconds: float
    prevented: Mapping[RunId, str] = MappingProxyType(
        {}
    )  # runs that the environment prevented, and why

    @property
    def runs(self) -> int:
        """Number of runs that have an outcome."""
        return len(self.outcomes)

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return sum(outcome == FAILED for outcome in self.outcomes.values())

    @property
    def emerged(self) -> int:
        """Number of runs in which a movement emerged."""
        return sum(outcome == EMERGED for outcome in self.outcomes.values())
