"""What moved those who signed or joined of late: a bar of the parts of their motive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from view.motive import CAUSES, WINDOW, Moved

if TYPE_CHECKING:
    from view.course import Course

SHORT = {
    "dissatisfaction": "dissatisfaction",
    "threat": "threat",
    "argument": "arguments",
    "closure": "fear of closure",
    "hope": "hope",
    "neighbours": "neighbours",
}


@solara.component_vue("moved.vue", vuetify=False)
def _Bar(parts: list[dict[str, Any]], text: str) -> Any: ...


@solara.component
def WhatMoved(course: Course) -> None:
    """Show what moved those who signed or joined in the last weeks, as of the week shown."""
    update_counter.get()
    moved = course.newcomers.lately(course.model.week)
    _Bar(parts=shares(moved), text=moved_in_words(moved))


def shares(moved: Moved) -> list[dict[str, Any]]:
    """Return the parts that move people, each with its share of their sum; none without people.

    A part that holds people back has no share.
    """
    pulls = {key: max(moved.parts[key], 0.0) for key in CAUSES}
    total = sum(pulls.values())
    return [
        {"key": key, "name": SHORT[key], "share": pull / total}
        for key, pull in pulls.items()
        if total > 0
    ]


def moved_in_words(moved: Moved) -> str:
    """Return in a sentence what moved people to sign or join."""
    if moved.people == 0:
        return f"Nobody signed or joined in the last {WINDOW} weeks."
    first, second = sorted(shares(moved), key=lambda part: -part["share"])[:2]
    against = [SHORT[key] for key in CAUSES if moved.parts[key] < 0]
    brake = f" Held back by {' and '.join(against)}." if against else ""
    return (
        f"What moved the {moved.people:,.0f} people who signed or joined in the last {WINDOW} "
        f"weeks: above all {first['name']}, then {second['name']}.{brake}"
    )
