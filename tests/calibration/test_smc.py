"""Particles: they find a posterior that is known, and an interrupted chain goes on as it would."""

import numpy as np
import pytest

from experiments.calibration import smc
from experiments.calibration.findings import (
    IDENTIFIED,
    NOTHING,
    ONE_SIDE,
    PRODUCT,
    _said,
    _together,
)
from experiments.calibration.posterior import Posterior

ERROR = 0.05
FOLLOWED = [0, 1]


def simulate(shares, seeds):
    """Return how far the sum of two parameters, measured with luck, misses 1."""
    luck = np.array([np.random.default_rng(seed).normal() for seed in seeds])
    return ((shares[:, 0] + shares[:, 1] - 1.0 + 0.02 * luck) / ERROR)[:, None]


def start(count=300):
    rng = np.random.default_rng(4)
    shares = rng.uniform(1e-6, 1 - 1e-6, (2_000, 3))
    return smc.begin(shares, simulate(shares, rng.integers(0, 2**62, 2_000)), count, seed=1)


def run(particles, moves=200):
    while not particles.done and particles.step < moves:
        particles = smc.advance(particles, simulate, FOLLOWED, seed=1)
    return particles


@pytest.fixture(scope="module")
def finished():
    return run(start())


def test_a_sum_is_found_and_its_parts_are_not(finished):
    assert finished.temperature == 1.0
    one, two, idle = finished.shares.T
    assert (one + two).mean() == pytest.approx(1.0, abs=0.02)
    assert (one + two).std() == pytest.approx(np.hypot(ERROR, 0.02), rel=0.3)
    assert np.quantile(one, 0.95) - np.quantile(one, 0.05) > 0.7
    assert np.corrcoef(one, two)[0, 1] < -0.9
    assert np.quantile(idle, 0.95) - np.quantile(idle, 0.05) == pytest.approx(0.9, abs=0.1)
    assert len(np.unique(finished.shares, axis=0)) > 200


def test_a_particle_knows_the_run_that_it_descends_from():
    shares = np.array([[0.1], [0.5], [0.9]])
    begun = smc.begin(shares, np.array([[100.0], [0.0], [0.0]]), 2, seed=1)
    assert sorted(begun.origins) == [1, 2]  # the first is too far from the facts
    moved = smc.advance(begun, lambda proposed, _: np.zeros((len(proposed), 1)), [0], seed=1)
    assert not np.isin(moved.shares, shares).any()
    assert set(moved.origins) <= {1, 2}


def test_chains_differ_in_errors_that_count_descents_not_particles():
    def chain(shares, origins):
        shares = np.array(shares)[:, None]
        return smc.Particles(shares, np.zeros_like(shares), np.array(origins))

    two_descents = chain([0.0, 0.0, 1.0, 1.0], [7, 7, 9, 9])  # variance of the mean: 1/4
    four = chain([1.0, 2.0, 1.0, 2.0], [0, 1, 2, 3])  # 1/12
    assert smc.differences(two_descents, four) == pytest.approx([-1 / np.sqrt(1 / 4 + 1 / 12)])
    one_descent = chain([1.0, 2.0, 1.0, 2.0], [5, 5, 5, 5])
    assert np.isnan(smc.differences(two_descents, one_descent)).all()


def test_an_interrupted_chain_goes_on_as_it_would_have(tmp_path, finished):
    path = tmp_path / "chain.npz"
    smc.save(path, run(start(), moves=3), key="this")
    assert smc.load(path, key="other") is None
    again = smc.load(path, key="this")
    assert again is not None
    assert again.step == 3
    whole = run(again)
    assert np.array_equal(whole.shares, finished.shares)
    assert np.array_equal(whole.origins, finished.origins)


def test_a_damaged_file_is_no_chain(tmp_path):
    path = tmp_path / "chain.npz"
    path.write_bytes(b"damaged")
    assert smc.load(path, key="this") is None


def test_worlds_that_show_nothing_are_never_taken():
    def silent(shares, seeds):
        return np.full((len(shares), 1), np.inf)

    before = start()
    after = smc.advance(before, silent, FOLLOWED, seed=1)
    assert {tuple(row) for row in after.shares} <= {tuple(row) for row in before.shares}
    assert after.trace[-1][1] == 0.0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, IDENTIFIED),
        ({"width": 0.7}, NOTHING),
        ({"recovery": 0.2}, NOTHING),
        ({"low": 0.01}, ONE_SIDE),  # as narrow, but the range ends there
        ({"low": 0.01, "width": 0.9}, NOTHING),
        ({"width": 0.9, "correlation": -0.6}, PRODUCT),
    ],
)
def test_what_is_told_of_a_parameter(changed, told):
    row = {"low": 0.3, "high": 0.7, "width": 0.4, "recovery": 0.8, "correlation": 0.1}
    assert _said({**row, **changed}) == told


def test_only_what_goes_together_in_both_samples_is_told_in_a_product():
    rng = np.random.default_rng(6)
    tied = rng.uniform(0.1, 0.9, (400, 3))
    tied[:, 1] = 1.0 - tied[:, 0]
    free = Posterior(rng.uniform(0.1, 0.9, (400, 3)), np.full(400, 1 / 400), np.arange(400))
    assert not _together(tied, free).any()
    found = _together(tied, free._replace(shares=tied))
    assert found[0, 1] == pytest.approx(-1.0)
    assert found[0, 2] == found[2, 2] == 0.0
