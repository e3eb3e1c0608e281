"""What a table of runs says before any particle moves: checks of the method, and marginals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.calibration import checks
from experiments.calibration.posterior import Posterior, regress
from experiments.calibration.table import PUBLIC, Table
from experiments.cases.facts import Fact

CHOSEN = 35  # parameters that are followed


@dataclass(frozen=True)
class Found:
    """What a table says.

    Attributes
    ----------
    table, facts
        The runs, and the facts that are fitted.
    usable
        bool, (runs,): whether a run shows all of these facts.
    followed
        Which parameters are followed, as columns of the table.
    sensitivity
        (parameters,): the largest rank correlation with a fact.
    regression
        Of the parameters that are followed, by local-linear regression.
    forest
        (followed, 3): low, middle and high by quantile forests.
    checks
        From `checks.summary`: of both methods, anywhere and near the facts.
    nearest
        Root of the mean squared miss of the run that is nearest to the facts.
    """

    table: Table
    facts: tuple[Fact, ...]
    usable: np.ndarray
    followed: list[int]
    sensitivity: np.ndarray
    regression: Posterior
    forest: np.ndarray
    checks: pd.DataFrame
    nearest: float

    @property
    def names(self) -> list[str]:
        """The parameters that are followed."""
        return [self.table.names[column] for column in self.followed]


def find(table: Table, facts: Sequence[Fact], usable: np.ndarray, trees: int, known: int) -> Found:
    """Return what the runs say in which all facts show.

    Parameters
    ----------
    table, facts, usable
        As in `Found`.
    trees
        Of a quantile forest.
    known
        Number of runs taken for facts, anywhere and near the facts.
    """
    misses = table.misses(facts)[usable]
    every = sensitivity(table.shares[usable], misses)
    followed = chosen(every, table.names)
    shares = table.shares[usable][:, followed]
    names = [table.names[column] for column in followed]
    worlds = checks.chosen_worlds(misses, known)
    rows = [
        checks.summary(checks.by_regression(shares, misses, own), names, checks.REGRESSION, where)
        for where, own in worlds.items()
    ]
    by_forests, quantiles = checks.by_forests(shares, misses, worlds, trees)
    rows += [
        checks.summary(each, names, checks.FOREST, where) for where, each in by_forests.items()
    ]
    return Found(
        table, tuple(facts), usable, followed, every,
        regress(shares, misses, np.zeros(len(facts))), quantiles,
        pd.concat(rows, ignore_index=True), float(np.sqrt((misses**2).mean(axis=1)).min()),
    )  # fmt: skip


def sensitivity(shares: np.ndarray, misses: np.ndarray) -> np.ndarray:
    """Return how much facts depend on each parameter: the largest rank correlation with one.

    Parameters
    ----------
    shares
        (runs, parameters).
    misses
        (runs, facts).
    """
    ranks = [values.argsort(axis=0).argsort(axis=0).astype(float) for values in (shares, misses)]
    one, two = ((rank - rank.mean(axis=0)) / rank.std(axis=0) for rank in ranks)
    return np.asarray(np.abs(one.T @ two / len(one)).max(axis=1))


def chosen(sensitivities: np.ndarray, names: Sequence[str]) -> list[int]:
    """Return which parameters are followed, the most telling first; the public is among them."""
    order = [int(column) for column in sensitivities.argsort()[::-1]]
    public = names.index(PUBLIC) if PUBLIC in names else order[0]
    kept = order[:CHOSEN]
    return kept if public in kept else [*kept[:-1], public]
