"""Worlds that the facts of a case do not rule out, drawn from what a calibration stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.reading import DesignError, check_value
from sim.parameters import declarations

if TYPE_CHECKING:
    import pandas as pd

CALIBRATED = "calibrated.parquet"
"""The worlds not ruled out: a column a parameter, a row a world, and its weight."""

WEIGHT = "weight"


def draw_calibrated(path: Path, n: int, seed: int) -> pd.DataFrame:
    """Return worlds drawn by their weights, each at most once unless more are asked for than exist.

    Parameters
    ----------
    path
        A file that ``momentum calibrate`` wrote.
    n
        Number of worlds.
    seed
        The luck of the draw.

    Returns
    -------
    pandas.DataFrame
        (n, parameters), by dotted name.

    Raises
    ------
    DesignError
        If the file is no such set.
    """
    worlds = read_calibrated(path)
    weights = worlds.pop(WEIGHT).to_numpy(dtype=float)
    rng = np.random.default_rng(seed)
    again = n > int((weights > 0).sum())
    rows = rng.choice(len(worlds), size=n, replace=again, p=weights / weights.sum())
    return worlds.iloc[rows].reset_index(drop=True)


def calibrated_rows(path: Path, n: int, seed: int) -> list[dict[str, Any]]:
    """Return drawn worlds as points: dotted names with values, each of its parameter's type."""
    rows = draw_calibrated(path, n, seed).to_dict("records")
    return [
        {str(name): check_value(str(name), value) for name, value in row.items()} for row in rows
    ]


def read_calibrated(path: Path) -> pd.DataFrame:
    """Return a stored set of worlds, with their weights.

    Raises
    ------
    DesignError
        If the file is missing, damaged, or holds something else.
    """
    import pandas as pd
    import pyarrow as pa

    try:
        worlds = pd.read_parquet(path, partitioning=None)
    except (OSError, ValueError, pa.ArrowException) as problem:
        reason = " ".join(str(problem).split())[:100]
        raise DesignError(
            f"{path} cannot be read ({reason}); momentum calibrate makes it"
        ) from None
    foreign = [name for name in worlds if name not in declarations() and name != WEIGHT]
    weights = worlds.get(WEIGHT)
    if foreign or weights is None or not len(worlds):
        raise DesignError(f"{path} is not a set of calibrated worlds; momentum calibrate makes it")
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise DesignError(f"{path}: the weights must be finite, 0 or more, and not all 0")
    return worlds
