"""Whether one, two or all three of distress, dissatisfaction and threat are enough."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.intervals import clustered_share, wilson
from experiments.analysis.tables import (
    by_replicate,
    combinations,
    conditions_of,
    finished,
    groups,
    held,
    within_replicates,
)
from experiments.analysis.truth_table import CUT_OFF, Combination, conditions_in, decide, shortest

THREE = ("distress", "dissatisfaction", "threat")
"""The conditions of claims C1 to C3, whose conjunction is claim C4."""

LAUNCHED = "launched"


class Settings(NamedTuple):
    """Some of the settings of the other conditions, as few combinations of them."""

    others: list[str]  # conditions
    combinations: list[Combination]  # none if all settings are meant
    here: int  # settings meant
    total: int  # of all settings


class Sufficiency(NamedTuple):
    """What suffices in some settings: which case it is, and the minimal sets that are enough."""

    case: str  # enough, fewer open (fewer conditions may be enough too), undecided, never
    size: int  # conditions that are enough
    fewest: tuple[tuple[str, ...], ...]  # sets with the fewest conditions
    more: tuple[tuple[str, ...], ...]  # sets with more
    settings: Settings


def how_many(
    table: pd.DataFrame, among: Sequence[str] = THREE, cut_off: float = CUT_OFF
) -> pd.DataFrame:
    """Return how many of some conditions suffice, in each setting of the other conditions.

    Within a setting, a set of the conditions suffices if every combination that contains it has
    outcome 1 at the cut-off: holding more must not undo it. It falls short if one of them has
    outcome 0, and is open otherwise. A set is minimal if no part of it suffices.

    Returns
    -------
    A row a setting: a column for each other condition, ``needed`` (how many suffice at least;
    missing if not even all of them do), ``sets`` (the minimal sufficient sets, each a tuple of
    conditions), ``open`` (the open sets).
    """
    conditions = conditions_in(table)
    among = [name for name in among if name in conditions]
    others = [name for name in conditions if name not in among]
    table = table.assign(outcome=decide(table, cut_off))
    subsets = [s for size in range(len(among) + 1) for s in itertools.combinations(among, size)]
    rows = []
    for setting, part in groups(table, others):
        sets = [frozenset(name for name in among if row[name]) for _, row in part.iterrows()]
        outcome = dict(zip(sets, part["outcome"], strict=True))
        enough: list[tuple[str, ...]] = []
        undecided = []
        for subset in subsets:
            containing = [value for key, value in outcome.items() if key >= set(subset)]
            if all(value is not pd.NA and value == 1 for value in containing):
                if not any(set(part) <= set(subset) for part in enough):
                    enough.append(subset)
            elif not any(value is not pd.NA and value == 0 for value in containing):
                undecided.append(subset)
        rows.append(
            setting
            | {"needed": min(map(len, enough)) if enough else None}
            | {"sets": tuple(enough), "open": tuple(undecided)}
        )
    result = pd.DataFrame(rows)
    result["needed"] = result["needed"].astype("Int8")
    return result


def sufficiency(table: pd.DataFrame, among: Sequence[str]) -> list[Sufficiency]:
    """Return what suffices in which settings, from `how_many`; where the fewest do first."""
    others = list(table.columns[: list(table.columns).index("needed")])
    groups: dict[tuple[int, str, tuple[tuple[str, ...], ...]], list[tuple[int, ...]]] = {}
    for row in table.to_dict("records"):
        if row["sets"]:
            needed = int(row["needed"])
            case = "fewer open" if any(len(each) < needed for each in row["open"]) else "enough"
        else:
            needed = len(among) + 1
            case = "undecided" if tuple(among) in row["open"] else "never"
        levels = tuple(int(row[name]) for name in others)
        groups.setdefault((needed, case, row["sets"]), []).append(levels)
    return [
        Sufficiency(
            case,
            needed,
            tuple(each for each in sets if len(each) == needed),
            tuple(each for each in sets if len(each) > needed),
            Settings(
                others,
                [] if len(levels) == len(table) else shortest(levels, others),
                len(levels),
                len(table),
            ),
        )
        for (needed, case, sets), levels in sorted(groups.items())
    ]


def by_set(
    runs: pd.DataFrame,
    among: Sequence[str] = THREE,
    conditions: Sequence[str] | None = None,
    outcome: str = "emerged",
) -> pd.DataFrame:
    """Return the share of an outcome under each set of some conditions, averaged over the others.

    The interval is over replicates, since the runs of a replicate share its luck.

    Returns
    -------
    A row a set: a column for each of the conditions, set (its conditions, a tuple), size, share,
    low, high, replicates.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    among = [name for name in among if name in conditions]
    cube = by_replicate(runs, [*among, *(c for c in conditions if c not in among)], outcome)
    rows = []
    for levels in combinations(among):
        place: tuple[Any, ...] = (slice(None), *levels)
        each = within_replicates(cube[place])
        share, low, high = clustered_share(each, 2 ** (len(conditions) - len(among)))
        chosen = tuple(itertools.compress(among, levels))
        rows.append(
            dict(zip(among, levels, strict=True))
            | {"set": chosen, "size": sum(levels), "share": share, "low": low, "high": high}
            | {"replicates": len(cube)}
        )
    return pd.DataFrame(rows[::-1]).sort_values("size", kind="stable", ignore_index=True)


# -- launch and take-off apart ---------------------------------------------------------------------


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
    A row a set, as of `by_set`: set, size, launched, launched_low, launched_high,
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
