"""What a file holds is part of a sweep's set-up; where it lies and what it is called are not."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.cli.main import main
from experiments.execution.sweep import run_sweep
from experiments.store.layout import StoreError
from experiments.store.result import Result
from sim.parameters import Parameters
from tests.sweeps import ROOT, rows, settings

RING = "".join(f"{i} {(i + 1) % 60}\n" for i in range(60))
DENSE = "".join(f"{i} {(i + step) % 60}\n" for i in range(60) for step in (1, 2, 3))
WORLD = {"users.count": 60, "horizon": 40, "movement.launch_week": 5}
CASE = (ROOT / "docs/examples/my_case.csv").read_text()


def given(folder, ties, **changed):
    """Return a sweep over one file of ties."""
    world = {**WORLD, "network.topology": "edge_list", "network.edge_list": str(ties)}
    return settings(
        folder, parameters=Parameters.from_dict(world), swept={}, **{"replicates": 2, **changed}
    )


@pytest.fixture
def ties(tmp_path):
    file = tmp_path / "ties.txt"
    file.write_text(RING)
    return file


def test_other_ties_under_the_same_name_are_refused_by_name(tmp_path, ties):
    path = run_sweep(given(tmp_path, ties), progress=False)
    before = rows(path)
    ties.write_text(DENSE)
    for replicates in (2, 3):
        with pytest.raises(StoreError, match=r"another set-up: the content of .*ties\.txt"):
            run_sweep(given(tmp_path, ties, replicates=replicates), progress=False)
    assert rows(path).equals(before)
    ties.write_text(RING)
    assert len(rows(run_sweep(given(tmp_path, ties, replicates=3), progress=False))) == 3


def test_the_same_name_in_two_folders_is_told_apart(tmp_path, monkeypatch):
    for name, text in (("a", RING), ("b", DENSE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ties.txt").write_text(text)
    monkeypatch.chdir(tmp_path / "a")
    run_sweep(given(tmp_path, "ties.txt"), progress=False)
    monkeypatch.chdir(tmp_path / "b")
    with pytest.raises(StoreError, match=r"the content of ties\.txt"):
        run_sweep(given(tmp_path, "ties.txt", replicates=3), progress=False)


@pytest.mark.parametrize("text", [RING, "# my users\n" + RING.replace(" ", "\t")])
def test_ties_that_were_moved_and_renamed_go_on(tmp_path, ties, text):
    run_sweep(given(tmp_path, ties), progress=False)
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / "friends.txt"
    moved.write_text(text)
    ties.unlink()
    path = run_sweep(given(tmp_path, moved, replicates=3), progress=False)
    assert len(rows(path)) == 3
    assert Result(path).changed_inputs == []


def test_points_over_files_that_were_moved_are_the_same_points(tmp_path, ties):
    dense = tmp_path / "dense.txt"
    dense.write_text(DENSE)

    def sweep(first, second, replicates):
        swept = {"network.edge_list": [str(first), str(second)]}
        world = given(tmp_path, first, replicates=replicates)
        return run_sweep(replace(world, swept=swept), progress=False)

    before = rows(sweep(ties, dense, 2))
    moved = Path(shutil.move(dense, tmp_path / "moved.txt"))
    after = rows(sweep(ties, moved, 3))
    assert after["network.edge_list"].unique().tolist() == [str(ties), str(moved)]
    first = after[after["replicate"] < 2].reset_index(drop=True)
    columns = ["point", "replicate", "seed", "peak_share"]
    assert first[columns].equals(before[columns])
    moved.write_text(RING)
    with pytest.raises(StoreError, match=r"the content of .*moved\.txt"):
        sweep(ties, moved, 3)


def test_a_file_that_changes_while_the_sweep_runs_stops_it(tmp_path, ties, monkeypatch):
    monkeypatch.setattr("experiments.execution.worker.digest_of_file", lambda _: "other")
    with pytest.raises(Exception, match=r"ties\.txt is gone or was changed while the sweep ran"):
        run_sweep(given(tmp_path, ties), progress=False)


def test_a_file_of_ties_is_made_into_a_network_once_a_worker(tmp_path, ties, monkeypatch):
    from sim import setup

    calls, lay = [], setup.lay_ties
    monkeypatch.setattr(setup, "lay_ties", lambda *args: calls.append(args) or lay(*args))
    run_sweep(given(tmp_path, ties, replicates=20), progress=False)
    assert len(calls) == 1


# -- the record of a case --------------------------------------------------------------------------


def sweep_case(folder, file, replicates):
    words = ["users.count=60", "threat.base=0.1,0.2", "name=mine", f"results_dir={folder}"]
    return main(["sweep", f"case.file={file}", f"replicates={replicates}", "workers=1", *words])


def test_a_case_that_changed_is_refused_and_a_moved_one_goes_on(tmp_path, capsys):
    case = tmp_path / "case.csv"
    case.write_text(CASE)
    assert sweep_case(tmp_path, case, 1) == 0
    result = Result(tmp_path / "mine")
    assert not result.record_changed
    assert result.changed_inputs == []
    case.write_text(CASE.replace("2020-04-01,15.10", "2020-04-01,12.10"))
    capsys.readouterr()
    assert sweep_case(tmp_path, case, 2) == 2
    assert "another set-up: the record of the case case;" in capsys.readouterr().err
    changed = Result(tmp_path / "mine")
    assert changed.record_changed
    assert changed.changed_inputs == ["the record of the case case"]
    case.unlink()
    gone = Result(tmp_path / "mine")
    assert gone.case is None
    assert not gone.record_changed
    assert gone.changed_inputs == ["the record of the case case"]
    (tmp_path / "renamed.csv").write_text(CASE)
    assert sweep_case(tmp_path, tmp_path / "renamed.csv", 2) == 0
    assert len(Result(tmp_path / "mine").runs()) == 4


# -- a sweep in which every run would fail ---------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["network.topology=complete", "users.count=6000"], "at most 5000 users"),
        (["users.count=12", "network.mean_degree=16"], "mean_degree = 16"),
        (["network.topology=edge_list", "network.edge_list={}"], "ties.txt, line 3"),
        (["users.count=100,6000", "network.topology=complete"], "at most 5000 users"),
        (["network.mean_degree=4,16", "users.count=12"], "mean_degree = 16"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_world_that_cannot_be_built_is_refused_before_anything_runs(
    tmp_path, capsys, words, message, more
):
    (tmp_path / "ties.txt").write_text("1 2\n2 3\nx y z\n")
    words = [word.format(tmp_path / "ties.txt") for word in words]
    folder = tmp_path / "results"
    folder.mkdir()
    assert main(["sweep", *words, "replicates=2", f"results_dir={folder}", *more]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert message in line
    assert not list(folder.iterdir())
