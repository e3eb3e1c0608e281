"""The executor that a sweep asks for: whether it can be had, and starting it."""

from __future__ import annotations

import os

from experiments.config.executors import Choice, Local
from experiments.execution.dask_workers import DaskWorkers, require_dask
from experiments.execution.workers import (
    MOST_WORKERS,
    ExecutionError,
    InProcess,
    LocalProcesses,
    Workers,
)


def require(choice: Choice, workers: int = 1) -> None:
    """Refuse an executor that cannot be had, before anything is written.

    Raises
    ------
    ExecutionError
        If a package, a command or a scheduler is missing, naming it, or for too many processes.
    """
    if isinstance(choice, Local):
        if workers > MOST_WORKERS:
            raise ExecutionError(
                f"workers={workers} must be at most {MOST_WORKERS:,} on one machine, which has "
                f"{os.cpu_count()} cores"
            )
        return
    require_dask(choice, workers)


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
    return DaskWorkers(choice, workers)
