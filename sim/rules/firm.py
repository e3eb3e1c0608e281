"""The firm: business, price, distress, conduct, and the value its price does not see."""

import math

from sim.compiled import routine
from sim.parameters import Policy, code

_CONCEDE, _RESIST = code(Policy.CONCEDE), code(Policy.RESIST)
QUARTER = 13  # weeks
HALF_YEAR = 26
RUNWAY = 104.0  # weeks of cash below which a firm that loses money is in trouble


@routine
def demand(level, declining, decline_rate, noise, luck):
    """Return demand after a week of structural decline and chance, at least e^-20."""
    drift = decline_rate if declining else 0.0
    return max(level * math.exp(-drift + noise * luck), 2e-9)


@routine
def revenue(demand_now, present, monetisation_rise, arpu_gain):
    """Return demand x share of users present x revenue per user 1 + gain (m - m_0)."""
    return demand_now * present * (1.0 + arpu_gain * monetisation_rise)


@routine
def growth(revenue_now, revenue_before, cap):
    """Return growth of half a year as a yearly figure, bounded: g_max tanh(2 dln(r) / g_max)."""
    change = math.log(max(revenue_now, 1e-9)) - math.log(max(revenue_before, 1e-9))
    return cap * math.tanh(2.0 * change / cap)


@routine
def log_price(
    log_price_before,
    revenue_now,
    growth_now,
    trust_change,
    market,
    growth_weight,
    trust_weight,
    reversion,
    shocks,
):
    """Return the log price without rumours.

    ln P += kappa_P (ln r + gamma g + psi (T - T_0) + market - ln P) + shocks, where the market's
    log index of last week keeps the price from giving back what the whole market gained; its
    return of this week is among the shocks.
    """
    fundamental = (
        math.log(max(revenue_now, 1e-9))
        + growth_weight * growth_now
        + trust_weight * trust_change
        + market
    )
    moved = log_price_before + reversion * (fundamental - log_price_before) + shocks
    return min(max(moved, -20.0), 20.0)


@routine
def reference_price(reference, price, forgetting):
    """Return the price that today's is compared with: a peak, of which a part is forgotten.

    max(ref + phi_P (P - ref), P): with phi_P = 0 the highest price since week 0.
    """
    return max(reference + forgetting * (price - reference), price)


@routine
def distress(price, peak_price, cash, net_income, drawdown_weight):
    """Return distress X from the fall of the price and from cash that runs out.

    w clip((drawdown - 0.25) / 0.5) + (1 - w) clip(1 - runway / 104), the latter while losing money.
    """
    drawdown = 1.0 - price / peak_price
    fallen = min(max((drawdown - 0.25) / 0.5, 0.0), 1.0)
    short = 0.0
    if net_income < 0.0:
        short = min(max(1.0 - max(cash, 0.0) / -net_income / RUNWAY, 0.0), 1.0)
    return drawdown_weight * fallen + (1.0 - drawdown_weight) * short


@routine
def forced_to_sell(cash, rate, luck):
    """Return whether creditors have the firm sold this week: at a rate, while cash is below 0."""
    return cash < 0.0 and luck < rate


@routine
def monetisation(level, start, distress_now, growth_now, responsiveness, relaxation, speed):
    """Return monetisation m: it rises with distress and relaxes with success.

    m <- m + speed (clip(m_0 + responsiveness X - relaxation g+) - m).
    """
    aim = start + responsiveness * distress_now - relaxation * max(growth_now, 0.0)
    return level + speed * (min(max(aim, 0.0), 1.0) - level)


@routine
def governance_deficit(level, start, strength, converted, policy, concession, resistance, speed):
    """Return the governance deficit as management ignores, concedes to or resists the movement.

    A conceding firm aims at start (1 - concession S), a resisting one at
    start + resistance S (1 - start), S the movement's strength; a cooperative at 0.
    """
    aim = start
    if converted:
        aim = 0.0
    elif policy == _CONCEDE:
        aim = start * (1.0 - concession * strength)
    elif policy == _RESIST:
        aim = start + resistance * strength * (1.0 - start)
    return level + speed * (aim - level)


@routine
def yields(attention, chance, luck):
    """Return whether management yields: with the chance lambda_Y min(M, 1) a week (King 2008)."""
    return luck < chance * min(attention, 1.0)


@routine
def value_gap(user_value, user_value_start, price):
    """Return G = 1 - exp(-max(0, ln V - ln P)): value to users that the price does not show."""
    ratio = user_value / user_value_start
    if ratio <= price:
        return 0.0
    return 1.0 - price / ratio
