"""Luck: the same however it is drawn, even over its range, and one decision's none of another's."""

import numba
import numpy as np
import pytest

from sim.randomness import (
    Stream,
    fill_words,
    half_word,
    high16,
    high24,
    key,
    low8,
    low16,
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
