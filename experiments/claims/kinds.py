"""What kind a claim is, by one test that is the same for all of them.

Can the sign of an effect be turned around inside the plausible ranges? A world in which it is
materially the opposite is searched (`experiments.claims.search`) and checked with fresh seeds
(experiment contradictions). A claim whose sign can be turned around is testable, and gets a
verdict. One whose sign cannot says more of the model, or of how it is measured, than of movements.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import Estimand
from experiments.claims.verdict import Verdict, effects_table

CONTRADICTIONS = "contradictions"
MOST = 0.95  # of worlds, or of runs


class ClaimKind(StrEnum):
    """What a claim is, in the model."""

    TESTABLE = "testable"  # there is a world in which its sign is the opposite
    DEFINITION = "by definition"  # not, and it holds in nearly every world
    CEILING = "ceiling"  # not, and where it fails the outcome had no room to rise
    BUILT_IN = "built in"  # not: a rule of the model gives the effect its sign
    UNKNOWN = "kind not tested"  # the search has not been checked, or no worlds were drawn


_NOWHERE = "no world inside the plausible ranges was found that contradicts it"
REASONS = {
    ClaimKind.TESTABLE: "there is a world inside the plausible ranges that contradicts it",
    ClaimKind.DEFINITION: f"{_NOWHERE}, and it holds in nearly all worlds drawn",
    ClaimKind.CEILING: (f"{_NOWHERE}, and where it does not hold the outcome had no room to rise"),
    ClaimKind.BUILT_IN: f"{_NOWHERE}: the effect is as the claim says, or nothing",
    ClaimKind.UNKNOWN: (
        "that needs the experiments contradictions and robustness, one of which was not run"
    ),
}


def at_points(estimands: Sequence[Estimand], runs: pd.DataFrame) -> pd.DataFrame:
    """Return the headline effects of each claim in the world where it was thought to fail.

    Parameters
    ----------
    estimands
        Those of the claims; each is evaluated in the part that has the name of its claim or branch.
    runs
        Of experiment contradictions.

    Returns
    -------
    As `verdict.effects_table`, with ``fails``: whether the effect contradicts the claim, and
    ``turned``: whether its sign is the opposite for sure, or it contradicts the claim.
    """
    there = [
        each.model_copy(update={"experiment": CONTRADICTIONS, "part": each.claim + each.branch})
        for each in estimands
        if each.headline
    ]
    table = effects_table(there, {CONTRADICTIONS: runs})
    table = table[table["definition"].isin(["", "emerged"])].reset_index(drop=True)
    directed = pd.Series([each.directed for each in there], dtype=bool)
    table["fails"] = contradicts(table, directed)
    table["turned"] = table["fails"] | (directed & (table["high"] < 0))
    return table[table["verdict"] != Verdict.NOT_RUN]


def contradicts(effects: pd.DataFrame, directed: pd.Series) -> pd.Series:
    """Return which effects contradict their claim.

    An effect that names a direction is materially the opposite; another one has no material effect
    although what it counts is there.
    """
    opposite = effects["verdict"] == Verdict.CONTRADICTED
    none = (effects["verdict"] == Verdict.NO_EFFECT) & (effects["off"] > effects["materiality"])
    return (directed & opposite) | (~directed & none)


def kind_of(points: pd.DataFrame, effects: pd.DataFrame) -> ClaimKind:
    """Return the kind of a claim.

    Parameters
    ----------
    points
        Its rows of `at_points`; empty: not run.
    effects
        Rows of `robustness.effects_by_world` of its headline effects; empty: not run.
    """
    if points["turned"].any():
        return ClaimKind.TESTABLE
    if points.empty or effects.empty:
        return ClaimKind.UNKNOWN
    held = effects["effect"] > effects["materiality"]
    by_world = held.groupby(effects[WORLD]).all()
    if by_world.mean() >= MOST:
        return ClaimKind.DEFINITION
    if (effects.loc[~held, "off"] >= MOST).mean() >= MOST:
        return ClaimKind.CEILING
    return ClaimKind.BUILT_IN
