"""Designs: which worlds an experiment runs, and how a wrong description is refused."""

from pathlib import Path

import pytest
import yaml

from experiments.design.experiment import at_scale
from experiments.design.point import build, conditions_of, varied
from experiments.design.reading import HISTORY, DesignError, parse_range
from sim.parameters import Parameters
from tests.sweeps import points_of

CONDITIONS = {
    "distress": {"off": {"firm.decline_rate": 0.0}, "on": {"firm.decline_rate": 0.01}},
    "threat": {"off": {"threat.base": 0.15}, "on": {"threat.base": 0.6}},
    "size": {"on": {"users.people_per_agent": 50.0}},
}
SHIPPED = sorted((Path(__file__).parents[2] / "conf" / "experiment").glob("*.yaml"))


def experiment(*parts, **keys):
    return {"name": "trial", "conditions": CONDITIONS, "parts": list(parts), **keys}


def factorial(**keys):
    return {"name": "all", "design": "factorial", **keys}


def grid(**keys):
    return {"name": "steps", "design": "grid", **keys}


def test_a_factorial_holds_every_combination_once_with_its_levels():
    found = points_of(experiment(factorial()))
    assert len(found) == 8
    marks = [tuple(point[f"condition.{name}"] for name in CONDITIONS) for point in found]
    assert len(set(marks)) == 8
    for point in found:
        assert point["firm.decline_rate"] == (0.01 if point["condition.distress"] else 0.0)
        assert point["threat.base"] == (0.6 if point["condition.threat"] else 0.15)
        assert ("users.people_per_agent" in point) == bool(point["condition.size"])


def test_conditions_left_out_of_a_factorial_are_off():
    found = points_of(experiment(factorial(conditions=["threat"])))
    assert [point["condition.threat"] for point in found] == [0, 1]
    assert {point["condition.distress"] for point in found} == {0}
    assert {point["firm.decline_rate"] for point in found} == {0.0}


def test_a_factorial_is_crossed_with_a_grid_and_with_what_is_set():
    part = factorial(
        conditions=["distress", "threat"],
        grid={"participation.cost_mean": "range(0.4, 0.7, 0.1)"},
        set={"firm.responsiveness": 0.0},
    )
    found = points_of(experiment(part))
    assert len(found) == 4 * 3
    assert {point["participation.cost_mean"] for point in found} == {0.4, 0.5, 0.6}
    assert {point["firm.responsiveness"] for point in found} == {0.0}


def test_conditions_may_be_held_on_in_a_grid():
    found = points_of(experiment(grid(on=["threat"], grid={"users.count": [100, 200]})))
    assert [point["condition.threat"] for point in found] == [1, 1]
    assert [point["threat.base"] for point in found] == [0.6, 0.6]


def test_zipped_values_go_together():
    part = grid(
        zip={"movement.launch_week": [10, 20], "horizon": [110, 120]},
        grid={"threat.base": [0.1, 0.2]},
    )
    found = [
        (p["movement.launch_week"], p["horizon"], p["threat.base"])
        for p in points_of(experiment(part, conditions=None))
    ]
    assert found == [(10, 110, 0.1), (10, 110, 0.2), (20, 120, 0.1), (20, 120, 0.2)]


def test_launches_get_equal_follow_up_and_an_equal_wait_for_the_meeting():
    part = grid(grid={"movement.launch_week": "range(10, 151, 4)"}, follow_up=104, meeting_after=34)
    found = points_of(experiment(part, conditions=None))
    assert {p["horizon"] - p["movement.launch_week"] for p in found} == {104}
    waits = {(p["vote.first_meeting"] - p["movement.launch_week"]) % 52 for p in found}
    assert waits == {34}
    assert all(1 <= p["vote.first_meeting"] <= 52 for p in found)


def test_points_are_taken_as_listed_with_their_labels():
    part = {
        "name": "extremes",
        "design": "points",
        "points": [{"label": "few", "users.count": 100}, {"users.count": 900}],
    }
    found = points_of(experiment(part, conditions=None))
    assert [(p["label"], p["users.count"]) for p in found] == [("few", 100), ("", 900)]


