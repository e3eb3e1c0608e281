"""Sampled designs: what is drawn, how it meets the arms, and how a wrong description is refused."""

import itertools
from collections import Counter

import numpy as np
import pytest
import yaml

from experiments.cli.main import main
from experiments.design.draw import draw
from experiments.design.fractional import fraction
from experiments.design.point import build
from experiments.design.ranges import Axis
from experiments.design.reading import DesignError
from experiments.errors import MomentumError
from experiments.files import FileError
from experiments.store.result import Result
from sim.parameters import Framing, Parameters, Role, declarations
from tests.sweeps import points_of

THREE = ["firm.decline_rate", "threat.base", "dissatisfaction.ramp_start"]


def part(kind, **keys):
    return {"name": "worlds", "design": kind, **keys}


def drawn(kind, **keys):
    return draw({"name": "trial", "parts": [part(kind, **keys)]})


def column(found, name):
    return [point[name] for point in found]


def test_a_latin_hypercube_has_one_row_in_each_stratum_of_each_parameter():
    n = 40
    found = drawn("latin_hypercube", samples=n, ranges=THREE[:2]).points
    assert column(found, "sample") == list(range(n))
    for name in THREE[:2]:
        low, high = declarations()[name].metadata["plausible"]
        strata = [int((value - low) / (high - low) * n) for value in column(found, name)]
        assert sorted(strata) == list(range(n))


def test_a_sobol_sequence_is_balanced_in_every_quarter_and_grows_by_appending():
    found = drawn(
        "sobol", samples=64, ranges={"threat.base": [0, 1], "media.threat_crowding": None}
    )
    assert column(
        drawn("sobol", samples=128, ranges=found.designs["worlds"]["problem"]["names"]).points[:64],
        "media.threat_crowding",
    ) == column(found.points, "media.threat_crowding")
    cells = Counter(
        (int(4 * point["threat.base"]), int(4 * point["media.threat_crowding"]))
        for point in found.points
    )
    assert set(cells.values()) == {4}
    assert len(cells) == 16


@pytest.mark.parametrize(("second", "rows"), [(False, 8 * (3 + 2)), (True, 8 * (2 * 3 + 2))])
def test_saltelli_counts(second, rows):
    found = drawn("saltelli", samples=8, ranges=THREE, second_order=second)
    assert len(found.points) == rows
    assert found.designs["worlds"]["problem"] == {
        "num_vars": 3,
        "names": THREE,
        "bounds": [list(declarations()[name].metadata["plausible"]) for name in THREE],
    }
    assert found.designs["worlds"]["second_order"] is second


def test_saltelli_rows_are_in_the_order_that_salib_analyses():
    from SALib.analyze import sobol

    found = drawn("saltelli", samples=512, ranges=THREE)
    of_first = np.array([point[THREE[0]] for point in found.points])
    indices = sobol.analyze(found.designs["worlds"]["problem"], of_first, calc_second_order=False)
    assert indices["S1"] == pytest.approx([1, 0, 0], abs=0.05)
    assert indices["ST"] == pytest.approx([1, 0, 0], abs=0.05)


def test_morris_trajectories_change_one_parameter_at_a_time_and_every_one_once():
    ranges = {**dict.fromkeys(THREE), "movement.framing": None, "vote.regime": None}
    found = drawn("morris", samples=6, ranges=ranges)
    rows = [[point[name] for name in ranges] for point in found.points]
    assert len(rows) == 6 * (5 + 1)
    for start in range(0, len(rows), 6):
        changed = []
        for before, after in itertools.pairwise(rows[start : start + 6]):
            (one,) = [i for i in range(5) if before[i] != after[i]]
            changed.append(one)
        assert sorted(changed) == [0, 1, 2, 3, 4]
    assert found.designs["worlds"]["num_levels"] == 4


def test_one_at_a_time_is_the_base_and_each_end_of_each_range():
    ranges = {"threat.base": [0.1, 0.9], "movement.framing": ["commons", "mixed"]}
    found = drawn("one_at_a_time", ranges=ranges).points
    values = [{k: v for k, v in point.items() if k in ranges} for point in found]
    assert values == [
        {},
        {"threat.base": 0.1},
        {"threat.base": 0.9},
        {"movement.framing": "commons"},
        {"movement.framing": "mixed"},
    ]
    assert column(found, "sample") == [0, 1, 2, 3, 4]


