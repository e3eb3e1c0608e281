"""Statistics of campaigns, each checked by numbers that can be worked out by hand."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.patterns import pattern as statistics
from experiments.patterns.evaluation import reach_of_core
from experiments.patterns.pattern import Campaigns
from sim.network import Network

NOTHING = np.full(12, math.nan)


def campaigns(first_week: np.ndarray, final: np.ndarray) -> Campaigns:
    """Return campaigns that have some signatures after a week, and all after the second."""
    signatures = np.repeat(final[:, None], 26, axis=1).astype(float)
    signatures[:, 0] = first_week
    flat = np.ones((len(final), 40))
    return Campaigns(signatures, flat, flat, NOTHING, NOTHING, public=20_000.0)


def sizes(*final: float) -> Campaigns:
    return campaigns(np.zeros(len(final)), np.array(final))


def test_share_above_counts_only_campaigns_that_are_large_enough():
    found = sizes(*[3.0] * 10, *[500.0] * 9, 20_000.0)
    assert statistics.share_above(found, 10_000) == 1 / 20
    assert statistics.share_above(found, 10_000, at_least=5) == 1 / 10
    assert math.isnan(statistics.share_above(found, 10_000, at_least=600))


def test_the_top_tenth_of_twenty_campaigns_is_two():
    found = sizes(*[200.0] * 18, 2_000.0, 4_400.0, *[100.0] * 5)
    assert statistics.share_of_top_tenth(found, at_least=150) == 6_400 / 10_000


def test_the_share_by_week_is_the_median_over_campaigns_with_signatures():
    found = campaigns(np.array([10.0, 30.0, 0.0, 50.0]), np.array([100.0, 100.0, 0.0, 100.0]))
    assert statistics.share_by_week(found, weeks=1) == 0.3
    assert statistics.share_by_week(found, weeks=2) == 1.0


def test_the_first_week_is_compared_by_ranks():
    first = np.arange(1.0, 13.0)
    assert statistics.rank_correlation_of_first_week(campaigns(first, first**3)) == pytest.approx(1)
    assert statistics.rank_correlation_of_first_week(campaigns(first, 100 - first)) == -1
    assert math.isnan(statistics.rank_correlation_of_first_week(campaigns(first, 0 * first)))


@pytest.mark.parametrize(
    ("added", "bursts"),
    [
        ([60, 2, 2, 10, 2], True),  # five times the week before and a tenth of all
        ([60, 2, 2, 6, 2], False),  # just three times the week before
        ([600, 2, 2, 10, 2], False),  # less than 5 % of all
        ([5, 60, 2, 2, 2], True),
    ],
)
def test_a_burst_is_large_against_the_week_before_and_against_all(added, bursts):
    one = np.concatenate([np.cumsum(added), np.full(21, sum(added))]).astype(float)
    found = replace(sizes(*[1.0] * 10), signatures=np.repeat(one[None], 10, axis=0))
    assert statistics.share_with_second_burst(found) == float(bursts)


def test_activity_is_compared_with_its_peak():
    active = np.ones((4, 40))
    active[:, 5] = [10, 20, 40, 50]
    active[:, 31] = [1, 2, 4, 5]
    found = replace(sizes(1, 1, 1, 1), active=active)
    assert statistics.activity_left(found, weeks=26) == pytest.approx(0.1)
    late = active.copy()
    late[:3, 30] = 100.0
    assert math.isnan(statistics.activity_left(replace(found, active=late), weeks=26))


def test_organisers_are_compared_with_all_signatures():
    organisers = np.ones((3, 40))
    organisers[:, 7] = [5.0, 8.0, 20.0]
    found = replace(sizes(100, 100, 100), organisers=organisers)
    assert statistics.organisers_per_signature(found) == 0.08


def test_participation_that_only_rises_does_not_fall():
    assert statistics.rise_and_fall(pd.Series([0.1, 0.3, 0.5], index=[1, 2, 3])) == 0
    assert statistics.rise_and_fall(pd.Series([0.1, 0.5, 0.3], index=[1, 2, 3])) == pytest.approx(
        0.4
    )
    assert math.isnan(statistics.rise_and_fall(pd.Series([0.0, 0.0], index=[1, 2])))


def test_the_tipping_share_is_the_smallest_from_which_most_follow():
    curve = pd.Series([0.1, 0.2, 0.6, 0.9], index=[0.05, 0.1, 0.25, 0.4])
    assert statistics.tipping_share(curve) == 0.25
    assert math.isnan(statistics.tipping_share(curve[:2]))


def test_a_clique_with_hangers_on_keeps_its_own_neighbours():
    """Seven users all tied to each other, of whom one has three further neighbours who signed."""
    ties = [(a, b) for a in range(7) for b in range(a)] + [(0, 7), (0, 8), (0, 9)]
    neighbours = [
        sorted({b for a, b in ties if a == u} | {a for a, b in ties if b == u}) for u in range(11)
    ]
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in neighbours])])
    network = Network(offsets.astype(np.int64), np.concatenate(neighbours).astype(np.int32))
    signed = np.array([True] * 10 + [False])
    assert reach_of_core(network, signed, outer=5) == 45 / 48
    assert reach_of_core(network, signed, outer=6) == 0
    assert math.isnan(reach_of_core(network, ~signed, outer=5))
