"""What every executor of chunks of runs can do: be mended when its workers die or hang."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from experiments.errors import MomentumError

STARTS = 3  # attempts to start workers
MOST_WORKERS = 1_000  # processes on this machine


class ExecutionError(MomentumError, RuntimeError):
    """Runs cannot be carried out at all; the message is one line."""


class NoWorkersError(Exception):
    """No worker is left: what is under way will never end."""


class Workers(ABC):
    """An executor that can be mended when its workers die or hang."""

    deaths: tuple[type[BaseException], ...] = ()
    """What a call ends with whose worker died."""

    fails_together: bool = False
    """Whether the death of one worker ends all that is under way."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Number of chunks to have under way at once."""

    @abstractmethod
    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Submit a call."""

    def replace_dead(self) -> None:  # noqa: B027  (nothing to do in most)
        """Replace workers that died."""

    def restart(self) -> None:  # noqa: B027
        """End all workers that this process started and start others.

        What was under way is lost; of a scheduler that runs already, only workers that hang are
        restarted.
        """

    def check(self) -> None:  # noqa: B027
        """Look whether anybody will answer.

        Raises
        ------
        NoWorkersError
            If no worker is left and others can be started.
        ExecutionError
            If none can be had any more.
        """

    @abstractmethod
    def stop(self) -> None:
        """End the workers at once, whatever they do."""

    def gone(self) -> ExecutionError:
        """Return what to say when the workers are out of reach."""
        return ExecutionError("the workers are gone; the same command goes on from what is stored")
