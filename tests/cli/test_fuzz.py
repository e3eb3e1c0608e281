"""Whatever is written wrong: one clear line, no traceback, nothing written."""

import contextlib
import io
import math
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.cli.main import main
from experiments.config.schema import known_names
from experiments.execution.plan import plan_sweep

ROOT = Path(__file__).resolve().parents[2]
CASES = {
    path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "examples").glob("my_case.*")
}
ACCEPTED = 130

JUNK = [
    None, True, False, 0, -1, 5, 1.5, 10**30, math.nan, math.inf, "", "x", "nul\x00l", "off",
    "world",
    "range(1,2,0)", "range(5)", "1e400", [], [[]], [None], ["x"], [1, "x"], ["threat.base"], {},
    {"x": 1}, {"threat.base": None}, {"threat.base": "x"}, {1: 2}, {"threat.base": {"x": 1}},
    "${oc.env:NOWHERE}", "${nowhere}", "é–\u2028", "2020-01-01", ["threat.base", "threat.base"],
]  # fmt: skip
TEXTS = [
    "", "x", "=", "==", "nan", "inf", "-1", "1e999", "9" * 400, "[", "]", "{", "{a:1}", "[1,2", "'",
    '"',
    "${x}", "${", "a,b", "1,,2", "range(1,2,0)", "range(a,b)", "interval(0,1)", "glob(*)", "null",
    "choice()", "\\", "..", "@x", "~", "\n", "\ud800", "[firm.decline_rate]", "{threat.base:[1,0]}",
    "0x10", "1_000", "true", "2,3", "sort(1,2)", "int(x)", "latin_hypercube", "saltelli", "csv",
]  # fmt: skip
EXPERIMENT = {
    "question": "?",
    "claims": ["C1"],
    "case": None,
    "base": {"horizon": 60, "movement.launch_week": 20},
    "conditions": {
        "threat": {"label": "t", "off": {"threat.base": 0.1}, "on": {"threat.base": 0.6}},
        "cost": {"on": {"participation.cost_mean": 0.5}},
    },
    "parts": [
        {"name": "all", "design": "factorial", "conditions": ["threat", "cost"]},
        {"name": "some", "design": "fractional", "resolution": 3, "ranges": ["exit.voice"]},
        {"name": "drawn", "design": "sobol", "ranges": {"exit.voice": [0, 0.3]}, "on": ["cost"]},
        {"name": "listed", "design": "points", "points": [{"label": "a", "users.count": 50}]},
        {"name": "steps", "design": "grid", "grid": {"horizon": "range(60, 80, 10)"}, "set": {}},
        {"name": "zip", "design": "grid", "zip": {"horizon": [60, 70], "users.count": [50, 60]}},
        {"name": "file", "design": "csv", "file": "points.csv"},
    ],
    "samples": 4,
    "design_seed": 1,
    "replicates": 2,
    "record_weekly": False,
    "refine": {"budget": 1_000, "precision": 0.1, "batch": 2, "levels": [0.5], "parts": ["all"]},
    "scales": {"smoke": {"replicates": 1, "set": {"users.count": 50}}, "laptop": {}},
}
POINTS = "label,users.count,movement.framing,exit.voice\na,50,mixed,\nb,60,,0.3\n"


@st.composite
def overrides(draw):
    """Return a command with something wrong, most likely, among its overrides."""
    names = st.sampled_from([*known_names(), "case", "preset", "experiment", "executor", "users"])
    misspelt = names.map(lambda name: name[:-1] + draw(st.sampled_from("x._ ")))
    name = draw(st.one_of(names, misspelt, st.text(max_size=8)))
    sign = draw(st.sampled_from(["", "", "", "+", "++", "~", "-", "--"]))
    value = draw(st.one_of(st.sampled_from(TEXTS), st.text(max_size=8)))
    command = draw(st.sampled_from(["run", "sweep"]))
    more = {"run": [], "sweep": ["replicates=2"]}[command]
    return [command, f"{sign}{name}={value}", *more]


def _paths(node, at=()):
    yield at
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _paths(value, (*at, key))


