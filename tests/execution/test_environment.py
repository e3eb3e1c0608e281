"""Errors of the machine are no outcomes of runs: the runs are done later."""

import errno
import pickle

import pandas as pd
import pytest

from experiments.config.executors import Dask, Local
from experiments.execution.executors import require
from experiments.execution.sweep import run_sweep
from experiments.execution.workers import ExecutionError
from sim import simulate
from tests.sweeps import rows, run_with, settings

ERRORS = [
    MemoryError(),
    OSError(errno.ENOSPC, "No space left on device"),
    ImportError("numpy.core failed to import"),
    pickle.UnpicklingError("invalid load key"),
    EOFError("Ran out of input"),
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return rows(run_sweep(settings(tmp_path_factory.mktemp("results")), progress=False))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_run_that_the_machine_prevents_has_no_outcome_and_is_done_later(
    tmp_path, undisturbed, error
):
    def prevented(parameters, seed, history):
        if parameters.threat.base == 0.6 and seed == 8:
            raise ValueError("wrapped") from error
        return simulate(parameters, seed, history)

    with pytest.raises(ExecutionError) as refused:
        run_with(prevented, settings(tmp_path))
    assert "2 runs could not be carried out (ValueError: wrapped)" in str(refused.value)
    assert "10 of 12 runs are stored" in str(refused.value)
    found = rows(tmp_path / "mine")
    assert (len(found), set(found["error"])) == (10, {""})
    again = run_sweep(settings(tmp_path), progress=False)
    pd.testing.assert_frame_equal(rows(again), undisturbed)


def test_a_sweep_ends_soon_where_no_run_can_be_carried_out(tmp_path):
    calls = []

    def prevented(parameters, seed, history):
        calls.append(seed)
        raise MemoryError

    with pytest.raises(ExecutionError, match=r"runs cannot be carried out \(MemoryError\)"):
        run_with(prevented, settings(tmp_path, replicates=1_000))
    assert len(calls) < 100
    assert not list((tmp_path / "mine" / "runs").iterdir())


def test_where_even_a_good_world_fails_the_machine_is_at_fault(tmp_path, monkeypatch):
    def broken(*_args):
        raise AttributeError("damaged")

    monkeypatch.setattr("sim.run.simulate_checked", broken)
    from experiments.execution import worker

    worker._require_working_model.cache_clear()
    with pytest.raises(ExecutionError, match="AttributeError: damaged"):
        run_sweep(settings(tmp_path), progress=False)
    assert not list((tmp_path / "mine" / "runs").iterdir())


@pytest.mark.parametrize("executor", [Local(), Dask()])
def test_more_workers_than_a_machine_can_have_are_one_line(executor):
    with pytest.raises(ExecutionError, match="workers=3000000000"):
        require(executor, 3_000_000_000)
