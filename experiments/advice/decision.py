"""From the runs to the advice: chances, regrets, the best choice, and how sure that is.

docs/decisions/2026-11-26-advice.md has the rule, written before the first run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.intervals import wilson

MATERIAL = 0.05
DRAWS = 4000
WIDEST = 0.5  # standard deviation of the effects of dates, of arguments, or of both together
ANY = -1
"""In place of a date or an argument: it does not matter which."""

Array = np.ndarray


class Choice(NamedTuple):
    """A launch: the number of its date and that of its argument; `ANY`: it does not matter."""

    date: int
    argument: int


@dataclass(frozen=True)
class Advice:
    """What is advised for an aim. All arrays of choices are (dates, arguments)."""

    chance: Array  # that the aim is reached: the mean over worlds and scenarios
    low: Array
    high: Array
    shrunk: Array  # the same, without what is no more than error
    sure: float  # that no choice is better than the advised one by more than `MATERIAL`
    choice: Choice

    @property
    def regret(self) -> Array:
        """What each choice loses against the best."""
        return np.asarray(self.shrunk.max() - self.shrunk)

    @property
    def taken(self) -> Choice:
        """The advised choice; where something does not matter, the best."""
        dates, arguments = (slice(None) if each == ANY else [each] for each in self.choice)
        allowed = np.full_like(self.shrunk, -np.inf)
        allowed[dates, arguments] = self.shrunk[dates, arguments]
        return highest(allowed)

    @property
    def matters(self) -> bool:
        """Whether any launch is worse than the best by more than `MATERIAL`."""
        return self.choice != (ANY, ANY)

    @property
    def hopeless(self) -> bool:
        """Whether even the best launch gains no more than `MATERIAL` over none."""
        return bool(self.shrunk.max() <= MATERIAL)


def highest(values: Array) -> Choice:
    """Return the choice with the highest value, of (dates, arguments)."""
    return Choice(*map(int, np.unravel_index(values.argmax(), values.shape)))


def outcomes(runs: pd.DataFrame, outcome: str, scenarios: Sequence[str]) -> Array:
    """Return what came out, float, (worlds, scenarios, dates, arguments); only complete worlds."""
    table = runs.pivot(
        index="replicate",
        columns=["part", "movement.launch_week", "movement.framing"],
        values=outcome,
    ).astype(float)
    dates = sorted(runs["movement.launch_week"].unique())
    arguments = list(dict.fromkeys(runs.sort_values("point")["movement.framing"]))
    columns = pd.MultiIndex.from_product([scenarios, dates, arguments])
    values = table.reindex(columns=columns).dropna().to_numpy()
    return values.reshape(len(values), len(scenarios), len(dates), len(arguments))


def decide(values: Array, now: int = 0) -> Advice:
    """Return what to do.

    Parameters
    ----------
    values
        (worlds, dates, arguments): how often the aim is reached, 0 to 1.
    now
        Number of the first date that can still be chosen; what was missed counts for nothing.
    """
    values = values[:, now:]
    chance = values.mean(axis=0)
    low, high = _intervals(values)
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.ones(len(values)), DRAWS)
    resampled = np.tensordot(weights, values, axes=1)
    shrunk, draws = _shrink(chance, resampled - chance)
    choice = _choose(shrunk)
    advice = Advice(chance, low, high, shrunk, 0.0, choice)
    taken = advice.taken
    better = draws.max(axis=(1, 2)) - draws[:, taken.date, taken.argument]
    return replace(advice, sure=float((better <= MATERIAL).mean()))


def _choose(shrunk: Array) -> Choice:
    """Return the choice by the rule of the answer."""
    best = shrunk.max()
    by_date = best - shrunk.max(axis=1)
    if (best - shrunk <= MATERIAL).all():
        return Choice(ANY, ANY)
    if (by_date <= MATERIAL).all():
        return Choice(ANY, int((best - shrunk).max(axis=0).argmin()))
    date = int((by_date <= MATERIAL).argmax())  # the first of them
    regrets = shrunk[date].max() - shrunk[date]
    return Choice(date, ANY if (regrets <= MATERIAL).all() else int(regrets.argmin()))


def smooth(values: Array) -> Array:
    """Return the mean over worlds, (dates, arguments), without what is no more than error."""
    chance = values.mean(axis=0)
    return _shrink(chance, (values - chance) / np.sqrt(len(values)))[0]


def _shrink(chance: Array, errors: Array) -> tuple[Array, Array]:
    """Return chances of which each part is drawn towards 0 as far as it may be error; and draws.

    Parameters
    ----------
    chance
        (dates, arguments).
    errors
        (draws, dates, arguments), as large as those of the chances.
    """
    rng = np.random.default_rng(1)
    dates, arguments = (count - 1 for count in chance.shape)
    shrunk, draws = np.zeros_like(chance), np.zeros_like(errors)
    freedom = (0, dates, arguments, dates * arguments)
    for free, part, error in zip(freedom, _parts(chance), _parts(errors), strict=True):
        kept = _kept(part, error, free, rng) if free else np.ones(len(errors))
        shrunk = shrunk + kept.mean() * part
        draws = draws + kept[:, None, None] * part + np.sqrt(kept)[:, None, None] * error
    return shrunk, draws


def _kept(part: Array, error: Array, free: int, rng: np.random.Generator) -> Array:
    """Return draws of the share of a part that is kept: of its variance, what is no error.

    The true effects are normal with a standard deviation that may have any value up to `WIDEST`
    (Gelman 2006, doi:10.1214/06-BA117A).
    """
    spread, noise = (float((each**2).mean()) * part.size / free for each in (part, error))
    true = np.linspace(0.0, WIDEST, 501)[1:] ** 2
    total = true + noise
    fit = -0.5 * free * (np.log(total) + spread / total)
    weights = np.exp(fit - fit.max())
    return rng.choice(true / total, len(error), p=weights / weights.sum())


def _parts(values: Array) -> tuple[Array, Array, Array, Array]:
    """Return mean, effect of the date, effect of the argument, rest; they add up to the values."""
    mean = values.mean(axis=(-2, -1), keepdims=True)
    date = values.mean(axis=-1, keepdims=True) - mean
    argument = values.mean(axis=-2, keepdims=True) - mean
    zero = np.zeros_like(values)
    return mean + zero, date + zero, argument + zero, values - mean - date - argument


def _intervals(values: Array) -> tuple[Array, Array]:
    """Return 95 % intervals of chances: Wilson's, for as many runs as have the worlds' variance."""
    worlds, chance = len(values), values.mean(axis=0)
    variance = values.var(axis=0, ddof=1) / worlds if worlds > 1 else np.zeros_like(chance)
    runs = np.full_like(chance, worlds)
    varied = variance > 0
    runs[varied] = chance[varied] * (1 - chance[varied]) / variance[varied]
    return wilson(chance * runs, runs)
