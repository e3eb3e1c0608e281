"""The same world with other luck, run in the background: it shows how typical a run is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import solara

from sim.errors import MomentumError
from sim.run import Run, simulate
from view.charts import FANNED, table_bytes

if TYPE_CHECKING:
    from sim.history import History
    from sim.parameters import Parameters
    from view.session import Session

MOST, FEWEST = 20, 4  # runs
WORK = 60_000_000  # users times weeks, of all runs
PAUSE = 0.4  # seconds without another change of the world before the runs begin

_turn = threading.Lock()  # one run at a time, whoever asks


class Fan(NamedTuple):
    """Runs of the seeds that follow."""

    emerged: list[bool]
    signatures: list[float]
    tables: bytes  # float32, (runs, `FANNED`, weeks)


@solara.component_vue("fan.vue", vuetify=False)
def OtherSeeds(text: str, shown: bool, event_show: Callable[[bool], None]) -> Any:
    """Say what came of other seeds, and let the visitor hide them."""


def use_fan(session: Session) -> Fan | None:
    """Return runs of other seeds of the world as begun, once they are there."""
    model = session.model
    latest: Any = solara.use_ref(model)
    latest.current = model

    def run() -> Fan | None:
        time.sleep(PAUSE)
        return fan_out(
            session.begun, model.seed, model.history, lambda: latest.current is not model
        )

    task: Any = solara.lab.use_task(run, dependencies=[id(model)], raise_error=False)
    return task.value if task.finished else None


def fan_out(
    parameters: Parameters, seed: int, history: History, is_stale: Callable[[], bool]
) -> Fan | None:
    """Run the seeds that follow; return None if nobody waits for them any more."""
    work = parameters.users.count * parameters.horizon
    count = int(np.clip(WORK // work, FEWEST, MOST))
    runs: list[Run] = []
    for other in range(seed + 1, seed + 1 + count):
        with _turn:
            if is_stale():
                return None
            try:
                runs.append(simulate(parameters, other, history=history))
            except MomentumError:  # there is no such world with this seed
                continue
    return Fan(
        [run.outcome.emerged for run in runs],
        [run.outcome.signatures for run in runs],
        b"".join(table_bytes(run.state, FANNED, parameters.horizon) for run in runs),
    )


def fan_in_words(fan: Fan | None) -> str:
    """Return what came of other seeds, in a sentence."""
    if fan is None:
        return "Other seeds are being run …"
    if not fan.emerged:
        return "No other seed could be run."
    ends = np.quantile(fan.signatures, (0, 0.5, 1))
    low, middle, high = (f"{round(float(value)):,}" for value in ends)
    return (
        f"{len(fan.emerged)} other seeds (faint lines): a movement emerges in {sum(fan.emerged)}; "
        f"signatures from {low} to {high}, median {middle}."
    )
