"""Where chunks of runs are carried out: in this process, in processes of this machine, by Dask."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from experiments.errors import MomentumError

STARTS = 3  # attempts to start workers
MOST_WORKERS = 1_000  # processes on this machine


class ExecutionError(MomentumError, RuntimeError):
    """Runs cannot be carried out at all; the message is one line."""


class NoWorkersError(Exception):
    """No worker is left: what is under way will never end."""


class Workers(ABC):
    """An executor that can be mended when its workers die or hang."""

    deaths: tuple[type[BaseException], ...] = ()
    """What a call ends with whose worker died."""

    fails_together: bool = False
    """Whether the death of one worker ends all that is under way."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Number of chunks to have under way at once."""

    @abstractmethod
    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call."""

    def replace_dead(self) -> None:  # noqa: B027  (nothing to do in some)
        """Replace workers that died."""

    def restart(self) -> None:  # noqa: B027
        """End all workers that this process started and start others.

        What was under way is lost; of a scheduler that runs already, only workers that hang are
        restarted.
        """

    def check(self) -> None:  # noqa: B027
        """Look whether anybody will answer.

        Raises
        ------
        NoWorkersError
            If no worker is left and others can be started.
        ExecutionError
            If none can be had any more.
        """

    def stop(self) -> None:  # noqa: B027
        """End the workers at once, whatever they do."""

    def gone(self) -> ExecutionError:
        """Return what to say when the workers are out of reach."""
        return ExecutionError("the workers are gone; the same command goes on from what is stored")


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


class LocalProcesses(Workers):
    """A pool of processes on this machine that ends when its driver does."""

    deaths = (BrokenExecutor,)
    fails_together = True

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._start()

    @property
    def width(self) -> int:
        """One more than there are workers: it waits, so that no worker does."""
        return self._workers + 1

    def _start(self) -> None:
        """Start the processes; each has a pipe, which closes when the pool or this process ends."""
        context = multiprocessing.get_context("spawn")
        self._theirs, self._ours = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=_begin, initargs=(self._theirs,)
        )

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call; a worker started for it does not hear Ctrl-C.

        Raises
        ------
        ExecutionError
            If the system starts no further process.
        """
        try:
            with deaf_to_interruptions(), _without_main():
                return self._pool.submit(fn, *args)
        except OSError as problem:
            raise ExecutionError(
                f"no further worker process can be started ({problem.strerror}): have fewer "
                "workers="
            ) from None

    def replace_dead(self) -> None:
        """Replace the pool, which a dead worker breaks."""
        self.restart()

    def restart(self) -> None:
        """Replace the pool.

        Raises
        ------
        ExecutionError
            If workers do not even start.
        """
        for _ in range(STARTS):
            self.stop()
            self._start()
            try:
                self.submit(os.getpid).result()
            except BrokenExecutor:
                continue
            return
        raise ExecutionError("worker processes end as soon as they start; try workers=1")

    def stop(self) -> None:
        """End the processes at once, also those that are stopped."""
        self._ours.close()
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._theirs.close()


@contextmanager
def deaf_to_interruptions() -> Iterator[None]:
    """Let processes and threads that are started now not hear Ctrl-C: their driver does."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep workers from importing the program that starts them: a script would sweep again."""
    main: dict[str, Any] = vars(sys.modules["__main__"])
    hidden: dict[str, Any] = {n: main[n] for n in ("__spec__", "__file__") if n in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.update(hidden)


def _begin(driver: Connection) -> None:
    threading.Thread(target=_end_with, args=(driver,), daemon=True).start()


def _end_with(driver: Connection) -> None:
    driver.poll(None)  # returns when the other end is closed
    os._exit(1)
