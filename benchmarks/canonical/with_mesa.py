"""The canonical model in plain Mesa: an object a user, each with a list of its neighbours.

Profiled: asking the neighbours is most of it. They are a list of each user's own, laid once, since
looking them up in Mesa's network every week takes longer than all else; the terms that are the same
for all users are computed once a week; a list is summed rather than a generator; the two halves of
the week go through ``AgentSet.do``, unshuffled, as the order does not matter.
"""

from __future__ import annotations

import logging
from math import exp
from typing import NamedTuple

import mesa
import numpy as np

from benchmarks.canonical.world import World

logging.getLogger("MESA").setLevel("WARNING")  # Mesa logs every step otherwise


class User(mesa.Agent):
    """A user of the platform."""

    def __init__(self, model: Movement, cost: float, active: bool) -> None:
        super().__init__(model)
        self.cost, self.active, self.changes = cost, active, False
        self.friends: list[User] = []
        self.friend_weight = 0.0  # w_S / k

    def decide(self) -> None:
        rule = self.model.rule
        peers = self.friend_weight * sum([friend.active for friend in self.friends])
        willing = 1 / (1 + exp(-rule.steepness * (peers + self.model.encouraged - self.cost)))
        chance = rule.drop_rate * (1 - willing) if self.active else rule.join_rate * willing
        self.changes = self.random.random() < chance

    def act(self) -> None:
        if self.changes:
            self.active = not self.active
            self.model.count += 1 if self.active else -1


class Movement(mesa.Model):
    """The users and their week."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(rng=seed)
        self.rule = world.rule
        users = [
            User(self, cost, active)
            for cost, active in zip(world.cost.tolist(), world.active.tolist(), strict=True)
        ]
        offsets = world.network.offsets.tolist()
        for user, first, last in zip(users, offsets[:-1], offsets[1:], strict=True):
            user.friends = [users[j] for j in world.network.neighbours[first:last]]
            user.friend_weight = self.rule.peer_weight / max(last - first, 1)
        self.count = int(world.active.sum())

    @property
    def share(self) -> float:
        return self.count / len(self.agents)

    def step(self) -> None:
        efficacy = self.share / (self.share + self.rule.half_saturation)
        self.encouraged = self.rule.efficacy_weight * efficacy
        self.agents.do("decide")
        self.agents.do("act")


class Model(NamedTuple):
    """A model and how long it is to run."""

    movement: Movement
    weeks: int


def build(world: World, weeks: int, seed: int) -> Model:
    return Model(Movement(world, seed), weeks)


def run(model: Model) -> np.ndarray:
    shares = [model.movement.share]
    for _ in range(model.weeks):
        model.movement.step()
        shares.append(model.movement.share)
    return np.array(shares)
