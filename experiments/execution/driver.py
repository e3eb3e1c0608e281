"""The driver of a sweep: it hands out chunks, and decides what becomes of those that are lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace

from experiments.design.experiment import Point
from experiments.execution.task import Chunk, Done, Queue, Runs, Task
from experiments.execution.worker import OverdueError, work
from experiments.execution.workers import ExecutionError, NoWorkersError, Workers
from experiments.store.parts import RunId

FAILURES = 3  # deaths of a chunk's worker after which the chunk runs alone
LAST_FAILURES = FAILURES + 2  # deaths after which a single run is given up
PREVENTED_IN_A_ROW = 20  # runs that the environment prevents, after which the sweep stops
RESTARTS = 3  # of all workers, without a chunk done in between
HUNG_AFTER = 60.0  # seconds beyond the time limit, for a worker to start and to compile
PATIENCE = 5  # times what a chunk should take, and one waits before it
DIED = "the worker process died (killed, crashed or out of memory)"
OVERDUE = "the run did not end within {:g} s (time_limit)"


def execute(
    task: Task, points: Sequence[Point], runs: Runs, workers: Workers
) -> Generator[Done | None]:
    """Carry out runs and yield what each chunk came to; None now and then while nothing is done.

    A chunk whose worker dies is done again; after the third time it runs alone, in ever smaller
    pieces, until the run that kills its worker is found. A run that takes longer than the task
    allows becomes a row with its error. A run that the environment prevents, as by a lack of
    memory, is tried again alone and then given up: it has no outcome. The workers are stopped in
    the end.

    Raises
    ------
    ExecutionError
        If no run can be carried out any more.
    """
    try:
        yield from _Driver(task, points, runs, workers).execute()
    finally:
        workers.stop()


class _Driver:
    def __init__(self, task: Task, points: Sequence[Point], runs: Runs, workers: Workers) -> None:
        self._task, self._workers = task, workers
        self._queue = Queue(runs, points, workers.width)
        self._again: deque[Chunk] = deque()
        self._suspects: deque[Chunk] = deque()  # run alone
        self._running: dict[Future[Done], tuple[Chunk, float]] = {}  # and when they hang
        self._prevented = self._restarts = 0  # in a row

    def execute(self) -> Iterator[Done | None]:
        while True:
            lost = self._submit()
            if not self._running and not lost:
                return
            finished = wait(self._running, timeout=1.0, return_when=FIRST_COMPLETED).done
            deaths = {future for future in finished if self._died(future)}
            if self._workers.fails_together and (lost or deaths):
                finished = wait(self._running).done
                deaths = {future for future in finished if self._died(future)}
            lost += [self._running.pop(future)[0] for future in deaths]
            for future in finished - deaths:
                chunk, _ = self._running.pop(future)
                yield from self._take_in(future.result(), chunk)
            if lost:
                self._workers.replace_dead()
                for done in self._after_deaths(lost):
                    yield from self._take_in(done)
            elif not finished:
                yield from self._look_after_workers()
                yield None

    def _submit(self) -> list[Chunk]:
        """Hand out chunks while workers wait; return those that could not be handed out."""
        while len(self._running) < self._workers.width:
            chunk = self._again.popleft() if self._again else self._queue.next()
            if chunk is None and self._suspects and not self._running:
                chunk = self._suspects.popleft()
            if chunk is None:
                return []
            try:
                future = self._workers.submit(work, self._task, chunk)
            except self._workers.deaths:
                return [chunk]
            self._running[future] = chunk, time.monotonic() + self._patience()
            if chunk.failures >= FAILURES:
                return []
        return []

    def _patience(self) -> float:
        """Return after how many seconds a chunk hangs."""
        if self._task.time_limit is None:
            return float("inf")
        return self._task.time_limit + PATIENCE * self._queue.aim + HUNG_AFTER

    def _take_in(self, done: Done, chunk: Chunk | None = None) -> Iterator[Done]:
        """Take in what a chunk came to; see to the runs in it that were prevented."""
        self._queue.learn(done)
        self._restarts = 0
        if done.outcomes:
            self._prevented = 0
        for run, reason in done.prevented.items():
            failures = 0 if chunk is None else chunk.failures
            self._prevented += 1
            if self._prevented >= PREVENTED_IN_A_ROW:
                raise ExecutionError(f"runs cannot be carried out ({reason})")
            if chunk is not None and failures < LAST_FAILURES - 1:
                self._suspects.append(chunk.only((run,), max(failures + 1, FAILURES)))
            else:
                self._queue.give_up(run)
        yield done

    def _died(self, future: Future[Done]) -> bool:
        """Return whether the worker of a chunk died."""
        try:
            return isinstance(future.exception(), (OverdueError, *self._workers.deaths))
        except CancelledError:
            raise self._workers.gone() from None

    def _look_after_workers(self) -> Iterator[Done]:
        """Restart workers if none is left, or if one hangs."""
        try:
            self._workers.check()
        except NoWorkersError:
            yield from self._restart([])
            return
        now = time.monotonic()
        hung = [future for future, (_, until) in self._running.items() if now > until]
        if hung:
            yield from self._restart(hung)

    def _restart(self, hung: Sequence[Future[Done]]) -> Iterator[Done]:
        """Start workers anew; chunks that hang are to blame, all others are not."""
        if not hung:
            self._restarts += 1
        if self._restarts > RESTARTS:
            raise ExecutionError("the workers end as soon as they are started")
        blamed = [self._running.pop(future)[0] for future in hung]
        self._again.extend(chunk for chunk, _ in self._running.values())
        for future in [*self._running, *hung]:
            future.cancel()
        self._running.clear()
        self._workers.restart()
        for done in self._after_deaths(blamed, hung=True):
            yield from self._take_in(done)

    def _after_deaths(self, lost: Sequence[Chunk], hung: bool = False) -> Iterator[Done]:
        """Decide what becomes of chunks whose workers died or hung; yield what is given up."""
        overdue = [self._overdue(chunk) for chunk in lost]
        for chunk, run in zip(lost, overdue, strict=True):
            if run is not None:
                yield self._given_up(chunk, run)
                chunk = chunk.only(tuple(r for r in chunk.runs if r != run), chunk.failures)
            if any(overdue):  # the others' workers died with those of runs that did not end
                if chunk.runs:
                    (self._again if chunk.failures < FAILURES else self._suspects).append(chunk)
                continue
            chunk = replace(chunk, failures=chunk.failures + 1)
            if chunk.failures < FAILURES:
                self._again.append(chunk)
            elif chunk.failures == FAILURES:
                self._suspects.append(chunk)  # perhaps another's fault: next time it is alone
            elif len(chunk.runs) > 1:
                self._suspects.extend(chunk.halves(FAILURES))
            elif chunk.failures < LAST_FAILURES:
                self._suspects.append(chunk)
            elif hung:
                yield self._given_up(chunk, chunk.runs[0])
            else:
                yield Done("", (), {}, 0.0, dict.fromkeys(chunk.runs, DIED))

    def _overdue(self, chunk: Chunk) -> RunId | None:
        """Return the run of a lost chunk that took too long; None if its worker died otherwise."""
        note = self._task.writer.overdue_note(chunk.runs)
        try:
            replicate, point = note.read_text().split()
            note.unlink()
        except (OSError, ValueError):
            return None
        return RunId(int(replicate), int(point))

    def _given_up(self, chunk: Chunk, run: RunId) -> Done:
        """Write the row of a run that did not end in time."""
        error = OVERDUE.format(self._task.time_limit)
        return work(replace(self._task, time_limit=None), replace(chunk, runs=(run,), error=error))
