"""In what share of the plausible worlds a claim holds: the distribution of its effect over worlds.

A few runs tell little of a single world, so worlds are pooled: each effect found is taken as the
effect of its world plus an error of known size, and the distribution of the effects of worlds is
the one under which what was found is likeliest, whatever its shape (a mixture on a grid, by
expectation maximisation). Counting the worlds in which the effect found is material would count
errors as effects instead. Worlds that respond and worlds that do not are pooled apart: else the
many in which nothing can be seen would make an effect look like an error where one is seen, and the
shares of all worlds and of responding ones would not fit together.

References
----------
Kiefer & Wolfowitz (1956), doi:10.1214/aoms/1177728066; Koenker & Mizera (2014),
doi:10.1080/01621459.2013.869224; Efron & Morris (1975), doi:10.1080/01621459.1975.10479864.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis import critical_cost
from experiments.claims.estimands import (
    EMERGED,
    WORLD,
    Arms,
    Estimand,
    Kind,
    arms_by_world,
    of_part,
)
from experiments.claims.verdict import Costs, by_replicate, definitions

RESPONDING = (0.05, 0.95)
"""A world responds unless the share of runs with a movement is below these in all arms, or above.

A world in which it goes from hardly any to nearly all responds, though no arm lies between.
"""

STEP = 0.02  # of the grid of effects; what is material (0.05) lies between two of its points
ITERATIONS = 200
MORE_ITERATIONS = 30  # of resampled worlds, which begin where all worlds led to
BOOTSTRAPS = 100
COST_RESAMPLES = 60
SMALL_PRODUCT = 200_000  # of matrices: a larger one is split over threads that wait for each other
TINY = 1e-20  # numbers much below are no longer exact, and slow
LARGEST = 1.5  # effects beyond count as this: how far they are from material does not matter
HALVES = math.sqrt(2)
"""How much larger the error is of weeks that two halves of the replicates choose for each other.

The halves err together, so they count as one. Simulated with 3 weeks that are alike and 10
replicates: the effect found strays by 0.28 if half of the runs have a movement, where independent
halves would give 0.20; if 10 % have one by 0.15, where this error is too large.
"""
LEAST_ERROR = 0.005  # standard error below which effects are not told apart
LEAST_WORLDS = 20  # fewer tell no share
LEVEL = 0.95
ALL, RESPONSIVE = "all", "responding"


# -- effects by world ------------------------------------------------------------------------------


def by_world(
    estimand: Estimand, runs: pd.DataFrame, outcome: str, costs: Costs | None = None
) -> pd.DataFrame:
    """Return an estimand's effect in each world.

    Parameters
    ----------
    estimand
        What is compared.
    runs
        Finished runs of its part in many worlds (column ``sample``).
    outcome
        Its outcome, or emergence by another definition.
    costs
        Tables of critical costs made before, to which one made now is added.

    Returns
    -------
    A row a world: sample, effect, error (standard), responding. Worlds whose effect is not defined
    (no run with the outcome, a critical cost outside the costs tried) are left out.
    """
    if estimand.kind is Kind.CRITICAL_COSTS:
        costs = {} if costs is None else costs
        key = (*estimand.among, outcome)
        if key not in costs:
            costs[key] = _costs(runs, estimand.among, outcome)
        table = costs[key][costs[key]["quantity"] == estimand.name].drop(columns="quantity")
    else:
        table = _contrasts(estimand, runs, outcome)
    table = table.dropna(subset=["effect", "error"])
    return table.astype({"responding": bool}).reset_index(drop=True)


def _contrasts(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    found = dict(arms_by_world(estimand, runs, outcome))
    shares = found if estimand.of_emergence else dict(arms_by_world(estimand, runs, EMERGED))
    rows = []
    for world, arms in found.items():
        effect, error = effect_and_error(arms)
        if estimand.kind is Kind.BEST_WEEK:
            error *= HALVES
        rows.append((world, effect, error, _responding(shares[world])))
    return pd.DataFrame(rows, columns=[WORLD, "effect", "error", "responding"])


def _responding(found: Arms) -> bool:
    arms = (arm[~np.isnan(arm)] for arm in (found.on, found.off))
    return _responds([float(arm.mean()) for arm in arms if arm.size])


def _responds(shares: Sequence[float]) -> bool:
    low, high = RESPONDING
    return bool(shares) and not (max(shares) < low or min(shares) > high)


def effect_and_error(found: Arms) -> tuple[float, float]:
    """Return an effect and its standard error, as the intervals of `claims.estimate` have them."""
    values = by_replicate(found.on - found.off if found.compared else found.on)
    values = values[~np.isnan(values)]
    n = values.size
    if n < 2:
        return math.nan, math.nan
    mean = float(values.mean())
    if found.binary and found.on.shape[1] == 1:
        plus, minus = (np.sum(values > 0) + 1) / (n + 2), (np.sum(values < 0) + 1) / (n + 2)
        variance = float(plus + minus - (plus - minus) ** 2) / (n + 2)
    else:
        more = 2 / found.on.shape[1] ** 2 if found.binary else 0.0
        variance = (float(np.sum((values - mean) ** 2)) + more) / (n - 1) / n
    return mean, max(math.sqrt(variance), LEAST_ERROR)


def _costs(runs: pd.DataFrame, among: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the quantities of critical costs in each world, a row a world and quantity."""
    rows = []
    for world, of_world in runs.groupby(WORLD):
        shares = of_world[outcome].astype(float).groupby(of_world["point"]).mean()
        responding = _responds(shares.tolist())
        values, spreads = critical_cost.resampled(of_world, among, outcome, COST_RESAMPLES)
        for name, spread in spreads.items():
            known = spread[~np.isnan(spread)]
            enough = len(known) >= COST_RESAMPLES / 2
            error = max(float(known.std(ddof=1)), LEAST_ERROR) if enough else math.nan
            rows.append((name, world, values[name], error, responding))
    return pd.DataFrame(rows, columns=["quantity", WORLD, "effect", "error", "responding"])


