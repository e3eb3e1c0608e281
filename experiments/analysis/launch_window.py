"""Success by launch week, the contrast of best and worst week, the width of the window (C8)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis.effects import verdict
from experiments.analysis.intervals import paired_difference
from experiments.analysis.tables import emergence, finished

LAUNCH = "movement.launch_week"
FOLLOWS_LAUNCH = ("horizon", "vote.first_meeting")  # set along with the week of a launch


def launch_window(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the share of successful runs by launch week.

    Returns
    -------
    A row a launch week: week, runs, successes, share, low, high.
    """
    return emergence(runs, [LAUNCH]).rename(columns={LAUNCH: "week"})


def contrast(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the difference between the best and the worst launch week, and the window's width.

    The best week is always better than the worst in the runs that chose them, even if launch weeks
    made no difference at all. So both are chosen on odd replicates (of equals, the earliest) and
    compared on even ones, in pairs of the same luck.

    The window is the unbroken span of launch weeks around the best one in which the share of
    successes is at least half that of the best week, both measured on even replicates; its width
    counts the weeks from the first to the last, the step between launch weeks included.

    Returns
    -------
    One row: best_week, worst_week, best_share, worst_share, difference, low, high, verdict,
    replicates (even ones), window_start, window_end, width (weeks).
    """
    runs = finished(runs)
    wide = (
        runs.assign(value=runs["emerged"].astype(float))
        .pivot_table(index="replicate", columns=LAUNCH, values="value", aggfunc="mean")
        .dropna()
    )
    weeks = wide.columns.to_numpy(dtype=int)
    odd = wide.index.to_numpy(dtype=int) % 2 == 1
    even = wide.to_numpy()[~odd]
    chosen = best_and_worst(wide[odd])
    row: dict[str, object] = {"low": -1.0, "high": 1.0, "verdict": verdict(-1, 1)}
    if chosen is not None and len(even):
        best, worst = chosen
        share = even.mean(axis=0)
        estimate = paired_difference(even[:, best] > 0, even[:, worst] > 0)
        row = estimate.columns("difference") | {"verdict": verdict(*estimate[1:])}
        row |= {"best_week": int(weeks[best]), "worst_week": int(weeks[worst])}
        row |= {"best_share": float(share[best]), "worst_share": float(share[worst])}
        row |= _window(weeks, share, best)
    names = ["best_week", "worst_week", "best_share", "worst_share", "difference", "low", "high"]
    names += ["verdict", "replicates", "window_start", "window_end", "width"]
    return pd.DataFrame([row | {"replicates": len(even)}], columns=names)


def best_and_worst(wide: pd.DataFrame) -> tuple[int, int] | None:
    """Return the places of the weeks of most and of least success; None without replicates.

    Of equals, the earliest.

    Parameters
    ----------
    wide
        Success by replicate and launch week.
    """
    if wide.empty:
        return None
    share = wide.to_numpy().mean(axis=0)
    return int(np.argmax(share)), int(np.argmin(share))


def contrasts(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the contrast of each part of an experiment that varies the launch week."""
    if LAUNCH not in runs:
        return pd.DataFrame()
    parts = {name: of for name, of in runs.groupby("part", sort=False) if of[LAUNCH].nunique() > 1}
    tables = [contrast(of).assign(part=name) for name, of in parts.items()]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _window(weeks: np.ndarray, share: np.ndarray, best: int) -> dict[str, float]:
    if share[best] <= 0:
        return {}
    inside = share >= share[best] / 2
    first = last = best
    while first > 0 and inside[first - 1]:
        first -= 1
    while last + 1 < len(weeks) and inside[last + 1]:
        last += 1
    step = int(np.diff(weeks).min()) if len(weeks) > 1 else 1
    start, end = int(weeks[first]), int(weeks[last])
    return {"window_start": start, "window_end": end, "width": end - start + step}
