"""Which combinations of conditions make a movement emerge: necessary and sufficient conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from experiments.analysis.intervals import Estimate, wilson
from experiments.analysis.tables import combinations, conditions_of, finished, held

CUT_OFF = 0.8
"""Share of runs from which a combination is sufficient, decided on before the runs."""

CUT_OFFS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of runs from which a combination counts as sufficient."""

MOST_CONDITIONS = 6

type Row = tuple[int, ...]  # 0 or 1 for each condition
type Cube = tuple[int | None, ...]  # the same; None where the condition does not matter


class Combination(NamedTuple):
    """Which conditions hold and which do not; the others do not matter."""

    held: tuple[str, ...]
    absent: tuple[str, ...]


def truth_table(
    runs: pd.DataFrame, conditions: Sequence[str] | None = None, cut_off: float = CUT_OFF
) -> pd.DataFrame:
    """Return a row per combination of conditions.

    A row's outcome is 1 only if the lower bound of its share reaches the cut-off, 0 if the upper
    bound stays below; otherwise the runs contradict each other too much to say, and it is missing.
    Combinations without a finished run are there, with no runs.

    Returns
    -------
    A column a condition (0 or 1), then held (how many), runs, successes, share, low, high, outcome.
    """
    runs = finished(runs)
    conditions = conditions_of(runs) if conditions is None else list(conditions)
    table = held(runs, conditions).assign(success=runs["emerged"].astype(float))
    counts = table.groupby(list(conditions))["success"].agg(["size", "sum"])
    index = pd.MultiIndex.from_tuples(combinations(conditions), names=conditions)
    if len(conditions) == 1:
        counts.index = pd.MultiIndex.from_arrays([counts.index], names=conditions)
    counts = counts.reindex(index, fill_value=0)
    rows = counts.index.to_frame(index=False)
    rows["held"] = rows[list(conditions)].sum(axis=1)
    rows["runs"] = counts["size"].to_numpy(dtype=int)
    rows["successes"] = counts["sum"].to_numpy(dtype=int)
    tried = rows["runs"].to_numpy(dtype=float)
    rows["share"] = rows["successes"].to_numpy() / np.where(tried > 0, tried, np.nan)
    rows["low"], rows["high"] = wilson(rows["successes"], rows["runs"])
    rows["outcome"] = decide(rows, cut_off)
    return rows


def decide(table: pd.DataFrame, cut_off: float) -> pd.Series:
    """Return the outcome of each row of a truth table at a cut-off: 1, 0 or missing."""
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    outcome = np.where(low >= cut_off, 1.0, np.where(high < cut_off, 0.0, np.nan))
    return pd.Series(outcome, index=table.index).astype("Int8")


def conditions_in(table: pd.DataFrame) -> list[str]:
    """Return the conditions of a truth table."""
    columns = list(table.columns)
    return columns[: columns.index("held")]


def necessity_and_sufficiency(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each condition how sufficient and how necessary it is.

    Sufficiency: the smallest share among the combinations with the condition; near 1, it is enough
    whatever else holds. Necessity: the largest share among those without it; near 0, there is no
    movement without it.

    Returns
    -------
    A row a condition: condition, sufficiency, its low and high, necessity, its low and high.
    """
    rows = []
    for name in conditions_in(table):
        row: dict[str, object] = {"condition": name}
        for measure, part in (
            ("sufficiency", table[table[name] == 1].nsmallest(1, "share")),
            ("necessity", table[table[name] == 0].nlargest(1, "share")),
        ):
            ends = part[["share", "low", "high"]].to_numpy().ravel() if len(part) else [np.nan] * 3
            row |= Estimate(*ends).columns(measure, f"{measure}_")
        rows.append(row)
    return pd.DataFrame(rows)


def minimal_sets(table: pd.DataFrame, cut_offs: Sequence[float] = CUT_OFFS) -> pd.DataFrame:
    """Return the minimal sufficient combinations of a truth table at each cut-off.

    The fewest (and then the shortest) that cover all sufficient rows together. Rows whose runs
    contradict each other are not counted as sufficient.

    Returns
    -------
    A row a cut-off: cut_off, combinations (a list), smallest_share (of the rows they
    cover; NaN if there are none).
    """
    conditions = conditions_in(table)
    result = []
    for cut_off in cut_offs:
        enough = table[(decide(table, cut_off) == 1).fillna(False)]
        ones = [tuple(map(int, row)) for row in enough[conditions].to_numpy()]
        result.append((cut_off, shortest(ones, conditions), enough["share"].min()))
    return pd.DataFrame(result, columns=["cut_off", "combinations", "smallest_share"])


def shortest(rows: Collection[Row], conditions: Sequence[str]) -> list[Combination]:
    """Return the fewest and shortest combinations that contain these rows and no others."""
    cubes = minimum_cover(prime_implicants(rows, len(conditions)), rows)
    held = [tuple(c for c, v in zip(conditions, cube, strict=True) if v == 1) for cube in cubes]
    absent = [tuple(c for c, v in zip(conditions, cube, strict=True) if v == 0) for cube in cubes]
    return list(map(Combination, held, absent))


def prime_implicants(ones: Collection[Row], conditions: int) -> list[Cube]:
    """Return the combinations that contain only rows of ``ones`` and cannot be widened.

    Quine's method: two combinations that differ in one condition are merged into one in which that
    condition does not matter, until nothing can be merged; what was never merged is prime.

    References
    ----------
    Quine (1955), doi:10.1080/00029890.1955.11988710; McCluskey (1956),
    doi:10.1002/j.1538-7305.1956.tb03835.x.
    """
    if conditions > MOST_CONDITIONS:
        raise ValueError(f"at most {MOST_CONDITIONS} conditions can be minimised, not {conditions}")
    primes: list[Cube] = []
    current: set[Cube] = {tuple(row) for row in ones}
    while current:
        merged: set[Cube] = set()
        used: set[Cube] = set()
        for cube in current:
            for i, value in enumerate(cube):
                if value != 0:
                    continue
                partner = (*cube[:i], 1, *cube[i + 1 :])
                if partner in current:
                    merged.add((*cube[:i], None, *cube[i + 1 :]))
                    used |= {cube, partner}
        primes += current - used
        current = merged
    return sorted(primes, key=_order)


def minimum_cover(primes: Sequence[Cube], ones: Collection[Row]) -> list[Cube]:
    """Return the fewest prime combinations that cover all rows; among these, the shortest.

    The set-covering problem as an integer program: a row is covered by at least one combination;
    a condition weighs less than any combination does.
    """
    if not ones:
        return []
    ordered = sorted(primes, key=_order)
    covering = np.array([[covers(cube, row) for cube in ordered] for row in ones], dtype=float)
    conditions = np.array([_length(cube) for cube in ordered], dtype=float)
    found = milp(
        1 + len(ones) * conditions.max() + conditions,
        integrality=np.ones(len(ordered)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(covering, lb=1),
        options={"mip_rel_gap": 0.0},
    )
    return [cube for cube, value in zip(ordered, found.x, strict=True) if value > 0.5]


def covers(cube: Cube, row: Row) -> bool:
    """Return whether a combination contains a row."""
    return all(wanted is None or wanted == value for wanted, value in zip(cube, row, strict=True))


def _length(cube: Cube) -> int:
    return sum(wanted is not None for wanted in cube)


def _order(cube: Cube) -> tuple[object, ...]:
    """Short combinations first, those of conditions that hold before those that do not."""
    return (_length(cube), tuple({1: 0, 0: 1, None: 2}[wanted] for wanted in cube))
