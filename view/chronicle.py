"""What happened so far, in order: events given to the model, what came about, what was changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import solara

from experiments.figures.marks import marks
from sim.columns import label
from view.words import as_words

if TYPE_CHECKING:
    from experiments.cases.case import Case
    from sim.model import MovementModel


class Entry(NamedTuple):
    """What happened in a week."""

    week: int
    when: str  # its date; empty without a case
    kind: str  # given, modelled, changed
    text: str
    rank: int  # 0: first to be labelled in a picture


def chronicle(
    model: MovementModel,
    held_from: float,
    emerged: bool,
    case: Case | None = None,
    interventions: Sequence[tuple[int, str, Any]] = (),
) -> list[Entry]:
    """Return what happened up to the week reached.

    Parameters
    ----------
    model
        The run.
    held_from
        First week of the first spell at the critical mass; NaN for none.
    emerged
        Whether it was more than a crowd, as far as is known.
    case
        The case whose dates and events belong to the weeks.
    interventions
        Week, name and value of parameters that were changed during the run.
    """
    weekly = model.state.weekly[: model.week + 1]
    world = model.state.world[0]
    known = {
        "launch_week": _week(world["launched"]),
        "emergence_week": held_from if emerged else math.nan,
        "spin_off_week": _week(world["spin_off"]),
    }
    found = []
    for mark in marks(weekly, known, case):
        for kind, text in (("given", mark.given), ("modelled", mark.modelled)):
            if text:
                found.append((mark.week, kind, text))
    if not math.isnan(held_from) and not emerged:
        found.append((int(held_from), "modelled", "critical mass holds"))
    found += [
        (week, "changed", f"{label(name)}: {as_words(value)}")
        for week, name, value in interventions
    ]
    found.sort(key=lambda entry: entry[0])
    milestones = (known["emergence_week"], _week(world["converted"]))
    ranks = {"modelled": 2, "changed": 2, "given": 3}
    return [
        Entry(
            week=week,
            when="" if case is None else f"{case.date_of(week):%-d %b %Y}",
            kind=kind,
            text=text,
            rank=0 if week in milestones else 1 if week == known["launch_week"] else ranks[kind],
        )
        for week, kind, text in found
    ]


def _week(week: int) -> float:
    return float(week) if week >= 0 else math.nan


@solara.component_vue("log.vue", vuetify=False)
def _List(entries: list[dict[str, Any]], empty: str) -> Any: ...


@solara.component
def Log(entries: Sequence[Entry], empty: str) -> None:
    """List what happened, or say that nothing did."""
    _List(entries=[entry._asdict() for entry in entries], empty=empty)
