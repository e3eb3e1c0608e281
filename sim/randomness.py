"""Luck: every random number is a function of (seed, stream, week, agent).

Nothing depends on the order of drawing, so two worlds with one seed meet the same luck, and a week
stepped by hand equals the same week of a run at once. The function is two rounds of the
SplitMix64 finaliser (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195) over a counter.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from sim.compiled import HALF, f32, kernel, routine, rule


class Stream(IntEnum):
    """What a random number is for."""

    NETWORK = 1
    USER_TRAITS = 2
    USER_GOALS = 3
    HOLDERS = 4
    THREAT = 5
    MARKET = 6
    DEMAND = 7
    PRICE = 8
    HEARING = 9
    TAKING_PART = 10
    LEAVING = 11
    SIGNING = 12
    BALLOT = 13
    LOST_VOTE = 14
    TELLING = 15
    CONSIDERING = 16
    CAMPAIGN = 17
    ADMISSION = 18
    ACTING = 19
    TURNOUT = 20
    CREDITORS = 21
    YIELDING = 22


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_S40, _S16, _S11, _S8 = np.uint64(40), np.uint64(16), np.uint64(11), np.uint64(8)
_LOW24, _LOW16, _LOW8 = np.uint64(0xFFFFFF), np.uint64(0xFFFF), np.uint64(0xFF)
_ONE, _S32, _LOW32 = np.uint64(1), np.uint64(32), np.uint64(0xFFFFFFFF)
_UNIT24, _UNIT16, _UNIT8 = f32(2.0**-24), f32(2.0**-16), f32(2.0**-8)
_UNIT53 = 2.0**-53


@rule
def mix(bits):
    """Return 64 bits thoroughly mixed."""
    bits = (bits ^ (bits >> _S30)) * _MIX1
    bits = (bits ^ (bits >> _S27)) * _MIX2
    return bits ^ (bits >> _S31)


@rule
def key(seed, stream, week):
    """Return the key of a stream in a week; ``seed`` is any whole number from 0."""
    start = mix(np.uint64(seed) + _GOLDEN)
    start = mix(start ^ (np.uint64(stream) * _MIX1))
    return mix(start ^ (np.uint64(week) * _MIX2))


@rule
def word(stream_key, agent):
    """Return the 64 random bits of an agent under a key."""
    return mix(np.uint64(stream_key) + (np.uint64(agent) + np.uint64(1)) * _GOLDEN)


@rule
def high_share(bits):
    """Return a number in [0, 1) from the upper 24 of 64 bits."""
    return f32(np.int32(bits >> _S40)) * _UNIT24


@rule
def middle_share(bits):
    """Return a number in [0, 1) from the middle 24 of 64 bits."""
    return f32(np.int32((bits >> _S16) & _LOW24)) * _UNIT24


@rule
def low_share(bits):
    """Return a number in [0, 1) from the lower 16 of 64 bits."""
    return f32(np.int32(bits & _LOW16)) * _UNIT16


@rule
def half_word(stream_key, agent):
    """Return the 32 random bits of an agent under a key: half of a word that serves two agents."""
    both = word(stream_key, np.uint64(agent) >> _ONE)
    return np.uint32((both >> _S32 if np.uint64(agent) & _ONE else both) & _LOW32)


@kernel
def fill_words(stream_key, first, words):
    """Write the words from ``first`` on; in memory, the half words of two agents each."""
    counter = stream_key + first * _GOLDEN
    for k in range(words.size):
        counter += _GOLDEN
        words[k] = mix(counter)


@rule
def high24(bits):
    """Return a number in [0, 1) from the upper 24 of 32 bits."""
    return f32(np.int32(bits >> _S8)) * _UNIT24


@rule
def high16(bits):
    """Return one of 65,536 equidistant numbers around 1/2 from the upper 16 of 32 bits."""
    return (f32(np.int32(bits >> _S16)) + HALF) * _UNIT16


@rule
def low16(bits):
    """Return one of 65,536 equidistant numbers around 1/2 from the lower 16 of 32 bits."""
    return (f32(np.int32(bits & _LOW16)) + HALF) * _UNIT16


@rule
def low8(bits):
    """Return one of 256 equidistant numbers around 1/2 from the lower 8 of 32 bits."""
    return (f32(np.int32(bits & _LOW8)) + HALF) * _UNIT8


@routine
def uniform(seed, stream, week, agent):
    """Return a double in (0, 1)."""
    bits = word(key(seed, stream, week), agent)
    return (float(bits >> _S11) + 0.5) * _UNIT53


@routine
def normal(seed, stream, week, agent):
    """Return a standard normal double (Box & Muller 1958)."""
    stream_key = key(seed, stream, week)
    first = (float(word(stream_key, 2 * agent) >> _S11) + 0.5) * _UNIT53
    second = (float(word(stream_key, 2 * agent + 1) >> _S11) + 0.5) * _UNIT53
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@routine
def binomial(draw, trials, chance):
    """Return the number of successes whose distribution function reaches a uniform draw.

    Exact up to a mean of 50, summed from 0; beyond it the normal approximation, rounded.
    """
    if trials <= 0 or chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return float(trials)
    mean = trials * chance
    if mean > 50.0:
        spread = math.sqrt(mean * (1.0 - chance))
        return min(max(math.floor(mean + spread * normal_quantile(draw) + 0.5), 0.0), float(trials))
    probability = math.exp(trials * math.log1p(-chance))
    total, successes = probability, 0
    while total < draw and successes < trials:
        probability *= (trials - successes) / (successes + 1.0) * chance / (1.0 - chance)
        successes += 1
        total += probability
    return float(successes)


@routine
def normal_quantile(share):
    """Return the standard normal quantile of a share (Hastings 1955), error below 5e-4."""
    tail = min(share, 1.0 - share)
    t = math.sqrt(-2.0 * math.log(tail))
    z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (
        1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    )
    return -z if share < 0.5 else z
