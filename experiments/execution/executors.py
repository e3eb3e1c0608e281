"""Where chunks of runs are carried out: each a `concurrent.futures.Executor` that can be mended.

``executor=local`` (processes of this machine), ``executor=dask`` (a Dask cluster on this machine or
the scheduler at an address) and ``executor=slurm`` (Dask workers as Slurm jobs) are files of
``conf/executor/``; one of the user's own says in ``kind`` which of them it is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from multiprocessing.connection import Connection
from typing import Any, ClassVar

from experiments.errors import MomentumError
from sim.parameters import unknown_name

STARTS = 3  # attempts to start workers


class ExecutionError(MomentumError, RuntimeError):
    """Runs cannot be carried out at all; the message is one line."""


# -- what the user chooses -------------------------------------------------------------------------


@dataclass(frozen=True)
class Local:
    """Processes of this machine."""

    kind: ClassVar[str] = "local"


@dataclass(frozen=True)
class Dask:
    """A Dask cluster."""

    kind: ClassVar[str] = "dask"

    address: str | None = None  # of a scheduler that runs already; None: a cluster on this machine


@dataclass(frozen=True)
class Slurm:
    """Dask workers as Slurm jobs; the names are those of `dask_jobqueue.SLURMCluster`."""

    kind: ClassVar[str] = "slurm"

    queue: str | None = None  # the partition
    account: str | None = None
    cores: int = 1  # of a job
    processes: int = 1  # of a job: its workers
    memory: str = "4GB"  # of a job
    walltime: str = "01:00:00"  # of a job
    interface: str | None = None  # network by which workers reach the scheduler, as ib0
    job_extra_directives: list[str] = field(default_factory=list)  # lines #SBATCH
    job_script_prologue: list[str] = field(default_factory=list)  # shell lines before the worker


Choice = Local | Dask | Slurm

KINDS: dict[str, type[Choice]] = {kind.kind: kind for kind in (Local, Dask, Slurm)}
_EXPECTED = {
    "str": "a text",
    "str | None": "a text",
    "int": "a whole number from 1",
    "list[str]": "a list of texts",
}


def option_names() -> list[str]:
    """Return the dotted names of all options that some executor has."""
    names = {f"executor.{option.name}": None for kind in KINDS.values() for option in fields(kind)}
    return list(names)


def read_choice(given: Mapping[str, Any]) -> Choice:
    """Return the executor that a configuration describes.

    Raises
    ------
    ExecutionError
        For an unknown kind, an option it does not have, or a value that cannot be meant.
    """
    options = dict(given)
    name = str(options.pop("kind", None))
    if name not in KINDS:
        raise ExecutionError(f"executor.kind={name}: {unknown_name(name, list(KINDS), 'executor')}")
    kind = KINDS[name]
    types = {option.name: str(option.type) for option in fields(kind)}
    for option, value in options.items():
        if option not in types:
            raise ExecutionError(not_an_option(name, f"executor.{option}"))
        if not _fits(value, types[option]):
            raise ExecutionError(f"executor.{option}={value!r} must be {_EXPECTED[types[option]]}")
    return kind(**options)


def not_an_option(executor: str, name: str) -> str:
    """Return what to say of an option that an executor does not have."""
    having = [
        f"executor={kind}"
        for kind, options in KINDS.items()
        if name in [f"executor.{option.name}" for option in fields(options)]
    ]
    hint = f"{' and '.join(having)} has it" if having else unknown_name(name, option_names())
    return f"{name} is no option of executor={executor}; {hint}"


def _fits(value: Any, type_name: str) -> bool:
    if value is None:
        return type_name.endswith("None")
    if type_name == "int":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if type_name == "list[str]":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, str)


def default_workers(choice: Choice) -> int:
    """Return how many workers there are unless the user says: one Slurm job, or all cores here."""
    return choice.processes if isinstance(choice, Slurm) else len(os.sched_getaffinity(0))


def require(choice: Choice) -> None:
    """Refuse an executor that cannot be had, before anything is written.

    Raises
    ------
    ExecutionError
        If a package, a command or a scheduler is missing, naming it.
    """
    if not isinstance(choice, Local):
        from experiments.execution.dask_workers import require_dask

        require_dask(choice)


def start(choice: Choice, workers: int, separate: bool = False) -> Workers:
    """Return running workers.

    Parameters
    ----------
    choice
        Where.
    workers
        How many; an existing scheduler has as many as it has.
    separate
        Whether a single local worker, too, is a process of its own, which may be killed.

    Raises
    ------
    ExecutionError
        If they cannot be had, saying why.
    """
    if isinstance(choice, Local):
        return InProcess() if workers == 1 and not separate else LocalProcesses(workers)
    from experiments.execution.dask_workers import DaskWorkers

    return DaskWorkers(choice, workers)


# -- workers ---------------------------------------------------------------------------------------


class Workers(ABC):
    """An executor that can be replaced when it breaks."""

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

    @abstractmethod
    def restart(self) -> None:
        """Mend what a dead worker broke."""

    @abstractmethod
    def stop(self) -> None:
        """End the workers at once, whatever they do."""

    @abstractmethod
    def check(self) -> None:
        """Raise ExecutionError if no worker will ever answer."""

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

    def restart(self) -> None:
        """Nothing can break."""

    def check(self) -> None:
        """Nothing is out of reach."""

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
        for _ in range(STARTS):
            self.stop()
            self._start()
            try:
                self.submit(os.getpid).result()
            except BrokenExecutor:
                continue
            return
        raise ExecutionError("worker processes end as soon as they start; try workers=1")

    def check(self) -> None:
        """Nothing is out of reach: a dead process breaks the pool."""

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
