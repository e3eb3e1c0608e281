"""Headless runs: a world from week 0 to its horizon at once, without Mesa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.history import BOUNDS, MAY_BE_MISSING, History, no_history
from sim.network import Network
from sim.outcome import Outcome, judge
from sim.parameters import ParameterError, Parameters, check_parameters
from sim.setup import FIXED_AT_START, build, fit_to_network
from sim.state import State, fork
from sim.week import advance_to

if TYPE_CHECKING:
    import pandas as pd

SOCIAL_INFLUENCE = (
    ("awareness", "contact"),
    ("participation", "peer_weight"),
    ("efficacy", "size_weight"),
    ("efficacy", "growth_weight"),
    ("media", "supporter_gain"),
)
"""Parameters that are 0 in the twin: peers, and the size and growth of the movement."""


@dataclass
class Run:
    """A finished run."""

    parameters: Parameters
    seed: int
    state: State
    outcome: Outcome

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
        """The weekly table, a row a week from 0 to the horizon; columns as `sim.state.WEEK`."""
        import pandas as pd

        return pd.DataFrame(self.state.weekly)


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


def check_history(history: History | None, horizon: int) -> History:
    """Return the history of a case, or that of none.

    Raises
    ------
    ParameterError
        If it does not cover the horizon.
    """
    if history is None:
        return no_history(horizon)
    if not isinstance(history, History):
        raise ParameterError(
            f"history is a {type(history).__name__}; sim.history.History has its weekly series"
        )
    return History(*(_series(*each, horizon) for each in history._asdict().items()))


def _series(name: str, given: Any, horizon: int) -> np.ndarray:
    try:
        if np.iscomplexobj(given):
            raise TypeError
        series = np.require(np.ma.filled(given, np.nan), np.float64, ["C", "A", "W"])
    except (TypeError, ValueError):
        raise ParameterError(f"history.{name} must be numbers, one a week") from None
    if series.ndim != 1 or len(series) < horizon + 1:
        covered = f"{len(series)} weeks" if series.ndim == 1 else f"shape {series.shape}"
        raise ParameterError(
            f"history.{name} covers {covered}; a horizon of {horizon} weeks needs {horizon + 1}"
        )
    low, high = BOUNDS[name]
    right = (low <= series) & (series <= high)
    if name in MAY_BE_MISSING:
        right |= np.isnan(series)
    if not right.all():
        week = int(np.argmin(right))
        raise ParameterError(
            f"history.{name} = {series[week]:g} in week {week} must be from {low:g} to {high:g}"
        )
    return series


def simulate(
    parameters: Parameters | None = None,
    seed: int = 7,
    history: History | None = None,
    network: Network | None = None,
) -> Run:
    """Run a world to its horizon.

    Parameters
    ----------
    parameters
        The world; the default world if not given.
    seed
        A whole number from 0. Two worlds with one seed meet the same luck.
    history
        The record of a real case, which replaces what the model would decide.
    network
        Ties laid before (`sim.setup.lay_ties`), for runs that share them.

    Raises
    ------
    ParameterError
        For a seed or a history that does not fit.
    """
    parameters = fit_to_network(check_parameters(parameters), network)
    seed = check_seed(seed)
    history = check_history(history, parameters.horizon)
    p, horizon = parameters.record()[0], parameters.horizon
    state = build(parameters, p, seed, history, network)
    launch = advance_to(0, horizon, True, seed, p, history, state)
    twin = fork(state)  # until the launch nobody is active, hence nobody is influenced
    advance_to(launch, horizon, False, seed, p, history, state)

    def run_twin() -> State:
        advance_to(launch, horizon, False, seed, without_influence(parameters), history, twin)
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


def live_as_twin(
    phases: Sequence[tuple[int, Parameters]],
    last: int,
    seed: int,
    history: History,
    network: Network,
) -> State:
    """Return the state after week ``last`` of a run's twin.

    Its parameters change in the same weeks. It lives from week 0: a caller that stops or steps a
    run may have changed it before its launch.

    Parameters
    ----------
    phases
        Weeks, the first of them 0, and the parameters that held after them.
    seed, history, network
        The run's.
    """
    first = phases[0][1]
    twin = build(first, without_influence(first), seed, history, network)
    starts = [week for week, _ in phases]
    for start, end, (_, parameters) in zip(starts, [*starts[1:], last], phases, strict=True):
        advance_to(start, end, False, seed, without_influence(parameters), history, twin)
    return twin


def without_influence(parameters: Parameters) -> np.void:
    """Return the record of the same world without social influence."""
    p: np.void = parameters.record()[0]
    for group, name in SOCIAL_INFLUENCE:
        p[group][name] = 0.0
    return p
