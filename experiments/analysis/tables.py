"""What the tables of runs have in common: parts, finished runs, conditions, shares."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.intervals import clustered_share

CONDITION = "condition."


def part(runs: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the runs of one part of an experiment; empty if it has no such part."""
    return runs[runs["part"] == name]


def there(runs: pd.DataFrame, outcomes: Sequence[str]) -> list[str]:
    """Return those outcomes that the runs have; runs of an older model may lack some."""
    return [name for name in outcomes if name in runs]


def finished(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that did not fail."""
    if "error" not in runs:
        return runs
    return runs[runs["error"].fillna("") == ""]


def conditions_of(runs: pd.DataFrame) -> list[str]:
    """Return the conditions (without the prefix) that are both on and off in these runs."""
    columns = [column for column in runs if column.startswith(CONDITION)]
    return [c.removeprefix(CONDITION) for c in columns if runs[c].dropna().nunique() == 2]


def held(runs: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Return which of the conditions hold in each run, as 0 and 1, a column a condition."""
    columns = [CONDITION + name for name in conditions]
    return runs[columns].astype(np.int64).set_axis(list(conditions), axis=1)


def combinations(conditions: Sequence[str]) -> list[tuple[int, ...]]:
    """Return all combinations of conditions, none first, the last condition changing fastest."""
    return list(itertools.product((0, 1), repeat=len(conditions)))


def groups(
    table: pd.DataFrame, by: Sequence[str], sort: bool = True
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield each combination of some columns, by name, with its rows; all rows without columns."""
    for key, rows in table.groupby(list(by), sort=sort) if by else [((), table)]:
        yield dict(zip(by, key, strict=True)), rows


def best_by_size(table: pd.DataFrame, value: str) -> list[dict[str, Any]]:
    """Return the row of each size of set with the highest value, the smallest size first."""
    return table.loc[table.groupby("size")[value].idxmax()].to_dict("records")


def by_replicate(runs: pd.DataFrame, conditions: Sequence[str], column: str) -> np.ndarray:
    """Return a column by replicate and combination, (replicates, 2, 2, ...), an axis a condition.

    Only complete replicates, since differences are taken within a replicate (`complete`).
    """
    runs = finished(runs)
    levels = held(runs, conditions).to_numpy()
    place = levels @ (2 ** np.arange(len(conditions))[::-1])
    wide = complete(runs, place, 2 ** len(conditions), column)
    return wide.reshape(len(wide), *[2] * len(conditions))


def complete(runs: pd.DataFrame, place: np.ndarray, places: int, column: str) -> np.ndarray:
    """Return the mean of a column by replicate and place, (replicates, places).

    Replicates that lack a run that another has (it failed, is still to come, or only points near
    the border were given more replicates) are left out: their means would be over other points.

    Parameters
    ----------
    runs
        Finished runs.
    place
        Where each run belongs, from 0 to places - 1, int64 (runs,).
    """
    each = pd.DataFrame(
        {
            "replicate": runs["replicate"].to_numpy(),
            "place": place,
            "value": runs[column].astype(float).to_numpy(),
        }
    ).groupby(["replicate", "place"])["value"]
    count = each.size().unstack("place", fill_value=0).reindex(columns=range(places), fill_value=0)
    mean = each.mean().unstack("place").reindex(columns=range(places))
    return mean[(count == count.max()).all(axis=1)].dropna().to_numpy(dtype=float)


def within_replicates(cube: np.ndarray) -> np.ndarray:
    """Return the mean of each replicate over all other axes, (replicates,)."""
    return np.asarray(cube.mean(axis=tuple(range(1, cube.ndim))))


def varied(runs: pd.DataFrame) -> list[str]:
    """Return the parameters that differ between these runs, those with most values first."""
    names = [c for c in runs if "." in str(c) or c in ("horizon",) or str(c).startswith("history.")]
    names = [c for c in names if not str(c).startswith(CONDITION) and runs[c].nunique() > 1]
    return sorted(names, key=lambda name: -runs[name].nunique())


def emergence(runs: pd.DataFrame, by: Sequence[str], outcome: str = "emerged") -> pd.DataFrame:
    """Return the share of runs with an outcome for each combination of some columns.

    Returns
    -------
    A row a combination: the columns, runs, successes, share, low, high; Wilson's interval, or one
    over replicates where a replicate has several runs, which share its luck.
    """
    runs = finished(runs)
    runs = runs.assign(value=runs[outcome].astype(float), whole=0)
    keys = list(by) or ["whole"]
    each = runs.groupby([*keys, "replicate"], sort=True)["value"].agg(["size", "sum", "mean"])
    rows = []
    for key, group in each.groupby(level=keys, sort=True):
        key = key if isinstance(key, tuple) else (key,)
        size, total = int(group["size"].sum()), int(group["sum"].sum())
        _, low, high = clustered_share(group["mean"], int(group["size"].max()))
        rows.append((*key, size, total, total / size, low, high))
    names = [*keys, "runs", "successes", "share", "low", "high"]
    return pd.DataFrame(rows, columns=names).drop(columns=[] if by else ["whole"])
