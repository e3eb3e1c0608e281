"""A sweep: the runs of an experiment or of a grid, stored as they come, continued where it was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.errors import MomentumError
from experiments.execution.driver import execute
from experiments.execution.executors import require, start
from experiments.execution.plan import Plan, new_design, plan_sweep, task_of
from experiments.execution.progress import Counts, Progress, Watcher, say
from experiments.execution.refinement import undecided
from experiments.execution.status import Session
from experiments.execution.task import Preparation, Runs
from experiments.execution.worker import COMPILING, is_cold
from experiments.execution.workers import ExecutionError
from experiments.store import provenance
from experiments.store.identity import Design, grown, refuse_changes
from experiments.store.layout import CONFIG, StoreError, display_path
from experiments.store.parts import FAILED, MISSING
from experiments.store.writer import Store
from experiments.text import counted

if TYPE_CHECKING:
    import pandas as pd

    from experiments.config.settings import Settings

_ONCE = ("fresh=", "retry_failed=")  # overrides that a command to go on leaves out


class SweepInterrupted(MomentumError):
    """The user stopped the sweep; the message says what is stored and how to go on."""

    exit_code = 130


class SweepFailed(ExecutionError):
    """A sweep that ended, but without a result: every run failed."""


def run_sweep(
    settings: Settings,
    progress: bool = True,
    on_batch: Callable[[pd.DataFrame], None] | None = None,
    prepare: Preparation | None = None,
) -> Path:
    """Run what is missing of a sweep and return the folder of its result.

    Parameters
    ----------
    settings
        What to run.
    progress
        Whether to say on standard error how far it is.
    on_batch
        Called with a row for each run finished so far, now and then and at the end.
    prepare
        Makes the world of each run and the record that it follows.

    Raises
    ------
    DesignError
        Before anything runs, if the experiment is wrong.
    ExecutionError
        If there are no workers to be had, or the environment prevented some of the runs.
    StoreError
        If the folder cannot be written, is held by another process, or holds something else.
    SweepFailed
        If every run failed.
    SweepInterrupted
        When the user stops it.
    """
    plan = plan_sweep(settings)
    require(settings.executor, settings.workers)
    with Store(plan.path) as store:
        report = say if progress else lambda text: None
        _Sweep(store, plan, settings, report, prepare).run(progress, on_batch)
    return plan.path


class _Sweep:
    def __init__(
        self,
        store: Store,
        plan: Plan,
        settings: Settings,
        report: Callable[[str], None],
        prepare: Preparation | None,
    ) -> None:
        self.store, self.plan, self.settings, self.report = store, plan, settings, report
        self.prepare = prepare
        if settings.fresh and (old := store.set_aside()) is not None:
            report(f"{plan.name}: the earlier runs are now in {display_path(old)}")
        self.design = _begin(store, plan, settings, prepare)
        self.rule = plan.rule(self.design.points)

    def run(self, progress: bool, on_batch: Callable[[pd.DataFrame], None] | None) -> None:
        """Compute what is missing, and say what came out."""
        runs, counts = self._missing(self.settings.retry_failed)
        watcher = Watcher(self.store, self.design, on_batch)
        if runs.left or not (self.plan.path / CONFIG).exists():
            designs = {"designs": self.plan.designs} if self.plan.designs else {}
            self.store.write_config({**self.settings.resolved, **designs})
        if runs.left:
            self._announce(counts)
            bar = Progress(self.plan.name, counts, progress, self.store.write_status)
            self._compute(runs, watcher, bar)
            place = display_path(self.plan.path)
            self.report(f"{self.plan.name}: done, {counts.done:,} runs in {place}, {bar.summary()}")
        else:
            self._announce_complete(counts)
        if self.rule is not None:
            left = int(undecided(runs.outcomes, self.rule).sum())
            self.report(
                f"{self.plan.name}: undecided within the precision asked for: {left:,} points"
            )
        watcher.show()
        self._refuse_if_all_failed(counts)

    def _announce(self, counts: Counts) -> None:
        plan = self.plan
        already = f", {counts.there:,} of them already there" if counts.there else ""
        size = f"{counted(len(plan.points), 'point')} × {counted(plan.replicates, 'replicate')}"
        more = ""
        if self.rule is not None:
            more = f", then up to {self.rule.budget:,} where it is undecided"
        self.report(f"{plan.name}: {size}, {plan.total:,} runs{more}{already}")
        if is_cold():
            self.report(COMPILING)

    def _announce_complete(self, counts: Counts) -> None:
        why = "are already there, with the same set-up and the same model"
        failed, again = "", "--fresh computes them again"
        if counts.failed:
            failed = f"; {counts.failed:,} of them failed"
            again = "--retry-failed tries these again, --fresh computes all again"
        place = display_path(self.plan.path)
        self.report(f"{self.plan.name}: all {counts.done:,} runs {why} ({place}){failed}; {again}")

    def _compute(self, runs: Runs, watcher: Watcher, bar: Progress) -> None:
        """Run what is not there yet and store it."""
        task = task_of(self.settings, self.store.path, self.design, self.prepare)
        counts, settings = bar.counts, self.settings
        prevented = ""
        with Session(self.store, settings, counts) as session, closing(bar):
            try:
                workers = start(settings.executor, settings.workers, task.time_limit is not None)
                with closing(execute(task, self.design.points, runs, workers)) as chunks:
                    for done in chunks:
                        if done is not None:
                            if done.files:
                                watcher.add(self.store.commit(done.name, done.files))
                            prevented = next(iter(done.prevented.values()), prevented)
                        counts.total = counts.done + (done.runs if done else 0) + runs.left
                        bar.update(done)
                self._verify(counts, prevented)
            except (KeyboardInterrupt, StoreError, ExecutionError) as problem:
                self._end(problem, counts, session)

    def _verify(self, counts: Counts, prevented: str) -> None:
        """Count what is stored; refuse to end if runs or the folder are gone, or were prevented."""
        runs, total = self._recount(counts)
        counts.total = max(counts.total, total)
        if not runs.left:
            return
        if prevented:
            raise ExecutionError(f"{runs.left:,} runs could not be carried out ({prevented})")
        raise StoreError(f"{runs.left:,} runs were removed while the sweep ran")

    def _end(self, problem: BaseException, counts: Counts, session: Session) -> None:
        """End a sweep that cannot go on: say what is stored and how to go on."""
        try:
            self._recount(counts)
            place = display_path(self.store.path)
            held = f"{counts.done:,} of {counts.total:,} runs are stored in {place}"
        except StoreError:
            held = "what is stored could not be counted"
        overrides = [text for text in self.settings.overrides if not text.startswith(_ONCE)]
        again = f"to go on: {provenance.command_line(self.settings.command, overrides)}"
        if isinstance(problem, KeyboardInterrupt):
            session.stopped_by = "the user"
            raise SweepInterrupted(f"stopped: {held}; {again}") from None
        session.stopped_by = str(problem)
        raise type(problem)(f"{problem}; {held}; when that is mended, {again}") from None

    def _recount(self, counts: Counts) -> tuple[Runs, int]:
        """Count what is stored in the folder that is held; return what is left, and of how many."""
        self.store.require_whole()
        runs, stored = self._missing()
        counts.done, counts.failed, counts.emerged = stored.done, stored.failed, stored.emerged
        return runs, stored.total

    def _missing(self, retry: bool = False) -> tuple[Runs, Counts]:
        """Return the runs to do, if wished also those that failed, and how far the sweep is."""
        size = len(self.design.points), self.plan.replicates
        known = self.store.result.outcomes(*size, beyond=self.rule is not None)
        if retry:
            known[known == FAILED] = MISSING
        runs = self.plan.runs(known, self.rule)
        return runs, Counts.of(known, runs.left)

    def _refuse_if_all_failed(self, counts: Counts) -> None:
        if counts.done and counts.failed == counts.done:
            [(error, number)] = self.store.result.errors().most_common(1)
            often = "" if number == counts.failed else f" ({number:,} times)"
            raise SweepFailed(
                f"{self.plan.name}: all {counts.failed:,} runs failed{often}: {error}; when that "
                "is mended, the same command with --retry-failed tries them again"
            )


def _begin(store: Store, plan: Plan, settings: Settings, prepare: Preparation | None) -> Design:
    """Return the design of a result, begun now or grown by what is new."""
    new = new_design(plan, settings)
    if prepare is not None:
        new = new._replace(case=prepare.digest)
    if not store.started:
        store.write_design(new)
        return new
    old = store.result.design
    refuse_changes(store.path, old, new)
    new = grown(old, new)
    store.own(new)
    if new != old:
        store.write_design(new)
    return new
