"""What a sound version of the model must show before any claim is asked of it."""

import numpy as np
import pytest

from sim.parameters import Parameters
from sim.run import simulate
from tests.worlds import draw_world

SEEDS = range(40)


@pytest.fixture(scope="module")
def healthy() -> list[np.ndarray]:
    """Weekly records of a healthy firm with contented users, without a campaign."""
    world = Parameters.from_dict({"users.count": 500, "movement.origin": "never"})
    return [simulate(world, seed).records for seed in SEEDS]


def test_a_healthy_firm_keeps_its_price(healthy: list[np.ndarray]) -> None:
    median = np.median([records["price"] for records in healthy], axis=0)
    assert median.min() > 0.75
    assert median.max() < 1.25


def test_a_healthy_firm_keeps_its_users(healthy: list[np.ndarray]) -> None:
    exits = [records["exited"][-1] + records["exited_coop"][-1] for records in healthy]
    assert np.median(exits) < 0.10


def test_the_price_moves_as_much_as_its_sources_say(healthy: list[np.ndarray]) -> None:
    """Own volatility 0.035 and the market's 0.02 a week, plus what fundamentals add."""
    moves = [np.diff(np.log(records["price"])).std() for records in healthy]
    assert 0.035 < np.median(moves) < 0.056


def test_campaigns_at_a_healthy_firm_stay_small_and_fade() -> None:
    """Hardly any petition passes 10,000 signatures (Yasseri et al. 2017); no movement lasts."""
    world = Parameters.from_dict({"users.count": 2000})
    runs = [simulate(world, seed) for seed in SEEDS]
    assert np.mean([run.outcome.emerged for run in runs]) < 0.05
    signatures = np.array([run.outcome.signatures for run in runs])
    assert np.mean(signatures > 10_000) < 0.05
    assert 300 < np.median(signatures) < 3000
    active = np.mean([run.records["active"] for run in runs], axis=0)
    assert active[-1] < 0.1 * active.max()


def test_neither_collapse_nor_flight_is_the_rule_in_drawn_worlds() -> None:
    """Shares over 100 worlds drawn over all ranges; printed, as they are worth a look."""
    collapsed, fled = [], []
    for number in range(100):
        world = draw_world(number)
        records = simulate(world, number).records
        collapsed.append(records["price"][-1] < 0.25)
        fled.append(records["exited"][-1] + records["exited_coop"][-1] > 0.5)
    print(
        f"price below a quarter: {np.mean(collapsed):.0%}; half the users gone: {np.mean(fled):.0%}"
    )
    assert np.mean(collapsed) < 0.5
    assert np.mean(fled) < 0.5
