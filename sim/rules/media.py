"""Attention to the movement, which fades within days and is fed by what the movement does."""

from sim.compiled import routine


@routine
def launch(people, half_saturation, gain):
    """Return the attention of a launch by so many people: gain n / (n + n_half)."""
    return gain * (people / (people + half_saturation))


@routine
def update(
    attention,
    half_life,
    new_people,
    half_saturation,
    supporter_gain,
    acts,
    luck,
    events,
    trust_lost,
    trust_amplification,
    threat,
    threat_crowding,
):
    """Return attention M after a week, 0 or more.

    M <- (M 2^(-1 / half-life) + (gain n_new / (n_new + n_half) + acts)
    luck (1 + chi_T (T_0 - T)+) (1 - chi_theta theta) + events)+: new supporters in people and the
    movement's own acts feed it, as far as the campaign has luck, lost trust of shareholders
    amplifies that, a threat competes with it; what happens to the firm adds or takes attention.
    """
    feed = supporter_gain * new_people / (new_people + half_saturation) + acts
    pull = luck * (1.0 + trust_amplification * trust_lost) * (1.0 - threat_crowding * threat)
    return max(attention * 2.0 ** (-1.0 / half_life) + feed * pull + events, 0.0)
