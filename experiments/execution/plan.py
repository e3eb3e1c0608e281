"""What a sweep is going to do, checked before anything runs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.config.settings import SEED_LIMIT
from experiments.design.calibrated import CALIBRATED, chosen_worlds
from experiments.design.draw import draw
from experiments.design.experiment import Point, read_experiment
from experiments.design.point import (
    Points,
    conditions_of,
    describe,
    distinct_worlds,
    marks_of,
    varied,
)
from experiments.design.reading import HISTORY, DesignError, within
from experiments.execution.record import point_history, readings_of
from experiments.execution.refinement import Rule, read_rule, replicates_wanted
from experiments.execution.task import FRESH, Preparation, Runs, Task
from experiments.responses.mapping import CASES
from experiments.store import provenance
from experiments.store.identity import Design, digest_of_file, digest_of_record, file_parameters
from experiments.store.parts import PartWriter, Reading
from sim.parameters import Parameters
from sim.setup import check_world

if TYPE_CHECKING:
    from experiments.config.settings import Settings

MOST_RUNS = 10**8
REPLICATES = 20  # where neither the experiment nor the user says how many


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
    fresh_seeds: bool = False  # whether every point has luck of its own
    readings: tuple[Reading, ...] = ()  # of single weeks, in which the facts of the case lie

    @property
    def total(self) -> int:
        """Number of runs before any refinement."""
        return len(self.points) * self.replicates

    def rule(self, points: Sequence[Point]) -> Rule | None:
        """Return how points in this order are refined."""
        if not self.refine:
            return None
        parts = [str(point["part"]) for point in points]
        return read_rule(self.refine, parts, self.replicates)

    def runs(self, known: np.ndarray, rule: Rule | None) -> Runs:
        """Return the runs to do, if so much is known of each run."""
        return Runs(known, partial(replicates_wanted, first=self.replicates, rule=rule))


def plan_sweep(settings: Settings) -> Plan:
    """Return the plan of a sweep.

    Raises
    ------
    DesignError
        For a wrong experiment, or a point that is no valid world: which, and why.
    """
    experiment = read_experiment(settings.experiment or {}, settings.scale)
    held = settings.given
    readings: tuple[Reading, ...] = ()
    if experiment.read_facts:
        readings = readings_of(settings.case, settings.parameters.horizon)
        held |= set(settings.case.parameters) if settings.case else set()
    sampled = dict(settings.sampled)
    asked, worlds = sampled.pop("worlds", None), None
    if asked is not None:
        name = None if settings.case is None else settings.case.name
        worlds = chosen_worlds(asked, Path(settings.results_dir), name)
    points, designs = draw(
        settings.experiment, settings.scale, settings.swept, sampled, held, worlds
    )
    _refuse_ineffective(settings, points)
    _refuse_impossible(settings, points)
    table = Points.of(points)
    followed = [name for name in varied(table) if name in HISTORY]
    if followed and settings.case is None:
        raise DesignError(f"{followed[0]} needs a case: give case=NAME or case.file=PATH")
    replicates = settings.replicates or experiment.replicates or REPLICATES
    weekly = settings.record_weekly
    weekly = experiment.record_weekly if weekly is None else weekly
    refine = {**experiment.refine, **settings.refine}
    name = name_of(settings)
    path = Path(settings.results_dir) / name
    plan = Plan(
        name, path, table, replicates, weekly, designs, refine,
        experiment.fresh_seeds, readings,
    )  # fmt: skip
    _refuse_too_many(plan, settings.seed)
    return plan


def name_of(settings: Settings) -> str:
    """Return the name of a sweep's result."""
    if settings.name is not None:
        return settings.name
    if settings.experiment is None:
        return str(settings.sampled.get("design", "grid"))
    name = str(settings.experiment.get("name", "experiment"))
    if "cases.file" in settings.given:
        name += "-" + re.sub(r"[^\w.+-]+", "_", Path(str(settings.experiment[CASES])).stem)
    name += f"-{CALIBRATED}" if "worlds" in settings.sampled else ""
    return name if settings.scale == "laptop" else f"{name}-{settings.scale}"


