"""How far a run has come towards a movement, said with no more certainty than there is.

A movement is defined by the whole run and its twin (`sim.outcome`). While a run goes on, what can
be known is how long the critical mass has held, and how the peak so far compares with that of the
twin so far.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from experiments.execution.run_text import GRADES
from experiments.text import percent
from sim.model import MovementModel
from sim.outcome import Outcome, at_mass, beyond_launch, peak_share, recruits_per_supporter
from sim.outcome import spell_start as first_spell
from sim.parameters import Origin

EVERY = 4  # weeks after which the twin is looked at again


class Verdict(NamedTuple):
    """What can be said of a run at the week reached."""

    level: str  # quiet, near, held, movement, crowd, none
    title: str
    text: str
    share: float  # of users, active beyond the launching organisers
    needed: float  # share of users that is the critical mass
    streak: int  # weeks at the critical mass up to now
    spell: int  # weeks it takes
    held_from: float  # first week of the first spell; NaN: none yet
    recruits: float  # users who joined with an active neighbour per drop-out; NaN: no drop-out


class Referee:
    """Judges a model at any week; the twin is run only once the critical mass has held."""

    def __init__(self, model: MovementModel) -> None:
        self.model = model
        self._twin = (-EVERY, math.nan)  # week, peak
        self._outcome: Outcome | None = None

    def judge(self) -> Verdict:
        """Return what can be said at the week reached."""
        model = self.model
        state, week, criterion = model.state, model.week, model.parameters.emergence
        beyond = beyond_launch(state)
        reached = at_mass(state, beyond, criterion)
        held_from = first_spell(reached, criterion.spell)
        streak = int(np.argmin(reached[week::-1])) if reached[week] else 0
        if reached[: week + 1].all():
            streak = week + 1
        users = state.users.status.size
        needed = criterion.mass_share
        if criterion.mass_people > 0:
            needed = criterion.mass_people / (users * float(state.weekly["people_per_agent"][week]))
        level, title, text = self._words(held_from, streak, float(beyond[week] / users), needed)
        return Verdict(
            level=level,
            title=title,
            text=text,
            share=float(beyond[week] / users),
            needed=needed,
            streak=streak,
            spell=criterion.spell,
            held_from=held_from,
            recruits=recruits_per_supporter(state, week),
        )

    def outcome(self) -> Outcome | None:
        """Return the outcome, once the run is finished."""
        if self.model.running:
            self._outcome = None
        elif self._outcome is None:
            self._outcome = self.model.outcome()
        return self._outcome

    def twin_peak(self) -> float:
        """Return the peak so far of the same world without influence, a few weeks old at most."""
        week, peak = self._twin
        if self.model.week - week >= EVERY or not self.model.running or self.model.week < week:
            peak = peak_share(self.model.twin())
            self._twin = self.model.week, peak
        return peak

    def _words(
        self, held_from: float, streak: int, share: float, needed: float
    ) -> tuple[str, str, str]:
        model = self.model
        spell = model.parameters.emergence.spell
        outcome = self.outcome()
        if not math.isnan(held_from):
            return self._held(held_from, outcome)
        peak = peak_share(model.state)
        if outcome is not None:
            return (
                "none",
                "No movement emerged",
                f"{_grade(outcome)} Peak: {percent(peak)} of users.",
            )
        if model.state.world[0]["launched"] < 0:
            return "quiet", "No campaign yet", _before(model)
        if streak:
            text = f"{percent(share)} take part beyond those who launched it."
            return "near", f"At the critical mass for {streak} of {spell} weeks", text
        return (
            "quiet",
            "Below the critical mass",
            f"{percent(share)} take part beyond those who launched it; a movement takes "
            f"{percent(needed)} for {spell} weeks.",
        )

    def _held(self, held_from: float, outcome: Outcome | None) -> tuple[str, str, str]:
        model = self.model
        peak, alone = peak_share(model.state), self.twin_peak()
        ratio = model.parameters.emergence.twin_ratio
        compared = (
            f"{percent(peak)} at the peak against {percent(alone)} if nobody influenced anybody"
        )
        social = peak >= ratio * alone
        if outcome is not None:
            if outcome.emerged:
                return (
                    "movement",
                    f"A movement emerged in week {held_from:.0f}",
                    f"{compared}. {_grade(outcome)}",
                )
            return (
                "crowd",
                "A crowd, not a movement",
                f"{compared}; a movement takes {ratio:g} times as many.",
            )
        since = f"the critical mass has held since week {held_from:.0f}"
        if social:
            return "movement", f"A movement emerges: {since}", f"So far {compared}."
        return (
            "held",
            f"A crowd so far: {since}",
            f"So far {compared}; a movement takes {ratio:g} times as many.",
        )


def _grade(outcome: Outcome) -> str:
    words = GRADES[outcome.grade]
    return f"{outcome.grade.capitalize()}: {words}."


def _before(model: MovementModel) -> str:
    movement = model.parameters.movement
    if movement.origin is Origin.NEVER:
        return "Nobody will launch one in this world."
    if movement.origin is Origin.ENDOGENOUS:
        return "It begins when enough users act of themselves."
    if movement.launch_week <= model.week:
        return "The week of its launch has passed."
    return f"It is launched in week {movement.launch_week}."
