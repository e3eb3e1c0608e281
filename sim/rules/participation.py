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
def responds(utility_now, scale, share, draw):
    """Return whether a user who considers a call follows it: with chance share x sigma(U + shift).

    ``scale`` is e^-shift, of what the act costs less than supporting. Both sides of the comparison
    are multiplied by 1 + e^-(U + shift), which saves the division.
    """
    return draw * (ONE + exponential(-utility_now) * scale) < share


@rule
def drops_out(organising, utility_now, drop_rate, burnout, persistence, draw):
    """Return whether an active user drops out: chance lambda (1 - sigma(U)) + burnout.

    Organisers drop out at a fraction of it, their persistence.
    """
    odds_against = exponential(-utility_now)
    chance = drop_rate * odds_against + burnout * (ONE + odds_against)
    return draw * (ONE + odds_against) < chance * (persistence if organising else ONE)


@rule
def readiness(utility_now, scale):
    """Return how far a user is ready to organise: sigma(U - premium), ``scale`` = e^premium."""
    return ONE / (ONE + exponential(-utility_now) * scale)
