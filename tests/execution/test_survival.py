"""A sweep survives what machines do to it: killed drivers, full disks, damaged files."""

import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.execution.sweep import run_sweep
from experiments.store.layout import StoreError
from experiments.store.result import Result
from sim import simulate
from sim.parameters import Parameters
from tests.sweeps import ROOT, all_end, children, parts, rows, run_with, settings, start_driver

KILLS = 20
WORDS = [
    "sweep", "users.count=200", "horizon=60", "movement.launch_week=10", "threat.base=0.1,0.6",
    "record_weekly=true", "workers=2", "name=mine",
]  # fmt: skip


def momentum(*words, **options):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "experiments", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **options,
    )


# -- the driver is killed --------------------------------------------------------------------------


@pytest.mark.slow
def test_a_driver_killed_at_twenty_random_moments_loses_nothing(tmp_path):
    luck, given = random.Random(11), {"replicates": 1_000, "workers": 2}
    held = [0]
    for kill in range(KILLS):
        driver = start_driver(tmp_path, **given)
        if kill % 2:  # while it starts, or when it has stored something
            assert driver.stdout.readline(), driver.communicate()[1]
        time.sleep(luck.uniform(0.1, 2.0))
        processes = children(driver.pid)
        driver.send_signal(signal.SIGKILL)
        driver.communicate()
        assert all_end(processes, seconds=5)
        held.append(sum(len(pq.read_table(part)) for part in parts(tmp_path / "mine")))
    assert held == sorted(held)
    assert len(set(held)) > KILLS / 2
    assert held[-1] < 4_000
    path = run_sweep(settings(tmp_path, **given), progress=False)
    stored = pa.concat_tables(
        pq.read_table(part, columns=["point", "replicate"]) for part in parts(path)
    )
    assert len(stored) == len(stored.group_by(["point", "replicate"]).aggregate([])) == 4_000
    undisturbed = run_sweep(settings(tmp_path, name="undisturbed", **given), progress=False)
    pd.testing.assert_frame_equal(rows(path), rows(undisturbed))
    assert not list(path.rglob("*.tmp"))
    assert not [name for name in ("lock", "status.json") if (path / name).exists()]


# -- the disk --------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder, size):
    """Mount a small file system, if this process may; yield what mounts it anew, or None."""
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True
        ).returncode
    )

    def again(options):
        subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)

    try:
        yield again if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))


@pytest.mark.slow
def test_a_full_disk_keeps_what_was_computed_and_the_sweep_goes_on_when_there_is_room(tmp_path):
    where = f"results_dir={tmp_path / 'disk'}"
    words = [*WORDS, "replicates=400", where]
    with small_disk(tmp_path / "disk", "600k") as remount:
        full = momentum(*words, preexec_fn=None if remount else small_files)
        assert full.returncode == 2
        message = full.stderr.strip().splitlines()[-1]
        assert "cannot write" in message
        assert ("No space left on device" if remount else "File too large") in message
        assert "of 800 runs are stored in" in message
        assert "when that is mended, to go on: momentum sweep users.count=200" in message
        assert "Traceback" not in full.stderr
        path = tmp_path / "disk" / "mine"
        held = len(Result(path).runs())
        assert 0 < held < 800
        assert f"{held} of 800 runs are stored" in message
        assert not list(path.rglob("*.tmp"))
        if remount:
            remount("size=100m")
        assert momentum(*words).returncode == 0
        found, weeks = rows(path), Result(path).weekly()
    again = momentum(*WORDS, "replicates=400", f"results_dir={tmp_path}")
    assert again.returncode == 0, again.stderr
    pd.testing.assert_frame_equal(found, rows(tmp_path / "mine"))
    pd.testing.assert_frame_equal(weeks, Result(tmp_path / "mine").weekly())


def test_a_folder_that_is_read_only_is_one_line_and_the_sweep_goes_on_when_it_is_not(tmp_path):
    with small_disk(tmp_path / "disk", "10m") as remount:
        path = run_sweep(settings(tmp_path / "disk", replicates=1), progress=False)
        before = rows(path)
        remount("ro") if remount else path.chmod(0o555)
        with pytest.raises(
            StoreError, match=r"cannot write .*mine.*: (Read-only|Permission)"
        ) as told:
            run_sweep(settings(tmp_path / "disk"), progress=False)
        assert "\n" not in str(told.value)
        pd.testing.assert_frame_equal(rows(path), before)
        remount("rw") if remount else path.chmod(0o755)
        assert len(rows(run_sweep(settings(tmp_path / "disk"), progress=False))) == 12


def truncate(path):
    part = parts(path)[0]
    part.write_bytes(part.read_bytes()[:1000])
    return part


def put_text(path):
    (path / "runs" / "notes.txt").write_text("mine")
    return path / "runs" / "notes.txt"


def put_parquet(path):
    part = path / "runs" / "part-00000-00000-00000000.parquet"
    pq.write_table(pa.table({"a": [1]}), part)
    return part


def put_part_of_another(path):
    other = run_sweep(settings(path.parent, name="other", seed=70), progress=False)
    return shutil.copy(parts(other)[0], path / "runs")


@pytest.mark.parametrize("spoil", [truncate, put_text, put_parquet, put_part_of_another])
def test_a_file_that_does_not_belong_is_named_and_without_it_the_sweep_completes(tmp_path, spoil):
    path = run_sweep(settings(tmp_path), progress=False)
    before = rows(path)
    spoilt = os.fspath(spoil(path))
    with pytest.raises(StoreError) as told:
        run_sweep(settings(tmp_path, replicates=4), progress=False)
    assert spoilt in str(told.value)
    assert "\n" not in str(told.value)
    os.unlink(spoilt)
    found = rows(run_sweep(settings(tmp_path, replicates=4), progress=False))
    first = found[found["replicate"] < 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, before)
    assert len(found) == 16


# -- read without this code ------------------------------------------------------------------------


def test_pandas_and_duckdb_read_the_runs_by_themselves(tmp_path):
    path = run_sweep(settings(tmp_path, record_weekly=True, workers=2), progress=False)
    ours = Result(path).runs().groupby("threat.base")["emerged"].mean()
    read = pd.read_parquet(path / "runs")
    assert read.groupby("threat.base")["emerged"].mean().to_dict() == ours.to_dict()
    found = duckdb.sql(
        f"select \"threat.base\", avg(emerged::int) from '{path}/runs/*.parquet' group by 1"
    ).fetchall()
    assert dict(found) == ours.to_dict()
    weeks = duckdb.sql(f"select count(*) from '{path}/weekly/*.parquet'").fetchall()
    assert weeks == [(12 * 61,)]


# -- the driver's memory ---------------------------------------------------------------------------


OUTCOME = simulate(Parameters.from_dict({"users.count": 50, "horizon": 60}))


def instant(parameters, seed, history):
    return OUTCOME


def peak(folder, replicates):
    """Return the most memory that the driver of a sweep took, in bytes."""
    tracemalloc.start()
    try:
        run_with(
            instant, settings(folder, name=f"of-{replicates}", replicates=replicates, workers=2)
        )
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_the_drivers_memory_does_not_grow_with_the_runs(tmp_path):
    peak(tmp_path, 10)  # loads what is loaded once
    few, many = peak(tmp_path, 25_000), peak(tmp_path, 100_000)
    assert many - few < 8 * 300_000  # bytes: less than a number a run
