"""How far a sweep is, written for later and for other shells: provenance.json, ``momentum status``.

While a sweep runs, its driver writes ``status.json`` every second; once nobody runs it, the stored
runs are counted.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.execution.progress import Counts, duration
from experiments.execution.task import FRESH
from experiments.store import layout, provenance
from experiments.store.crate import write_crate
from experiments.store.records import read_record
from experiments.store.result import Result
from experiments.store.safety import holder_of
from experiments.store.writer import Store

if TYPE_CHECKING:
    from experiments.config.settings import Settings

BELIEVED = 120.0  # seconds: a younger report of another machine says that its driver is alive
SEEDS = "replicate r has the seed `seed` + r at every point: the same luck, and the same network"
FRESH_SEEDS = f"replicate r of point k has the seed `seed` + r + {FRESH} k: luck of its own"


class Session:
    """Writes provenance.json when a sweep starts and when it ends, however it ends."""

    def __init__(self, store: Store, settings: Settings, counts: Counts) -> None:
        self.stopped_by = ""
        self._store, self._counts, self._failed_before = store, counts, counts.failed
        before = store.result.provenance
        self._own = provenance.provenance(settings.command, settings.overrides)
        self._own["executor"] = {"kind": settings.executor.kind, "workers": settings.workers}
        self._all = {
            "schema": layout.SCHEMA_VERSION,
            "schema_note": layout.SCHEMA_NOTE,
            "name": store.result.name,
            "command": self._own["command"],
            "seed": settings.seed,
            "seeds": FRESH_SEEDS if store.result.design.fresh_seeds else SEEDS,
            "started": before.get("started") or self._own["started"],
            "ended": None,
            "complete": False,
            "runs": {"total": counts.total},
            "sessions": [*(before.get("sessions") or []), self._own],
        }

    def __enter__(self) -> Session:
        self._store.write_json(layout.PROVENANCE, self._all)
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
            "runs": {n: getattr(counts, n) for n in ("total", "done", "failed", "emerged")},
        }
        if kind is None:
            self._store.write_json(layout.PROVENANCE, self._all)
            write_crate(self._store.path)
            return
        with suppress(layout.StoreError):  # it must not hide why the sweep ended
            self._store.clean()  # there may be no space left
            self._store.write_json(layout.PROVENANCE, self._all)


@dataclass(frozen=True)
class Status:
    """How far a result is."""

    name: str
    state: str  # running, complete, stopped, killed; incomplete if runs are gone since it ended
    counts: Counts
    since: datetime  # when the sweep was started last
    until: datetime | None  # when it ended; None if it runs, or nobody knows
    holder: str  # who runs it; empty if nobody does
    stopped_by: str
    command: str  # that goes on

    @property
    def share(self) -> float:
        """Share of the runs that is done."""
        return self.counts.done / max(self.counts.total, 1)


def read_status(path: Path, name: str | None = None) -> Status:
    """Read how far a result is; one that is published or a single run is complete.

    Parameters
    ----------
    path
        Its folder.
    name
        What it is called; the folder's name if not given.

    Raises
    ------
    StoreError
        If a file is damaged; the message names it.
    """
    lines = read_record(path / layout.PROVENANCE, missing_ok=True)
    session = (lines.get("sessions") or [lines])[-1]
    since = _time(session.get("started")) or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    report = read_record(path / layout.STATUS, missing_ok=True)
    holder = _holder(path / layout.LOCK, report)
    runs = lines.get("runs") or {}
    if holder and report:
        counts = _counts(report)
    elif (path / layout.DESIGN).exists():
        counts = _counted(path, runs.get("total"))
    elif (path / layout.OUTCOME).exists():
        counts = Counts(1, 0, 1, 0, int(bool(read_record(path / layout.OUTCOME).get("emerged"))))
    else:  # published without its runs
        counts = _counts(runs)
    if holder:
        state = "running"
    elif not counts.left:
        state = "complete"
    elif session.get("ended"):
        state = "incomplete" if lines.get("complete") else "stopped"
    else:
        state = "killed"
    return Status(
        name=name or path.name,
        state=state,
        counts=counts,
        since=since,
        until=None if holder else _time(session.get("ended")),
        holder=holder,
        stopped_by=str(session.get("stopped_by") or ""),
        command=str(session.get("command") or ""),
    )


def describe_status(status: Status, now: datetime | None = None) -> str:
    """Return a status in words, in a few lines."""
    counts, now = status.counts, now or datetime.now(UTC)
    since = f"{status.since.astimezone():%Y-%m-%d %H:%M}"
    if status.state == "running":
        lasting = duration((now - status.since).total_seconds())
        head = f"running for {lasting} (since {since}), by {status.holder}"
    elif status.state == "killed":
        head = f"not running: the driver started {since} ended without a word (killed?)"
    else:
        until = f" {status.until.astimezone():%Y-%m-%d %H:%M}" if status.until else ""
        by = f" by {status.stopped_by}" if status.stopped_by else ""
        head = f"{status.state}{until}{by if status.state == 'stopped' else ''}"
    runs = f"{counts.done:,} of {counts.total:,} runs done ({status.share:.0%})"
    lines = [f"{status.name}: {head}", f"  {runs}, {counts.outcome()}, {counts.left:,} left"]
    if status.state == "running" and counts.pace():
        lines.append(f"  {counts.pace()}")
    if status.state not in ("running", "complete") and status.command:
        lines.append(f"  to go on: {status.command}")
    return "\n".join(lines)


def status_line(status: Status) -> str:
    """Return a status in one line, without the name."""
    counts = status.counts
    left = f", {counts.pace()}" if status.state == "running" and counts.pace() else ""
    runs = f"{counts.done:,}" if not counts.left else f"{counts.done:,} of {counts.total:,}"
    many = "run" if counts.total == 1 else "runs"
    return f"{status.state:<10} {runs} {many}, {counts.outcome()}{left}"


def _counts(given: dict[str, Any]) -> Counts:
    return Counts(**{each.name: given.get(each.name, 0) for each in fields(Counts)})


def _counted(path: Path, total: int | None) -> Counts:
    """Count the runs in the files of a result."""
    result = Result(path)
    size = len(result.design.points), result.design.replicates
    counts = Counts.of(result.outcomes(*size, beyond=True), left=0)
    counts.total, counts.there = max(total or size[0] * size[1], counts.done), 0
    return counts


def _holder(path: Path, report: dict[str, Any]) -> str:
    """Return who holds a result: here by its lock, elsewhere by a fresh report; or nobody."""
    holder, held = holder_of(path)
    if held:
        return holder
    updated = _time(report.get("updated"))
    elsewhere = bool(holder) and not holder.endswith(f" on {os.uname().nodename}")
    fresh = updated is not None and (datetime.now(UTC) - updated).total_seconds() < BELIEVED
    return holder if elsewhere and fresh else ""


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
