"""The model in C lives through the same weeks as that of `sim`."""

import base64
import ctypes
import json
import subprocess
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from explorer.model import build, records
from sim import population
from sim.columns import WEEKS
from sim.outcome import organisers_beyond
from sim.parameters import Parameters, Topology, code, declarations
from sim.run import simulate
from tests.sim.test_oracle import QUICK, lively_world
from tests.worlds import draw_world

DRAWN = 50
SCRIPTS = Path(__file__).parent


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return the C compiled for this machine, its functions typed."""
    found = ctypes.CDLL(str(build.library(tmp_path_factory.mktemp("native"))))
    run, numbers = ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)
    for name, returned, *taken in (
        ("lab_parameters", numbers),
        ("lab_world", run, ctypes.c_double),
        ("lab_run", ctypes.c_int, run, ctypes.c_int),
        ("lab_weekly", numbers, run),
        ("lab_outcome", numbers, run),
        ("lab_status", ctypes.POINTER(ctypes.c_uint8), run),
        ("lab_signed", ctypes.POINTER(ctypes.c_uint8), run),
        ("lab_offsets", ctypes.POINTER(ctypes.c_int64), run),
        ("lab_neighbours", ctypes.POINTER(ctypes.c_int32), run),
        ("lab_free", None, run),
    ):
        function = getattr(found, name)
        function.restype, function.argtypes = returned, taken
    return found


def start(library, parameters, seed):
    """Return a world of the library at week 0, None if it is refused."""
    room = library.lab_parameters()
    for place, name in enumerate(records.numbers()):
        default, value = declarations()[name].default, parameters.value(name)
        room[place] = code(type(default)(value)) if isinstance(default, Enum) else value
    return library.lab_world(seed)


def live(library, parameters, seed, stops=()):
    """Return the weekly table, statuses, signatures, network and outcome of a world in C."""
    run = start(library, parameters, seed)
    for week in (*stops, parameters.horizon):
        assert library.lab_run(run, week) == week
    shapes = [(library.lab_weekly, (len(WEEKS), parameters.horizon + 1))]
    shapes += [
        (read, (parameters.users.count,)) for read in (library.lab_status, library.lab_signed)
    ]
    users = parameters.users.count
    shapes += [(library.lab_offsets, (users + 1,))]
    shapes += [(library.lab_neighbours, (library.lab_offsets(run)[users],))]
    shapes += [(library.lab_outcome, (len(records.OUTCOMES),))]
    found = [np.ctypeslib.as_array(read(run), shape).copy() for read, shape in shapes]
    library.lab_free(run)
    return found


def table(run):
    """Return the weekly table of a run of `sim`, a row a column."""
    return np.array([run.records[name].astype(float) for name in WEEKS])


def differing(found, expected):
    """Return the columns in which two weekly tables differ in any bit."""
    pairs = zip(WEEKS, found, expected, strict=True)
    return [name for name, one, other in pairs if one.tobytes() != other.tobytes()]


def check_same(library, parameters, seed):
    """Compare a world in C with that of `sim`, bit by bit."""
    weekly, status, signed, offsets, neighbours, outcome = live(library, parameters, seed)
    run = simulate(parameters, seed)
    assert differing(weekly, table(run)) == []
    np.testing.assert_array_equal(status, run.state.users.status)
    np.testing.assert_array_equal(signed, run.state.users.signed)
    np.testing.assert_array_equal(offsets, run.network.offsets)
    np.testing.assert_array_equal(neighbours, run.network.neighbours)
    judged, converted = run.outcome, run.state.world[0]["converted"]
    expected = {
        "emerged": judged.emerged,
        "emergence_week": judged.emergence_week,
        "peak_organisers": organisers_beyond(run.state).max(),
        "signatures": judged.signatures,
        "converted_week": converted if judged.converted else np.nan,
        "vote": judged.vote_share,
        "weeks_convert": judged.weeks_convert,
        "weeks_spread": judged.weeks_spread,
        "weeks_promote": judged.weeks_promote,
    }
    assert tuple(expected) == records.OUTCOMES
    np.testing.assert_array_equal(outcome, list(expected.values()))


@pytest.mark.parametrize("number", QUICK)
def test_worlds_that_show_every_mechanism_are_the_same_to_the_last_bit(library, number):
    check_same(library, lively_world(number), number)


def test_drawn_worlds_are_the_same_to_the_last_bit(library):
    for number in range(DRAWN):
        check_same(library, draw_world(number), number)


def test_the_default_world_is_the_same_to_the_last_bit(library):
    check_same(library, Parameters(), 7)


def test_a_world_may_be_run_in_parts_beside_another_one(library):
    parameters = lively_world(8)
    whole, *_ = live(library, parameters, 8)
    other = start(library, lively_world(5), 5)
    parts, *_ = live(library, parameters, 8, stops=(0, 1, 90))
    library.lab_free(other)
    assert differing(parts, whole) == []


def test_weeks_to_come_are_not_known(library):
    parameters = Parameters.from_dict({"users.count": 100, "horizon": 60})
    run = start(library, parameters, 1)
    assert library.lab_run(run, 5) == 5
    weekly = np.ctypeslib.as_array(library.lab_weekly(run), (len(WEEKS), 61))
    assert np.isfinite(weekly[list(WEEKS).index("price")]).tolist() == [True] * 6 + [False] * 55
    library.lab_free(run)


def test_clustering_that_a_network_cannot_have_is_refused(library):
    possible = {"users.count": 100, "network.mean_degree": 4.0}
    assert start(library, Parameters.from_dict({**possible, "network.clustering": 0.5}), 1) is None


def described():
    return {each["name"]: each for each in records.description()["parameters"]}


def test_a_parameter_that_the_c_does_not_read_is_said_to_be_missing(tmp_path, monkeypatch):
    assert all(each["ported"] for each in described().values())
    (tmp_path / "exit.c").write_text("double held = p->exit.voice;")
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    monkeypatch.setattr(records, "_passed_on", lambda *_: "")
    assert [name for name, each in described().items() if each["ported"]] == ["exit.voice"]


def test_choices_are_told_without_the_network_from_a_file():
    told = described()
    assert list(told) == records.numbers()
    assert told["firm.policy"]["choices"] == ["ignore", "concede", "resist"]
    assert Topology.EDGE_LIST.value not in told["network.topology"]["choices"]


def test_quantiles_are_those_of_scipy(library):
    """Over the bounds of the parameters, in the single precision of the tables."""
    library.beta_table.argtypes = [ctypes.c_double, ctypes.c_double, ctypes.c_void_p]
    library.gamma_table.argtypes = [ctypes.c_double, ctypes.c_void_p]
    library.normal_table.argtypes = [ctypes.c_void_p]
    found = np.empty(population.STEPS + 1, np.float32)

    def check(table, expected, *arguments):
        table(*arguments, found.ctypes.data)
        np.testing.assert_array_almost_equal_nulp(found, expected)

    for mean in (0.05, 0.2, 0.37, 0.5, 0.81, 0.95):
        for concentration in (4.0, 5.0):
            expected = population.beta_table(mean, concentration)
            check(library.beta_table, expected, mean, concentration)
    for shape in (0.05, 0.3, 1.0, 3.3, 20.0, 100.0):
        check(library.gamma_table, population.gamma_table(shape), shape)
    check(library.normal_table, population.normal_table())


def in_node(script, *arguments):
    """Run a script in the Node that comes with Playwright."""
    node, _ = compute_driver_executable()
    command = [node, SCRIPTS / script, build.FOLDER / "model.js", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def wasm(tmp_path_factory):
    return build.wasm(tmp_path_factory.mktemp("wasm"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return worlds by seed, and the file that asks a script for them."""
    worlds = {number: draw_world(number) for number in range(DRAWN)}
    worlds |= {DRAWN + number: lively_world(number) for number in QUICK}
    path = tmp_path_factory.mktemp("asked") / "worlds.json"
    values = [{"values": _without_files(world), "seed": seed} for seed, world in worlds.items()]
    path.write_text(json.dumps(values))
    return worlds, path


