"""All claims judged from whatever results there are; nothing here is drawn or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from experiments.analysis.tables import finished
from experiments.claims.board import board
from experiments.claims.deciding import Deciding, deciding, drawn_in, where_it_holds
from experiments.claims.estimands import EMERGED, Estimand, estimands
from experiments.claims.kinds import CONTRADICTIONS, ClaimKind, at_points, kind_of
from experiments.claims.robustness import distributions, effects_by_world
from experiments.claims.verdict import effects_table
from experiments.places import CONF
from experiments.store.result import Result

ROBUSTNESS = "robustness"
CALIBRATED = "robustness-calibrated"
"""The same in worlds that the facts of a case do not rule out: ``worlds=calibrated``."""
CLAIMS = CONF / "claim"
SCALES = ("-full", "", "-smoke")
"""Endings of the names of results of an experiment, the one with most runs first."""


@dataclass
class Judged:
    """What some results say of the claims, each table made when it is first asked for.

    Parameters
    ----------
    results
        By experiment; those that are missing leave their claims unjudged.
    """

    results: Mapping[str, Result]

    @cached_property
    def claims(self) -> dict[str, dict[str, Any]]:
        """The claims as they are written down."""
        return read_claims()

    @cached_property
    def estimands(self) -> list[Estimand]:
        """What decides them."""
        return estimands(self.claims)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Every effect under every definition of emergence: `claims.effects_table`."""
        needed = {each.experiment for each in self.estimands} & set(self.results)
        runs = {name: self.results[name].runs() for name in needed}
        return effects_table(self.estimands, runs)

    @cached_property
    def by_world(self) -> pd.DataFrame:
        """Every effect in every world: `robustness.effects_by_world`."""
        return effects_by_world(self.estimands, self._robustness)

    @cached_property
    def _robustness(self) -> pd.DataFrame:
        there = ROBUSTNESS in self.results
        return self.results[ROBUSTNESS].runs() if there else pd.DataFrame({"part": []})

    @cached_property
    def branches(self) -> list[str]:
        """The claims and their branches (C7a) in their order."""
        return list(dict.fromkeys(each.claim + each.branch for each in self.estimands))

    def branches_of(self, claim: str) -> list[str]:
        """Return the branches of a claim; itself, if it has none."""
        return [branch for branch in self.branches if branch.rstrip("abc") == claim]

    def of_claim(self, claim: str) -> pd.DataFrame:
        """Return the first row of the board of a claim, or of each of its branches."""
        board = self.board.drop_duplicates("claim")
        return board[board["claim"].isin(self.branches_of(claim))]

    def decisive_by_world(self, branch: str) -> pd.DataFrame:
        """Return the rows of `by_world` of the headline effects of a claim or branch."""
        table = self.by_world
        chosen = table["headline"].astype(bool) & table["definition"].isin(["", EMERGED])
        return table[chosen & (table["claim"] + table["branch"] == branch)]

    @cached_property
    def kinds(self) -> dict[str, ClaimKind]:
        """The kind of each claim or branch: `kinds.kind_of`."""
        points = self.contradictions
        return {
            branch: kind_of(points[points["part"] == branch], self.decisive_by_world(branch))
            for branch in self.branches
        }

    def deciding(self, branch: str) -> Deciding | None:
        """Return by which parameter a claim's share of worlds differs, and how."""
        drawn, claim = self._drawn(branch), self.claims[branch.rstrip("abc")]
        if drawn.empty:
            return None
        return deciding(self.decisive_by_world(branch), drawn, claim.get("decided_by", ""))

    def boxes(self, branch: str) -> pd.DataFrame:
        """Return the boxes of worlds in which a claim holds: `deciding.where_it_holds`."""
        drawn = self._drawn(branch)
        return where_it_holds(self.decisive_by_world(branch), drawn) if len(drawn) else drawn

    def _drawn(self, branch: str) -> pd.DataFrame:
        """Return what was drawn in the worlds of a claim; empty without such worlds."""
        if self.decisive_by_world(branch).empty:
            return pd.DataFrame()
        each = next(e for e in self.estimands if e.headline and e.claim + e.branch == branch)
        return drawn_in(finished(self._robustness), each.worlds)

    @cached_property
    def over_worlds(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The distribution of effects and of claims over worlds: `robustness.distributions`."""
        return distributions(self.by_world)

    @cached_property
    def over_calibrated(self) -> pd.DataFrame | None:
        """The distribution of claims over worlds that facts do not rule out; None: not run."""
        if CALIBRATED not in self.results:
            return None
        runs = self.results[CALIBRATED].runs()
        return distributions(effects_by_world(self.estimands, runs))[1]

    @cached_property
    def board(self) -> pd.DataFrame:
        """The verdict board: `board.board`."""
        over = self.over_calibrated
        return board(self.effects, self.over_worlds[1], self.claims, self.kinds, over)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """What the model does in the world of each claim where it may fail: `kinds.at_points`."""
        there = CONTRADICTIONS in self.results
        runs = self.results[CONTRADICTIONS].runs() if there else pd.DataFrame({"part": []})
        return at_points(self.estimands, finished(runs))

    @property
    def missing(self) -> list[str]:
        """Experiments that claims ask for and that are not among the results."""
        needed = [*(each.experiment for each in self.estimands), ROBUSTNESS, CONTRADICTIONS]
        return [name for name in dict.fromkeys(needed) if name not in self.results]


def read_claims(folder: Path = CLAIMS) -> dict[str, dict[str, Any]]:
    """Return the claims by name, C1 first."""
    paths = sorted(folder.glob("C*.yaml"), key=lambda path: int(path.stem[1:]))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def results_in(folders: Sequence[Path]) -> dict[str, Result]:
    """Return the result of each experiment that claims need, that with most runs first.

    Parameters
    ----------
    folders
        Of results; the first that holds an experiment counts.
    """
    needed = [*Judged({}).missing, CALIBRATED]
    found = {}
    for name in needed:
        paths = [folder / f"{name}{scale}" for folder in folders for scale in SCALES]
        there = [path for path in paths if (path / "design.json").is_file()]
        if there:
            found[name] = Result(there[0])
    return found


def verdicts(results: Mapping[str, Result]) -> pd.DataFrame:
    """Return the verdict board of some results by experiment (`board.COLUMNS`)."""
    return Judged(results).board
