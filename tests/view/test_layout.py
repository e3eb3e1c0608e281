"""Where users and their communities are drawn."""

import networkx as nx
import numpy as np
import pytest

from sim.network import from_edges
from sim.parameters import Parameters
from sim.setup import lay_ties
from view.layout import communities, lay_out


def network(users, topology="heavy_tailed"):
    return lay_ties(Parameters.from_dict({"users.count": users, "network.topology": topology}), 7)


def distances(at, first, second):
    return np.hypot(*(at[first] - at[second]).T)


@pytest.mark.parametrize(
    ("topology", "share"), [("heavy_tailed", 0.8), ("small_world", 0.5), ("random", 0.85)]
)
def test_those_who_are_tied_are_nearer_than_strangers(topology, share):
    ties = network(400, topology)
    at = lay_out(ties, 7).at
    ends = np.repeat(np.arange(400), np.diff(ties.offsets))
    strangers = np.random.default_rng(0).permutation(400)
    assert (
        distances(at, ends, ties.neighbours).mean()
        < share * distances(at, np.arange(400), strangers).mean()
    )


@pytest.mark.parametrize("users", [2, 300, 2000])
def test_everyone_is_in_the_picture_and_no_two_are_one_dot(users):
    at = lay_out(network(users, "random") if users > 20 else from_edges(2, [[0, 1]]), 7).at
    assert at.shape == (users, 2)
    assert at.min() >= 0
    assert at.max() <= 1
    assert len(np.unique(at.round(4), axis=0)) == users


def test_the_picture_is_spread_over_the_panel():
    at = lay_out(network(2000), 7).at
    cells = np.unique((at * 8).astype(int), axis=0)
    assert len(cells) > 0.6 * 64


def test_the_same_seed_gives_the_same_picture():
    ties = network(300)
    assert np.array_equal(lay_out(ties, 3).at, lay_out(ties, 3).at)
    assert not np.array_equal(lay_out(ties, 3).at, lay_out(ties, 4).at)


def test_parts_without_a_tie_between_them_are_drawn_too():
    at = lay_out(from_edges(6, np.array([[0, 1], [1, 2], [3, 4]])), 7).at
    assert np.isfinite(at).all()


def test_groups_with_one_tie_between_them_are_communities_of_their_own():
    blocks = np.arange(60).reshape(3, 20)
    within = [(i, j) for block in blocks for i in block for j in block if i < j]
    ties = from_edges(60, np.array([*within, (0, 20), (20, 40)]))
    found = communities(ties, 7)
    assert [len(set(found[block])) for block in blocks] == [1, 1, 1]
    assert len(set(found)) == 3


@pytest.mark.parametrize("topology", ["heavy_tailed", "small_world", "random"])
def test_communities_are_about_as_good_as_those_that_networkx_finds(topology):
    ties = network(600, topology)
    first = np.repeat(np.arange(600), np.diff(ties.offsets))
    graph = nx.Graph(zip(first.tolist(), ties.neighbours.tolist(), strict=True))

    def modularity(found):
        return nx.community.modularity(graph, found)

    label = communities(ties, 7)
    ours = [set(np.flatnonzero(label == number).tolist()) for number in range(label.max() + 1)]
    theirs = nx.community.louvain_communities(graph, seed=7)
    assert modularity(ours) > 0.93 * modularity(theirs)


def test_everyone_is_within_the_disc_of_their_community_and_no_two_discs_overlap():
    found = lay_out(network(2000), 7)
    centre, half = found.discs[:, :2], found.discs[:, 2:]
    away = (found.at - centre[found.community]) / half[found.community]
    assert np.hypot(*away.T).max() < 1
    between = (centre[:, None] - centre) / (half[:, None] + half)
    apart = np.hypot(*np.moveaxis(between, 2, 0))
    assert apart[~np.eye(len(centre), dtype=bool)].min() > 0.98


def test_those_without_a_tie_are_one_community():
    clique = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    found = communities(from_edges(300, np.array(clique)), 7)
    assert set(found[:4]) == {0}
    assert set(found[4:]) == {1}
