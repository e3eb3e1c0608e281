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
from experiments.claims.contradictions import contradictions
from experiments.claims.estimands import Estimand, estimands
from experiments.claims.robustness import distributions, effects_by_world
from experiments.claims.verdict import effects_table
from experiments.places import CONF
from experiments.store.result import Result

ROBUSTNESS, CONTRADICTIONS = "robustness", "contradictions"
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
        there = ROBUSTNESS in self.results
        runs = self.results[ROBUSTNESS].runs() if there else pd.DataFrame({"part": []})
        return effects_by_world(self.estimands, runs)

    @cached_property
    def over_worlds(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The distribution of effects and of claims over worlds: `robustness.distributions`."""
        return distributions(self.by_world)

    @cached_property
    def board(self) -> pd.DataFrame:
        """The verdict board: `board.board`."""
        titles = {claim: str(about["title"]) for claim, about in self.claims.items()}
        return board(self.effects, self.over_worlds[1], titles)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """What the model does at the point of each claim: `contradictions.contradictions`."""
        if CONTRADICTIONS not in self.results:
            return pd.DataFrame({"claim": []})
        return contradictions(finished(self.results[CONTRADICTIONS].runs()), self.claims)

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
    needed = Judged({}).missing
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
