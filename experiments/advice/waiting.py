"""What one would have to know: the scenario, a signal, a parameter; and what knowing is worth.

Whatever is chosen is chosen on half of the worlds and valued on the other half, and the other way
round, so that luck is not taken for knowledge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from experiments.advice.decision import ANY, MATERIAL, Array, Choice, highest, smooth
from experiments.advice.scenarios import LOOKS, SCENARIOS, YEAR
from experiments.analysis.intervals import LEVEL, Estimate
from sim.parameters import declarations

FEWEST = 8  # worlds of a half in which a choice is made


class Signal(NamedTuple):
    """Something to wait for, and what waiting for it gains over the best choice made today."""

    name: str
    months: int  # from the question, at which one looks
    gain: Estimate


class Split(NamedTuple):
    """A parameter that changes the advice."""

    name: str
    is_high: bool  # in which half of its range
    better: Choice  # the date (with any argument) or argument (at any date) that is better there
    gain: Estimate


def wrong_guesses(values: Array) -> pd.DataFrame:
    """Return what it costs to act on a scenario when another comes, (guessed, true).

    Parameters
    ----------
    values
        (worlds, scenarios, dates, arguments).
    """
    names = list(SCENARIOS)
    costs = np.zeros((len(names), len(names)))
    for train, test in _halves(values):
        choices = [_best(train[:, number]) for number in range(len(names))]
        reached = np.array([[test[:, t, *choice].mean() for t in range(len(names))]
                            for choice in choices])  # fmt: skip
        costs += (np.diagonal(reached) - reached) / 2
    return pd.DataFrame(costs, index=names, columns=names)


def value_of_the_scenario(values: Array) -> Estimate:
    """Return what it would gain to know the scenario beforehand."""
    gains = []
    for train, test in _halves(values):
        fixed = _best(train.mean(axis=1))
        known = [_best(train[:, number]) for number in range(values.shape[1])]
        reached = np.stack([test[:, t, *choice] for t, choice in enumerate(known)], axis=1)
        gains.append(reached.mean(axis=1) - test[:, :, *fixed].mean(axis=1))
    return _mean(np.concatenate(gains))


def signals(values: Array, seen: pd.DataFrame, months: Sequence[int]) -> list[Signal]:
    """Return what waiting for each signal gains, the best first.

    Parameters
    ----------
    values
        (worlds, scenarios, dates, arguments).
    seen
        A row a world: what an organiser sees (`scenarios.Futures.seen`).
    months
        Of the dates.
    """
    found = []
    for weeks in LOOKS:
        first = next((n for n, m in enumerate(months) if m * YEAR >= weeks * 12), None)
        if first is not None:
            for name, sign in _signs(seen, weeks):
                gain = _gain_of_waiting(values, sign, first)
                found.append(Signal(name, weeks * 12 // YEAR, gain))
    return sorted(found, key=lambda signal: -signal.gain.value)


def worth_waiting_for(found: Sequence[Signal]) -> Signal | None:
    """Return the signal that is worth waiting for; None: none is."""
    worth = [each for each in found if each.gain.value > MATERIAL and each.gain.low > 0]
    return worth[0] if worth else None


def splits(values: Array, worlds: pd.DataFrame, taken: Choice) -> list[Split]:
    """Return the parameters that would change the advice, the strongest first.

    Parameters
    ----------
    values
        (worlds, dates, arguments).
    worlds
        A row a world: its parameters.
    taken
        The advised choice.
    """
    by_date, by_argument = values.mean(axis=2), values.mean(axis=1)
    contrasts = {
        Choice(n, ANY): by_date[:, n] - by_date[:, taken.date]
        for n in range(values.shape[1]) if n != taken.date
    } | {
        Choice(ANY, n): by_argument[:, n] - by_argument[:, taken.argument]
        for n in range(values.shape[2]) if n != taken.argument
    }  # fmt: skip
    names = [name for name in worlds if name in declarations() and worlds[name].nunique() > 1]
    tried = 2 * len(names) * len(contrasts)
    found = []
    for name in names:
        high = (worlds[name] > worlds[name].median()).to_numpy()
        for is_high, half in ((True, high), (False, ~high)):
            if half.sum() < FEWEST:
                continue
            for better, contrast in contrasts.items():
                gain = _mean(contrast[half], 1 - (1 - LEVEL) / tried)
                if gain.value > MATERIAL and gain.low > 0:
                    found.append(Split(name, is_high, better, gain))
    return sorted(found, key=lambda split: -split.gain.value)


def _signs(seen: pd.DataFrame, weeks: int) -> Iterator[tuple[str, Array]]:
    """Yield what can be seen so many weeks after the question: yes or no, (worlds, scenarios)."""
    names = list(SCENARIOS)
    price = np.stack([seen[f"price {name} {weeks}"].to_numpy() for name in names], axis=1)
    yield "the price is below today's", price < 0
    for number, name in enumerate(names):
        if SCENARIOS[name].event:
            sign = np.zeros(price.shape, dtype=bool)
            sign[:, number] = seen[f"event {name}"] <= weeks
            yield f"{name} has come", sign


def _gain_of_waiting(values: Array, sign: Array, first: int) -> Estimate:
    """Return what it gains to look first, and then to launch as is best for what was seen."""
    gains = []
    for (train, test), (sign_there, sign_here) in zip(_halves(values), _halves(sign), strict=True):
        fixed = _best(train.mean(axis=1))
        waited = np.zeros(test.shape[:2])
        for yes in (True, False):
            choice = _best_of_class(train[:, :, first:], sign_there == yes)
            here = sign_here == yes
            waited[here] = test[:, :, choice.date + first, choice.argument][here]
        gains.append((waited - test[:, :, *fixed]).mean(axis=1))
    return _mean(np.concatenate(gains))


def _best_of_class(values: Array, chosen: Array) -> Choice:
    """Return the best choice for the worlds and scenarios of a class; of all if it is small."""
    share = chosen.mean(axis=1)
    held = share > 0
    if held.sum() < FEWEST:
        return _best(values.mean(axis=1))
    sums = (values * chosen[:, :, None, None]).sum(axis=1)[held]
    return _best(sums / chosen[held].sum(axis=1)[:, None, None])


def _best(values: Array) -> Choice:
    return highest(smooth(values))


def _halves(values: Array) -> Iterator[tuple[Array, Array]]:
    yield values[::2], values[1::2]
    yield values[1::2], values[::2]


def _mean(gains: Array, level: float = LEVEL) -> Estimate:
    """Return the mean of worlds and its interval."""
    if len(gains) < 2:
        return Estimate(float(gains.mean()) if len(gains) else math.nan, -math.inf, math.inf)
    mean, half = gains.mean(), ndtri(0.5 + level / 2) * gains.std(ddof=1) / math.sqrt(len(gains))
    return Estimate(float(mean), float(mean - half), float(mean + half))
