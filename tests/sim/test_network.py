"""The social network: simple, symmetric, the same for the same arguments, and as it was asked."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest

from sim.network import (
    Network,
    check_network,
    describe,
    from_edges,
    generate,
    heavy_tailed,
    tail_exponent,
)
from sim.network.degrees import plan_degrees
from sim.parameters import ParameterError, Topology

USUAL = {
    "topology": Topology.HEAVY_TAILED,
    "n": 1_000,
    "mean_degree": 16.0,
    "tail": 2.7,
    "clustering": 0.15,
    "rewiring": 0.1,
    "seed": 0,
}
DRAWN = [Topology.HEAVY_TAILED, Topology.SMALL_WORLD, Topology.RANDOM]
GENERATED = [*DRAWN, Topology.COMPLETE]


def draw(**changes) -> Network:
    return generate(**{**USUAL, **changes})


def same(one: Network, other: Network) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def rows(network: Network) -> list[list[int]]:
    return [part.tolist() for part in np.split(network.neighbours, network.offsets[1:-1])]


def graph(network: Network) -> nx.Graph:
    """The network as networkx has it."""
    return nx.Graph(dict(enumerate(rows(network))))


def assert_simple_and_symmetric(network: Network, n: int) -> None:
    offsets, neighbours = network
    assert offsets.dtype == np.int64
    assert neighbours.dtype == np.int32
    assert offsets.shape == (n + 1,)
    assert offsets[0] == 0
    assert offsets[-1] == len(neighbours)
    user = np.repeat(np.arange(n), np.diff(offsets))
    assert np.all((neighbours >= 0) & (neighbours < n))
    assert not np.any(user == neighbours), "self-tie"
    there, back = user * n + neighbours, np.sort(neighbours.astype(np.int64) * n + user)
    assert np.all(np.diff(there) > 0), "not ascending, or a double tie"
    assert np.array_equal(there, back), "a tie in one direction only"


# What every network is


@pytest.mark.parametrize("topology", GENERATED)
@pytest.mark.parametrize(("n", "mean_degree"), [(1_000, 16), (60, 7.3), (40, 30), (9, 8), (2, 1)])
def test_simple_symmetric_and_of_the_mean_degree_asked(topology, n, mean_degree):
    network = draw(topology=topology, n=n, mean_degree=mean_degree, clustering=0.0)
    assert_simple_and_symmetric(network, n)
    if topology is not Topology.COMPLETE:
        assert len(network.neighbours) == 2 * round(n * mean_degree / 2)


@pytest.mark.parametrize("topology", DRAWN)
def test_no_ties_at_mean_degree_zero(topology):
    for n in (1, 5):
        network = draw(topology=topology, n=n, mean_degree=0)
        assert_simple_and_symmetric(network, n)
        assert describe(network).isolated == n


@pytest.mark.parametrize("topology", DRAWN)
@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1, 2**70])
def test_same_seed_same_network(topology, seed):
    assert same(draw(topology=topology, seed=seed), draw(topology=topology, seed=seed))


@pytest.mark.parametrize("topology", DRAWN)
def test_other_seed_other_network(topology):
    seeds = [0, 1, 2, 2**32, 2**63]
    ties = {draw(topology=topology, seed=seed).neighbours.tobytes() for seed in seeds}
    assert len(ties) == len(seeds)


def test_same_network_on_any_number_of_threads():
    alone = [draw(seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: draw(seed=seed), range(8)))
    assert all(map(same, alone, together))


def test_a_topology_ignores_what_it_does_not_use():
    other = {"tail": 99.0, "clustering": 9.0}
    for topology in (Topology.RANDOM, Topology.SMALL_WORLD):
        assert same(draw(topology=topology), draw(topology=topology, **other))
    assert same(draw(), draw(rewiring=9.0))


def test_topology_by_name():
    assert same(draw(topology="random"), draw(topology=Topology.RANDOM))


# Measuring


@pytest.mark.parametrize("topology", GENERATED)
def test_description_agrees_with_networkx(topology):
    network = draw(topology=topology, n=150, mean_degree=5)
    oracle, found = graph(network), describe(network)
    degrees = [degree for _, degree in oracle.degree]
    assert found.clustering == pytest.approx(nx.average_clustering(oracle), abs=1e-12)
    assert found.mean_degree == pytest.approx(np.mean(degrees))
    assert found.max_degree == max(degrees)
    assert found.isolated == nx.number_of_isolates(oracle)


def test_description_of_five_users_by_hand():
    """A triangle 0 1 2, user 3 hanging on 0, user 4 alone: clustering (1/3 + 1 + 1 + 0 + 0) / 5."""
    found = describe(from_edges(5, np.array([[0, 1], [1, 2], [2, 0], [3, 0]])))
    assert found.clustering == pytest.approx(7 / 15)
    assert (found.mean_degree, found.max_degree, found.isolated) == (8 / 5, 3, 1)


def test_sampled_clustering_is_near_the_exact_one(monkeypatch):
    network = draw(n=5_000, clustering=0.3)
    exact = describe(network).clustering
    monkeypatch.setattr("sim.network.measures.EXACT_CLUSTERING", 4_999)
    sampled = describe(network, seed=3).clustering
    assert sampled != exact
    assert sampled == pytest.approx(exact, abs=0.02)
    assert sampled == describe(network, seed=3).clustering


@pytest.mark.parametrize("exponent", [2.2, 2.7, 3.5])
def test_tail_exponent_of_known_power_laws(exponent):
    uniform = np.random.default_rng(5).random(50_000)
    degrees = np.floor(10 * uniform ** (-1 / (exponent - 1)) + 0.5)
    assert tail_exponent(degrees) == pytest.approx(exponent, abs=0.06)


# Heavy-tailed


@pytest.mark.parametrize("n", [2_000, 20_000])
@pytest.mark.parametrize("tail", [2.2, 2.7, 3.5])
@pytest.mark.parametrize("clustering", [0.07, 0.16, 0.3, 0.5])
def test_heavy_tailed_is_as_asked(n, tail, clustering):
    network = draw(n=n, tail=tail, clustering=clustering, seed=n)
    assert_simple_and_symmetric(network, n)
    found = describe(network)
    assert found.clustering == pytest.approx(clustering, abs=0.025)
    assert found.tail == pytest.approx(tail, abs=0.25)
    assert found.mean_degree == 16
    assert 0.6 < found.max_degree / min((16 * n) ** 0.5, 10 * 16) < 1.05


def test_ties_of_a_user_do_not_depend_on_how_many_users_there_are():
    """⟨k²⟩ / ⟨k⟩, by which news spreads, is that of the same public in any number of agents."""

    def spreading(n: int) -> float:
        degrees = np.diff(draw(n=n).offsets)
        return (degrees**2).mean() / degrees.mean()

    few, many = spreading(2_000), spreading(20_000)
    assert few == pytest.approx(many, rel=0.01)


@pytest.mark.parametrize(
    ("mean_degree", "clustering"), [*itertools.product([6, 8, 40], [0.15, 0.3])]
)
def test_heavy_tailed_is_as_asked_at_other_mean_degrees(mean_degree, clustering):
    found = describe(draw(n=5_000, mean_degree=mean_degree, clustering=clustering))
    assert found.clustering == pytest.approx(clustering, abs=0.04)
    assert found.tail == pytest.approx(2.7, abs=0.25)


def test_degrees_follow_the_power_law_at_every_height():
    """P(degree ≥ k) ∝ k^(1 − tail) − cut^(1 − tail), with the cut at ten times the mean."""
    degrees = np.diff(draw(n=50_000, tail=2.5).offsets)
    for k in (10, 20, 40):
        ratio = (degrees >= 2 * k).sum() / (degrees >= k).sum()
        expected = ((2 * k) ** -1.5 - 160**-1.5) / (k**-1.5 - 160**-1.5)
        assert ratio == pytest.approx(expected, rel=0.05)


def test_clustering_is_not_below_chance():
    found = describe(draw(clustering=0.0)).clustering
    assert found == pytest.approx(0.043, abs=0.015)


def test_groups_leave_the_degrees_as_they_are():
    plain = np.sort(np.diff(draw(n=5_000, clustering=0.0).offsets))
    grouped = np.sort(np.diff(draw(n=5_000, clustering=0.5).offsets))
    assert np.abs(plain - grouped).sum() < 0.002 * plain.sum()


def test_clustering_falls_with_degree():
    network = draw(n=5_000, clustering=0.2)
    shares, degrees = nx.clustering(graph(network)), np.diff(network.offsets)
    local = np.array([shares[user] for user in range(5_000)])
    few, many = np.quantile(degrees, [0.3, 0.95])
    assert local[degrees <= few].mean() > 2 * local[degrees >= many].mean()


@pytest.mark.parametrize("clustering", [0.0, 0.15, 0.5])
def test_nearly_all_users_hang_together(clustering):
    largest = max(nx.connected_components(graph(draw(n=3_000, clustering=clustering))), key=len)
    assert len(largest) > 0.99 * 3_000


def test_the_number_of_a_user_says_nothing():
    """Neither about the degree nor, beyond chance, about who is tied to whom."""
    network = draw(n=5_000)
    degrees = np.diff(network.offsets)
    user = np.repeat(np.arange(5_000), degrees)
    assert abs(np.corrcoef(np.arange(5_000), np.minimum(degrees, 50))[0, 1]) < 0.06
    assert abs(np.corrcoef(user, network.neighbours)[0, 1]) < 0.02


# Small-world, random, complete


@pytest.mark.parametrize(("n", "mean_degree"), [(50, 4), (51, 10), (8, 2)])
def test_small_world_without_rewiring_is_the_ring(n, mean_degree):
    network = draw(topology=Topology.SMALL_WORLD, n=n, mean_degree=mean_degree, rewiring=0.0)
    ring = nx.watts_strogatz_graph(n, mean_degree, 0.0)
    assert rows(network) == [sorted(ring[user]) for user in range(n)]


def test_small_world_spreads_an_incomplete_round_evenly():
    network = draw(topology=Topology.SMALL_WORLD, n=300, mean_degree=5, rewiring=0.0)
    assert set(np.diff(network.offsets)) == {5}


def test_rewiring_redraws_its_share_of_the_ties():
    ring = draw(topology=Topology.SMALL_WORLD, n=2_000, rewiring=0.0)
    ties = {tuple(sorted(tie)) for tie in graph(ring).edges}
    for rewiring in (0.1, 0.5, 1.0):
        network = draw(topology=Topology.SMALL_WORLD, n=2_000, rewiring=rewiring)
        kept = sum(tuple(sorted(tie)) in ties for tie in graph(network).edges)
        assert 1 - kept / len(ties) == pytest.approx(rewiring, abs=0.02)


def test_rewiring_undoes_clustering():
    """C(β) ≈ C(0) (1 − β)³ (Barrat & Weigt 2000), with C(0) = 3 (k − 2) / (4 (k − 1)) = 0.7."""
    for rewiring in (0.0, 0.1, 0.3, 1.0):
        found = describe(draw(topology=Topology.SMALL_WORLD, n=3_000, rewiring=rewiring))
        assert found.clustering == pytest.approx(0.7 * (1 - rewiring) ** 3, abs=0.02)


def test_random_degrees_are_poisson():
    network = draw(topology=Topology.RANDOM, n=20_000)
    degrees = np.diff(network.offsets)
    assert degrees.var() == pytest.approx(16, rel=0.05)
    assert describe(network).clustering == pytest.approx(16 / 20_000, abs=0.002)


def test_all_random_networks_are_equally_likely():
    """Two ties among four users: 15 networks, each expected 200 times in 3,000."""
    times = Counter(
        draw(topology=Topology.RANDOM, n=4, mean_degree=1, seed=seed).neighbours.tobytes()
        + draw(topology=Topology.RANDOM, n=4, mean_degree=1, seed=seed).offsets.tobytes()
        for seed in range(3_000)
    )
    assert len(times) == 15
    assert sum((count - 200) ** 2 / 200 for count in times.values()) < 36  # χ²(14), p = 0.001


def test_complete_ties_all_to_all():
    network = draw(topology=Topology.COMPLETE, n=30, mean_degree=0)
    assert rows(network) == [[j for j in range(30) if j != i] for i in range(30)]
    assert_simple_and_symmetric(draw(topology=Topology.COMPLETE, n=1), 1)


# What cannot be drawn


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n": 0}, r"^n = 0: it should be 1 to"),
        ({"seed": -1}, r"^seed = -1: it should be a whole number from 0"),
        ({"n": 16}, r"^mean_degree = 16.0: it should be 0 to n − 1 = 15"),
        ({"mean_degree": -2}, r"^mean_degree = -2: "),
        ({"mean_degree": float("nan")}, r"^mean_degree = nan: "),
        ({"tail": 2.0}, r"^tail = 2.0: it should be above 2"),
        ({"clustering": 0.6}, r"^clustering = 0.6: it should be 0 to 0.5"),
        ({"clustering": -0.1}, r"^clustering = -0.1: "),
        (
            {"mean_degree": 3, "clustering": 0.5},
            r"^clustering = 0.5: .* at most 0\.\d\d ",
        ),
        ({"topology": Topology.SMALL_WORLD, "rewiring": 1.5}, r"^rewiring = 1.5: .* 0 to 1"),
        (
            {"topology": Topology.COMPLETE, "n": 5_001},
            r"^n = 5001: .* at most 5000 users",
        ),
        ({"topology": Topology.EDGE_LIST}, r"topology = edge_list .* read_edge_list"),
        ({"topology": "ring"}, r"'ring' is not a valid Topology"),
    ],
)
def test_a_value_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        draw(**changes)


# The user's own ties


def test_from_edges_drops_doubles_and_self_ties():
    network = from_edges(4, np.array([[2, 0], [0, 2], [2, 0], [1, 1], [2, 1]]))
    assert rows(network) == [[2], [2], [0, 1], []]
    assert_simple_and_symmetric(network, 4)


def test_from_edges_gives_a_network_back():
    network = draw()
    user = np.repeat(np.arange(1_000), np.diff(network.offsets))
    edges = np.column_stack([user, network.neighbours])
    assert same(from_edges(1_000, np.random.default_rng(0).permutation(edges)), network)


@pytest.mark.parametrize(
    ("n", "edges", "message"),
    [
        (3, [[0, 3]], r"users 0 to 3: it should name users 0 to n − 1 = 2"),
        (3, [[-1, 2]], r"users -1 to 2"),
        (3, [[0.0, 1.0]], r"whole numbers, \(ties, 2\)"),
        (3, [[0, 1, 2]], r"whole numbers, \(ties, 2\)"),
        (0, np.empty((0, 2), int), r"^n = 0"),
    ],
)
def test_from_edges_refuses(n, edges, message):
    with pytest.raises(ValueError, match=message):
        from_edges(n, np.array(edges))


# A network made elsewhere


def test_a_network_that_is_right_is_taken_as_it_is():
    network = draw()
    assert check_network(network, 1_000) is network
    lone = from_edges(2, np.empty((0, 2), int))
    assert check_network(lone, 2) is lone


def test_arrays_of_other_whole_numbers_are_converted():
    network = draw()
    given = Network(network.offsets.tolist(), network.neighbours.astype(np.uint64)[::1])
    assert same(check_network(given, 1_000), network)
    apart = np.repeat(network.neighbours, 2)[::2]
    apart.flags.writeable = False
    assert same(check_network(Network(network.offsets, apart), 1_000), network)


PATH = ([0, 1, 3, 4], [1, 0, 2, 1])  # 0 – 1 – 2


@pytest.mark.parametrize(
    ("offsets", "neighbours", "said"),
    [
        ([0, 1, 3], PATH[1], r"users\.count = 3, but the network has 2 users"),
        ([], [], r"users\.count = 3, but the network has 0 users"),
        ([1, 1, 3, 4], PATH[1], "offsets must rise from 0 to the number of neighbours, 4"),
        ([0, 1, 3, 9], PATH[1], "offsets must rise"),
        ([0, 3, 1, 4], PATH[1], "offsets must rise"),
        (np.array([0, 1, 3, 2**63], np.uint64), PATH[1], "out of the range of int64"),
        (PATH[0], [1, 0, 3, 1], r"neighbours of user 1 must be users from 0 to n − 1"),
        (PATH[0], [1, -1, 2, 1], r"neighbours of user 1 must be users from 0 to n − 1"),
        (PATH[0], [1, 0, 2, 2**40], "out of the range of int32"),
        (PATH[0], [0, 0, 2, 1], "neighbours of user 0 must not include the user"),
        (PATH[0], [1, 2, 0, 1], "neighbours of user 1 must be in ascending order"),
        (PATH[0], [1, 0, 0, 1], "neighbours of user 1 must be in ascending order"),
        (PATH[0], [2, 0, 2, 1], "neighbours of user 0 must have the user among theirs"),
        ([0, 0, 1, 1], [0], "neighbours of user 1 must have the user among theirs"),
        ([0.0, 1.0, 3.0, 4.0], PATH[1], "offsets is float64.*whole numbers"),
        (PATH[0], ["1", "0", "2", "1"], "neighbours is <U1.*whole numbers"),
        (PATH[0], [[1, 0], [2, 1]], r"neighbours is int64, of shape \(2, 2\)"),
        (PATH[0], [[1], [0, 2], [1]], "whole numbers in a row"),
        (PATH[0], None, "whole numbers in a row"),
    ],
)
def test_a_network_that_compiled_code_cannot_rely_on_is_refused(offsets, neighbours, said):
    with pytest.raises(ParameterError, match=said):
        check_network(Network(offsets, neighbours), 3)


@pytest.mark.parametrize("network", [PATH, nx.path_graph(3), "ties.txt", 3])
def test_what_is_no_network_is_refused(network):
    with pytest.raises(ParameterError, match="from_edges makes one"):
        check_network(network, 3)


# Large


def test_degrees_of_a_large_network_are_not_kept(monkeypatch):
    usual = draw()
    assert plan_degrees.cache_info().currsize > 0
    monkeypatch.setattr(heavy_tailed, "MOST_KEPT", 999)
    assert same(draw(), usual)
    assert plan_degrees.cache_info().currsize == 0


@pytest.mark.slow
@pytest.mark.parametrize("topology", DRAWN)
def test_a_million_users(topology):
    network = draw(topology=topology, n=1_000_000, clustering=0.2)
    assert_simple_and_symmetric(network, 1_000_000)
    found = describe(network)
    assert found.mean_degree == 16
    if topology is Topology.HEAVY_TAILED:
        assert found.clustering == pytest.approx(0.2, abs=0.02)
        assert found.tail == pytest.approx(2.7, abs=0.1)
