"""How all claims fare over drawn worlds, each table made once, when it is first asked for.

What decides a claim and where it holds are looked for in every other world and reported on the
rest: in the worlds in which it was found, any pattern looks better than it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.prim import boxes
from experiments.analysis.tables import finished
from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import EMERGED, Estimand, estimands
from experiments.claims.pooling import LEAST_WORLDS, pool
from experiments.claims.robustness import both_shares, common, distributions, effects_by_world
from sim.parameters import declarations

MOST_LIMITS = 3  # parameters of a box
HOLDS = "holds"


class OverWorlds:
    """What the runs of experiment robustness say of the claims.

    Parameters
    ----------
    claims
        As they are written, by name.
    runs
        Of the experiment; without any, all tables are empty.
    """

    def __init__(self, claims: Mapping[str, Mapping[str, Any]], runs: pd.DataFrame) -> None:
        self._claims, self._runs = claims, runs

    @cached_property
    def _headlines(self) -> dict[str, Estimand]:
        """The first headline effect of each claim or branch (C7a)."""
        found: dict[str, Estimand] = {}
        for each in estimands(self._claims):
            if each.headline:
                found.setdefault(each.claim + each.branch, each)
        return found

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Every effect in every world: `robustness.effects_by_world`."""
        return effects_by_world(estimands(self._claims), self._runs)

    def decisive(self, branch: str) -> pd.DataFrame:
        """Return the rows of `effects` of the headline effects of a claim or branch."""
        table = self.effects
        chosen = table["headline"].astype(bool) & table["definition"].isin(["", EMERGED])
        return table[chosen & (table["claim"] + table["branch"] == branch)]

    @cached_property
    def distributions(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The distribution of effects and of claims over worlds: `robustness.distributions`."""
        return distributions(self.effects)

    @cached_property
    def deciding(self) -> dict[str, Deciding | None]:
        """By which parameter a claim's share of worlds differs, and how, by claim or branch."""
        return {
            branch: deciding(
                self.decisive(branch), drawn, self._claims[claim].get("decided_by", "")
            )
            for branch, drawn in self._drawn.items()
            for claim in [self._headlines[branch].claim]
        }

    @cached_property
    def boxes(self) -> dict[str, pd.DataFrame]:
        """The boxes of worlds in which a claim holds: `deciding.where_it_holds`."""
        return {
            branch: where_it_holds(self.decisive(branch), drawn)
            for branch, drawn in self._drawn.items()
        }

    @cached_property
    def _drawn(self) -> dict[str, pd.DataFrame]:
        """What was drawn in the worlds of each claim or branch that has such worlds."""
        runs = finished(self._runs)
        there = {
            branch: each.worlds
            for branch, each in self._headlines.items()
            if len(self.decisive(branch))
        }
        drawn = {name: drawn_in(runs, name) for name in dict.fromkeys(there.values())}
        return {branch: drawn[name] for branch, name in there.items()}


class Deciding(NamedTuple):
    """Shares of worlds on both sides of a value of the parameter that decides."""

    parameter: str
    split: float  # zero if the range holds it, else its middle
    chosen: bool  # whether it was found among the worlds, not named beforehand
    table: pd.DataFrame  # a row a side: side, worlds, above, ... below_high


def drawn_in(runs: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return what was drawn in each world of a part: a row a world, a column a parameter."""
    worlds = runs[runs["part"] == part].groupby(WORLD)
    names = [name for name in runs if name in declarations()]
    varied = worlds[names].nunique().max() <= 1  # what variants differ in is not the world's
    values = worlds[[name for name in names if varied[name]]].first()
    return values[[name for name in values if values[name].nunique() > 1]]


def deciding(effects: pd.DataFrame, drawn: pd.DataFrame, named: str = "") -> Deciding | None:
    """Return how the share of worlds in which a claim holds depends on what decides it.

    Parameters
    ----------
    effects
        Rows of `robustness.effects_by_world` of the headline effects of a claim.
    drawn
        From `drawn_in`; numbers only are looked at.
    named
        The parameter, where it was named beforehand; otherwise that whose ranks correlate most with
        those of the first headline effect.

    Returns
    -------
    None with too few worlds.
    """
    drawn = drawn.select_dtypes("number")
    groups = [table for _, table in effects.groupby("estimand", sort=False)]
    judged, chosen = drawn, named not in drawn
    if not groups or len(drawn) < LEAST_WORLDS * (4 if chosen else 2):
        return None
    if chosen:
        first = groups[0].set_index(WORLD)["effect"]
        searched, judged = drawn.iloc[::2], drawn.iloc[1::2]
        ranks = searched.join(first, how="inner").rank()
        strength = ranks.drop(columns="effect").corrwith(ranks["effect"]).abs()
        named = str(strength.fillna(0).idxmax())
    low, high = declarations()[named].metadata["plausible"]
    split = 0.0 if low < 0 < high else (low + high) / 2
    pools = [pool(table, float(table["materiality"].iloc[0])) for table in groups]
    worlds = np.intersect1d(common(pools), judged.index)
    above = judged.loc[worlds, named] > split
    rows = [
        {"side": side, "worlds": int(held.sum())} | both_shares(pools, worlds[held.to_numpy()])
        for side, held in (("below", ~above), ("above", above))
    ]
    return Deciding(named, split, chosen, pd.DataFrame(rows))


def where_it_holds(effects: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return boxes of worlds in which all headline effects found are material (`prim.boxes`).

    Worlds are counted here by what their few runs show, errors included.
    """
    material = effects.assign(held=effects["effect"] > effects["materiality"])
    wide = material.pivot(index=WORLD, columns="estimand", values="held").dropna()
    worlds = drawn.join(wide.astype(bool).all(axis=1).rename(HOLDS), how="inner")
    return boxes(worlds, list(drawn), HOLDS, limits=MOST_LIMITS)
