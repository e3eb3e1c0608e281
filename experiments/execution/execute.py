"""Chunks of runs, carried out by any `concurrent.futures.Executor` and safe to repeat.

A worker runs a chunk, writes it to a temporary file beside its place in the store, and answers with
a few numbers; whoever drives the sweep renames the file. So a chunk may be lost at any moment and
done again, and only the driver ever adds to a result.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.design.experiment import HISTORY, Point, settings_of
from experiments.design.points import Points
from experiments.execution.executors import ExecutionError, Workers
from experiments.store import provenance
from experiments.store.result import overdue_note, write_part
from experiments.store.runs import EMERGED, FAILED, NOT_EMERGED, RunId, Runs
from sim.history import History, no_history
from sim.parameters import Parameters

if TYPE_CHECKING:
    from experiments.cases.case import Case
    from sim.network import Network

SHORT, LONG = 2.0, 60.0  # seconds of a chunk: from the first ones to those of a long sweep
CHUNK_SHARE = 0.05  # of the time passed so far: so much is lost at most, and files stay few
LARGEST_CHUNK = 5_000  # runs
SHORTEST = 8  # times shorter than aimed at are the last chunks, at most
GROWTH = 4  # a chunk is at most so many times the one before
FAILURES = 3  # deaths of a chunk's worker after which the chunk runs alone
LAST_FAILURES = FAILURES + 2  # deaths after which a single run is given up
SHARED_POINTS = 2_000  # remembered by a worker
LONGEST_ERROR = 300  # characters
LEVELS = 5  # paths of a history that are levels; the rest are events
DIED = "the worker process died (killed, crashed or out of memory)"
OVERDUE = "the run did not end within {:g} s (time_limit)"
COMPILING = "compiling the model: about 15 seconds, once"


class OverdueError(Exception):
    """A run of the chunk took too long before: it is not tried again."""


@dataclass(frozen=True)
class Task:
    """What all runs of a sweep have in common."""

    folder: str  # of the result
    identity: str  # of the result
    base: Parameters
    case: Case | None
    history: dict[str, Any]  # how the case's record is followed where a point does not say
    seed: int  # of replicate 0; replicate r has seed + r at every point
    columns: tuple[str, ...]  # what varies: parameters, then history
    conditions: tuple[str, ...]  # condition columns
    marks: tuple[str, ...]  # columns that name a point: its label, its row of a sampled design
    record_weekly: bool
    simulate: Callable[..., Any] | None = None  # in place of sim.simulate
    time_limit: float | None = None  # seconds after which a run is given up; None: never
    code: str = ""  # digest of the code that a worker must have too; "": any


@dataclass(frozen=True)
class Chunk:
    """Runs carried out together; it brings along the points it needs."""

    runs: tuple[RunId, ...]
    points: dict[int, Point]
    failures: int = 0  # how often its worker died
    error: str = ""  # why the runs are given up without being tried

    def halves(self) -> Iterator[Chunk]:
        """Yield the chunk in two."""
        middle = len(self.runs) // 2
        for runs in (self.runs[:middle], self.runs[middle:]):
            points = {run.point: self.points[run.point] for run in runs}
            yield replace(self, runs=runs, points=points, failures=FAILURES)

    def without(self, run: RunId) -> Chunk:
        """Return the chunk with one run less."""
        return replace(self, runs=tuple(each for each in self.runs if each != run))


class Done(NamedTuple):
    """What a chunk came to."""

    name: str  # of its file
    files: tuple[str, ...]  # within the result, where its tables wait to be renamed
    outcomes: dict[RunId, int]
    seconds: float

    @property
    def runs(self) -> int:
        """Runs there are."""
        return len(self.outcomes)

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return sum(outcome == FAILED for outcome in self.outcomes.values())

    @property
    def emerged(self) -> int:
        """Runs in which a movement emerged."""
        return sum(outcome == EMERGED for outcome in self.outcomes.values())


def is_cold() -> bool:
    """Return whether no compiled code is kept for the present sources."""
    from sim.code_cache import holds

    return not holds("sim.week.advance_to")  # which calls all the others


# -- in a worker -----------------------------------------------------------------------------------


@dataclass
class _Shared:
    """What runs in one process share: worlds, records of the case, and the last network.

    ``base`` holds the values, by name, of what a point does not set.
    """

    identity: str = ""
    base: dict[str, Any] = field(default_factory=dict)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    worlds: dict[int, Parameters] = field(default_factory=dict)
    histories: dict[tuple[Any, ...], History | None] = field(default_factory=dict)
    network: tuple[Any, Network] | None = None


class _OfThread(threading.local):
    """A worker may have several threads, each with a chunk of its own."""

    def __init__(self) -> None:
        self.shared = _Shared()


_own = _OfThread()


def work(task: Task, chunk: Chunk) -> Done:
    """Carry out a chunk and leave its rows in a temporary file.

    Raises
    ------
    ExecutionError
        If this process has other code than the sweep began with.
    StoreError
        If the file cannot be written.
    """
    if task.time_limit is not None and overdue_note(task.folder, chunk.runs).exists():
        raise OverdueError  # Dask gives a chunk to another worker before it tells the driver
    if task.code and task.code != provenance.worker_digest():
        raise ExecutionError(
            "a worker has other code (sim/, experiments/) than this sweep began with: it was "
            "edited meanwhile, or the worker runs another checkout"
        )
    if _own.shared.identity != task.identity or len(_own.shared.columns) > SHARED_POINTS:
        _own.shared = _Shared(task.identity, {**task.base.flat(), **task.history})
    start = time.perf_counter()
    rows, weekly = [], []
    if task.time_limit is not None:
        _load_compiled_code()
    with _Watchdog(task, chunk) as watchdog:
        for run in chunk.runs:
            watchdog.begin(run)
            row, records = _run(task, chunk.points[run.point], run, chunk.error)
            rows.append(row)
            if records is not None:
                weekly.append((run, records))
    name, files = write_part(task, chunk.runs, rows, weekly)
    outcomes = dict(zip(chunk.runs, map(_outcome, rows), strict=True))
    return Done(name, files, outcomes, time.perf_counter() - start)


def _outcome(row: Mapping[str, Any]) -> int:
    if row["error"]:
        return FAILED
    return EMERGED if row.get("emerged") else NOT_EMERGED


@cache
def _load_compiled_code() -> None:
    """Have the model compiled and loaded, which takes longer than a run may."""
    from sim.run import simulate

    simulate(Parameters.from_dict({"users.count": 50, "horizon": 60}))


class _Watchdog:
    """Ends this process when a run takes longer than the sweep allows, and notes which it was.

    Compiled code cannot be interrupted, but lets other threads run.
    """

    def __init__(self, task: Task, chunk: Chunk) -> None:
        self._limit, self._note = task.time_limit, overdue_note(task.folder, chunk.runs)
        self._run, self._since = chunk.runs[0], time.monotonic()
        self._over = threading.Event()

    def __enter__(self) -> _Watchdog:
        if self._limit is not None:
            threading.Thread(target=self._watch, args=(self._limit,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def begin(self, run: RunId) -> None:
        self._run, self._since = run, time.monotonic()

    def _watch(self, limit: float) -> None:
        limit = min(limit, threading.TIMEOUT_MAX / 2)
        while not self._over.wait(max(0.0, self._since + limit - time.monotonic())):
            if time.monotonic() >= self._since + limit:
                with suppress(OSError):  # without a note the run is found by halving its chunk
                    self._note.write_text(f"{self._run.replicate} {self._run.point}")
                os._exit(1)


def _run(
    task: Task, point: Point, run: RunId, error: str
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Return a run's row and, if they are kept, its weekly records."""
    seed = task.seed + run.replicate
    row = dict(_columns(task, point, run.point))
    row |= {"replicate": run.replicate, "seed": seed, "error": error}
    if error:
        return row, None
    start = time.perf_counter()
    records = None
    try:
        parameters = _world(task, point, run.point)
        history = _history(task, point, parameters.horizon)
        if task.simulate is None:
            from sim.run import simulate

            result = simulate(parameters, seed, history, _network(parameters, seed))
        else:
            result = task.simulate(parameters, seed, history)
        row |= result.outcome._asdict()
        records = result.records if task.record_weekly else None
    except Exception as problem:  # whatever it is, it concerns this run alone
        if isinstance(problem.__cause__, KeyboardInterrupt):  # it came while compiled code ran
            raise KeyboardInterrupt from None
        text = f"{type(problem).__name__}: {problem}"
        row["error"] = " ".join(text.split())[:LONGEST_ERROR]
    row["duration_s"] = time.perf_counter() - start
    return row, records


