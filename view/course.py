"""A run as a page follows it: its model, and what is noted of it week by week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.state import Status
from view.motive import Newcomers

if TYPE_CHECKING:
    from sim.model import MovementModel
    from sim.state import Users


class Course:
    """A model and what was noted in each of its weeks."""

    def __init__(self, model: MovementModel) -> None:
        self.model = model
        self.newcomers = Newcomers(model)
        self.changes = Changes(model.state.users)

    def step(self) -> None:
        """Step the model once, and note what changed."""
        self.model.step()
        self.newcomers.note()
        self.changes.look(self.model.state.users, self.model.week)


class Past:
    """The weeks gone by of a run, computed anew from its seed when somebody looks back.

    Besides the run itself, one model is kept: the week last looked at.

    Parameters
    ----------
    begin
        Returns the model at week 0.
    interventions
        Week, name and value of parameters that were changed during the run.
    """

    def __init__(
        self, begin: Callable[[], MovementModel], interventions: Sequence[tuple[int, str, Any]]
    ) -> None:
        self._begin, self._interventions = begin, interventions
        self._course: Course | None = None

    def at(self, week: int) -> Course:
        """Return the run as it stood at a week."""
        if self._course is None or self._course.model.week > week:
            self._course = Course(self._begin())
        model = self._course.model
        while model.week < week:
            for since, name, value in self._interventions:
                if since == model.week:
                    model.change({name: value})
            self._course.step()
        return self._course

    def forget(self) -> None:
        """Free the model of the week last looked at."""
        self._course = None


class Changes:
    """When each user last changed, as far as it was looked at."""

    def __init__(self, users: Users) -> None:
        self._status, self._signed = users.status.copy(), users.signed.copy()
        self._changed = np.full(users.status.size, -1_000, dtype=np.int32)
        self._acted = self._changed.copy()
        self._looked = -1

    def look(self, users: Users, week: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the weeks since each user's status changed, and since they signed or joined.

        Both are int32, (n,). What changed in weeks that were not looked at counts as having changed
        in the first of them.
        """
        since = min(self._looked + 1, week)
        rose = (users.status > self._status) & (users.status <= Status.ORGANISER)
        self._changed[users.status != self._status] = since
        self._acted[rose | (users.signed > self._signed)] = since
        self._status[:], self._signed[:] = users.status, users.signed
        self._looked = week
        return week - self._changed, week - self._acted
