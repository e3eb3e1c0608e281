"""Tiring of a movement without news."""

import math

from sim.compiled import routine


@routine
def tired(weeks_without_news, patience):
    """Return how tired those who take part are, 0 to 1: 1 - exp(-weeks / patience)."""
    return 1.0 - math.exp(-weeks_without_news / patience)
