"""The firm's week: business, price and distress, conduct."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import routine
from sim.movement_week import make_news
from sim.randomness import Stream, normal, uniform
from sim.rules import dissatisfaction, efficacy, firm
from sim.state import Status
from sim.user_status import is_active, is_gone, people_active, set_status

_DEMAND, _PRICE = int(Stream.DEMAND), int(Stream.PRICE)
_CREDITORS, _YIELDING = int(Stream.CREDITORS), int(Stream.YIELDING)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)
_NONE = -1


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
        log_price_before=world.log_price,
        revenue_now=world.revenue,
        growth_now=growth,
        trust_change=world.trust - p.shareholders.trust_start,
        market=world.market - world.market_return,
        growth_weight=p.firm.growth_weight,
        trust_weight=p.firm.trust_weight,
        reversion=p.firm.price_reversion,
        shocks=world.market_return
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
    world.peak_price = firm.reference_price(world.peak_price, world.price, p.firm.peak_forgetting)
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
        level=world.monetisation,
        start=p.firm.monetisation_start,
        distress_now=world.distress,
        growth_now=revenue_growth(week, p, state, world),
        responsiveness=p.firm.responsiveness,
        relaxation=p.firm.relaxation,
        speed=p.firm.monetisation_speed,
    )
    if world.yielded != _NONE:
        world.monetisation = min(world.monetisation, p.firm.monetisation_start)
    world.usual_monetisation = dissatisfaction.usual(
        world.usual_monetisation, world.monetisation, p.dissatisfaction.habituation
    )
    world.governance_deficit = firm.governance_deficit(
        level=world.governance_deficit,
        start=p.firm.governance_start,
        strength=efficacy.size(people_active(world), world.half_size),
        converted=world.converted != _NONE,
        policy=p.firm.policy,
        concession=p.firm.concession,
        resistance=p.firm.resistance,
        speed=p.firm.governance_speed,
    )
    if world.yielded != _NONE and world.converted == _NONE:
        world.governance_deficit = p.firm.governance_start * (1.0 - p.firm.concession)
    world.user_value = world.value_sum / 4096.0 / state.users.status.size
    world.value_gap = firm.value_gap(world.user_value, world.user_value_start, world.price)


@routine
def yield_to_voice(p, world, seed, week):
    """Let management yield to the campaign: at once, for good, and as news of the movement."""
    campaigning = world.launched != _NONE and world.organisers > 0
    if not campaigning or world.yielded != _NONE or world.converted != _NONE:
        return
    if firm.yields(world.media, p.firm.yielding, uniform(seed, _YIELDING, week, 0)):
        world.yielded = week
        make_news(world, week, p.media.event_gain)


@routine
def face_creditors(p, network, users, world, seed, week):
    """Begin a forced sale of a firm without cash; end one in closure or with a new owner."""
    if world.converted != _NONE or world.closed != _NONE:
        return
    if world.for_sale == _NONE:
        luck = uniform(seed, _CREDITORS, week, 0)
        if firm.forced_to_sell(world.cash, p.firm.insolvency_rate, luck):
            world.for_sale = week
    elif week >= world.for_sale + p.conversion.pledge_window:
        world.for_sale = _NONE
        if uniform(seed, _CREDITORS, week, 1) < p.firm.closure_chance:
            close_service(network, users, world, week)
        else:
            world.cash = p.firm.cash


@routine
def close_service(network, users, world, week):
    """Close the service: its users are gone, members of the cooperative to the cooperative."""
    for i in range(users.status.size):
        if not is_gone(users.status[i]):
            world.dropped += is_active(users.status[i])
            set_status(network, users, world, i, _EXITED_COOP if users.member[i] else _EXITED)
    users.member[:] = 0
    world.members = world.aware = world.dissatisfied = 0
    world.dissatisfaction_sum = world.value_sum = world.resonance_sum = 0
    world.closed = week