def _columns(task: Task, point: Point, number: int) -> dict[str, Any]:
    """Return what the rows of a point say of it."""
    if number not in _own.shared.columns:
        names = ["part", *task.columns, *task.conditions, *task.marks]
        values = {name: point.get(name, _own.shared.base.get(name)) for name in names}
        _own.shared.columns[number] = values | {"point": number}
    return _own.shared.columns[number]


def _world(task: Task, point: Point, number: int) -> Parameters:
    if number not in _own.shared.worlds:
        _own.shared.worlds[number] = task.base.replace(settings_of(point))
    return _own.shared.worlds[number]


def _history(task: Task, point: Point, horizon: int) -> History | None:
    choices = {name: point.get(name, given) for name, given in task.history.items()}
    key = (horizon, *choices.values())
    if key not in _own.shared.histories:
        _own.shared.histories[key] = point_history(task.case, choices, horizon)
    return _own.shared.histories[key]


def _network(parameters: Parameters, seed: int) -> Network:
    """Return the run's network; runs of one replicate with the same kind of network share it."""
    from sim.setup import lay_ties

    key = (seed, parameters.users.count, parameters.network)
    if _own.shared.network is None or _own.shared.network[0] != key:
        _own.shared.network = (key, lay_ties(parameters, seed))
    return _own.shared.network[1]


