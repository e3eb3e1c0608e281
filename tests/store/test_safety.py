"""A sweep touches nothing that is not its own: files of others, links and pipes stay."""

import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.execution.plan import new_design, plan_sweep
from experiments.execution.sweep import run_sweep
from experiments.store.layout import CRATE, StoreError
from experiments.store.result import Result
from experiments.store.safety import Lock, holder_of
from experiments.store.writer import Store
from tests.sweeps import parts, rows, settings


def snapshot(folder):
    """Return what lies in a folder, with what it holds."""
    return {
        path.relative_to(folder).as_posix(): (
            os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
        )
        for path in folder.rglob("*")
    }


def put_files_of_others(path):
    """Put files into a folder that look like those of a sweep."""
    for folder in ("runs", "weekly"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"a": [1]}), path / "weekly" / "part-00000-00000-01234567.parquet")
    for name in (".notes.tmp", "runs/.thesis.tmp", ".design.json.tmp", "weekly/.x.parquet.tmp"):
        (path / name).write_text("mine")


@pytest.mark.parametrize("found", ["nothing", "notes.txt", "status.json", "points.parquet"])
def test_a_refused_sweep_leaves_a_folder_of_others_as_it_is(tmp_path, found):
    path = tmp_path / "mine"
    put_files_of_others(path)
    if found != "nothing":
        (path / found).write_text("mine")
    before = snapshot(path)
    with pytest.raises(StoreError, match="not a sweep: choose another name="):
        run_sweep(settings(tmp_path), progress=False)
    assert snapshot(path) == before


def test_a_sweep_of_another_set_up_is_refused_and_leaves_everything(tmp_path):
    path = run_sweep(settings(tmp_path), progress=False)
    put_files_of_others(path)
    before = snapshot(path)
    with pytest.raises(StoreError, match="holds runs of another set-up"):
        run_sweep(settings(tmp_path, seed=8), progress=False)
    assert snapshot(path) == before


def test_only_what_carries_the_identity_of_a_sweep_is_cleaned(tmp_path):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    identity = Result(path).design.identity
    put_files_of_others(path)
    (tmp_path / "elsewhere").write_text("mine")
    before = snapshot(path)
    name = f".{parts(path)[0].name}.{identity[:8]}.00000000.tmp"
    (path / "runs" / name).write_text("half")
    (path / ".design.json.01234567.tmp").write_text("half")
    link = path / "runs" / name.replace("00000000.tmp", "11111111.tmp")
    link.symlink_to(tmp_path / "elsewhere")
    before[link.relative_to(path).as_posix()] = str(tmp_path / "elsewhere")
    run_sweep(settings(tmp_path, replicates=1), progress=False)
    assert snapshot(path) == before


@pytest.mark.parametrize("kind", ["link", "hard link", "notes", "pipe"])
def test_what_is_named_lock_but_is_none_stays_as_it_is(tmp_path, kind):
    (tmp_path / "mine").mkdir()
    lock, notes = tmp_path / "mine" / "lock", tmp_path / "notes.txt"
    notes.write_text("mine")
    if kind == "link":
        lock.symlink_to(notes)
    elif kind == "hard link":
        lock.hardlink_to(notes)
    elif kind == "pipe":
        os.mkfifo(lock)
    else:
        lock.write_text("where I keep my keys")
    with pytest.raises(StoreError, match="lock is not the lock of a sweep"):
        run_sweep(settings(tmp_path), progress=False)
    assert notes.read_text() == "mine"
    assert lock.is_symlink() == (kind == "link")
    assert kind != "notes" or lock.read_text() == "where I keep my keys"
    holder_of(lock)  # does not wait for a pipe


def test_the_lock_of_a_driver_that_is_gone_is_taken_over(tmp_path):
    (tmp_path / "lock").write_text("process 999999 on elsewhere\n")
    lock = Lock(tmp_path / "lock")
    assert holder_of(tmp_path / "lock") == (f"process {os.getpid()} on {os.uname().nodename}", True)
    lock.release()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("folder", ["runs", "weekly"])
