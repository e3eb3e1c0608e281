"""Sweeps that survive: the same rows whatever happens on the way."""

import json
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.config.executors import Dask, Local
from experiments.design.reading import DesignError
from experiments.execution.plan import plan_sweep
from experiments.execution.progress import Counts
from experiments.execution.record import point_history
from experiments.execution.status import read_status
from experiments.execution.sweep import SweepFailed, SweepInterrupted, run_sweep
from experiments.execution.workers import ExecutionError
from experiments.store import provenance
from experiments.store.layout import StoreError
from experiments.store.result import Result
from sim import simulate
from sim.history import History, no_history
from sim.parameters import Parameters
from tests.sweeps import (
    ROOT,
    SMALL,
    all_end,
    children,
    parts,
    rows,
    run_with,
    settings,
    started_driver,
)

EXPERIMENT = {
    "name": "trial",
    "conditions": {
        "threat": {"off": {"threat.base": 0.1}, "on": {"threat.base": 0.6}},
        "cost": {"off": {"participation.cost_mean": 1.2}, "on": {"participation.cost_mean": 0.4}},
    },
    "parts": [{"name": "all", "design": "factorial", "conditions": ["threat", "cost"]}],
    "replicates": 3,
    "scales": {"smoke": {"replicates": 1}, "laptop": {}},
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return run_sweep(settings(tmp_path_factory.mktemp("results")), progress=False)


# -- what a sweep stores ---------------------------------------------------------------------------


def test_every_run_is_there_once(undisturbed):
    runs = rows(undisturbed)
    keys = runs[["threat.base", "participation.cost_mean", "replicate"]]
    assert len(runs) == len(keys.drop_duplicates()) == 4 * 3
    assert (runs["error"] == "").all()


def test_a_row_is_the_run_of_its_parameters_and_seed(undisturbed):
    row = rows(undisturbed).iloc[4]
    values = {name: row[name] for name in ("threat.base", "participation.cost_mean")}
    outcome = simulate(Parameters.from_dict(SMALL).replace(values), int(row["seed"])).outcome
    expected = pd.Series(outcome._asdict())
    pd.testing.assert_series_equal(row[expected.index], expected, check_names=False)


@pytest.mark.parametrize("from_file", [False, True])
def test_rows_of_points_that_share_a_network_are_single_runs_after_a_resume_too(
    tmp_path, from_file
):
    """Draws of week 0, rules and a lever vary on one network a replicate, or on that of a file."""
    world = {**SMALL, "movement.organisers": 60.0}
    if from_file:
        file = tmp_path / "ties.txt"
        file.write_text(
            "\n".join(f"{i} {(i + step) % 200}" for i in range(200) for step in range(1, 9))
        )
        world |= {"network.topology": "edge_list", "network.edge_list": str(file)}
    swept = {
        "participation.cost_mean": [0.2, 1.2],
        "awareness.contact": [0.01, 0.1],
        "firm.policy": ["resist", "concede"],
    }
    given = settings(tmp_path, parameters=Parameters.from_dict(world), swept=swept)
    path = run_sweep(given, progress=False)
    parts(path)[0].unlink()
    run_sweep(given, progress=False)
    found = rows(path)
    assert len(found) == 24
    assert found["emerged"].nunique() == 2
    for _, row in found.iterrows():
        changes = {name: row[name] for name in swept}
        run = simulate(Parameters.from_dict({**world, **changes}), int(row["seed"]))
        for name, value in run.outcome._asdict().items():
            assert row[name] == value or (row[name] != row[name] and value != value), name


def test_a_replicate_has_one_seed_at_all_points(undisturbed):
    seeds = rows(undisturbed).groupby("replicate")["seed"].agg(["min", "max"])
    assert seeds["min"].tolist() == seeds["max"].tolist() == [7, 8, 9]


def test_conditions_have_columns(tmp_path):
    path = run_sweep(settings(tmp_path, experiment=EXPERIMENT, swept={}, replicates=None), False)
    runs = rows(path)
    assert len(runs) == 4 * 3
    assert runs["condition.threat"].tolist() == [0] * 6 + [1] * 6
    assert (runs["threat.base"] == runs["condition.threat"].map({0: 0.1, 1: 0.6})).all()
    assert (runs["part"] == "all").all()


def test_names_of_results(tmp_path):
    def name(**changed):
        return plan_sweep(settings(tmp_path, swept={}, experiment=EXPERIMENT, **changed)).name

    assert name(name=None) == "trial"
    assert name(name=None, scale="smoke") == "trial-smoke"
    assert name(name="mine", scale="smoke") == "mine"


def test_the_scale_decides_the_replicates_unless_the_user_does(tmp_path):
    def replicates(**changed):
        given = settings(tmp_path, swept={}, experiment=EXPERIMENT, **changed)
        return plan_sweep(given).replicates

    assert replicates(scale="smoke", replicates=None) == 1
    assert replicates(scale="laptop", replicates=None) == 3
    assert replicates(scale="smoke", replicates=5) == 5


def test_weeks_are_recorded_where_asked(tmp_path):
    experiment = {**EXPERIMENT, "record_weekly": True}
    given = settings(tmp_path, experiment=experiment, swept={}, replicates=1, workers=2)
    weekly = Result(run_sweep(given, progress=False)).weekly()
    assert len(weekly) == 4 * 61
    one = weekly[(weekly["point"] == 2) & (weekly["replicate"] == 0)].reset_index(drop=True)
    world = Parameters.from_dict(SMALL).replace(
        {"threat.base": 0.6, "participation.cost_mean": 1.2}
    )
    expected = simulate(world, 7).weekly
    pd.testing.assert_frame_equal(one[expected.columns], expected)


def test_whoever_watches_gets_the_runs_so_far_and_in_the_end_all(tmp_path):
    sizes = []
    run_sweep(settings(tmp_path), progress=False, on_batch=lambda runs: sizes.append(len(runs)))
    assert sizes == sorted(sizes)
    assert sizes[-1] == 12


def test_configuration_and_provenance_are_kept(undisturbed):
    assert yaml.safe_load((undisturbed / "config.yaml").read_text()) == {"parameters": SMALL}
    told = json.loads((undisturbed / "provenance.json").read_text())
    assert told["complete"]
    assert told["command"] == "momentum sweep"
    [session] = told["sessions"]
    assert session["runs"] == 12
    assert session["started"] <= session["ended"]
    assert {"python", "numba", "numpy"} <= set(session["versions"])
    assert session["model"] == provenance.model_digest()


def test_nothing_unfinished_is_left(undisturbed):
    names = {path.name for path in undisturbed.iterdir()}
    records = {"config.yaml", "design.json", "points.parquet", "provenance.json"}
    assert names == {*records, "ro-crate-metadata.json", "runs"}
    assert all(path.suffix == ".parquet" for path in (undisturbed / "runs").iterdir())


# -- the same rows, whatever happens ---------------------------------------------------------------


def test_two_workers_give_the_same_rows(undisturbed, tmp_path):
    pd.testing.assert_frame_equal(
        rows(run_sweep(settings(tmp_path, workers=2), progress=False)), rows(undisturbed)
    )


def test_what_is_missing_is_done_again_and_nothing_else(tmp_path, undisturbed, capsys):
    path = run_sweep(settings(tmp_path), progress=False)
    kept, lost = parts(path)[:-1], parts(path)[-1]
    before = {part: part.read_bytes() for part in kept}
    lost.unlink()
    held = len(Result(path).runs())
    run_sweep(settings(tmp_path))
    assert f"12 runs, {held} of them already there" in capsys.readouterr().err
    pd.testing.assert_frame_equal(rows(path), rows(undisturbed))
    assert {part: part.read_bytes() for part in kept} == before


def test_a_complete_sweep_says_so_and_runs_nothing(undisturbed, capsys):
    before = {path: path.stat().st_mtime_ns for path in parts(undisturbed)}
    run_sweep(settings(undisturbed.parent))
    assert "all 12 runs are already there, with the same set-up" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in parts(undisturbed)} == before


