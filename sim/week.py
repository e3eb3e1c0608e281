"""The week of the model: its rules, in order.

`advance` is the table of contents. Each line names a mechanism; the equations are in `sim.rules`.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import f32, routine
from sim.holder_week import take_stock, trade, update_trust
from sim.movement_week import (
    collect_pledges,
    concede,
    file,
    found_spin_off,
    hold_meeting,
    launch,
    update_media,
)
from sim.parameters import Origin, code
from sim.randomness import Stream, normal
from sim.rules import campaign, dissatisfaction, efficacy, environment, firm
from sim.user_week import Broadcast, count_acts, decide, take_effect

_THREAT, _MARKET = int(Stream.THREAT), int(Stream.MARKET)
_DEMAND, _PRICE = int(Stream.DEMAND), int(Stream.PRICE)
_ENDOGENOUS = code(Origin.ENDOGENOUS)
_GROWTH_WEEKS = 4
_NONE = -1


@routine
def advance(week, seed, p, history, state):
    """Move the world on by one week, from week - 1 to ``week``."""
    world = state.world[0]
    move_environment(week, seed, p, history, world)
    run_business(week, seed, p, history, state, world)
    set_price(week, seed, p, history, state, world)
    conduct_firm(week, p, state, world)
    move_shareholders(week, p, state, world)
    acted = move_users(week, seed, p, state, world)
    news = launch(p, state.network, state.users, state.workspace, world, week, acted)
    news += file(p, state.users, state.shareholders, world, week)
    news += hold_meeting(p, state.network, state.users, state.shareholders, world, seed, week)
    concede(p, world, week)
    collect_pledges(p, state.users, world, week)
    found_spin_off(p, state.users, world, week)
    update_media(p, world, news)
    observe(week, p, state, world)


@routine
def advance_to(first, last, until_launch, seed, p, history, state):
    """Move the world on from week ``first`` to week ``last`` at once; return the week reached.

    If ``until_launch``, stop after the week of the launch.
    """
    for week in range(first + 1, last + 1):
        advance(week, seed, p, history, state)
        if until_launch and state.world[0].launched == week:
            return week
    return last


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
        max(closure - world.closure, 0.0)
        + max(takeover - world.takeover, 0.0)
        + max(scandal - world.scandal, 0.0)
    )
    world.closure = closure
    world.takeover = takeover
    world.scandal = scandal
    world.people_per_agent = p.users.people_per_agent
    if not math.isnan(history.base[week]):
        world.people_per_agent = p.users.people_per_agent * history.base[week]


@routine
def run_business(week, seed, p, history, state, world):
    """Demand, revenue, cost, cash."""
    declining = p.firm.decline_start <= week < p.firm.decline_start + p.firm.decline_duration
    world.demand = firm.demand(
        world.demand,
        declining,
        p.firm.decline_rate,
        p.firm.demand_noise,
        normal(seed, _DEMAND, week, 0),
    )
    present = 1.0 - (world.exited + world.exited_coop) / state.users.status.size
    world.revenue = firm.revenue(
        world.demand, present, world.monetisation - p.firm.monetisation_start, p.firm.arpu_gain
    )
    if not math.isnan(history.revenue[week]):
        world.revenue = history.revenue[week]
    world.cost += p.firm.cost_speed * (p.firm.cost_share * world.revenue - world.cost)
    margin = history.margin[week]
    if math.isnan(margin):
        result = world.revenue - world.cost
        world.net_income += (result - world.net_income) / firm.QUARTER
    else:
        result = margin * world.revenue
        world.net_income = result
    world.cash += result


@routine
def set_price(week, seed, p, history, state, world):
    """Price, and the distress that follows from price and cash."""
    growth = revenue_growth(week, p, state, world)
    world.log_price = firm.log_price(
        world.log_price,
        world.revenue,
        growth,
        world.trust - p.shareholders.trust_start,
        world.market - world.market_return,
        p.firm.growth_weight,
        p.firm.trust_weight,
        p.firm.price_reversion,
        world.market_return
        + p.firm.price_noise * normal(seed, _PRICE, week, 0)
        - p.shareholders.selling_pressure * world.sold,
    )
    world.price = math.exp(
        world.log_price
        + p.events.takeover_premium * world.takeover
        - p.events.closure_discount * world.closure
    )
    if not math.isnan(history.price[week]):
        world.price = history.price[week]
        world.log_price = (
            math.log(world.price)
            - p.events.takeover_premium * world.takeover
            + p.events.closure_discount * world.closure
        )
    world.peak_price = max(world.peak_price, world.price)
    world.distress = firm.distress(
        world.price, world.peak_price, world.cash, world.net_income, p.firm.drawdown_weight
    )


@routine
def revenue_growth(week, p, state, world):
    """Return the bounded growth of revenue over half a year."""
    before = state.weekly[max(week - firm.HALF_YEAR, 0)].revenue
    return firm.growth(world.revenue, before, p.firm.growth_cap)


@routine
def conduct_firm(week, p, state, world):
    """Monetisation, governance, and the value gap that users may notice."""
    world.monetisation = firm.monetisation(
        world.monetisation,
        p.firm.monetisation_start,
        world.distress,
        revenue_growth(week, p, state, world),
        p.firm.responsiveness,
        p.firm.relaxation,
        p.firm.monetisation_speed,
    )
    world.governance_deficit = firm.governance_deficit(
        world.governance_deficit,
        p.firm.governance_start,
        efficacy.size(people_active(world), p.efficacy.half_saturation),
        world.converted != _NONE,
        p.firm.policy,
        p.firm.concession,
        p.firm.resistance,
        p.firm.governance_speed,
    )
    world.user_value = world.value_sum / 4096.0 / state.users.status.size
    world.value_gap = firm.value_gap(world.user_value, world.user_value_start, world.price)


@routine
def people_active(world):
    """Return the people who take part."""
    return (world.supporters + world.organisers) * world.people_per_agent


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
def move_users(week, seed, p, state, world):
    """Let users decide and act; return how many acted of themselves before a launch."""
    people = people_active(world)
    earlier = state.weekly[max(week - 1 - _GROWTH_WEEKS, 0)]
    agents_before = earlier.active * state.users.status.size
    world.efficacy = efficacy.combine(
        efficacy.opportunity(world.distress, p.efficacy.hopelessness),
        efficacy.size(people, p.efficacy.half_saturation),
        efficacy.growth(people, agents_before * world.people_per_agent, p.efficacy.half_saturation),
        p.efficacy.opportunity_weight,
        p.efficacy.size_weight,
        p.efficacy.growth_weight,
    )
    now = broadcast(week, seed, p, world)
    decide(state.users, state.workspace, world, now)
    take_effect(state.network, state.users, state.workspace, world)
    return count_acts(state.users, week - campaign.ACTS_WITHIN) if now.waiting else 0


@routine
def broadcast(week, seed, p, world):
    """Return what every user meets this week."""
    causes = dissatisfaction.causes(
        p.dissatisfaction.base,
        p.dissatisfaction.monetisation_weight,
        world.monetisation - p.firm.monetisation_start,
        p.dissatisfaction.governance_weight,
        world.governance_deficit,
        dissatisfaction.trend(
            week,
            p.dissatisfaction.ramp_size,
            p.dissatisfaction.ramp_start,
            p.dissatisfaction.ramp_duration,
        ),
        p.events.scandal_effect,
        world.scandal,
    )
    launched = world.launched != _NONE
    campaigning = launched and world.organisers > 0 and world.converted == _NONE
    weeks = week - world.launched
    share = campaign.commons_budget(p.movement.framing, weeks, p.movement.second_stage_weeks)
    rate = p.persuasion.rate if campaigning else 0.0
    petition = campaigning and weeks >= p.movement.petition_delay
    petition_rate = p.movement.petition_rate if petition else 0.0
    cooperative_pull = p.exit.cooperative_pull if world.spin_off != _NONE else 0.0
    waiting = p.movement.origin == _ENDOGENOUS and not launched
    person, persuasion, taking_part, leaving = p.users, p.persuasion, p.participation, p.exit
    return Broadcast(
        week,
        seed,
        campaigning,
        waiting,
        f32(causes),
        f32(p.dissatisfaction.speed),
        f32(p.dissatisfaction.noise),
        f32(math.log1p(-p.awareness.contact)),
        f32(p.awareness.media_reach * world.media),
        f32(p.awareness.forgetting),
        f32(rate * share),
        f32(rate * (1.0 - share)),
        f32(persuasion.commons_base),
        f32(persuasion.cooperative_floor),
        f32(persuasion.decay),
        f32(persuasion.commons_start / person.dependence_mean),
        f32(persuasion.literacy_start / person.ownership_mean),
        f32(persuasion.literacy_weight),
        f32(world.literacy_top),
        f32(world.value_gap),
        f32(world.threat),
        f32(world.closure),
        f32(world.efficacy),
        f32(taking_part.dissatisfaction_weight),
        f32(taking_part.threat_weight),
        f32(taking_part.resonance_weight),
        f32(taking_part.closure_weight),
        f32(taking_part.efficacy_weight),
        f32(taking_part.peer_weight),
        f32(taking_part.peer_half_saturation),
        f32(taking_part.interaction),
        f32(taking_part.steepness),
        f32(taking_part.join_rate),
        f32(taking_part.drop_rate),
        f32(taking_part.burnout),
        f32(taking_part.organiser_utility),
        f32(taking_part.organiser_rate),
        f32(p.movement.act_rate),
        f32(petition_rate),
        f32(leaving.leave_rate),
        f32(leaving.return_rate),
        f32(leaving.threshold),
        f32(leaving.neighbour_loss),
        f32(leaving.voice),
        f32(persuasion.remedy_exit),
        f32(1.0 / leaving.softness),
        f32(cooperative_pull),
    )


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
    row.joined = world.joined / users
    row.joined_peers = world.joined_peers / users
    row.dropped = world.dropped / users
    row.signatures = world.signatures * world.people_per_agent
    row.filed = 1.0 if world.filed != _NONE else 0.0
    row.vote_share = world.support if world.support >= 0.0 else np.nan
    row.pledged = world.pledged
    row.spin_off = 1.0 if world.spin_off != _NONE else 0.0
    row.converted = 1.0 if world.converted != _NONE else 0.0
