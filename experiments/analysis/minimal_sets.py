"""Minimal combinations of conditions that suffice, by Boolean minimisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

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

    Searched by always branching on the row that the fewest combinations cover.
    """
    covering = {row: [cube for cube in primes if covers(cube, row)] for row in ones}
    best: list[Cube] | None = None

    def price(cubes: Sequence[Cube]) -> tuple[int, int, list[tuple[object, ...]]]:
        return len(cubes), sum(map(_length, cubes)), sorted(map(_order, cubes))

    def search(chosen: list[Cube], left: frozenset[Row]) -> None:
        nonlocal best
        if best is not None and len(chosen) + bool(left) > len(best):
            return
        if not left:
            if best is None or price(chosen) < price(best):
                best = list(chosen)
            return
        row = min(left, key=lambda row: (len(covering[row]), row))
        for cube in sorted(covering[row], key=lambda c: (-_gain(c, left), _order(c))):
            search([*chosen, cube], frozenset(r for r in left if not covers(cube, r)))

    search([], frozenset(ones))
    return sorted(best or [], key=_order)


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


def _gain(cube: Cube, left: Iterable[Row]) -> int:
    return sum(covers(cube, row) for row in left)


def _length(cube: Cube) -> int:
    return sum(wanted is not None for wanted in cube)


def _order(cube: Cube) -> tuple[object, ...]:
    """Short combinations first, those of conditions that hold before those that do not."""
    return (_length(cube), tuple({1: 0, 0: 1, None: 2}[wanted] for wanted in cube))
