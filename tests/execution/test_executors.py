"""Executors: the same rows wherever runs are carried out, whoever dies and whatever never ends."""

import gc
import json
import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import psutil
import pytest

from experiments.config.executors import Dask, ExecutorError, Local, Slurm, read_choice
from experiments.config.settings import compose
from experiments.errors import MomentumError
from experiments.execution.dask_workers import DaskWorkers, slurm_cluster
from experiments.execution.driver import OVERDUE
from experiments.execution.executors import require
from experiments.execution.sweep import run_sweep
from experiments.execution.workers import ExecutionError
from experiments.store.result import Result
from sim import simulate
from tests.sweeps import ROOT, all_end, children, parts, rows, run_with, settings, slow

DASK = Dask()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return rows(run_sweep(settings(tmp_path_factory.mktemp("results")), progress=False))


def faulty(parameters, seed, history):
    """Raise in one run, never end in another, kill the process in a third."""
    world = (parameters.threat.base, parameters.participation.cost_mean, seed)
    if world == (0.1, 0.4, 7):
        raise ValueError("no such world")
    if world == (0.6, 0.4, 8):
        time.sleep(600)
    if world == (0.6, 1.2, 9):
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(parameters, seed, history)


def endless(parameters, seed, history):
    """Compute without end in one world."""
    while parameters.threat.base == 0.6:
        pass
    return simulate(parameters, seed, history)


def worker_processes():
    """Return the numbers of the processes that carry out runs for this one."""
    found = []
    for process in children(os.getpid()):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


# -- the same rows ---------------------------------------------------------------------------------


def test_a_local_dask_cluster_gives_the_same_rows_and_leaves_nobody_behind(tmp_path, undisturbed):
    path = run_sweep(settings(tmp_path, executor=DASK, workers=2), progress=False)
    pd.testing.assert_frame_equal(rows(path), undisturbed)
    [session] = Result(path).provenance["sessions"]
    assert session["executor"] == {"kind": "dask", "workers": 2}
    assert all_end(worker_processes())


def test_a_local_dask_cluster_is_heard_on_this_machine_only_and_minds_no_taken_port():
    with socket.socket() as taken, warnings.catch_warnings():
        warnings.simplefilter("error")
        with suppress(OSError):  # taken by somebody else: as good
            taken.bind(("127.0.0.1", 8787))  # where Dask shows its dashboard
            taken.listen()
        workers = DaskWorkers(DASK, 1)
        try:
            heard = [
                connection.laddr.ip
                for process in (os.getpid(), *worker_processes())
                for connection in psutil.Process(process).net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            ]
        finally:
            workers.stop()
    assert len(heard) >= 3  # the test, the scheduler, the worker
    assert set(heard) == {"127.0.0.1"}


@contextmanager
def scheduler(folder, workers=2, threads=1):
    """Run a Dask scheduler and workers in processes of their own; yield it with its address."""
    told = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def started(program, *options):
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                f"distributed.cli.{program}",
                "--scheduler-file",
                told,
                *options,
            ],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    main = started("dask_scheduler", "--host=127.0.0.1", "--port=0", "--dashboard-address=:0")
    helper = started("dask_worker", f"--nworkers={workers}", f"--nthreads={threads}")
    try:
        for _ in range(600):
            if told.exists() and told.read_text().endswith("}"):
                break
            time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        yield SimpleNamespace(address=address, process=main, workers=helper)
    finally:
        for process in (helper, main):
            process.terminate()
        for process in (helper, main):
            process.wait()


def test_a_scheduler_that_runs_already_gives_the_same_rows_and_goes_on(tmp_path, undisturbed):
    with scheduler(tmp_path, workers=1, threads=2) as dask:  # two threads share a process
        given = settings(tmp_path, executor=Dask(address=dask.address))
        pd.testing.assert_frame_equal(rows(run_sweep(given, progress=False)), undisturbed)
        given = replace(given, name="another", replicates=1)
        assert len(rows(run_sweep(given, progress=False))) == 4


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_one_line_and_the_sweep_goes_on_elsewhere(
    tmp_path, undisturbed
):
    with scheduler(tmp_path) as dask:
        given = settings(tmp_path, executor=Dask(address=dask.address))
        with pytest.raises(ExecutionError) as told:
            run_sweep(given, progress=False, on_batch=lambda _: dask.process.kill())
    assert f"the Dask scheduler at {dask.address} is gone" in str(told.value)
    assert "runs are stored in" in str(told.value)
    assert "\n" not in str(told.value)
    path = run_sweep(settings(tmp_path), progress=False)
    pd.testing.assert_frame_equal(rows(path), undisturbed)


