"""Planted truths: populations of worlds whose chances are known, and what one sees of them."""

import numpy as np

from experiments.advice.decision import MATERIAL, decide

DATES, ARGUMENTS, SCENARIOS = 6, 5, 7
POPULATION = 1500  # worlds over which the true chances are means


def population(rng):
    """Return the chance of each launch in each world, (worlds, scenarios, dates, arguments)."""
    level = rng.normal(-1.5, 1.0)
    spread = rng.uniform(0.5, 2.5)  # of worlds, in logits
    date, argument, rest = rng.uniform(0, 0.8), rng.uniform(0, 0.8), rng.uniform(0, 0.2)
    logits = level + spread * rng.normal(size=(POPULATION, 1, 1, 1))
    logits = logits + rng.normal(0, 0.4, size=(1, SCENARIOS, 1, 1))
    logits = logits + date * rng.normal(size=(1, 1, DATES, 1))
    logits = logits + argument * rng.normal(size=(1, 1, 1, ARGUMENTS))
    logits = logits + rest * rng.normal(size=(1, 1, DATES, ARGUMENTS))
    logits = logits + 0.5 * rng.normal(size=(POPULATION, 1, DATES, 1))  # some worlds prefer dates
    return 1 / (1 + np.exp(-logits))


def seen(chances, worlds, rng):
    """Return what so many worlds drawn from a population come to, with common luck."""
    drawn = chances[rng.choice(POPULATION, worlds, replace=False)]
    common = rng.random((worlds, SCENARIOS, 1, 1))
    own = rng.random(drawn.shape)
    luck = np.where(rng.random(drawn.shape) < 0.5, common, own)
    return (luck < drawn).astype(float)


def stated_and_true(truths, worlds, seed=0):
    """Return, for each planted truth, the stated chance of being right, and whether it is."""
    rng = np.random.default_rng(seed)
    stated, right = [], []
    for _ in range(truths):
        chances = population(rng)
        true = chances.mean(axis=(0, 1))
        advice = decide(seen(chances, worlds, rng).mean(axis=1))
        stated.append(advice.sure)
        right.append(true.max() - true[advice.taken] <= MATERIAL)
    return np.array(stated), np.array(right)
