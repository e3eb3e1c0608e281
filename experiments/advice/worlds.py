"""The worlds that are not ruled out: calibrated where there is a calibration, else the ranges."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from typing import Any

from experiments.design.ranges import axes

REPLACED = (
    "users.count", "emergence.organisers", "emergence.spell", "emergence.petition",
    "firm.decline_rate", "firm.decline_start", "firm.decline_duration",
    "dissatisfaction.ramp_size", "dissatisfaction.ramp_start", "dissatisfaction.ramp_duration",
    "threat.shock_size", "threat.shock_week", "threat.shock_ramp", "threat.shock_half_life",
    "shareholders.trust_shock_size",
)  # fmt: skip
"""Not drawn: the grain, the definition of a movement, and dated drives, in place of which the
scenarios stand."""


def of_ranges(count: int, held: Collection[str], seed: int) -> list[dict[str, Any]]:
    """Return so many worlds drawn from the ranges of the parameters; the first ones stay the same.

    Parameters
    ----------
    count
        Of worlds.
    held
        Parameters that are not drawn.
    seed
        Luck of the draw.

    References
    ----------
    Sobol' (1967), scrambled (Owen 1998), doi:10.1016/0041-5553(67)90144-9.
    """
    from scipy.stats import qmc

    found = axes("world", REPLACED, held, (), "advice")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # balanced only for powers of two
        shares = qmc.Sobol(len(found), rng=seed).random(count)
    return [
        {axis.name: axis.at(float(share)) for axis, share in zip(found, row, strict=True)}
        for row in shares
    ]
