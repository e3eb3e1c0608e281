"""The twin of a run: the same world with the same luck, in which nobody influences anybody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.history import History
from sim.network import Network
from sim.parameters import Parameters
from sim.setup import build
from sim.state import State
from sim.week import advance_to

SOCIAL_INFLUENCE = (
    ("awareness", "contact"),
    ("participation", "peer_weight"),
    ("efficacy", "size_weight"),
    ("efficacy", "growth_weight"),
    ("media", "supporter_gain"),
)
"""Parameters that are 0 in the twin: peers, and the size and growth of the movement."""


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
