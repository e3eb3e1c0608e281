"""The population at week 0: traits of the users, holdings of the shareholders."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special

from sim.compiled import ONE, builder, f32, kernel
from sim.randomness import Stream, high_share, key, low_share, middle_share, uniform, word
from sim.state import HolderClass, Remedy

DEPENDENCE_CONCENTRATION = 5.0  # mean 0.6 gives Beta(3, 2)
TRAIT_CONCENTRATION = 4.0  # mean 0.5 gives Beta(2, 2)
GOALS = ("convert", "spread", "promote")
"""Convert this firm; spread platform cooperatives; promote cooperatives in general."""

STEPS = 1024  # of a quantile table
_TRAITS, _GOALS, _HOLDERS = int(Stream.USER_TRAITS), int(Stream.USER_GOALS), int(Stream.HOLDERS)
_REGULATION, _LEAVING = np.uint8(Remedy.REGULATION), np.uint8(Remedy.LEAVING)
_OWNERSHIP = np.uint8(Remedy.OWNERSHIP)
_INSTITUTIONAL, _RETAIL = int(HolderClass.INSTITUTIONAL), int(HolderClass.RETAIL)
_ETHICAL = int(HolderClass.ETHICAL)


def _probabilities() -> np.ndarray:
    steps = np.arange(STEPS + 1) / STEPS
    return np.clip(steps, 0.5 / STEPS, 1.0 - 0.5 / STEPS)


@lru_cache(maxsize=256)
def beta_table(mean: float, concentration: float) -> np.ndarray:
    """Return quantiles of a Beta distribution at 1,025 equidistant probabilities, float32."""
    steps = np.arange(STEPS + 1) / STEPS
    a, b = mean * concentration, (1.0 - mean) * concentration
    return np.asarray(special.betaincinv(a, b, steps), dtype=np.float32)


@lru_cache(maxsize=256)
def gamma_table(shape: float) -> np.ndarray:
    """Return quantiles of a Gamma distribution, the last half step of each tail cut, float32."""
    return np.asarray(
        np.maximum(special.gammaincinv(shape, _probabilities()), 1e-30), dtype=np.float32
    )


@lru_cache(maxsize=1)
def normal_table() -> np.ndarray:
    """Return quantiles of the standard normal, the last half step of each tail cut, float32."""
    return np.asarray(special.ndtri(_probabilities()), dtype=np.float32)


@kernel
def quantile(table, share):
    """Return the value of a quantile table at a probability, interpolated."""
    position = share * f32(STEPS)
    below = np.int32(position)
    rest = position - f32(below)
    return table[below] + rest * (table[below + 1] - table[below])


@kernel
def draw_users(seed, p, users, offsets, dependence, trait, ownership, threat, normal, gamma):
    """Draw every user's traits from quantile tables, and set the views they start from."""
    first, second, third = key(seed, _TRAITS, 0), key(seed, _TRAITS, 1), key(seed, _TRAITS, 2)
    goals_first, goals_second = key(seed, _GOALS, 0), key(seed, _GOALS, 1)
    cost_mean, cost_sd = f32(p.participation.cost_mean), f32(p.participation.cost_sd)
    other_remedy = f32(p.persuasion.remedy_share)
    commons_scale = f32(p.persuasion.commons_start / p.users.dependence_mean)
    literacy_scale = f32(p.persuasion.literacy_start / p.users.ownership_mean)
    for i in range(users.status.size):
        luck = word(first, i)
        users.dependence[i] = quantile(dependence, high_share(luck))
        users.sensitivity[i] = f32(2.0) * quantile(trait, middle_share(luck))
        asks = low_share(luck)
        remedy = _OWNERSHIP
        if asks < other_remedy:
            remedy = _LEAVING if asks < f32(0.5) * other_remedy else _REGULATION
        users.remedy[i] = remedy
        luck = word(second, i)
        users.threat_sensitivity[i] = quantile(threat, high_share(luck))
        users.ownership[i] = quantile(ownership, middle_share(luck))
        luck = word(third, i)
        users.cost[i] = cost_mean + cost_sd * quantile(normal, high_share(luck))
        luck = word(goals_first, i)
        convert, spread = (
            quantile(gamma, high_share(luck)),
            quantile(gamma, middle_share(luck)),
        )
        promote = quantile(gamma, high_share(word(goals_second, i)))
        total = convert + spread + promote
        users.goals[i, 0] = convert / total
        users.goals[i, 1] = spread / total
        users.goals[i, 2] = promote / total
        users.wear[i] = 1.0 - p.participation.goal_patience * (1.0 - convert / total)
        users.commons_view[i] = min(commons_scale * users.dependence[i], ONE)
        users.literacy[i] = min(literacy_scale * users.ownership[i], ONE)
        degree = offsets[i + 1] - offsets[i]
        users.degree_inverse[i] = ONE / f32(degree) if degree > 0 else f32(0.0)


@kernel
def start_discontent(users, causes):
    """Set every user's dissatisfaction to its value at rest."""
    for i in range(users.status.size):
        users.dissatisfaction[i] = min(ONE, users.sensitivity[i] * causes)


@builder
def draw_holders(seed, p, holders, users):
    """Draw holdings (Pareto within classes whose totals are given), classes and identities."""
    totals = np.zeros(3)
    shares = np.array(
        [
            p.shareholders.institutional_share,
            1.0 - p.shareholders.institutional_share - p.shareholders.ethical_share,
            p.shareholders.ethical_share,
        ]
    )
    for j in range(holders.holding.size):
        draw = uniform(seed, _HOLDERS, 1, j)
        kind = _RETAIL
        if draw < shares[_INSTITUTIONAL]:
            kind = _INSTITUTIONAL
        elif draw >= shares[_INSTITUTIONAL] + shares[_RETAIL]:
            kind = _ETHICAL
        if j < 3:  # every class has at least one holder
            kind = j
        holders.kind[j] = kind
        holders.holding[j] = uniform(seed, _HOLDERS, 0, j) ** (-1.0 / p.shareholders.tail)
        totals[kind] += holders.holding[j]
        holders.user[j] = -1
        if kind != _INSTITUTIONAL and uniform(seed, _HOLDERS, 2, j) < p.shareholders.user_share:
            holders.user[j] = int(uniform(seed, _HOLDERS, 3, j) * users)
        holders.speed[j] = p.shareholders.trust_speed * (0.5 + uniform(seed, _HOLDERS, 4, j))
        holders.trust[j] = p.shareholders.trust_start
    for j in range(holders.holding.size):
        kind = holders.kind[j]
        holders.holding[j] *= shares[kind] / totals[kind]
