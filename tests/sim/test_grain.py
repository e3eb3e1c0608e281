"""How many people an agent stands for is a numerical matter: the answer hardly depends on it.

The same public lives in agents of 1, 5 and 10 people; movements launch on their own at the default
cost. Each seed is run in each grain, so differences are paired: firm, threat and the luck of the
campaign are the same.
"""

import numpy as np
import pytest

from sim import Parameters, simulate

PEOPLE = 20_000
SEEDS = range(20_001, 22_001)
ACTIVE = {"firm.decline_rate": 0.01, "dissatisfaction.base": 0.4, "threat.base": 0.6}


def emergence(changes: dict, people_per_agent: int) -> np.ndarray:
    """Return whether a movement emerges, by seed, with so many people an agent."""
    size = {"users.count": PEOPLE // people_per_agent, "users.people_per_agent": people_per_agent}
    parameters = Parameters.from_dict({"movement.origin": "endogenous", **size, **changes})
    return np.array([simulate(parameters, seed).outcome.emerged for seed in SEEDS], float)


def furthest(one: np.ndarray, other: np.ndarray) -> float:
    """Return the end that is further from 0 of the 95 % interval of a paired difference."""
    apart = one - other
    return abs(apart.mean()) + 1.96 * apart.std(ddof=1) / len(apart) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({}, {5: 0.02, 10: 0.02}),
        (
            ACTIVE,
            {5: 0.02, 10: 0.04},
        ),  # docs/decisions/2026-11-26-grain-and-hubs.md has the figures
    ],
)
def test_emergence_hardly_depends_on_how_many_people_an_agent_stands_for(changes, most):
    finest = emergence(changes, 1)
    for people_per_agent, bound in most.items():
        assert furthest(finest, emergence(changes, people_per_agent)) < bound, people_per_agent
