"""A sweep: the runs of an experiment or of a grid, stored as they come, continued where it was."""

from __future__ import annotations

import hashlib
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import design, provenance
from experiments.design import HISTORY, DesignError, Point
from experiments.execute import COMPILING, Done, RunId, Task, execute, is_cold, point_history
from experiments.store import (
    Design,
    Store,
    Stored,
    grown,
    read_part,
    refuse_changes,
    shown,
    tidy,
)
from sim.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from experiments.config import Settings

REPLICATES = 20  # where neither the experiment nor the user says how many
LINE_EVERY = 60.0  # seconds between lines of progress that is not shown on a terminal
BATCH_EVERY = 0.5  # seconds between calls of on_batch, at least
BATCH_SHARE = 20  # times the duration of a call, at least, until the next
BAR = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}, {rate_fmt}, {remaining} left{postfix}"
SEEDS = "replicate r has the seed `seed` + r at every point: the same luck, and the same network"


class SweepInterrupted(Exception):
    """The user stopped the sweep; the message says what is stored and how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class Plan:
    """What a sweep is going to do: every point is known to be a valid world."""

    name: str
    path: Path
    points: list[Point]
    replicates: int
    record_weekly: bool

    @property
    def total(self) -> int:
        """Number of runs."""
        return len(self.points) * self.replicates


def plan_sweep(settings: Settings) -> Plan:
    """Return the plan of a sweep.

    Raises
    ------
    DesignError
        For a wrong experiment, or a point that is no valid world: which, and why.
    """
    experiment = None
    if settings.experiment is not None:
        experiment = design.at_scale(settings.experiment, settings.scale)
    points = design.points(settings.experiment, settings.scale, settings.swept)
    _refuse_ineffective(settings, points)
    _refuse_history_without_case(settings, points)
    worlds = [design.build(settings.parameters, point, i) for i, point in enumerate(points)]
    points = [_plain(point, world) for point, world in zip(points, worlds, strict=True)]
    for horizon, number in {world.horizon: i for i, world in enumerate(worlds)}.items():
        point = {**settings.history, **points[number]}
        point_history(settings.case, point, horizon)  # a record too short shows here
    replicates = settings.replicates
    if replicates is None:
        replicates = (experiment or {}).get("replicates", REPLICATES)
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise DesignError(f"replicates = {replicates!r} must be a whole number from 1")
    name = _name(settings)
    weekly = settings.record_weekly
    if weekly is None:
        weekly = bool((experiment or {}).get("record_weekly", False))
    return Plan(name, Path(settings.results_dir) / name, points, replicates, weekly)


def run_sweep(
    settings: Settings,
    progress: bool = True,
    on_batch: Callable[[pd.DataFrame], None] | None = None,
) -> Path:
    """Run what is missing of a sweep and return the folder of its result.

    Parameters
    ----------
    settings
        What to run.
    progress
        Whether to tell on standard error how far it is.
    on_batch
        Called with a row for each run finished so far, now and then and at the end.

    Raises
    ------
    DesignError
        Before anything runs, if the experiment is wrong.
    StoreError
        If the folder cannot be written, is held by another process, or holds something else.
    SweepInterrupted
        When the user stops it.
    """
    plan = plan_sweep(settings)
    say = _say if progress else _say_nothing
    with Store(plan.path) as store:
        if settings.fresh and (old := store.set_aside()) is not None:
            say(f"{plan.name}: kept the runs there were as {shown(old)}")
        begun = _begin(store, plan, settings)
        stored = store.result.stored(len(begun.points), plan.replicates)
        there = _wanted(stored, plan)
        watcher = _Watcher(store, begun, on_batch)
        if there.all():
            why = "are already there, with the same set-up and the same model"
            again = "fresh=true computes them again"
            say(f"{plan.name}: all {plan.total:,} runs {why} ({shown(plan.path)}); {again}")
        else:
            already = f", {there.sum():,} of them already there" if there.any() else ""
            size = f"{len(plan.points):,} points × {plan.replicates:,} replicates"
            say(f"{plan.name}: {size}, {plan.total:,} runs{already}")
            if is_cold():
                say(COMPILING)
            bar = _Progress(progress, plan, stored, int(there.sum()))
            _compute(store, settings, plan, begun, there, watcher, bar)
            say(f"{plan.name}: done, {plan.total:,} runs in {shown(plan.path)}{bar.summary()}")
        watcher.show()
    return plan.path


def _compute(
    store: Store,
    settings: Settings,
    plan: Plan,
    begun: Design,
    there: np.ndarray,
    watcher: _Watcher,
    bar: _Progress,
) -> None:
    """Run what is not there yet and store it."""
    task = _task(settings, plan, begun)
    runs = execute(task, begun.points, _missing(there), int((~there).sum()), settings.workers)
    with _Session(store, settings, plan) as session, closing(bar), closing(runs):
        try:
            for done in runs:
                if done is not None:
                    part = store.commit(done.name, done.files)
                    session.add(done)
                    watcher.add(part)
                bar.update(done)
        except KeyboardInterrupt:
            session.stopped_by = "the user"
            held = _wanted(store.result.stored(len(begun.points), plan.replicates), plan).sum()
            kept = [text for text in settings.overrides if not text.startswith("fresh=")]
            again = provenance.command_line("sweep", kept)
            raise SweepInterrupted(
                f"stopped: {held:,} of {plan.total:,} runs are stored in {shown(plan.path)}; "
                f"to go on: {again}"
            ) from None


def _wanted(stored: Stored, plan: Plan) -> np.ndarray:
    """Return which of the plan's runs are stored, (points, replicates)."""
    return stored.done[: len(plan.points), : plan.replicates]


