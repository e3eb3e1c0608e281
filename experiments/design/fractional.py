"""Regular two-level fractions: fewer runs than the full factorial, at the price of known aliases.

Each factor's level is the product of the levels of some *basic* factors, whose full factorial is
run. As vectors over GF(2), one bit a basic factor, the factors' columns satisfy: the design has
resolution R if every R − 1 of them are linearly independent, so that no word of the defining
relation is shorter than R.

Box, G. E. P., & Hunter, J. S. (1961). The 2^(k−p) fractional factorial designs.
Technometrics 3, 311–351. doi:10.1080/00401706.1961.10489951
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.design.experiment import Part
from experiments.design.reading import DesignError
from sim.parameters import unknown_name

LARGEST = 2**16  # runs
MOST_GENERATORS = 16  # whose products are all looked through for the resolution


class Fraction(NamedTuple):
    """A regular fraction."""

    levels: np.ndarray  # bool, (runs, factors)
    generators: dict[str, tuple[str, ...]]  # a factor's level is the product of these factors'
    resolution: int | None  # factors in the shortest product that is constant; None: full factorial

    def describe(self) -> dict[str, Any]:
        """Return what is to be known of it: runs, resolution, generators, defining words.

        The words are products of factors that are constant; all others are products of these.
        """
        return {
            "runs": len(self.levels),
            "resolution": self.resolution,
            "generators": {name: list(word) for name, word in self.generators.items()},
            "defining_words": [[*word, name] for name, word in self.generators.items()],
        }


def fraction(
    factors: Sequence[str],
    resolution: int | None = None,
    generators: Mapping[str, Sequence[str]] | None = None,
) -> Fraction:
    """Return a regular fraction of the two-level factorial of some factors.

    Parameters
    ----------
    factors
        Their names.
    resolution
        3: main effects clear of each other; 4: clear of two-factor interactions too; 5:
        two-factor interactions clear of each other.
    generators
        In place of a resolution: for some factors, the others whose levels are multiplied.

    Raises
    ------
    DesignError
        For generators that name unknown factors or repeat a column, and for too many runs.
    """
    words = _chosen(factors, resolution) if generators is None else _given(factors, generators)
    basic = [name for name in factors if name not in words]
    if 2 ** len(basic) > LARGEST:
        raise DesignError(f"{2 ** len(basic):,} combinations are too many; lower the resolution")
    full = np.array(list(itertools.product((False, True), repeat=len(basic))))
    columns = dict(zip(basic, full.T, strict=True))
    for name, word in words.items():
        signs = np.where([columns[part] for part in word], 1, -1).prod(axis=0)
        columns[name] = signs > 0
    levels = np.column_stack([columns[name] for name in factors])
    return Fraction(levels, words, _shortest(words) or resolution if words else None)


def fraction_of(factors: Sequence[str], part: Part) -> Fraction:
    """Return the fraction a part describes."""
    if part.generators and part.resolution is not None:
        raise DesignError("give either a resolution or generators")
    return fraction(factors, part.resolution, part.generators or None)


def _chosen(factors: Sequence[str], resolution: int | None) -> dict[str, tuple[str, ...]]:
    """Return generators for the resolution, by the smallest set of basic factors that has room."""
    if not isinstance(resolution, int) or not 3 <= resolution <= 5:
        raise DesignError(f"resolution = {resolution!r} must be 3, 4 or 5; or give generators")
    for size in range(1, len(factors) + 1):
        taken = [1 << bit for bit in range(size)]
        reach = _sums(taken, resolution - 2)
        # greedily, those of fewest basic factors first, if no product of fewer than R is constant
        for column in sorted(range(1, 2**size), key=lambda column: (column.bit_count(), column)):
            if len(taken) == len(factors):
                break
            if column not in reach and column not in taken:
                taken.append(column)
                reach = _sums(taken, resolution - 2)
        if len(taken) == len(factors):
            extra = zip(factors[size:], taken[size:], strict=True)
            return {
                name: tuple(factors[bit] for bit in range(size) if column >> bit & 1)
                for name, column in extra
            }
        if 2**size > LARGEST:
            break
    raise DesignError(f"{len(factors)} factors at resolution {resolution} are too many")


def _sums(columns: Sequence[int], most: int) -> set[int]:
    """Return what the sums of up to so many columns come to."""
    return {
        functools.reduce(operator.xor, chosen, 0)
        for count in range(most + 1)
        for chosen in itertools.combinations(columns, count)
    }


def _given(
    factors: Sequence[str], generators: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    for name, word in generators.items():
        for factor in (name, *word):
            if factor not in factors:
                raise DesignError(f"generators: {unknown_name(factor, list(factors), 'factor')}")
        for factor in word:
            if factor in generators:
                raise DesignError(
                    f"generators: {name} is made from {factor}, which is generated too; name "
                    "factors without generators"
                )
        if not word or len(set(word)) < len(word):
            raise DesignError(f"generators: {name} must name some other factors, each once")
    columns = [frozenset(word) for word in generators.values()]
    alone = [frozenset([name]) for name in factors if name not in generators]
    for name, column in zip(generators, columns, strict=True):
        if column in alone or columns.count(column) > 1:
            same = " x ".join(sorted(column))
            raise DesignError(f"generators: {name} = {same} repeats another factor's levels")
    if len(generators) > MOST_GENERATORS:
        raise DesignError(f"generators: {len(generators)} are too many; {MOST_GENERATORS} at most")
    return {name: tuple(word) for name, word in generators.items()}


def _shortest(generators: Mapping[str, Sequence[str]]) -> int | None:
    """Return the length of the shortest word of the defining relation; None where it is vast."""
    if len(generators) > MOST_GENERATORS:
        return None
    found = {frozenset[str]()}
    for name, word in generators.items():
        found |= {frozenset([name, *word]) ^ other for other in found}
    return min(len(word) for word in found if word)
