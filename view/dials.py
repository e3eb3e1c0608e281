"""The three conditions, efficacy, and how far the run is from a movement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from sim.rules import efficacy
from view.verdict import RECENT, Verdict
from view.words import verdict_in_words

if TYPE_CHECKING:
    from sim.model import MovementModel


@solara.component_vue("dials.vue", vuetify=False)
def _Dials(meters: list[dict[str, Any]], verdict: dict[str, Any], recent: int) -> Any: ...


@solara.component
def Dials(model: MovementModel, verdict: Verdict) -> None:
    """Show meters of the conditions, and the verdict so far."""
    update_counter.get()
    shown = ("organisers", "needed", "streak", "spell", "recruits", "signatures")
    values = {name: getattr(verdict, name) for name in shown}
    values["recruits"] = None if math.isnan(verdict.recruits) else verdict.recruits
    _Dials(meters=meters(model), verdict=values, recent=RECENT)


@solara.component_vue("banner.vue", vuetify=False)
def _Banner(level: str, title: str, text: str) -> Any: ...


def Banner(model: MovementModel, verdict: Verdict) -> None:
    """Say whether a movement emerges, or the firm is converted: nobody should miss it."""
    title, text = verdict_in_words(model, verdict)
    _Banner(level=verdict.level, title=title, text=text)


def meters(model: MovementModel) -> list[dict[str, Any]]:
    """Return name, value in [0, 1], and what it means, of each meter."""
    row, p = model.state.weekly[model.week], model.parameters.efficacy
    weak = efficacy.opportunity(float(row["distress"]), p.hopelessness)
    people = float(row["active"]) * model.state.users.status.size * float(row["people_per_agent"])
    strong = efficacy.size(people, p.half_saturation)
    shown = (
        ("distress", "Distress", "of the firm: how far the price fell or the cash shrank"),
        (
            "dissatisfaction",
            "Dissatisfaction",
            f"mean of users; {100 * float(row['dissatisfied']):.0f} % of them are above one half",
        ),
        ("threat", "Threat", "to democracy, as society sees it"),
        (
            "efficacy",
            "Efficacy",
            "belief that the movement can succeed: from the firm's weakness "
            f"({weak:.2f}), the movement's size ({strong:.2f}) and its growth",
        ),
        (
            "media",
            "Attention",
            "to the movement: bursts by its launch and its acts, which fade within weeks; 1 is "
            "full strength",
        ),
    )
    return [
        {"key": key, "name": name, "value": float(row[key]), "detail": detail}
        for key, name, detail in shown
    ]
