"""Chunks of runs, carried out by any `concurrent.futures.Executor` and safe to repeat.

A worker runs a chunk, writes it to a temporary file beside its place in the store, and answers with
a few numbers; whoever drives the sweep renames the file. So a chunk may be lost at any moment and
done again, and only the driver ever adds to a result.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.design import HISTORY, Point, settings_of
from experiments.store import write_part
from sim.history import History, no_history
from sim.parameters import Parameters

if TYPE_CHECKING:
    from experiments.case import Case
    from sim.network import Network

CHUNK_SECONDS = 2.0  # a chunk's length aimed at: little is lost when stopped, and progress shows
LARGEST_CHUNK = 5_000  # runs
SHORTEST = 8  # times shorter than aimed at are the last chunks, at most
GROWTH = 4  # a chunk is at most so many times the one before
FAILURES = 3  # deaths of a chunk's worker after which the chunk runs alone
LAST_FAILURES = FAILURES + 2  # deaths after which a single run is given up
SHARED_POINTS = 2_000  # remembered by a worker
LONGEST_ERROR = 300  # characters
LEVELS = 5  # paths of a history that are levels; the rest are events
DIED = "the worker process died (killed, crashed or out of memory)"
COMPILING = "compiling the model: about 15 seconds, once"


class ExecutionError(RuntimeError):
    """Runs cannot be carried out at all; the message is one line."""


class RunId(NamedTuple):
    """Which run of a sweep."""

    replicate: int
    point: int


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
    labelled: bool
    record_weekly: bool
    simulate: Callable[..., Any] | None = None  # in place of sim.simulate


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


class Done(NamedTuple):
    """What a chunk came to."""

    name: str  # of its file
    files: tuple[str, ...]  # folders within the result where it waits to be renamed
    runs: int
    failed: int
    emerged: int
    seconds: float


def is_cold() -> bool:
    """Return whether no compiled code is kept for the present sources."""
    import numba

    import sim.compiled  # noqa: F401  (it names the folder)

    last = "week.advance_to-*.nbi"  # what calls all the others
    return not any(Path(numba.config.CACHE_DIR).rglob(last))


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


_shared = _Shared()


def work(task: Task, chunk: Chunk) -> Done:
    """Carry out a chunk and leave its rows in a temporary file."""
    global _shared
    if _shared.identity != task.identity or len(_shared.columns) > SHARED_POINTS:
        _shared = _Shared(task.identity, {**task.base.flat(), **task.history})
    start = time.perf_counter()
    rows, weekly = [], []
    for run in chunk.runs:
        row, records = _run(task, chunk.points[run.point], run, chunk.error)
        rows.append(row)
        if records is not None:
            weekly.append((run, records))
    name, files = write_part(task, chunk.runs, rows, weekly)
    failed = sum(bool(row["error"]) for row in rows)
    emerged = sum(bool(row.get("emerged")) for row in rows)
    return Done(name, files, len(rows), failed, emerged, time.perf_counter() - start)


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
        text = f"{type(problem).__name__}: {problem}"
        row["error"] = " ".join(text.split())[:LONGEST_ERROR]
    row["duration_s"] = time.perf_counter() - start
    return row, records


def _columns(task: Task, point: Point, number: int) -> dict[str, Any]:
    """Return what the rows of a point say of it."""
    if number not in _shared.columns:
        names = ["part", *task.columns, *task.conditions, *(["label"] if task.labelled else [])]
        values = {name: point.get(name, _shared.base.get(name)) for name in names}
        _shared.columns[number] = values | {"point": number}
    return _shared.columns[number]


def _world(task: Task, point: Point, number: int) -> Parameters:
    if number not in _shared.worlds:
        _shared.worlds[number] = task.base.replace(settings_of(point))
    return _shared.worlds[number]


def _history(task: Task, point: Point, horizon: int) -> History | None:
    choices = {name: point.get(name, given) for name, given in task.history.items()}
    key = (horizon, *choices.values())
    if key not in _shared.histories:
        _shared.histories[key] = point_history(task.case, choices, horizon)
    return _shared.histories[key]


def _network(parameters: Parameters, seed: int) -> Network:
    """Return the run's network; runs of one replicate with the same kind of network share it."""
    from sim.setup import lay_ties

    key = (seed, parameters.users.count, parameters.network)
    if _shared.network is None or _shared.network[0] != key:
        _shared.network = (key, lay_ties(parameters, seed))
    return _shared.network[1]


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