def test_whole_numbers_and_choices_are_drawn_over_all_their_values_alike():
    ranges = {"vote.first_meeting": [1, 4], "movement.framing": None}
    found = drawn("latin_hypercube", samples=200, ranges=ranges)
    meetings = Counter(column(found.points, "vote.first_meeting"))
    assert meetings == {1: 50, 2: 50, 3: 50, 4: 50}
    framings = Counter(column(found.points, "movement.framing"))
    assert framings == {framing.value: 40 for framing in Framing}
    assert found.designs["worlds"]["choices"] == {"movement.framing": [f.value for f in Framing]}
    assert found.designs["worlds"]["problem"]["bounds"] == [[1, 4], [0, 4]]


def test_a_choice_that_needs_more_than_itself_is_not_drawn():
    found = drawn("latin_hypercube", samples=8, ranges={"network.topology": None})
    assert "edge_list" not in column(found.points, "network.topology")


def test_all_declared_ranges_of_the_world_are_drawn_except_those_left_out():
    found = drawn("latin_hypercube", samples=3, ranges="world", **{"except": ["users.count"]})
    names = set(found.designs["worlds"]["problem"]["names"])
    for name, declaration in declarations().items():
        told = declaration.metadata
        wanted = told["role"] is Role.WORLD and told["plausible"] is not None
        assert (name in names) == (wanted and name != "users.count")
    levers = set(drawn("latin_hypercube", samples=3, ranges="all").points[0]) - names
    assert "firm.responsiveness" in levers


@pytest.mark.parametrize("seed", range(3))
def test_every_world_drawn_over_all_ranges_is_a_world(seed):
    for kind, samples in (("latin_hypercube", 30), ("morris", 2), ("one_at_a_time", None)):
        keys = {} if samples is None else {"samples": samples, "design_seed": seed}
        for number, point in enumerate(drawn(kind, ranges="all", **keys).points):
            build(Parameters(), point, number)


def test_a_drawn_world_that_is_none_is_named():
    ranges = {
        "shareholders.institutional_share": [0.8, 0.9],
        "shareholders.ethical_share": [0.3, 1],
    }
    found = drawn("sobol", samples=2, ranges=ranges).points
    with pytest.raises(DesignError, match=r"point 1 \(part worlds, sample=1.*shares may sum to 1"):
        build(Parameters(), found[1], 1)


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "saltelli", "morris"])
def test_a_design_follows_from_its_seed(kind):
    def made(seed):
        return drawn(kind, samples=4, ranges=THREE, design_seed=seed).points

    assert made(1) == made(1)
    assert made(1) != made(2)


CONDITIONS = {
    "distress": {"off": {"firm.decline_rate": 0.0}, "on": {"firm.decline_rate": 0.01}},
    "size": {"on": {"users.people_per_agent": 50.0}},
}


def test_each_sampled_world_meets_each_arm_and_the_arm_wins():
    ranges = {"users.people_per_agent": [1, 2], "threat.base": None}
    crossed = part(
        "latin_hypercube",
        samples=5,
        ranges=ranges,
        conditions=["distress", "size"],
        points=[
            {"label": "a", "movement.launch_week": 9},
            {"label": "b", "movement.launch_week": 5},
        ],
        grid={"horizon": [50, 60]},
        set={"firm.responsiveness": 0.0},
    )
    found = points_of({"name": "trial", "conditions": CONDITIONS, "parts": [crossed]})
    assert len(found) == 5 * 4 * 2 * 2
    for _, group in itertools.groupby(found, key=lambda point: point["sample"]):
        world = list(group)
        assert len(world) == 16
        assert len({point["threat.base"] for point in world}) == 1
        for point in world:
            people = point["users.people_per_agent"]
            assert people == 50.0 if point["condition.size"] else 1 <= people <= 2
    assert {point["firm.responsiveness"] for point in found} == {0.0}