# -- whoever dies, whatever never ends -------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_run_that_never_ends_becomes_a_row(tmp_path, undisturbed, workers):
    given = settings(tmp_path, workers=workers, time_limit=2.0, replicates=1)
    found = rows(run_with(endless, given))
    overdue = found["threat.base"] == 0.6
    assert (found["error"] == overdue.map({True: OVERDUE.format(2.0), False: ""})).all()
    expected = undisturbed[(undisturbed["replicate"] == 0) & (undisturbed["threat.base"] == 0.1)]
    assert found[~overdue]["peak_share"].tolist() == expected["peak_share"].tolist()
    assert found[overdue]["emerged"].isna().all()
    assert not list((tmp_path / "mine").rglob("*.tmp"))


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("limit", [100.0, 1e300])  # a clock that cannot wait so long
def test_runs_within_the_time_limit_are_as_without_it(tmp_path, undisturbed, limit):
    path = run_sweep(settings(tmp_path, time_limit=limit), progress=False)
    pd.testing.assert_frame_equal(rows(path), undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("executor", [Local(), DASK], ids=lambda choice: choice.kind)
def test_faulty_runs_cost_no_other_run(tmp_path, undisturbed, executor):
    given = settings(tmp_path, executor=executor, workers=2, time_limit=2.0)
    with pytest.raises(ExecutionError, match="1 runs could not be carried out"):
        run_with(faulty, given)
    found = rows(tmp_path / "mine")
    failed = found[found["error"] != ""]
    columns = ["threat.base", "participation.cost_mean", "seed", "error"]
    assert failed[columns].to_numpy().tolist() == [
        [0.1, 0.4, 7, "ValueError: no such world"],
        [0.6, 0.4, 8, OVERDUE.format(2.0)],
    ]
    there = undisturbed.index != 11  # the run that kills its worker
    expected = undisturbed[there].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found[found["error"] == ""].astype(undisturbed.dtypes), expected[found["error"] == ""]
    )
    assert not list((tmp_path / "mine").rglob("*.tmp"))
    again = run_sweep(replace(given, retry_failed=True, executor=Local()), progress=False)
    pd.testing.assert_frame_equal(rows(again), undisturbed)


def lethal(parameters, seed, history):
    """Take long enough that workers can be found meanwhile."""
    time.sleep(0.3)
    return simulate(parameters, seed, history)


def once(action):
    """Do something to the workers when there are some, in a thread; return it."""

    def wait_and_act():
        for _ in range(600):
            if workers := worker_processes():
                time.sleep(1)
                return action(workers)
            time.sleep(0.1)

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


@pytest.mark.slow
@pytest.mark.parametrize("executor", [Local(), DASK], ids=lambda choice: choice.kind)
def test_a_worker_that_hangs_is_replaced_when_its_time_is_over(
    tmp_path, undisturbed, executor, monkeypatch
):
    monkeypatch.setattr("experiments.execution.driver.HUNG_AFTER", 2.0)
    monkeypatch.setattr("experiments.execution.dask_workers.START_SECONDS", 20)
    stopped = []

    def stop(workers):
        stopped.append(workers[0])
        os.kill(workers[0], signal.SIGSTOP)

    thread = once(stop)
    given = settings(tmp_path, executor=executor, workers=2, time_limit=1.0)
    found = rows(run_with(lethal, given))
    thread.join()
    assert stopped
    assert all_end(stopped)
    pd.testing.assert_frame_equal(found, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["while it starts", "while it runs"])
def test_a_dask_cluster_without_workers_is_started_anew(tmp_path, undisturbed, when, monkeypatch):
    monkeypatch.setattr("experiments.execution.dask_workers.NO_WORKER_FOR", 2.0)
    over, killed = threading.Event(), []

    def kill():
        while not over.wait(0.1) and len(killed) < 3:
            started = when == "while it starts" or parts(tmp_path / "mine")
            for worker in worker_processes() if started else []:
                killed.append(worker)
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        given = settings(tmp_path, executor=DASK, workers=2)
        found = rows(run_with(lethal, given))
    finally:
        over.set()
        killer.join()
    assert killed
    pd.testing.assert_frame_equal(found, undisturbed)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.execution.dask_workers.NO_WORKER_FOR", 1.0)
    with scheduler(tmp_path) as dask:
        dask.workers.kill()
        for process in children(dask.workers.pid):
            os.kill(process, signal.SIGKILL)
        given = settings(tmp_path, executor=Dask(address=dask.address))
        with pytest.raises(ExecutionError, match=f"at {dask.address} has no worker: start one"):
            run_sweep(given, progress=False)


@pytest.mark.slow
@pytest.mark.parametrize("executor", [Local(), DASK], ids=lambda choice: choice.kind)
def test_workers_killed_at_random_moments_cost_nothing(
    tmp_path, monkeypatch, undisturbed, executor
):
    luck, over, killed, most = random.Random(3), threading.Event(), [], 6
    for limit in ("dask_workers.STARTS", "workers.STARTS", "driver.RESTARTS"):
        monkeypatch.setattr(f"experiments.execution.{limit}", most + 1)  # none is ever reached

    def kill():
        while not over.wait(luck.uniform(0.5, 4)) and len(killed) < most:
            if workers := worker_processes():
                killed.append(luck.choice(workers))
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        given = settings(tmp_path, executor=executor, workers=2, replicates=250)
        found = rows(run_with(slow, given))
    finally:
        over.set()
        killer.join()
    assert len(killed) >= 3
    assert len(found) == 1000
    assert (found["error"] == "").all()
    first = found[found["replicate"] < 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, undisturbed)