def test_what_the_user_sweeps_is_crossed_with_the_points():
    found = points_of(experiment(factorial()), swept={"users.count": [100, 200]})
    assert len(found) == 16
    assert [p["users.count"] for p in found[:2]] == [100, 200]


def test_what_the_user_sweeps_replaces_an_axis_of_the_same_name():
    part = grid(grid={"users.count": [100, 200], "threat.base": [0.1, 0.2]})
    found = points_of(experiment(part, conditions=None), swept={"users.count": [300]})
    assert [(p["users.count"], p["threat.base"]) for p in found] == [(300, 0.1), (300, 0.2)]


def test_without_an_experiment_the_points_are_the_grid_swept():
    found = points_of(None, swept={"users.count": [100, 200], "horizon": [60, 70]})
    assert len(found) == 4
    assert found[1] == {"part": "grid", "users.count": 100, "horizon": 70}


def test_nothing_swept_is_one_point():
    assert points_of(None) == [{"part": "grid"}]


def test_a_scale_overrides_keys_and_the_base():
    given = experiment(
        factorial(),
        base={"horizon": 100, "users.count": 2000},
        replicates=50,
        scales={"smoke": {"replicates": 2, "set": {"users.count": 200}}, "laptop": {}},
    )
    smoke = at_scale(given, "smoke")
    assert smoke["replicates"] == 2
    assert smoke["base"] == {"horizon": 100, "users.count": 200}
    assert at_scale(given, "laptop")["replicates"] == 50
    with pytest.raises(DesignError, match="unknown scale smok; did you mean smoke"):
        at_scale(given, "smok")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("range(8, 20, 4)", [8, 12, 16]),
        ("range(0,3)", [0, 1, 2]),
        ("range(0.3, 0.6, 0.1)", [0.3, 0.4, 0.5]),
        ("range(0.1,0.35,0.05)", [0.1, 0.15, 0.2, 0.25, 0.3]),
        ("range(5, 0, -2)", [5, 3, 1]),
        ("range(3, 3)", []),
        ("1,2,3", None),
        ("range(a, b)", None),
    ],
)
def test_ranges(text, values):
    assert parse_range(text) == values


def test_names_of_what_varies_and_of_conditions():
    found = points_of(experiment(factorial(), grid(grid={"users.count": [100, 200]})))
    assert varied(found) == [
        "firm.decline_rate",
        "threat.base",
        "users.people_per_agent",
        "users.count",
    ]
    assert conditions_of(found) == [f"condition.{name}" for name in CONDITIONS]


WRONG = [
    (grid(gird={}), "unknown key gird; did you mean grid"),
    ({"name": "x", "design": "gird"}, "unknown design gird; did you mean grid"),
    ({"design": "grid"}, "part 1: name is missing"),
    (grid(grid={"users.cuont": [1]}), "unknown parameter users.cuont; did you mean users.count"),
    (grid(set={"users.cuont": 1}), "did you mean users.count"),
    (grid(zip={"users.cuont": [1]}), "did you mean users.count"),
    (grid(grid={"users.count": []}), "holds no value"),
    (grid(grid={"users.count": 5}), "must be a list or range"),
    (grid(grid={"users.count": "range(1, 5, 0)"}), "step must not be 0"),
    (grid(grid={"users.count": [5, 5.0]}), "users.count = 5 is there twice"),
    (grid(grid={"threat.base": [0.1]}), "threat.base is given twice, by condition threat"),
    (grid(set={"horizon": 60}, grid={"horizon": [60]}), "horizon is given twice, by set"),
    (grid(zip={"horizon": [60], "users.count": [5, 6]}), "horizon 1, users.count 2"),
    (grid(follow_up=104), "follow_up needs movement.launch_week"),
    (grid(follow_up=-1, grid={"movement.launch_week": [5]}), "must be a whole number from 0"),
    (grid(follow_up=1, grid={"movement.launch_week": [5], "horizon": [9]}), "given twice"),
    (factorial(conditions=["treat"]), "unknown condition treat; did you mean threat"),
    (factorial(conditions=["threat", "threat"]), "named twice"),
    (factorial(conditions=[]), "needs conditions"),
    (factorial(on=["threat"]), "on belongs to designs grid and points"),
    (grid(conditions=["threat"]), "to fix some, use on"),
    (grid(points=[{"horizon": 60}]), "points belong to design points"),
    ({"name": "x", "design": "points"}, "needs a list of points"),
    ({"name": "x", "design": "points", "points": [{"horizn": 6}]}, "did you mean horizon"),
    ("grid", "must be name: value pairs"),
]


