"""The worlds that a calibration did not rule out, for whoever asks what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.design.calibrated import CALIBRATED, draw_calibrated

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

PREFIX = "calibrate-"
SUFFIXES = ("-full", "", "-smoke")
"""Ends of the names of calibrations, by scale, the most thorough first."""


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
        path = folder_of(Path(results_dir) / f"{PREFIX}{name}{suffix}", as_of) / CALIBRATED
        if path.is_file():
            return path
    return None


def folder_of(result: Path, as_of: date | None) -> Path:
    """Return where a calibration lies: that of all facts in its result, others in folders there."""
    return result if as_of is None else result / f"as-of-{as_of.isoformat()}"


def draw(
    case_name_or_path: str | Path,
    results_dir: str | Path,
    n: int,
    seed: int,
    as_of: date | None = None,
) -> pd.DataFrame | None:
    """Return worlds that the facts of a case do not rule out.

    Parameters
    ----------
    case_name_or_path
        A case by its name, or by the path of its file.
    results_dir
        The folder of results.
    n
        Number of worlds.
    seed
        The luck of the draw: the same seed draws the same worlds.
    as_of
        Only the facts before this date are fitted; None: all.

    Returns
    -------
    pandas.DataFrame or None
        (n, parameters), by dotted name; None if the case was not calibrated.

    Raises
    ------
    DesignError
        If what is stored cannot be read.
    """
    path = find_calibrated(case_name_or_path, results_dir, as_of)
    return None if path is None else draw_calibrated(path, n, seed)
