"""Hearing of the movement, and forgetting it."""

from sim.compiled import ONE, exponential, rule


@rule
def chance_to_hear(active_neighbours, log_silence, media_chance):
    """Return the chance to hear in a week: from any active neighbour, or from the media.

    1 - (1 - w)^n (1 - mu M), with log_silence = ln(1 - w) and media_chance = mu M.
    """
    return ONE - exponential(active_neighbours * log_silence) * (ONE - media_chance)


@rule
def update(aware, present, active, chance, forgetting, draw):
    """Return whether the user is aware after this week.

    The unaware who are present hear with the chance; the aware forget at a constant rate, unless
    they take part.
    """
    hears = present and draw < chance
    remembers = active or draw >= forgetting
    return (aware and remembers) or ((not aware) and hears)