# -- their distribution ----------------------------------------------------------------------------


class Pooled(NamedTuple):
    """What pooling says of each world; row 0 as found, the others with resampled worlds."""

    worlds: np.ndarray  # (worlds,)
    responding: np.ndarray  # bool, (worlds,)
    counts: np.ndarray  # how often each world is counted, (1 + resamples, worlds)
    mean: np.ndarray  # likeliest effect of each world, pooled, (worlds,)
    above: np.ndarray  # probability that its effect is material, (1 + resamples, worlds)
    below: np.ndarray  # that it is materially the opposite
    spread: dict[str, float]  # standard deviation of the effects of worlds, by subset


def pool(table: pd.DataFrame, materiality: float, resamples: int = BOOTSTRAPS) -> Pooled:
    """Return the probabilities that the effects of worlds are material.

    Parameters
    ----------
    table
        From `by_world`.
    materiality
        Effect from which it matters.
    resamples
        Of worlds, for intervals.
    """
    effect = table["effect"].to_numpy(dtype=float).clip(-LARGEST, LARGEST)
    error = table["error"].to_numpy(dtype=float)
    worlds, responding = table[WORLD].to_numpy(), table["responding"].to_numpy(dtype=bool)
    n = len(table)
    counts = np.ones((1 + resamples, n))
    if not n:
        spread = dict.fromkeys((ALL, RESPONSIVE), math.nan)
        return Pooled(worlds, responding, counts, effect, counts, counts, spread)
    rng = np.random.default_rng(0)
    counts[1:] = rng.multinomial(n, np.full(n, 1 / n), resamples)
    steps = np.arange(math.floor(effect.min() / STEP) - 1, math.ceil(effect.max() / STEP) + 2)
    grid = STEP * steps
    likelihood = np.exp(-0.5 * ((effect[:, None] - grid) / error[:, None]) ** 2)
    likelihood = np.maximum(likelihood, TINY)
    sides = np.stack([grid > materiality, grid < -materiality])
    mean = np.empty(n)
    above, below = np.empty((2, *counts.shape))
    mixture = np.zeros((2, len(grid)))
    for number, group in enumerate((responding, ~responding)):
        if group.any():
            weights, shares = _pool_alike(counts[:, group], likelihood[group], sides)
            above[:, group], below[:, group] = shares
            density = weights @ likelihood[group].T
            mean[group] = (weights * grid) @ likelihood[group].T / density
            mixture[number] = weights * group.sum()
    spread = {ALL: _spread(mixture.sum(axis=0), grid), RESPONSIVE: _spread(mixture[0], grid)}
    return Pooled(worlds, responding, counts, mean, above, below, spread)


