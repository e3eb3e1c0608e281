"""Exit and voice: where leaving is cheap, more dissatisfaction first raises voice and then empties
the service before it is raised (Hirschman 1970)."""

import numpy as np

from sim import Parameters, simulate

CHEAP = {"exit.threshold": 0.1, "exit.leave_rate": 0.03}  # an end of the plausible ranges
LATE = {"movement.launch_week": 104, "horizon": 182}
EARLY = {"movement.launch_week": 26, "horizon": 104}
LEAST = 0.2  # of the highest, lost at both ends: the range of the pattern in conf/pattern
SEEDS = range(20)


def signatures(dissatisfaction: float, changes: dict) -> float:
    """Return the mean signatures of campaigns that meet neither good nor bad luck."""
    usual = {"dissatisfaction.base": dissatisfaction, "media.luck": 0.0}
    parameters = Parameters.from_dict({**usual, **changes})
    return float(np.mean([simulate(parameters, seed).outcome.signatures for seed in SEEDS]))


def test_voice_rises_and_falls_with_dissatisfaction_where_leaving_is_cheap_and_had_time():
    low, middle, high = (signatures(base, CHEAP | LATE) for base in (0.05, 0.4, 0.95))
    assert max(low, high) < (1 - LEAST) * middle


def test_voice_only_rises_before_people_had_time_to_leave():
    low, middle, high = (signatures(base, CHEAP | EARLY) for base in (0.05, 0.4, 0.95))
    assert low < middle < high


def test_voice_only_rises_where_nobody_leaves():
    kept = LATE | {"exit.leave_rate": 0.0}
    low, middle, high = (signatures(base, kept) for base in (0.05, 0.4, 0.95))
    assert low < middle < high
