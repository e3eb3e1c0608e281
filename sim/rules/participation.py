"""Joining the movement, staying in it, organising it."""

import numpy as np

from sim.compiled import ONE, exponential, rule
from sim.state import Status

_BYSTANDER, _SUPPORTER = np.uint8(Status.BYSTANDER), np.uint8(Status.SUPPORTER)
_ORGANISER = np.uint8(Status.ORGANISER)


@rule
def grievance(
    dissatisfaction,
    threat_felt,
    resonance,
    closure_stake,
    dissatisfaction_weight,
    threat_weight,
    resonance_weight,
    closure_weight,
):
    """Return what moves a user: w_D D + w_theta z theta + w_r resonance + w_A A R_c."""
    return (
        dissatisfaction_weight * dissatisfaction
        + threat_weight * threat_felt
        + resonance_weight * resonance
        + closure_weight * closure_stake
    )


@rule
def peer_pressure(active_neighbours, half_saturation):
    """Return n / (n + h_S), saturating in the number of active neighbours."""
    return active_neighbours / (active_neighbours + half_saturation)


@rule
def motive(grievance_now, efficacy, peers, interaction, efficacy_weight, peer_weight):
    """Return the motive: grievance (1 - kappa + kappa E) + w_E E + w_S peers.

    kappa = 1 is expectancy times value, 0 additive, -1 makes them substitutes.
    """
    return (
        grievance_now * ((ONE - interaction) + interaction * efficacy)
        + efficacy_weight * efficacy
        + peer_weight * peers
    )


@rule
def utility(motive_now, cost, steepness):
    """Return b (motive - c), on the logit scale."""
    return steepness * (motive_now - cost)


@rule
def decide(
    status,
    aware,
    campaigning,
    utility_now,
    join_rate,
    drop_rate,
    burnout,
    organiser_utility,
    organiser_rate,
    draw,
    second_draw,
):
    """Return the status after the decision to take part.

    An aware bystander joins at lambda_J sigma(U) while the campaign runs; an active user drops out
    at lambda_B (1 - sigma(U)) + burnout; a supporter with utility above a threshold becomes an
    organiser at lambda_O. With e = e^-U, sigma(U) = 1 / (1 + e): both sides of a comparison with
    the draw are multiplied by 1 + e, which saves the division.
    """
    odds_against = exponential(-utility_now)
    scaled = draw * (ONE + odds_against)
    joins = aware and campaigning and scaled < join_rate
    drops = scaled < drop_rate * odds_against + burnout * (ONE + odds_against)
    rises = utility_now > organiser_utility and second_draw < organiser_rate
    if status == _BYSTANDER:
        return _SUPPORTER if joins else _BYSTANDER
    if status == _SUPPORTER or status == _ORGANISER:
        if drops:
            return _BYSTANDER
        return _ORGANISER if rises else status
    return status


@rule
def acts(potential, act_rate, draw):
    """Return whether a potential organiser acts this week, before any launch: hazard lambda_L."""
    return potential and draw < act_rate
