"""What the analyses of sampled worlds have in common: a row a world, averaged over replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.tables import finished

SAMPLE = "sample"
"""Column with the number of a world in the sampled design; below 0 where nothing was sampled."""


def by_sample(runs: pd.DataFrame, names: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the worlds of a sampled design with the mean of each outcome over replicates.

    Parameters
    ----------
    runs
        Runs of one variant of a sampled part, with the column ``sample``.
    names
        The sampled parameters.
    outcomes
        Outcome columns; an outcome that is yes or no becomes a share.

    Returns
    -------
    A row a world with a finished run, ordered and indexed by sample: the parameters, the outcomes.

    Raises
    ------
    ValueError
        If the runs of a world differ in a parameter: then they are of several variants.
    """
    runs = finished(runs)
    runs = runs[runs[SAMPLE] >= 0]
    groups = runs.groupby(SAMPLE, sort=True)
    values = groups[list(names)]
    first = values.first()
    several = [name for name in names if (groups[name].nunique() > 1).any()]
    if several:
        raise ValueError(
            f"runs of the same sample differ in {', '.join(several)}: analyse one variant at a time"
        )
    means = runs[list(outcomes)].astype(float).groupby(runs[SAMPLE]).mean()
    return first.join(means)


def whole_groups(table: pd.DataFrame, size: int) -> np.ndarray:
    """Return the rows of the complete groups of a design, (groups, size).

    A design like those of Sobol and Morris is made of groups of worlds that only say something
    together: samples 0 to size − 1, size to 2 size − 1, … A group that lacks a world, or in which
    a value is missing, is left out.

    Parameters
    ----------
    table
        From `by_sample`.
    size
        Worlds in a group.
    """
    known = table.notna().all(axis=1).to_numpy()
    samples = table.index.to_numpy()[known]
    group, counts = np.unique(samples // size, return_counts=True)
    complete = group[counts == size]
    rows = np.flatnonzero(known)[np.isin(samples // size, complete)]
    return np.asarray(rows.reshape(-1, size))


def chance(runs: pd.DataFrame, outcome: str) -> tuple[float, float]:
    """Return the variance of a world's mean that is chance, and its share of that between worlds.

    With y the outcome by world and replicate, the variance of y − (mean of the world) − (mean of
    the replicate) + (mean of all), divided by the replicates: luck that all worlds of a replicate
    share does not blur their differences. NaN with fewer than two replicates.
    """
    runs = finished(runs)
    runs = runs[runs[SAMPLE] >= 0]
    values = runs[outcome].astype(float).groupby([runs[SAMPLE], runs["replicate"]]).mean()
    wide = values.unstack("replicate").dropna().to_numpy()
    worlds, replicates = wide.shape
    if worlds < 2 or replicates < 2:
        return math.nan, math.nan
    rest = wide - wide.mean(axis=1, keepdims=True) - wide.mean(axis=0) + wide.mean()
    variance = float((rest**2).sum()) / ((worlds - 1) * (replicates - 1)) / replicates
    between = float(wide.mean(axis=1).var(ddof=1))
    return variance, variance / between if between > 0 else math.nan
