"""The shareholders' week, and their ballot."""

from __future__ import annotations

import numpy as np

from sim.compiled import routine
from sim.parameters import Policy, code
from sim.randomness import Stream, normal, uniform
from sim.rules import trust, vote
from sim.rules.persuasion import resonance
from sim.state import HolderClass, Status

_BALLOT, _TURNOUT = int(Stream.BALLOT), int(Stream.TURNOUT)
_RETAIL, _ETHICAL = int(HolderClass.RETAIL), int(HolderClass.ETHICAL)
_CONCEDE = code(Policy.CONCEDE)
_SUPPORTER, _ORGANISER = int(Status.SUPPORTER), int(Status.ORGANISER)


@routine
def update_trust(p, holders, world, excess_return, shock):
    """Move every holder's trust."""
    aim = trust.warranted(p.shareholders.trust_start, p.shareholders.trust_gain, excess_return)
    others, imitation = world.trust, p.shareholders.imitation
    for j in range(holders.trust.size):
        holders.trust[j] = trust.update(
            trust=holders.trust[j],
            warranted_now=aim,
            mean_trust=others,
            imitation=imitation,
            speed=holders.speed[j],
            shock=shock,
        )


@routine
def trade(p, holders, world):
    """Let holders who lost trust sell to the others, in proportion to holding and trust."""
    rest, rate = p.shareholders.trust_start, p.shareholders.selling_rate
    offered = demand = 0.0
    for j in range(holders.holding.size):
        demand += holders.holding[j] * holders.trust[j]
        offered += trust.sale(holders.holding[j], holders.trust[j], rest, rate)
    world.sold = offered if demand > 0.0 else 0.0
    if world.sold > 0.0:
        for j in range(holders.holding.size):
            sold = trust.sale(holders.holding[j], holders.trust[j], rest, rate)
            bought = offered * (holders.holding[j] * holders.trust[j]) / demand
            holders.holding[j] += bought - sold


@routine
def take_stock(holders, world):
    """Sum up by holdings: mean trust, and the share of the stock held by ethical investors."""
    total = ethical = 0.0
    for j in range(holders.holding.size):
        total += holders.holding[j] * holders.trust[j]
        ethical += holders.holding[j] if holders.kind[j] == _ETHICAL else 0.0
    world.trust = total
    world.ethical = ethical


@routine
def has_proponent(p, holders, users):
    """Return whether an ethical investor or an active user holds enough stock to file."""
    for j in range(holders.holding.size):
        if holders.holding[j] >= p.vote.minimum_holding:
            if holders.kind[j] == _ETHICAL:
                return True
            i = holders.user[j]
            if i >= 0 and (users.status[i] == _SUPPORTER or users.status[i] == _ORGANISER):
                return True
    return False


@routine
def ballot(p, holders, users, world, seed, week):
    """Hold the ballot: support is votes for over votes for and against."""
    heard = world.resonance_sum / 4096.0 / users.status.size
    opposed = 0.0 if p.firm.policy == _CONCEDE else 1.0  # a conceding board gives no advice
    votes_for = votes = at_brokers = 0.0
    for j in range(holders.holding.size):
        turnout, inclination = p.vote.turnout_institutional, p.vote.inclination_institutional
        advice = p.vote.board_institutional
        if holders.kind[j] == _RETAIL:
            turnout, inclination = p.vote.turnout_retail, p.vote.inclination_retail
            advice = p.vote.board_retail
        elif holders.kind[j] == _ETHICAL:
            turnout, inclination = p.vote.turnout_ethical, p.vote.inclination_ethical
            advice = p.vote.board_ethical
        echo = heard
        i = holders.user[j]
        if i >= 0:
            echo = 0.0
            if users.aware[i] != 0:
                echo = float(
                    resonance(
                        users.commons_view[i],
                        users.literacy[i],
                        users.remedy[i],
                        np.float32(p.persuasion.literacy_weight),
                    )
                )
        fraction = vote.support(
            inclination=inclination,
            trust_lost=p.shareholders.trust_start - holders.trust[j],
            trust_effect=p.vote.trust_effect,
            resonance_heard=echo,
            resonance_effect=p.vote.resonance_effect,
            board_advice=opposed * advice,
            luck=normal(seed, _BALLOT, week, j),
        )
        if uniform(seed, _TURNOUT, week, j) < turnout:
            votes += holders.holding[j]
            votes_for += holders.holding[j] * fraction
        elif holders.kind[j] == _RETAIL:
            at_brokers += holders.holding[j] * p.vote.broker_share
    world.support = votes_for / votes if votes > 0.0 else 0.0
    world.turnout = votes
    world.broker_nonvotes = at_brokers / (votes + at_brokers) if votes + at_brokers > 0.0 else 0.0
