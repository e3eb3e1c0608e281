"""The model as a Mesa model: step it, watch it, collect data from it."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

import mesa
import numpy as np
from mesa.experimental.scenarios import Scenario
from mesa.mesa_logging import get_rootlogger

from sim.agents import VIEWS, PlatformFirm, Population, Shareholder, User, settle
from sim.errors import MomentumError
from sim.history import History, check_history
from sim.network import Network
from sim.outcome import Outcome, judge
from sim.parameters import ParameterError, Parameters, check_parameters
from sim.run import check_change, check_seed
from sim.setup import build, fit_to_network
from sim.state import WEEK, State
from sim.twin import live_as_twin
from sim.week import advance_to

get_rootlogger().setLevel("WARNING")  # Mesa logs every step otherwise


class MovementModel(mesa.Model):
    """Users, shareholders and a platform firm; a movement may or may not emerge.

    One step is one week. Agents are created when first asked for; they are views on the arrays in
    ``state``, so a headless run never pays for them. None can be added or removed.

    Parameters
    ----------
    parameters
        The world; the default world if not given.
    rng
        A whole number from 0, from which all luck follows: the same world with the same number is
        the same run. With None, which `mesa.batch_run` passes by default, a number is drawn.
    history
        The record of a real case.
    network
        Ties laid before (`sim.setup.lay_ties`).
    scenario
        Mesa's bundle of parameters, by dotted name, and of a seed; `mesa.visualization.SolaraViz`
        passes one.
    changes
        Parameters by dotted name, changed in ``parameters``; so `mesa.batch_run` can vary them.

    Attributes
    ----------
    seed : int
        The number that was given as ``rng`` or drawn.
    week : int
        The week reached, 0 before the first step.
    running : bool
        Whether the horizon is still ahead.
    state : State
        The arrays of the world (`sim.state`).
    datacollector : mesa.DataCollector
        The weekly table, a row a week.

    Raises
    ------
    ParameterError
        For a seed, a history or a network that does not fit, or an unknown parameter.

    Examples
    --------
    >>> model = MovementModel(Parameters.from_dict({"users.count": 200, "horizon": 60}), rng=1)
    >>> model.step()
    >>> model.week, len(model.users)
    (1, 200)
    >>> model.run().grade
    'dormant'
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        rng: int | None = 7,
        history: History | None = None,
        network: Network | None = None,
        scenario: Scenario | None = None,
        **changes: Any,
    ) -> None:
        if scenario is not None:
            bundled = dict(scenario)
            seed = bundled.pop("rng")
            rng, changes = rng if seed is None else seed, {**bundled, **changes}
        if "seed" in changes:
            raise ParameterError(f"seed = {changes['seed']!r}: MovementModel takes the seed as rng")
        self.seed = check_seed(secrets.randbits(31) if rng is None else rng)
        super().__init__(rng=self.seed)
        self._all_agents: Any = Population([], random=self.random)
        self._agents_by_type |= {kind: Population([], random=self.random) for kind in VIEWS}
        world = check_parameters(parameters).replace(changes)
        self.parameters = fit_to_network(world, network)
        self.history = check_history(history, self.parameters.horizon)
        self._record = self.parameters.record()
        self._phases = [(0, self.parameters)]
        self.state = build(self.parameters, self._record[0], self.seed, self.history, network)
        self._population: tuple[list[User], list[Shareholder], PlatformFirm] | None = None
        self._grid: mesa.discrete_space.Network | None = None
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_weekly, column=name) for name in WEEK.names or ()}
        )
        self.datacollector.collect(self)

    @property
    def week(self) -> int:
        """The week reached, 0 before the first step."""
        return int(self.time)

    def _advance_time(self, until: float) -> None:
        """Refuse to go beyond the horizon before Mesa moves its clock."""
        if until > self.parameters.horizon:
            raise ParameterError(
                f"week {until:g} is after the horizon of {self.parameters.horizon} weeks; "
                "raise horizon"
            )
        super()._advance_time(until)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Add an agent to Mesa's sets.

        Raises
        ------
        MomentumError
            For a view when all of them are there.
        """
        if self._population is not None and isinstance(agent, VIEWS):
            kind = type(agent).__name__
            raise MomentumError(f"a {kind} cannot be added: the population is fixed")
        super().register_agent(agent)

    def reset_rng(self, rng: Any = None) -> None:
        """Refuse it: all luck follows from ``seed``.

        Raises
        ------
        MomentumError
            Always.
        """
        raise MomentumError("the luck of a model is fixed: build a new one, MovementModel(rng=…)")

    reset_randomizer = reset_rng

    def step(self) -> None:
        """Move on by one week: threat, business, price, conduct, shareholders, users, movement.

        Raises
        ------
        ParameterError
            After the horizon; the model stays as it is.
        """
        before = self.week - 1
        advance_to(before, self.week, False, self.seed, self._record[0], self.history, self.state)
        self.datacollector.collect(self)
        self.running = self.week < self.parameters.horizon

    def run(self) -> Outcome:
        """Step to the horizon and return the outcome."""
        while self.running:
            self.step()
        return self.outcome()

    def change(self, changes: dict[str, Any]) -> None:
        """Change parameters by dotted name from the next step on, in the twin too.

        Raises
        ------
        ParameterError
            For an unknown name, a value out of bounds, another horizon, or what week 0 was drawn
            from (`sim.setup.FIXED_AT_START`).
        """
        parameters = self.parameters.replace(changes)
        check_change(self.parameters, parameters)
        self.parameters = parameters
        self._record = parameters.record()
        self._phases.append((self.week, parameters))

    def outcome(self) -> Outcome:
        """Return the outcome of the finished run.

        Raises
        ------
        ParameterError
            Before the horizon.
        """
        if self.week < self.parameters.horizon:
            raise ParameterError(
                f"the run is at week {self.week} of {self.parameters.horizon}; "
                "an outcome needs a finished run"
            )
        return judge(self.parameters, self.state, self.twin)

    def twin(self) -> State:
        """Return the state, at the week reached, of the twin in which nobody influences anybody."""
        network = self.state.network
        return live_as_twin(self._phases, self.week, self.seed, self.history, network)

    def _populate(self) -> tuple[list[User], list[Shareholder], PlatformFirm]:
        if self._population is None:
            users = [User(self, i) for i in range(self.state.users.status.size)]
            holders = [Shareholder(self, j) for j in range(self.state.shareholders.trust.size)]
            self._population = users, holders, PlatformFirm(self)
        return self._population

    @property
    def users(self) -> list[User]:
        """The users, in order of the arrays."""
        return self._populate()[0]

    @property
    def shareholders(self) -> list[Shareholder]:
        """The shareholders, in order of the arrays."""
        return self._populate()[1]

    @property
    def grid(self) -> mesa.discrete_space.Network:
        """The ties as Mesa's space, a user in each cell; for Mesa's drawings, which ask for it."""
        if self._grid is None:
            self._grid = settle(self.users, self.state.network)
        return self._grid

    @property
    def firm(self) -> PlatformFirm:
        """The platform firm."""
        return self._populate()[2]

    @property
    def agents(self) -> Any:
        """All agents, as Mesa's agent set."""
        self._populate()
        return self._all_agents

    @property
    def agent_types(self) -> list[type]:
        """The types of agents."""
        self._populate()
        return list(self._agents_by_type)

    @property
    def agents_by_type(self) -> Any:
        """Agent sets by type."""
        self._populate()
        return self._agents_by_type


def _weekly(model: MovementModel, column: str) -> Any:
    """Return a value of the week reached."""
    value: np.generic = model.state.weekly[model.week][column]
    return value.item()