def _begin(store: Store, plan: Plan, settings: Settings) -> Design:
    """Return the design of a result, begun now or grown by what is new."""
    case = settings.case
    new = Design(
        identity=uuid.uuid4().hex,
        seed=settings.seed,
        parameters={**settings.parameters.flat(), **settings.history},
        case="" if case is None else f"{case.name} {_digest(case.history(case.weeks))}",
        model=provenance.model_sources(),
        record_weekly=plan.record_weekly,
        replicates=plan.replicates,
        points=plan.points,
    )
    store.clean()
    if store.started:
        old = store.result.design
        refuse_changes(store.path, old, new)
        new = grown(old, new)
        if new != old:
            store.write_design(new)
    else:
        store.write_design(new)
    store.write_config(settings.resolved)
    return new


def _task(settings: Settings, plan: Plan, begun: Design) -> Task:
    return Task(
        folder=str(plan.path),
        identity=begun.identity,
        base=settings.parameters,
        case=settings.case,
        history=settings.history,
        seed=settings.seed,
        columns=tuple(design.varied(begun.points)),
        conditions=tuple(design.conditions_of(begun.points)),
        labelled=any("label" in point for point in begun.points),
        record_weekly=plan.record_weekly,
    )


def _missing(done: np.ndarray) -> Iterator[RunId]:
    """Yield the runs to do, replicate by replicate: all points have as many, and share networks."""
    for replicate in range(done.shape[1]):
        for point in np.flatnonzero(~done[:, replicate]):
            yield RunId(replicate, int(point))


def _name(settings: Settings) -> str:
    if settings.name is not None:
        return settings.name
    if settings.experiment is None:
        return "grid"
    name = str(settings.experiment.get("name", "experiment"))
    return name if settings.scale == "laptop" else f"{name}-{settings.scale}"


def _plain(point: Point, world: Parameters) -> Point:
    """Return the point with values as the world has them: 1.0 for 1, the choice's exact name."""
    return point | {name: world.value(name) for name in design.settings_of(point)}


def _refuse_ineffective(settings: Settings, points: list[Point]) -> None:
    """Refuse a parameter set by the user that every point of the experiment sets to its own."""
    for name in sorted(settings.given - settings.swept.keys()):
        if all(name in point for point in points):
            raise DesignError(
                f"{name} as given has no effect: the experiment sets it at every point; to sweep "
                f"it yourself, leave the experiment out and give {name}=a,b"
            )


def _refuse_history_without_case(settings: Settings, points: list[Point]) -> None:
    for name in design.varied(points):
        if name in HISTORY and settings.case is None:
            raise DesignError(f"{name} needs a case: give case=NAME or case.file=PATH")
        values = [point[name] for point in points if name in point]
        if name in HISTORY and any(type(value) is not type(HISTORY[name]) for value in values):
            kind = "true or false" if isinstance(HISTORY[name], bool) else "a number of weeks"
            raise DesignError(f"{name} must be {kind}")


