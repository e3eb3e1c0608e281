"""Chunks carried out by Dask: on this machine, at a scheduler that runs already, in Slurm jobs."""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from experiments.config.executors import Dask, Slurm
from experiments.execution.workers import (
    MOST_WORKERS,
    STARTS,
    ExecutionError,
    NoWorkersError,
    Workers,
    deaf_to_interruptions,
)
from experiments.store.provenance import install_line
from experiments.text import one_line

if TYPE_CHECKING:
    from dask_jobqueue import SLURMCluster
    from distributed import Client, LocalCluster

SILENT = logging.CRITICAL + 1
HERE = "127.0.0.1"  # nothing that is started for this machine alone listens elsewhere
CONNECT_SECONDS = 10  # to wait for a scheduler to answer
START_SECONDS = 60  # to wait for a worker to start
LOOK_EVERY = 2.0  # seconds between looks at how many workers a scheduler has
NO_WORKER_FOR = 10.0  # seconds without any worker, after which others are started
SILENT_FOR = 20.0  # seconds without a sign of life of a worker
OURS = {"distributed.scheduler.allowed-failures": 0}  # the sweep decides what to do again


def require_dask(choice: Dask | Slurm, workers: int) -> None:
    """Refuse what cannot be started.

    Raises
    ------
    ExecutionError
        If Dask or ``sbatch`` is missing, no scheduler answers, or there are too many workers.
    """
    if workers > MOST_WORKERS * (100 if isinstance(choice, Slurm) else 1):
        raise ExecutionError(f"workers={workers} are too many for executor={choice.kind}")
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

    Raises
    ------
    ExecutionError
        If they cannot be had.
    """

    def __init__(self, choice: Dask | Slurm, workers: int) -> None:
        from distributed import KilledWorker

        self.deaths = (KilledWorker,)
        self._choice, self._workers = choice, workers
        self._others = set(multiprocessing.active_children())
        self._address = choice.address if isinstance(choice, Dask) else None
        self._cluster: LocalCluster | SLURMCluster | None = None
        self._start()

    def _start(self) -> None:
        """Start a cluster, or reach the scheduler; a worker that dies meanwhile is no harm."""
        for attempt in range(STARTS):
            try:
                self._connect()
                break
            except Exception as problem:  # whatever Dask says of a worker that died or hangs
                self._close()
                if isinstance(problem, ExecutionError):
                    raise
                if attempt == STARTS - 1:
                    reason = one_line(problem, 200) or type(problem).__name__
                    raise ExecutionError(
                        f"no Dask cluster can be started here ({reason}); try workers=1"
                    ) from None
        self._executor = self._client.get_executor(pure=False)
        self._looked, self._seen = 0.0, time.monotonic()

    def _connect(self) -> None:
        import dask
        from distributed import Client, LocalCluster

        resource_tracker.ensure_running()  # which lets signals through again when it starts
        with deaf_to_interruptions(), dask.config.set(OURS):
            if self._address is not None:
                self._client = _client(self._address)
                return
            if isinstance(self._choice, Slurm):
                self._cluster = slurm_cluster(self._choice)
                self._cluster.scale(n=self._workers)
            else:
                self._cluster = LocalCluster(
                    n_workers=self._workers,
                    threads_per_worker=1,
                    host=HERE,
                    dashboard_address=f"{HERE}:0",
                    scheduler_kwargs={"dashboard": False},
                    silence_logs=SILENT,
                    memory_limit=0,
                    death_timeout=START_SECONDS,
                )
            self._client = Client(self._cluster)

    @property
    def width(self) -> int:
        """One more than there are workers; a scheduler at an address may get more, or fewer."""
        return self._workers + 1

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call."""
        self._require_scheduler()
        future: Future[Any] = self._executor.submit(fn, *args)
        return future

    def restart(self) -> None:
        """Start a new cluster; at an address, restart the workers that do not answer."""
        if self._cluster is not None:
            self._close()
            self._start()
            return
        try:
            known = self._client.scheduler_info(n_workers=-1)["workers"]
            since = time.time() - SILENT_FOR
            silent = [address for address, each in known.items() if each["last_seen"] < since]
            self._client.restart_workers(silent, timeout=CONNECT_SECONDS, raise_for_error=False)
        except (OSError, TimeoutError, RuntimeError, ValueError):
            raise self.gone() from None

    def check(self) -> None:
        """Look, now and then, how many workers there are.

        Raises
        ------
        NoWorkersError
            If those of a cluster that was started here are all gone.
        ExecutionError
            If the scheduler is gone, or has no worker for some time.
        """
        self._require_scheduler()
        now = time.monotonic()
        if isinstance(self._choice, Slurm) or now < self._looked + LOOK_EVERY:
            return  # Slurm jobs may wait for hours
        self._looked = now
        try:
            there = sum(self._client.nthreads().values())
        except (OSError, TimeoutError, RuntimeError):
            raise self.gone() from None
        if there:
            self._seen = now
            if self._cluster is None:
                self._workers = there
        elif now > self._seen + NO_WORKER_FOR:
            if self._cluster is not None:
                raise NoWorkersError
            raise ExecutionError(
                f"the Dask scheduler at {self._address} has no worker: start one by dask worker "
                f"{self._address}"
            )

    def _require_scheduler(self) -> None:
        if self._client.status != "running":
            raise self.gone()

    def stop(self) -> None:
        """Cancel what waits; end the workers that were started here."""
        self._executor.shutdown(wait=False)
        self._close()

    def _close(self) -> None:
        """Close what was opened, though parts of it may be broken."""
        client: Client | None = getattr(self, "_client", None)
        with suppress(OSError, RuntimeError, TimeoutError, ValueError):
            if client is not None:
                client.close(timeout=2)
        with suppress(OSError, RuntimeError, TimeoutError, ValueError):
            if self._cluster is not None:
                self._cluster.close(timeout=10)
        for process in set(multiprocessing.active_children()) - self._others:
            process.kill()  # one that is stopped heeds nothing else

    def gone(self) -> ExecutionError:
        """Return what to say when the scheduler is out of reach."""
        where = "started here" if self._address is None else f"at {self._address}"
        return ExecutionError(
            f"the Dask scheduler {where} is gone; what was computed is stored, and the same "
            "command goes on from there"
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
            **choice.model_dump(),
            python=sys.executable,
            job_name="momentum",
            scheduler_options={"dashboard": False, "dashboard_address": f"{HERE}:0"},
        )
    except (ValueError, TypeError, OSError, RuntimeError) as problem:
        raise ExecutionError(f"executor=slurm: {one_line(problem)}") from None
