"""Expectation that the movement can succeed, the same for all users."""

from sim.compiled import routine

REFERENCE_BASE = 20_000.0  # people, to which n_half refers: the base of the default world


@routine
def half_size(half_saturation, relative, base):
    """Return the size that counts half in a base of so many people.

    n_half (1 + rho_n (base / 20,000 - 1)): people if rho_n = 0, a share of the base if it is 1.
    """
    return half_saturation * (1.0 + relative * (base / REFERENCE_BASE - 1.0))


@routine
def opportunity(distress, hopelessness):
    """Return X (1 - h X): a weak firm can be moved, a doomed one may not be worth it."""
    return distress * (1.0 - hopelessness * distress)


@routine
def size(people, half_saturation):
    """Return n / (n + n_half), the strength that people see in numbers."""
    return people / (people + half_saturation)


@routine
def growth(people, people_before, half_saturation):
    """Return the people gained in four weeks, saturating: (n_t - n_{t-4})+ / (n_t + n_half)."""
    return max(people - people_before, 0.0) / (people + half_saturation)


@routine
def combine(opportunity_now, size_now, growth_now, opportunity_weight, size_weight, growth_weight):
    """Return efficacy E, the weighted sum of its sources, at most 1. Trust is not in it."""
    return min(
        opportunity_weight * opportunity_now + size_weight * size_now + growth_weight * growth_now,
        1.0,
    )
