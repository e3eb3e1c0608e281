"""How far a run has come towards a movement, stated with no more certainty than there is.

A movement is defined by the whole run (`sim.outcome`). While a run goes on, what can be known is
how long so many people have organised, and whether they have acted together. Once that is enough,
a movement has emerged, and its twin says how many joined because of others. The sentences stand in
`view.words`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import Outcome
from sim.model import MovementModel
from sim.outcome import collective_acts, influence, organisers_beyond, spells
from sim.state import State

TWIN_EVERY = 4  # weeks after which the twin is run again
RECENT = 8  # weeks over which recruits are counted


class Verdict(NamedTuple):
    """What can be known of a run at the week reached."""

    level: str  # quiet, near, movement, converted, none
    organisers: float  # people organising beyond those who launched
    needed: float  # people who organise a movement
    streak: int  # weeks with so many, up to now
    spell: int  # weeks it takes
    acted: bool  # whether there was a collective act in these weeks
    signatures: float  # people
    most: float  # people organising at once, so far
    held_from: float  # first week of the first spell that makes a movement; NaN: none yet
    influence: float  # share of those who joined who would not have without the others; NaN: none
    converted: float  # week; NaN: not converted
    recruits: float  # see `recent_recruits`
    outcome: Outcome | None  # once the run is finished

    @property
    def emerged(self) -> bool:
        """Whether a movement has emerged."""
        return not math.isnan(self.held_from)


class Referee:
    """Judges a model at any week; the twin is run only once a movement has emerged."""

    def __init__(self, model: MovementModel) -> None:
        self.model = model
        self._twin = (-TWIN_EVERY, math.nan)  # week, influence
        self._outcome: Outcome | None = None

    def judge(self) -> Verdict:
        """Return what can be known at the week reached."""
        model = self.model
        state, week, criterion = model.state, model.week, model.parameters.emergence
        world = state.world[0]
        organisers = organisers_beyond(state)[: week + 1]
        acts = collective_acts(state, criterion)[: week + 1]
        reached = organisers >= criterion.organisers
        below = np.flatnonzero(~reached)
        streak = week - int(below[-1]) if below.size else week + 1
        lasting = [first for first, weeks in spells(reached, acts) if weeks >= criterion.spell]
        held_from = float(lasting[0]) if lasting else math.nan
        outcome = self._finished()
        social = math.nan
        if lasting:
            social = self._influence() if outcome is None else outcome.influence
        if world["converted"] >= 0:
            level = "converted"
        elif lasting:
            level = "movement"
        elif outcome is not None:
            level = "none"
        else:
            level = "near" if streak else "quiet"
        return Verdict(
            level=level,
            organisers=float(organisers[week]),
            needed=criterion.organisers,
            streak=streak,
            spell=criterion.spell,
            acted=bool(acts[week + 1 - streak :].any()),
            signatures=float(state.weekly["signatures"][week]),
            most=float(organisers.max()),
            held_from=held_from,
            influence=social,
            converted=float(world["converted"]) if world["converted"] >= 0 else math.nan,
            recruits=recent_recruits(state, week),
            outcome=outcome,
        )

    def _finished(self) -> Outcome | None:
        if self.model.running:
            self._outcome = None
        elif self._outcome is None:
            self._outcome = self.model.outcome()
        return self._outcome

    def _influence(self) -> float:
        """Return the influence so far, a few weeks old at most."""
        week, social = self._twin
        model = self.model
        if not 0 <= model.week - week < TWIN_EVERY:
            social = influence(model.state, model.twin())
            self._twin = model.week, social
        return social


def recent_recruits(state: State, week: int) -> float:
    """Return users who joined with an active neighbour per drop-out, over the last weeks.

    Above 1 the movement grows by itself. NaN before the launch and if nobody dropped out.
    """
    launched = state.world[0]["launched"]
    if launched < 0:
        return math.nan
    recent = state.weekly[max(launched, week - RECENT + 1) : week + 1]
    dropped = recent["dropped"].sum()
    return float(recent["joined_peers"].sum() / dropped) if dropped > 0 else math.nan
