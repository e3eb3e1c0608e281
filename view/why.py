"""Why a user acts: the terms of the rules that decide, as the model computes them.

Every number comes from calling the model's rules, with one term at a time; none is a formula of its
own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.text import number, percent
from sim.population import GOALS
from sim.rules import campaign, participation
from sim.state import Remedy, Status, Users, make_workspace
from sim.user_status import is_gone
from sim.user_week import leave, take_part, weigh
from view.motive import CAUSES, causes_of, inputs_of, parts_of

if TYPE_CHECKING:
    from sim.model import MovementModel
    from sim.week_inputs import WeekInputs

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
MOST_NAMED = 6  # neighbours with news


class Term(NamedTuple):
    """A part of what decides."""

    name: str
    value: float
    detail: str  # what it is made of


class Tier(NamedTuple):
    """A way of taking part."""

    name: str
    cost: float
    margin: float  # motive minus cost
    chance: float  # once the user considers the call; NaN: it is not open to this user


class Account(NamedTuple):
    """Who somebody is, and what decides what they do."""

    title: str
    summary: str
    facts: list[tuple[str, str]]
    heading: str  # what the terms are of
    terms: list[Term]
    total: Term
    tiers: list[Tier]  # of a user


def explain_user(model: MovementModel, i: int, newcomers: Collection[int] = ()) -> Account:
    """Return why user ``i`` takes part or does not, at the week reached.

    Parameters
    ----------
    model
        The run.
    i
        The user.
    newcomers
        Users who signed or joined in the week reached, and have told their neighbours.
    """
    users = model.state.users
    inputs = inputs_of(model)
    status = Status(int(users.status[i]))
    terms = motive_terms(model, i, inputs)
    motive = np.float32(sum(term.value for term in terms))
    utility = participation.utility(motive, users.cost[i], inputs.steepness)
    terms.append(Term("cost of supporting", -float(users.cost[i]), "drawn for this user"))
    facts = [
        *_campaign_facts(model, i, inputs),
        ("dissatisfaction", f"{users.dissatisfaction[i]:.2f}"),
        ("dependence on the service", f"{users.dependence[i]:.2f}"),
        ("sees it as a commons", f"{users.commons_view[i]:.2f}"),
        ("knows of cooperatives", f"{users.literacy[i]:.2f}"),
        ("when persuaded, asks for", REMEDY[Remedy(int(users.remedy[i]))]),
        ("wants most to", GOAL[GOALS[int(users.goals[i].argmax())]]),
        ("neighbours who take part", f"{users.active_neighbours[i]} of {_degree(model, i)}"),
        ("neighbours who left", f"{users.gone_neighbours[i]}"),
    ]
    total = Term(
        "motive minus cost of supporting",
        float(motive - users.cost[i]),
        f"utility {number(float(utility), sign=True)} (logit)",
    )
    news = "" if is_gone(status) else _news(model, i, newcomers)
    summary = f"{_doing(model, i, status, inputs)} {news}{_leaving(model, i, status)}"
    signed = " who signed" if users.signed[i] else ""
    title = f"User {i}: {STATUS[status]}{signed}"
    costs = tiers(model, i, float(motive), inputs)
    return Account(title, summary, facts, "Why: parts of the motive", terms, total, costs)


def motive_terms(model: MovementModel, i: int, inputs: WeekInputs) -> list[Term]:
    """Return the parts of a user's motive; they sum to it."""
    users = model.state.users
    values = causes_of(users, i, inputs)
    details = {
        "dissatisfaction": f"{values[0]:.2f} its own, weight {inputs.dissatisfaction_weight:g}",
        "threat": f"{values[1]:.2f} as this user feels it, weight {inputs.threat_weight:g}",
        "argument": f"{values[2]:.2f} as they resonate, weight {inputs.resonance_weight:g}",
        "closure": f"{values[3]:.2f} of who depends on it, weight {inputs.closure_weight:g}",
        "hope": f"efficacy {values[4]:.2f}, weight {inputs.efficacy_weight:g}",
        "neighbours": f"{users.active_neighbours[i]} of them, weight {inputs.peer_weight:g}",
    }
    parts = zip(CAUSES.items(), parts_of(users, i, inputs), strict=True)
    return [Term(name, float(part), details[key]) for (key, name), part in parts]


