"""Headless runs: a world from week 0 to its horizon at once, without Mesa."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.history import History, no_history
from sim.network import Network
from sim.outcome import Outcome, judge
from sim.parameters import ParameterError, Parameters
from sim.setup import build
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
    for name, series in zip(History._fields, history, strict=True):
        if len(series) < horizon + 1:
            raise ParameterError(
                f"history.{name} covers {len(series)} weeks; a horizon of {horizon} weeks "
                f"needs {horizon + 1}"
            )
    return history


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
    parameters = Parameters() if parameters is None else parameters
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


def without_influence(parameters: Parameters) -> np.void:
    """Return the record of the same world without social influence."""
    p: np.void = parameters.record()[0]
    for group, name in SOCIAL_INFLUENCE:
        p[group][name] = 0.0
    return p
