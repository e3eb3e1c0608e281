"""What workers are handed and give back, in chunks safe to repeat; and which runs are done next."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from experiments.design.experiment import Point
from experiments.design.point import Points
from experiments.store.parts import EMERGED, FAILED, MISSING, PartWriter, RunId
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


PREVENTED = -3
"""What is known of a run that the environment prevents; it is never stored."""

SHORT, LONG = 2.0, 60.0  # seconds of a chunk: from the first ones to those of a long sweep
CHUNK_SHARE = 0.05  # of the time passed so far: so much is lost at most, and files stay few
LARGEST_CHUNK = 5_000  # runs
SHORTEST = 8  # times shorter than aimed at are the last chunks, at most
GROWTH = 4  # a chunk is at most so many times the one before


class Runs:
    """The runs of a sweep that are still to be done, in their order.

    Within a round they come replicate by replicate, since points of the same replicate can share a
    network. A round is planned only when the one before is done.

    Parameters
    ----------
    outcomes
        int8, (points, replicates), what is known of each run.
    plan
        Returns, from the outcomes, how many replicates each point has after the round that is due;
        what it returns does not change while that round is under way.
    """

    def __init__(self, outcomes: np.ndarray, plan: Callable[[np.ndarray], np.ndarray]) -> None:
        self.outcomes, self._plan_round = outcomes, plan
        self._begin_round()

    def __len__(self) -> int:
        """Return how many runs of this round nobody has taken."""
        return self._waiting

    @property
    def left(self) -> int:
        """Runs of this round that are not done."""
        return self._waiting + self._under_way

    def take(self, most: int) -> tuple[RunId, ...]:
        """Return the next runs; none while the last ones of a round are under way."""
        taken = tuple(itertools.islice(self._round, most))
        self._waiting -= len(taken)
        self._under_way += len(taken)
        return taken

    def done(self, outcomes: Mapping[RunId, int]) -> None:
        """Take in what runs came to."""
        self._under_way -= len(outcomes)
        for run, outcome in outcomes.items():
            self.outcomes[run.point, run.replicate] = outcome
        if not self.left:
            self._begin_round()

    def _begin_round(self) -> None:
        wanted = self._plan_round(self.outcomes)
        more = max(0, int(wanted.max(initial=0)) - self.outcomes.shape[1])
        self.outcomes = np.pad(self.outcomes, ((0, 0), (0, more)), constant_values=MISSING)
        due = np.arange(self.outcomes.shape[1]) < wanted[:, None]
        due &= self.outcomes == MISSING
        self._round: Iterator[RunId] = (
            RunId(replicate, int(point))
            for replicate in range(due.shape[1])
            for point in np.flatnonzero(due[:, replicate])
        )
        self._waiting, self._under_way = int(due.sum()), 0


class Queue:
    """Cuts the runs to do into chunks whose duration grows with the sweep's."""

    def __init__(self, runs: Runs, points: Sequence[Point], workers: int) -> None:
        self._runs, self._points, self._workers = runs, Points.of(points), workers
        self._size = 1
        self._start = time.monotonic()

    @property
    def aim(self) -> float:
        """Seconds that a chunk should take now."""
        return chunk_seconds(time.monotonic() - self._start)

    def next(self) -> Chunk | None:
        """Return the next chunk; the last ones are short, so that all workers end together."""
        fair = -(-len(self._runs) // (2 * self._workers))
        size = min(self._size, max(fair, -(-self._size // SHORTEST)))
        runs = self._runs.take(size)
        if not runs:
            return None
        numbers = list(dict.fromkeys(run.point for run in runs))
        return Chunk(runs, dict(zip(numbers, self._points.take(numbers), strict=True)))

    def learn(self, done: Done) -> None:
        """Take in what a chunk came to, and adapt the size of those to come."""
        self._runs.done(done.outcomes)
        if done.outcomes:
            fitting = int(self.aim * done.runs / max(done.seconds, 1e-6))
            self._size = max(1, min(fitting, GROWTH * max(done.runs, self._size), LARGEST_CHUNK))

    def give_up(self, run: RunId) -> None:
        """Leave a run without an outcome."""
        self._runs.done({run: PREVENTED})


def chunk_seconds(passed: float) -> float:
    """Return how long a chunk should take when a sweep has lasted so many seconds."""
    return min(max(SHORT, CHUNK_SHARE * passed), LONG)
