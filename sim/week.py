"""The week of the model: its rules, in order.

`advance` is the table of contents. Each line names a mechanism; the equations are in `sim.rules`.
"""

from __future__ import annotations

import math

import numpy as np

from sim.cascade import spread_news
from sim.compiled import part, routine
from sim.firm_week import conduct_firm, face_creditors, run_business, set_price, yield_to_voice
from sim.holder_week import take_stock, trade, update_trust
from sim.movement_week import (
    admit,
    change_argument,
    collect_pledges,
    concede,
    file,
    found_spin_off,
    hold_meeting,
    launch,
    open_petition,
    update_media,
)
from sim.randomness import Stream, binomial, normal, uniform
from sim.rules import efficacy, environment, firm
from sim.state import READY
from sim.user_status import people_active, take_effect
from sim.user_week import decide
from sim.week_inputs import week_inputs

_ACTING = int(Stream.ACTING)
_THREAT, _MARKET = int(Stream.THREAT), int(Stream.MARKET)
_GROWTH_WEEKS = 4
_NONE = -1


@routine
def advance(week, seed, p, history, state):
    """Move the world on by one week, from week - 1 to ``week``."""
    begin_week(week, seed, p, history, state)
    move_users(week, seed, p, state, state.world[0])
    end_week(week, seed, p, state)


@part
def begin_week(week, seed, p, history, state):
    """Let everything happen that users know of when they decide."""
    world = state.world[0]
    move_environment(week, seed, p, history, world)
    run_business(week, seed, p, history, state, world)
    set_price(week, seed, p, history, state, world)
    conduct_firm(week, p, state, world)
    move_shareholders(week, p, state, world)
    world.acts = 0.0
    judge_chances(week, p, state, world)


@part
def end_week(week, seed, p, state):
    """Let the movement act, and record the week."""
    world = state.world[0]
    launch(p, seed, state.network, state.users, state.workspace, state.weekly, world, week)
    open_petition(p, world, week)
    change_argument(p, world, week)
    file(p, state.users, state.shareholders, world, week)
    admit(p, world, seed, week)
    hold_meeting(p, state.network, state.users, state.shareholders, world, seed, week)
    concede(p, world, week)
    yield_to_voice(p, world, seed, week)
    face_creditors(p, state.network, state.users, world, seed, week)
    collect_pledges(p, state.users, world, week)
    found_spin_off(p, state.users, state.workspace, world, week)
    update_media(p, world)
    observe(week, p, state, world)


@routine
def advance_to(first, last, until_turn, seed, p, history, state):
    """Move the world on from week ``first`` to week ``last`` at once; return the week reached.

    If ``until_turn``, stop after the week of the launch, or once the campaign is over.
    """
    world = state.world[0]
    for week in range(first + 1, last + 1):
        advance(week, seed, p, history, state)
        if until_turn and is_turn(week, world):
            return week
    return last


@routine
def is_turn(week, world):
    """Return whether this is the week of the launch, or a campaign is over and nobody can join."""
    is_over = world.organisers == 0 or world.converted != _NONE
    return world.launched == week or (world.launched != _NONE and is_over)


@routine
def move_environment(week, seed, p, history, world):
    """Threat, market, rumours and scandals."""
    level = history.threat[week]
    if math.isnan(level):
        level = p.threat.base + p.threat.shock_size * environment.shock(
            week, p.threat.shock_week, p.threat.shock_ramp, p.threat.shock_half_life
        )
    world.threat = environment.move_threat(
        world.threat,
        min(level, 1.0),
        p.threat.speed,
        p.threat.noise,
        normal(seed, _THREAT, week, 0),
    )
    world.market_return = p.firm.market_volatility * normal(seed, _MARKET, week, 0)
    world.market += world.market_return

    events = p.events
    closure = events.closure_size * environment.decaying(
        week, events.closure_week, events.closure_half_life
    )
    takeover = events.takeover_size * environment.decaying(
        week, events.takeover_week, events.takeover_half_life
    )
    scandal = events.scandal_size * environment.decaying(
        week, events.scandal_week, events.scandal_half_life
    )
    closure = min(closure + history.closure[week], 1.0)
    takeover = min(takeover + history.takeover[week], 1.0)
    scandal = min(scandal + history.scandal[week], 1.0)
    world.events = (
        p.media.closure_gain * max(closure - world.closure, 0.0)
        + p.media.takeover_gain * max(takeover - world.takeover, 0.0)
        + p.media.scandal_gain * max(scandal - world.scandal, 0.0)
    )
    world.closure = closure
    world.takeover = takeover
    world.scandal = scandal
    world.people_per_agent = p.users.people_per_agent
    if not math.isnan(history.base[week]):
        world.people_per_agent = p.users.people_per_agent * history.base[week]
    world.half_size = efficacy.half_size(
        p.efficacy.half_saturation, p.efficacy.relative, p.users.count * world.people_per_agent
    )


