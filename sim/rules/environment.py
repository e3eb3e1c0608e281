"""The socio-political environment, the market, and dated events."""

from sim.compiled import routine


@routine
def decaying(week, start, half_life):
    """Return 1 at the start, halving every half-life after it; 0 before, or if start is -1."""
    if start < 0 or week < start:
        return 0.0
    return 2.0 ** (-(week - start) / half_life)


@routine
def shock(week, start, ramp, half_life):
    """Return a shock that builds up over ``ramp`` weeks to 1 and then halves every half-life."""
    if start < 0 or week < start:
        return 0.0
    age = week - start + 1
    rise = min(age / max(ramp, 1), 1.0)
    return rise * 2.0 ** (-max(age - max(ramp, 1), 0) / half_life)


@routine
def move_threat(threat, level, speed, noise, luck):
    """Return theta + kappa_theta (theta* - theta) + noise, limited to [0, 1]."""
    return min(max(threat + speed * (level - threat) + noise * luck, 0.0), 1.0)
