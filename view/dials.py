"""The three conditions, efficacy, and how far the run is from a movement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from sim.rules import efficacy
from view.verdict import Verdict

if TYPE_CHECKING:
    from sim.model import MovementModel


@solara.component_vue("dials.vue", vuetify=False)
def _Dials(meters: list[dict[str, Any]], verdict: dict[str, Any]) -> Any: ...


@solara.component
def Dials(model: MovementModel, verdict: Verdict) -> None:
    """Show meters of the conditions, and the verdict so far."""
    update_counter.get()
    told = {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in verdict._asdict().items()
    }
    _Dials(meters=meters(model), verdict=told)


@solara.component_vue("banner.vue", vuetify=False)
def _Banner(level: str, title: str, text: str) -> Any: ...


@solara.component
def Banner(verdict: Verdict) -> None:
    """Say whether a movement emerges: nobody should miss it."""
    _Banner(level=verdict.level, title=verdict.title, text=verdict.text)


def meters(model: MovementModel) -> list[dict[str, Any]]:
    """Return name, value in [0, 1], and what it means, of each meter."""
    row, p = model.state.weekly[model.week], model.parameters.efficacy
    weak = efficacy.opportunity(float(row["distress"]), p.hopelessness)
    people = float(row["active"]) * model.state.users.status.size * float(row["people_per_agent"])
    strong = efficacy.size(people, p.half_saturation)
    return [
        _meter(
            "distress",
            "Distress",
            row["distress"],
            "the price's fall, or shrinking cash",
        ),
        _meter(
            "dissatisfaction",
            "Dissatisfaction",
            row["dissatisfaction"],
            f"mean of users; {100 * float(row['dissatisfied']):.0f} % above one half",
        ),
        _meter("threat", "Threat", row["threat"], "as the environment has it"),
        _meter(
            "efficacy",
            "Efficacy",
            row["efficacy"],
            f"the firm's weakness {weak:.2f}, the movement's size {strong:.2f}, and its growth",
        ),
        _meter("media", "Media", row["media"], "to the movement"),
    ]


def _meter(key: str, name: str, value: Any, detail: str) -> dict[str, Any]:
    return {"key": key, "name": name, "value": float(value), "detail": detail}
