"""The outcome in the runs with and without what a claim is about, taken from tables of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.critical_cost import COST, by_cost
from experiments.analysis.launch_window import FOLLOWS_LAUNCH, LAUNCH, best_and_worst
from experiments.analysis.tables import CONDITION, combinations, finished
from experiments.claims.estimands import Estimand, Kind, Unit
from experiments.design.reading import HISTORY
from sim.parameters import declarations

WORLD = "sample"


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
    needed |= {estimand.against} if estimand.against else set()
    needed |= {LAUNCH} if estimand.kind is Kind.BEST_WEEK else set()
    needed |= {COST} if estimand.kind is Kind.CONJUNCTION else set()
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
        What is compared.
    runs
        Finished runs of the part, in one world.
    outcome
        Column; the estimand's own, or emergence by another definition.
    """
    if estimand.kind is Kind.BEST_WEEK:
        return _weeks(estimand, runs, outcome)
    found = contrast_by_world(estimand, runs.assign(**{WORLD: 0}), outcome)
    return next((each for _, each in found), NO_CONTRAST)


def contrast_by_world(
    estimand: Estimand, runs: pd.DataFrame, outcome: str
) -> Iterator[tuple[int, Contrast]]:
    """Yield each world (its row in the sampled design) and what `contrast` finds in it.

    Of the hundred columns that worlds differ in, only those are looked at that vary in a world.
    """
    if estimand.kind is Kind.DIFFERENCE or estimand.kind is Kind.LEVEL:
        yield from _split(estimand, runs, outcome)
        return
    first = runs[runs[WORLD] == runs[WORLD].iloc[0]] if len(runs) else runs
    varied = [name for name in _settings(runs) if first[name].nunique() > 1]
    runs = runs[list(dict.fromkeys([WORLD, "replicate", outcome, *varied]))]
    for world, of_world in runs.groupby(WORLD):
        if estimand.kind is Kind.BEST_WEEK:
            yield int(world), _weeks(estimand, of_world, outcome, both_ways=True)
        else:
            on, off = borne(of_world, estimand.among, outcome, estimand.name)
            yield int(world), Contrast(on[:, None], off[:, None], binary=False)


def _split(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> Iterator[tuple[int, Contrast]]:
    binary = estimand.happened or pd.api.types.is_bool_dtype(runs[outcome].dtype)
    names = settings_of(estimand, runs)
    needed = dict.fromkeys([WORLD, "replicate", outcome, *names, *estimand.on, *estimand.off])
    needed |= {estimand.against: None} if estimand.against else {}
    runs = runs[list(needed)]
    with_it = matching(runs, estimand.on)
    on = _wide(with_it, names, outcome, estimand)
    off = on.iloc[:, :0]
    if estimand.against:
        off = _wide(with_it, names, estimand.against, estimand)
    elif estimand.kind is Kind.DIFFERENCE:
        off = _wide(matching(runs, estimand.off), names, outcome, estimand)
        rows, pairs = on.index.intersection(off.index), on.columns.intersection(off.columns)
        on, off = on.loc[rows, pairs], off.loc[rows, pairs]
    first, second = on.to_numpy(), off.to_numpy()
    worlds = on.index.get_level_values(0).to_numpy()
    for world in np.unique(worlds):
        rows = worlds == world
        yield int(world), _scaled(estimand, first[rows], second[rows], binary)


def _scaled(estimand: Estimand, on: np.ndarray, off: np.ndarray, binary: bool) -> Contrast:
    """Return the contrast of outcomes, put on their scale; pairs with a missing one are missing."""
    if estimand.pooled:  # of two replicates: what there is in either, or people in both
        even = len(on) // 2 * 2
        both = off[:even:2], off[1:even:2]
        off = np.maximum(*both) if binary else np.add(*both)
        first, second = scaled(estimand, on[:even:2]), scaled(estimand, on[1:even:2])
        on, off = (first + second) / 2, scaled(estimand, off)
    else:
        on, off = scaled(estimand, on), scaled(estimand, off)
    if off.size:
        missing = np.isnan(on) | np.isnan(off)
        on, off = np.where(missing, np.nan, on), np.where(missing, np.nan, off)
    return Contrast(on, off, binary and not estimand.pooled)


def scaled(estimand: Estimand, values: Any) -> Any:
    """Return outcomes, an array or a table, on the scale on which they are compared."""
    if estimand.unit is Unit.FACTOR:
        return np.log10(1 + values)
    if estimand.unit is Unit.RATIO:
        return np.log10(np.where(values > 0, values, np.nan))
    return values


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


def _wide(
    runs: pd.DataFrame, settings: Sequence[str], outcome: str, estimand: Estimand
) -> pd.DataFrame:
    """Return the outcome by world and replicate (rows), and setting (columns)."""
    values = runs[outcome].notna() if estimand.happened else runs[outcome]
    keys = [runs[key] for key in (WORLD, "replicate", *settings)]
    found = values.astype("float64").groupby(keys).mean()
    return found.unstack(list(settings)) if settings else found.to_frame(0)


def _weeks(
    estimand: Estimand, runs: pd.DataFrame, outcome: str, both_ways: bool = False
) -> Contrast:
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
    keys = [runs[key] for key in ("replicate", *names, LAUNCH)]
    values = runs[outcome].astype("float64").groupby(keys).mean()
    wide = scaled(estimand, values.unstack([*names, LAUNCH]).dropna())
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


def borne(
    runs: pd.DataFrame, conditions: Sequence[str], outcome: str, quantity: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two sides of a comparison of costs borne, each (replicates,).

    The cost borne is the share of runs with a movement, integrated over the costs tried: where
    every run has a movement up to one cost and none beyond, it is that cost less the cheapest one
    tried. This is the restricted mean of survival analysis, with cost in place of time (Royston &
    Parmar 2013, doi:10.1186/1471-2288-13-152); unlike the cost at which half of the runs have a
    movement it is known in every world, and it is a mean over replicates.

    With A(S) the cost borne under the set S of conditions: ``none_alone``: A(all) and the A of the
    best single one; ``all_needed``: A(all) and the A of the best set that lacks one; ``synergy``:
    A(all) − A(none) and the sum of what each alone adds to A(none).

    Parameters
    ----------
    runs
        Finished runs in one world, under every set of the conditions at several costs.
    conditions
        Names, without the prefix.
    outcome
        Column that says whether there is a movement.
    quantity
        ``none_alone``, ``all_needed`` or ``synergy``.

    Examples
    --------
    >>> runs = pd.DataFrame(
    ...     {"replicate": 0, "condition.a": a, COST: cost, "emerged": cost <= a}
    ...     for a in (0, 1)
    ...     for cost in (0.0, 1.0, 2.0)
    ... )
    >>> borne(runs, ["a"], "emerged", "all_needed")
    (array([1.5]), array([0.5]))
    """
    costs, moved = by_cost(runs, conditions, outcome)
    area = np.trapezoid(moved, costs, axis=2)
    size = np.array([sum(each) for each in combinations(conditions)])
    every, none = area[:, size == len(conditions)][:, 0], area[:, size == 0][:, 0]
    if quantity == "synergy":
        return every - none, (area[:, size == 1] - none[:, None]).sum(axis=1)
    fewer = area[:, size == (1 if quantity == "none_alone" else len(conditions) - 1)]
    best = int(fewer.mean(axis=0).argmax()) if len(fewer) else 0
    return every, fewer[:, best]
