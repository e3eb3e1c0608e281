"""What a sweep would cost, told before it is made."""

import os
from dataclasses import replace

import pytest

from experiments.cli.main import main
from experiments.execution import forecast
from experiments.store.result import Result
from sim import simulate

TINY = ["users.count=60", "horizon=40", "movement.launch_week=5", "workers=1"]


def files(folder):
    return sorted(str(path) for path in folder.rglob("*"))


def test_a_dry_run_tells_points_runs_time_and_size_and_writes_nothing(tmp_path, capsys):
    words = ["design=morris", "samples=2", "ranges=[threat.base,exit.voice]", "replicates=30"]
    assert main(["sweep", *words, "--dry-run", *TINY, f"results_dir={tmp_path}"]) == 0
    told = capsys.readouterr().out
    assert "6 points × 30 replicates = 180 runs" in told
    assert "morris of 2 parameters" in told
    assert "ms a run (12 runs timed)" in told
    assert "disk: about" in told
    assert files(tmp_path) == []


def test_a_dry_run_counts_what_is_there_and_leaves_it_as_it_is(tmp_path, capsys):
    words = [*TINY, "threat.base=0.1,0.2", "name=x", f"results_dir={tmp_path}"]
    assert main(["sweep", *words, "replicates=2"]) == 0
    before = {path: os.stat(path).st_mtime_ns for path in files(tmp_path)}
    assert main(["sweep", *words, "replicates=3", "--dry-run"]) == 0
    assert "= 6 runs, 4 of them there already" in capsys.readouterr().out
    assert main(["sweep", *words, "replicates=3", "seed=8", "--dry-run"]) == 2
    assert "seed 7 → 8" in capsys.readouterr().err
    assert {path: os.stat(path).st_mtime_ns for path in files(tmp_path)} == before


def test_the_size_foretold_is_that_of_the_sweep(tmp_path, settings_for):
    settings = settings_for("threat.base=0.1,0.2,0.3", "replicates=60", "record_weekly=true")
    foretold = forecast.forecast(settings).bytes
    from experiments.execution.sweep import run_sweep

    folder = run_sweep(settings, progress=False)
    taken = sum(path.stat().st_size for path in folder.glob("*/part-*"))
    assert len(Result(folder).runs()) == 180
    assert taken / 2 < foretold < taken * 2


@pytest.fixture
def settings_for(tmp_path):
    from experiments.config.settings import compose

    def made(*words):
        return compose([*TINY, *words, f"results_dir={tmp_path}"])

    return made


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--dry-run"], "--dry-run has no effect in one run"),
        (["sweep", "--dry-run=1", "replicates=2"], "--dry-run: takes no value"),
        (["sweep", "--dry-rum", "replicates=2"], "did you mean --dry-run"),
    ],
)
def test_a_dry_run_is_for_sweeps(words, message, capsys):
    assert main(words) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("size", "words"),
    [(900, "900 bytes"), (12_345, "12.3 kB"), (2.5e9, "2.5 GB"), (5e12, "5,000 GB")],
)
def test_sizes_in_words(size, words):
    assert forecast.amount(size) == words


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        (range(99), "all 12 runs that were tried failed"),
        ([7], "2 of 12 runs that were tried failed"),
    ],
)
def test_a_forecast_says_that_its_probes_failed(monkeypatch, settings_for, seeds, words):
    def fails(parameters, seed, history):
        if seed in seeds:
            raise ValueError("no such world")
        return simulate(parameters, seed, history)

    task_of = forecast.task_of
    monkeypatch.setattr(forecast, "task_of", lambda *args: replace(task_of(*args), simulate=fails))
    told = forecast.describe_forecast(
        forecast.forecast(settings_for("threat.base=0.1,0.2", "replicates=6"))
    )
    assert f"{words}: ValueError: no such world" in told
    assert ("time: about" in told) == (seeds == [7])