def point_history(case: Case | None, point: Mapping[str, Any], horizon: int) -> History | None:
    """Return the record a point follows, changed as the point says; None for no record.

    A path that comes *k* weeks later starts with *k* weeks at its first value. A frozen record has
    no trend and no events: all weeks are alike.
    """
    choices = {name: point.get(name, default) for name, default in HISTORY.items()}
    if case is None or not choices["history.recorded"]:
        return None
    frozen = choices["history.frozen_week"]
    if frozen >= 0:
        levels = case.history(frozen)[:LEVELS]
        held = [np.full(horizon + 1, series[frozen]) for series in levels]
        return History(*held, *no_history(horizon)[LEVELS:])
    price, threat = choices["history.price_shift"], choices["history.threat_shift"]
    history = case.history(horizon + max(0, -price, -threat))

    def shifted(series: np.ndarray, weeks: int) -> np.ndarray:
        source = np.arange(horizon + 1) - weeks
        return np.asarray(series[np.clip(source, 0, None)])

    moved = {"price": price, "revenue": price, "margin": price, "threat": threat}
    paths = zip(History._fields, history, strict=True)
    return History(*(shifted(series, moved.get(name, 0)) for name, series in paths))


# -- in the driver ---------------------------------------------------------------------------------


def chunk_seconds(passed: float) -> float:
    """Return how long a chunk should take, when so many seconds have passed since the start."""
    return min(max(SHORT, CHUNK_SHARE * passed), LONG)


class _Queue:
    """The runs to do, cut into chunks by the rate seen so far."""

    def __init__(self, runs: Runs, points: Sequence[Point], workers: int) -> None:
        self._runs, self._points, self._workers = runs, Points.of(points), workers
        self._size = 1
        self._start = time.monotonic()

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
        aim = chunk_seconds(time.monotonic() - self._start)
        fitting = int(aim * done.runs / max(done.seconds, 1e-6))
        self._size = max(1, min(fitting, GROWTH * max(done.runs, self._size), LARGEST_CHUNK))


