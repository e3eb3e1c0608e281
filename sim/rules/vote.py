"""Shareholder proposals: filing, the ballot, filing again."""

import math

from sim.compiled import routine
from sim.parameters import Regime, code

_UNTIL_2020 = code(Regime.UNTIL_2020)
YEAR = 52  # weeks between meetings
BARRED = 156  # weeks without a vote on the proposal after too little support


@routine
def next_meeting(week, first_meeting, filing_lead):
    """Return the first meeting for which a proposal may still be filed this week."""
    earliest = week + filing_lead
    if earliest <= first_meeting:
        return first_meeting
    return first_meeting + YEAR * ((earliest - first_meeting + YEAR - 1) // YEAR)


@routine
def support(
    inclination,
    trust_lost,
    trust_effect,
    resonance_heard,
    resonance_effect,
    board_advice,
    luck,
):
    """Return the fraction of a holding voted for the proposal.

    p = sigma(a_class + v_T (T_0 - T) + v_R resonance x aware - board_class + N(0, 1)); a
    conceding board gives no advice.
    """
    logit = (
        inclination
        + trust_effect * trust_lost
        + resonance_effect * resonance_heard
        - board_advice
        + luck
    )
    return 1.0 / (1.0 + math.exp(-logit))


@routine
def resubmission_threshold(regime, submissions):
    """Return the support needed to file again after the 1st, 2nd or a later submission."""
    if regime == _UNTIL_2020:
        if submissions <= 1:
            return 0.03
        return 0.06 if submissions == 2 else 0.10
    if submissions <= 1:
        return 0.05
    return 0.15 if submissions == 2 else 0.25
