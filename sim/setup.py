"""Week 0: drawing users and shareholders, and the world at rest."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from sim import network as networks
from sim.compiled import ONE, builder, f32, kernel, routine
from sim.history import History
from sim.holder_week import take_stock
from sim.network import Network
from sim.parameters import ParameterError, Parameters, Topology
from sim.randomness import Stream, high_share, key, low_share, middle_share, uniform, word
from sim.rules import dissatisfaction
from sim.state import (
    WEEK,
    WORLD,
    HolderClass,
    Remedy,
    Shareholders,
    State,
    Users,
    make_arrays,
    make_workspace,
)
from sim.user_sums import sum_up
from sim.week import observe

DEPENDENCE_CONCENTRATION = 5.0  # mean 0.6 gives Beta(3, 2)
TRAIT_CONCENTRATION = 4.0  # mean 0.5 gives Beta(2, 2)
GOALS = ("convert", "spread", "promote")
"""Convert this firm; spread platform cooperatives; promote cooperatives in general."""

FIXED_AT_START = (
    "users.count",
    "users.dependence_mean",
    "users.ownership_mean",
    "users.threat_sensitivity_mean",
    "users.goal_concentration",
    "participation.cost_mean",
    "participation.cost_sd",
    "persuasion.commons_start",
    "persuasion.literacy_start",
    "persuasion.remedy_share",
    "shareholders.count",
    "shareholders.tail",
    "shareholders.institutional_share",
    "shareholders.ethical_share",
    "shareholders.user_share",
    "shareholders.trust_speed",
    "network.topology",
    "network.mean_degree",
    "network.tail",
    "network.clustering",
    "network.rewiring",
    "network.edge_list",
)
"""Parameters from which week 0 is drawn: changing them later would mean nothing."""

_STEPS = 1024  # of a quantile table
_TRAITS, _GOALS, _HOLDERS = int(Stream.USER_TRAITS), int(Stream.USER_GOALS), int(Stream.HOLDERS)
_REGULATION, _LEAVING = np.uint8(Remedy.REGULATION), np.uint8(Remedy.LEAVING)
_OWNERSHIP = np.uint8(Remedy.OWNERSHIP)
_INSTITUTIONAL, _RETAIL = int(HolderClass.INSTITUTIONAL), int(HolderClass.RETAIL)
_ETHICAL = int(HolderClass.ETHICAL)


def _probabilities() -> np.ndarray:
    steps = np.arange(_STEPS + 1) / _STEPS
    return np.clip(steps, 0.5 / _STEPS, 1.0 - 0.5 / _STEPS)


@lru_cache(maxsize=256)
def beta_table(mean: float, concentration: float) -> np.ndarray:
    """Return quantiles of a Beta distribution at 1,025 equidistant probabilities, float32."""
    steps = np.arange(_STEPS + 1) / _STEPS
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
    position = share * f32(_STEPS)
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


@routine
def start_world(p, history, state, literacy_top):
    """Set the world's record at week 0, at rest, and record the week."""
    world = state.world[0]
    world.threat = p.threat.base
    if not np.isnan(history.threat[0]):
        world.threat = history.threat[0]
    world.people_per_agent = p.users.people_per_agent
    if not np.isnan(history.base[0]):
        world.people_per_agent = p.users.people_per_agent * history.base[0]
    world.demand = world.revenue = world.price = world.peak_price = 1.0
    world.cost = p.firm.cost_share
    world.net_income = 1.0 - p.firm.cost_share
    if not np.isnan(history.margin[0]):
        world.net_income = history.margin[0]
    world.cash = p.firm.cash
    world.monetisation = p.firm.monetisation_start
    world.governance_deficit = p.firm.governance_start
    take_stock(state.shareholders, world)
    world.trust = p.shareholders.trust_start  # which the sum may miss by its rounding
    world.launched = world.filed = world.study_start = world.converted = world.spin_off = -1
    world.support = -1.0
    world.literacy_top = literacy_top
    causes = dissatisfaction.causes(
        base=p.dissatisfaction.base,
        monetisation_weight=p.dissatisfaction.monetisation_weight,
        monetisation_rise=0.0,
        governance_weight=p.dissatisfaction.governance_weight,
        governance_deficit=p.firm.governance_start,
        trend_now=0.0,
        scandal_effect=0.0,
        scandal=0.0,
    )
    start_discontent(state.users, f32(causes))
    sum_up(state.users, world, f32(p.persuasion.literacy_weight))
    world.user_value = world.value_sum / 4096.0 / state.users.status.size
    world.user_value_start = max(world.user_value, 1e-9)
    observe(0, p, state, world)


