"""Time lines of one run, or of two in the same panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import solara
from mesa.visualization.utils import update_counter

from experiments.figures.style import BLUE, GREEN, VERMILION
from experiments.figures.timeline import PANELS
from sim.columns import WEEKS
from view.words import lines_in_words

if TYPE_CHECKING:
    from sim.model import MovementModel
    from view.chronicle import Entry

COLOURS = {BLUE: "blue", VERMILION: "vermilion", GREEN: "green"}
PAIRED = ("price", "distress", "trust", "dissatisfaction", "active", "exited")
"""The columns of two runs that are compared: a panel each."""


@solara.component_vue("charts.vue", vuetify=False)
def _Canvas(
    panels: list[dict[str, Any]],
    columns: list[str],
    tables: list[bytes],
    week: int,
    horizon: int,
    marks: list[dict[str, Any]],
    dates: list[str],
    label: str,
) -> Any: ...


@solara.component
def TimeLines(
    models: MovementModel | Sequence[MovementModel],
    entries: Sequence[Entry] = (),
    critical_mass: float | None = None,
    date_of: Callable[[int], str] | None = None,
) -> None:
    """Draw what happened week by week; a Mesa component of a model, or of two.

    Parameters
    ----------
    models
        The run, or two runs to compare; drawn again whenever Mesa's update counter moves.
    entries
        Dated events, marked in all panels.
    critical_mass
        Share of users, drawn as a line.
    date_of
        Says the date of a week.
    """
    update_counter.get()
    runs: list[MovementModel] = [*models] if isinstance(models, list | tuple) else [models]  # type: ignore[list-item]
    mass = runs[0].parameters.emergence.mass_share if critical_mass is None else critical_mass
    panels = solara.use_memo(lambda: _panels(len(runs), mass), [len(runs), mass])
    columns = list(dict.fromkeys(line["column"] for panel in panels for line in panel["lines"]))
    horizon = max(run.parameters.horizon for run in runs)
    dates = solara.use_memo(
        lambda: [] if date_of is None else [date_of(week) for week in range(horizon + 1)],
        [horizon, date_of is None, runs[0]],
    )
    _Canvas(
        panels=panels,
        columns=columns,
        tables=[table_bytes(run, columns) for run in runs],
        week=max(run.week for run in runs),
        horizon=horizon,
        marks=[entry._asdict() for entry in entries],
        dates=dates,
        label=lines_in_words(runs),
    )


def table_bytes(model: MovementModel, columns: Sequence[str]) -> bytes:
    """Return columns of the weekly table so far, float32, (columns, weeks)."""
    weekly = model.state.weekly[: model.week + 1]
    return np.stack([weekly[name] for name in columns]).astype(np.float32).tobytes()


def _panels(runs: int, mass: float) -> list[dict[str, Any]]:
    if runs == 1:
        return [
            {
                "title": panel.title,
                "unit": panel.unit,
                "percent": panel.share,
                "mass": mass if panel.title == "Movement" else None,
                "lines": [
                    {
                        "run": 0,
                        "column": column,
                        "name": name.replace("\n", " ").partition(" (")[0],
                        "colour": COLOURS[colour],
                        "dashed": dashes != "-",
                    }
                    for column, name, colour, dashes in panel.lines
                ],
            }
            for panel in PANELS
        ]
    looks = (("this world", "blue", False), ("the other", "vermilion", True))
    return [
        {
            "title": WEEKS[column].label.capitalize(),
            "unit": WEEKS[column].unit,
            "percent": WEEKS[column].is_share,
            "mass": mass if column == "active" else None,
            "lines": [
                {"run": run, "column": column, "name": name, "colour": colour, "dashed": dashed}
                for run, (name, colour, dashed) in enumerate(looks[:runs])
            ],
        }
        for column in PAIRED
    ]
