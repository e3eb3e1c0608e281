"""From what is coded of a case to a world, and from a run to a response.

Both are data, ``conf/responses/mapping.yaml``; when and why they changed is dated in
``docs/decisions/2026-11-26-mapping-of-cases.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from experiments.design.reading import LABEL, Settings
from experiments.files import read_yaml
from experiments.places import expand_user
from experiments.responses.coding import FOLDER, CodedCase, cases_of, read_cases, read_codebook
from experiments.validation import Description, refusal, validated
from sim.parameters import unknown_name

CASES, CODED = "cases", "coded"
"""Keys of an experiment: the path of its table of cases, and the cases as they were read."""


class Rule(Description):
    """How the response is read from a run, at its horizon."""

    gone: float = Field(gt=0, lt=1)
    """Share of users who have left at the end, from which it is an exit."""
    majority: float = Field(gt=0, lt=1)
    """Support at a meeting above which voice has won, though the firm did not yield."""


class MappingOfCases(Description):
    """What each level of each input sets, and how responses are read and smoothed."""

    settings: dict[str, dict[str, Settings]]
    rule: Rule
    smoothing: float = Field(gt=0)
    """Runs added to each response before shares are taken."""

    @model_validator(mode="after")
    def _fit(self) -> MappingOfCases:
        """Refuse inputs and levels that the codebook does not have."""
        inputs = read_codebook().inputs
        for name, levels in self.settings.items():
            if name not in inputs:
                raise refusal(f"settings: {unknown_name(name, list(inputs), 'input')}")
            for level in levels:
                if level not in inputs[name].levels:
                    known = unknown_name(level, inputs[name].levels, "level")
                    raise refusal(f"settings: {name}: {known}")
        return self


@cache
def read_mapping() -> MappingOfCases:
    """Return the mapping of the project."""
    path = FOLDER / "mapping.yaml"
    return validated(MappingOfCases, read_yaml(path), str(path))


def settings_of(case: CodedCase, left_out: str = "") -> dict[str, Any]:
    """Return what is set in the world of a case.

    Of two inputs that set one parameter the later one in the codebook counts.

    Parameters
    ----------
    case
        As it is coded.
    left_out
        An input that is taken as not known; empty: none.
    """
    mapping = read_mapping().settings
    found: dict[str, Any] = {}
    for name in read_codebook().inputs:
        level = case.inputs.get(name)
        if level is not None and name != left_out:
            found |= mapping.get(name, {}).get(level, {})
    return found


def with_cases(experiment: Mapping[str, Any], file: str | None) -> dict[str, Any]:
    """Return an experiment over cases, every part of which meets the world of every case.

    Parameters
    ----------
    experiment
        As written, with the path of a table of cases.
    file
        The path of another table; None: that of the experiment.

    Raises
    ------
    FileError
        If the table cannot be read.
    """
    path = str(experiment[CASES]) if file is None else file
    ours = FOLDER / path
    cases = read_cases(ours if file is None and ours.is_file() else expand_user(path))
    worlds = [{LABEL: label, **settings} for label, settings in worlds_of(cases)]
    parts = [{**part, "points": worlds} for part in experiment.get("parts") or ()]
    coded = [case.row() for case in cases]
    return {**experiment, CASES: path, CODED: coded, "parts": parts}


def worlds_of(cases: Sequence[CodedCase]) -> list[tuple[str, dict[str, Any]]]:
    """Return the different worlds that cases need, each with the name of the first that needs it.

    A case whose response is known also needs those in which one of its inputs is not known, for
    the ablation. Cases that are coded alike share a world.
    """
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for case in cases:
        for left_out in ("", *(read_codebook().inputs if case.response else ())):
            settings = settings_of(case, left_out)
            name = f"{case.name} without {left_out}" if left_out else case.name
            found.setdefault(_key(settings), (name, settings))
    return list(found.values())


def labels_of(cases: Sequence[CodedCase], left_out: str = "") -> list[str]:
    """Return the label of the world of each case (`worlds_of`)."""
    labels = {_key(settings): name for name, settings in worlds_of(cases)}
    return [labels[_key(settings_of(case, left_out))] for case in cases]


def _key(settings: Mapping[str, Any]) -> str:
    return repr(sorted(settings.items()))


def coded_cases(experiment: Mapping[str, Any]) -> list[CodedCase]:
    """Return the cases that an experiment was run for; none if it is not about cases."""
    return cases_of(experiment.get(CODED) or [])


def responses_of(runs: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return the response in each run, as its place in the codebook, int64 (runs,).

    The first that holds counts: the firm is converted; it yielded, or a proposal won the majority;
    more users have left than ever took part at once, and at least the share of the rule, most of
    them for the cooperative of their own or not; people organised together or put a proposal to
    the vote; nothing.
    """
    own, rival = runs["exited_coop_share"], runs["exited_share"]
    left = own + rival
    exits = (left >= rule.gone) & (left > runs["peak_share"])
    holds = {
        "conversion": runs["converted"].astype(bool),
        "voice_won": runs["yielded"].astype(bool)
        | (runs["vote_share"].fillna(0.0) > rule.majority),
        "exit_own": exits & (own >= rival),
        "exit_rival": exits,
        "voice_lost": runs["emerged"].astype(bool) | (runs["votes"] > 0),
    }
    names = list(read_codebook().responses)
    return np.select(
        [np.asarray(each) for each in holds.values()],
        [names.index(name) for name in holds],
        names.index("nothing"),
    )