def _pool_alike(
    counts: np.ndarray, likelihood: np.ndarray, sides: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the likeliest mixture, and the probability of each side by resample and world."""
    even = np.full((1, likelihood.shape[1]), 1 / likelihood.shape[1])
    whole = _fit(counts[:1], likelihood, even, ITERATIONS)
    rows = max(1, SMALL_PRODUCT // likelihood.size)  # at once
    fitted = [whole]
    for start in range(1, len(counts), rows):
        some = counts[start : start + rows]
        fitted.append(_fit(some, likelihood, np.repeat(whole, len(some), axis=0), MORE_ITERATIONS))
    weights = np.concatenate(fitted)
    shares = np.stack([(weights * side) @ likelihood.T for side in sides])
    return whole[0], shares / (weights @ likelihood.T)


def _spread(mixture: np.ndarray, grid: np.ndarray) -> float:
    if not mixture.any():
        return math.nan
    weights = mixture / mixture.sum()
    return math.sqrt(float(weights @ (grid - weights @ grid) ** 2))


def _fit(
    counts: np.ndarray, likelihood: np.ndarray, weights: np.ndarray, iterations: int
) -> np.ndarray:
    """Return the weights of the grid's effects, (samples, grid), by expectation maximisation."""
    drawn = counts.any(axis=1, keepdims=True)  # a resample may hold no world of this kind
    for _ in range(iterations):
        again = weights * ((counts / (weights @ likelihood.T)) @ likelihood)
        weights = np.where(drawn, again, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        weights[weights < TINY] = 0.0
    return weights


def share(pooled: Sequence[Pooled], side: str, worlds: np.ndarray) -> tuple[float, float, float]:
    """Return the share of worlds in which all effects of a claim are material, and its interval.

    Missing with too few worlds.

    Parameters
    ----------
    pooled
        Of each effect the claim asks for.
    side
        ``above``: all of them are; ``below``: one of them is materially the opposite.
    worlds
        The worlds counted, among those of every effect.
    """
    if len(worlds) < LEAST_WORLDS:
        return math.nan, math.nan, math.nan
    rows = [np.searchsorted(each.worlds, worlds) for each in pooled]
    sides = [getattr(each, side)[:, at] for each, at in zip(pooled, rows, strict=True)]
    each = np.prod(sides, axis=0) if side == "above" else 1 - np.prod([1 - p for p in sides], 0)
    counts = pooled[0].counts[:, rows[0]]
    shares = (each * counts).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    if len(shares) == 1:
        return float(shares[0]), math.nan, math.nan
    low, high = np.quantile(shares[1:], [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return float(shares[0]), float(low), float(high)


# -- tables ----------------------------------------------------------------------------------------

_SHARES = ["above", "above_low", "above_high", "below", "below_low", "below_high"]
EFFECT_COLUMNS = [
    "claim", "branch", "estimand", "headline", "definition", "subset", "worlds", "mean", "mean_low",
    "mean_high", "spread", *_SHARES,
]  # fmt: skip
CLAIM_COLUMNS = ["claim", "definition", "subset", "worlds", *_SHARES]


def effects_by_world(estimands: Sequence[Estimand], runs: pd.DataFrame) -> pd.DataFrame:
    """Return every effect in every world, under every definition of emergence.

    Parameters
    ----------
    estimands
        From `estimands.estimands`.
    runs
        The runs of experiment ``robustness``.

    Returns
    -------
    As `by_world`, with claim, branch, estimand, headline, definition, materiality in front.
    """
    tables = []
    costs: Costs = {}
    for each in estimands:
        of_each = of_part(each, runs, each.worlds) if each.worlds else runs.iloc[:0]
        for outcome in definitions(each) if len(of_each) else []:
            about: dict[str, Any] = {
                "claim": each.claim,
                "branch": each.branch,
                "estimand": each.name,
            }
            about |= {"headline": each.headline, "materiality": each.materiality}
            about |= {"definition": outcome if each.of_emergence else ""}
            table = by_world(each, of_each, outcome, costs)
            tables.append(pd.DataFrame(about, index=table.index).join(table))
    names = ["claim", "branch", "estimand", "headline", "materiality", "definition"]
    empty = pd.DataFrame(columns=[*names, WORLD, "effect", "error", "responding"])
    return pd.concat(tables, ignore_index=True) if tables else empty


def distributions(effects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the distribution over worlds of each effect, and of each claim.

    Over all worlds and over the responding ones. For a claim, ``above`` is the share of worlds in
    which all its headline effects are material, ``below`` that in which one is materially the
    opposite. Intervals (of resampled worlds) for the default definition of emergence.

    Parameters
    ----------
    effects
        From `effects_by_world`.

    Returns
    -------
    Two tables, with columns `EFFECT_COLUMNS` and `CLAIM_COLUMNS`.
    """
    rows: list[dict[str, Any]] = []
    pools: dict[tuple[str, str, str], list[tuple[Pooled, np.ndarray]]] = {}
    keys = ["claim", "branch", "estimand", "definition"]
    for (claim, branch, name, definition), table in effects.groupby(keys, sort=False):
        resamples = BOOTSTRAPS if definition in ("", EMERGED) else 0
        headline = bool(table["headline"].iloc[0])
        pooled = pool(table, float(table["materiality"].iloc[0]), resamples)
        for subset in (ALL, RESPONSIVE):
            chosen = table if subset == ALL else table[table["responding"]]
            worlds = chosen[WORLD].to_numpy()
            if headline:
                pools.setdefault((claim + branch, definition, subset), []).append((pooled, worlds))
            rows.append(
                {"claim": claim, "branch": branch, "estimand": name, "headline": headline}
                | {"definition": definition, "subset": subset, "worlds": len(chosen)}
                | _mean(chosen["effect"].to_numpy(dtype=float).clip(-LARGEST, LARGEST))
                | {"spread": pooled.spread[subset]}
                | _both([pooled], worlds)
            )
    of_claims = [
        {"claim": claim, "definition": definition, "subset": subset, "worlds": len(worlds)}
        | _both([pooled for pooled, _ in found], worlds)
        for (claim, definition, subset), found in pools.items()
        for worlds in [_common([each for _, each in found])]
    ]
    return (
        pd.DataFrame(rows, columns=EFFECT_COLUMNS),
        pd.DataFrame(of_claims, columns=CLAIM_COLUMNS),
    )


def _common(worlds: Sequence[np.ndarray]) -> np.ndarray:
    common = worlds[0]
    for more in worlds[1:]:
        common = np.intersect1d(common, more)
    return common


def _both(pooled: Sequence[Pooled], worlds: np.ndarray) -> dict[str, float]:
    row: dict[str, float] = {}
    for side in ("above", "below"):
        names = (side, f"{side}_low", f"{side}_high")
        row |= dict(zip(names, share(pooled, side, worlds), strict=True))
    return row


def _mean(effects: np.ndarray) -> dict[str, float]:
    """Return the mean over worlds and its interval: worlds count alike, however well known."""
    if effects.size < 2:
        return {"mean": float(effects.mean()) if effects.size else math.nan}
    half = 1.96 * float(effects.std(ddof=1)) / math.sqrt(effects.size)
    mean = float(effects.mean())
    return {"mean": mean, "mean_low": mean - half, "mean_high": mean + half}
