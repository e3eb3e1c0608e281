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


@routine
def voice(attention, organisers, half_saturation):
    """Return how strongly the campaign persuades, 0 to 1: by its attention, or by hours put in.

    1 - (1 - min(M, 1)) (1 - n / (n + n_half)), n the organisers in people.
    """
    return 1.0 - (1.0 - min(attention, 1.0)) * (half_saturation / (organisers + half_saturation))


@routine
def argument_changes(framing, weeks_since_launch, first_stage):
    """Return whether the campaign turns to another argument this week."""
    staged = framing == _TWO_STAGE or framing == _REVERSED
    return staged and weeks_since_launch == first_stage
