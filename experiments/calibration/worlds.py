"""The worlds that a calibration did not rule out, for whoever asks what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.design.calibrated import draw_calibrated, find_calibrated

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


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
