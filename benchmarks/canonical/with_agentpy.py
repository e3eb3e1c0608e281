"""The canonical model in AgentPy: an agent a user on an AgentPy network.

Profiled: asking the neighbours is most of it. They are looked up in the network once, when the
model is set up, since doing so every week takes longer than all else; the terms that are the same
for all users are computed once a week; a list is summed rather than a generator; parameters are
read into the model, because AgentPy's dictionary of them is slow.
"""

from __future__ import annotations

from math import exp

import agentpy as ap
import networkx as nx
import numpy as np

from benchmarks.canonical.world import World, edges


class User(ap.Agent):
    """A user of the platform."""

    def setup(self, cost: float, active: bool) -> None:
        self.cost, self.active, self.changes = cost, active, False

    def meet(self, network: ap.Network) -> None:
        self.friends = network.neighbors(self).to_list()
        self.friend_weight = self.model.rule.peer_weight / max(len(self.friends), 1)  # w_S / k

    def decide(self) -> None:
        model = self.model
        rule = model.rule
        peers = self.friend_weight * sum([friend.active for friend in self.friends])
        willing = 1 / (1 + exp(-rule.steepness * (peers + model.encouraged - self.cost)))
        chance = rule.drop_rate * (1 - willing) if self.active else rule.join_rate * willing
        self.changes = model.random.random() < chance

    def act(self) -> None:
        if self.changes:
            self.active = not self.active
            self.model.count += 1 if self.active else -1


class Movement(ap.Model):
    """The users and their week."""

    def setup(self) -> None:
        world = self.p.world
        self.rule = world.rule
        graph = nx.empty_graph(world.cost.size)
        graph.add_edges_from(edges(world.network).tolist())
        network = ap.Network(self, graph)
        self.users = ap.AgentList(
            self,
            world.cost.size,
            User,
            cost=ap.AttrIter(world.cost.tolist()),
            active=ap.AttrIter(world.active.tolist()),
        )
        network.add_agents(self.users, network.nodes)
        self.users.meet(network)
        self.count = int(world.active.sum())

    @property
    def share(self) -> float:
        return self.count / len(self.users)

    def update(self) -> None:
        self.record("share", self.share)

    def step(self) -> None:
        efficacy = self.share / (self.share + self.rule.half_saturation)
        self.encouraged = self.rule.efficacy_weight * efficacy
        self.users.decide()
        self.users.act()


def build(world: World, weeks: int, seed: int) -> Movement:
    movement = Movement({"world": world})
    movement.sim_setup(steps=weeks, seed=seed)
    return movement


def run(model: Movement) -> np.ndarray:
    while model.running:
        model.sim_step()
    return np.array(model.log["share"])
