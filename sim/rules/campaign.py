"""The campaign: what it says, and when users begin one on their own."""

from sim.compiled import routine
from sim.parameters import Framing, code

_COMMONS, _COOPERATIVE = code(Framing.COMMONS), code(Framing.COOPERATIVE)
_TWO_STAGE, _REVERSED = code(Framing.TWO_STAGE), code(Framing.REVERSED)

ACTS_WITHIN = 8  # weeks in which acts that users do on their own make a launch


@routine
def commons_budget(framing, weeks_since_launch, first_stage):
    """Return the share phi of messages that argue for the commons; the rest is cooperative.

    Two-stage: 1, then one half; reversed: 0, then one half. The first argument is not dropped.
    """
    if framing == _COMMONS:
        return 1.0
    if framing == _COOPERATIVE:
        return 0.0
    if weeks_since_launch < first_stage:
        if framing == _TWO_STAGE:
            return 1.0
        if framing == _REVERSED:
            return 0.0
    return 0.5
