"""The store: written whole or not at all, held by one process, honest about what it cannot read."""

import errno
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.execution.task import Chunk, Task
from experiments.execution.worker import work
from experiments.store.catalog import open_result, there_are
from experiments.store.identity import Design, changes, grown
from experiments.store.layout import StoreError
from experiments.store.parts import MISSING, NOT_EMERGED, PartWriter, RunId, part_name
from experiments.store.result import Result
from experiments.store.writer import Store
from sim.parameters import Parameters

BASE = Parameters.from_dict({"users.count": 60, "horizon": 20, "movement.launch_week": 5})
POINTS = [{"part": "grid", "threat.base": 0.1}, {"part": "grid", "threat.base": 0.5}]


def design_of(**changed):
    given = {
        "identity": "abc",
        "seed": 7,
        "parameters": BASE.flat(),
        "case": "",
        "model": {"sim/week.py": "1"},
        "record_weekly": False,
        "replicates": 2,
        "points": POINTS,
    }
    return Design(**{**given, **changed})


def task_for(store, design):
    return Task(
        writer=PartWriter(str(store.path), design.identity, ("threat.base",), (), ()),
        base=BASE,
        case=None,
        history={},
        seed=design.seed,
        record_weekly=design.record_weekly,
    )


def compute(store, design, runs):
    """Compute runs into the store, as a sweep does."""
    chunk = Chunk(tuple(runs), dict(enumerate(design.points)))
    done = work(task_for(store, design), chunk)
    return store.commit(done.name, done.files)


@pytest.fixture
def filled(tmp_path):
    """A result of two points and two replicates, in two parts."""
    design = design_of()
    with Store(tmp_path / "mine") as store:
        store.write_design(design)
        compute(store, design, [RunId(1, 0), RunId(1, 1)])
        compute(store, design, [RunId(0, 0), RunId(0, 1)])
    return Result(tmp_path / "mine")


