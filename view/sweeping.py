"""A sweep that a page starts: the commands ``momentum sweep`` and ``report``, in a process each."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.config.choices import ConfigError, names_of
from experiments.config.overrides import unknown
from experiments.design.point import describe
from experiments.errors import MomentumError
from experiments.execution.plan import Plan, new_design, plan_sweep
from experiments.execution.status import read_status
from experiments.store.identity import refuse_changes
from experiments.store.layout import DESIGN, StoreError
from experiments.store.parts import EMERGED, FAILED, MISSING
from experiments.store.provenance import command_line
from experiments.store.result import Result
from sim.parameters import declarations
from view.settings import LOCAL, composed

SCALES = ("smoke", "laptop")
NOT_SWEPT = ("name", "save_week", "resume", "experiment", "scale")
"""What of a world's overrides a sweep is not given."""
STOPPED = (130, -signal.SIGTERM, -signal.SIGINT)  # exit codes
PATIENCE, TRIES = 5.0, 6  # seconds a process has to stop, and how often it is asked to
VALUE = re.compile(r"-?[\w.+-]+")
MOST_CELLS = 1_200  # of a picture; of more points, neighbours share one


class SweepRefused(MomentumError, ValueError):
    """A sweep that is not started; the message is one line."""


class Cell(NamedTuple):
    """A point of a sweep, or neighbouring points, as a page shows them."""

    words: str
    at: list[int]  # column and row on the map of two parameters; empty if there is no map
    done: float  # share of its runs
    share: float | None  # of the runs done, in which a movement emerged; None without one