@st.composite
def experiments(draw):
    """Return the text of an experiment in which one thing is replaced, left out or added."""
    path = draw(st.sampled_from([path for path in _paths(EXPERIMENT) if path]))
    spoilt = yaml.safe_load(yaml.safe_dump(EXPERIMENT))
    node = spoilt
    for key in path[:-1]:
        node = node[key]
    how = draw(st.sampled_from(["replace", "replace", "replace", "remove", "rename"]))
    old = node[path[-1]]
    if how == "replace":
        node[path[-1]] = draw(st.sampled_from(JUNK))
    else:
        del node[path[-1]]
        if how == "rename" and isinstance(node, dict):
            node[f"{path[-1]}x"] = old
    return yaml.dump(spoilt, allow_unicode=True)


def torn(text):
    """Return strategies for a text that is cut, or has something put into it."""
    place = st.integers(0, len(text))
    cut = st.tuples(place, place).map(lambda at: text[: min(at)] + text[max(at) :])
    junk = st.sampled_from([*TEXTS[:-12], "\t", ":", "- ", "\x00", "# ", ",,,", "é", "!!python/x"])
    put = st.tuples(place, junk).map(lambda at: text[: at[0]] + at[1] + text[at[0] :])
    return st.one_of(cut, put)


WRONG = st.one_of(
    overrides(),
    experiments().map(lambda text: ("experiment", text)),
    torn(yaml.safe_dump(EXPERIMENT)).map(lambda text: ("experiment", text)),
    torn(POINTS).map(lambda text: ("points", text)),
    *(torn(text).map(lambda text, name=name: (name, text)) for name, text in CASES.items()),
)


def try_out(wrong, folder):
    """Give something wrong to the program; return its exit code and what it said."""
    words = wrong
    if isinstance(wrong, tuple):
        kind, text = wrong
        where = folder / "conf" / "experiment"
        where.mkdir(parents=True, exist_ok=True)
        texts = {"experiment": yaml.safe_dump(EXPERIMENT), "points": POINTS, kind: text}
        coded = {name: each.encode("utf-8", "surrogatepass") for name, each in texts.items()}
        (where / "mine.yaml").write_bytes(coded["experiment"])
        (folder / "points.csv").write_bytes(coded["points"])
        words = ["sweep", "-cd", str(folder / "conf"), "experiment=mine"]
        if kind in CASES:
            (folder / kind).write_bytes(coded[kind])
            words = ["run", f"case.file={folder / kind}"]
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = main([*words, f"results_dir={folder / 'results'}"])
    return code, said.getvalue()


def check(wrong, folder):
    """Return whether something is refused, and require that it is so in one line."""
    code, said = try_out(wrong, folder)
    assert not (folder / "results").exists()
    if code == ACCEPTED:
        return False
    assert code == 2, (wrong, said)
    assert said.startswith("momentum: "), (wrong, said)
    assert said.count("\n") == 1, (wrong, said)
    assert "Traceback" not in said
    return True


@pytest.fixture
def nothing_runs(tmp_path, monkeypatch):
    """Stop as soon as all that can be wrong has been looked at."""

    def planned(given):
        plan_sweep(given)
        raise KeyboardInterrupt

    def accepted(given, *_):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.execution.sweep.run_sweep", planned)
    monkeypatch.setattr("experiments.execution.single_run.run_once", accepted)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fuzz(folder, examples):
    """Return how many of some inputs are refused; the inputs are the same in every run."""
    refused = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(WRONG)
    def look(wrong):
        refused.append(check(wrong, folder))

    look()
    return sum(refused)


def test_what_is_not_spoilt_is_accepted(nothing_runs):
    assert not check(("points", POINTS), nothing_runs)
    for name, text in CASES.items():
        assert not check((name, text), nothing_runs)


def test_what_is_wrong_is_refused_in_one_line(nothing_runs):
    assert fuzz(nothing_runs, 60) > 25


@pytest.mark.slow
def test_hundreds_of_wrong_configurations_are_refused_in_one_line(nothing_runs):
    assert fuzz(nothing_runs, 600) >= 200
