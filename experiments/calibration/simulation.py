"""Worlds simulated for their facts only, by the workers of sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from experiments.cases.case import Case
from experiments.cases.facts import Fact
from experiments.design.ranges import Axis
from experiments.execution.executors import start
from experiments.execution.record import point_history
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
    history: tuple[tuple[str, Any], ...]
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

    history = _history(job.case.path, job.base.horizon, job.history, job.case)
    rows = []
    for row, seed in zip(shares, seeds, strict=True):
        world = job.base.replace(
            {axis.name: axis.at(float(share)) for axis, share in zip(job.axes, row, strict=True)}
        )
        records = simulate(world, int(seed), history).records
        rows.append([_shown(fact, records, world.users.count, job.case) for fact in job.facts])
    return np.array(rows)


def _shown(fact: Fact, records: np.ndarray, users: int, case: Case) -> float:
    def read(column: str, week: int) -> np.ndarray:
        return records[column][week : week + 1]

    return float(fact.scaled(fact.shown(read, users, case.week_of))[0])


_histories: dict[tuple[Any, ...], History | None] = {}


def _history(
    path: str, horizon: int, choices: tuple[tuple[str, Any], ...], case: Case
) -> History | None:
    key = path, horizon, choices
    if key not in _histories:
        _histories[key] = point_history(case, dict(choices), horizon)
    return _histories[key]


class Simulator:
    """Simulates worlds on the workers of a set-up, while it is entered."""

    def __init__(self, settings: Settings, job: Job) -> None:
        self._settings, self._job = settings, job

    def __enter__(self) -> Self:
        self._workers = start(self._settings.executor, self._settings.workers)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers.stop()

    def __call__(self, shares: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        """Return what worlds show of the facts, (worlds, facts).

        Raises
        ------
        ExecutionError
            If workers die again and again.
        """
        for _ in range(ATTEMPTS):
            futures = [
                self._workers.submit(show, self._job, shares[i : i + CHUNK], seeds[i : i + CHUNK])
                for i in range(0, len(shares), CHUNK)
            ]
            wait(futures)
            if not any(isinstance(each.exception(), self._workers.deaths) for each in futures):
                return np.concatenate([each.result() for each in futures])
            self._workers.replace_dead()
        raise ExecutionError("worker processes die again and again while worlds are calibrated")


def misses_of(facts: Sequence[Fact]) -> Callable[[np.ndarray], np.ndarray]:
    """Return what turns what worlds show of facts into misses in units of errors.

    Where a world shows nothing, as without a vote, the miss is infinite; beyond a bound it is 0.
    """
    errors = np.array([fact.error for fact in facts])

    def misses(shown: np.ndarray) -> np.ndarray:
        columns = [fact.clipped(shown[:, i]) - fact.observed for i, fact in enumerate(facts)]
        return np.nan_to_num(np.column_stack(columns) / errors, nan=np.inf, posinf=np.inf)

    return misses
