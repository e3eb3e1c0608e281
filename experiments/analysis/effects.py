"""What each condition does to emergence, alone and with another, and what else it changes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import clustered_difference, mean_difference
from experiments.analysis.tables import by_replicate, conditions_of, finished, within_replicates

MATERIAL = 0.05
"""An effect on a probability that matters, by decision taken before the runs."""

VERDICTS = ("raises", "lowers", "no material effect", "undecided")
"""What an interval may say of an effect (`verdict`)."""

REALISED = (
    "min_price", "mean_distress", "mean_dissatisfaction", "max_dissatisfied", "mean_threat",
    "min_trust",
)  # fmt: skip
"""Levels that came about in a run, to see what each condition really changed."""

DEFINITIONS = {
    "emerged": "as defined",
    "emerged_50": "50 organisers",
    "emerged_200": "200 organisers",
    "emerged_spell_12": "for 12 weeks",
    "emerged_spell_26": "for 26 weeks",
    "emerged_share_1": "1 % of users for 12 weeks",
    "emerged_share_2": "2 % of users for 12 weeks",
    "emerged_share_5": "5 % of users for 12 weeks",
}
"""Outcome columns of other definitions of emergence, under which every headline is repeated."""

OWN_LEVEL = {
    "distress": "mean_distress",
    "dissatisfaction": "mean_dissatisfaction",
    "threat": "mean_threat",
    "trust": "min_trust",
    "lost_trust": "min_trust",
}
"""The level a condition is meant to change."""


def main_effects(
    runs: pd.DataFrame, conditions: Sequence[str] | None = None, outcome: str = "emerged"
) -> pd.DataFrame:
    """Return the difference each condition makes to an outcome, averaged over the others.

    Within a replicate, every run with the condition is paired with the one that differs in nothing
    else; the mean of these differences is the replicate's, and the interval is over replicates.

    Returns
    -------
    A row a condition: condition, off, on (shares), effect, low, high, verdict, replicates.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    cube = by_replicate(runs, conditions, outcome)
    rows = []
    for name, (off, on, each) in _changes(cube, conditions).items():
        estimate = clustered_difference(each, 2 ** (len(conditions) - 1))
        row = {"condition": name, "off": off, "on": on} | estimate.columns()
        rows.append(row | {"verdict": verdict(*estimate[1:]), "replicates": len(cube)})
    names = ["condition", "off", "on", "effect", "low", "high", "verdict", "replicates"]
    return pd.DataFrame(rows, columns=names)


def interactions(runs: pd.DataFrame, conditions: Sequence[str] | None = None) -> pd.DataFrame:
    """Return for each pair of conditions what both do beyond the sum of what each does.

    (both − second) − (first − neither), averaged over the other conditions; positive means that
    each does more where the other holds.

    Returns
    -------
    A row a pair: first, second, effect, low, high, verdict, replicates.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    cube = by_replicate(runs, conditions, "emerged")
    rows = []
    for (i, first), (j, second) in itertools.combinations(enumerate(conditions, 1), 2):
        with_second, without = (np.diff(np.take(cube, level, j), axis=i) for level in (1, 0))
        each = within_replicates(with_second - without)
        estimate = clustered_difference(each, 2 ** (len(conditions) - 2), bound=2.0)
        row = {"first": first, "second": second} | estimate.columns()
        rows.append(row | {"verdict": verdict(*estimate[1:]), "replicates": len(cube)})
    names = ["first", "second", "effect", "low", "high", "verdict", "replicates"]
    return pd.DataFrame(rows, columns=names)


def by_definition(runs: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Return the main effects under each definition of emergence.

    Returns
    -------
    A row a condition and definition: condition, definition, effect, low, high, verdict.
    """
    tables = [
        main_effects(runs, conditions, column).assign(definition=name)
        for column, name in DEFINITIONS.items()
        if column in runs
    ]
    names = ["condition", "definition", "effect", "low", "high", "verdict"]
    return pd.concat(tables, ignore_index=True)[names]


def leakage(
    runs: pd.DataFrame,
    conditions: Sequence[str] | None = None,
    levels: Sequence[str] = REALISED,
) -> pd.DataFrame:
    """Return what each condition changed of each realised level, averaged over the others.

    ``of_own`` compares it with the change made by the condition that is meant to change that level:
    0.5 means that a condition leaks half as much into the level as its own condition gives it.

    Returns
    -------
    A row a condition and level: condition, level, off, on, difference, low, high, own, of_own.
    """
    conditions = conditions_of(finished(runs)) if conditions is None else list(conditions)
    rows = []
    for name in [column for column in levels if column in runs]:
        changes = _changes(by_replicate(runs, conditions, name), conditions)
        found = {c: mean_difference(each) for c, (_, _, each) in changes.items()}
        owners = [c for c in conditions if OWN_LEVEL.get(c) == name]
        base = found[owners[0]].value if owners else np.nan
        for condition, (off, on, _) in changes.items():
            estimate = found[condition]
            of_own = estimate.value / base if base else np.nan
            rows.append((condition, name, off, on, *estimate, condition in owners, of_own))
    names = ["condition", "level", "off", "on", "difference", "low", "high", "own", "of_own"]
    return pd.DataFrame(rows, columns=names)


def verdict(low: float, high: float) -> str:
    """Return what an interval says of an effect, against what was held material beforehand."""
    if low > MATERIAL:
        return "raises"
    if high < -MATERIAL:
        return "lowers"
    if low > -MATERIAL and high < MATERIAL:
        return "no material effect"
    return "undecided"


def _changes(
    cube: np.ndarray, conditions: Sequence[str]
) -> dict[str, tuple[float, float, np.ndarray]]:
    """Return the means without and with each condition, and the change in each replicate."""
    found = {}
    for axis, name in enumerate(conditions, 1):
        off, on = np.take(cube, 0, axis), np.take(cube, 1, axis)
        means = (float(off.mean()), float(on.mean())) if cube.size else (math.nan, math.nan)
        found[name] = (*means, within_replicates(on - off))
    return found
