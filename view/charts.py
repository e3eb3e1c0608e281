"""Time lines of one run before those of other seeds, or of two runs in the same panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import solara
from mesa.visualization.utils import update_counter

from sim.columns import WEEKS, label
from sim.outcome import organisers_beyond
from view.words import lines_in_words

if TYPE_CHECKING:
    from sim.model import MovementModel
    from sim.state import State
    from view.chronicle import Entry

ORGANISERS = "organisers"
"""In the time lines: people organising beyond those who launched, as a movement is counted by."""
PEOPLE = ("supporters", ORGANISERS, "signatures")
"""Columns drawn in people; `WEEKS` has the first two as shares of users."""
FANNED = ("media", "signatures", ORGANISERS)
"""Columns of which other seeds are drawn too."""
LOOKS = (("blue", False), ("vermilion", True), ("green", False))  # colour, dashed


class Panel(NamedTuple):
    """Lines that share an axis."""

    title: str
    unit: str
    columns: tuple[str, ...]
    height: float = 1.0  # against the other panels
    root: bool = False  # square-root scale, so that the small is seen beside the large


PANELS = (
    Panel("The firm and its owners", "0 to 1; price: week 0 = 1", ("price", "distress", "trust")),
    Panel("Users and society", "0 to 1", ("dissatisfaction", "threat", "value_gap")),
    Panel("Attention", "1: full strength", ("media",), 0.7, True),
    Panel("Signatures", "people", ("signatures",), 1.0, True),
    Panel("Taking part", "people", ("supporters", ORGANISERS), 1.7, True),
    Panel("Exit", "% of users", ("exited", "exited_coop"), 0.8),
)
PAIRED = ("price", "distress", "dissatisfaction", "media", "signatures", ORGANISERS)
"""The columns of two runs that are compared: a panel each."""


@solara.component_vue("charts.vue", vuetify=False)
def _Canvas(
    panels: list[dict[str, Any]],
    columns: list[str],
    tables: list[bytes],
    fanned: list[str],
    fan: bytes,
    needed: float,
    spell: int,
    week: int,
    looked: int | None,
    horizon: int,
    marks: list[dict[str, Any]],
    dates: list[str],
    label: str,
) -> Any: ...


@solara.component
def TimeLines(
    models: MovementModel | Sequence[MovementModel],
    entries: Sequence[Entry] = (),
    date_of: Callable[[int], str] | None = None,
    fan: bytes = b"",
    looked: MovementModel | None = None,
) -> None:
    """Draw what happened week by week; a Mesa component of a model, or of two.

    Parameters
    ----------
    models
        The run, or two runs to compare; drawn again whenever Mesa's update counter moves.
    entries
        Dated events, marked in all panels.
    date_of
        Says the date of a week.
    fan
        Columns `FANNED` of the runs of other seeds, drawn behind: float32, (runs, columns, weeks).
    looked
        The run as it stood at a past week, which is looked back at.
    """
    update_counter.get()
    runs: list[MovementModel] = [*models] if isinstance(models, list | tuple) else [models]  # type: ignore[list-item]
    panels = one_run() if len(runs) == 1 else two_runs()
    columns = list(dict.fromkeys(line["column"] for panel in panels for line in panel["lines"]))
    horizon = max(run.parameters.horizon for run in runs)
    criterion = runs[0].parameters.emergence
    dates = solara.use_memo(
        lambda: [] if date_of is None else [date_of(week) for week in range(horizon + 1)],
        [horizon, date_of is None, runs[0]],
    )
    _Canvas(
        panels=panels,
        columns=columns,
        tables=[table_bytes(run.state, columns, run.week) for run in runs],
        fanned=list(FANNED) if fan else [],
        fan=fan,
        needed=criterion.organisers,
        spell=criterion.spell,
        week=max(run.week for run in runs),
        looked=None if looked is None else looked.week,
        horizon=horizon,
        marks=[entry._asdict() for entry in entries],
        dates=dates,
        label=lines_in_words(runs if looked is None else [looked]),
    )


def table_bytes(state: State, columns: Sequence[str], week: int) -> bytes:
    """Return columns up to a week as they are drawn, float32, (columns, weeks)."""
    return np.stack([_drawn(state, name)[: week + 1] for name in columns]).tobytes()


def _drawn(state: State, name: str) -> np.ndarray:
    """Return a column as it is drawn, float32: the `PEOPLE` in people."""
    weekly = state.weekly
    values = organisers_beyond(state) if name == ORGANISERS else weekly[name]
    if name in PEOPLE and WEEKS[name].is_share and name != ORGANISERS:
        values = values * state.users.status.size * weekly["people_per_agent"]
    return np.asarray(values, dtype=np.float32)


def one_run() -> list[dict[str, Any]]:
    """Return the panels of a run."""
    return [
        _panel(
            panel,
            [
                _line(0, column, _short(column), *look)
                for column, look in zip(panel.columns, LOOKS, strict=False)
            ],
        )
        for panel in PANELS
    ]


def _short(column: str) -> str:
    """Return the label of a column as it stands beside its line; the panel names the users."""
    return label(column).partition(" (")[0].removeprefix("users ")


def two_runs() -> list[dict[str, Any]]:
    """Return the panels in which two runs are compared."""
    found = []
    for column in PAIRED:
        unit = "people" if column in PEOPLE else WEEKS[column].unit
        panel = Panel(WEEKS[column].label.capitalize(), unit, (column,), root=column in FANNED)
        names = ("this world", "the other")
        lines = [_line(run, column, name, *LOOKS[run]) for run, name in enumerate(names)]
        found.append(_panel(panel, lines))
    return found


def _panel(panel: Panel, lines: list[dict[str, Any]]) -> dict[str, Any]:
    kind = "share" if panel.unit.startswith("%") else "level"
    kind = "people" if panel.columns[-1] in PEOPLE else kind
    counted = ORGANISERS in panel.columns
    return {**panel._asdict(), "kind": kind, "counted": counted, "lines": lines}


def _line(run: int, column: str, name: str, colour: str, dashed: bool) -> dict[str, Any]:
    return {"run": run, "column": column, "name": name, "colour": colour, "dashed": dashed}
