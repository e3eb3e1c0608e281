"""Attention of the media to the movement."""

from sim.compiled import routine


@routine
def update(
    attention,
    half_life,
    new_people,
    half_saturation,
    supporter_gain,
    events,
    event_gain,
    trust_lost,
    trust_amplification,
    threat,
    threat_crowding,
):
    """Return attention M after a week, in [0, 1].

    M <- M 2^(-1 / half-life) + (gain n_new / (n_new + n_half) + event gain x events)
    (1 + chi_T (T_0 - T)+) (1 - chi_theta theta): new supporters in people and events feed it, lost
    trust of shareholders amplifies, a threat competes for it.
    """
    feed = supporter_gain * new_people / (new_people + half_saturation) + event_gain * events
    pull = (1.0 + trust_amplification * trust_lost) * (1.0 - threat_crowding * threat)
    return min(attention * 2.0 ** (-1.0 / half_life) + feed * pull, 1.0)