def test_a_condition_that_a_sampled_part_does_not_name_is_left_as_drawn():
    conditions = {
        "decline": {"off": {"firm.decline_rate": 0.0}, "on": {"firm.decline_rate": 0.01}},
        "threat": {"off": {"threat.base": 0.15}, "on": {"threat.base": 0.6}},
    }
    named = part("latin_hypercube", samples=6, ranges="world", conditions=["decline"])
    found = points_of({"name": "trial", "conditions": conditions, "parts": [named]})
    assert len({point["threat.base"] for point in found}) == 6
    assert {point["firm.decline_rate"] for point in found} == {0.0, 0.01}
    assert "condition.threat" not in found[0]
    held = part("latin_hypercube", samples=6, ranges="world", on=["threat"])
    found = points_of({"name": "trial", "conditions": conditions, "parts": [held]})
    assert {point["threat.base"] for point in found} == {0.6}
    assert len({point["firm.decline_rate"] for point in found}) == 6


def test_what_every_arm_sets_is_not_drawn():
    keys = {"samples": 4, "ranges": "world", "set": {"threat.base": 0.3}}
    found = drawn("saltelli", grid={"users.count": [100, 200]}, **keys)
    names = found.designs["worlds"]["problem"]["names"]
    assert "threat.base" not in names
    assert "users.count" not in names
    assert len(found.points) == 4 * (len(names) + 2) * 2


def test_parts_that_are_not_sampled_have_no_sample():
    plain = {"name": "plain", "design": "grid", "grid": {"threat.base": [0.1, 0.2]}}
    both = points_of({"name": "t", "parts": [plain, part("morris", samples=1, ranges=THREE)]})
    assert column(both, "sample") == [-1, -1, 0, 1, 2, 3]
    assert "sample" not in points_of({"name": "t", "parts": [plain]})[0]


def test_samples_may_be_said_for_all_parts_and_by_a_scale():
    given = {
        "name": "trial",
        "samples": 20,
        "parts": [part("latin_hypercube", ranges=THREE)],
        "scales": {"smoke": {"samples": 3}, "laptop": {}},
    }
    assert len(draw(given, "smoke").points) == 3
    assert len(draw(given).points) == 20
    assert len(draw(given, sampled={"samples": 5}).points) == 5


def test_what_the_user_sets_or_sweeps_is_not_drawn():
    given = {"name": "t", "parts": [part("latin_hypercube", samples=3, ranges=THREE)]}
    found = draw(given, swept={"threat.base": [0.1, 0.2]}, held=["firm.decline_rate"])
    assert len(found.points) == 6
    assert found.designs["worlds"]["problem"]["names"] == THREE[2:]


# -- fractions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factors", "resolution", "runs"),
    [(3, 3, 4), (7, 3, 8), (15, 3, 16), (4, 4, 8), (8, 4, 16), (5, 5, 16), (8, 5, 64), (2, 3, 4)],
)
def test_a_fraction_is_as_small_as_the_tables_say(factors, resolution, runs):
    names = [f"f{i}" for i in range(factors)]
    found = fraction(names, resolution)
    assert found.levels.shape == (runs, factors)


@pytest.mark.parametrize("resolution", [3, 4, 5])
def test_effects_shorter_than_the_resolution_are_orthogonal(resolution):
    found = fraction([f"f{i}" for i in range(9)], resolution)
    signs = np.where(found.levels, 1, -1)
    for size in range(1, resolution):
        for word in itertools.combinations(range(9), size):
            assert signs[:, word].prod(axis=1).sum() == 0
    for word in found.describe()["defining_words"]:
        columns = [int(name[1:]) for name in word]
        assert abs(signs[:, columns].prod(axis=1).sum()) == len(signs)
    assert found.resolution is not None
    assert found.resolution >= resolution


