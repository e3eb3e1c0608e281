"""Headless runs: a world from week 0 to its horizon at once, without Mesa."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.columns import OUTCOMES
from sim.history import History, check_history
from sim.network import Network
from sim.outcome import Outcome, judge
from sim.parameters import ParameterError, Parameters, check_parameters
from sim.setup import FIXED_AT_START, build, fit_to_network, populate, sound_network
from sim.state import State, fork
from sim.threads import check_threads, on_threads
from sim.twin import live_as_twin, without_influence
from sim.week import advance_to

if TYPE_CHECKING:
    import pandas as pd


@dataclass(repr=False)
class Run:
    """A finished run.

    Attributes
    ----------
    parameters : Parameters
        The world.
    seed : int
        From which its luck followed.
    state : State
        The arrays of the world at the horizon (`sim.state`).
    outcome : Outcome
        What the run came to, a named value each.
    weekly : pandas.DataFrame
        The weekly table.

    Examples
    --------
    >>> from sim import Parameters, simulate
    >>> simulate(Parameters.from_dict({"users.count": 500, "participation.cost_mean": 0.6}), seed=1)
    <Run: 260 weeks, 500 users, seed 1: dormant, peak 7.2 % in week 59>
    """

    parameters: Parameters
    seed: int
    state: State
    outcome: Outcome

    def __repr__(self) -> str:
        found, users = self.outcome, self.parameters.users.count
        world = f"{self.parameters.horizon} weeks, {users} users, seed {self.seed}"
        if math.isnan(found.peak_week):
            return f"<Run: {world}: {found.grade}>"
        peak = f"peak {100 * found.peak_share:.3g} % in week {found.peak_week:.0f}"
        return f"<Run: {world}: {found.grade}, {peak}>"

    def _repr_html_(self) -> str:
        """Return the outcome as a table, for notebooks."""
        rows = "".join(
            f"<tr><th>{escape(OUTCOMES[name].axis)}</th><td>{_shown(name, value)}</td></tr>"
            for name, value in self.outcome._asdict().items()
        )
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"

    @property
    def records(self) -> np.ndarray:
        """The weekly table as records (`sim.state.WEEK`), a row a week from 0 to the horizon."""
        return self.state.weekly

    @property
    def network(self) -> Network:
        """The ties between users."""
        return self.state.network

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """The weekly table, a row a week from 0 to the horizon.

        The columns and their units are in `sim.columns.WEEKS`; shares are from 0 to 1.
        """
        import pandas as pd

        return pd.DataFrame(self.state.weekly)


def _shown(name: str, value: Any) -> str:
    """Return a value of an outcome as it is shown, in the unit of its column."""
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value * OUTCOMES[name].scale:.4g}"
    return escape(str(value))


@dataclass(frozen=True)
class Checkpoint:
    """A run that has come to the end of a week, from which it can go on, often if wished."""

    phases: tuple[tuple[int, Parameters], ...]  # week, parameters that hold after it
    seed: int
    week: int
    history: History
    state: State

    @property
    def parameters(self) -> Parameters:
        """The parameters that hold now."""
        return self.phases[-1][1]


def check_seed(seed: Any) -> int:
    """Return a valid seed.

    Raises
    ------
    ParameterError
        If it is not a whole number from 0 to 2^63 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise ParameterError(f"seed = {seed!r} must be a whole number from 0 to 2^63 - 1")
    return int(seed)


def simulate(
    parameters: Parameters | None = None,
    seed: int = 7,
    history: History | None = None,
    network: Network | None = None,
    threads: int = 1,
) -> Run:
    """Run a world to its horizon.

    Parameters
    ----------
    parameters
        The world; the default world if not given.
    seed
        A whole number from 0, below 2^63. Two worlds with one seed meet the same luck.
    history
        The record of a real case, which replaces what the model would decide.
    network
        Ties laid before (`sim.setup.lay_ties`), for runs that share them.
    threads
        How many threads may compute the weeks of a large world (`sim.threads`); smaller worlds
        take one. The results are the same with any number.

    Returns
    -------
    Run
        With its outcome, the weekly table and the arrays of the world at the horizon.

    Raises
    ------
    ParameterError
        For a world that cannot be built, or a seed, a history, a network or a number of threads
        that does not fit.
    OSError
        For an error of the system when a list of ties is read.

    Examples
    --------
    >>> from sim import Parameters, simulate
    >>> world = Parameters.from_dict(
    ...     {"users.count": 500, "participation.cost_mean": 0.4, "movement.launch_week": 20}
    ... )
    >>> run = simulate(world, seed=1)
    >>> run.outcome.emerged, run.outcome.emergence_week
    (True, 26.0)
    >>> run.weekly["active"].iloc[[0, 20, 24, 104]].round(3).tolist()  # shares of the users
    [0.0, 0.006, 0.188, 0.238]
    """
    parameters = fit_to_network(check_parameters(parameters), network)
    seed = check_seed(seed)
    history = check_history(history, parameters.horizon)
    threads = check_threads(threads)
    network = sound_network(parameters, seed, network)
    return simulate_checked(parameters, seed, history, network, threads)


