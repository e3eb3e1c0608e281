"""Whether emergence is a transition: how it sharpens as the world grows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from experiments.analysis.intervals import LEVEL
from experiments.analysis.logistic import fit, separated
from experiments.analysis.tables import finished

SIZE = "users.count"
FOUND, SHARPER, OUTSIDE = "found", "sharper than the grid", "outside the values tried"
FEWEST = 3  # sizes for an exponent


def transitions(runs: pd.DataFrame, control: str) -> pd.DataFrame:
    """Return where and how sharply emergence sets in along a parameter, for each size of the world.

    For each size a logistic curve in the parameter, errors clustered by replicate: ``midpoint``,
    where the probability is ½, and ``width``, the distance over which it goes from 10 to 90 %,
    2 ln 9/|slope|. The interval of the midpoint by the delta method, that of the width on the log
    scale.

    Parameters
    ----------
    runs
        Runs that differ in the control parameter and in the size.
    control
        The parameter along which emergence sets in or ends.

    Returns
    -------
    A row a size: size, midpoint, midpoint_low, midpoint_high, width, width_low, width_high, rises
    (with the parameter), status, runs. Without an estimate (NaN) where the midpoint lies outside
    the values tried; where the transition is sharper than two of them are apart, the width is an
    upper bound.
    """
    runs = finished(runs)
    z = float(ndtri(0.5 + LEVEL / 2))
    rows = []
    for count, group in runs.groupby(SIZE, sort=True):
        row: dict[str, Any] = {"size": count, "status": OUTSIDE, "runs": len(group)}
        rows.append(row)
        values, y = group[control].to_numpy(dtype=float), group["emerged"].to_numpy(dtype=float)
        tried = np.unique(values)
        if len(tried) < 2 or y.min() == y.max():
            continue
        scale = float(np.ptp(tried))
        x = np.column_stack([np.ones(len(y)), (values - tried[0]) / scale])
        if separated(x, y).any():
            row |= _step(tried, values, y)
            continue
        (start, slope), spread = fit(x, y, pd.factorize(group["replicate"])[0])
        middle = -start / slope
        row["rises"] = bool(slope > 0)
        if not 0 <= middle <= 1:
            continue
        gradient = np.array([-1 / slope, start / slope**2])
        half = z * math.sqrt(gradient @ spread @ gradient)
        width = scale * 2 * math.log(9) / abs(slope)
        factor = math.exp(z * math.sqrt(spread[1, 1]) / abs(slope))
        row |= {"midpoint": tried[0] + scale * middle}
        row |= {"midpoint_low": tried[0] + scale * (middle - half)}
        row |= {"midpoint_high": tried[0] + scale * (middle + half)}
        row |= {"width": width, "width_low": width / factor, "width_high": width * factor}
        row["status"] = SHARPER if width < np.diff(tried).max() else FOUND
    columns = ["size", "midpoint", "midpoint_low", "midpoint_high", "width", "width_low",
               "width_high", "rises", "status", "runs"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def scaling(table: pd.DataFrame) -> dict[str, float]:
    """Return how the width of the transition shrinks with the size: width ~ size^−exponent.

    A line through the logarithms, weighted by what each width is known to, with a t interval. An
    exponent of ½ is that of independent individuals; near 0 the transition stays as smooth however
    large the world, and is none. Sizes whose transition is sharper than the grid are left out.

    Parameters
    ----------
    table
        From `transitions`.

    Returns
    -------
    exponent, low, high, constant (width at size 1), sizes; NaN with fewer than three sizes.

    References
    ----------
    Fisher & Barber (1972), doi:10.1103/PhysRevLett.28.1516.
    """
    known = table[table["status"] == FOUND]
    result = dict.fromkeys(("exponent", "low", "high", "constant"), math.nan)
    result["sizes"] = len(known)
    if len(known) < FEWEST:
        return result
    x, y = np.log(known["size"].to_numpy(dtype=float)), np.log(known["width"].to_numpy())
    weights = np.log(known["width_high"] / known["width_low"]).to_numpy() ** -2
    centre_x, centre_y = np.average(x, weights=weights), np.average(y, weights=weights)
    square = np.sum(weights * (x - centre_x) ** 2)
    slope = np.sum(weights * (x - centre_x) * (y - centre_y)) / square
    constant = centre_y - slope * centre_x
    z = ndtri(0.5 + LEVEL / 2)
    rest = np.sum(weights * (y - constant - slope * x) ** 2) / (len(x) - 2)
    # Errors from the scatter about the line, but never less than those of the widths themselves.
    scatter = stdtrit(len(x) - 2, 0.5 + LEVEL / 2) * math.sqrt(rest / square)
    half = max(float(scatter), float(z * math.sqrt(1 / (4 * z**2) / square)))
    result |= {"exponent": -slope, "low": -slope - half, "high": -slope + half}
    return result | {"constant": math.exp(constant)}


def _step(tried: np.ndarray, values: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """Return the columns of a transition from never to always within neighbouring values."""
    shares = np.array([y[values == value].mean() for value in tried])
    rises = bool(shares[-1] > shares[0])
    never, always = tried[shares == 0], tried[shares == 1]
    if not len(never) or not len(always):
        return {"rises": rises}
    low, high = (never.max(), always.min()) if rises else (always.max(), never.min())
    ends = {"midpoint_low": low, "midpoint_high": high, "width_low": 0.0, "width_high": high - low}
    middle = {"midpoint": (low + high) / 2, "width": high - low}
    return ends | middle | {"rises": rises, "status": SHARPER}