def test_a_sweep_that_adds_nothing_leaves_its_configuration(tmp_path):
    path = run_sweep(settings(tmp_path), progress=False)
    config = (path / "config.yaml").read_bytes()
    fewer = settings(tmp_path, replicates=1)
    run_sweep(replace(fewer, resolved={**fewer.resolved, "replicates": 1}), progress=False)
    assert (path / "config.yaml").read_bytes() == config


def fails(parameters, seed, history):
    raise ValueError("no such world")


def fails_in_part(parameters, seed, history):
    if parameters.threat.base == 0.6 and seed == 7:
        raise ValueError("no such world")
    return simulate(parameters, seed, history)


def test_a_sweep_whose_runs_all_failed_is_an_error_however_often_it_is_started(tmp_path):
    for sweep in (
        lambda: run_with(fails, settings(tmp_path)),
        lambda: run_sweep(settings(tmp_path)),
    ):
        with pytest.raises(SweepFailed, match="all 12 runs failed: ValueError: no such world"):
            sweep()
    assert (rows(tmp_path / "mine")["error"] == "ValueError: no such world").all()


@pytest.mark.parametrize("first", [fails, fails_in_part])
def test_runs_that_failed_are_done_again_when_asked(tmp_path, undisturbed, first, capsys):
    with suppress(SweepFailed):
        run_with(first, settings(tmp_path))
    with suppress(SweepFailed):
        run_sweep(settings(tmp_path))
    assert (rows(tmp_path / "mine")["error"] != "").sum() == (12 if first is fails else 2)
    assert "--retry-failed tries these again" in capsys.readouterr().err
    path = run_sweep(settings(tmp_path, retry_failed=True), progress=False)
    pd.testing.assert_frame_equal(rows(path), rows(undisturbed))
    assert read_status(path).counts == Counts(12, 0, 12, 0, int(rows(path)["emerged"].sum()))


