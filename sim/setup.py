"""Week 0: drawing users and shareholders, and the world at rest."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import numpy as np

from sim import network as networks
from sim.compiled import builder, f32
from sim.history import History
from sim.holder_week import take_stock
from sim.network import Network
from sim.parameters import ParameterError, Parameters, Topology
from sim.population import (
    DEPENDENCE_CONCENTRATION,
    STEPS,
    TRAIT_CONCENTRATION,
    beta_table,
    draw_holders,
    draw_users,
    gamma_table,
    normal_table,
    start_discontent,
)
from sim.rules import dissatisfaction
from sim.state import WEEK, WORLD, Shareholders, State, Users, make_arrays, make_workspace
from sim.user_sums import sum_up
from sim.week import observe

FIXED_AT_START = (
    "users.count",
    "users.dependence_mean",
    "users.ownership_mean",
    "users.threat_sensitivity_mean",
    "users.goal_concentration",
    "participation.cost_mean",
    "participation.cost_sd",
    "participation.goal_patience",
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


@builder
def start(
    seed, p, history, state, dependence, trait, ownership, threat, normal, gamma, literacy_top
):
    """Draw users and shareholders, set the world's record at week 0, at rest, and record it."""
    users, offsets, world = state.users, state.network.offsets, state.world[0]
    draw_users(seed, p, users, offsets, dependence, trait, ownership, threat, normal, gamma)
    draw_holders(seed, p, state.shareholders, users.status.size)
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
    world.monetisation = world.usual_monetisation = p.firm.monetisation_start
    world.governance_deficit = p.firm.governance_start
    take_stock(state.shareholders, world)
    world.trust = p.shareholders.trust_start  # which the sum may miss by its rounding
    world.launched = world.petition = world.filed = world.study_start = world.converted = (
        world.spin_off
    ) = world.yielded = world.for_sale = world.closed = -1
    world.support = world.turnout = -1.0
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

    Examples
    --------
    >>> network = lay_ties(Parameters.from_dict({"users.count": 100}), seed=7)
    >>> len(network.offsets), len(network.neighbours)  # 100 users of 16 neighbours on average
    (101, 1600)
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
    if isinstance(error, networks.EdgeListError):
        text = f"network.edge_list={error}"
    else:
        text = re.sub(r"\bn\b(?= [=−])", "users.count", str(error))
        text = re.sub(r"\b(mean_degree|tail|clustering|rewiring)(?= =)", r"network.\1", text)
    refused = ParameterError(text)
    refused.topic = "networks"
    return refused


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
        Ties laid before (`lay_ties`), for runs that share them.

    Raises
    ------
    ParameterError
        For a network that cannot be laid or read, or has another number of users.
    """
    return populate(parameters, p, seed, history, sound_network(parameters, seed, network))


def sound_network(parameters: Parameters, seed: int, network: Network | None) -> Network:
    """Return the network given, once it is found sound, or else the world's own.

    Raises
    ------
    ParameterError
        As `build` does.
    """
    if network is None:
        network = lay_ties(parameters, seed)
        if parameters.network.topology is not Topology.EDGE_LIST:
            return network  # as it was drawn for so many users
    return networks.check_network(network, parameters.users.count)


def populate(
    parameters: Parameters, p: Any, seed: int, history: History, network: Network
) -> State:
    """Return the state of a world at week 0 on a network that is known to be sound."""
    n, m, person = parameters.users.count, parameters.shareholders.count, parameters.users
    users, holders = make_arrays(Users, n), make_arrays(Shareholders, m)
    users.expected.fill(-1)
    weekly = np.zeros(parameters.horizon + 1, dtype=WEEK)
    state = State(network, users, make_workspace(n), holders, np.zeros(1, dtype=WORLD), weekly)
    ownership = beta_table(person.ownership_mean, TRAIT_CONCENTRATION)
    top_ownership = float(np.interp(0.9, np.arange(STEPS + 1) / STEPS, ownership))
    literacy_top = parameters.persuasion.literacy_start / person.ownership_mean * top_ownership
    start(
        seed=seed,
        p=p,
        history=history,
        state=state,
        dependence=beta_table(person.dependence_mean, DEPENDENCE_CONCENTRATION),
        trait=beta_table(0.5, TRAIT_CONCENTRATION),
        ownership=ownership,
        threat=beta_table(person.threat_sensitivity_mean, TRAIT_CONCENTRATION),
        normal=normal_table(),
        gamma=gamma_table(person.goal_concentration),
        literacy_top=min(literacy_top, 1.0),
    )
    return state
