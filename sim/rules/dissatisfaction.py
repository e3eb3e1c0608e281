"""Dissatisfaction with the firm's organisational model and business philosophy."""

from sim.compiled import HALF, ONE, clip_share, f32, routine, rule

_SQRT12 = f32(3.4641016)  # a uniform draw has standard deviation 1 / sqrt(12)


@routine
def trend(week, ramp_size, ramp_start, ramp_duration):
    """Return the exogenous trend: from 0 to ramp_size over ramp_duration weeks, then constant."""
    return ramp_size * min(max((week - ramp_start) / ramp_duration, 0.0), 1.0)


@routine
def usual(level, monetisation, habituation):
    """Return the monetisation that users are used to: m_u <- m_u + h_m (m - m_u)."""
    return level + habituation * (monetisation - level)


@routine
def causes(
    base,
    monetisation_weight,
    monetisation_rise,
    governance_weight,
    governance_deficit,
    trend_now,
    scandal_effect,
    scandal,
):
    """Return what dissatisfies a user of mean sensitivity, the same for all.

    d_0 + d_m (m - m_u) + d_g deficit + trend + scandal, at least 0.
    """
    return max(
        base
        + monetisation_weight * monetisation_rise
        + governance_weight * governance_deficit
        + trend_now
        + scandal_effect * scandal,
        0.0,
    )


@rule
def update(dissatisfaction, sensitivity, causes_now, speed, noise, draw):
    """Move dissatisfaction towards min(1, sensitivity x causes) and shake it.

    D <- clip(D + lambda_D (min(1, s causes) - D) + sigma sqrt(12) (u - 1/2)).
    """
    target = min(ONE, sensitivity * causes_now)
    shake = noise * (_SQRT12 * (draw - HALF))
    return clip_share((dissatisfaction + speed * (target - dissatisfaction)) + shake)
