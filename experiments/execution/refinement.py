"""Adaptive refinement: replicates go where it is undecided whether a movement emerges.

A sweep goes in rounds. After each, a point is *open* if its Wilson interval holds one of the levels
asked for (½, if none is) and is wider than the precision; all open points get another batch, those
with the widest interval first where the budget does not suffice. What is next follows from the
outcomes alone: whoever replays the rounds over what is stored finds where a stopped sweep was, and
the result is the same however often it was stopped and with any number of workers.

Points that got more replicates are those that looked undecided before, so an estimate is a little
less certain than its interval says; estimates far from the levels rest on fewer runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from experiments.design.reading import DesignError, Names
from experiments.store.parts import EMERGED, FAILED, NOT_EMERGED
from experiments.validation import Description, validated, whole
from sim.parameters import unknown_name

PRECISION = 0.05  # half the width of an interval, where the user gives none


@dataclass(frozen=True)
class Rule:
    """How a sweep is refined."""

    budget: int  # runs of the sweep at most, the first round's included
    batch: int  # replicates an open point gets in a round
    precision: float  # half the width of an interval that is narrow enough
    levels: tuple[float, ...]  # probabilities of emergence whose borders matter
    open: tuple[bool, ...]  # whether a point may be refined, by its number


def _levels(given: Any) -> Any:
    return [given] if isinstance(given, int | float) else given


def _between(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1:
        raise PydanticCustomError("expected", "a number between 0 and 1")
    return float(given)


_Share = Annotated[float, BeforeValidator(_between)]


class _Form(Description):
    budget: whole(1) | None = None  # type: ignore[valid-type]
    batch: whole(1) | None = None  # type: ignore[valid-type]
    precision: _Share = PRECISION
    levels: Annotated[list[_Share], BeforeValidator(_levels), Field(min_length=1)] = Field(
        default=[0.5]
    )
    parts: Names | None = None


def read_rule(given: Mapping[str, Any], parts: Sequence[str], replicates: int) -> Rule | None:
    """Return the rule that an experiment or the user describes; None for none.

    Parameters
    ----------
    given
        ``budget``, and if wished ``precision``, ``batch`` (as many as the first round has, if not
        given), ``levels`` and ``parts`` (names of parts that are refined; all, if not given).
    parts
        The part of each point.
    replicates
        Runs of each point in the first round.

    Raises
    ------
    DesignError
        For unknown keys and values that cannot be meant.
    """
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        return None
    form = validated(_Form, given, "refine", DesignError)
    if form.budget is None:
        raise DesignError(
            "refine: needs a budget, the number of runs at most, as refine.budget=10000"
        )
    first = len(parts) * replicates
    if form.budget < first:
        raise DesignError(f"refine: budget = {form.budget:,} is less than the first {first:,} runs")
    known = list(dict.fromkeys(parts))
    for name in form.parts or ():
        if name not in known:
            raise DesignError(f"refine: {unknown_name(name, known, 'part')}")
    return Rule(
        budget=form.budget,
        batch=form.batch or replicates,
        precision=form.precision,
        levels=tuple(form.levels),
        open=tuple(form.parts is None or part in form.parts for part in parts),
    )


def replicates_wanted(outcomes: np.ndarray, first: int, rule: Rule | None) -> np.ndarray:
    """Return how many replicates each point has after the present round.

    Parameters
    ----------
    outcomes
        int8, (points, replicates), what is known of each run.
    first
        Replicates of each point in the first round.
    rule
        How it goes on; None: not at all.
    """
    wanted = np.full(len(outcomes), first)
    if rule is None:
        return wanted
    successes, tries = (_running(outcomes, kinds) for kinds in ((EMERGED,), (EMERGED, NOT_EMERGED)))
    known = _running(outcomes, (FAILED, NOT_EMERGED, EMERGED))
    points = np.arange(len(outcomes))
    while True:
        reached = np.minimum(wanted, outcomes.shape[1])
        if (known[points, reached] < wanted).any():
            return wanted  # the round is under way
        width = _open_width(successes[points, reached], tries[points, reached], rule)
        affordable = max(0, rule.budget - int(wanted.sum())) // rule.batch
        widest = np.argsort(-width, kind="stable")[: min(affordable, int((width > 0).sum()))]
        if not widest.size:
            return wanted
        wanted[widest] += rule.batch


def undecided(outcomes: np.ndarray, rule: Rule) -> np.ndarray:
    """Return which points are still open, bool, (points,), by all that is known of them."""
    successes = (outcomes == EMERGED).sum(axis=1)
    tries = successes + (outcomes == NOT_EMERGED).sum(axis=1)
    return np.asarray(_open_width(successes, tries, rule) > 0)


def _open_width(successes: np.ndarray, tries: np.ndarray, rule: Rule) -> np.ndarray:
    """Return the width of each open point's interval; 0 for those that are not open.

    A point none of whose runs succeeded in running is not open: further ones would not help.
    """
    from experiments.analysis.intervals import wilson

    low, high = wilson(successes, tries)
    levels = np.array(rule.levels)
    held = ((low[:, None] < levels) & (levels < high[:, None])).any(axis=1)
    is_open = held & (high - low > 2 * rule.precision) & (tries > 0) & np.array(rule.open)
    return np.where(is_open, high - low, 0.0)


def _running(outcomes: np.ndarray, kinds: Collection[int]) -> np.ndarray:
    """Return how many of a point's first runs came to one of these, (points, replicates + 1)."""
    counts = np.cumsum(np.isin(outcomes, list(kinds)), axis=1)
    return np.pad(counts, ((0, 0), (1, 0)))