def test_nothing_is_written_through_a_link_to_a_folder(tmp_path, folder):
    path = run_sweep(settings(tmp_path, record_weekly=True), progress=False)
    (path / folder).rename(tmp_path / "elsewhere")
    (path / folder).symlink_to(tmp_path / "elsewhere")
    before = snapshot(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=f"{folder} must be a folder, not a link"):
        run_sweep(settings(tmp_path, record_weekly=True, replicates=4), progress=False)
    assert snapshot(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("name", ["config.yaml", "provenance.json", "status.json", CRATE])
def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path, name):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    target = tmp_path / "target"
    target.write_text("{}")
    (path / name).unlink(missing_ok=True)
    (path / name).symlink_to(target)
    assert len(rows(run_sweep(settings(tmp_path, replicates=2), progress=False))) == 8
    assert target.read_text() == "{}"
    assert not (path / name).is_symlink()


def test_a_folder_of_results_that_is_a_link_to_nowhere_is_one_line(tmp_path):
    (tmp_path / "results").symlink_to(tmp_path / "disk")
    with pytest.raises(StoreError, match=r"results is a link to .*disk, which does not exist"):
        run_sweep(settings(tmp_path / "results"), progress=False)
    assert not (tmp_path / "disk").exists()


# -- while it runs ---------------------------------------------------------------------------------


def replace_by_a_link(path):
    """Move the folder of a sweep away and put a link to another folder in its place."""
    path.rename(path.with_name("moved"))
    other = path.with_name("other")
    (other / "runs").mkdir(parents=True)
    (other / "notes.txt").write_text("mine")
    path.symlink_to(other)


def remove_design(path):
    (path / "design.json").unlink()


def remove_a_part(path):
    parts(path)[0].unlink()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (replace_by_a_link, "was moved, removed or replaced while the sweep ran"),
        (remove_design, r"design\.json is damaged: there is no such file"),
        (remove_a_part, "runs were removed while the sweep ran; .* of 12 runs are stored"),
    ],
)
def test_a_sweep_that_is_disturbed_is_not_done(tmp_path, change, message):
    path, seen = tmp_path / "mine", []

    def disturb(_runs):
        if not seen and parts(path):
            seen.append(change(path))

    with pytest.raises(StoreError, match=message):
        run_sweep(settings(tmp_path), progress=False, on_batch=disturb)
    assert seen
    if change is replace_by_a_link:
        assert sorted(snapshot(tmp_path / "other")) == ["notes.txt", "runs"]
    if change is remove_a_part:
        assert not json.loads((path / "provenance.json").read_text())["complete"]
        assert len(rows(run_sweep(settings(tmp_path), progress=False))) == 12


# -- damaged or foreign files ----------------------------------------------------------------------


def put(path, text):
    path.unlink()
    path.write_bytes(text)


@pytest.mark.parametrize("name", ["seed", "identity", "parameters", "model", "case", "replicates"])
def test_a_design_with_nulls_is_one_line(tmp_path, name):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    design = json.loads((path / "design.json").read_text())
    put(path / "design.json", json.dumps({**design, name: None}).encode())
    with pytest.raises(StoreError, match=rf"damaged: {name} = None must be") as said:
        run_sweep(settings(tmp_path), progress=False)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("name", ["design.json", "points.parquet", "provenance.json"])
@pytest.mark.parametrize("content", [b"\x00\xff\xfe\x80" * 50, b"", b"PAR1", b"[" * 100_000])
def test_binary_rubbish_is_one_line(tmp_path, name, content):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    put(path / name, content)
    with pytest.raises(StoreError, match=name) as said:
        run_sweep(settings(tmp_path, replicates=2), progress=False)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("name", ["design.json", "points.parquet", "provenance.json"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    (path / name).unlink()
    os.mkfifo(path / name)
    with pytest.raises(StoreError, match=name):
        run_sweep(settings(tmp_path, replicates=2), progress=False)


@pytest.mark.parametrize("foreign", ["columns", "identity"])
def test_points_of_something_else_are_one_line(tmp_path, foreign):
    path = run_sweep(settings(tmp_path, replicates=1), progress=False)
    table = pa.table({"part": ["a"], "colour": ["red"]})
    if foreign == "identity":
        other = run_sweep(settings(tmp_path, name="other", replicates=1), progress=False)
        table = pq.read_table(other / "points.parquet")
    pq.write_table(table, path / "points.parquet")
    with pytest.raises(StoreError, match=r"points\.parquet belongs to something else"):
        Result(path).runs()


def test_points_left_by_a_driver_that_was_killed_are_replaced(tmp_path):
    given = settings(tmp_path, replicates=1)
    with Store(tmp_path / "mine") as store:
        store.write_design(new_design(plan_sweep(given), given))
        (tmp_path / "mine" / "design.json").unlink()
        store._identity = ""  # as if it had been killed
    assert len(rows(run_sweep(given, progress=False))) == 4
