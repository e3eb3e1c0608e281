"""All claims judged from whatever results there are; nothing here is drawn or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis.tables import finished
from experiments.claims.board import CONTRADICTIONS, ClaimKind, at_points, board, kind_of
from experiments.claims.estimands import Estimand, estimands
from experiments.claims.over_worlds import OverWorlds
from experiments.claims.verdict import effects_table
from experiments.files import read_yaml
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
    def over_worlds(self) -> OverWorlds:
        """How the claims fare over drawn worlds."""
        if ROBUSTNESS in self.results:
            return _over_worlds(self.results[ROBUSTNESS])
        return OverWorlds(self.claims, pd.DataFrame({"part": [], "error": []}))

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

    @cached_property
    def kinds(self) -> dict[str, ClaimKind]:
        """The kind of each claim or branch: `board.kind_of`."""
        points = self.contradictions
        return {
            branch: kind_of(points[points["part"] == branch], self.over_worlds.decisive(branch))
            for branch in self.branches
        }

    @cached_property
    def board(self) -> pd.DataFrame:
        """The verdict board: `board.board`."""
        over, calibrated = self.over_worlds.distributions[1], None
        if CALIBRATED in self.results:
            calibrated = _over_worlds(self.results[CALIBRATED]).distributions[1]
        return board(self.effects, over, self.claims, self.kinds, calibrated)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """What the model does in the world of each claim where it may fail: `board.at_points`."""
        there = CONTRADICTIONS in self.results
        runs = self.results[CONTRADICTIONS].runs() if there else pd.DataFrame({"part": []})
        return at_points(self.estimands, finished(runs))

    @property
    def missing(self) -> list[str]:
        """Experiments that claims ask for and that are not among the results."""
        needed = [*(each.experiment for each in self.estimands), ROBUSTNESS, CONTRADICTIONS]
        return [name for name in dict.fromkeys(needed) if name not in self.results]


def _over_worlds(result: Result) -> OverWorlds:
    return _over_runs(result.path, result.stored)


@lru_cache(maxsize=2)
def _over_runs(path: Path, stored: tuple[str, ...]) -> OverWorlds:
    """Return what the runs in these files say of claims; kept, since several pages tell it."""
    return OverWorlds(read_claims(), Result(path).runs())


def read_claims() -> dict[str, dict[str, Any]]:
    """Return the claims by name, C1 first."""
    paths = sorted(CLAIMS.glob("C*.yaml"), key=lambda path: int(path.stem[1:]))
    return {path.stem: read_yaml(path) for path in paths}


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
