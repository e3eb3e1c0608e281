"""Points: what is the same, too much or without effect is refused before anything is run."""

import random

import pytest

from experiments.design.draw import MOST_POINTS, draw
from experiments.design.experiment import read_experiment
from experiments.design.point import BATCH, TOGETHER, Points, build, distinct_worlds
from experiments.design.reading import DesignError
from experiments.errors import MomentumError
from sim.parameters import Parameters, declarations
from tests.sweeps import points_of


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "points.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def experiment(**part):
    return {"name": "mine", "parts": [{"name": "p", **part}]}


def settings(points):
    return [
        {name: value for name, value in point.items() if name not in ("part", "sample", "label")}
        for point in points
    ]


# -- files of points -------------------------------------------------------------------------------

WANTED = [
    {"participation.cost_mean": 1.5, "firm.policy": "resist"},
    {"participation.cost_mean": 0.5, "firm.policy": "ignore"},
]


@pytest.mark.parametrize(
    "text",
    [
        "participation.cost_mean;firm.policy\n1,5;resist\n0,5;ignore\n",
        "\ufeffparticipation.cost_mean,firm.policy\r\n1.5,resist\r\n0.5,ignore\r\n",
        "participation.cost_mean\tfirm.policy\n1,5\tResist\n0,5\tignore\n",
        '# two worlds\nparticipation.cost_mean,firm.policy\n"1,5",resist\n"0,5",ignore\n',
        "sep=;\nparticipation.cost_mean;firm.policy;;\n1.5;resist;;\n.5;ignore;;\n",
    ],
)
def test_points_are_read_in_the_forms_of_spreadsheets(write, text):
    found = points_of(experiment(design="csv", file=write(text)))
    assert settings(found) == WANTED


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("participation.cost_mean\n1\n1.0\n1e0\n", 3, "the same point twice: it is in line 2"),
        ("firm.policy\nresist\nignore\nResist\n", 4, "the same point twice: it is in line 2"),
        ("users.count,threat.base\n100,\n200,\n1e2,\n", 4, "the same point twice"),
        ("label,threat.base\na,0.1\nb,0.1\n", 3, "the same point twice"),
        ("label,threat.base\na,0.1\na,0.2\n", 3, "label a is in line 2 too"),
        ("users.count;threat.base\n1.020;0,5\n", 2, "users.count = 1.020 may be 1020"),
        ("users.count\n5_000\n", 2, None),
        ("threat.base\n0.1\n0,2\n", 3, "2 cells"),
        ("threat.base\n0.1%\n", 2, "not a number"),
    ],
)
def test_points_that_are_the_same_or_cannot_be_told_are_refused_by_line(write, text, line, problem):
    file = write(text)
    if problem is None:
        assert settings(points_of(experiment(design="csv", file=file))) == [{"users.count": 5000}]
        return
    with pytest.raises(MomentumError) as refused:
        points_of(experiment(design="csv", file=file))
    assert f"{file}, line {line}: " in str(refused.value)
    assert problem in str(refused.value)


def test_a_file_of_a_user_that_does_not_exist_is_refused():
    with pytest.raises(MomentumError, match="there is no user nosuchuser"):
        points_of(experiment(design="csv", file="~nosuchuser/points.csv"))


# -- points that would become one ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        (
            [{"label": "early", "threat.base": 0.1}, {"label": "early", "threat.base": 0.2}],
            "points 1 and 2 share the label 'early'",
        ),
        (
            [{"label": "a", "threat.base": 0.1}, {"threat.base": 0.2}, {"threat.base": 0.3}],
            "points 2 and 3 share the label ''",
        ),
        (
            [{"label": "a", "threat.base": 1}, {"label": "b", "threat.base": 1.0}],
            "point 2 is the same point as point 1",
        ),
        ([{"firm.policy": "resist"}, {"firm.policy": "RESIST"}], "point 2 is the same point"),
    ],
)
def test_points_that_would_become_one_are_refused(points, problem):
    with pytest.raises(DesignError) as refused:
        points_of(experiment(design="points", points=points))
    assert problem in str(refused.value)


def test_values_that_go_together_may_be_there_twice_but_not_together():
    zipped = {"firm.policy": ["ignore", "resist", "resist"], "firm.resistance": [0.3, 0.3, 0.6]}
    assert len(points_of(experiment(design="grid", zip=zipped))) == 3
    zipped["firm.resistance"] = [0.3, 0.6, 0.6]
    with pytest.raises(DesignError, match="point 3 is the same point as point 2"):
        points_of(experiment(design="grid", zip=zipped))


@pytest.mark.parametrize("values", [[5, 5], [5, 5.0], ["range(5, 7)", 5]])
def test_a_value_that_is_there_twice_is_refused(values):
    with pytest.raises(DesignError):
        draw(None, swept={"users.count": values})


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a/b", "../x", "", "a\nb", "-x", "x:y", ".hidden"])
def test_a_part_whose_name_is_no_name_of_a_file_is_refused(name):
    given = {"name": "mine", "parts": [{"name": name, "design": "grid"}]}
    with pytest.raises(DesignError, match="is no name"):
        points_of(given)


def test_errors_name_the_file_of_an_experiment_of_ones_own():
    given = experiment(design="gird")
    with pytest.raises(DesignError, match=r"^conf/experiment/mine\.yaml: part p: design"):
        points_of(given)
    with pytest.raises(DesignError, match=r"^/home/me/mine\.yaml: part p: design"):
        points_of(given | {"file": "/home/me/mine.yaml"})