@routine
def move_shareholders(week, p, state, world):
    """Trust by the quarter's excess return, trading, and the mean they arrive at."""
    before = state.weekly[max(week - firm.QUARTER, 0)]
    excess = (math.log(world.price) - math.log(before.price)) - (world.market - before.market)
    shock = 0.0
    if p.shareholders.trust_shock_week >= 0 and week == max(p.shareholders.trust_shock_week, 1):
        shock = p.shareholders.trust_shock_size
    update_trust(p, state.shareholders, world, excess, shock)
    trade(p, state.shareholders, world)
    take_stock(state.shareholders, world)


@routine
def judge_chances(week, p, state, world):
    """Let users judge how likely the movement is to succeed."""
    people = people_active(world)
    earlier = state.weekly[max(week - 1 - _GROWTH_WEEKS, 0)]
    agents_before = earlier.active * state.users.status.size
    world.efficacy = efficacy.combine(
        opportunity_now=efficacy.opportunity(world.distress, p.efficacy.hopelessness),
        size_now=efficacy.size(people, world.half_size),
        growth_now=efficacy.growth(people, agents_before * world.people_per_agent, world.half_size),
        opportunity_weight=p.efficacy.opportunity_weight,
        size_weight=p.efficacy.size_weight,
        growth_weight=p.efficacy.growth_weight,
    )


@routine
def move_users(week, seed, p, state, world):
    """Let users decide, act and tell others."""
    inputs = week_inputs(week, seed, p, world, state.users.status.size)
    decide(state.users, state.workspace, world, inputs)
    take_effect(state.network, state.users, state.workspace, world)
    spread_news(state.network, state.users, state.workspace, world, inputs)
    act_alone(week, seed, p, world, inputs)


@routine
def act_alone(week, seed, p, world, inputs):
    """Let people act on their own while there is no movement yet."""
    world.acting = 0.0
    if inputs.waiting:
        people = round(world.potential / READY * world.people_per_agent)
        world.acting = binomial(uniform(seed, _ACTING, week, 0), people, p.movement.act_rate)


@routine
def observe(week, p, state, world):
    """Record the week."""
    row = state.weekly[week]
    users = state.users.status.size
    gone = world.exited + world.exited_coop
    present = max(users - gone, 1)
    row.week = week
    row.price = world.price
    row.revenue = world.revenue
    row.cash = world.cash
    row.net_income = world.net_income
    row.distress = world.distress
    row.monetisation = world.monetisation
    row.governance_deficit = world.governance_deficit
    row.value_gap = world.value_gap
    row.trust = world.trust
    row.sold = world.sold
    row.ethical = world.ethical
    row.market = world.market
    row.threat = world.threat
    row.closure = world.closure
    row.takeover = world.takeover
    row.scandal = world.scandal
    row.people_per_agent = world.people_per_agent
    row.dissatisfaction = world.dissatisfaction_sum / 4096.0 / present
    row.dissatisfied = world.dissatisfied / users
    row.aware = world.aware / users
    row.commons_view = world.commons_sum / 4096.0 / users
    row.literacy = world.literacy_sum / 4096.0 / users
    row.efficacy = world.efficacy
    row.media = world.media
    row.supporters = world.supporters / users
    row.organisers = world.organisers / users
    row.active = (world.supporters + world.organisers) / users
    row.exited = world.exited / users
    row.exited_coop = world.exited_coop / users
    row.members = (world.exited_coop + world.members) / users
    row.joined = world.joined / users
    row.joined_peers = world.joined_peers / users
    row.dropped = world.dropped / users
    row.signatures = world.signatures * world.people_per_agent
    row.acting = world.acting
    row.admitted = 1.0 if world.filed != _NONE and world.admitted == 1 else 0.0
    row.turnout = world.turnout if world.support >= 0.0 else np.nan
    row.filed = 1.0 if world.filed != _NONE else 0.0
    row.vote_share = world.support if world.support >= 0.0 else np.nan
    row.yielded = 1.0 if world.yielded != _NONE else 0.0
    row.for_sale = 1.0 if world.for_sale != _NONE else 0.0
    row.closed = 1.0 if world.closed != _NONE else 0.0
    row.pledged = world.pledged
    row.spin_off = 1.0 if world.spin_off != _NONE else 0.0
    row.converted = 1.0 if world.converted != _NONE else 0.0
