"""An outcome along each sampled parameter: a curve through the worlds, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import LEVEL, mean_difference

PLACES = 41  # along a parameter at which the curve is worked out
BANDWIDTHS = (0.06, 0.1, 0.18, 0.3, 0.6, 10.0)  # of the span of the worlds; the last: a line
RESAMPLED = 200
TRIED = 300  # worlds that the bandwidth is chosen by
FEWEST = 5  # worlds
COLUMNS = ["outcome", "parameter", "value", "choice", "mean", "low", "high", "worlds"]


def outcome_by_parameter(
    worlds: pd.DataFrame, names: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """Return the mean of each outcome along each parameter, over all that the others may be.

    A local line with Gaussian weights, over the order of the worlds so that it fits linear and
    logarithmic ranges alike; its bandwidth predicts each world best from the others. The band is
    pointwise, from resampled worlds. A parameter in words has a mean and an interval a choice.

    Parameters
    ----------
    worlds
        A row a world, from `samples.by_sample`.
    names
        Its parameters, numbers or words.
    outcomes
        Columns of numbers or shares.

    Returns
    -------
    A row an outcome, parameter and place: outcome, parameter, value (NaN for words), choice (empty
    for numbers), mean, low, high, worlds. A parameter that never varies has no rows; nor has an
    outcome known in fewer than five worlds.

    References
    ----------
    Fan & Gijbels (1996), Local polynomial modelling and its applications, chapters 2 and 4.
    """
    tables = [
        _curve(known[name], known[outcome].to_numpy(dtype=float)).assign(
            outcome=outcome, parameter=name, worlds=len(known)
        )
        for outcome in outcomes
        for name in names
        if len(known := worlds[[name, outcome]].dropna()) >= FEWEST and known[name].nunique() > 1
    ]
    return (
        pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    )


def _curve(x: pd.Series, y: np.ndarray) -> pd.DataFrame:
    if not pd.api.types.is_numeric_dtype(x):
        rows = [(choice, *mean_difference(y[x == choice])) for choice in sorted(set(x))]
        return pd.DataFrame(rows, columns=["choice", "mean", "low", "high"]).assign(value=np.nan)
    values = x.to_numpy(dtype=float)
    order = x.rank().to_numpy()
    place = (order - order.min()) / np.ptp(order)
    at = np.linspace(0, 1, PLACES)
    some = slice(None, None, -(-len(y) // TRIED))
    width = min(BANDWIDTHS, key=lambda width: _error(place[some], y[some], width))
    weights = _weights(at, place, width)
    draws = np.random.default_rng(0).multinomial(len(y), [1 / len(y)] * len(y), RESAMPLED)
    ends = np.nanquantile(
        _line(weights, draws, place - at[:, None], y), [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0
    )
    mean = _line(weights, np.ones((1, len(y))), place - at[:, None], y)[0]
    limits = y.min(), y.max()  # a line may leave what is possible, as shares below 0
    table = pd.DataFrame({"value": np.interp(at, np.sort(place), np.sort(values)), "choice": ""})
    table["mean"], table["low"], table["high"] = np.clip([mean, *ends], *limits)
    return table


def _weights(at: np.ndarray, place: np.ndarray, width: float) -> np.ndarray:
    return np.exp(-0.5 * ((place - at[:, None]) / width) ** 2)


def _line(weights: np.ndarray, times: np.ndarray, away: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return local lines at their places, (samples, places); each world counts so many times.

    Parameters
    ----------
    weights, away
        Of the worlds, and how far they are away, at each place, (places, worlds).
    times
        How often each sample holds each world, (samples, worlds).
    """
    s0, s1, s2, t0, t1 = (
        times @ (weights * factor).T for factor in (1, away, away**2, y, away * y)
    )
    spread = s0 * s2 - s1**2
    with np.errstate(divide="ignore", invalid="ignore"):
        lines = (s2 * t0 - s1 * t1) / spread
        return np.asarray(np.where(spread > 1e-9 * s0 * s2, lines, t0 / s0))


def _error(place: np.ndarray, y: np.ndarray, width: float) -> float:
    """Return the mean squared error of each world predicted from the others."""
    weights = _weights(place, place, width)
    np.fill_diagonal(weights, 0.0)
    guesses = _line(weights, np.ones((1, len(y))), place - place[:, None], y)[0]
    return float(np.mean((guesses - y) ** 2)) if np.isfinite(guesses).all() else np.inf