def test_errors_in_an_experiments_base_name_its_file():
    given = {"name": "mine", "file": "own.yaml", "base": {"users.count": -5}}
    with pytest.raises(DesignError, match=r"^own\.yaml: base: users\.count = -5 is out of range"):
        read_experiment(given, "laptop")


# -- how many --------------------------------------------------------------------------------------

WIDE = {"threat.base": "range(0, 1, 0.0001)", "exit.voice": "range(0, 1, 0.0001)"}


@pytest.mark.parametrize(
    "part",
    [
        {"design": "grid", "grid": WIDE | {"exit.threshold": "range(0, 1, 0.001)"}},
        {"design": "saltelli", "samples": 2**20, "ranges": ["threat.base", "exit.voice"]},
        {"design": "morris", "samples": 10**12, "ranges": "world"},
        {"design": "latin_hypercube", "samples": 10**4, "ranges": ["exit.voice"],
         "grid": {"threat.base": "range(0, 1, 0.001)"}},
    ],
)  # fmt: skip
def test_too_many_points_are_refused_before_they_are_made(part):
    with pytest.raises(DesignError, match=f"too many.*{MOST_POINTS:,}"):
        points_of(experiment(**part))


def test_too_many_conditions_are_refused_before_they_are_combined():
    names = [name for name in declarations() if isinstance(declarations()[name].default, float)]
    conditions = {f"c{i}": {"on": {name: 1.0}} for i, name in enumerate(names[:3])}
    on = {name: declarations()[name].default for name in names}
    conditions = {f"c{i}": {"on": {name: on[name]}} for i, name in enumerate(names[:40])}
    given = experiment(design="factorial") | {"conditions": conditions}
    with pytest.raises(DesignError, match="1,099,511,627,776 combinations are too many"):
        points_of(given)


def test_the_points_of_all_parts_together_are_limited():
    parts = [
        {"name": name, "design": "grid", "grid": dict.fromkeys(WIDE, "range(0, 1, 0.00125)")}
        for name in "ab"
    ]
    with pytest.raises(DesignError, match="part b: 640,000 combinations are too many"):
        points_of({"name": "mine", "parts": parts})


# -- launches --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("launch", "after", "meeting"), [(18, 34, 52), (17, 34, 51), (19, 34, 1), (52, 0, 52)]
)
def test_the_first_meeting_is_in_the_year_after_the_start(launch, after, meeting):
    part = {"design": "grid", "grid": {"movement.launch_week": [launch]}, "meeting_after": after}
    (point,) = points_of(experiment(**part))
    assert point["vote.first_meeting"] == meeting
    build(Parameters(), point, 0)


# -- values that must fit each other ---------------------------------------------------------------


class Recorder:
    """A world that notes which parameters are read."""

    def __init__(self, world, names, prefix=""):
        self._world, self._names, self._prefix = world, names, prefix

    def __getattr__(self, name):
        value = getattr(self._world, name)
        if f"{self._prefix}{name}" in declarations():
            self._names.add(f"{self._prefix}{name}")
            return value
        return Recorder(value, self._names, f"{name}.")


def test_the_parameters_that_must_fit_are_those_that_are_compared():
    """Else a world that cannot be would be found only when its run begins."""
    read = set()
    rng = random.Random(1)
    compared = [name for name in dir(Parameters) if name == "_validate_together"]
    assert compared
    for origin in ("given", "endogenous"):
        for topology in ("edge_list", "random"):
            changes = {"movement.origin": origin, "network.topology": topology}
            changes |= {"network.edge_list": "x" * (topology == "edge_list")}
            changes |= {"users.count": rng.randint(100, 900)}
            world = Parameters().replace(changes)
            Parameters._validate_together(Recorder(world, read))
    assert read == set(TOGETHER)


def test_a_point_whose_values_do_not_fit_is_named_and_each_combination_is_built_once():
    base = Parameters()
    rows = [{"threat.base": i / 100, "horizon": 100 + i % 2} for i in range(100)]
    points = [{"part": "p", **row} for row in rows]
    found = list(distinct_worlds(base, points))
    assert [number for number, _, _ in found] == [0, 1]
    assert [world.horizon for _, _, world in found] == [100, 101]
    points[70] = {"part": "p", "horizon": 20}
    with pytest.raises(
        DesignError, match=r"point 70 \(part p, horizon=20\): movement\.launch_week"
    ):
        list(distinct_worlds(base, points))


def test_a_file_of_ties_without_its_topology_is_refused(write):
    file = write("network.edge_list\nties.txt\n")
    points = points_of(experiment(design="csv", file=file))
    with pytest.raises(DesignError, match=r"network\.edge_list has no effect"):
        list(distinct_worlds(Parameters(), points))
    file = write("network.edge_list,network.topology\nties.txt,edge_list\n")
    points = points_of(experiment(design="csv", file=file))
    assert len(list(distinct_worlds(Parameters(), points))) == 1


def test_points_that_set_different_names_are_kept_as_they_are():
    several = [{"part": "a", "horizon": 9}, {"part": "b"}, {"threat.base": 0.5, "part": "a"}]
    alike = [{"part": "c", "users.count": number} for number in range(BATCH + 1)]
    points = [*several, *alike, *several]
    kept = Points.of(points)
    assert list(kept) == points
    assert kept.names == ["part", "horizon", "threat.base", "users.count"]
