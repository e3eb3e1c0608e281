"""Whom the visitor clicked at: who they are, and why they act."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from experiments.text import percent
from view.network import Pick
from view.why import Account, explain_user
from view.why_holder import explain_holder

if TYPE_CHECKING:
    from view.course import Course


@solara.component_vue("account.vue", vuetify=False)
def _Card(account: dict[str, Any], event_close: Callable[[Any], None]) -> Any: ...


@solara.component
def Who(course: Course, chosen: Pick, on_close: Callable[[], None]) -> None:
    """Show who was chosen, as of the week shown."""
    update_counter.get()
    if chosen.kind == "user":
        account = explain_user(course.model, chosen.number, course.newcomers.who)
    else:
        account = explain_holder(course.model, chosen.number)
    _Card(account=plain(account), event_close=lambda _: on_close())


def plain(account: Account) -> dict[str, Any]:
    """Return an account as the browser reads it."""
    return {
        **account._asdict(),
        "terms": [term._asdict() for term in account.terms],
        "total": account.total._asdict(),
        "tiers": [
            {**tier._asdict(), "chance": "" if math.isnan(tier.chance) else percent(tier.chance)}
            for tier in account.tiers
        ],
    }