def test_runs_come_back_ordered_with_their_columns(filled):
    runs = filled.runs()
    assert runs[["point", "replicate"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert runs["threat.base"].tolist() == [0.1, 0.1, 0.5, 0.5]
    assert runs["seed"].tolist() == [7, 8, 7, 8]
    assert (runs["error"] == "").all()
    assert runs["emerged"].dtype == bool
    assert (runs["duration_s"] > 0).all()


def test_a_run_stored_in_two_parts_is_given_once(filled):
    with Store(filled.path) as store:
        compute(store, filled.design, [RunId(0, 0)])
    assert len(filled.runs()) == 4
    assert (filled.outcomes(2, 2) != MISSING).all()


def test_what_is_stored_is_known_run_by_run(filled):
    (filled.path / "runs" / part_name([RunId(0, 0), RunId(0, 1)])).unlink()
    known = filled.outcomes(3, 4)
    assert known.shape == (3, 4)
    assert np.argwhere(known != MISSING).tolist() == [[0, 1], [1, 1]]
    assert filled.outcomes(1, 1, beyond=True).tolist() == [[MISSING, NOT_EMERGED]]


def test_a_part_keeps_its_name_when_it_is_done_again():
    runs = [RunId(3, 1), RunId(3, 2)]
    assert part_name(runs) == part_name(list(runs))
    assert part_name(runs) != part_name(runs[:1])


def test_unfinished_files_are_ignored_and_removed(filled):
    left = filled.path / "runs" / ".part-00000-00000-abcdef01.parquet.abc.01234567.tmp"
    left.write_bytes(b"half")
    assert len(filled.runs()) == 4
    with Store(filled.path) as store:
        store.own(filled.design)
    assert not left.exists()


def test_a_truncated_part_is_named(filled):
    path = next((filled.path / "runs").iterdir())
    path.write_bytes(path.read_bytes()[:200])
    for read in (filled.runs, lambda: filled.outcomes(2, 2)):
        with pytest.raises(StoreError, match=rf"{path.name} is damaged.*delete it") as refused:
            read()
        assert "\n" not in str(refused.value)


def test_a_foreign_file_is_named(filled):
    (filled.path / "runs" / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt is not a part of this result"):
        filled.runs()


def test_a_part_of_another_result_is_named(filled, tmp_path):
    other = design_of(identity="other")
    with Store(tmp_path / "other") as store:
        store.write_design(other)
        path = compute(store, other, [RunId(5, 0)])
    path.rename(filled.path / "runs" / path.name)
    with pytest.raises(StoreError, match=rf"{path.name} belongs to another result"):
        filled.runs()


def test_a_parquet_file_of_somebody_else_is_named(filled):
    path = filled.path / "runs" / "part-00009-00009-00000000.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(StoreError, match=f"{path.name} belongs to another result"):
        filled.runs()


def test_a_second_driver_is_refused_and_told_who_holds_it(tmp_path):
    held = Store(tmp_path / "mine")
    told = r"mine is being written by process \d+ on "
    with held, pytest.raises(StoreError, match=told):
        Store(tmp_path / "mine").__enter__()
    assert not (tmp_path / "mine" / "lock").exists()


def test_a_lock_whose_holder_is_gone_is_taken_over(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lock").write_text("process 999999 on elsewhere\n")
    with Store(tmp_path / "mine") as store:
        assert not store.started


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with Store(tmp_path / "mine") as store, pytest.raises(StoreError, match=r"thesis\.txt, not"):
        assert store.started


@pytest.mark.parametrize("path", ["file", "file/mine"])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot write .*file") as refused:
        Store(tmp_path / path).__enter__()
    assert "\n" not in str(refused.value)


def test_a_full_disk_is_one_line_and_what_was_computed_stays(filled, monkeypatch):
    def full(*_args, **_keys):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Store(filled.path) as store:
        monkeypatch.setattr(pq, "write_table", full)
        with pytest.raises(StoreError, match=r"cannot write .*: No space left on device"):
            compute(store, filled.design, [RunId(2, 0)])
    assert len(filled.runs()) == 4
    assert not list(filled.path.rglob("*.tmp"))


def test_runs_set_aside_are_kept(filled):
    with Store(filled.path) as store:
        old = store.set_aside()
        assert not store.started
    assert old is not None
    assert old.name.startswith("mine.old-")
    assert len(Result(old).runs()) == 4


def test_results_are_opened_by_name_or_path(filled):
    results = filled.path.parent
    assert open_result("mine", results).path == filled.path
    assert open_result(filled.path, results / "elsewhere").path == filled.path
    with pytest.raises(StoreError, match=r"no result mien in .*; did you mean mine"):
        open_result("mien", results)


def test_a_damaged_design_is_one_line(filled):
    (filled.path / "design.json").write_text('{"schema": 1')
    with pytest.raises(StoreError, match=r"design\.json is damaged"):
        filled.runs()


def test_changes_are_named():
    old = design_of()
    assert changes(old, design_of(identity="new", replicates=9)) == []
    assert changes(old, design_of(seed=8)) == ["seed 7 → 8"]
    assert changes(old, design_of(case="buytwitter 1")) == ["case none → buytwitter"]
    assert changes(old, design_of(record_weekly=True)) == ["record_weekly False → True"]
    assert changes(old, design_of(model={"sim/week.py": "2"})) == ["the model's code (sim/week.py)"]
    other = BASE.replace({"users.count": 70}).flat()
    assert changes(old, design_of(parameters=other)) == ["users.count 60 → 70"]
    fewer = changes(old, design_of(points=POINTS[:1]))
    assert fewer == ["1 of its points are not in the design now (part grid, threat.base=0.5)"]


def test_points_that_are_new_come_last_and_old_ones_keep_their_numbers():
    middle = {"part": "grid", "threat.base": 0.3}
    more = design_of(points=[POINTS[0], middle, POINTS[1]], replicates=1)
    assert changes(design_of(), more) == []
    assert list(grown(design_of(), more).points) == [*POINTS, middle]
    assert grown(design_of(), more).replicates == 2


def test_what_began_to_vary_later_has_its_value_in_earlier_rows(filled):
    later = {"part": "grid", "threat.base": 0.5, "users.count": 80}
    with Store(filled.path) as store:
        store.write_design(design_of(points=[*POINTS, later]))
    assert Result(filled.path).runs()["users.count"].tolist() == [60, 60, 60, 60]


def test_a_result_of_the_first_version_is_read_and_grows(filled):
    before = filled.runs()
    design = json.loads((filled.path / "design.json").read_text())
    (filled.path / "design.json").write_text(json.dumps({**design, "schema": 1, "points": POINTS}))
    (filled.path / "points.parquet").unlink()
    old = Result(filled.path)
    assert old.design.points == POINTS
    pd.testing.assert_frame_equal(old.runs(), before)
    third = {"part": "grid", "threat.base": 0.9}
    with Store(filled.path) as store:
        store.write_design(grown(old.design, design_of(points=[*POINTS, third])))
    assert list(Result(filled.path).design.points) == [*POINTS, third]


def test_a_result_of_a_version_to_come_is_refused(filled):
    design = json.loads((filled.path / "design.json").read_text())
    (filled.path / "design.json").write_text(json.dumps({**design, "schema": 99}))
    with pytest.raises(StoreError, match="written by another version of this program"):
        filled.runs()


def test_points_come_back_as_they_were_given(tmp_path):
    points = [
        {"part": "a", "threat.base": 0.1 + 0.2, "users.count": 3, "history.recorded": False},
        {"part": "b", "condition.threat": 1, "label": "as it is"},
    ]
    with Store(tmp_path / "mine") as store:
        store.write_design(design_of(points=points))
    found = Result(tmp_path / "mine").design.points
    assert list(found) == points
    assert found[1] == found[-1] == points[1]
    assert list(found[:1]) == points[:1]
    assert list(found.take([1, 0])) == points[::-1]
    assert found == points
    assert found != points[:1]
    assert [[type(value) for value in point.values()] for point in found] == [
        [type(value) for value in point.values()] for point in points
    ]
    with pytest.raises(IndexError):
        found[2]


def test_weeks_are_read_only_where_their_runs_are(tmp_path):
    design = design_of(record_weekly=True)
    with Store(tmp_path / "mine") as store:
        store.write_design(design)
        compute(store, design, [RunId(0, 0)])
        lost = compute(store, design, [RunId(0, 1)])
        lost.unlink()
    weekly = Result(tmp_path / "mine").weekly()
    assert weekly[["point", "replicate"]].drop_duplicates().to_numpy().tolist() == [[0, 0]]
    assert weekly["week"].tolist() == list(range(21))
    assert not (tmp_path / "mine" / "weekly" / lost.name).exists()


def test_a_chunk_written_twice_at_once_has_two_temporary_files(tmp_path):
    design = design_of(record_weekly=True)
    with Store(tmp_path / "mine") as store:
        store.write_design(design)
        chunk = Chunk((RunId(0, 0),), dict(enumerate(POINTS)))
        first, second = (work(task_for(store, design), chunk) for _ in range(2))
        assert first.name == second.name
        assert not set(first.files) & set(second.files)
        store.commit(first.name, first.files)
    assert [path.name for path in (tmp_path / "mine" / "runs").iterdir()] == [first.name]
    assert [path.name for path in (tmp_path / "mine" / "weekly").iterdir()] == [first.name]


def test_a_message_names_as_many_results_as_a_line_holds_and_each_in_full():
    names = [f"published/result-{number:02d}" for number in range(40)]
    listed, more = there_are(names).removeprefix("; there are ").split(" and ")
    named = listed.split(", ")
    assert 10 < len(named) < 40
    assert named == names[: len(named)]
    assert more == f"{40 - len(named)} more (momentum list results)"
    assert there_are(names[:2]) == f"; there are {names[0]}, {names[1]}"
    assert there_are([]) == ""
