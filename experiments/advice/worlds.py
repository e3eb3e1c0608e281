"""The worlds that are not ruled out: calibrated where there is a calibration, else the ranges."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from experiments.design.calibrated import draw_calibrated, find_calibrated
from experiments.design.ranges import axes
from experiments.design.reading import check_value

if TYPE_CHECKING:
    from experiments.config.settings import Settings

REPLACED = (
    "users.count", "emergence.organisers", "emergence.spell", "emergence.petition",
    "firm.decline_rate", "firm.decline_start", "firm.decline_duration",
    "dissatisfaction.ramp_size", "dissatisfaction.ramp_start", "dissatisfaction.ramp_duration",
    "threat.shock_size", "threat.shock_week", "threat.shock_ramp", "threat.shock_half_life",
    "shareholders.trust_shock_size",
)  # fmt: skip
"""Not drawn: the grain, the definition of a movement, and dated drives, in place of which the
scenarios stand."""


CHOSEN = ("horizon", "movement.launch_week", "movement.framing", "movement.origin", "users.count")
"""Set by the question, whatever a calibration says of them."""

ENOUGH = 4096  # calibrated worlds that are drawn, so that more worlds begin with the same ones


def draw_worlds(
    settings: Settings, count: int, held: Collection[str], day: date | None
) -> tuple[list[dict[str, Any]], str]:
    """Return so many worlds that are not ruled out, and where they come from.

    Parameters
    ----------
    settings
        Of the question; what the user set, a calibration does not change either.
    count
        Of worlds.
    held
        Parameters that are not drawn from ranges.
    day
        Of the question: only a calibration by facts before it is used. None: one by all facts.

    Returns
    -------
    Worlds, a dictionary each, and ``calibrated`` or ``ranges``.
    """
    case, seed = settings.case, settings.seed
    worlds = of_ranges(count, held, seed)
    path = None if case is None else find_calibrated(case.path, settings.results_dir, day)
    if path is None:
        return worlds, "ranges"
    found = draw_calibrated(path, max(count, ENOUGH), seed)
    kept = found.head(count).drop(columns=[*CHOSEN, *settings.given], errors="ignore")
    for world, row in zip(worlds, kept.to_dict("records"), strict=True):
        world |= {str(name): check_value(str(name), value) for name, value in row.items()}
    return worlds, "calibrated"


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

    found = axes("world", REPLACED, held, ())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # balanced only for powers of two
        shares = qmc.Sobol(len(found), rng=seed).random(count)
    return [
        {axis.name: axis.at(float(share)) for axis, share in zip(found, row, strict=True)}
        for row in shares
    ]
