"""Launch and take-off apart: how often users launch a campaign, and what it becomes then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.effects import main_effects
from experiments.analysis.how_many import by_set
from experiments.analysis.intervals import wilson
from experiments.analysis.tables import (
    finished,
    held,
)

LAUNCHED = "launched"


def with_launched(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the finished runs with a column ``launched``: whether a campaign was launched."""
    runs = finished(runs)
    return runs.assign(**{LAUNCHED: runs["launch_week"].notna()})


def take_off(runs: pd.DataFrame, among: Sequence[str], conditions: Sequence[str]) -> pd.DataFrame:
    """Return under each set of some conditions the shares of launches and of take-offs after one.

    A take-off is a movement. Runs with a launch are not alike under different sets: where launches
    are rare, the few worlds that have one are those with the best luck. So the second share is
    described, and not compared.

    Returns
    -------
    A row a set, as of `how_many.by_set`: set, size, launched, launched_low, launched_high,
    launches (runs with one), take_off, low, high (Wilson, of these runs; NaN, 0 and 1 without any).
    """
    runs = with_launched(runs)
    among = list(among)
    table = by_set(runs, among, conditions, LAUNCHED)
    names = {"share": LAUNCHED, "low": f"{LAUNCHED}_low", "high": f"{LAUNCHED}_high"}
    after = runs[runs[LAUNCHED]]
    levels = held(after, among)
    counts = [
        after.loc[(levels == row[among].to_numpy()).all(axis=1), "emerged"].agg(["size", "sum"])
        for _, row in table.iterrows()
    ]
    launches, movements = pd.DataFrame(counts).astype(float).to_numpy().T
    low, high = wilson(movements, launches)
    share = movements / np.where(launches > 0, launches, np.nan)
    return table.rename(columns=names).assign(
        launches=launches.astype(int), take_off=share, low=low, high=high
    )


def launch_effects(runs: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Return what each condition does to the chance of a launch, as `effects.main_effects`."""
    return main_effects(with_launched(runs), conditions, LAUNCHED)
