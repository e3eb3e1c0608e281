"""Chunks carried out by Dask: on this machine, at a scheduler that runs already, in Slurm jobs."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from experiments.execution.executors import Dask, ExecutionError, Slurm, Workers
from experiments.store.provenance import install_line

if TYPE_CHECKING:
    from dask_jobqueue import SLURMCluster
    from distributed import Client, LocalCluster

SILENT = logging.CRITICAL + 1
HERE = "127.0.0.1"  # nothing that is started for this machine alone listens elsewhere
CONNECT_SECONDS = 10  # to wait for a scheduler to answer
LOOK_EVERY = 5.0  # seconds between looks at how many workers a scheduler has
OURS = {"distributed.scheduler.allowed-failures": 0}  # the sweep decides what to do again


def require_dask(choice: Dask | Slurm) -> None:
    """Refuse what cannot be started.

    Raises
    ------
    ExecutionError
        If Dask or ``sbatch`` is missing, or no scheduler answers.
    """
    packages = ["dask", "distributed", *(["dask_jobqueue"] if isinstance(choice, Slurm) else [])]
    if any(find_spec(package) is None for package in packages):
        raise ExecutionError(
            f"executor={choice.kind} needs Dask, which is not installed: {install_line('cluster')}"
        )
    # What matters of Dask's log comes as an exception.
    for name in ("distributed", "dask_jobqueue", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(SILENT)
    if isinstance(choice, Slurm):
        if shutil.which("sbatch") is None:
            raise ExecutionError(
                "executor=slurm: there is no sbatch here; start the sweep on a machine of the "
                "cluster that submits jobs"
            )
    elif choice.address is not None:
        _require_address(choice.address)
        _client(choice.address).close()


class DaskWorkers(Workers):
    """The workers of a Dask scheduler.

    A cluster that is started here ends with this process; the scheduler at an address goes on.
    """

    def __init__(self, choice: Dask | Slurm, workers: int) -> None:
        import dask
        from distributed import Client, KilledWorker

        self.deaths = (KilledWorker,)
        self._where = "started here"
        self._cluster: LocalCluster | SLURMCluster | None = None
        self._workers, self._looked = workers, 0.0
        # What is started now, and by its threads later, does not hear Ctrl-C: the driver does.
        resource_tracker.ensure_running()  # which lets signals through again when it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            with dask.config.set(OURS):
                if isinstance(choice, Slurm):
                    self._cluster = slurm_cluster(choice)
                    self._cluster.scale(n=workers)
                    self._client = Client(self._cluster)
                elif choice.address is None:
                    self._cluster = _local_cluster(workers)
                    self._client = Client(self._cluster)
                else:
                    self._where = f"at {choice.address}"
                    self._client = _client(choice.address)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._executor = self._client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """One more than there are workers; a scheduler at an address may get more, or fewer."""
        if self._cluster is None and time.monotonic() > self._looked + LOOK_EVERY:
            self._looked = time.monotonic()
            try:
                self._workers = max(1, sum(self._client.nthreads().values()))
            except (OSError, TimeoutError, RuntimeError):
                raise self.gone() from None
        return self._workers + 1

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call."""
        self.check()
        future: Future[Any] = self._executor.submit(fn, *args)
        return future

    def restart(self) -> None:
        """Dask replaces its dead workers itself."""

    def check(self) -> None:
        """Raise if the scheduler is gone."""
        if self._client.status != "running":
            raise self.gone()

    def stop(self) -> None:
        """Cancel what waits; end the workers that were started here."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=2)
        if self._cluster is not None:
            self._cluster.close(timeout=10)

    def gone(self) -> ExecutionError:
        """Return what to say when the scheduler is out of reach."""
        return ExecutionError(
            f"the Dask scheduler {self._where} is gone; what was computed is stored, and the same "
            "command goes on from there"
        )


def _local_cluster(workers: int) -> LocalCluster:
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host=HERE,
        dashboard_address=f"{HERE}:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=SILENT,
        memory_limit=0,
    )


def _require_address(address: str) -> None:
    """Refuse what is no address, on which Dask would leave a half-made client behind."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        if not all(parse_host_port(place)):
            raise ValueError
    except ValueError:
        raise ExecutionError(
            f"executor.address={address}: give the address of a scheduler, as tcp://HOST:8786"
        ) from None


def _client(address: str) -> Client:
    from distributed import Client

    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise ExecutionError(
            f"executor.address={address}: no Dask scheduler answers there; start one by "
            "dask scheduler, and workers by dask worker ADDRESS"
        ) from None


def slurm_cluster(choice: Slurm) -> SLURMCluster:
    """Return a scheduler on this machine whose workers will be Slurm jobs; none is submitted yet.

    Raises
    ------
    ExecutionError
        If dask-jobqueue refuses the options.
    """
    from dask_jobqueue import SLURMCluster

    try:
        return SLURMCluster(
            **asdict(choice),
            python=sys.executable,
            job_name="momentum",
            scheduler_options={"dashboard": False, "dashboard_address": f"{HERE}:0"},
        )
    except (ValueError, TypeError, OSError, RuntimeError) as problem:
        reason = " ".join(str(problem).split())
        raise ExecutionError(f"executor=slurm: {reason}") from None


def job_script(choice: Slurm) -> str:
    """Return the script of a job as it would be submitted."""
    cluster = slurm_cluster(choice)
    try:
        return str(cluster.job_script())
    finally:
        cluster.close()