@pytest.mark.parametrize(("part", "message"), WRONG)
def test_a_wrong_part_is_refused_in_one_line(part, message):
    with pytest.raises(DesignError, match="trial") as refused:
        points_of(experiment(part))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"replicats": 5}, "unknown key replicats; did you mean replicates"),
        ({"base": {"horizn": 5}}, "did you mean horizon"),
        ({"conditions": {"a": {"on": {}}}}, "on sets nothing"),
        ({"conditions": {"a": {"onn": {}}}}, "unknown key onn"),
        ({"conditions": {"a": {"on": {"horizn": 5}}}}, "did you mean horizon"),
        ({"conditions": {"a": {"on": {"horizon": 5}, "off": {"users.count": 5}}}}, "not on"),
        (
            {"conditions": {"a": {"on": {"horizon": 5}}, "b": {"on": {"horizon": 6}}}},
            "horizon is set by conditions a and b",
        ),
        ({"scales": {"laptop": {"set": {"horizn": 5}}}}, "did you mean horizon"),
        ({"scales": {"laptop": {"replicats": 5}}}, "did you mean replicates"),
        ({"scales": {1: 2}}, "scales: the name 1 must be text"),
        ({"scales": {"laptop": {"set": {1: 2}}}}, "scales.laptop.set: the name 1 must be text"),
        ({"base": {1: 2}}, "base: the name 1 must be text"),
        ({"parts": "all"}, "parts = 'all' must be a list"),
        ({"analyses": "variants"}, "analyses = 'variants' must be a list"),
        ({"analyses": ["variantz"]}, "unknown analysis variantz; did you mean variants"),
        ({"parts": [factorial(), factorial()]}, "two parts are named all"),
    ],
)
def test_a_wrong_experiment_is_refused_in_one_line(keys, message):
    with pytest.raises(DesignError, match="trial") as refused:
        points_of({"name": "trial", "conditions": CONDITIONS, "parts": [factorial()], **keys})
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_point_that_is_no_world_is_named():
    with pytest.raises(DesignError, match=r"point 3 \(part steps, users.count=-1\): users.count"):
        build(Parameters(), {"part": "steps", "users.count": -1}, 3)


def test_a_part_whose_list_of_conditions_is_empty_is_left_as_it_sets_itself():
    conditions = {"threat": {"off": {"threat.base": 0.1}, "on": {"threat.base": 0.6}}}
    part = {"name": "a", "design": "grid", "grid": {"threat.base": [0.2, 0.3]}}
    found = points_of({"conditions": conditions, "parts": [part | {"conditions": []}]})
    assert [point["threat.base"] for point in found] == [0.2, 0.3]
    assert not any(name.startswith("condition.") for point in found for name in point)
    with pytest.raises(DesignError, match="given twice"):
        points_of({"conditions": conditions, "parts": [part]})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("scale", ["smoke", "laptop", "full"])
def test_every_point_of_a_shipped_experiment_is_a_world(path, scale):
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    set_everywhere = at_scale(given, scale)["base"]
    base = Parameters.from_dict({k: v for k, v in set_everywhere.items() if k not in HISTORY})
    found = points_of(given, scale)
    assert found
    for number, point in enumerate(found):
        build(base, point, number)
