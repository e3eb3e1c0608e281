"""Folders are written whole or not at all, also when who writes them is killed."""

import os
import subprocess
import sys

import pytest

from experiments.store.safety import _HOST, atomic_directory


def killed():
    """Return the number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def unfinished(folder, process, end, host=_HOST):
    left = folder.with_name(f".{folder.name}.{host}-{process}.{end}")
    left.mkdir(parents=True)
    (left / "table.csv").write_text(end)
    return left


def test_a_folder_takes_its_place_whole(tmp_path):
    folder = tmp_path / "run"
    for text in ("first", "second"):
        with atomic_directory(folder) as new:
            (new / "table.csv").write_text(text)
    with pytest.raises(FileNotFoundError), atomic_directory(folder) as new:
        (new / "table.csv").rename(folder / "elsewhere" / "table.csv")
    assert (folder / "table.csv").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_a_killed_process_left_goes_and_what_others_write_stays(tmp_path):
    folder = tmp_path / "run"
    gone = [unfinished(folder, killed(), "tmp"), unfinished(folder, os.getpid(), "tmp")]
    kept = [
        unfinished(folder, os.getppid(), "tmp"),
        unfinished(folder, killed(), "tmp", host="another_machine"),
        unfinished(tmp_path / "run-2", killed(), "tmp"),
    ]
    with atomic_directory(folder) as new:
        (new / "table.csv").write_text("mine")
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in kept)


def test_a_result_taken_away_by_a_killed_process_is_put_back(tmp_path):
    folder = tmp_path / "run"
    unfinished(folder, killed(), "old")
    with pytest.raises(KeyboardInterrupt), atomic_directory(folder):
        raise KeyboardInterrupt
    assert (folder / "table.csv").read_text() == "old"
    replaced = unfinished(folder, killed(), "old")
    with atomic_directory(folder) as new:
        (new / "table.csv").write_text("new")
    assert (folder / "table.csv").read_text() == "new"
    assert not replaced.exists()
