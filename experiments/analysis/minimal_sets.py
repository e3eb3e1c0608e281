"""Minimal combinations of conditions that suffice, by Boolean minimisation."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from experiments.analysis.truth_table import conditions_in, decide

CUT_OFFS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of runs from which a combination counts as sufficient."""

MOST_CONDITIONS = 6

type Row = tuple[int, ...]  # 0 or 1 for each condition
type Cube = tuple[int | None, ...]  # the same; None where the condition does not matter


def minimal_sets(table: pd.DataFrame, cut_offs: Sequence[float] = CUT_OFFS) -> pd.DataFrame:
    """Return the minimal sufficient combinations of a truth table at each cut-off.

    Rows whose runs contradict each other are not counted as sufficient. ``essential`` combinations
    cover some row that no other does; those ``chosen`` are the fewest (and then the shortest) that
    cover all rows together.

    Returns
    -------
    A row a cut-off and combination: cut_off, combination (in words), a column a condition (1 on,
    0 off, NaN it does not matter), rows, smallest_share, essential, chosen.
    """
    conditions = conditions_in(table)
    rows = [tuple(int(v) for v in row) for row in table[conditions].to_numpy()]
    share = dict(zip(rows, table["share"], strict=True))
    result = []
    for cut_off in cut_offs:
        enough = (decide(table, cut_off) == 1).fillna(False)
        ones = [row for row, value in zip(rows, enough, strict=True) if value]
        primes = prime_implicants(ones, len(conditions))
        chosen = minimum_cover(primes, ones)
        for cube in primes:
            covered = [row for row in ones if covers(cube, row)]
            alone = any(sum(covers(other, row) for other in primes) == 1 for row in covered)
            result.append(
                {"cut_off": cut_off, "combination": in_words(cube, conditions)}
                | {c: np.nan if v is None else v for c, v in zip(conditions, cube, strict=True)}
                | {"rows": len(covered), "smallest_share": min(share[row] for row in covered)}
                | {"essential": alone, "chosen": cube in chosen}
            )
    names = ["cut_off", "combination", *conditions, "rows", "smallest_share", "essential", "chosen"]
    return pd.DataFrame(result, columns=names)


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


def in_words(cube: Cube, conditions: Sequence[str]) -> str:
    """Return a combination in words."""
    parts = [
        name if wanted else f"no {name}"
        for name, wanted in zip(conditions, cube, strict=True)
        if wanted is not None
    ]
    return " + ".join(parts) if parts else "whatever holds"


def _length(cube: Cube) -> int:
    return sum(wanted is not None for wanted in cube)


def _order(cube: Cube) -> tuple[object, ...]:
    """Short combinations first, those of conditions that hold before those that do not."""
    return (_length(cube), tuple({1: 0, 0: 1, None: 2}[wanted] for wanted in cube))
