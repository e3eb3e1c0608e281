"""Shareholders' trust and what those do who lost it."""

import math

from sim.compiled import routine


@routine
def warranted(trust_start, gain, excess_return):
    """Return sigma(logit T_0 + k_T x excess return of the quarter); T_0 if there is none."""
    logit = math.log(trust_start / (1.0 - trust_start)) + gain * excess_return
    return 1.0 / (1.0 + math.exp(-logit))


@routine
def update(trust, warranted_now, mean_trust, imitation, speed, shock):
    """Move trust at the holder's speed towards what is warranted and what others trust."""
    aim = (1.0 - imitation) * warranted_now + imitation * mean_trust
    return min(max(trust + speed * (aim - trust) - shock, 0.0), 1.0)


@routine
def sale(holding, trust, trust_start, selling_rate):
    """Return the stock a holder sells who lost trust: rate (T_0 - T)+ of the holding."""
    return holding * selling_rate * max(trust_start - trust, 0.0)
