"""How a shareholder would vote, and why: the terms of the rule, as the model computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.text import number, percent
from sim.parameters import Policy
from sim.rules import persuasion, trust, vote
from sim.state import HolderClass
from view.why import Account, Term

if TYPE_CHECKING:
    from sim.model import MovementModel


def explain_holder(model: MovementModel, j: int) -> Account:
    """Return how shareholder ``j`` would vote on a proposal, and why."""
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
        Term(
            "trust lost", p.vote.trust_effect * lost, f"{number(lost, sign=True)} below its start"
        ),
        Term("the campaign's arguments", p.vote.resonance_effect * heard, f"heard {heard:.2f}"),
        Term("the board's advice", -advice, "none, it concedes" if advice == 0 else "against"),
    ]
    turnout = float(getattr(p.vote, f"turnout_{name}"))
    brokers = ""
    if kind is HolderClass.RETAIL:
        brokers = (
            f"; else {percent(p.vote.broker_share)} of it counts as present, as a broker non-vote"
        )
    summary = (
        f"Votes with a chance of {percent(turnout)}{brokers}. Would vote "
        f"{percent(float(fraction))} of its stock for the proposal, with average luck. "
        f"Sells {percent(float(sold / holders.holding[j]))} of it a week out of distrust."
    )
    facts = [
        ("share of the stock", percent(float(holders.holding[j]))),
        ("trust", f"{holders.trust[j]:.2f}"),
        ("trust at rest", f"{p.shareholders.trust_start:.2f}"),
        ("is also", "no user" if i < 0 else f"user {i}"),
    ]
    total = Term("together", sum(term.value for term in terms), "logit of the support")
    title = f"Shareholder {j}: {'an ethical investor' if kind is HolderClass.ETHICAL else name}"
    return Account(title, summary, facts, "Why: parts of the vote", terms, total, [])
