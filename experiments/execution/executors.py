"""The executor that a sweep asks for: checked before anything is written, then started."""

from __future__ import annotations

import os

from experiments.config.executors import Choice, Local
from experiments.execution.local_workers import InProcess, LocalProcesses
from experiments.execution.workers import MOST_WORKERS, ExecutionError, Workers


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
    from experiments.execution.dask_workers import require_dask

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
    from experiments.execution.dask_workers import DaskWorkers

    return DaskWorkers(choice, workers)
