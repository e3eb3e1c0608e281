"""What decides a claim: which runs are compared with which, on what outcome.

Written in ``conf/claim/`` before the runs. Everything that varies besides what is compared (other
conditions, other causes) is averaged over, within the replicate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from experiments.analysis.launch_window import FOLLOWS_LAUNCH, LAUNCH, best_and_worst
from experiments.analysis.tables import CONDITION, finished
from experiments.design.reading import HISTORY
from experiments.errors import MomentumError
from experiments.validation import Description, choice, validated
from sim.parameters import declarations

EMERGED = "emerged"
WORLD = "sample"


class ClaimError(MomentumError, ValueError):
    """A claim that cannot be judged as it is described; the message is one line."""


class Kind(Enum):
    """How an effect is taken from runs."""

    DIFFERENCE = "difference"  # outcome with what the claim is about − without, paired by replicate
    LEVEL = "level"  # the outcome itself
    BEST_WEEK = (
        "best_week"  # best − worst week of launch, chosen on odd, compared on even replicates
    )
    CRITICAL_COSTS = "critical_costs"  # a quantity of `critical_cost.conjunction`


class Unit(Enum):
    """What an effect is counted in."""

    SHARE = "share"  # reported in percentage points
    COST = "cost"  # of taking part, in units of motive
    PART = "part"  # of a whole, reported in percent


class Estimand(Description):
    """One effect by which a claim is judged; `headline` ones decide it, others stand beside."""

    claim: str
    name: str
    label: str  # in words, for tables and figures
    kind: choice(Kind, "kind")  # type: ignore[valid-type]
    experiment: str
    part: str
    outcome: str
    materiality: float
    branch: str = ""  # of a claim that says several things: 7a, 7b
    headline: bool = False
    on: dict[str, Any] = Field(default={})  # column: value, of the runs with
    off: dict[str, Any] = Field(default={})  # of the runs without
    among: list[str] = Field(default=[])  # conditions of critical costs
    given: str = ""  # column that must not be missing in the runs with
    worlds: str = ""  # the part of experiment robustness with the same variants, if it has one
    unit: choice(Unit, "unit") = Unit.SHARE  # type: ignore[valid-type]

    @property
    def of_emergence(self) -> bool:
        """Whether it is repeated for every definition of emergence."""
        return self.outcome == EMERGED


class Claim(Description):
    """A claim of the study, as written in ``conf/claim/`` before the runs."""

    title: str = ""
    statement: str = ""
    outcome: str | None = None
    materiality: float | None = None
    level: float | None = None  # of the outcome itself, where nothing is compared
    contradicted_where: str = ""
    method: str = ""
    estimands: list[dict[str, Any]] = Field(default=[])


def estimands(claims: Mapping[str, Mapping[str, Any]]) -> list[Estimand]:
    """Return what decides the claims, in their order.

    Outcome and materiality are those of the claim where an estimand says none.

    Raises
    ------
    ClaimError
        Naming the claim and what is wrong with its description.
    """
    found = []
    for name, given in claims.items():
        claim = validated(Claim, given, f"claim {name}", ClaimError)
        materiality = claim.level if claim.materiality is None else claim.materiality
        shared = {"claim": name, "outcome": claim.outcome, "materiality": materiality}
        shared = {key: value for key, value in shared.items() if value is not None}
        for each in claim.estimands:
            where = f"claim {name}, estimand {each.get('name', '?')}"
            found.append(validated(Estimand, shared | each, where, ClaimError))
    return found


class Contrast(NamedTuple):
    """The outcome in the runs with and without, NaN where there is none."""

    on: np.ndarray  # float64, (replicates, pairs)
    off: np.ndarray  # likewise; empty, (replicates, 0), if nothing is compared
    binary: bool  # whether the outcome is yes or no

    @property
    def compared(self) -> bool:
        """Whether there is something to compare with."""
        return self.off.shape[1] > 0


NO_CONTRAST = Contrast(np.empty((0, 1)), np.empty((0, 1)), True)
"""No runs."""


def of_part(estimand: Estimand, runs: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return the finished runs of a part; empty if it lacks what the estimand compares."""
    needed = {"part", estimand.outcome, *estimand.on, *estimand.off}
    needed |= {f"{CONDITION}{name}" for name in estimand.among}
    if estimand.kind is Kind.BEST_WEEK:
        needed.add(LAUNCH)
    if not needed <= set(runs):
        return runs.iloc[:0]
    runs = finished(runs[runs["part"] == part])
    compared = [estimand.on, estimand.off] if estimand.kind is Kind.DIFFERENCE else [estimand.on]
    there = all(len(matching(runs, values)) for values in compared)
    return runs if there else runs.iloc[:0]


