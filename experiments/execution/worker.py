"""What a worker does: it carries out a chunk and writes its rows beside their place in the store.

Whoever drives the sweep renames the file. So a chunk may be lost at any moment and done again, and
only the driver ever adds to a result.
"""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.experiment import Point
from experiments.design.point import settings_of
from experiments.execution.record import point_history
from experiments.execution.task import Chunk, Done, Task
from experiments.execution.workers import ExecutionError
from experiments.store import provenance
from experiments.store.identity import digest_of_file
from experiments.store.parts import EMERGED, FAILED, NOT_EMERGED, RunId
from experiments.text import one_line
from sim.history import History, check_history
from sim.parameters import Parameters, Topology

if TYPE_CHECKING:
    from sim.network import Network

SHARED_POINTS = 2_000  # whose worlds a worker remembers
LONGEST_ERROR = 300  # characters
COMPILING = "compiling the model: about 15 seconds, once"
ENVIRONMENT = (MemoryError, OSError, ImportError, EOFError, pickle.PickleError)
"""Errors of the machine, not of a run: memory, disk, installation, caches."""


class OverdueError(Exception):
    """A run of the chunk took too long before: it is not tried again."""


class PreventedError(Exception):
    """The environment, not the run, is at fault: the run has no outcome."""


def is_cold() -> bool:
    """Return whether the model must be compiled, since no compiled code is cached."""
    from sim.code_cache import holds

    return not holds("sim.week.advance_to")  # which calls all the others


class _Shared(threading.local):
    """What the runs of a worker's thread share: worlds, records of the case, and networks."""

    identity = ""  # of the result that all of it is for

    def begin(self, task: Task) -> None:
        """Forget what belongs to another result, and all but the files if it is too much."""
        other = self.identity != task.writer.identity
        if other:
            self.identity = task.writer.identity
            self.read: dict[str, Network] = {}  # from files
        if other or len(self.worlds) > SHARED_POINTS:
            self.base = {**task.base.flat(), **task.history}  # values of what a point does not set
            self.worlds: dict[int, Parameters] = {}
            self.histories: dict[tuple[Any, ...], History] = {}
            self.drawn: tuple[Any, Network] | None = None  # the last network, and its key


_shared = _Shared()


def work(task: Task, chunk: Chunk) -> Done:
    """Carry out a chunk and leave its rows in a temporary file.

    Raises
    ------
    ExecutionError
        If this process has other code than the sweep began with, or a file has changed since.
    StoreError
        If the file cannot be written.
    """
    if task.time_limit is not None and task.writer.overdue_note(chunk.runs).exists():
        raise OverdueError  # Dask gives a chunk to another worker before the driver hears of it
    if task.code and task.code != provenance.worker_digest():
        raise ExecutionError(
            "a worker has other code (sim/, experiments/) than this sweep began with: it was "
            "edited meanwhile, or the worker runs another checkout"
        )
    _shared.begin(task)
    start = time.perf_counter()
    if task.time_limit is not None:
        with suppress(Exception):  # a run will say what is wrong
            _require_working_model()
    rows, weekly, prevented = {}, [], {}
    with _Watchdog(task, chunk) as watchdog:
        for run in chunk.runs:
            watchdog.begin(run)
            try:
                rows[run], records = _run(task, chunk.points[run.point], run, chunk.error)
            except PreventedError as problem:
                prevented[run] = str(problem)
                continue
            if records is not None:
                weekly.append((run, records))
    name, files = task.writer.write(tuple(rows), [*rows.values()], weekly) if rows else ("", ())
    outcomes = {
        run: FAILED if row["error"] else EMERGED if row.get("emerged") else NOT_EMERGED
        for run, row in rows.items()
    }
    return Done(name, files, outcomes, time.perf_counter() - start, prevented)


@cache
def _require_working_model() -> None:
    """Compile, load and run a small good world; whatever is raised, the environment is at fault."""
    from sim.run import simulate

    simulate(Parameters.from_dict({"users.count": 50, "horizon": 60}))


class _Watchdog:
    """A thread that ends this process when a run takes too long, and notes which it was."""

    def __init__(self, task: Task, chunk: Chunk) -> None:
        self._limit, self._note = task.time_limit, task.writer.overdue_note(chunk.runs)
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


# -- one run ---------------------------------------------------------------------------------------


def _run(
    task: Task, point: Point, run: RunId, error: str
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Return a run's row and, if recorded, its weeks; PreventedError if it is not its own fault."""
    seed, writer = task.seed_of(run), task.writer
    names = ["part", *writer.columns, *writer.conditions, *writer.marks]
    row = {name: point.get(name, _shared.base.get(name)) for name in names}
    row |= {"point": run.point, "replicate": run.replicate, "seed": seed, "error": error}
    if error:
        return row, None
    start = time.perf_counter()
    records = None
    try:
        if run.point not in _shared.worlds:
            _shared.worlds[run.point] = task.base.replace(settings_of(point))
        parameters = _shared.worlds[run.point]
        if task.prepare is None:
            history = _history(task, point, parameters.horizon)
        else:
            parameters, given, seed = task.prepare(parameters, point, seed)
            history = check_history(given, parameters.horizon)
            row["seed"] = seed
        if task.simulate is None:
            from sim.run import simulate_checked
            from sim.setup import fit_to_network

            network = _network(task, parameters, seed)
            parameters = fit_to_network(parameters, network)
            result = simulate_checked(parameters, seed, history, network)
        else:
            result = task.simulate(parameters, seed, history)
        row |= result.outcome._asdict()
        for reading in writer.readings:
            row[reading.name] = float(result.records[reading.column][reading.week])
        records = result.records if task.record_weekly else None
    except ExecutionError:
        raise
    except Exception as problem:
        if isinstance(problem.__cause__, KeyboardInterrupt):  # it came while compiled code ran
            raise KeyboardInterrupt from None
        row["error"] = _in_a_line(problem)
        _require_own_fault(problem)
    row["duration_s"] = time.perf_counter() - start
    return row, records


def _require_own_fault(problem: BaseException) -> None:
    """Raise PreventedError for an error of the environment, or where not even a good world runs."""
    if any(isinstance(each, ENVIRONMENT) for each in _causes(problem)):
        raise PreventedError(_in_a_line(problem)) from None
    try:
        _require_working_model()
    except Exception:
        raise PreventedError(_in_a_line(problem)) from None


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__


def _in_a_line(problem: BaseException) -> str:
    return one_line(f"{type(problem).__name__}: {problem}".rstrip(": "), LONGEST_ERROR)


def _history(task: Task, point: Point, horizon: int) -> History:
    choices = {name: point.get(name, given) for name, given in task.history.items()}
    key = (horizon, *choices.values())
    if key not in _shared.histories:
        history = point_history(task.case, choices, horizon)
        _shared.histories[key] = check_history(history, horizon)
    return _shared.histories[key]


def _network(task: Task, parameters: Parameters, seed: int) -> Network:
    """Return the run's network; one of a file, or like that of the run before, is shared."""
    from sim.setup import lay_ties

    path = parameters.network.edge_list
    if parameters.network.topology is Topology.EDGE_LIST:
        if path not in _shared.read:
            if path in task.files and digest_of_file(path) != task.files[path]:
                raise ExecutionError(f"{path} is gone or was changed while the sweep ran")
            _shared.read[path] = lay_ties(parameters, seed)
        return _shared.read[path]
    key = (seed, parameters.users.count, parameters.network)
    if _shared.drawn is None or _shared.drawn[0] != key:
        _shared.drawn = (key, lay_ties(parameters, seed))
    return _shared.drawn[1]
