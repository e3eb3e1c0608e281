"""Where the user wants runs carried out: the files of ``conf/executor/`` and their options.

``executor=local`` (processes of this machine), ``executor=dask`` (a Dask cluster on this machine or
the scheduler at an address) and ``executor=slurm`` (Dask workers as Slurm jobs); a file of the
user's own says in ``kind`` which of them it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from experiments.errors import MomentumError
from experiments.validation import Description, validated, whole
from sim.parameters import unknown_name


class ExecutorError(MomentumError, ValueError):
    """An executor that cannot be meant; the message is one line."""


class Local(Description):
    """Processes of this machine."""

    kind: ClassVar[str] = "local"


class Dask(Description):
    """A Dask cluster."""

    kind: ClassVar[str] = "dask"

    address: str | None = Field(
        None, description="address of a scheduler that runs already; null: a cluster here"
    )


class Slurm(Description):
    """Dask workers as Slurm jobs; the names are those of `dask_jobqueue.SLURMCluster`."""

    kind: ClassVar[str] = "slurm"

    queue: str | None = Field(None, description="partition that jobs are sent to")
    account: str | None = Field(None, description="account that jobs are booked on")
    cores: whole(1) = Field(1, description="cores of a job")  # type: ignore[valid-type]
    processes: whole(1) = Field(1, description="workers of a job")  # type: ignore[valid-type]
    memory: str = Field("4GB", description="memory of a job")
    walltime: str = Field("01:00:00", description="time of a job")
    interface: str | None = Field(
        None, description="network by which workers reach the scheduler, as ib0"
    )
    job_extra_directives: list[str] = Field([], description="further lines #SBATCH of a job")
    job_script_prologue: list[str] = Field([], description="shell lines before its workers")


Choice = Local | Dask | Slurm

KINDS: dict[str, type[Choice]] = {kind.kind: kind for kind in (Local, Dask, Slurm)}


def option_meanings() -> dict[str, str]:
    """Return what each option that some executor has means, by its dotted name."""
    return {
        f"executor.{name}": option.description or ""
        for kind in KINDS.values()
        for name, option in kind.model_fields.items()
    }


def read_choice(given: Mapping[str, Any]) -> Choice:
    """Return the executor that a configuration describes.

    Raises
    ------
    ExecutorError
        For an unknown kind, an option it does not have, or a value that cannot be meant.
    """
    options = dict(given)
    name = str(options.pop("kind", None))
    if name not in KINDS:
        raise ExecutorError(f"executor.kind={name}: {unknown_name(name, list(KINDS), 'executor')}")
    for option in options:
        if option not in KINDS[name].model_fields:
            raise ExecutorError(not_an_option(name, f"executor.{option}"))
    return validated(KINDS[name], options, f"executor={name}", ExecutorError)


def not_an_option(executor: str, name: str) -> str:
    """Return what to say of an option that an executor does not have."""
    option = name.removeprefix("executor.")
    having = [f"executor={kind}" for kind in KINDS if option in KINDS[kind].model_fields]
    hint = (
        f"{' and '.join(having)} has it" if having else unknown_name(name, list(option_meanings()))
    )
    return f"{name} is no option of executor={executor}; {hint}"


def default_workers(choice: Choice) -> int:
    """Return how many workers there are unless the user says: one Slurm job, or all cores here."""
    return choice.processes if isinstance(choice, Slurm) else len(os.sched_getaffinity(0))
