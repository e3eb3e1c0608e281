"""What a table of runs says before any particle moves: checks of the method, and marginals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.calibration import checks
from experiments.calibration.posterior import MIDDLE, QUANTILES, Posterior, regress
from experiments.calibration.table import Table
from experiments.calibration.told import chosen, sensitivity
from experiments.cases.facts import Fact


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
    ends = [int(np.abs(QUANTILES - share).argmin()) for share in (MIDDLE[0], 0.5, MIDDLE[1])]
    return Found(
        table, tuple(facts), usable, followed, every,
        regress(shares, misses, np.zeros(len(facts))), quantiles[:, ends],
        pd.concat(rows, ignore_index=True), float(np.sqrt((misses**2).mean(axis=1)).min()),
    )  # fmt: skip