def _digest(history: Any) -> str:
    joined = b"".join(np.asarray(series, dtype=float).tobytes() for series in history)
    return hashlib.sha256(joined).hexdigest()[:16]


# -- telling ---------------------------------------------------------------------------------------


class _Session:
    """Keeps provenance.json: a session for each start of the sweep that computed something."""

    def __init__(self, store: Store, settings: Settings, plan: Plan) -> None:
        self.runs = self.failed = 0
        self.stopped_by = ""
        self._store = store
        path = store.path / "provenance.json"
        before = store.result.provenance if path.exists() else {}
        self._own = provenance.provenance("sweep", settings.overrides)
        self._all = {
            "schema": 1,
            "name": plan.name,
            "command": self._own["command"],
            "seed": settings.seed,
            "seeds": SEEDS,
            "started": before.get("started", self._own["started"]),
            "ended": None,
            "complete": False,
            "sessions": [*before.get("sessions", []), self._own],
        }

    def add(self, done: Done) -> None:
        self.runs += done.runs
        self.failed += done.failed

    def __enter__(self) -> _Session:
        self._write()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._own |= {"ended": provenance.now(), "runs": self.runs, "failed": self.failed}
        if kind is not None:
            self._own["stopped_by"] = self.stopped_by or kind.__name__
        self._all |= {"ended": self._own["ended"], "complete": kind is None}
        self._write()

    def _write(self) -> None:
        self._store.write_provenance(self._all)


class _Watcher:
    """Hands the runs finished so far to whoever watches, without taking much time for it."""

    def __init__(
        self, store: Store, begun: Design, on_batch: Callable[[pd.DataFrame], None] | None
    ) -> None:
        self._design, self._on_batch = begun, on_batch
        self._tables: list[pa.Table] = [] if on_batch is None else store.result.tables()
        self._next = 0.0

    def add(self, part: Path) -> None:
        if self._on_batch is not None:
            self._tables.append(read_part(part, self._design.identity))
            if time.monotonic() > self._next:
                self.show()

    def show(self) -> None:
        if self._on_batch is not None and self._tables:
            start = time.monotonic()
            self._on_batch(tidy(self._tables, self._design))
            end = time.monotonic()
            self._next = end + max(BATCH_EVERY, BATCH_SHARE * (end - start))


class _Progress:
    """Tells how far a sweep is: a bar on a terminal, else a line a minute."""

    def __init__(self, shown: bool, plan: Plan, stored: Stored, there: int) -> None:
        self._name, self._total, self._first, self._runs = plan.name, plan.total, there, there
        self._failed, self._emerged = stored.failed, stored.emerged
        self._start = self._told = time.monotonic()
        self._lines = shown and not sys.stderr.isatty()
        self._bar: Any = None
        if shown and not self._lines:
            from tqdm import tqdm

            self._bar = tqdm(
                desc=plan.name,
                initial=there,
                total=plan.total,
                unit=" runs",
                leave=False,
                dynamic_ncols=True,
                bar_format=BAR,
            )

    def update(self, done: Done | None) -> None:
        if done is not None:
            self._runs += done.runs
            self._failed += done.failed
            self._emerged += done.emerged
        if self._bar is not None:
            if done is not None:
                self._bar.set_postfix_str(self._counts(), refresh=False)
                self._bar.update(done.runs)
            self._bar.refresh()
        elif self._lines and time.monotonic() - self._told > LINE_EVERY:
            self._told = time.monotonic()
            rate = (self._runs - self._first) / (self._told - self._start)
            left = f"{(self._total - self._runs) / rate:,.0f} s left, " if rate else ""
            runs = f"{self._runs:,} of {self._total:,} runs, {rate:,.1f} runs/s"
            _say(f"{self._name}: {runs}, {left}{self._counts()}")

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def summary(self) -> str:
        """Return what came out, for the last line."""
        return f", {time.monotonic() - self._start:,.0f} s, {self._counts()}"

    def _counts(self) -> str:
        share = self._emerged / max(self._runs - self._failed, 1)
        return f"{self._failed:,} failed, {share:.0%} emerged"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say_nothing(text: str) -> None:
    pass