def test_a_fraction_of_conditions_by_generators_tells_its_aliases():
    conditions = {
        name: {"off": {parameter: 0.0}, "on": {parameter: 0.5}}
        for name, parameter in zip(
            "abc", ("threat.base", "dissatisfaction.base", "exit.voice"), strict=True
        )
    }
    half = part("fractional", generators={"c": ["a", "b"]})
    found = draw({"name": "t", "conditions": conditions, "parts": [half]})
    marks = [tuple(point[f"condition.{name}"] for name in "abc") for point in found.points]
    assert sorted(marks) == [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 1)]
    assert "sample" not in found.points[0]
    assert found.designs["worlds"] == {
        "design": "fractional",
        "runs": 4,
        "resolution": 3,
        "generators": {"c": ["a", "b"]},
        "defining_words": [["a", "b", "c"]],
    }


def test_a_fraction_of_ranges_is_at_their_ends():
    found = drawn("fractional", ranges=THREE, resolution=3).points
    assert len(found) == 4
    assert column(found, "sample") == [0, 1, 2, 3]
    for name in THREE:
        low, high = declarations()[name].metadata["plausible"]
        assert sorted(column(found, name)) == [low, low, high, high]


# -- points from a file ----------------------------------------------------------------------------


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "points.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_points_from_a_csv_file(write):
    file = write(
        "label,users.count,movement.framing,history.recorded\nfew,1e2,mixed,\n\n,900,,False"
    )
    found = drawn("csv", file=file).points
    assert [{k: v for k, v in p.items() if k != "part"} for p in found] == [
        {"sample": 0, "label": "few", "users.count": 100, "movement.framing": "mixed"},
        {"sample": 1, "label": "", "users.count": 900, "history.recorded": False},
    ]
    assert len(drawn("csv", file=file, samples=1).points) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "users.cuont\n5",
            ", line 1: column 1: unknown parameter users.cuont; did you mean users.count",
        ),
        ("users.count,users.count\n5,5", ", line 1: users.count is named twice"),
        ("users.count\n5\nfive", ", line 3: users.count = 'five' is not a number"),
        ("users.count\n5\n-5", ", line 3: users.count = -5 is out of range: 2 to"),
        ("users.count\n5.5", ", line 2: users.count = 5.5 must be a whole number"),
        ("threat.base\nperhaps", ", line 2: threat.base = 'perhaps' is not a number"),
        (
            "movement.framing\nmixd",
            ", line 2: movement.framing = 'mixd': unknown choice; the choices are",
        ),
        ("users.count\n5,6", ", line 2: 2 cells, but 1 columns"),
        (
            "history.recorded\nperhaps",
            ", line 2: history.recorded = 'perhaps' must be true or false",
        ),
        ("history.price_shift\n1.5", ", line 2: history.price_shift = 1.5 must be a whole number"),
        ("users.count\n", "there are no rows"),
        ("", "the file is empty"),
        ('users.count\n"5', ", line 2: a quote is opened here"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(write, text, message):
    with pytest.raises(FileError) as refused:
        drawn("csv", file=write(text))
    assert message in str(refused.value)
    assert "points.csv" in str(refused.value)


# -- refusals --------------------------------------------------------------------------------------

LHS = {"samples": 4, "ranges": THREE}
WRONG = [
    ("latin_hypercub", LHS, "unknown design latin_hypercub; did you mean latin_hypercube"),
    ("latin_hypercube", {"ranges": THREE}, "needs samples, a whole number from 1"),
    ("latin_hypercube", {**LHS, "samples": 0}, "samples = 0 must be a whole number from 1"),
    ("latin_hypercube", {**LHS, "samples": 1.5}, "samples = 1.5 must be a whole number"),
    ("latin_hypercube", {**LHS, "samples": 10**7}, "are too many"),
    ("latin_hypercube", {**LHS, "design_seed": -1}, "design_seed = -1"),
    ("latin_hypercube", {"samples": 4}, "ranges = None must be world, all, a list of names"),
    ("latin_hypercube", {**LHS, "ranges": "wrold"}, "must be world, all"),
    ("latin_hypercube", {**LHS, "ranges": ["threat.bse"]}, "did you mean threat.base"),
    ("latin_hypercube", {**LHS, "ranges": ["threat.base"] * 2}, "threat.base is named twice"),
    ("latin_hypercube", {**LHS, "ranges": {"threat.base": 1}}, "[1] must be [low, high] or"),
    ("latin_hypercube", {**LHS, "ranges": {"threat.base": [0.5, 0.1]}}, "low must be below high"),
    ("latin_hypercube", {**LHS, "ranges": {"threat.base": [0, 2]}}, "threat.base = 2 is out of"),
    ("latin_hypercube", {**LHS, "ranges": {"users.count": [5, 9.5]}}, "must be a whole number"),
    ("latin_hypercube", {**LHS, "ranges": ["horizon"]}, "none is declared; give horizon: [low"),
    ("latin_hypercube", {**LHS, "ranges": ["network.edge_list"]}, "a text has no range"),
    ("latin_hypercube", {**LHS, "ranges": {"vote.regime": ["until_2020"]}}, "two different"),
    ("latin_hypercube", {**LHS, "ranges": {"vote.regime": ["until_2020", "x"]}}, "unknown choice"),
    ("latin_hypercube", {**LHS, "except": ["threat.bse"]}, "did you mean threat.base"),
    ("latin_hypercube", {**LHS, "except": THREE}, "ranges leaves nothing to be drawn"),
    ("latin_hypercube", {**LHS, "second_order": True}, "second_order belongs to saltelli"),
    ("latin_hypercube", {**LHS, "set": {"threat.base": 0.1}}, "threat.base is given twice, by"),
    ("latin_hypercube", {**LHS, "on": [], "conditions": []}, "or on"),
    ("sobol", {**LHS, "samples": 100}, "power of two for design sobol, as 64 or 128"),
    ("saltelli", {**LHS, "samples": 3}, "as 2 or 4"),
    ("saltelli", {**LHS, "second_order": 1}, "second_order = 1 must be true or false"),
    ("one_at_a_time", LHS, "samples belongs to latin_hypercube, sobol"),
    ("grid", LHS, "ranges belongs to latin_hypercube"),
    ("csv", {}, "design csv needs file"),
    ("csv", {"file": "nowhere.csv"}, "nowhere.csv: there is no such file"),
    ("csv", {"file": "tests"}, "tests: this is a directory"),
    ("fractional", {"ranges": THREE}, "resolution = None must be 3, 4 or 5; or give generators"),
    ("fractional", {"ranges": THREE, "resolution": 9}, "resolution = 9 must be 3, 4 or 5"),
    ("fractional", {"ranges": THREE, "resolution": {"x": 1}}, "must be 3, 4 or 5"),
    ("fractional", {"ranges": THREE, "resolution": 3.0}, "resolution = 3.0 must be 3, 4 or 5"),
    ("points", {"points": [{"label": 5, "horizon": 60}]}, "point 1: label = 5 must be a text"),
    ("fractional", {"resolution": 3}, "design fractional needs conditions"),
    (
        "fractional",
        {"ranges": THREE, "generators": {THREE[2]: THREE[:2]}, "resolution": 3},
        "give either a resolution or generators",
    ),
    (
        "fractional",
        {"ranges": THREE, "generators": {"threat.bas": THREE[:2]}},
        "unknown factor threat.bas; did you mean threat.base",
    ),
    (
        "fractional",
        {"ranges": THREE, "generators": {THREE[0]: [THREE[1]]}},
        "repeats another factor's levels",
    ),
    (
        "fractional",
        {"ranges": THREE, "generators": {THREE[0]: [THREE[0], THREE[1]]}},
        "which is generated too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "keys", "message"), WRONG)
def test_a_wrong_sampled_part_is_refused_in_one_line(kind, keys, message):
    with pytest.raises(MomentumError, match=r"trial|csv|tests") as refused:
        drawn(kind, **keys)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("experiment", "sampled", "message"),
    [
        (None, {"samples": 5}, "samples= needs design=NAME, one of latin_hypercube"),
        (None, {"design": "sobl"}, "unknown design sobl; did you mean sobol"),
        ({"parts": [part("morris", **LHS)]}, {"ranges": "all"}, "ranges= is for a sweep without"),
        ({"parts": [{"name": "x", "design": "grid"}]}, {"samples": 5}, "samples has no effect"),
        ({"samples": 5}, {}, "samples has no effect"),
    ],
)
def test_wrong_words_on_sampling_are_refused(experiment, sampled, message):
    with pytest.raises(DesignError) as refused:
        draw(experiment, sampled=sampled)
    assert message in str(refused.value)


# -- through the command line ----------------------------------------------------------------------

TINY = ["users.count=60", "horizon=20", "movement.launch_week=5", "replicates=2", "workers=1"]


def test_a_sampled_sweep_stores_the_row_of_each_world_and_how_it_was_drawn(tmp_path):
    words = ["design=latin_hypercube", "samples=3", "ranges=[firm.decline_rate,exit.voice]"]
    words += ["threat.base=0.1,0.2", "name=x", f"results_dir={tmp_path}", *TINY]
    assert main(["sweep", *words]) == 0
    result = Result(tmp_path / "x")
    runs = result.runs()
    assert runs["sample"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert (runs.groupby("sample")["firm.decline_rate"].nunique() == 1).all()
    told = result.config["designs"]["latin_hypercube"]
    assert told["samples"] == 3
    assert told["problem"]["names"] == ["firm.decline_rate", "exit.voice"]
    assert main(["sweep", *words, "samples=4"]) == 2  # another hypercube: not to be mixed


def test_a_sobol_sweep_grows_by_more_samples(tmp_path):
    words = ["design=sobol", "ranges={threat.base:[0,1]}", "name=x", f"results_dir={tmp_path}"]
    assert main(["sweep", *words, "samples=2", *TINY]) == 0
    few = Result(tmp_path / "x").runs()
    assert main(["sweep", *words, "samples=4", *TINY]) == 0
    runs = Result(tmp_path / "x").runs()
    assert len(runs) == 8
    assert runs["duration_s"][:4].tolist() == few["duration_s"].tolist()


def test_an_experiment_that_begins_to_sample_keeps_its_runs(tmp_path):
    folder = tmp_path / "conf" / "experiment"
    folder.mkdir(parents=True)
    plain = {"name": "plain", "design": "grid", "grid": {"threat.base": [0.1]}}
    sampled = part("sobol", samples=1, ranges=["threat.base"])
    words = ["-cd", str(tmp_path / "conf"), "experiment=mine", f"results_dir={tmp_path}", *TINY]
    for parts in ([plain], [plain, sampled]):
        (folder / "mine.yaml").write_text(yaml.safe_dump({"question": "?", "parts": parts}))
        assert main(["sweep", *words]) == 0
    assert Result(tmp_path / "mine").runs()["sample"].tolist() == [-1, -1, 0, 0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["design=sobl", "samples=4"], "did you mean sobol"),
        (["design=sobol", "samples=4", "ranges=[threat.bas]"], "did you mean threat.base"),
        (["design=sobol", "samples=x", "ranges=world"], "samples=x must be a whole number from 1"),
        (["samples=4", "threat.base=0,1"], "samples= needs design=NAME"),
        (["experiment=right_momentum", "samples=4"], "samples has no effect"),
        (["design=csv", "file=nowhere.csv"], "nowhere.csv: there is no such file"),
    ],
)
def test_wrong_words_on_the_command_line_are_one_line(words, message, tmp_path, capsys):
    assert main(["sweep", *words, f"results_dir={tmp_path}"]) == 2
    line = capsys.readouterr().err
    assert message in line
    assert line.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "axis",
    [
        Axis("threat.base", 0.05, 0.6),
        Axis("firm.cash", 1, 40),
        Axis("users.count", 3, 9, steps=range(3, 10)),
        Axis("network.topology", "random", "complete", steps=("random", "small_world", "complete")),
        Axis("users.people_per_agent", 1, 100, log=True),
    ],
)
def test_many_values_of_a_range_are_those_drawn_one_by_one(axis):
    shares = np.append(np.random.default_rng(5).random(500), [0.0, 1 / 3, 2 / 3, 1.0])
    found = axis.all_at(shares)
    assert found == [axis.at(float(share)) for share in shares]
    assert {type(value) for value in found} == {type(axis.at(0.5))}
