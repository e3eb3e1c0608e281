"""Hearing of the movement, and forgetting it."""

import math

from sim.compiled import routine, rule


@routine
def chance_to_be_reached(attention, media_reach, outreach, organisers, present):
    """Return the chance that the campaign reaches a user in a week.

    1 - exp(-(mu M + omega n / N)): by the attention it has, and by its n organisers, each of whom
    reaches omega of the N users present.
    """
    return 1.0 - math.exp(-(media_reach * attention + outreach * organisers / present))


@rule
def update(aware, reached, active, forgetting, draw):
    """Return whether the user is aware after this week.

    Whoever is reached is; the others forget at a constant rate, unless they take part.
    """
    return reached or (aware and (active or draw >= forgetting))


@rule
def considers(aware, novelty_left, draw):
    """Return whether a user who is reached considers the call: surely the first time."""
    return (not aware) or draw < novelty_left
