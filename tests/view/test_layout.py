"""Where users are drawn."""

import numpy as np
import pytest

from sim.network import from_edges
from sim.parameters import Parameters
from sim.setup import lay_ties
from view.layout import positions


def network(users, topology="heavy_tailed"):
    return lay_ties(Parameters.from_dict({"users.count": users, "network.topology": topology}), 7)


def distances(at, first, second):
    return np.hypot(*(at[first] - at[second]).T)


@pytest.mark.parametrize("topology", ["heavy_tailed", "small_world", "random"])
def test_those_who_are_tied_are_nearer_than_strangers(topology):
    ties = network(400, topology)
    at = positions(ties, 7)
    ends = np.repeat(np.arange(400), np.diff(ties.offsets))
    strangers = np.random.default_rng(0).permutation(400)
    assert (
        distances(at, ends, ties.neighbours).mean()
        < 0.8 * distances(at, np.arange(400), strangers).mean()
    )


@pytest.mark.parametrize("users", [2, 300, 2000])
def test_everyone_is_in_the_picture_and_no_two_are_one_dot(users):
    at = positions(network(users, "random") if users > 20 else from_edges(2, [[0, 1]]), 7)
    assert at.shape == (users, 2)
    assert at.min() >= 0
    assert at.max() <= 1
    assert len(np.unique(at.round(4), axis=0)) == users


def test_the_picture_is_spread_over_the_panel():
    at = positions(network(2000), 7)
    cells = np.unique((at * 8).astype(int), axis=0)
    assert len(cells) > 0.7 * 64


def test_the_same_seed_gives_the_same_picture():
    ties = network(300)
    assert np.array_equal(positions(ties, 3), positions(ties, 3))
    assert not np.array_equal(positions(ties, 3), positions(ties, 4))


def test_parts_without_a_tie_between_them_are_drawn_too():
    at = positions(from_edges(6, np.array([[0, 1], [1, 2], [3, 4]])), 7)
    assert np.isfinite(at).all()