def contrast(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> Contrast:
    """Return the outcome by replicate and pair, replicates in their order.

    Parameters
    ----------
    estimand
        A difference, a level, or the best week.
    runs
        Finished runs of the part, in one world.
    outcome
        Column; the estimand's own, or emergence by another definition.
    """
    if estimand.kind is Kind.BEST_WEEK:
        return _weeks(runs, outcome)
    return next(
        (found for _, found in _split(estimand, runs.assign(**{WORLD: 0}), outcome)), NO_CONTRAST
    )


def contrast_by_world(
    estimand: Estimand, runs: pd.DataFrame, outcome: str
) -> Iterator[tuple[int, Contrast]]:
    """Yield each world (its row in the sampled design) and what `contrast` finds in it."""
    if estimand.kind is Kind.BEST_WEEK:
        for world, of_world in runs.groupby(WORLD):
            yield int(world), _weeks(of_world, outcome, both_ways=True)
    else:
        yield from _split(estimand, runs, outcome)


def _split(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> Iterator[tuple[int, Contrast]]:
    binary = pd.api.types.is_bool_dtype(runs[outcome].dtype)
    names = settings_of(estimand, runs)
    needed = dict.fromkeys([WORLD, "replicate", outcome, *names, *estimand.on, *estimand.off])
    needed |= {estimand.given: None} if estimand.given else {}
    runs = runs[list(needed)]  # of a hundred columns that worlds differ in
    on = _wide(matching(runs, estimand.on), names, outcome, estimand.given)
    off = on.iloc[:, :0]
    if estimand.kind is Kind.DIFFERENCE:
        off = _wide(matching(runs, estimand.off), names, outcome, "")
        rows, pairs = on.index.intersection(off.index), on.columns.intersection(off.columns)
        on, off = on.loc[rows, pairs], off.loc[rows, pairs]
    first, second = on.to_numpy(), off.to_numpy()
    if second.size:
        missing = np.isnan(first) | np.isnan(second)
        first, second = np.where(missing, np.nan, first), np.where(missing, np.nan, second)
    worlds = on.index.get_level_values(0).to_numpy()
    for world in np.unique(worlds):
        rows = worlds == world
        yield int(world), Contrast(first[rows], second[rows], binary)


def matching(runs: pd.DataFrame, values: Mapping[str, Any]) -> pd.DataFrame:
    """Return the runs with these values."""
    for name, value in values.items():
        runs = runs[runs[name] == value]
    return runs


def _settings(runs: pd.DataFrame) -> list[str]:
    """Return the columns that say what was set in a run."""
    return [
        name
        for name in runs
        if name in declarations() or name in HISTORY or str(name).startswith(CONDITION)
    ]


def settings_of(estimand: Estimand, runs: pd.DataFrame) -> list[str]:
    """Return what varies in the same way with and without: what an effect is averaged over."""
    if WORLD in runs and len(runs):
        runs = runs[runs[WORLD] == runs[WORLD].iloc[0]]
    names = _settings(runs)
    on, off = matching(runs, estimand.on), matching(runs, estimand.off)
    varied = [name for name in names if on[name].nunique() > 1]
    if estimand.kind is Kind.LEVEL:
        return varied
    return [name for name in varied if set(on[name]) == set(off[name])]


def _wide(runs: pd.DataFrame, settings: Sequence[str], outcome: str, given: str) -> pd.DataFrame:
    """Return the outcome by world and replicate (rows), and setting (columns)."""
    values = runs[outcome].astype("float64")
    if given:
        values = values.where(runs[given].notna())
    found = values.groupby([runs[key] for key in (WORLD, "replicate", *settings)]).mean()
    return found.unstack(list(settings)) if settings else found.to_frame(0)


def _weeks(runs: pd.DataFrame, outcome: str, both_ways: bool = False) -> Contrast:
    """Return the outcome in the best and the worst week, by replicate and setting.

    Chosen on odd replicates and returned for even ones; with ``both_ways`` also the other way
    round, so that every replicate counts, each judged by weeks that others chose.
    """
    binary = pd.api.types.is_bool_dtype(runs[outcome].dtype)
    first = runs[runs[LAUNCH] == runs[LAUNCH].iloc[0]] if len(runs) else runs
    names = [
        name
        for name in _settings(first)
        if first[name].nunique() > 1 and name not in (LAUNCH, *FOLLOWS_LAUNCH)
    ]
    values = (
        runs[outcome]
        .astype("float64")
        .groupby([runs[key] for key in ("replicate", *names, LAUNCH)])
        .mean()
    )
    wide = values.unstack([*names, LAUNCH]).dropna()
    weeks = np.asarray(wide.columns.get_level_values(LAUNCH))
    success = wide.T.groupby(level=LAUNCH).mean().T
    odd = wide.index.to_numpy(dtype=int) % 2 == 1
    on, off = [], []
    for choosing in (odd, ~odd) if both_ways else (odd,):
        chosen = best_and_worst(success[choosing])
        if chosen is None or choosing.all():
            continue
        best, worst = (success.columns[place] for place in chosen)
        on.append(wide.to_numpy()[np.ix_(~choosing, weeks == best)])
        off.append(wide.to_numpy()[np.ix_(~choosing, weeks == worst)])
    return Contrast(np.concatenate(on), np.concatenate(off), binary) if on else NO_CONTRAST