class Workers(ABC):
    """Where chunks are carried out: an executor that can be replaced when it breaks."""

    width: int  # chunks under way at once

    @abstractmethod
    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call."""

    @abstractmethod
    def restart(self) -> None:
        """Replace an executor that a dead worker broke."""

    @abstractmethod
    def stop(self) -> None:
        """End the workers at once, whatever they do."""


class InProcess(Workers):
    """Carries out what is submitted at once, in this process."""

    width = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def restart(self) -> None:
        """Nothing can break."""

    def stop(self) -> None:
        """Nothing is under way."""


class LocalProcesses(Workers):
    """A pool of processes on this machine that ends when its driver does."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.width = workers + 1  # one waits, so that no worker does
        self._start()

    def _start(self) -> None:
        """Start the processes.

        Every worker holds one end of a pipe whose other end is here: it closes when the pool is
        stopped, or with this process, however that ends.
        """
        context = multiprocessing.get_context("spawn")
        self._theirs, self._ours = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_begin, initargs=(self._theirs,)
        )

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call; a worker started for it does not hear Ctrl-C."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            return self._pool.submit(fn, *args)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def restart(self) -> None:
        """Replace a pool that a dead worker broke.

        Raises
        ------
        ExecutionError
            If workers do not even start.
        """
        for _ in range(FAILURES):
            self.stop()
            self._start()
            try:
                self.submit(os.getpid).result()
            except BrokenExecutor:
                continue
            return
        raise ExecutionError("worker processes end as soon as they start; try workers=1")

    def stop(self) -> None:
        """End the processes at once, whatever they do."""
        self._ours.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._theirs.close()


def _begin(driver: Connection) -> None:
    threading.Thread(target=_end_with, args=(driver,), daemon=True).start()


def _end_with(driver: Connection) -> None:
    driver.poll(None)  # returns when the other end is closed
    os._exit(1)


class _Queue:
    """The runs to do, cut into chunks of about `CHUNK_SECONDS` by the rate seen so far."""

    def __init__(
        self, runs: Iterable[RunId], total: int, points: Sequence[Point], workers: int
    ) -> None:
        self._runs, self._left, self._points, self._workers = iter(runs), total, points, workers
        self._size = 1

    def next(self) -> Chunk | None:
        """Return the next chunk; the last ones are short, so that all workers end together."""
        fair = -(-self._left // (2 * self._workers))
        size = min(self._size, max(fair, -(-self._size // SHORTEST)))
        runs = tuple(itertools.islice(self._runs, size))
        self._left -= len(runs)
        return Chunk(runs, {run.point: self._points[run.point] for run in runs}) if runs else None

    def learn(self, done: Done) -> None:
        """Adapt the size of the chunks to come."""
        fitting = int(CHUNK_SECONDS * done.runs / max(done.seconds, 1e-6))
        self._size = max(1, min(fitting, GROWTH * max(done.runs, self._size), LARGEST_CHUNK))


def execute(
    task: Task, points: Sequence[Point], runs: Iterable[RunId], total: int, workers: int
) -> Generator[Done | None]:
    """Carry out runs and yield what each chunk came to; None now and then while nothing is done.

    With one worker everything happens in this process. A chunk whose worker dies is done again;
    after the third time it runs alone, in ever smaller pieces, until the run that kills its worker
    is found, which becomes a row with its error.
    """
    pool = InProcess() if workers == 1 else LocalProcesses(workers)
    try:
        yield from _execute(task, _Queue(runs, total, points, workers), pool)
    finally:
        pool.stop()


def _execute(task: Task, queue: _Queue, pool: Workers) -> Iterator[Done | None]:
    again: deque[Chunk] = deque()
    suspects: deque[Chunk] = deque()
    running: dict[Future[Done], Chunk] = {}
    while True:
        lost: list[Chunk] = []
        while len(running) < pool.width and not lost:
            chunk = again.popleft() if again else queue.next()
            if chunk is None and suspects and not running:
                chunk = suspects.popleft()
            if chunk is None:
                break
            try:
                running[pool.submit(work, task, chunk)] = chunk
            except BrokenExecutor:
                lost.append(chunk)
            if chunk.failures >= FAILURES:
                break
        if not running and not lost:
            return
        finished = wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done
        if lost or any(isinstance(future.exception(), BrokenExecutor) for future in finished):
            finished = wait(running).done  # a broken pool fails all it was given
        for future in finished:
            chunk = running.pop(future)
            if isinstance(future.exception(), BrokenExecutor):
                lost.append(chunk)
                continue
            done = future.result()
            queue.learn(done)
            yield done
        if not finished:
            yield None
        if lost:
            pool.restart()
        for chunk in lost:
            chunk = replace(chunk, failures=chunk.failures + 1)
            yield from _after_death(task, chunk, again, suspects)


def _after_death(
    task: Task, chunk: Chunk, again: deque[Chunk], suspects: deque[Chunk]
) -> Iterator[Done]:
    """Decide what becomes of a chunk whose worker died."""
    if chunk.failures < FAILURES:
        again.append(chunk)
    elif chunk.failures == FAILURES:
        suspects.append(chunk)  # it may have died for another's fault: next time it is alone
    elif len(chunk.runs) > 1:
        suspects.extend(chunk.halves())
    elif chunk.failures < LAST_FAILURES:
        suspects.append(chunk)
    else:
        yield work(task, replace(chunk, error=DIED))
