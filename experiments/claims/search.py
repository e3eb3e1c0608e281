"""A world in which a claim is contradicted, found by search over the plausible ranges.

Worlds are drawn over the ranges. The most opposed ones are looked at again with other seeds, and so
are worlds in which the parameters that go most with the effect are moved to the end of their range
that opposes the claim; if none contradicts it, they are varied for some generations. Then every
parameter that does not matter is put back to its default (delta debugging), so that those left over
say what turns the effect around. All seeds are others than those of the experiment that checks the
world found.

References
----------
Zeller & Hildebrandt (2002), doi:10.1109/32.988498, for putting back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import Estimand, Unit
from experiments.claims.robustness import by_world
from experiments.design.ranges import Axis

World = dict[str, Any]
Run = Callable[[Sequence[World], Sequence[int]], pd.DataFrame]
"""Simulates worlds under all variants: finished runs, ``sample`` the place of the world."""

FIRST_SEED = 10_000  # of the search; experiments begin with small ones
FEW_SEEDS = 2
LOOK_AGAIN = 6  # worlds
COMPARED = 10  # times as many seeds where two worlds are compared
CHILDREN = 5  # of a generation
GENERATIONS = 16
REDRAWN = 0.1  # chance that a child has a parameter drawn anew
COUNTED = (Unit.SHARE, Unit.FACTOR)  # of outcomes that cannot be below zero
CERTAIN = 2.0  # standard errors on the safe side, where the search decides
PUSHED = 8  # parameters that may be moved to an end
END = 0.1  # share of a range that counts as its end


@dataclass(frozen=True)
class Effort:
    """How much is tried."""

    worlds: int  # drawn; each gets FEW_SEEDS, since many worlds say more of what parameters do
    seeds: int  # of each world where it counts


class Found(NamedTuple):
    """What a search came to."""

    world: World  # what differs from the default world
    contradicts: bool
    tried: int  # worlds


@dataclass
class Search:
    """The search for one claim, or branch of one.

    Parameters
    ----------
    estimands
        Its headline effects, all of the same part of experiment robustness.
    axes
        The parameters that are drawn.
    run
        Simulates worlds.
    effort
        How much is tried.
    seed
        Of what is drawn.
    """

    estimands: Sequence[Estimand]
    axes: Sequence[Axis]
    run: Run
    effort: Effort
    seed: InitVar[int]
    next_seed: int = field(default=FIRST_SEED, init=False)
    tried: int = field(default=0, init=False)
    ends: dict[str, bool] = field(default_factory=dict, init=False)
    """Parameters to push, and whether to their upper end."""

    def __post_init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def search(self) -> Found:
        """Return the world that contradicts the claim, or comes nearest."""
        drawn = [self._draw() for _ in range(self.effort.worlds)]
        scores = self.scores(drawn, self._seeds(FEW_SEEDS), 1.0)
        self.ends = self._find_ends(drawn, scores)
        best = [drawn[place] for place in np.argsort(scores, kind="stable")[:LOOK_AGAIN]]
        best += [self._push(world) for world in best]
        scores = self.scores(best, self._seeds(self.effort.seeds), CERTAIN)
        world = best[int(scores.argmin())]
        if scores.min() >= 0:
            world = self._vary(best, world)
        return self._put_back(world)

    def comes_nearer(self, world: World, than: World, run: Run) -> bool:
        """Whether a world is nearer to a contradiction than another, by seeds not used before.

        Under all the variants of ``run``, which may be more than the search has.
        """
        seeds = self._seeds(COMPARED * self.effort.seeds)
        one, other = self.scores([world, than], seeds, CERTAIN, run)
        return bool(one < other)

    def scores(
        self, worlds: Sequence[World], seeds: Sequence[int], z: float, run: Run | None = None
    ) -> np.ndarray:
        """Return by world how far it is from a contradiction that is certain; below 0: it is one.

        That of the effect that comes nearest, ``z`` standard errors on the safe side. Infinite
        where no effect is known.
        """
        runs = (run or self.run)(worlds, seeds)
        self.tried += len(worlds)
        result = np.full(len(worlds), np.inf)
        for each in self.estimands:
            table = by_world(each, runs, each.outcome)
            far = distance(each, table, z).to_numpy()
            places = table[WORLD].to_numpy(dtype=int)
            result[places] = np.minimum(result[places], far)
        return result

    def _draw(self) -> World:
        return {axis.name: self._draw_value(axis) for axis in self.axes}

    def _draw_value(self, axis: Axis) -> Any:
        return self._rounded(axis.at(float(self.rng.random())))

    @staticmethod
    def _rounded(value: Any) -> Any:
        return float(f"{value:.3g}") if isinstance(value, float) else value

    def _find_ends(self, worlds: Sequence[World], scores: np.ndarray) -> dict[str, bool]:
        """Return the parameters whose ranks go most with the scores, and where scores are low."""
        numeric = [axis for axis in self.axes if not axis.named]
        known = np.isfinite(scores)
        table = pd.DataFrame(worlds)[[axis.name for axis in numeric]][known]
        related = table.rank().corrwith(pd.Series(scores)[known].rank()).fillna(0.0)
        strongest = related.abs().sort_values(ascending=False, kind="stable").index[:PUSHED]
        return {str(name): bool(related[name] < 0) for name in strongest}

    def _push(self, world: World) -> World:
        """Return a world with about half of these parameters moved to the end of their range."""
        pushed = [axis for axis in self.axes if axis.name in self.ends and self.rng.random() < 0.5]
        shares = END * self.rng.random(len(pushed))
        moved = {
            axis.name: self._rounded(axis.at(1 - share if self.ends[axis.name] else share))
            for axis, share in zip(pushed, shares, strict=True)
        }
        return world | moved

    def _seeds(self, count: int) -> list[int]:
        """Return seeds that were not used before."""
        first, self.next_seed = self.next_seed, self.next_seed + count
        return list(range(first, self.next_seed))

    def _vary(self, parents: Sequence[World], world: World) -> World:
        """Return the world to which chance variations of the best ones lead."""
        for _ in range(GENERATIONS):
            children = [world]
            for _ in range(CHILDREN):
                other = parents[int(self.rng.integers(len(parents)))]
                child = {
                    axis.name: other[axis.name] if self.rng.random() < REDRAWN else world[axis.name]
                    for axis in self.axes
                }
                redrawn = [axis for axis in self.axes if self.rng.random() < REDRAWN]
                child |= {axis.name: self._draw_value(axis) for axis in redrawn}
                children.append(self._push(child))
            scores = self.scores(children, self._seeds(self.effort.seeds // 2), 1.0)
            world = children[int(scores.argmin())]
        return world

    def _put_back(self, world: World) -> Found:
        """Return the world with all parameters at their default that do not matter."""
        seeds = self._seeds(self.effort.seeds)
        least = float(self.scores([world], seeds, CERTAIN)[0])
        contradicts = least < 0
        limit = least / 2 if contradicts else least  # half of what there is to spare stays
        half = len(world) // 2
        chunks = [list(world)[:half], list(world)[half:]]
        while chunks:
            chunk = chunks.pop(0)
            fewer = {name: value for name, value in world.items() if name not in chunk}
            if float(self.scores([fewer], seeds, CERTAIN)[0]) <= limit:
                world = fewer
            elif len(chunk) > 1:
                chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
        return Found(world, contradicts, self.tried)


def distance(estimand: Estimand, effects: pd.DataFrame, z: float) -> pd.Series:
    """Return how far effects of worlds are from contradicting a claim for sure.

    An effect that names a direction contradicts it below minus what is material; one that names
    none, inside what is material, where what it counts is there (see `board.contradicts`). What
    cannot be below zero has to be there to fall: a world without it is infinitely far.
    """
    safe, least = z * effects["error"], estimand.materiality
    far = effects["effect"] + safe + least
    if not estimand.directed:
        far = effects["effect"].abs() + safe - least
    if estimand.directed and estimand.unit not in COUNTED:
        return far
    return far.where(effects["off"] > least, np.inf)
