"""How all claims fare over drawn worlds, each table made once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from experiments.analysis.tables import finished
from experiments.claims.deciding import Deciding, deciding, drawn_in, where_it_holds
from experiments.claims.estimands import EMERGED, Estimand, estimands
from experiments.claims.robustness import distributions, effects_by_world


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
