"""Damaged files of results: one line that names the file, and no other result suffers."""

import shutil

import pytest

from experiments import places
from experiments.cli.main import main
from experiments.execution.sweep import run_sweep
from tests.sweeps import parts, settings

RUN = ["run", "users.count=100", "horizon=30", "movement.launch_week=5", "save_week=9"]
DAMAGED = [
    *(
        (file, text)
        for file in ("provenance.json", "design.json")
        for text in ("{", "nul", "", "[]", "3", "null")
    ),
    ("provenance.json", '{"sessions": 3}'),
    ("provenance.json", '{"sessions": [null]}'),
    ("provenance.json", '{"runs": 3}'),
    ("design.json", '{"schema": 2, "seed": "x"}'),
    *(("config.yaml", text) for text in ("a: [", "{", "3", "", "experiment: 3")),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two sweeps and two runs."""
    folder = tmp_path_factory.mktemp("made")
    for name in ("one", "two"):
        run_sweep(settings(folder, name=name, replicates=2), progress=False)
        assert main([*RUN, f"results_dir={folder}", f"name={name}"]) == 0
    return folder


@pytest.fixture
def results(made, tmp_path, monkeypatch):
    """The same, to be damaged."""
    monkeypatch.setattr(places, "RESULTS", tmp_path / "results")
    return shutil.copytree(made, tmp_path / "results")


@pytest.fixture
def carried_out(capsys):
    """Return a function that carries out a command: its exit code, output and error lines."""

    def carry_out(*words):
        capsys.readouterr()
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return carry_out


@pytest.mark.parametrize(("file", "text"), DAMAGED)
def test_a_damaged_file_is_named_in_a_line(results, carried_out, file, text):
    damaged = results / "one" / file
    damaged.write_text(text)
    for words in (["report", "one"], ["compare", "one", "two"]):
        code, out, [line] = carried_out(*words)
        assert (code, out) == (2, "")
        assert f"{damaged} is damaged: " in line
    if file != "config.yaml":  # which a status does not need
        code, out, [line] = carried_out("status")
        assert code == 2
        assert f"{damaged} is damaged: " in line
        assert "complete   8 runs" in out.partition("two ")[2]
        assert carried_out("status", "one") == (2, "", [line])


def test_a_damaged_result_is_listed_among_the_others(results, carried_out):
    (results / "one" / "provenance.json").write_text("{")
    code, out, [line] = carried_out("list", "results")
    assert code == 2
    assert f"{results / 'one' / 'provenance.json'} is damaged" in line
    named = {row.split()[0] for row in out.splitlines()}
    assert named == {"one", "two", "runs/one", "runs/two"}
    assert "momentum sweep" in out.partition("\ntwo ")[2].splitlines()[0]


def test_a_damaged_result_costs_no_other_report(results, carried_out):
    (results / "one" / "provenance.json").write_text("{")
    code, out, [line] = carried_out("report")
    assert code == 2
    assert f"{results / 'one' / 'provenance.json'} is damaged" in line
    assert f"{results / 'two' / 'report.html'}\n" in out
    assert "provenance.json is damaged" in (results / "index.html").read_text()


@pytest.mark.parametrize("text", ["{}", "[]", "3", "{", '{"emerged": true}'])
def test_a_damaged_outcome_is_not_compared(results, carried_out, text):
    (results / "runs" / "one" / "outcome.json").write_text(text)
    code, out, [line] = carried_out("compare", "runs/one", "runs/two")
    assert (code, out) == (2, "")
    assert str(results / "runs" / "one") in line
    assert " is damaged" in line


def test_weeks_of_something_else_are_not_compared(results, carried_out):
    shutil.copy(parts(results / "one")[0], results / "runs" / "one" / "weekly.parquet")
    code, out, [line] = carried_out("compare", "runs/one", "runs/two")
    assert (code, out) == (2, "")
    assert f"{results / 'runs' / 'one'} is damaged (weekly.parquet lacks " in line


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 99])
def test_from_a_damaged_state_no_run_goes_on(results, carried_out, content):
    (results / "runs" / "one" / "state.npz").write_bytes(content)
    code, out, [line] = carried_out("run", "resume=one")
    assert (code, out) == (2, "")
    assert "state.npz is no saved run, or a damaged one" in line
