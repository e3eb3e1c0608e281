"""Luck: the same however it is drawn, even over its range, and one decision's none of another's."""

import numba
import numpy as np
import pytest
from scipy import stats

from sim.randomness import (
    Stream,
    binomial,
    fill_words,
    half_word,
    high16,
    high24,
    key,
    low8,
    low16,
    normal_quantile,
    uniform,
)

HEARING, LEAVING = int(Stream.HEARING), int(Stream.LEAVING)
PARTS = {"high24": high24, "high16": high16, "low16": low16, "low8": low8}


@numba.njit
def half_words(seed, stream, week, agents):
    bits = np.empty(agents, dtype=np.uint32)
    for i in range(agents):
        bits[i] = half_word(key(seed, stream, week), i)
    return bits


def shares(part, bits: np.ndarray) -> np.ndarray:
    @numba.njit
    def each(bits):
        result = np.empty(bits.size, dtype=np.float32)
        for i in range(bits.size):
            result[i] = part(bits[i])
        return result

    return each(bits).astype(np.float64)


@pytest.mark.parametrize("first", [0, 6, 4096])
def test_words_filled_at_once_are_those_of_the_agents(first):
    words = np.empty(50, dtype=np.uint64)
    fill_words(np.uint64(key(7, HEARING, 3)), np.uint64(first // 2), words)
    expected = half_words(7, HEARING, 3, first + 100)[first:]
    np.testing.assert_array_equal(words.view(np.uint32), expected)


@pytest.mark.parametrize("name", PARTS)
def test_draws_are_even(name):
    """In 64 classes of equal width; the chance of a failure of an even draw is 1e-4."""
    values = shares(PARTS[name], half_words(1, HEARING, 2, 2**20))
    assert 0 <= values.min() < values.max() < 1
    count = np.histogram(values, 64, (0, 1))[0]
    expected = 2**20 / 64
    assert ((count - expected) ** 2 / expected).sum() < 114  # of chi-squared with 63 degrees


def test_coarse_draws_lie_around_one_half():
    """So that noise has mean 0, and what is nearly impossible does not happen once in 65,536."""
    every = np.arange(2**16, dtype=np.uint32)
    assert shares(low16, every).mean() == 0.5
    assert shares(high16, every << np.uint32(16)).min() == 2.0**-17
    assert shares(low8, every[:256]).mean() == 0.5


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def test_draws_of_a_user_are_independent():
    """Of streams, weeks, seeds, parts of a half word, and of the neighbour in it: |r| < 5 / √n."""
    n = 2**20
    bits = half_words(1, HEARING, 2, n)
    usual = shares(high24, bits)
    others = {
        "stream": shares(high24, half_words(1, LEAVING, 2, n)),
        "week": shares(high24, half_words(1, HEARING, 3, n)),
        "seed": shares(high24, half_words(2, HEARING, 2, n)),
        "low8": shares(low8, bits),
        "low16": shares(low16, bits),
        "next agent": np.roll(usual, -1),
        "agent after": np.roll(usual, -2),
    }
    limit = 5 / n**0.5
    for name, other in others.items():
        if name != "low16":  # its upper 8 bits are the last of the 24
            assert abs(correlation(usual, other)) < limit, name
        for extreme in (0.01, 0.99):  # and where decisions fall
            both = np.mean((usual < extreme) & (other < 0.5))
            assert both == pytest.approx(extreme / 2, abs=5 * (extreme / n) ** 0.5), name
    parts = shares(high16, bits), shares(low16, bits)
    assert abs(correlation(*parts)) < limit


@pytest.mark.parametrize(
    ("trials", "chance"), [(1, 0.3), (7, 0.05), (40, 0.5), (300, 0.1), (5000, 0.01), (10**6, 1e-6)]
)
def test_a_binomial_draw_is_the_quantile_of_its_law(trials, chance):
    """Exactly, up to a mean of 50."""
    for draw in np.linspace(0.0005, 0.9995, 400):
        assert binomial(draw, trials, chance) == stats.binom.ppf(draw, trials, chance)


@pytest.mark.parametrize(("trials", "chance"), [(1000, 0.06), (300, 0.9), (10**6, 0.01)])
def test_a_large_binomial_draw_is_close_to_the_quantile_of_its_law(trials, chance):
    """Its mean and spread are right, and nearly all its quantiles are to 1; it has no skew."""
    law = stats.binom(trials, chance)
    draws = (np.arange(5000) + 0.5) / 5000
    found = np.array([binomial(draw, trials, chance) for draw in draws])
    assert (found == found.round()).all()
    middle = (draws > 0.025) & (draws < 0.975)
    assert abs(found - law.ppf(draws))[middle].max() <= 1
    assert found.mean() == pytest.approx(law.mean(), abs=0.02 * law.std())
    assert found.std() == pytest.approx(law.std(), rel=0.02)


def test_binomial_draws_stay_within_their_trials():
    assert binomial(0.5, 0, 0.5) == binomial(0.9999, 10, 0.0) == 0
    assert binomial(0.0001, 10, 1.0) == 10
    for draw in (1e-16, 1 - 1e-16):
        for trials, chance in ((3, 0.4), (100, 0.6), (51, 0.99), (10_000, 0.5)):
            assert 0 <= binomial(draw, trials, chance) <= trials


def test_the_normal_quantile_is_as_close_as_stated():
    shares_of_one = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 20_001), [1e-12, 1 - 1e-12]])
    found = np.array([normal_quantile(share) for share in shares_of_one])
    assert abs(found - stats.norm.ppf(shares_of_one)).max() < 5e-4
    assert (np.diff(found[:-2]) >= 0).all()


def test_rounding_by_a_uniform_draw_keeps_the_mean():
    """So are the people of a launch made agents: the floor of their number plus a draw."""
    draws = np.array([uniform(seed, int(Stream.CAMPAIGN), 1, 0) for seed in range(20_000)])
    for agents in (3.0, 1.5, 2.25):
        rounded = np.floor(agents + draws)
        assert set(rounded) <= {np.floor(agents), np.ceil(agents)}
        assert rounded.mean() == pytest.approx(agents, abs=4 * 0.5 / 20_000**0.5)