class Sweep:
    """A sweep in a process of its own, which may be over.

    Parameters
    ----------
    words
        What ``momentum sweep`` is given.
    plan
        What that is.
    axes
        The two parameters of a map, with the values of each; empty if there is none.
    """

    def __init__(self, words: Sequence[str], plan: Plan, axes: dict[str, list[Any]]) -> None:
        self.words, self.plan, self.axes = [*words], plan, axes
        self._cells: list[tuple[str, list[int]]] = []
        self.state = "running"  # stopped, failed, complete
        self.problem = ""
        self._process = _command("sweep", self.words)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    @property
    def command(self) -> str:
        """The command that does the same."""
        return command_line("sweep", self.words)

    def cancel(self) -> None:
        """Stop it; what is stored stays, and the same command goes on.

        It is asked again if need be: Python loses a signal that comes while it calls back from C,
        as it may while it loads modules.
        """
        for _ in range(TRIES):
            self._process.terminate()
            self._thread.join(timeout=PATIENCE)
            if not self._thread.is_alive():
                return

    def _follow(self) -> None:
        """Wait for the runs, then for their report."""
        folder = [text for text in self.words if text.startswith("results_dir=")]
        for command, words in (("sweep", []), ("report", [self.plan.name, *folder])):
            if command == "report":
                self._process = _command(command, words)
            said = self._process.communicate()[1].strip().splitlines()
            code = self._process.returncode
            if code in STOPPED:
                self.state = "stopped"
                return
            if code:
                self.problem = said[-1].removeprefix("momentum: ") if said else f"exit code {code}"
                self.state = "failed"
                return
        self.state = "complete"

    def progress(self) -> str:
        """Return how far it is, in a sentence."""
        try:
            counts = read_status(self.plan.path).counts
        except (OSError, ValueError, StoreError):  # nothing is stored yet
            return "It begins …"
        pace = f"; {counts.pace()}" if self.state == "running" and counts.pace() else ""
        return f"{counts.done:,} of {counts.total:,} runs, {counts.outcome()}{pace}."

    def cells(self) -> list[Cell]:
        """Return what is known of its points, in their order; none before it has begun."""
        result = Result(self.plan.path)
        if not (self.plan.path / DESIGN).exists():
            return []
        points = result.design.points
        step = -(-len(points) // MOST_CELLS)
        if not self._cells:
            shown = (points[k] for k in range(0, len(points), step))
            self._cells = [(describe(point), self._place(point)) for point in shown]
        known = result.outcomes(len(points), self.plan.replicates)
        return [
            _cell(*cell, known[k * step : (k + 1) * step]) for k, cell in enumerate(self._cells)
        ]

    def _place(self, point: Mapping[str, Any]) -> list[int]:
        return [values.index(point[name]) for name, values in self.axes.items()]


def _cell(words: str, at: list[int], known: np.ndarray) -> Cell:
    there = int(np.sum((known != MISSING) & (known != FAILED)))
    share = float(np.sum(known == EMERGED)) / there if there else None
    return Cell(words, at, float(np.mean(known != MISSING)), share)


def _command(command: str, words: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "experiments", command, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


class Sweeper:
    """Starts sweeps, one at a time, whichever page asks."""

    def __init__(self) -> None:
        self.sweep: Sweep | None = None
        self.allowed = True  # whether pages may start one
        self._lock = threading.Lock()

    def start(self, words: Sequence[str]) -> None:
        """Start a sweep, or go on with one.

        Raises
        ------
        SweepRefused
            If pages may not start one, or one runs already.
        ConfigError, ParameterError, DesignError, StoreError
            If there is no such sweep, or its name or its folder cannot be had.
        """
        with self._lock:
            if not self.allowed:
                raise SweepRefused(
                    "other machines reach this server, so that no page may start a sweep: run the "
                    "command below on the machine itself"
                )
            if self.sweep and self.sweep.state == "running":
                raise SweepRefused(
                    f"the sweep {self.sweep.plan.name} is running: wait for it, or cancel it"
                )
            settings = composed(words)
            plan = plan_sweep(settings)
            if (plan.path / DESIGN).exists():
                refuse_changes(plan.path, Result(plan.path).design, new_design(plan, settings))
            elif plan.path.exists():
                raise SweepRefused(f"name={plan.name}: this folder exists already; choose another")
            if plan.path.exists() and read_status(plan.path).holder:
                raise SweepRefused(f"name={plan.name}: another process is writing it; wait for it")
            is_map = settings.experiment is None and len(settings.swept) == 2
            axes = {name: [*values] for name, values in settings.swept.items() if is_map}
            self.sweep = Sweep(words, plan, axes)

    def cancel(self) -> None:
        """Stop the sweep that runs, if one does."""
        if self.sweep and self.sweep.state == "running":
            self.sweep.cancel()


def words_of(world: Sequence[str], asked: Mapping[str, Any]) -> list[str]:
    """Return what ``momentum sweep`` is given for a world and what a visitor asks for.

    What an experiment sets at every point, or a visitor varies, is left out of the world.

    Parameters
    ----------
    world
        Overrides of the world.
    asked
        ``experiment`` and ``scale``, or ``levers``, each with ``name`` and ``values``, and
        ``replicates``; ``name`` of the result.

    Raises
    ------
    SweepRefused, ConfigError, DesignError
        If it asks for nothing that there is.
    """
    there = [text for text in world if _name(text) not in NOT_SWEPT]
    name = f"name={asked.get('name')}"
    if asked.get("experiment"):
        experiment, scale = asked["experiment"], asked.get("scale")
        if experiment not in names_of("experiment") or scale not in SCALES:
            raise SweepRefused(f"there is no experiment {experiment!a} at scale {scale!a}")
        chosen = [f"experiment={experiment}", f"scale={scale}"]
        case = [text for text in there if _name(text) in ("case", "case.file")]
        points = plan_sweep(composed([*chosen, *case])).points
        own = [key for key in points.names if all(key in point for point in points)]
        return [*chosen, *(text for text in there if _name(text) not in own), name]
    levers = {str(each.get("name")): each.get("values") for each in asked.get("levers") or []}
    if len(levers) != 2:
        raise SweepRefused("choose two different parameters")
    for lever, values in levers.items():
        if lever not in declarations() or lever in LOCAL:
            raise ConfigError(f"a page varies parameters; {unknown(lever)}")
        if not values or not all(VALUE.fullmatch(str(each)) for each in values):
            raise SweepRefused(f"{lever}: give it one or more numbers or choices")
    swept = [f"{lever}={','.join(map(str, values))}" for lever, values in levers.items()]
    rest = [text for text in there if _name(text) not in levers]
    return [*rest, *swept, f"replicates={asked.get('replicates')}", name]


def _name(override: str) -> str:
    return override.partition("=")[0].lstrip("+~")


sweeper = Sweeper()
"""The one of this server."""