WHERE = [Local(), pytest.param(Dask(), marks=pytest.mark.slow)]


@pytest.mark.parametrize("executor", WHERE, ids=["local", "dask"])
def test_a_killed_driver_loses_nothing_and_leaves_nobody_behind(tmp_path, executor):
    given = {"replicates": 60, "workers": 2, "executor": executor}
    driver, workers = started_driver(tmp_path, **given)
    driver.send_signal(signal.SIGKILL)
    driver.communicate()
    assert workers
    assert all_end(workers)
    held = len(Result(tmp_path / "mine").runs())
    assert 0 < held < 240
    path = run_sweep(settings(tmp_path, replicates=60), progress=False)
    reference = run_sweep(settings(tmp_path, replicates=60, name="reference"), progress=False)
    pd.testing.assert_frame_equal(rows(path), rows(reference))
    assert not list(path.rglob("*.tmp"))
    sessions = Result(path).provenance["sessions"]
    assert [session["ended"] is None for session in sessions] == [True, False]


@pytest.mark.parametrize("executor", WHERE, ids=["local", "dask"])
def test_ctrl_c_keeps_what_is_stored_and_says_how_to_go_on(tmp_path, executor):
    given = {"replicates": 60, "workers": 2, "executor": executor}
    driver, workers = started_driver(tmp_path, **given)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: to all that it started
    _, told = driver.communicate()
    assert driver.returncode == 130
    held = len(Result(tmp_path / "mine").runs())
    assert told.startswith(f"stopped: {held} of 240 runs are stored in")
    assert told.endswith("to go on: momentum sweep\n")
    assert told.count("\n") == 1
    assert workers
    assert all_end(workers)
    assert 0 < held < 240
    path = run_sweep(settings(tmp_path, replicates=60), progress=False)
    assert len(Result(path).runs()) == 240


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=lambda told: told.name)
def test_a_command_that_is_told_to_end_stops_as_by_ctrl_c(tmp_path, told):
    words = ["users.count=60", "horizon=300", "movement.launch_week=10", "threat.base=0.1,0.6"]
    words += ["replicates=100000", "workers=2", "name=mine", f"results_dir={tmp_path}"]
    command = [sys.executable, "-m", "experiments", "sweep", *words]
    driver = subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(told, signal.SIG_DFL),  # which nohup makes deaf
    )
    for _ in range(600):
        if list(tmp_path.glob("mine/runs/*.parquet")):
            break
        time.sleep(0.1)
    workers = children(driver.pid)
    driver.send_signal(told)
    _, said = driver.communicate()
    assert driver.returncode == 130
    held = len(Result(tmp_path / "mine").runs())
    last = said.splitlines()[-1]
    assert last.startswith(f"momentum: stopped: {held:,} of 200,000 runs are stored in")
    assert "to go on: momentum sweep users.count=60" in last
    assert "resource_tracker" not in said
    assert all_end(workers)


def test_ctrl_c_that_compiled_code_turned_into_an_error_is_no_failed_run(tmp_path):
    def interrupted(parameters, seed, history):
        raise SystemError("returned a result with an exception set") from KeyboardInterrupt()

    with pytest.raises(SweepInterrupted, match="stopped: 0 of 12 runs are stored"):
        run_with(interrupted, settings(tmp_path, workers=1))