def new_design(plan: Plan, settings: Settings) -> Design:
    """Return what the runs of a sweep depend on, if it begins now."""
    case = settings.case
    return Design(
        identity=uuid.uuid4().hex,
        seed=settings.seed,
        parameters={**settings.parameters.flat(), **settings.history},
        case="" if case is None else f"{case.name} {digest_of_record(case)}",
        model=provenance.model_sources(),
        record_weekly=plan.record_weekly,
        replicates=plan.replicates,
        points=plan.points,
        files=_files(settings.parameters, plan.points),
        fresh_seeds=plan.fresh_seeds,
        readings=plan.readings,
    )


def task_of(
    settings: Settings, folder: Path, begun: Design, prepare: Preparation | None = None
) -> Task:
    """Return what all runs of a sweep have in common."""
    return Task(
        writer=PartWriter(
            folder=str(folder.resolve()),
            identity=begun.identity,
            columns=tuple(varied(begun.points)),
            conditions=tuple(conditions_of(begun.points)),
            marks=tuple(marks_of(begun.points)),
            readings=tuple(Reading(*each) for each in begun.readings),
        ),
        base=settings.parameters,
        case=settings.case,
        history=settings.history,
        seed=settings.seed,
        record_weekly=begun.record_weekly,
        files=dict(begun.files),
        prepare=prepare,
        time_limit=settings.time_limit,
        code=provenance.worker_digest(),
        fresh_seeds=begun.fresh_seeds,
    )


def _files(base: Parameters, points: Points) -> dict[str, str]:
    """Return the digest of every file that the base or a point names, by its path."""
    paths: dict[str, None] = {}
    for name in file_parameters():
        paths[base.value(name)] = None
        if name in points.names:
            paths |= dict.fromkeys(points.table[name].unique().to_pylist())
    return {path: digest_of_file(path) for path in paths if path}


def _refuse_impossible(settings: Settings, points: list[Point]) -> None:
    """Refuse worlds whose network cannot be drawn or read, or whose record is too short."""
    networks, followed = set(), set()
    for number, point, world in distinct_worlds(settings.parameters, points):
        network = (world.users.count, world.network)
        if network not in networks:
            networks.add(network)
            with within(f"point {number} ({describe(point)})"):
                check_world(world, settings.given | point.keys())
        history = {name: point.get(name, settings.history[name]) for name in HISTORY}
        record = (world.horizon, *history.values())
        if record not in followed:
            followed.add(record)
            point_history(settings.case, history, world.horizon)


def _refuse_too_many(plan: Plan, seed: int) -> None:
    points, replicates = len(plan.points), plan.replicates
    if plan.total > MOST_RUNS:
        raise DesignError(
            f"{points:,} points × {replicates:,} replicates are too many runs, at most "
            f"{MOST_RUNS:,}: have fewer replicates= or points"
        )
    rule = plan.rule(plan.points)  # a wrong one shows here
    reached = replicates if rule is None else replicates + rule.budget - plan.total
    reached += FRESH * len(plan.points) if plan.fresh_seeds else 0
    if seed + reached > SEED_LIMIT:
        raise DesignError(
            f"seed={seed}: replicate r has the seed + r, and with up to {reached:,} "
            "replicates that goes beyond 2^63 - 1; take a smaller seed"
        )


def _refuse_ineffective(settings: Settings, points: list[Point]) -> None:
    """Refuse a parameter set by the user that every point of the experiment sets to its own."""
    for name in sorted(settings.given - settings.swept.keys()):
        if all(name in point for point in points):
            raise DesignError(
                f"{name} as given has no effect: the experiment sets it at every point; to sweep "
                f"it yourself, leave the experiment out and give {name}=a,b"
            )
