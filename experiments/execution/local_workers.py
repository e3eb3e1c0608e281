"""Chunks carried out on this machine: in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from experiments.execution.workers import STARTS, ExecutionError, Workers


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

    def stop(self) -> None:
        """Nothing is under way."""


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
        """Start the processes.

        Every worker holds one end of a pipe whose other end is here: it closes when the pool is
        stopped, or with this process, however that ends.
        """
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
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            with _without_main():
                return self._pool.submit(fn, *args)
        except OSError as problem:
            raise ExecutionError(
                f"no further worker process can be started ({problem.strerror}): have fewer "
                "workers="
            ) from None
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

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