def test_ctrl_c_in_process_keeps_what_is_stored(tmp_path):
    def stop(_runs):
        raise KeyboardInterrupt

    given = settings(tmp_path, overrides=["name=mine", "fresh=true"])
    with pytest.raises(SweepInterrupted, match=r"1 of 12 runs .*: momentum sweep name=mine$"):
        run_sweep(given, progress=False, on_batch=stop)
    assert Result(tmp_path / "mine").provenance["sessions"][0]["stopped_by"] == "the user"
    assert len(Result(run_sweep(settings(tmp_path), progress=False)).runs()) == 12


def test_a_killed_worker_is_replaced(tmp_path, undisturbed):
    killed = []

    def kill_one(_runs):
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    given = settings(tmp_path, workers=2)
    path = run_sweep(given, progress=False, on_batch=kill_one)
    assert killed
    pd.testing.assert_frame_equal(rows(path), rows(undisturbed))


def deadly(parameters, seed, history):
    """Run, but kill the process in one world with one seed."""
    if parameters.threat.base == 0.6 and seed == 8:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(parameters, seed, history)


@pytest.mark.slow
def test_a_run_that_kills_its_worker_has_no_outcome_and_is_done_later(
    tmp_path, undisturbed, monkeypatch
):
    monkeypatch.setattr("experiments.execution.driver.FAILURES", 1)  # every death costs a start
    monkeypatch.setattr("experiments.execution.driver.LAST_FAILURES", 2)
    given = settings(tmp_path, workers=2)
    with pytest.raises(ExecutionError) as refused:
        run_with(deadly, given)
    message = str(refused.value)
    assert "2 runs could not be carried out (the worker process died" in message
    assert "10 of 12 runs are stored" in message
    found = rows(tmp_path / "mine")
    assert len(found) == 10
    assert (found["error"] == "").all()
    assert not list((tmp_path / "mine").rglob("*.tmp"))
    pd.testing.assert_frame_equal(rows(run_sweep(given, progress=False)), rows(undisturbed))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_raises_becomes_a_row(tmp_path, workers):
    runs = rows(run_with(fails_in_part, settings(tmp_path, workers=workers)))
    assert len(runs) == 12
    failed = (runs["threat.base"] == 0.6) & (runs["seed"] == 7)
    assert (runs["error"] == failed.map({True: "ValueError: no such world", False: ""})).all()
    assert runs[failed]["emerged"].isna().all()
    assert runs[failed]["peak_share"].isna().all()
    assert runs[~failed]["emerged"].notna().all()
    assert Result(tmp_path / "mine").provenance["sessions"][0]["failed"] == 2


# -- what a point changes of a case's record -------------------------------------------------------


class Recorded:
    """A case whose paths tell their week, with a takeover rumour in week 3."""

    name, weeks = "recorded", 30

    def history(self, horizon):
        weeks = np.arange(horizon + 1.0)
        event = (weeks == 3).astype(float)
        return History(*(weeks + 100 * i for i in range(5)), 0 * event, event, 0 * event)


@pytest.mark.parametrize(
    ("point", "price", "threat"),
    [
        ({}, [0, 1, 2, 3, 4], [400, 401, 402, 403, 404]),
        ({"history.price_shift": 2}, [0, 0, 0, 1, 2], [400, 401, 402, 403, 404]),
        ({"history.threat_shift": -2}, [0, 1, 2, 3, 4], [402, 403, 404, 405, 406]),
        ({"history.frozen_week": 9}, [9] * 5, [409] * 5),
    ],
)
def test_a_point_follows_the_record_as_it_says(point, price, threat):
    history = point_history(Recorded(), point, 4)
    assert history.price.tolist() == price
    assert (history.margin - history.price).tolist() == [200] * 5
    assert history.threat.tolist() == threat
    assert history.takeover[3] == (0 if "history.frozen_week" in point else 1)
    assert {len(series) for series in history} == {5}


def test_a_point_without_the_record_leaves_all_to_the_model():
    assert point_history(Recorded(), {"history.recorded": False}, 4) is None
    assert point_history(None, {}, 4) is None


