"""Worlds simulated for their facts only, by the workers of sweeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.cases.case import Case
from experiments.cases.facts import Fact
from experiments.design.ranges import Axis
from experiments.execution.executors import start
from experiments.execution.workers import ExecutionError
from sim.history import History
from sim.parameters import Parameters

if TYPE_CHECKING:
    from experiments.config.settings import Settings

CHUNK = 16  # worlds handed to a worker at once
ATTEMPTS = 3  # to simulate worlds whose worker died


@dataclass(frozen=True)
class Job:
    """What all worlds have in common."""

    base: Parameters
    axes: tuple[Axis, ...]
    case: Case
    history: History | None
    facts: tuple[Fact, ...]


def show(job: Job, shares: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Return what worlds show of the facts, (worlds, facts), on the scale of each.

    Parameters
    ----------
    job
        What they have in common.
    shares
        (worlds, parameters): where in its range each parameter lies.
    seeds
        (worlds,).
    """
    from sim.run import simulate

    rows = []
    for row, seed in zip(shares, seeds, strict=True):
        world = job.base.replace(
            {axis.name: axis.at(float(share)) for axis, share in zip(job.axes, row, strict=True)}
        )
        records = simulate(world, int(seed), job.history).records
        rows.append([_shown(fact, records, world.users.count, job.case) for fact in job.facts])
    return np.array(rows)


def _shown(fact: Fact, records: np.ndarray, users: int, case: Case) -> float:
    def read(column: str, week: int) -> np.ndarray:
        return records[column][week : week + 1]

    return float(fact.scaled(fact.shown(read, users, case.week_of))[0])


@contextmanager
def simulator(
    settings: Settings, job: Job
) -> Iterator[Callable[[np.ndarray, np.ndarray], np.ndarray]]:
    """Provide `show` of a job on the workers of a set-up, which end with the context.

    Raises
    ------
    ExecutionError
        If workers die again and again.
    """
    workers = start(settings.executor, settings.workers)

    def show_by_workers(shares: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        for _ in range(ATTEMPTS):
            futures = [
                workers.submit(show, job, shares[i : i + CHUNK], seeds[i : i + CHUNK])
                for i in range(0, len(shares), CHUNK)
            ]
            wait(futures)
            if not any(isinstance(each.exception(), workers.deaths) for each in futures):
                return np.concatenate([each.result() for each in futures])
            workers.replace_dead()
        raise ExecutionError("worker processes die again and again while worlds are calibrated")

    try:
        yield show_by_workers
    finally:
        workers.stop()