@pytest.fixture(scope="module")
def tables(wasm, asked, tmp_path_factory):
    """Return the weekly tables of the worlds, lived in Node."""
    path = tmp_path_factory.mktemp("tables") / "tables.bin"
    in_node("run_worlds.mjs", wasm, asked[1], path)
    return np.fromfile(path).reshape(len(asked[0]), len(WEEKS), -1)


@pytest.mark.slow
def test_webassembly_tells_the_same_story(asked, tables):
    """Its logarithms and cosines have another last bit: users decide the same nevertheless."""
    for (seed, world), found in zip(asked[0].items(), tables, strict=True):
        expected = table(simulate(world, seed))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9, err_msg=f"world {seed}")


@pytest.mark.slow
def test_chromium_runs_it_as_node_does(wasm, asked, tables, page):
    code = (build.FOLDER / "model.js").read_text()
    binary = base64.b64encode(wasm.read_bytes()).decode()
    page.goto("about:blank")
    found = page.evaluate(IN_PAGE, [code, binary, json.loads(asked[1].read_text())[:6]])
    np.testing.assert_array_equal(np.reshape(found, tables[:6].shape), tables[:6])


IN_PAGE = """async ([code, binary, worlds]) => {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const { loadModel } = await import(url);
  const lab = await loadModel(Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0)));
  return worlds.flatMap(({ values, seed }) => {
    const world = lab.world(values, seed);
    world.run();
    return lab.columns.flatMap((column) => [...world.weekly(column)]);
  });
}"""


def _without_files(world):
    return {name: value for name, value in world.flat().items() if name != "network.edge_list"}


REFUSED = {
    "unknown parameter firm.voice; did you mean exit.voice?": {"firm.voice": 0.1},
    "exit.voice = loud must be a number": {"exit.voice": "loud"},
    "users.count = 99.5 must be a whole number": {"users.count": 99.5},
    "exit.leave_rate = 2 is out of range: 0 to 1": {"exit.leave_rate": 2},
    "firm.policy = smile: one of ignore, concede, resist": {"firm.policy": "smile"},
    "movement.launch_week = 300 is after the horizon of 260 weeks": {"movement.launch_week": 300},
    "network.mean_degree = 16: at most 9 with 10 users": {"users.count": 10},
    "network.clustering = 0.5 is more than this network can have; "
    "lower it, or raise network.mean_degree or network.tail": {
        "users.count": 100,
        "network.mean_degree": 4,
        "network.clustering": 0.5,
    },
    "the world needs more memory than there is; lower users.count or network.mean_degree": {
        "users.count": 10_000_000,
        "network.mean_degree": 100,
    },
    "": {"users.count": 100, "firm.policy": "concede"},
}


@pytest.mark.slow
def test_a_world_that_cannot_be_is_refused_in_one_line_and_the_next_one_runs(wasm, tmp_path):
    asked = [{"values": values, "seed": 7} for values in REFUSED.values()]
    (tmp_path / "worlds.json").write_text(json.dumps(asked))
    answers = json.loads(in_node("refusals.mjs", wasm, tmp_path / "worlds.json"))
    assert answers == list(REFUSED)
