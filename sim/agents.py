"""Genuine Mesa agents, as views: their properties read and write the arrays of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import mesa
import mesa.discrete_space
import networkx as nx
import numpy as np
from mesa.agentset import _HardKeyAgentSet
from mesa.discrete_space.cell_agent import FixedCell

from sim.errors import MomentumError
from sim.state import HolderClass, Remedy, Status
from sim.user_status import set_status

if TYPE_CHECKING:
    from sim.model import MovementModel
    from sim.network import Network


def _entry(group: str, field: str, doc: str) -> property:
    """Return a property for one entry of an array of the model."""

    def read(agent: Any) -> float:
        return float(getattr(getattr(agent.model.state, group), field)[agent.index])

    def write(agent: Any, value: float) -> None:
        getattr(getattr(agent.model.state, group), field)[agent.index] = value

    return property(read, write, doc=doc)


def _record(field: str, doc: str) -> property:
    """Return a property for a field of the world's record."""

    def read(agent: Any) -> float:
        return float(agent.model.state.world[0][field])

    def write(agent: Any, value: float) -> None:
        agent.model.state.world[0][field] = value

    return property(read, write, doc=doc)


class User(FixedCell, mesa.Agent):
    """A user of the platform; ``index`` is the position in the arrays.

    ``cell`` is the user's place in the model's ``grid``; None until that is asked for.
    """

    dissatisfaction = _entry("users", "dissatisfaction", "Dissatisfaction, in [0, 1].")
    commons_view = _entry(
        "users", "commons_view", "How far the user sees the service as a commons, in [0, 1]."
    )
    literacy = _entry("users", "literacy", "Cooperative literacy, in [0, 1].")
    dependence = _entry("users", "dependence", "Dependence on the service, in [0, 1].")
    ownership = _entry("users", "ownership", "Preference for democratic ownership, in [0, 1].")
    threat_sensitivity = _entry(
        "users", "threat_sensitivity", "Sensitivity to threats to democracy, in [0, 1]."
    )
    sensitivity = _entry(
        "users", "sensitivity", "Sensitivity to causes of dissatisfaction, mean 1."
    )
    cost = _entry("users", "cost", "Cost of taking part, in units of motive.")
    active_neighbours = _entry("users", "active_neighbours", "Neighbours who take part.")
    gone_neighbours = _entry("users", "gone_neighbours", "Neighbours who left.")

    def __init__(self, model: MovementModel, index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def status(self) -> Status:
        """What the user is; setting it keeps every count right."""
        return Status(int(self.model.state.users.status[self.index]))

    @status.setter
    def status(self, status: Status) -> None:
        state = self.model.state
        set_status(state.network, state.users, state.world[0], self.index, np.uint8(Status(status)))

    @property
    def neighbours(self) -> list[User]:
        """The users this one is tied to."""
        ties = self.model.state.network
        first, last = ties.offsets[self.index], ties.offsets[self.index + 1]
        return [self.model.users[i] for i in ties.neighbours[first:last]]

    @property
    def remedy(self) -> Remedy:
        """What the user asks for when persuaded of the commons view."""
        return Remedy(int(self.model.state.users.remedy[self.index]))

    @property
    def goals(self) -> np.ndarray:
        """Weights of converting this firm, spreading platform cooperatives, promoting others."""
        return self.model.state.users.goals[self.index]

    @property
    def aware(self) -> bool:
        """Whether the user knows of the movement; setting it keeps the count right."""
        return bool(self.model.state.users.aware[self.index])

    @aware.setter
    def aware(self, aware: bool) -> None:
        users, world = self.model.state.users, self.model.state.world[0]
        if users.status[self.index] <= Status.ORGANISER:  # the world counts those present
            world["aware"] += int(aware) - int(users.aware[self.index])
        users.aware[self.index] = aware


def settle(users: list[User], network: Network) -> mesa.discrete_space.Network:
    """Return Mesa's space of the ties, and give each user a cell of it."""
    graph: Any = nx.Graph()
    graph.add_nodes_from(range(len(users)))
    ends = np.repeat(np.arange(len(users)), np.diff(network.offsets))
    graph.add_edges_from(zip(ends.tolist(), network.neighbours.tolist(), strict=True))
    grid = mesa.discrete_space.Network(graph, random=users[0].model.random, layout=None)
    for user, cell in zip(users, grid.all_cells, strict=True):
        user.cell = cell
    return grid


class Shareholder(mesa.Agent):
    """An owner of stock; ``index`` is the position in the arrays."""

    holding = _entry("shareholders", "holding", "Share of the stock.")
    trust = _entry("shareholders", "trust", "Trust in the firm, in [0, 1].")

    def __init__(self, model: MovementModel, index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def kind(self) -> HolderClass:
        """Institutional, retail or ethical."""
        return HolderClass(int(self.model.state.shareholders.kind[self.index]))

    @property
    def user(self) -> User | None:
        """The user this shareholder also is."""
        index = int(self.model.state.shareholders.user[self.index])
        return None if index < 0 else self.model.users[index]


class PlatformFirm(mesa.Agent):
    """The firm; its attributes are the fields of the world's record (`sim.state.WORLD`)."""

    price = _record("price", "Share price, 1 at week 0.")
    revenue = _record("revenue", "Weekly revenue, 1 at week 0.")
    cash = _record("cash", "Cash, in weekly revenues of week 0.")
    demand = _record("demand", "Demand, 1 at week 0.")
    distress = _record("distress", "Distress, in [0, 1].")
    monetisation = _record("monetisation", "Monetisation, in [0, 1].")
    governance_deficit = _record("governance_deficit", "Governance deficit, in [0, 1].")
    value_gap = _record("value_gap", "Value to users that the price does not show, in [0, 1).")


VIEWS = (User, Shareholder, PlatformFirm)
"""Agents that stand for entries of the arrays: none can be added or removed."""


class Population(_HardKeyAgentSet):
    """Mesa's set of agents, which refuses to lose one that would still be simulated."""

    def discard(self, agent: mesa.Agent) -> None:
        """Remove an agent that a user of the model has added.

        Raises
        ------
        MomentumError
            For a view.
        """
        if isinstance(agent, VIEWS):
            raise MomentumError(
                f"a {type(agent).__name__} cannot be removed: the population is fixed; "
                "a user leaves the service by user.status = Status.EXITED"
            )
        super().discard(agent)

    remove = discard

    def _update(self, agents: Iterable[mesa.Agent]) -> Population:
        """Take these agents for those there were, as `select` and `sort` do in place."""
        kept = dict.fromkeys(agents)
        for agent in self._agents.keys() - kept.keys():
            self.discard(agent)
        return super()._update(kept)
