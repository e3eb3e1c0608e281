"""The border of emergence over two parameters, and how well the runs know where it lies."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, ndtri

from experiments.analysis.intervals import LEVEL
from experiments.analysis.tables import finished, groups

HALF = 0.5
CONTOURS = (0.1, HALF, 0.9)
"""Probabilities of emergence whose contours are the border."""

CELLS = 25  # of the surface, along each parameter
MOST_POINTS = 400  # a Gaussian process of more is slow
BINS = 20


def phase_border(
    runs: pd.DataFrame,
    across: str,
    up: str,
    by: Sequence[str] = (),
    cells: int = CELLS,
) -> pd.DataFrame:
    """Return the probability of emergence over two parameters, with its interval.

    A Gaussian process (Matérn 5/2, an own scale along each parameter) through the empirical logits
    ln((k + ½)/(n − k + ½)) of the points. The variance of the surface has two parts: what is not
    known between the points, and chance in the points, whose covariance is that of the replicates,
    since all points of a replicate share its luck (never less than if they did not). Where low and
    high enclose ½ the border of ½ may lie.

    Chosen over a logistic regression on a polynomial since the border may have any shape: over a
    surface with a kink (12 simulated experiments of 40 replicates at 15 × 15 points, 70 % of the
    luck shared) its 95 % intervals held the truth in 96 % of the cells near the border, those of a
    cubic with clustered errors in 80 %. Without shared luck, where intervals are narrower, the kink
    is smoothed enough to be seen: 87 %.

    Parameters
    ----------
    runs
        Runs that differ in the two parameters, at points of any design. More than 400 distinct
        points are pooled in 20 × 20 bins, each at the mean of its points.
    across, up
        Names of the two parameters.
    by
        Columns by which there is a surface each, such as the threat and the cost.
    cells
        Of the surface along each parameter, over the range of the runs.

    Returns
    -------
    A row a cell: the columns ``by``, across, up, then share, low, high.

    References
    ----------
    Rasmussen & Williams (2006), doi:10.7551/mitpress/3206.001.0001; covariance of clusters: Liang &
    Zeger (1986), doi:10.1093/biomet/73.1.13.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    tables = []
    for values, group in groups(finished(runs), by):
        # Small matrices: threads that wait for each other on a busy machine cost 20 times more.
        with threadpool_limits(1):
            table = _surface(group, across, up, cells)
        tables.append(table.assign(**values)[[*by, *table]])
    return pd.concat(tables, ignore_index=True)


def areas(table: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return the share of the plane on either side of the border: probability one half.

    Parameters
    ----------
    table
        From `phase_border`.
    by
        The columns it was made by.

    Returns
    -------
    A row a surface: the columns ``by``, above (probability higher), surely_above, surely_below (its
    interval too), undecided.
    """
    sides = table[list(by)].assign(
        above=table["share"] >= HALF,
        surely_above=table["low"] >= HALF,
        surely_below=table["high"] < HALF,
        undecided=(table["low"] < HALF) & (table["high"] >= HALF),
    )
    if not by:
        return sides.mean().to_frame().T
    return sides.groupby(list(by), sort=True).mean().reset_index()


def _surface(runs: pd.DataFrame, across: str, up: str, cells: int) -> pd.DataFrame:
    places, point = _points(runs[[across, up]].to_numpy(dtype=float))
    emerged = runs["emerged"].to_numpy(dtype=float)
    n, k = np.bincount(point), np.bincount(point, weights=emerged)
    smoothed = (k + 0.5) / (n + 1)
    slope = 1 / (smoothed * (1 - smoothed))  # of the logit
    logits, variance = np.log((k + 0.5) / (n - k + 0.5)), 1 / (k + 0.5) + 1 / (n - k + 0.5)

    # What each replicate adds to the error of each point, (replicates, points).
    replicate = pd.factorize(runs["replicate"])[0]
    errors = np.zeros((replicate.max() + 1, len(n)))
    np.add.at(errors, (replicate, point), (emerged - (k / n)[point]) / n[point] * slope[point])
    errors *= np.sqrt(len(errors) / max(len(errors) - 1, 1))

    low, high = places.min(axis=0), places.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    ticks = np.linspace(low, high, cells)
    grid = np.stack(np.meshgrid(ticks[:, 0], ticks[:, 1]), axis=-1).reshape(-1, 2)
    mean, spread = _process((places - low) / width, logits, variance, errors, (grid - low) / width)
    z = ndtri(0.5 + LEVEL / 2)
    return pd.DataFrame(
        {
            across: grid[:, 0],
            up: grid[:, 1],
            "share": expit(mean),
            "low": expit(mean - z * spread),
            "high": expit(mean + z * spread),
        }
    )


def _points(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the points, (points, 2), and the point of each run."""
    places, point = np.unique(values, axis=0, return_inverse=True)
    if len(places) <= MOST_POINTS:
        return places, point.reshape(-1)
    low, high = values.min(axis=0), values.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    bins = np.minimum(((values - low) / width * BINS).astype(int), BINS - 1)
    _, point = np.unique(bins @ [BINS, 1], return_inverse=True)
    count = np.bincount(point)
    sums = [np.bincount(point, weights=column) for column in values.T]
    return np.stack(sums, axis=1) / count[:, None], point


def _process(
    x: np.ndarray, y: np.ndarray, variance: np.ndarray, errors: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of a Gaussian process at some places."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    centre = np.average(y, weights=1 / variance)
    kernel = ConstantKernel(4.0, (0.01, 1e3)) * Matern([0.5, 0.5], (0.05, 20.0), nu=2.5)
    process = GaussianProcessRegressor(kernel, alpha=variance, random_state=0)
    with warnings.catch_warnings():
        # A scale at its bound means a surface that is flat or as rough as the points are apart.
        warnings.simplefilter("ignore")
        kernel = process.fit(x, y - centre).kernel_
    prior, cross = kernel(x), kernel(x, at)
    weights = cho_solve(cho_factor(prior + np.diag(variance)), cross)
    between = kernel.diag(at) - 2 * np.sum(weights * cross, axis=0)
    between += np.sum(weights * (prior @ weights), axis=0)
    chance = np.maximum(((errors @ weights) ** 2).sum(axis=0), variance @ weights**2)
    return centre + weights.T @ (y - centre), np.sqrt(np.maximum(between, 0.0) + chance)
