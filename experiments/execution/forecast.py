"""What a sweep would cost, from a few runs timed: ``momentum sweep … --dry-run``.

The runs go into a folder for temporary files, which is removed; nothing is written to the results.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.execution.plan import Plan, new_design, plan_sweep, task_of
from experiments.execution.progress import duration
from experiments.execution.task import Chunk, Task, chunk_seconds
from experiments.execution.worker import work
from experiments.store.identity import grown, refuse_changes
from experiments.store.layout import DESIGN, display_path
from experiments.store.parts import MISSING, RunId
from experiments.store.result import Result
from experiments.text import counted

if TYPE_CHECKING:
    from experiments.config.settings import Settings
    from experiments.design.experiment import Point

PROBES = 12  # runs timed, at most
PROBE_SECONDS = 5.0  # after which no other run is begun


@dataclass
class Forecast:
    """What a sweep would cost."""

    plan: Plan
    workers: int
    there: int  # runs stored already
    left: int  # runs to do; at most, if the sweep is refined
    probes: int = 0  # runs timed
    run_seconds: float = 0.0  # of one run in one process, on average over the points
    seconds: float = 0.0  # of all that is left, with the workers there are
    bytes: float = 0.0  # that all that is left takes on disk
    failed: int = 0  # probes that failed
    error: str = ""  # why the first of them did


def forecast(settings: Settings) -> Forecast:
    """Return what a sweep would cost; it writes nothing to the results.

    Raises
    ------
    DesignError
        For a wrong experiment, or a point that is no valid world.
    StoreError
        If the runs that are stored are of another set-up.
    """
    plan = plan_sweep(settings)
    begun = new_design(plan, settings)
    result = Result(plan.path)
    known = np.full((len(begun.points), plan.replicates), MISSING)
    if (plan.path / DESIGN).exists() and not settings.fresh:
        refuse_changes(plan.path, result.design, begun)
        begun = grown(result.design, begun)
        known = result.outcomes(*known.shape, beyond=bool(plan.refine))
    rule = plan.rule(begun.points)
    there = int((known != MISSING).sum())
    left = plan.runs(known, rule).left
    if left and rule is not None:
        left = max(left, rule.budget - there)
    cost = Forecast(plan, settings.workers, there, left)
    if not left:
        return cost
    users, horizon = settings.parameters.users.count, settings.parameters.horizon
    weeks = [  # of users: the work of a run grows with them
        int(point.get("users.count", users) * point.get("horizon", horizon))
        for point in begun.points
    ]
    task = task_of(settings, plan.path, begun)
    taken, errors, tables = _probe(task, begun.points, weeks)
    cost.probes, cost.failed, cost.error = len(taken), len(errors), next(iter(errors), "")
    if cost.failed < cost.probes:  # else nobody knows how long a run takes
        rate = sum(taken.values()) / sum(weeks[run.point] for run in taken)  # seconds a user-week
        cost.run_seconds = rate * float(np.mean(weeks))
        cost.seconds = left * cost.run_seconds / cost.workers
        cost.bytes = sum(_bytes(each, left, cost.seconds, cost.workers) for each in tables)
    return cost


def _probe(
    task: Task, points: Sequence[Point], weeks: Sequence[int]
) -> tuple[dict[RunId, float], list[str], list[list[pa.Table]]]:
    """Return the seconds of runs of all sizes, errors of those that failed, tables they store."""
    order = sorted(range(len(points)), key=weeks.__getitem__)
    count = min(PROBES, len(order))
    chosen = [order[round(i * (len(order) - 1) / max(count - 1, 1))] for i in range(count)]
    np.random.default_rng(0).shuffle(chosen)  # if time runs out, those left out are of all sizes
    taken: dict[RunId, float] = {}
    errors: list[str] = []
    stored: dict[str, list[pa.Table]] = {}
    with tempfile.TemporaryDirectory(prefix="momentum-") as folder:
        for name in ("runs", "weekly"):
            (Path(folder) / name).mkdir()
        task = replace(task, writer=replace(task.writer, folder=folder))
        first = RunId(0, chosen[0])
        work(task, Chunk((first,), {first.point: points[first.point]}))  # loads compiled code
        began = time.monotonic()
        for replicate, point in ((r, p) for r in range(PROBES) for p in chosen):
            if len(taken) >= PROBES or (taken and time.monotonic() - began > PROBE_SECONDS):
                break
            run = RunId(replicate, point)
            done = work(task, Chunk((run,), {point: points[point]}))
            for file in done.files:
                table = pq.read_table(Path(folder) / file)
                stored.setdefault(file.partition("/")[0], []).append(table)
            if done.prevented:
                taken[run], error = 0.0, done.prevented[run]
            else:
                [row] = stored["runs"][-1].select(["duration_s", "error"]).to_pylist()
                taken[run], error = row["duration_s"], row["error"]
            errors += [error] if error else []
    return taken, errors, list(stored.values())


def _bytes(tables: Sequence[pa.Table], runs: int, seconds: float, workers: int) -> float:
    """Return what runs take on disk, a file a chunk, if so many take what these do."""
    one, all_of_them = _file_size(tables[:1]), _file_size(tables)
    each = (all_of_them - one) / (len(tables) - 1) if len(tables) > 1 else one
    chunks, passed = 0, 0.0
    while passed < seconds:
        passed += chunk_seconds(passed)
        chunks += 1
    return runs * each + min(max(chunks, 1) * workers, runs) * max(one - each, 0)


def _file_size(tables: Sequence[pa.Table]) -> int:
    file = io.BytesIO()
    pq.write_table(pa.concat_tables(tables), file, compression="zstd")
    return file.tell()


# -- in words --------------------------------------------------------------------------------------


def describe_forecast(cost: Forecast) -> str:
    """Return a forecast in a few lines."""
    plan = cost.plan
    size = f"{counted(len(plan.points), 'point')} × {counted(plan.replicates, 'replicate')}"
    size += f" = {counted(plan.total, 'run')}"
    already = f", {cost.there:,} of them there already" if cost.there else ""
    lines = [f"{plan.name}: {size}{already}"]
    if plan.refine:
        lines.append(f"  refined where emergence is undecided: at most {cost.left:,} runs are left")
    counts = Counter(str(point["part"]) for point in plan.points)
    if len(counts) > 1 or plan.designs:
        lines += [
            f"  part {part}: {count:,} points{_made(plan.designs.get(part))}"
            for part, count in counts.items()
        ]
    if cost.failed:
        many = "all" if cost.failed == cost.probes else f"{cost.failed} of"
        lines.append(f"  {many} {cost.probes} runs that were tried failed: {cost.error}")
    if cost.left and cost.failed < cost.probes:
        with_ = "one worker" if cost.workers == 1 else f"{cost.workers} workers"
        lines += [
            f"  time: about {duration(cost.seconds)} with {with_}, {cost.run_seconds * 1000:,.3g} "
            f"ms a run ({cost.probes} runs timed)",
            f"  disk: about {amount(cost.bytes)} in {display_path(plan.path)}/",
        ]
    return "\n".join([*lines, "Nothing was written; without --dry-run it starts."])


def _made(described: Mapping[str, Any] | None) -> str:
    """Return in words how a part was sampled."""
    if described is None:
        return ""
    if described["design"] == "fractional" and described["resolution"] is not None:
        words = [f"{name} = {' x '.join(word)}" for name, word in described["generators"].items()]
        return f" (fractional, resolution {described['resolution']}; {', '.join(words)})"
    drawn = described.get("problem")
    return f" ({described['design']}{f' of {drawn["num_vars"]} parameters' if drawn else ''})"


def amount(size: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("bytes", "kB", "MB"):
        if size < 999.5:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} GB" if size < 999.5 else f"{size:,.0f} GB"
