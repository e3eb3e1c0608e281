"""Worlds that the facts of a case do not rule out, drawn from what a calibration stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.reading import DesignError
from experiments.text import one_line
from sim.parameters import declarations, unknown_name

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

CALIBRATED = "calibrated"
"""The name of the design that draws such worlds."""

FILE = "calibrated.parquet"
"""The worlds not ruled out: a column a parameter, a row a world, and its weight."""

PREFIX = "calibrate-"
SUFFIXES = ("-full", "", "-smoke")
"""Ends of the names of calibrations, by scale, the most thorough first."""

WEIGHT = "weight"


def find_calibrated(
    case_name_or_path: str | Path, results_dir: str | Path, as_of: date | None = None
) -> Path | None:
    """Return the stored worlds of a case's calibration; None if it was not calibrated.

    Of several calibrations the one at the largest scale counts.

    Parameters
    ----------
    case_name_or_path
        A case by its name, or by the path of its file.
    results_dir
        The folder of results.
    as_of
        Only the facts before this date are fitted; None: all.
    """
    name = Path(case_name_or_path).stem
    for suffix in SUFFIXES:
        path = folder_of(Path(results_dir) / f"{PREFIX}{name}{suffix}", as_of) / FILE
        if path.is_file():
            return path
    return None


def folder_of(result: Path, as_of: date | None) -> Path:
    """Return where a calibration lies: that of all facts in its result, others in folders there."""
    return result if as_of is None else result / f"as-of-{as_of.isoformat()}"


def chosen_worlds(asked: str, results_dir: Path, case: str | None) -> Path:
    """Return the stored worlds that ``worlds=`` asks for.

    Parameters
    ----------
    asked
        ``calibrated``: those of the case, or without one those of the only calibration there is;
        else the name of a result of ``momentum calibrate``, or a path.
    results_dir
        The folder of results.
    case
        The name of the case that the runs follow; None: none.

    Raises
    ------
    DesignError
        If there is no such set, or more than one.
    """
    there = sorted(path.parent for path in results_dir.glob(f"{PREFIX}*/{FILE}"))
    if asked != CALIBRATED:
        for path in (results_dir / asked / FILE, Path(asked) / FILE, Path(asked)):
            if path.is_file():
                return path
        names = [path.name for path in there]
        known = unknown_name(asked, [CALIBRATED, *names], "set of worlds")
        raise DesignError(f"worlds={asked}: {known}")
    if case is not None:
        if (path_of_case := find_calibrated(case, results_dir)) is None:
            raise DesignError(f"worlds=calibrated: run momentum calibrate case={case} first")
        return path_of_case
    if len(there) != 1:
        several = f"name one of {', '.join(path.name for path in there)} instead"
        raise DesignError(
            f"worlds=calibrated: {several if there else 'run momentum calibrate case=NAME first'}"
        )
    return there[0] / FILE


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
    worlds = _read_calibrated(path)
    weights = worlds.pop(WEIGHT).to_numpy(dtype=float)
    rng = np.random.default_rng(seed)
    again = n > int((weights > 0).sum())
    rows = rng.choice(len(worlds), size=n, replace=again, p=weights / weights.sum())
    return worlds.iloc[rows].reset_index(drop=True)


def _read_calibrated(path: Path) -> pd.DataFrame:
    """Return a stored set of worlds, with their weights."""
    import pandas as pd
    import pyarrow as pa

    try:
        worlds = pd.read_parquet(path, partitioning=None)
    except (OSError, ValueError, pa.ArrowException) as problem:
        reason = one_line(problem, 100)
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
