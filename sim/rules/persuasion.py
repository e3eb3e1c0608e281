"""Two messages: the service is a commons; a cooperative is the form that fits.

Both persuade by the same kind of rule, and their budgets sum to one. They reach the users who are
present and aware while the campaign runs.
"""

import numpy as np

from sim.compiled import ONE, ZERO, rule
from sim.state import Remedy

_OWNERSHIP = np.uint8(Remedy.OWNERSHIP)


@rule
def view_commons(view, start, budget, dependence, value_gap, threat_felt, base, decay):
    """Return the commons view q after a week.

    q <- q + budget A (g_0 + (1 - g_0) max(G, z theta)) (1 - q) - decay (q - q_start):
    the message gains force from a visible value gap or a felt threat.
    """
    force = base + (ONE - base) * max(value_gap, threat_felt)
    return (view + budget * dependence * force * (ONE - view)) - decay * (view - start)


@rule
def learn_cooperative(literacy, start, budget, ownership, view, floor, decay):
    """Return the cooperative literacy k after a week.

    k <- k + budget o (epsilon + (1 - epsilon) q) (1 - k) - decay (k - k_start):
    with epsilon = 1 the message needs no commons view.
    """
    force = floor + (ONE - floor) * view
    return (literacy + budget * ownership * force * (ONE - literacy)) - decay * (literacy - start)


@rule
def resonance(view, literacy, remedy, literacy_weight):
    """Return how far the call for a cooperative resonates: (1 - eta) q + eta k.

    The commons view does not count for users whose remedy is regulation or leaving.
    """
    commons = view if remedy == _OWNERSHIP else ZERO
    return (ONE - literacy_weight) * commons + literacy_weight * literacy
