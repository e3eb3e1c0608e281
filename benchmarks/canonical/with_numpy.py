"""The canonical model in NumPy: active neighbours by a product with SciPy's sparse matrix.

Profiled: the product is most of it, then the draws and the exponential. Single precision
throughout, 32-bit indices, arrays written in place, and 1 − σ(U) taken as σ(−U), so that one
exponential serves both who joins and who leaves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from benchmarks.canonical.world import World


class Model(NamedTuple):
    """The arrays of a model."""

    world: World
    weeks: int
    rng: np.random.Generator
    ties: csr_array  # float32, (n, n), b w_S / k of the row's user where two are tied


def build(world: World, weeks: int, seed: int) -> Model:
    network, rule = world.network, world.rule
    degree = np.diff(network.offsets)
    weight = np.repeat(rule.steepness * rule.peer_weight / np.maximum(degree, 1), degree)
    parts = weight.astype(np.float32), network.neighbours, network.offsets.astype(np.int32)
    ties = csr_array(parts, shape=(degree.size, degree.size))
    return Model(world, weeks, np.random.default_rng(seed), ties)


def run(model: Model) -> np.ndarray:
    rule, rng = model.world.rule, model.rng
    barrier = np.float32(rule.steepness) * model.world.cost
    active = model.world.active.astype(np.float32)
    luck = np.empty_like(active)
    shares = np.empty(model.weeks + 1)
    shares[0] = share = active.mean(dtype=np.float64)
    for week in range(1, model.weeks + 1):
        efficacy = share / (share + rule.half_saturation)
        utility = model.ties @ active
        utility -= barrier
        utility += np.float32(rule.steepness * rule.efficacy_weight * efficacy)
        towards = 2 * active - 1  # −1 for a bystander, who joins by σ(U)
        odds = np.exp(np.multiply(utility, towards, out=utility), out=utility)
        rate = np.float32(rule.join_rate) + active * np.float32(rule.drop_rate - rule.join_rate)
        rng.random(dtype=np.float32, out=luck)
        luck *= odds + 1
        changes = luck < rate
        active -= towards * changes
        shares[week] = share = active.mean(dtype=np.float64)
    return shares
