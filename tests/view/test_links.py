"""Links: a query becomes a world, and a world a query; nothing else gets through."""

from urllib.parse import urlsplit

import pytest

from experiments.config.choices import ConfigError
from experiments.config.settings import compose
from sim.parameters import ParameterError, declarations
from view import settings
from view.pair import Pair
from view.settings import link, linked_pair, linked_settings, read_query, start_with
from view.share import pair_address
from view.words import LONGEST, one_line


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(settings, "_start", None)


def test_a_link_shows_the_world_it_was_made_from():
    said = {"firm.decline_rate": 0.01, "network.topology": "random", "seed": 8, "users.count": 300}
    query = urlsplit(link(said)).query
    found = linked_settings(f"?{query}")
    assert found.seed == 8
    flat = found.parameters.flat()
    assert {name: flat[name] for name in said if name != "seed"} == {
        name: value for name, value in said.items() if name != "seed"
    }
    default = compose([]).parameters.flat()
    assert {n for n in flat if flat[n] != default[n]} <= set(said)


def test_a_case_and_its_record_go_through_a_link():
    found = linked_settings("case=buytwitter&history.price_shift=4&movement.launch_week=100")
    assert found.case is not None
    assert found.history["history.price_shift"] == 4
    assert found.parameters.movement.launch_week == 100


def test_a_link_builds_on_the_default_world_and_no_query_on_the_command_lines():
    start_with(compose(["firm.decline_rate=0.02", "seed=9", "results_dir=/tmp"]))
    assert linked_settings("").seed == linked_settings(None).seed == 9
    found = linked_settings("seed=8")
    assert found.parameters.flat() == compose([]).parameters.flat()
    assert str(found.results_dir) == "/tmp"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("firm.declin_rate=0.01", "did you mean firm.decline_rate?"),
        ("firm.decline_rate=fast", "firm.decline_rate"),
        ("firm.decline_rate", "firm.decline_rate=VALUE"),
        ("firm.decline_rate=", "firm.decline_rate=VALUE"),
        ("seed=-1", "seed=-1"),
        ("seed=1,2", "one plain value"),
        ("seed=range(1,9)", "one plain value"),
        ("seed=${oc.env:HOME}", "one plain value"),
        ("users.count=10000000", "a page draws up to 10,000 users"),
        ("network.topology=complete&users.count=5000", "a page draws up to 500,000 ties"),
        ("horizon=9000", "a page plays up to 2,600 weeks"),
        ("case.file=/etc/passwd", "a link cannot name files"),
        ("network.edge_list=/etc/passwd", "a link cannot name files"),
        ("results_dir=/etc", "results_dir"),
        ("hydra.run.dir=/tmp/x", "hydra.run.dir"),
        ("experiment=right_momentum", "experiment"),
        ("case=buytwiter", "did you mean buytwitter?"),
        ("preset=nowhere", "preset"),
        ("%00=1", "unknown"),
        ("seed=8%0a9", "line breaks"),
        ("=8", "unknown"),
        ("a" * 9000, "longer than 8,000 characters"),
        ("users.count=300&users.count=x", "users.count"),
        ("%ff%fe=1", "unknown"),
    ],
)  # fmt: skip
def test_a_malformed_query_is_one_line(query, said):
    with pytest.raises((ConfigError, ParameterError)) as refused:
        linked_settings(query)
    line = one_line(refused.value)
    assert said in line
    assert line.isprintable()
    assert len(line) <= LONGEST


@pytest.mark.parametrize(
    "differences",
    [{"movement.launch_week": 14, "firm.policy": "concede"}, {"participation.cost_mean": 0.7}, {}],
)
def test_a_comparison_goes_through_a_link(differences):
    told = compose(["users.count=50", "horizon=60", "seed=8"])
    found, said = linked_pair(urlsplit(pair_address(Pair(told, differences))).query)
    assert said == differences
    assert found.parameters == told.parameters
    assert found.seed == 8


def test_a_link_that_says_nothing_of_the_other_world_leaves_the_difference_open():
    assert linked_pair("users.count=50")[1] is None
    assert linked_pair("")[1] is None


def test_what_is_other_is_over_the_default_world_too():
    start_with(compose(["firm.decline_rate=0.02"]))
    told, differences = linked_pair("other.movement.launch_week=14")
    assert told.parameters == compose([]).parameters
    assert differences == {"movement.launch_week": 14}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("other.movement.launch_wek=14", "did you mean movement.launch_week?"),
        ("other.movement.launch_week=never", "movement.launch_week"),
        ("other.movement.launch_week=", "movement.launch_week=VALUE"),
        ("other.seed=8", "two worlds differ in parameters"),
        ("other.case=buytwitter", "two worlds differ in parameters"),
        ("other.network.edge_list=/etc/passwd", "a link cannot name files"),
        ("other.users.count=10000000", "a page draws up to 10,000 users"),
        ("same=false", "same"),
        ("other.=8", "unknown"),
    ],
)
def test_a_malformed_comparison_is_one_line(query, said):
    with pytest.raises((ConfigError, ParameterError)) as refused:
        linked_pair(query)
    assert said in one_line(refused.value)


def test_no_file_of_this_machine_is_read_for_a_link():
    read = {name for name in declarations() if "file" in name or "edge_list" in name}
    for name in {*read, "case.file"}:
        with pytest.raises(ConfigError, match="a link cannot name files"):
            read_query(f"{name}=x.yaml")
