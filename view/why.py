"""Why a user or a shareholder acts: the terms of the rules that decide, as the model computes them.

Every number comes from calling the model's rules, with one term at a time; none is a formula of its
own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.text import percent
from sim.parameters import Policy
from sim.population import GOALS
from sim.rules import participation, persuasion, trust, vote
from sim.state import HolderClass, Remedy, Status, Users, make_workspace
from sim.user_week import leave, take_part, weigh
from sim.week_inputs import WeekInputs, read_inputs

if TYPE_CHECKING:
    from sim.model import MovementModel

STATUS = {
    Status.BYSTANDER: "bystander",
    Status.SUPPORTER: "supporter",
    Status.ORGANISER: "organiser",
    Status.EXITED: "left for a rival",
    Status.EXITED_COOP: "left for the cooperative",
}
GOAL = dict(
    zip(GOALS, ("convert this firm", "spread platform cooperatives", "promote others"), strict=True)
)
REMEDY = {Remedy.OWNERSHIP: "ownership", Remedy.REGULATION: "regulation", Remedy.LEAVING: "leaving"}
HALVINGS = 24  # as fine as the luck is drawn
ZERO = np.float32(0)


class Term(NamedTuple):
    """A part of what decides."""

    name: str
    value: float
    detail: str  # what it is made of


class Account(NamedTuple):
    """Who somebody is, and what decides what they do."""

    title: str
    summary: str
    facts: list[tuple[str, str]]
    heading: str  # what the terms are of
    terms: list[Term]
    total: Term


def explain_user(model: MovementModel, i: int) -> Account:
    """Return why user ``i`` takes part or does not, at the week reached."""
    users = model.state.users
    inputs = inputs_of(model)
    status = Status(int(users.status[i]))
    terms = motive_terms(model, i, inputs)
    motive = np.float32(sum(term.value for term in terms))
    utility = participation.utility(motive, users.cost[i], inputs.steepness)
    terms.append(Term("cost of taking part", -float(users.cost[i]), "drawn for this user"))
    facts = [
        ("dissatisfaction", f"{users.dissatisfaction[i]:.2f}"),
        ("dependence on the service", f"{users.dependence[i]:.2f}"),
        ("sees it as a commons", f"{users.commons_view[i]:.2f}"),
        ("knows of cooperatives", f"{users.literacy[i]:.2f}"),
        ("when persuaded, asks for", REMEDY[Remedy(int(users.remedy[i]))]),
        ("wants most to", GOAL[GOALS[int(users.goals[i].argmax())]]),
        ("neighbours who take part", f"{users.active_neighbours[i]} of {_degree(model, i)}"),
        ("neighbours who left", f"{users.gone_neighbours[i]}"),
        ("signed the petition", "yes" if users.signed[i] else "no"),
    ]
    total = Term(
        "motive minus cost", float(motive - users.cost[i]), f"utility {float(utility):+.1f} (logit)"
    )
    summary = f"{_doing(model, i, status)} {_leaving(model, i, status)}"
    title = f"User {i}: {STATUS[status]}"
    return Account(title, summary, facts, "Why: parts of the motive", terms, total)


def inputs_of(model: MovementModel) -> WeekInputs:
    """Return what is the same for every user at the week reached, as the model computes it."""
    record = model.parameters.record()[0]
    return read_inputs(model.week, model.seed, record, model.state.world[0])


def motive_terms(model: MovementModel, i: int, inputs: WeekInputs) -> list[Term]:
    """Return the parts of a user's motive; they sum to it."""
    users = model.state.users
    echo = persuasion.resonance(
        users.commons_view[i], users.literacy[i], users.remedy[i], inputs.literacy_weight
    )
    felt = np.float32(users.threat_sensitivity[i] * inputs.threat)
    stake = np.float32(users.dependence[i] * inputs.closure)
    peers = participation.peer_pressure(
        np.float32(users.active_neighbours[i]), inputs.peer_half_saturation
    )
    causes = {
        "dissatisfaction": (users.dissatisfaction[i], inputs.dissatisfaction_weight, "its own"),
        "threat to democracy": (felt, inputs.threat_weight, "as this user feels it"),
        "the campaign's arguments": (np.float32(echo), inputs.resonance_weight, "as they resonate"),
        "fear that it closes": (stake, inputs.closure_weight, "of who depends on it"),
    }
    terms = []
    for position, (name, (value, weight, whose)) in enumerate(causes.items()):
        values, weights = [ZERO] * 4, [ZERO] * 4
        values[position], weights[position] = value, weight
        part = participation.grievance(*values, *weights)
        moved = participation.motive(
            grievance_now=np.float32(part),
            efficacy=inputs.efficacy,
            peers=ZERO,
            interaction=inputs.interaction,
            efficacy_weight=ZERO,
            peer_weight=ZERO,
        )
        terms.append(
            Term(name, float(moved), f"{float(value):.2f} {whose}, weight {float(weight):g}")
        )
    hope = participation.motive(
        grievance_now=ZERO,
        efficacy=inputs.efficacy,
        peers=ZERO,
        interaction=inputs.interaction,
        efficacy_weight=inputs.efficacy_weight,
        peer_weight=ZERO,
    )
    drawn = participation.motive(
        grievance_now=ZERO,
        efficacy=inputs.efficacy,
        peers=np.float32(peers),
        interaction=inputs.interaction,
        efficacy_weight=ZERO,
        peer_weight=inputs.peer_weight,
    )
    return [
        *terms,
        Term("hope that it succeeds", float(hope), f"efficacy {float(inputs.efficacy):.2f}"),
        Term("neighbours who take part", float(drawn), f"{users.active_neighbours[i]} of them"),
    ]