def execute(
    task: Task, points: Sequence[Point], runs: Runs, workers: Workers
) -> Generator[Done | None]:
    """Carry out runs and yield what each chunk came to; None now and then while nothing is done.

    A chunk whose worker dies is done again; after the third time it runs alone, in ever smaller
    pieces, until the run that kills its worker is found, which becomes a row with its error, as
    does a run that takes longer than the task allows. The workers are stopped in the end.
    """
    try:
        yield from _execute(task, _Queue(runs, points, workers.width), workers)
    finally:
        workers.stop()


def _execute(task: Task, queue: _Queue, workers: Workers) -> Iterator[Done | None]:
    again: deque[Chunk] = deque()
    suspects: deque[Chunk] = deque()
    running: dict[Future[Done], Chunk] = {}
    while True:
        lost: list[Chunk] = []
        while len(running) < workers.width and not lost:
            chunk = again.popleft() if again else queue.next()
            if chunk is None and suspects and not running:
                chunk = suspects.popleft()
            if chunk is None:
                break
            try:
                running[workers.submit(work, task, chunk)] = chunk
            except workers.deaths:
                lost.append(chunk)
            if chunk.failures >= FAILURES:
                break
        if not running and not lost:
            return
        finished = wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done
        deaths = {future for future in finished if _died(future, workers)}
        if workers.fails_together and (lost or deaths):
            finished = wait(running).done
            deaths = {future for future in finished if _died(future, workers)}
        lost += [running.pop(future) for future in deaths]
        for future in finished - deaths:
            done = future.result()
            del running[future]
            queue.learn(done)
            yield done
        if not finished:
            workers.check()
            yield None
        if lost:
            workers.restart()
            for done in _after_deaths(task, lost, again, suspects):
                queue.learn(done)
                yield done


def _died(future: Future[Done], workers: Workers) -> bool:
    """Return whether the worker of a chunk died."""
    try:
        return isinstance(future.exception(), (OverdueError, *workers.deaths))
    except CancelledError:
        raise workers.gone() from None


def _after_deaths(
    task: Task, lost: Sequence[Chunk], again: deque[Chunk], suspects: deque[Chunk]
) -> Iterator[Done]:
    """Decide what becomes of chunks whose workers died."""
    overdue = [_overdue(task, chunk) for chunk in lost]
    for chunk, run in zip(lost, overdue, strict=True):
        if run is not None:
            yield _given_up(task, chunk, run, OVERDUE.format(task.time_limit))
            chunk = chunk.without(run)
        if any(overdue):  # the others' workers died with those of runs that did not end
            if chunk.runs:
                (again if chunk.failures < FAILURES else suspects).append(chunk)
            continue
        chunk = replace(chunk, failures=chunk.failures + 1)
        if chunk.failures < FAILURES:
            again.append(chunk)
        elif chunk.failures == FAILURES:
            suspects.append(chunk)  # it may have died for another's fault: next time it is alone
        elif len(chunk.runs) > 1:
            suspects.extend(chunk.halves())
        elif chunk.failures < LAST_FAILURES:
            suspects.append(chunk)
        else:
            yield _given_up(task, chunk, chunk.runs[0], DIED)


def _overdue(task: Task, chunk: Chunk) -> RunId | None:
    """Return the run of a lost chunk that took too long; None if its worker died otherwise."""
    note = overdue_note(task.folder, chunk.runs)
    try:
        replicate, point = note.read_text().split()
        note.unlink()
    except (OSError, ValueError):
        return None
    return RunId(int(replicate), int(point))


def _given_up(task: Task, chunk: Chunk, run: RunId, error: str) -> Done:
    """Write the row of a run that is given up."""
    return work(replace(task, time_limit=None), replace(chunk, runs=(run,), error=error))
