"""What moves users: the parts of their motive, as the model's own rules compute them; in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.compiled import ZERO, f32, kernel, rule
from sim.rules import participation, persuasion
from sim.state import Status
from sim.week_inputs import WeekInputs, read_inputs

if TYPE_CHECKING:
    from sim.model import MovementModel

CAUSES = {
    "dissatisfaction": "dissatisfaction",
    "threat": "threat to democracy",
    "argument": "the campaign's arguments",
    "closure": "fear that it closes",
    "hope": "hope that it succeeds",
    "neighbours": "neighbours who take part",
}
"""The parts of a motive, in their order."""

SHORT = {
    "dissatisfaction": "dissatisfaction",
    "threat": "threat",
    "argument": "arguments",
    "closure": "fear of closure",
    "hope": "hope",
    "neighbours": "neighbours",
}
"""The same in a word or two."""

WINDOW = 8  # weeks over which is summed up who signed or joined


def inputs_of(model: MovementModel) -> WeekInputs:
    """Return what is the same for every user at the week reached, as the model computes it."""
    record, users = model.parameters.record()[0], model.state.users.status.size
    return read_inputs(model.week, model.seed, record, model.state.world[0], users)


@rule
def causes_of(users: Any, i: Any, inputs: Any) -> Any:
    """Return what makes up a user's motive, before it is weighed, in the order of `CAUSES`."""
    return (
        users.dissatisfaction[i],
        users.threat_sensitivity[i] * inputs.threat,
        persuasion.resonance(
            users.commons_view[i], users.literacy[i], users.remedy[i], inputs.literacy_weight
        ),
        users.dependence[i] * inputs.closure,
        inputs.efficacy,
        participation.peer_pressure(f32(users.active_neighbours[i]), inputs.peer_half_saturation),
    )


@rule
def parts_of(users: Any, i: Any, inputs: Any) -> Any:
    """Return the parts of a user's motive, which sum to it, in the order of `CAUSES`.

    Each is what the rules make of one cause when all others are 0.
    """
    felt, threat, echo, stake, efficacy, peers = causes_of(users, i, inputs)
    w_felt, w_threat = inputs.dissatisfaction_weight, inputs.threat_weight
    w_echo, w_stake = inputs.resonance_weight, inputs.closure_weight
    none, kappa = ZERO, inputs.interaction
    only_felt = participation.grievance(felt, none, none, none, w_felt, w_threat, w_echo, w_stake)
    only_threat = participation.grievance(
        none, threat, none, none, w_felt, w_threat, w_echo, w_stake
    )
    only_echo = participation.grievance(none, none, echo, none, w_felt, w_threat, w_echo, w_stake)
    only_stake = participation.grievance(none, none, none, stake, w_felt, w_threat, w_echo, w_stake)
    return (
        participation.motive(only_felt, efficacy, none, kappa, none, none),
        participation.motive(only_threat, efficacy, none, kappa, none, none),
        participation.motive(only_echo, efficacy, none, kappa, none, none),
        participation.motive(only_stake, efficacy, none, kappa, none, none),
        participation.motive(none, efficacy, none, kappa, inputs.efficacy_weight, none),
        participation.motive(none, efficacy, peers, kappa, none, inputs.peer_weight),
    )


@kernel
def add_parts(users: Any, who: Any, inputs: Any, sums: Any) -> None:
    """Add the parts of the motives of some users to ``sums``, (6,)."""
    for k in range(who.size):
        felt, threat, echo, stake, hope, peers = parts_of(users, who[k], inputs)
        sums[0] += felt
        sums[1] += threat
        sums[2] += echo
        sums[3] += stake
        sums[4] += hope
        sums[5] += peers


class Moved(NamedTuple):
    """What moved those who signed or joined of late."""

    people: float  # who they are
    parts: dict[str, float]  # mean part of their motive, by cause


class Newcomers:
    """Notes week by week who signs or joins, and the parts of their motive at that week's end."""

    def __init__(self, model: MovementModel) -> None:
        self.model = model
        weeks = model.parameters.horizon + 1
        self._people = np.zeros(weeks)
        self._sums = np.zeros((weeks, len(CAUSES)))
        self._before = self._taking_part()
        self.who = np.empty(0, dtype=np.intp)  # the users who signed or joined in the week reached

    def _taking_part(self) -> np.ndarray:
        """Return by user 1 for who signed, and 2 for who takes part."""
        users = self.model.state.users
        active = (users.status == Status.SUPPORTER) | (users.status == Status.ORGANISER)
        return users.signed | (active.astype(np.uint8) << 1)

    def note(self) -> None:
        """Note who signed or joined in the week reached."""
        model, now = self.model, self._taking_part()
        who = np.flatnonzero(now & ~self._before)
        self._before, self.who = now, who
        if who.size and model.week != model.state.world[0]["launched"]:  # launching is no joining
            people = float(model.state.world[0]["people_per_agent"])
            sums = np.zeros(len(CAUSES))
            add_parts(model.state.users, who, inputs_of(model), sums)
            self._people[model.week] = people * who.size
            self._sums[model.week] = people * sums

    def lately(self, week: int) -> Moved:
        """Return what moved those who signed or joined in the `WINDOW` weeks up to a week."""
        window = slice(max(week - WINDOW + 1, 0), week + 1)
        people = float(self._people[window].sum())
        means = self._sums[window].sum(axis=0) / max(people, 1.0)
        return Moved(people, dict(zip(CAUSES, map(float, means), strict=True)))


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