def chance_of(step: Any, model: MovementModel, i: int, to: Callable[[int], bool]) -> float:
    """Return the chance that a step of the users' week gives user ``i`` such a status this week.

    The model's own step, `take_part` or `leave`, decides for this user alone, with a chosen draw in
    place of luck: what happens, happens for small draws and not for large ones.
    """
    inputs, workspace = inputs_of(model), make_workspace(1)
    user = Users(*(array[i : i + 1].copy() for array in model.state.users))
    first, last = np.uint64(0), np.uint64(1)
    weigh(user, workspace, inputs, first, last)

    def happens(draw: float) -> bool:
        workspace.bits[:, 0] = np.uint32(min(draw * 2.0**32, 2.0**32 - 1))
        user.next_status[0] = user.status[0]
        step(user, workspace, inputs, first, last)
        return to(int(user.next_status[0]))

    low, high = 0.0, 1.0
    if not happens(low):
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if happens(middle) else (low, middle)
    return high


def _doing(model: MovementModel, i: int, status: Status) -> str:
    if status in (Status.EXITED, Status.EXITED_COOP):
        return "No longer there, and beyond the campaign's reach."
    if status is not Status.BYSTANDER:
        stops = chance_of(take_part, model, i, lambda after: after == Status.BYSTANDER)
        return f"Drops out with a chance of {percent(stops)} a week."
    if not model.state.users.aware[i]:
        return "Does not know of the movement."
    if not inputs_of(model).campaigning:
        return "Knows of the movement, but no campaign runs."
    joins = chance_of(take_part, model, i, lambda after: after != Status.BYSTANDER)
    return f"Knows of the movement and joins with a chance of {percent(joins)} a week."


def _leaving(model: MovementModel, i: int, status: Status) -> str:
    verb = "Returns" if status in (Status.EXITED, Status.EXITED_COOP) else "Leaves the service"
    moves = chance_of(leave, model, i, lambda after: after != status)
    return f"{verb} with a chance of {percent(moves)} a week."


def _degree(model: MovementModel, i: int) -> int:
    offsets = model.state.network.offsets
    return int(offsets[i + 1] - offsets[i])


def explain_holder(model: MovementModel, j: int) -> Account:
    """Return how shareholder ``j`` would vote on a proposal inputs, and why."""
    p, state = model.parameters, model.state
    holders, users, world = state.shareholders, state.users, state.world[0]
    kind = HolderClass(int(holders.kind[j]))
    name = kind.name.lower()
    lost = p.shareholders.trust_start - float(holders.trust[j])
    heard = float(world["resonance_sum"]) / 4096.0 / users.status.size
    i = int(holders.user[j])
    if i >= 0:
        heard = 0.0
        if users.aware[i]:
            heard = float(
                persuasion.resonance(
                    users.commons_view[i], users.literacy[i], users.remedy[i],
                    np.float32(p.persuasion.literacy_weight),
                )
            )  # fmt: skip
    advice = 0.0 if p.firm.policy is Policy.CONCEDE else float(getattr(p.vote, f"board_{name}"))
    inclination = float(getattr(p.vote, f"inclination_{name}"))
    fraction = vote.support(
        inclination=inclination,
        trust_lost=lost,
        trust_effect=p.vote.trust_effect,
        resonance_heard=heard,
        resonance_effect=p.vote.resonance_effect,
        board_advice=advice,
        luck=0.0,
    )
    sold = trust.sale(
        holders.holding[j],
        holders.trust[j],
        p.shareholders.trust_start,
        p.shareholders.selling_rate,
    )
    terms = [
        Term("inclination of its class", inclination, name),
        Term("trust lost", p.vote.trust_effect * lost, f"{lost:+.2f} below its start"),
        Term("the campaign's arguments", p.vote.resonance_effect * heard, f"heard {heard:.2f}"),
        Term("the board's advice", -advice, "none, it concedes" if advice == 0 else "against"),
    ]
    summary = (
        f"Would vote {percent(float(fraction))} of its stock for the proposal, with average luck. "
        f"Sells {percent(float(sold / holders.holding[j]))} of it a week out of distrust."
    )
    facts = [
        ("share of the stock", percent(float(holders.holding[j]))),
        ("trust", f"{holders.trust[j]:.2f}"),
        ("trust at rest", f"{p.shareholders.trust_start:.2f}"),
        ("turnout of its class", percent(float(getattr(p.vote, f"turnout_{name}")))),
        ("is also", "no user" if i < 0 else f"user {i}"),
    ]
    total = Term("together", sum(term.value for term in terms), "logit of the support")
    title = f"Shareholder {j}: {'an ethical investor' if kind is HolderClass.ETHICAL else name}"
    return Account(title, summary, facts, "Why: parts of the vote", terms, total)