def test_a_case_is_followed_by_every_run(tmp_path):
    weeks = np.arange(121)
    paths = History(*no_history(120))._replace(price=np.exp(-weeks / 40.0), threat=weeks / 120)
    given = settings(tmp_path, case=Recorded(), swept={"history.frozen_week": [-1, 0, 20]})
    given.case.history = lambda horizon: History(*(series[: horizon + 1] for series in paths))
    runs = rows(run_sweep(given, progress=False)).groupby("history.frozen_week")
    assert runs["end_price"].unique().map(list).to_dict() == {
        -1: [pytest.approx(math.exp(-60 / 40))],
        0: [1.0],
        20: [pytest.approx(math.exp(-20 / 40))],
    }
    given = settings(tmp_path, case=Recorded(), swept={"history.frozen_week": [-1, 0, 20]})
    given.case.weeks = 29
    with pytest.raises(StoreError, match="the record of the case recorded"):
        run_sweep(given, progress=False)


# -- growing, and refusing to mix ------------------------------------------------------------------


def test_a_sweep_may_grow_in_replicates_and_points(tmp_path, undisturbed):
    fewer = {"threat.base": [0.1], "participation.cost_mean": [0.4, 1.2]}
    run_sweep(settings(tmp_path, replicates=2, swept=fewer), progress=False)
    path = run_sweep(settings(tmp_path), progress=False)
    keys = ["threat.base", "participation.cost_mean", "replicate"]
    pd.testing.assert_frame_equal(
        rows(path).sort_values(keys, ignore_index=True).drop(columns="point"),
        rows(undisturbed).sort_values(keys, ignore_index=True).drop(columns="point"),
    )
    run_sweep(settings(tmp_path, replicates=1), progress=False)
    assert len(rows(path)) == 12


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"parameters": Parameters.from_dict({**SMALL, "firm.cash": 30})}, "firm.cash 26.0 → 30.0"),
        ({"seed": 8}, "seed 7 → 8"),
        ({"swept": {"threat.base": [0.1]}}, "4 of its points are not in the design now"),
    ],
)
def test_another_set_up_is_refused_by_name(undisturbed, changed, told):
    before = rows(undisturbed)
    with pytest.raises(StoreError) as refused:
        run_sweep(settings(undisturbed.parent, **changed), progress=False)
    message = str(refused.value)
    assert told in message
    assert "choose another name=, or --fresh" in message
    assert "\n" not in message
    pd.testing.assert_frame_equal(rows(undisturbed), before)


def test_another_model_is_refused(undisturbed, monkeypatch):
    edited = {**provenance.model_sources(), "sim/week.py": "0"}
    monkeypatch.setattr(provenance, "model_sources", lambda: edited)
    with pytest.raises(StoreError, match=r"the model's code \(sim/week\.py\)"):
        run_sweep(settings(undisturbed.parent), progress=False)


def test_fresh_keeps_the_old_runs_aside(tmp_path):
    run_sweep(settings(tmp_path), progress=False)
    path = run_sweep(settings(tmp_path, seed=8, fresh=True, replicates=1), progress=False)
    assert len(Result(path).runs()) == 4
    [old] = [folder for folder in tmp_path.iterdir() if ".old-" in folder.name]
    assert len(Result(old).runs()) == 12


def test_a_file_that_does_not_belong_stops_a_resume_before_it_runs(tmp_path):
    path = run_sweep(settings(tmp_path), progress=False)
    parts(path)[0].write_bytes(b"PAR1")
    with pytest.raises(StoreError, match=rf"{parts(path)[0].name} is damaged"):
        run_sweep(settings(tmp_path, replicates=4), progress=False)
    parts(path)[0].unlink()
    assert len(Result(run_sweep(settings(tmp_path), progress=False)).runs()) == 12


# -- wrong sweeps are refused before anything is written -------------------------------------------


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"swept": {"users.cuont": [1]}}, "did you mean users.count"),
        ({"swept": {"users.count": [100, -1]}}, "users.count = -1 is out of range"),
        ({"swept": {"horizon": [60, 5]}}, "point 1 (part grid, horizon=5): movement.launch_week"),
        ({"experiment": {**EXPERIMENT, "replicates": 0}}, "replicates = 0 must be a whole number"),
        ({"swept": {"history.price_shift": [0, 26]}}, "history.price_shift needs a case"),
        (
            {"experiment": EXPERIMENT, "swept": {}, "given": frozenset({"threat.base"})},
            "threat.base as given has no effect",
        ),
    ],
)
def test_a_wrong_sweep_is_refused_in_one_line_and_writes_nothing(tmp_path, changed, told):
    with pytest.raises(DesignError) as refused:
        run_sweep(settings(tmp_path, **changed), progress=False)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())
