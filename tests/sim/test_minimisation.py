"""Boolean minimisation against an implementation that shares nothing with it."""

import itertools
import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import wilson
from experiments.analysis.truth_table import (
    CUT_OFFS,
    covers,
    minimal_sets,
    minimum_cover,
    prime_implicants,
)


def oracle(ones, count):
    """Prime implicants by their definition, and how few of them cover all ones.

    A term is a mask of the conditions that matter and the values they have, as integers; rows are
    integers too. A term is prime if all its rows are ones and dropping any condition adds a zero.
    """
    rows = {int("".join(map(str, row)), 2) for row in ones}

    def implies(mask, value):
        return all(row in rows for row in range(2**count) if row & mask == value)

    def widened(mask, value):
        bits = [1 << i for i in range(count) if mask >> i & 1]
        return [(mask & ~bit, value & ~bit) for bit in bits]

    primes = [
        (mask, value)
        for mask in range(2**count)
        for value in {row & mask for row in rows}
        if implies(mask, value) and not any(implies(*term) for term in widened(mask, value))
    ]
    sets = [sum(1 << row for row in rows if row & mask == value) for mask, value in primes]
    everything = sum(1 << row for row in rows)
    largest = max((each.bit_count() for each in sets), default=0)

    @cache
    def coverable(left, terms):
        """Whether so many terms cover what is left: tried on the row that the fewest cover."""
        if not left:
            return True
        if terms * largest < left.bit_count():
            return False
        choices = min(
            ([each for each in sets if each >> row & 1] for row in rows if left >> row & 1),
            key=len,
        )
        return any(coverable(left & ~each, terms - 1) for each in choices)

    return primes, next(terms for terms in itertools.count() if coverable(everything, terms))


def shortest(primes, ones, terms):
    """The fewest conditions in any cover of so many terms, by trying all."""
    rows = {int("".join(map(str, row)), 2) for row in ones}
    lengths = [
        sum(mask.bit_count() for mask, _ in chosen)
        for chosen in itertools.combinations(primes, terms)
        if all(any(row & mask == value for mask, value in chosen) for row in rows)
    ]
    return min(lengths)


def as_integers(cube):
    mask = int("".join("0" if value is None else "1" for value in cube), 2)
    return mask, int("".join(str(value or 0) for value in cube), 2)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_minimisation_equals_the_oracle(count):
    rng = np.random.default_rng(100 + count)
    for _ in range(40):
        density = rng.uniform(0.05, 0.95)
        everything = itertools.product((0, 1), repeat=count)
        ones = [row for row in everything if rng.random() < density]
        primes, terms = oracle(ones, count)
        found = prime_implicants(ones, count)
        assert sorted(map(as_integers, found)) == sorted(primes)
        cover = minimum_cover(found, ones)
        assert len(cover) == terms
        assert all(any(covers(cube, row) for cube in cover) for row in ones)
        if math.comb(len(primes), terms) < 2000:
            conditions = sum(value is not None for cube in cover for value in cube)
            assert conditions == shortest(primes, ones, terms)


def test_minimal_sets_of_a_truth_table_equal_the_oracle_at_every_cut_off():
    rng = np.random.default_rng(7)
    names = ["distress", "dissatisfaction", "trend", "threat", "lost_trust"]
    for _ in range(8):
        table = pd.DataFrame(list(itertools.product((0, 1), repeat=5)), columns=names)
        weights = rng.normal(0.5, 0.4, 5)
        share = 1 / (1 + np.exp(-4 * (table[names].to_numpy() @ weights - 1)))
        successes = rng.binomial(200, share)
        table = table.assign(held=0, runs=200, successes=successes, share=successes / 200)
        table["low"], table["high"] = wilson(successes, 200)
        found = minimal_sets(table)
        for cut_off in CUT_OFFS:
            ones = [tuple(row) for row in table.loc[table["low"] >= cut_off, names].to_numpy()]
            primes, terms = oracle(ones, 5)
            [combinations] = found.loc[found["cut_off"] == cut_off, "combinations"]
            cubes = [
                tuple(1 if n in each.held else 0 if n in each.absent else None for n in names)
                for each in combinations
            ]
            assert {as_integers(cube) for cube in cubes} <= set(primes)
            assert len(cubes) == terms
            assert all(any(covers(cube, row) for cube in cubes) for row in ones)
