"""A sweep: the runs of an experiment or of a grid, stored as they come, continued where it was."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.config.settings import SEED_LIMIT
from experiments.design import experiment as design
from experiments.design.experiment import HISTORY, DesignError, Point
from experiments.design.points import Points
from experiments.design.reading import read_mapping
from experiments.errors import MomentumError
from experiments.execution.execute import COMPILING, Task, execute, is_cold, point_history
from experiments.execution.executors import ExecutionError, require, start
from experiments.execution.progress import Counts, Progress, Watcher, say
from experiments.execution.refinement import Rule, read_rule, replicates_wanted, undecided
from experiments.store import provenance
from experiments.store.result import (
    CONFIG,
    SCHEMA_NOTE,
    SCHEMA_VERSION,
    Design,
    Store,
    StoreError,
    grown,
    refuse_changes,
    shown,
)
from experiments.store.runs import EMERGED, FAILED, MISSING, Runs
from sim.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from experiments.config.settings import Settings

MOST_RUNS = 10**8
REPLICATES = 20  # where neither the experiment nor the user says how many
SEEDS = "replicate r has the seed `seed` + r at every point: the same luck, and the same network"


class SweepInterrupted(MomentumError):
    """The user stopped the sweep; the message says what is stored and how to go on."""

    exit_code = 130


@dataclass(frozen=True)
class Plan:
    """What a sweep is going to do: every point is known to be a valid world."""

    name: str
    path: Path
    points: Points
    replicates: int
    record_weekly: bool
    designs: dict[str, dict[str, Any]]  # part -> how it was sampled, or what fraction it is
    refine: dict[str, Any]  # how it is refined; empty: not at all

    @property
    def total(self) -> int:
        """Number of runs before any refinement."""
        return len(self.points) * self.replicates

    def rule(self, points: Sequence[Point]) -> Rule | None:
        """Return how points in this order are refined."""
        if not self.refine:
            return None
        parts = [str(point["part"]) for point in points]
        return read_rule(self.refine, parts, self.replicates, "refine")


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
    points, told = design.draw(
        settings.experiment, settings.scale, settings.swept, settings.sampled, settings.given
    )
    _refuse_ineffective(settings, points)
    _refuse_history_without_case(settings, points)
    horizons: dict[int, int] = {}
    for number, point in enumerate(points):
        world = design.build(settings.parameters, point, number)
        points[number] = _plain(point, world)
        horizons[world.horizon] = number
    for horizon, number in horizons.items():
        point = {**settings.history, **points[number]}
        point_history(settings.case, point, horizon)  # a record too short shows here
    replicates = settings.replicates
    if replicates is None:
        replicates = (experiment or {}).get("replicates", REPLICATES)
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise DesignError(f"replicates = {replicates!r} must be a whole number from 1")
    name = name_of(settings)
    weekly = settings.record_weekly
    if weekly is None:
        weekly = bool((experiment or {}).get("record_weekly", False))
    refine = {**read_mapping((experiment or {}).get("refine"), "refine"), **settings.refine}
    path = Path(settings.results_dir) / name
    plan = Plan(name, path, Points.of(points), replicates, weekly, told, refine)
    if plan.total > MOST_RUNS:
        raise DesignError(
            f"{len(points):,} points × {replicates:,} replicates are too many runs, at most "
            f"{MOST_RUNS:,}: have fewer replicates= or points"
        )
    rule = plan.rule(points)  # a wrong one shows here
    reached = replicates if rule is None else replicates + rule.budget - plan.total
    if settings.seed + reached > SEED_LIMIT:
        raise DesignError(
            f"seed={settings.seed}: replicate r has the seed + r, and with up to {reached:,} "
            "replicates that goes beyond 2^63 - 1; take a smaller seed"
        )
    return plan


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
    ExecutionError
        If there are no workers to be had.
    StoreError
        If the folder cannot be written, is held by another process, or holds something else.
    SweepInterrupted
        When the user stops it.
    """
    plan = plan_sweep(settings)
    require(settings.executor)
    tell = say if progress else _say_nothing
    with Store(plan.path) as store:
        if settings.fresh and (old := store.set_aside()) is not None:
            tell(f"{plan.name}: kept the runs there were as {shown(old)}")
        begun = _begin(store, plan, settings)
        rule = plan.rule(begun.points)
        runs, counts = _missing(store, begun, plan, rule)
        watcher = Watcher(store, begun, on_batch)
        if runs.left or not (plan.path / CONFIG).exists():
            told = {"designs": plan.designs} if plan.designs else {}
            store.write_config({**settings.resolved, **told})
        if not runs.left:
            why = "are already there, with the same set-up and the same model"
            failed = f"; {counts.failed:,} of them failed, which counts" if counts.failed else ""
            again = "--fresh computes all again" if failed else "--fresh computes them again"
            place = shown(plan.path)
            tell(f"{plan.name}: all {counts.done:,} runs {why} ({place}){failed}; {again}")
        else:
            already = f", {counts.there:,} of them already there" if counts.there else ""
            size = f"{len(plan.points):,} points × {plan.replicates:,} replicates"
            more = "" if rule is None else f", then up to {rule.budget:,} where it is undecided"
            tell(f"{plan.name}: {size}, {plan.total:,} runs{more}{already}")
            if is_cold():
                tell(COMPILING)
            bar = Progress(plan.name, counts, progress, store.write_status)
            _compute(store, settings, begun, plan, runs, watcher, bar)
            tell(f"{plan.name}: done, {counts.done:,} runs in {shown(plan.path)}, {bar.summary()}")
        if rule is not None:
            left = int(undecided(runs.outcomes, rule).sum())
            tell(f"{plan.name}: undecided within the precision asked for: {left:,} points")
        watcher.show()
    return plan.path


