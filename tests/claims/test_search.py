"""A planted contradiction is found, told apart from a near miss, and reduced to what matters."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import Unit
from experiments.claims.search import FIRST_SEED, Effort, Search, distance
from experiments.design.ranges import Axis
from tests.claims.test_claims import DIFFERENCE

AXES = [Axis("turns", -1.0, 1.0), *(Axis(f"other_{i}", 0.0, 1.0) for i in range(12))]
EFFORT = Effort(worlds=40, seeds=16)


class Planted:
    """A made-up model: the outcome with, less that without, follows from the world."""

    def __init__(self, effect) -> None:
        self.effect, self.seeds = effect, []

    def __call__(self, worlds, seeds) -> pd.DataFrame:
        self.seeds.append(list(seeds))
        rows = []
        for place, world in enumerate(worlds):
            for number, seed in enumerate(seeds):
                noise = np.random.default_rng(seed).normal(0, 0.02)
                for label, value in (("off", 0.0), ("on", self.effect(world) + noise)):
                    run = {"part": "arms", WORLD: place, "replicate": number, "label": label}
                    rows.append(run | {"outcome": value})
        return pd.DataFrame(rows).assign(error="")


def planted(**changes):
    about = {"outcome": "outcome", "worlds": "arms", "unit": Unit.LEVEL}
    return DIFFERENCE.model_copy(update=about | changes)


def searched(effect, **changes):
    model = Planted(effect)
    return Search([planted(**changes)], AXES, model, EFFORT, seed=1).search(), model


def test_a_contradiction_is_found_and_only_what_turns_the_effect_is_kept():
    found, _ = searched(lambda world: 0.5 * world.get("turns", 1.0))
    assert found.contradicts
    assert list(found.world) == ["turns"]
    assert found.world["turns"] < 0
    assert found.tried > EFFORT.worlds


def test_a_rare_contradiction_is_reached_by_variation():
    """The mean of four parameters must be high, as it is in none of the worlds drawn."""

    def effect(world):
        return 0.3 - 0.1 * sum(world.get(f"other_{i}", 0.0) for i in range(4))

    search = Search([planted()], AXES, Planted(effect), Effort(8, 16), seed=4)
    assert min(effect(search._draw()) for _ in range(8)) > -0.05
    found = Search([planted()], AXES, Planted(effect), Effort(8, 16), seed=4).search()
    assert found.contradicts
    assert set(found.world) <= {f"other_{i}" for i in range(4)}


def test_a_claim_that_is_built_in_has_a_nearest_miss():
    found, _ = searched(lambda world: abs(world.get("turns", 1.0)))
    assert not found.contradicts
    assert abs(found.world["turns"]) < 0.1


def test_seeds_are_not_used_twice_for_different_purposes_and_differ_from_those_of_experiments():
    _, model = searched(lambda world: 0.5 * world.get("turns", 1.0))
    first, again, back = (tuple(seeds) for seeds in dict.fromkeys(map(tuple, model.seeds)))
    assert len({*first, *again, *back}) == len(first) + len(again) + len(back)
    assert min(first) == FIRST_SEED > 3200


def test_the_same_seed_finds_the_same_world():
    def effect(world):
        return 0.5 * world.get("turns", 1.0)

    assert searched(effect)[0] == searched(effect)[0]


def test_two_worlds_are_compared_with_fresh_seeds():
    model = Planted(lambda world: 0.5 * world.get("turns", 1.0))
    search = Search([planted()], AXES, model, EFFORT, seed=1)
    search.search()
    before = {seed for seeds in model.seeds for seed in seeds}
    nearer, farther = {"turns": -0.9}, {"turns": 0.2}
    assert search.comes_nearer(nearer, farther, model)
    assert not search.comes_nearer(farther, nearer, model)
    assert not search.comes_nearer(nearer, nearer, model)  # what is there already stays
    assert not before & {seed for seeds in model.seeds[-3:] for seed in seeds}


def test_the_distance_to_a_contradiction():
    effects = pd.DataFrame({"effect": [-0.2, 0.0, 0.0], "error": 0.01, "off": [1.0, 1.0, 0.0]})
    level = distance(planted(unit=Unit.LEVEL), effects, 2.0)
    assert level.tolist() == pytest.approx([-0.13, 0.07, 0.07])
    counted = distance(planted(unit=Unit.FACTOR), effects, 2.0)
    assert counted.tolist() == pytest.approx([-0.13, 0.07, math.inf])
    undirected = distance(planted(directed=False), effects, 2.0)
    assert undirected.tolist() == pytest.approx([0.17, -0.03, math.inf])
