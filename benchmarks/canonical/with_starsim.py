"""The canonical model in Starsim: states as arrays, the ties as the edges of a Starsim network.

Profiled: counting active neighbours over the edges, each of which is kept once, is most of it; then
what Starsim does every week whatever the model. Edges are counted with ``np.bincount`` and weights,
which takes half of what picking the edges with an active end takes.
"""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.canonical.world import World, edges


class Ties(ss.Network):
    """Ties that stay as they are."""

    def step(self) -> None:
        pass


class Participation(ss.Module):
    """Who takes part."""

    def __init__(self, world: World) -> None:
        super().__init__(name="participation")
        self.define_states(
            ss.BoolState("active", default=False),
            ss.FloatArr("cost", default=0.0),
            ss.FloatArr("friend_weight", default=0.0),  # w_S / k
        )
        self.luck = ss.random()
        self.world = world

    def init_post(self) -> None:
        super().init_post()
        degree = np.diff(self.world.network.offsets)
        self.active[:] = self.world.active
        self.cost[:] = self.world.cost
        self.friend_weight[:] = self.world.rule.peer_weight / np.maximum(degree, 1)

    def step(self) -> None:
        rule, active = self.world.rule, self.active.values
        share = active.mean()
        encouraged = rule.efficacy_weight * share / (share + rule.half_saturation)
        ties = self.sim.networks.ties
        friends = np.bincount(ties.p1, weights=active[ties.p2], minlength=active.size)
        friends += np.bincount(ties.p2, weights=active[ties.p1], minlength=active.size)
        peers = self.friend_weight.values * friends
        utility = rule.steepness * (peers + encouraged - self.cost.values)
        willing = 1 / (1 + np.exp(-utility))
        chance = np.where(active, rule.drop_rate * (1 - willing), rule.join_rate * willing)
        self.active[:] = active ^ (self.luck.rvs(active.size) < chance)


def build(world: World, weeks: int, seed: int) -> ss.Sim:
    p1, p2 = edges(world.network).T
    sim = ss.Sim(
        n_agents=world.cost.size,
        networks=Ties(name="ties", p1=p1, p2=p2, beta=np.ones(p1.size)),
        custom=Participation(world),
        start=ss.days(0),
        dur=weeks - 1,  # the first week has no length of its own
        dt=ss.days(1),
        rand_seed=seed,
        verbose=0,
    )
    sim.init()
    return sim


def run(model: ss.Sim) -> np.ndarray:
    started = model.custom.participation.active.sum()
    model.run()
    return np.append(started, model.results.participation.n_active) / model.pars.n_agents