def test_a_worker_with_other_code_stops_the_sweep(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.store.provenance.worker_digest", lambda: "another")
    with pytest.raises(ExecutionError, match="a worker has other code"):
        run_sweep(settings(tmp_path, workers=2), progress=False)


# -- what cannot be had ----------------------------------------------------------------------------


def test_without_dask_one_line_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.execution.dask_workers.find_spec", lambda _: None)
    with pytest.raises(ExecutionError) as told:
        run_sweep(settings(tmp_path, executor=DASK), progress=False)
    assert str(told.value) == (
        "executor=dask needs Dask, which is not installed: "
        f"{shlex.quote(sys.executable)} -m pip install -e '.[cluster]'"
    )
    assert not list(tmp_path.iterdir())


def test_a_scheduler_that_does_not_answer_is_one_line_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.execution.dask_workers.CONNECT_SECONDS", 0.5)
    with pytest.raises(ExecutionError, match=r"executor\.address=tcp://127\.0\.0\.1:9: no Dask"):
        run_sweep(settings(tmp_path, executor=Dask(address="tcp://127.0.0.1:9")), progress=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["foo", "foo://x:3", "tcp://host", "tcp://host:many", "::1"])
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_what_is_no_address_is_one_line(tmp_path, address):
    with pytest.raises(ExecutionError, match="give the address of a scheduler, as tcp://HOST:8786"):
        run_sweep(settings(tmp_path, executor=Dask(address=address)), progress=False)
    gc.collect()  # a half-made client would complain when it goes
    assert not list(tmp_path.iterdir())


def test_where_jobs_cannot_be_submitted_one_line_says_so(monkeypatch):
    monkeypatch.setattr("experiments.execution.dask_workers.shutil.which", lambda _: None)
    with pytest.raises(ExecutionError, match="executor=slurm: there is no sbatch here"):
        require(Slurm())


# -- Slurm: the job that would be submitted --------------------------------------------------------


def test_the_job_script_says_what_the_options_do():
    asked = Slurm(
        queue="long",
        account="movements",
        cores=4,
        processes=4,
        memory="8GB",
        walltime="02:30:00",
        job_extra_directives=["--constraint=avx512"],
        job_script_prologue=["module load python/3.12"],
    )
    with closing(slurm_cluster(asked)) as cluster:
        lines = cluster.job_script().splitlines()
    directives = {line.removeprefix("#SBATCH ") for line in lines if line.startswith("#SBATCH")}
    assert directives == {
        "-J momentum", "-p long", "-A movements", "-n 1", "--cpus-per-task=4", "--mem=8G",
        "-t 02:30:00", "--constraint=avx512",
    }  # fmt: skip
    worker = lines[-1]
    assert lines[-2] == "module load python/3.12"
    assert worker.startswith(f"{sys.executable} -m distributed.cli.dask_worker tcp://")
    assert " --nworkers 4 " in worker
    assert " --nthreads 1 " in worker
    assert " --nanny" in worker


def test_the_options_of_slurm_come_from_the_command_line(tmp_path):
    chosen = compose(
        [
            "executor=slurm", "executor.queue=short", "executor.processes=3", "executor.memory=2GB",
            "executor.walltime=00:20:00", f"results_dir={tmp_path}",
        ]
    )  # fmt: skip
    assert chosen.executor == Slurm(queue="short", processes=3, memory="2GB", walltime="00:20:00")
    assert chosen.workers == 3
    assert chosen.resolved["executor"]["queue"] == "short"


def test_an_executor_of_the_users_own_is_chosen_by_its_name(tmp_path):
    folder = tmp_path / "executor"
    folder.mkdir()
    (folder / "lab.yaml").write_text("kind: dask\naddress: tcp://10.0.0.1:8786\n")
    assert compose(["executor=lab"], tmp_path).executor == Dask(address="tcp://10.0.0.1:8786")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["executor=dusk"], "did you mean dask"),
        (["executor.address=tcp://a:1"], "no option of executor=local; executor=dask has it"),
        (["executor=dask", "executor.cores=2"], "executor=slurm has it"),
        (["executor=slurm", "executor.adress=2"], "did you mean executor.address"),
        (["executor=slurm", "executor.cores=0"], "must be a whole number from 1"),
        (["executor=slurm", "executor.cores=true"], "must be a whole number from 1"),
        (["executor=slurm", "executor.job_script_prologue=a"], "must be a list"),
        (["executor=dask", "executor.address=a:1", "workers=2"], "workers= has no effect"),
        (["time_limit=0"], "time_limit=0 must be a number of seconds above 0"),
        (["time_limit=inf"], "must be a number of seconds above 0"),
    ],
)
def test_a_wrong_executor_is_one_line(words, told):
    with pytest.raises(MomentumError) as refused:
        compose(words)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_kind_is_one_line():
    with pytest.raises(ExecutorError, match="did you mean slurm"):
        read_choice({"kind": "slrum"})


def test_dask_workers_take_what_any_executor_takes():
    workers = DaskWorkers(DASK, 1)
    try:
        assert workers.submit(sum, [1, 2]).result() == 3
        assert workers.width == 2
    finally:
        workers.stop()
