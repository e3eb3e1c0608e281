"""What all versions of the canonical model start from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.network import Network, generate
from sim.parameters import Topology

MEAN_DEGREE = 16.0  # neighbours
STARTED = 0.2  # share active at week 0


class Rule(NamedTuple):
    """The constants of the rule, in the order of its equations."""

    steepness: float = 6.0  # b
    peer_weight: float = 0.8  # w_S
    efficacy_weight: float = 0.4  # w_E
    half_saturation: float = 0.25  # h
    join_rate: float = 0.2  # λ_J, 1/week
    drop_rate: float = 0.3  # λ_D, 1/week


class World(NamedTuple):
    """What all versions start from."""

    network: Network
    cost: np.ndarray  # float32, (n,), c
    active: np.ndarray  # bool, (n,), who takes part at week 0
    rule: Rule = Rule()


def draw_world(n: int, seed: int) -> World:
    """Return a world of n users."""
    rng = np.random.default_rng(seed)
    network = generate(Topology.RANDOM, n, MEAN_DEGREE, 0.0, 0.0, 0.0, seed)
    cost = rng.normal(0.5, 0.2, n).astype(np.float32)
    return World(network, cost, rng.random(n) < STARTED)


def edges(network: Network) -> np.ndarray:
    """Return every tie once, int32, (ties, 2)."""
    users = np.arange(len(network.offsets) - 1, dtype=np.int32)
    ends = np.column_stack([np.repeat(users, np.diff(network.offsets)), network.neighbours])
    return ends[ends[:, 0] < ends[:, 1]]
