"""Whether one, two or all three of distress, dissatisfaction and threat are enough."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.analysis.intervals import clustered_share
from experiments.analysis.tables import (
    by_replicate,
    combinations,
    conditions_of,
    finished,
    within_replicates,
)
from experiments.analysis.truth_table import CUT_OFF, conditions_in, decide

THREE = ("distress", "dissatisfaction", "threat")
"""The conditions of claims C1 to C3, whose conjunction is claim C4."""


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
    conditions), ``open`` (the open sets), ``none_share``, ``all_share``.
    """
    conditions = conditions_in(table)
    among = [name for name in among if name in conditions]
    others = [name for name in conditions if name not in among]
    table = table.assign(outcome=decide(table, cut_off))
    settings = [((), table)] if not others else table.groupby(others, sort=True)
    subsets = [s for size in range(len(among) + 1) for s in itertools.combinations(among, size)]
    rows = []
    for setting, part in settings:
        held = [frozenset(name for name in among if row[name]) for _, row in part.iterrows()]
        outcome = dict(zip(held, part["outcome"], strict=True))
        share = dict(zip(held, part["share"], strict=True))
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
            dict(zip(others, setting, strict=True))
            | {"needed": min(map(len, enough)) if enough else None}
            | {"sets": tuple(enough), "open": tuple(undecided)}
            | {"none_share": share[frozenset()], "all_share": share[frozenset(among)]}
        )
    result = pd.DataFrame(rows)
    result["needed"] = result["needed"].astype("Int8")
    return result


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
    A row a set: a column for each of the conditions, set (names joined by +, or "none"), size,
    share, low, high, replicates.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    among = [name for name in among if name in conditions]
    cube = by_replicate(runs, [*among, *(c for c in conditions if c not in among)], outcome)
    rows = []
    for levels in combinations(among):
        place: tuple[Any, ...] = (slice(None), *levels)
        each = within_replicates(cube[place])
        share, low, high = clustered_share(each, 2 ** (len(conditions) - len(among)))
        chosen = " + ".join(itertools.compress(among, levels)) or "none"
        rows.append(
            dict(zip(among, levels, strict=True))
            | {"set": chosen, "size": sum(levels), "share": share, "low": low, "high": high}
            | {"replicates": len(cube)}
        )
    return pd.DataFrame(rows[::-1]).sort_values("size", kind="stable", ignore_index=True)
