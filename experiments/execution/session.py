"""provenance.json of a sweep: a session for each start that computed something."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from experiments.execution.progress import Counts
from experiments.execution.task import FRESH
from experiments.store import provenance
from experiments.store.crate import write_crate
from experiments.store.layout import PROVENANCE, SCHEMA_NOTE, SCHEMA_VERSION, StoreError
from experiments.store.writer import Store

if TYPE_CHECKING:
    from experiments.config.settings import Settings

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
            "schema": SCHEMA_VERSION,
            "schema_note": SCHEMA_NOTE,
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
        self._store.write_json(PROVENANCE, self._all)
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
            self._store.write_json(PROVENANCE, self._all)
            write_crate(self._store.path)
            return
        with suppress(StoreError):  # it must not hide why the sweep ended
            self._store.clean()  # there may be no space left
            self._store.write_json(PROVENANCE, self._all)
