"""How far a run has come towards a movement, stated with no more certainty than there is.

A movement is defined by the whole run and its twin (`sim.outcome`). While a run goes on, what can
be known is how long the critical mass has held, and how the peak so far compares with that of the
twin so far. The sentences stand in `view.words`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.columns import Outcome
from sim.model import MovementModel
from sim.outcome import at_mass, beyond_launch, peak_share, spell_start
from sim.state import State

TWIN_EVERY = 4  # weeks after which the twin is run again
RECENT = 8  # weeks over which recruits are counted


class Verdict(NamedTuple):
    """What can be known of a run at the week reached."""

    level: str  # quiet, near, held, movement, converted, crowd, none
    share: float  # of users, active beyond the launching organisers
    needed: float  # share of users that is the critical mass
    streak: int  # weeks at the critical mass up to now
    spell: int  # weeks it takes
    held_from: float  # first week of the first spell; NaN: none yet
    peak: float  # largest share so far
    peak_alone: float  # that of the twin without social influence; NaN: not needed yet
    is_social: bool  # whether the peak surpasses that of the twin by as much as a movement must
    converted: float  # week; NaN: not converted
    recruits: float  # see `recent_recruits`
    outcome: Outcome | None  # once the run is finished

    @property
    def emerged(self) -> bool:
        """Whether this is a movement, as far as can be known."""
        return not math.isnan(self.held_from) and self.is_social


class Referee:
    """Judges a model at any week; the twin is run only once the critical mass has held."""

    def __init__(self, model: MovementModel) -> None:
        self.model = model
        self._twin = (-TWIN_EVERY, math.nan)  # week, peak
        self._outcome: Outcome | None = None

    def judge(self) -> Verdict:
        """Return what can be known at the week reached."""
        model = self.model
        state, week, criterion = model.state, model.week, model.parameters.emergence
        users, world = state.users.status.size, state.world[0]
        beyond = beyond_launch(state)
        reached = at_mass(state, beyond, criterion)
        below = np.flatnonzero(~reached[: week + 1])
        streak = week - int(below[-1]) if below.size else week + 1
        held_from = spell_start(reached, criterion.spell)
        needed = criterion.mass_share
        if criterion.mass_people > 0:
            needed = criterion.mass_people / (users * float(state.weekly["people_per_agent"][week]))
        peak = peak_share(state)
        alone = math.nan if math.isnan(held_from) else self._peak_alone()
        outcome = self._finished()
        is_social = peak >= criterion.twin_ratio * alone  # false for NaN
        if world["converted"] >= 0:
            level = "converted"
        elif is_social:
            level = "movement"
        elif not math.isnan(held_from):
            level = "held" if outcome is None else "crowd"
        elif outcome is not None:
            level = "none"
        else:
            level = "near" if streak else "quiet"
        return Verdict(
            level=level,
            share=float(beyond[week] / users),
            needed=needed,
            streak=streak,
            spell=criterion.spell,
            held_from=held_from,
            peak=peak,
            peak_alone=alone,
            is_social=is_social,
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

    def _peak_alone(self) -> float:
        """Return the peak so far of the same world without influence, a few weeks old at most."""
        week, peak = self._twin
        model = self.model
        if model.week - week >= TWIN_EVERY or not model.running or model.week < week:
            peak = peak_share(model.twin())
            self._twin = model.week, peak
        return peak


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