def tiers(model: MovementModel, i: int, motive: float, inputs: WeekInputs) -> list[Tier]:
    """Return what it costs user ``i`` to sign, support and organise, and how likely each is.

    The chances are those of a user who considers the call; a supporter may still organise.
    """
    users, p = model.state.users, model.parameters.participation
    cost, status = float(users.cost[i]), Status(int(users.status[i]))
    acts: dict[str, tuple[float, bool, Callable[[Users], bool]]] = {  # cost, open, done
        "sign": (
            cost - p.signing_discount,
            bool(not users.signed[i] and inputs.petition_open),
            lambda user: bool(user.signed[0]),
        ),
        "support": (
            cost,
            status is Status.BYSTANDER,
            lambda user: int(user.status[0]) < int(user.next_status[0]),
        ),
        "organise": (
            cost + p.organising_premium,
            status < Status.ORGANISER,
            lambda user: int(user.next_status[0]) == Status.ORGANISER,
        ),
    }
    called = inputs.campaigning and status <= Status.ORGANISER
    return [
        Tier(
            name,
            needed,
            motive - needed,
            chance_of(take_part, model, i, done, called=True) if called and is_open else math.nan,
        )
        for name, (needed, is_open, done) in acts.items()
    ]


def chance_of(
    step: Any, model: MovementModel, i: int, happens: Callable[[Users], bool], called: bool = False
) -> float:
    """Return the chance that something happens to user ``i`` in a step of the users' week.

    The model's own step, `take_part` or `leave`, decides for this user alone, with a chosen draw in
    place of luck: what happens, happens for small draws and not for large ones. If ``called``, the
    user considers the campaign's call.
    """
    inputs, workspace = inputs_of(model), make_workspace(1)
    first, last = np.uint64(0), np.uint64(1)
    workspace.reached[0] = called

    def does(draw: float) -> bool:
        user = Users(*(array[i : i + 1].copy() for array in model.state.users))
        weigh(user, workspace, inputs, first, last)
        workspace.bits[:, 0] = np.uint32(min(draw * 2.0**32, 2.0**32 - 1))
        step(user, workspace, inputs, first, last)
        return happens(user)

    low, high = 0.0, 1.0
    if not does(low):
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if does(middle) else (low, middle)
    return high


def _doing(model: MovementModel, i: int, status: Status, inputs: WeekInputs) -> str:
    if is_gone(status):
        return "No longer there, and beyond the campaign's reach."
    if status is not Status.BYSTANDER:
        stops = chance_of(take_part, model, i, lambda user: user.next_status[0] == Status.BYSTANDER)
        return f"Drops out with a chance of {percent(stops)} a week."
    knows = "Knows of the movement" if model.state.users.aware[i] else "Has not heard of it"
    if not inputs.campaigning:
        return f"{knows}; no campaign runs."
    again = f", and considers it anew in {percent(float(inputs.novelty_left))} of cases"
    return (
        f"{knows}. The campaign reaches this user with a chance of "
        f"{percent(float(inputs.reach_chance))} a week"
        f"{again if model.state.users.aware[i] else ''}."
    )


def _news(model: MovementModel, i: int, newcomers: Collection[int]) -> str:
    """Return which neighbours have told of their signing or joining this week."""
    network = model.state.network
    tied = network.neighbours[network.offsets[i] : network.offsets[i + 1]]
    tellers = [str(j) for j in np.intersect1d(tied, [*newcomers])]
    if not tellers:
        return ""
    named = ", ".join(tellers[:MOST_NAMED]) + (" and others" if len(tellers) > MOST_NAMED else "")
    who = "Neighbour" if len(tellers) == 1 else f"{len(tellers)} neighbours"
    said = f"{who} {named}" if len(tellers) == 1 else f"{who} ({named})"
    chance = percent(model.parameters.awareness.contact)
    return f"{said} signed or joined this week, and told of it with a chance of {chance} each. "


def _leaving(model: MovementModel, i: int, status: Status) -> str:
    verb = "Returns" if is_gone(status) else "Leaves the service"
    moves = chance_of(leave, model, i, lambda user: user.next_status[0] != status)
    return f"{verb} with a chance of {percent(moves)} a week."


def _campaign_facts(model: MovementModel, i: int, inputs: WeekInputs) -> list[tuple[str, str]]:
    """Return how the campaign speaks, and how tired this user is of it."""
    p, world, users = model.parameters, model.state.world[0], model.state.users
    if not inputs.campaigning:
        return []
    organisers = float(world["organisers"] * world["people_per_agent"])
    voice = campaign.voice(float(world["media"]), organisers, p.persuasion.organiser_half)
    facts = [
        (
            "the campaign's voice",
            f"{voice:.2f} of full strength: attention {world['media']:.2f}, "
            f"{organisers:,.0f} organisers",
        )
    ]
    if users.status[i] in (Status.SUPPORTER, Status.ORGANISER):
        weeks = model.week - int(world["news_week"])
        added = float(inputs.fatigue * users.wear[i])
        facts.append(
            (
                "fatigue",
                f"{weeks} weeks without news of the campaign add {percent(added)} a week to "
                "dropping out, at no utility",
            )
        )
    return facts


def _degree(model: MovementModel, i: int) -> int:
    offsets = model.state.network.offsets
    return int(offsets[i + 1] - offsets[i])
