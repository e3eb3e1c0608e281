"""What happened so far, in order: events given to the model, what came about, what was changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.execution.run_text import attention_by_luck
from experiments.figures.marks import marks
from experiments.text import percent
from sim.columns import label
from sim.outcome import organisers_beyond
from sim.parameters import code
from sim.rules import campaign
from view.words import as_words

if TYPE_CHECKING:
    from experiments.cases.case import Case
    from sim.model import MovementModel
    from sim.parameters import Parameters


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
    case: Case | None = None,
    begun: Parameters | None = None,
    interventions: Sequence[tuple[int, str, Any]] = (),
) -> list[Entry]:
    """Return what happened up to the week reached.

    Parameters
    ----------
    model
        The run.
    held_from
        First week of the first spell that makes a movement; NaN for none.
    case
        The case whose dates and events belong to the weeks.
    begun
        The parameters of week 0, if some were changed since.
    interventions
        Week, name and value of parameters that were changed during the run.
    """
    weekly = model.state.weekly[: model.week + 1]
    world = model.state.world[0]
    known = {
        "launch_week": _week(world["launched"]),
        "petition_week": _week(world["petition"]),
        "emergence_week": held_from,
        "spin_off_week": _week(world["spin_off"]),
    }
    milestones = (known["emergence_week"], _week(world["converted"]))
    found = []
    for mark in marks(weekly, known, case):
        rank = 0 if mark.week in milestones else 1 if mark.week == known["launch_week"] else 2
        found += [(mark.week, "given", mark.given, 3)] if mark.given else []
        found += [(mark.week, "modelled", mark.modelled, rank)] if mark.modelled else []
    steps = _steps(model, begun, interventions)
    found += [(week, "modelled", text, 3) for week, text in steps if week != held_from]
    found += [
        (week, "changed", f"{label(name)}: {as_words(value)}", 2)
        for week, name, value in interventions
    ]
    found.sort(key=lambda entry: entry[0])
    return [
        Entry(week, "" if case is None else f"{case.date_of(week):%-d %b %Y}", kind, text, rank)
        for week, kind, text, rank in found
    ]


def _steps(
    model: MovementModel, begun: Parameters | None, interventions: Sequence[tuple[int, str, Any]]
) -> list[tuple[int, str]]:
    """Return what the figures of a run do not mark: week and text."""
    state, criterion = model.state, model.parameters.emergence
    weekly, world = state.weekly[: model.week + 1], state.world[0]
    found = []
    luck = float(world["luck"])
    if world["launched"] >= 0 and luck != 1.0:
        found.append((int(world["launched"]), f"by luck, its acts draw {attention_by_luck(luck)}"))
    for week in _first(weekly["signatures"] > criterion.petition):
        found.append((week, f"more than {criterion.petition:,.0f} signatures"))
    for week in _first(organisers_beyond(state)[: model.week + 1] >= criterion.organisers):
        found.append((week, f"{criterion.organisers:,.0f} people organise"))
    withdrawn = (np.diff(weekly["filed"]) < 0) & (weekly["admitted"][:-1] == 0)
    refused = withdrawn & np.isnan(weekly["vote_share"][1:])
    found += [(int(before) + 1, "proposal not admitted") for before in np.flatnonzero(refused)]
    share = percent(float(world["broker_nonvotes"]))
    for meeting in map(int, np.flatnonzero(~np.isnan(weekly["vote_share"]))[-1:]):
        found.append((meeting, f"broker non-votes: {share} of the stock present"))
    return found + _arguments(model, begun or model.parameters, interventions)


def _arguments(
    model: MovementModel, begun: Parameters, interventions: Sequence[tuple[int, str, Any]]
) -> list[tuple[int, str]]:
    """Return when the campaign turned to another argument."""
    launched = int(model.state.world[0]["launched"])
    phases = [(-1, begun)]  # week, and the parameters that hold after it
    for week, name, value in interventions:
        if name.startswith("movement."):
            phases.append((week, phases[-1][1].replace({name: value})))
    ends = [*(week for week, _ in phases[1:]), model.week]
    found = []
    for (since, parameters), end in zip(phases, ends, strict=True):
        plan = parameters.movement
        stage = plan.second_stage_weeks
        week = launched + stage
        staged = campaign.argument_changes(code(plan.framing), stage, stage)
        reached = launched >= 0 and since < week <= end
        if staged and reached and model.state.weekly["organisers"][week] > 0:
            found.append((week, "the campaign argues for both from now on"))
    return found


def _first(held: np.ndarray) -> list[int]:
    """Return the first week in which something held, if any."""
    return np.flatnonzero(held)[:1].tolist()


def _week(week: int) -> float:
    return float(week) if week >= 0 else math.nan
