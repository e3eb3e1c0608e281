"""What the facts tell of each parameter: identified, on one side, only in a product, or nothing.

Before any particle moves, a table of runs gives checks of the method and marginals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.calibration import posterior
from experiments.calibration.smc import Particles
from experiments.calibration.table import PEOPLE, PUBLIC, Table
from experiments.cases.facts import Fact

CHOSEN = 35  # parameters that are followed
NARROW = 0.6  # of the prior's interval: as narrow is what is identified
NARROWER = 0.8  # likewise, of what is told on one side
RECOVERED = 0.5  # correlation of the middle of the posterior with the truth
TOGETHER = 0.4  # correlation of two parameters told only together
SURE = 5.0  # standard errors of a correlation, of many that are looked at
EDGE = 0.05  # of the range: an interval that reaches so near to its end is bounded by the prior
IDENTIFIED, ONE_SIDE, PRODUCT, NOTHING = (
    "identified", "on one side", "only in a product", "not at all",
)  # fmt: skip


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
        From `posterior.summary`: of both methods, anywhere and near the facts.
    nearest
        Root of the mean squared miss of the run that is nearest to the facts.
    """

    table: Table
    facts: tuple[Fact, ...]
    usable: np.ndarray
    followed: list[int]
    sensitivity: np.ndarray
    regression: posterior.Posterior
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
    worlds = posterior.chosen_worlds(misses, known)
    rows = [
        posterior.summary(
            posterior.by_regression(shares, misses, own), names, posterior.REGRESSION, where
        )
        for where, own in worlds.items()
    ]
    by_forests, quantiles = posterior.by_forests(shares, misses, worlds, trees)
    rows += [
        posterior.summary(each, names, posterior.FOREST, where)
        for where, each in by_forests.items()
    ]
    return Found(
        table, tuple(facts), usable, followed, every,
        posterior.regress(shares, misses, np.zeros(len(facts))), quantiles,
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


def told(found: Found, chains: Sequence[Particles], products: pd.DataFrame) -> pd.DataFrame:
    """Return a row a parameter that is followed: its interval at the facts, and what may be said.

    Parameters
    ----------
    found
        What the table of runs says.
    chains
        The particles of each chain, which together are the joint posterior.
    products
        From `table.products`: the public is told in them, never alone.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``middle``, ``high`` of the joint posterior, and those of both other methods, in
        shares of the range; ``width``, the widest of the three intervals, as a share of the
        prior's; ``recovery`` by the method that recovers it worse; ``partner``, the parameter it
        goes with most, and their ``correlation``; ``told``; ``sensitivity``; ``value_low`` and so
        on, the ends of the joint posterior as values of the parameter.
    """
    names, regression = found.names, found.regression
    joint = np.concatenate([each.shares[:, found.followed] for each in chains])
    methods = {
        "": np.quantile(joint, posterior.ENDS, axis=0),
        "regression_": posterior.quantiles_of(
            regression.shares, regression.weights, posterior.ENDS
        ),
        "forest_": found.forest.T,
    }
    near = found.checks[found.checks["where"] == posterior.NEAR].pivot(
        index="parameter", columns="method", values="recovery"
    )
    together = _together(joint, regression)
    partner = np.abs(together).argmax(axis=1)
    counted = products.loc[products["quantity"] == PEOPLE, "width"].min() <= NARROW
    widths = [each[2] - each[0] for each in methods.values()]
    table = pd.DataFrame({"parameter": names}).assign(
        **{
            f"{method}{end}": values
            for method, each in methods.items()
            for end, values in zip(posterior.NAMES, each, strict=True)
        },
        width=np.max(widths, axis=0) / (posterior.ENDS[2] - posterior.ENDS[0]),
        recovery=near.loc[names].min(axis=1).to_numpy(),
        partner=[names[other] for other in partner],
        correlation=together[np.arange(len(names)), partner],
    )
    said = table.apply(_said, axis=1)
    table["told"] = said.mask(table["parameter"] == PUBLIC, PRODUCT if counted else NOTHING)
    table["sensitivity"] = found.sensitivity[found.followed]
    axes = [found.table.axes[column] for column in found.followed]
    for end in posterior.NAMES:
        pairs = zip(axes, table[end], strict=True)
        table[f"value_{end}"] = [float(axis.at(share)) for axis, share in pairs]
    return table


def _together(joint: np.ndarray, regression: posterior.Posterior) -> np.ndarray:
    """Return correlations that two samples show with one sign, the second beyond luck; else 0.

    Particles descend from each other, and go together without any fact; the runs that the
    regression accepts do not.
    """
    samples = (joint, posterior.resampled(regression))
    particles, runs = (posterior.correlations(sample) for sample in samples)
    effective = 1.0 / (regression.weights**2).sum()
    shown = (np.abs(runs) >= SURE / np.sqrt(effective)) & (particles * runs > 0)
    np.fill_diagonal(shown, False)
    return np.where(shown, particles, 0.0)


def _said(row: pd.Series) -> str:
    """Return what may be said of a parameter."""
    recovered = row["recovery"] >= RECOVERED
    inside = row["low"] > EDGE and row["high"] < 1 - EDGE
    if recovered and row["width"] <= NARROW and inside:
        return IDENTIFIED
    if recovered and row["width"] <= NARROWER and not inside:
        return ONE_SIDE
    return PRODUCT if abs(row["correlation"]) >= TOGETHER else NOTHING
