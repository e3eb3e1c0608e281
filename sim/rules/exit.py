"""Leaving and returning (Hirschman 1970)."""

import numpy as np

from sim.compiled import ONE, ZERO, exponential, routine, rule
from sim.state import Remedy, Status

_LEAVING = np.uint8(Remedy.LEAVING)
_BYSTANDER, _ORGANISER = np.uint8(Status.BYSTANDER), np.uint8(Status.ORGANISER)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)


@routine
def borne(threshold, rival_there, rival_quality, founded, cooperative_quality):
    """Return the dissatisfaction borne without dependence, a_0 less what the best alternative adds.

    A rival adds a_R from when it can be had, the cooperative a_C once it is founded; where both
    are there, the better one counts.
    """
    best = 0.0
    if rival_there:
        best = rival_quality
    if founded:
        best = max(best, cooperative_quality) if rival_there else cooperative_quality
    return threshold - best


@rule
def inclination(
    dissatisfaction,
    commons_view,
    remedy,
    dependence,
    neighbours_gone,
    active,
    threshold,
    neighbour_loss,
    voice,
    remedy_exit,
    steepness,
):
    """Return the inclination I to leave, on the logit scale.

    I = (D + remedy - a_0 - A (1 - nu gone) - v active) / softness: dependence holds, less so
    when neighbours are gone; taking part holds too; the commons view pushes users whose remedy is
    leaving.
    """
    push = remedy_exit * commons_view if remedy == _LEAVING else ZERO
    hold = dependence * (ONE - neighbour_loss * neighbours_gone)
    loyalty = voice if active else ZERO
    return steepness * ((dissatisfaction + push) - threshold - hold - loyalty)


@rule
def joins(status, decided, stay_chance, second_draw):
    """Return whether a user who would leave for the cooperative joins it and stays instead.

    The draw is that by which the user chose the cooperative: s_C of those who do stay.
    """
    return status <= _ORGANISER and decided == _EXITED_COOP and second_draw < stay_chance


@rule
def decide(
    status, decided, inclination_now, leave_rate, return_rate, cooperative_chance, draw, second_draw
):
    """Return the status after the decision to leave or return; it prevails over taking part.

    The present leave at lambda_X sigma(I), to the cooperative with a given chance; leavers return
    as bystanders at lambda_R (1 - sigma(I)). As in taking part, comparisons are multiplied by
    1 + e^-I.
    """
    odds_against = exponential(-inclination_now)
    scaled = draw * (ONE + odds_against)
    if status <= _ORGANISER:
        if scaled < leave_rate:
            return _EXITED_COOP if second_draw < cooperative_chance else _EXITED
        return decided
    return _BYSTANDER if scaled < return_rate * odds_against else status
