"""A visitor's run: the world as wished for, the model as begun, its weeks, what was changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.config.choices import ConfigError
from experiments.execution.record import point_history
from sim.model import MovementModel
from sim.parameters import ParameterError, Parameters, Role, declarations
from sim.run import check_seed
from sim.setup import lay_ties
from sim.state import Status
from view.layout import Layout, lay_out
from view.motive import Newcomers
from view.settings import LOCAL, as_text, composed, refuse_too_large, refuse_too_many, start_over
from view.stories import OWN

if TYPE_CHECKING:
    from experiments.config.settings import Settings
    from sim.model import MovementModel
    from sim.network import Network
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


NOT_REPEATED = ("name", "results_dir", "seed", "save_week", "resume")
"""What the command of a run gives anew, or leaves to whoever repeats it."""
LAUNCH = ("movement.origin", "movement.launch_week", "movement.organisers")
"""Levers that have had their effect once the campaign is launched."""


class Session:
    """A visitor's run; nobody else steps its model.

    Parameters
    ----------
    settings
        The world to begin with.
    """

    def __init__(self, settings: Settings) -> None:
        self._laid: tuple[Any, Network, Layout] | None = None
        self.opened = settings
        self.choose(settings)

    def choose(self, settings: Settings) -> None:
        """Begin with another world; what the visitor had changed is given up."""
        self._begin_with(settings, settings.parameters, settings.seed)

    def choose_story(self, key: str) -> None:
        """Begin with a story, over what else the command line gave; the luck stays.

        Raises
        ------
        ConfigError, ParameterError, CaseError
            If there is no such story, or it does not fit what the command line gave.
        """
        settings = self.opened if key == OWN else start_over(key)
        self.choose(dataclasses.replace(settings, seed=self.seed))

    def restart(self, wanted: Parameters, seed: Any) -> None:
        """Begin the run anew in another world, or with other luck.

        Raises
        ------
        ParameterError, ConfigError, CaseError
            If there is no such world, or it is too large; then nothing changes.
        """
        refuse_too_large(wanted)
        self._begin_with(self.settings, wanted, whole_seed(seed))

    def _begin_with(self, settings: Settings, wanted: Parameters, seed: int) -> None:
        before = vars(self).copy()
        self.settings, self.wanted, self.seed = settings, wanted, seed
        try:
            self.begin()
        except ValueError:
            vars(self).update(before)
            raise

    def begin(self) -> None:
        """Begin the run anew, with all that is wished for.

        Raises
        ------
        ParameterError, CaseError
            If its ties cannot be laid, or the case's record is too short; then nothing changes.
        """
        history = point_history(self.settings.case, self.settings.history, self.wanted.horizon)
        key = self.wanted.network, self.wanted.users.count, self.seed
        if self._laid is None or self._laid[0] != key:
            ties = lay_ties(self.wanted, self.seed)
            refuse_too_many(len(ties.neighbours) // 2)
            self._laid = key, ties, lay_out(ties, self.seed)
        _, ties, self.layout = self._laid
        begin = partial(MovementModel, self.wanted, rng=self.seed, history=history, network=ties)
        self.course = Course(begin())
        self.begun = self.wanted
        self.interventions: list[tuple[int, str, Any]] = []
        self._past = Past(begin, self.interventions)

    @property
    def model(self) -> MovementModel:
        """The model, at the week reached."""
        return self.course.model

    def advance(self, weeks: int = 1) -> None:
        """Step the model, up to its horizon at most."""
        for _ in range(min(weeks, self.begun.horizon - self.model.week)):
            self.course.step()

    def at(self, week: int | None) -> Course:
        """Return the run as it stood at a past week, or as it stands now."""
        if week is not None and 0 <= week < self.model.week:
            return self._past.at(week)
        self._past.forget()
        return self.course

    def set(self, name: str, value: Any) -> bool:
        """Wish for a parameter's value; return whether it acts at once.

        Levers act from the next step on. The world, and what has had its effect, wait for
        `begin`, which at week 0 follows at once.

        Raises
        ------
        ParameterError, ConfigError
            If there is no such world, or it is too large for a page.
        """
        if name in LOCAL:
            raise ConfigError(f"{name}: a page cannot name files of the machine")
        wanted = self.wanted.replace({name: value})
        refuse_too_large(wanted)
        if self.model.week == 0:
            self.restart(wanted, self.seed)
            return True
        self.wanted = wanted
        if not self.acts_at_once(name) or self._is_past(name, wanted):
            return self.model.parameters.value(name) == wanted.value(name)
        try:
            self.model.change({name: value})
        except ParameterError:  # only together with what waits already, such as a longer horizon
            return False
        self.interventions.append((self.model.week, name, wanted.value(name)))
        return True

    def reseed(self, seed: Any) -> bool:
        """Wish for other luck; return whether it is there at once.

        Raises
        ------
        ParameterError
            For what cannot be a seed.
        """
        if self.model.week == 0:
            self.restart(self.wanted, seed)
        self.seed = whole_seed(seed)
        return self.seed == self.model.seed

    def acts_at_once(self, name: str) -> bool:
        """Return whether a parameter can be changed during the run."""
        launched = self.model.state.world[0]["launched"] >= 0
        return (
            declarations()[name].metadata["role"] is Role.LEVER
            and name != "horizon"
            and not (launched and name in LAUNCH)
        )

    def _is_past(self, name: str, wanted: Parameters) -> bool:
        return name == "movement.launch_week" and wanted.movement.launch_week <= self.model.week

    def pending(self) -> list[str]:
        """Return what is wished for and waits for a new beginning."""
        now, wanted = self.model.parameters.flat(), self.wanted.flat()
        names = [name for name in wanted if wanted[name] != now[name]]
        return names + (["seed"] if self.seed != self.model.seed else [])

    # -- to share ----------------------------------------------------------------------------------

    def overrides(self) -> list[str]:
        """Return the overrides that lead to the world as begun."""
        base, begun = self.settings.parameters.flat(), self.begun.flat()
        changed = {name: begun[name] for name in begun if begun[name] != base[name]}
        given = [
            text
            for text in self.settings.overrides
            if text.partition("=")[0] not in (*NOT_REPEATED, *changed)
        ]
        changes = [f"{name}={as_text(value)}" for name, value in changed.items()]
        return [*given, *changes, f"seed={self.model.seed}"]

    def begun_settings(self) -> Settings:
        """Return the set-up of the run as begun."""
        there = [text for text in self.settings.overrides if text.startswith("results_dir=")]
        return composed([*self.overrides(), *there])


def whole_seed(seed: Any) -> int:
    """Return a seed that a visitor wrote.

    Raises
    ------
    ParameterError
        If it is not a whole number from 0 to 2^63 - 1.
    """
    text = str(seed).strip()
    return check_seed(int(text) if text.isascii() and text.isdecimal() else seed)