def simulate_checked(
    parameters: Parameters, seed: int, history: History, network: Network, threads: int = 1
) -> Run:
    """Run a world to its horizon, all parts of which are known to be sound and to fit.

    The twin branches off at the launch, until which nobody is active and hence nobody influenced,
    and ends with its campaign, after which nobody can join: only who joins in it matters.
    """
    advance = on_threads(threads, parameters.users.count)
    p, horizon = parameters.record()[0], parameters.horizon
    state = populate(parameters, p, seed, history, network)
    launch = advance(0, horizon, True, seed, p, history, state)
    twins = [fork(state)]
    advance(launch, horizon, False, seed, p, history, state)

    def run_twin() -> State:
        twin = twins.pop()  # its memory is free once it is compared
        advance(launch, horizon, True, seed, without_influence(parameters), history, twin)
        return twin

    return Run(parameters, seed, state, judge(parameters, state, run_twin))


def simulate_until(
    week: int,
    parameters: Parameters | None = None,
    seed: int = 7,
    history: History | None = None,
    network: Network | None = None,
) -> Checkpoint:
    """Run a world to the end of a week, to go on from there (`go_on`, `finish`).

    Parameters
    ----------
    week
        From 0 to the horizon.
    parameters, seed, history, network
        As for `simulate`.

    Raises
    ------
    ParameterError
        For a week, a seed or a history that does not fit.
    """
    parameters = fit_to_network(check_parameters(parameters), network)
    if not 0 <= week <= parameters.horizon:
        raise ParameterError(f"week {week} is not within the horizon, 0 to {parameters.horizon}")
    seed = check_seed(seed)
    history = check_history(history, parameters.horizon)
    p = parameters.record()[0]
    state = build(parameters, p, seed, history, network)
    advance_to(0, week, False, seed, p, history, state)
    return Checkpoint(((0, parameters),), seed, week, history, state)


def go_on(checkpoint: Checkpoint, week: int, parameters: Parameters | None = None) -> Checkpoint:
    """Go on from a checkpoint to the end of a later week; the checkpoint stays as it is.

    Parameters
    ----------
    checkpoint
        From `simulate_until` or from here.
    week
        From the week of the checkpoint to the horizon.
    parameters
        What holds from the next week on, in the run and in its twin; as before if not given.

    Raises
    ------
    ParameterError
        For a week out of this range, or parameters that differ in what is fixed from week 0 on.
    """
    phases, horizon = checkpoint.phases, checkpoint.parameters.horizon
    if not checkpoint.week <= week <= horizon:
        raise ParameterError(f"week {week} is not between week {checkpoint.week} and {horizon}")
    if parameters is not None and parameters != checkpoint.parameters:
        check_change(checkpoint.parameters, parameters)
        phases = (*phases, (checkpoint.week, parameters))
    state, p = fork(checkpoint.state), phases[-1][1].record()[0]
    advance_to(checkpoint.week, week, False, checkpoint.seed, p, checkpoint.history, state)
    return replace(checkpoint, phases=phases, week=week, state=state)


def finish(checkpoint: Checkpoint, parameters: Parameters | None = None) -> Run:
    """Go on from a checkpoint to the horizon: the same run as without it, if nothing is changed.

    Raises
    ------
    ParameterError
        For parameters that differ in what is fixed from week 0 on.
    """
    end = go_on(checkpoint, checkpoint.parameters.horizon, parameters)

    def run_twin() -> State:
        return live_as_twin(end.phases, end.week, end.seed, end.history, end.state.network)

    return Run(end.parameters, end.seed, end.state, judge(end.parameters, end.state, run_twin))


def check_change(before: Parameters, after: Parameters) -> None:
    """Refuse other parameters for the rest of a run if they differ in what week 0 was drawn from.

    Raises
    ------
    ParameterError
        Naming the first that is fixed.
    """
    for name in ("horizon", *FIXED_AT_START):
        if before.value(name) != after.value(name):
            raise ParameterError(f"{name} is fixed from week 0 on; build a new model")