def _compute(
    store: Store,
    settings: Settings,
    begun: Design,
    plan: Plan,
    runs: Runs,
    watcher: Watcher,
    bar: Progress,
) -> None:
    """Run what is not there yet and store it."""
    task = task_of(settings, store.path, begun)
    counts = bar.counts
    with _Session(store, settings, counts) as session, closing(bar):
        try:
            workers = start(settings.executor, settings.workers, task.time_limit is not None)
            with closing(execute(task, begun.points, runs, workers)) as chunks:
                for done in chunks:
                    if done is not None:
                        watcher.add(store.commit(done.name, done.files))
                    counts.total = counts.done + (done.runs if done else 0) + runs.left
                    bar.update(done)
        except (KeyboardInterrupt, StoreError, ExecutionError) as problem:
            _, stored = _missing(store, begun, plan, plan.rule(begun.points))
            counts.done, counts.failed = stored.done, stored.failed
            counts.emerged = stored.emerged
            held = f"{counts.done:,} of {counts.total:,} runs are stored in {shown(store.path)}"
            kept = [text for text in settings.overrides if not text.startswith("fresh=")]
            again = f"to go on: {provenance.command_line('sweep', kept)}"
            if isinstance(problem, KeyboardInterrupt):
                session.stopped_by = "the user"
                raise SweepInterrupted(f"stopped: {held}; {again}") from None
            session.stopped_by = str(problem)
            raise type(problem)(f"{problem}; {held}; when that is mended, {again}") from None


def new_design(plan: Plan, settings: Settings) -> Design:
    """Return what the runs of a sweep depend on, if it begins now."""
    case = settings.case
    return Design(
        identity=uuid.uuid4().hex,
        seed=settings.seed,
        parameters={**settings.parameters.flat(), **settings.history},
        case="" if case is None else f"{case.name} {_digest(case.history(case.weeks))}",
        model=provenance.model_sources(),
        record_weekly=plan.record_weekly,
        replicates=plan.replicates,
        points=plan.points,
    )


def _begin(store: Store, plan: Plan, settings: Settings) -> Design:
    """Return the design of a result, begun now or grown by what is new."""
    new = new_design(plan, settings)
    store.clean()
    if store.started:
        old = store.result.design
        refuse_changes(store.path, old, new)
        new = grown(old, new)
        if new != old:
            store.write_design(new)
        store.make_room(new.record_weekly)
    else:
        store.write_design(new)
    return new


def task_of(settings: Settings, folder: Path, begun: Design) -> Task:
    """Return what all runs of a sweep have in common."""
    return Task(
        folder=str(folder.absolute()),
        identity=begun.identity,
        base=settings.parameters,
        case=settings.case,
        history=settings.history,
        seed=settings.seed,
        columns=tuple(design.varied(begun.points)),
        conditions=tuple(design.conditions_of(begun.points)),
        marks=tuple(design.marks_of(begun.points)),
        record_weekly=begun.record_weekly,
        time_limit=settings.time_limit,
        code=provenance.worker_digest(),
    )


def runs_of(known: np.ndarray, plan: Plan, rule: Rule | None) -> Runs:
    """Return the runs to do, if so much is known; see `experiments.store.runs`."""
    return Runs(known, partial(replicates_wanted, first=plan.replicates, rule=rule))


def _missing(store: Store, begun: Design, plan: Plan, rule: Rule | None) -> tuple[Runs, Counts]:
    """Return the runs to do, and how far the sweep is."""
    size = len(begun.points), plan.replicates
    known = store.result.outcomes(*size, beyond=rule is not None)
    failed, emerged, there = (
        int(np.sum(each)) for each in (known == FAILED, known == EMERGED, known != MISSING)
    )
    runs = runs_of(known, plan, rule)
    return runs, Counts(there + runs.left, there, there, failed, emerged)


def name_of(settings: Settings) -> str:
    """Return the name of a sweep's result."""
    if settings.name is not None:
        return settings.name
    if settings.experiment is None:
        return str(settings.sampled.get("design", "grid"))
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


class _Session:
    """Keeps provenance.json: a session for each start of the sweep that computed something."""

    def __init__(self, store: Store, settings: Settings, counts: Counts) -> None:
        self.stopped_by = ""
        self._store, self._counts, self._failed_before = store, counts, counts.failed
        before = store.result.provenance
        self._own = provenance.provenance("sweep", settings.overrides)
        self._own["executor"] = {"kind": settings.executor.kind, "workers": settings.workers}
        self._all = {
            "schema": SCHEMA_VERSION,
            "schema_note": SCHEMA_NOTE,
            "name": store.result.name,
            "command": self._own["command"],
            "seed": settings.seed,
            "seeds": SEEDS,
            "started": before.get("started") or self._own["started"],
            "ended": None,
            "complete": False,
            "runs": {"total": counts.total},
            "sessions": [*(before.get("sessions") or []), self._own],
        }

    def __enter__(self) -> _Session:
        self._store.write_provenance(self._all)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        counts = self._counts
        self._own |= {
            "ended": provenance.now(),
            "runs": counts.done - counts.there,
            "failed": counts.failed - self._failed_before,
        }
        if kind is not None:
            self._own["stopped_by"] = self.stopped_by or kind.__name__
        self._all |= {
            "ended": self._own["ended"],
            "complete": kind is None,
            "runs": {
                "total": counts.total,
                "done": counts.done,
                "failed": counts.failed,
                "emerged": counts.emerged,
            },
        }
        if kind is None:
            self._store.write_provenance(self._all)
            return
        self._store.clean()  # on a full disk, what was left unfinished makes room
        with suppress(StoreError):  # it must not hide why the sweep ended
            self._store.write_provenance(self._all)


def _say_nothing(text: str) -> None:
    pass