def check_world(parameters: Parameters, given: Collection[str] = ()) -> Parameters:
    """Return a world as it will be built, or refuse it if it cannot be, without building it.

    With ``network.topology = edge_list``, ``users.count`` is taken from the file if it has its
    default. The file is read once in a process, and again only if it changes.

    Parameters
    ----------
    parameters
        The world.
    given
        Names of parameters that the user has set, ``users.count`` to its default perhaps.

    Raises
    ------
    ParameterError
        For a network that cannot be drawn or read, or that has another number of users.
    OSError
        For an error of the system when the file is read.

    Examples
    --------
    >>> check_world(Parameters.from_dict({"network.topology": "complete", "users.count": 6000}))
    Traceback (most recent call last):
        ...
    sim.parameters.ParameterError: users.count = 6000: it should be at most 5000 users ...
    """
    ties = parameters.network
    try:
        if ties.topology is Topology.EDGE_LIST:
            return _fit_users(parameters, networks.read_edge_list(ties.edge_list).users, given)
        networks.require_drawable(
            ties.topology,
            parameters.users.count,
            ties.mean_degree,
            ties.tail,
            ties.clustering,
            ties.rewiring,
        )
    except ValueError as error:
        raise _in_parameters(error) from None
    return parameters


def fit_to_network(parameters: Parameters, network: Network | None) -> Parameters:
    """Return a world whose ties are from a file with as many users as the file has.

    Parameters
    ----------
    parameters
        The world; any other is returned as it is.
    network
        Its network, if it was read before.

    Raises
    ------
    ParameterError, OSError
        As `check_world` does.
    """
    if parameters.network.topology is not Topology.EDGE_LIST:
        return parameters
    if isinstance(network, Network):
        return _fit_users(parameters, len(network.offsets) - 1, ())
    return check_world(parameters)


def _fit_users(parameters: Parameters, found: int, given: Collection[str]) -> Parameters:
    count = parameters.users.count
    if found == count:
        return parameters
    if count != Parameters().users.count or "users.count" in given:
        raise ParameterError(
            f"users.count = {count}, but {parameters.network.edge_list} has {found} users; "
            f"set users.count={found} or leave it out"
        )
    return parameters.replace({"users.count": found})


def lay_ties(parameters: Parameters, seed: int) -> Network:
    """Return the social network of a world.

    Parameters
    ----------
    parameters
        The world.
    seed
        A whole number from 0; a network read from a file is the same for all.

    Raises
    ------
    ParameterError
        For a network that cannot be drawn or read.
    """
    ties, users = parameters.network, parameters.users.count
    try:
        if ties.topology is Topology.EDGE_LIST:
            return networks.network_of_file(ties.edge_list)
        return networks.generate(
            ties.topology,
            users,
            mean_degree=ties.mean_degree,
            tail=ties.tail,
            clustering=ties.clustering,
            rewiring=ties.rewiring,
            seed=seed,
        )
    except ValueError as error:
        raise _in_parameters(error) from None


def _in_parameters(error: ValueError) -> ParameterError:
    """Return an error of `sim.network` in the names of parameters."""
    text = re.sub(r"\bn\b(?= [=−])", "users.count", str(error))
    return ParameterError(
        re.sub(r"\b(mean_degree|tail|clustering|rewiring)(?= =)", r"network.\1", text)
    )


def build(
    parameters: Parameters, p: Any, seed: int, history: History, network: Network | None = None
) -> State:
    """Return the state of a world at week 0.

    Parameters
    ----------
    parameters
        The world; ``p`` is its record.
    seed
        A whole number from 0: all luck follows from it.
    history
        The record of a case, or that of none.
    network
        Ties laid before, for runs that share them.

    Raises
    ------
    ParameterError
        For a network that cannot be laid or has another number of users.
    """
    n, m = parameters.users.count, parameters.shareholders.count
    network = networks.check_network(lay_ties(parameters, seed) if network is None else network, n)
    person = parameters.users
    users, holders = make_arrays(Users, n), make_arrays(Shareholders, m)
    users.acted.fill(-9999)
    users.expected.fill(-1)
    weekly = np.zeros(parameters.horizon + 1, dtype=WEEK)
    state = State(network, users, make_workspace(n), holders, np.zeros(1, dtype=WORLD), weekly)
    ownership = beta_table(person.ownership_mean, TRAIT_CONCENTRATION)
    draw_users(
        seed=seed,
        p=p,
        users=users,
        offsets=network.offsets,
        dependence=beta_table(person.dependence_mean, DEPENDENCE_CONCENTRATION),
        trait=beta_table(0.5, TRAIT_CONCENTRATION),
        ownership=ownership,
        threat=beta_table(person.threat_sensitivity_mean, TRAIT_CONCENTRATION),
        normal=normal_table(),
        gamma=gamma_table(person.goal_concentration),
    )
    draw_holders(seed, p, holders, n)
    top_ownership = float(np.interp(0.9, np.arange(_STEPS + 1) / _STEPS, ownership))
    literacy_top = parameters.persuasion.literacy_start / person.ownership_mean * top_ownership
    start_world(p, history, state, min(literacy_top, 1.0))
    return state
