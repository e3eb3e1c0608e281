"""Which runs of a sweep are done next: round by round, replicate by replicate."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

MISSING, FAILED, NOT_EMERGED, EMERGED = -2, -1, 0, 1
"""What is known of a run."""


class RunId(NamedTuple):
    """Which run of a sweep."""

    replicate: int
    point: int


class Runs:
    """The runs of a sweep that are still to be done, in their order.

    Within a round they come replicate by replicate, since points of the same replicate can share a
    network. A round is planned only when the one before is done.

    Parameters
    ----------
    outcomes
        int8, (points, replicates), what is known of each run.
    plan
        Returns, from the outcomes, how many replicates each point has after the round that is due;
        what it returns does not change while that round is under way.
    """

    def __init__(self, outcomes: np.ndarray, plan: Callable[[np.ndarray], np.ndarray]) -> None:
        self.outcomes, self._plan_round = outcomes, plan
        self._begin_round()

    def __len__(self) -> int:
        """Return how many runs of this round nobody has taken."""
        return self._waiting

    @property
    def left(self) -> int:
        """Runs of this round that are not done."""
        return self._waiting + self._under_way

    def take(self, most: int) -> tuple[RunId, ...]:
        """Return the next runs; none while the last ones of a round are under way."""
        taken = tuple(itertools.islice(self._round, most))
        self._waiting -= len(taken)
        self._under_way += len(taken)
        return taken

    def done(self, outcomes: Mapping[RunId, int]) -> None:
        """Take in what runs came to."""
        self._under_way -= len(outcomes)
        for run, outcome in outcomes.items():
            self.outcomes[run.point, run.replicate] = outcome
        if not self.left:
            self._begin_round()

    def _begin_round(self) -> None:
        wanted = self._plan_round(self.outcomes)
        more = max(0, int(wanted.max(initial=0)) - self.outcomes.shape[1])
        self.outcomes = np.pad(self.outcomes, ((0, 0), (0, more)), constant_values=MISSING)
        due = np.arange(self.outcomes.shape[1]) < wanted[:, None]
        due &= self.outcomes == MISSING
        self._round: Iterator[RunId] = (
            RunId(replicate, int(point))
            for replicate in range(due.shape[1])
            for point in np.flatnonzero(due[:, replicate])
        )
        self._waiting, self._under_way = int(due.sum()), 0
