"""From a promise to study conversion to the purchase of control; the spin-off."""

from sim.compiled import routine


@routine
def collecting(week, study_start, feasibility_weeks, pledge_window):
    """Return whether pledges are collected: after the study, for as long as the window lasts."""
    if study_start < 0:
        return False
    opened = study_start + feasibility_weeks
    return opened <= week < opened + pledge_window


@routine
def pledge(mean_pledge, ownership, ownership_mean):
    """Return what an active user pledges, in proportion to the preference for ownership (USD)."""
    return mean_pledge * ownership / ownership_mean


@routine
def control_bought(pledged_per_user, control_price, price, sale_share):
    """Return whether pledges per initial user cover the price of control at today's price.

    In a forced sale it is a share of that; otherwise the share is 1.
    """
    return pledged_per_user >= control_price * price * sale_share
