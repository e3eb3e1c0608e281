"""In what share of the plausible worlds a claim holds: its effects by world, and their tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis import critical_cost
from experiments.claims.estimands import (
    EMERGED,
    WORLD,
    Contrast,
    Estimand,
    Kind,
    contrast_by_world,
    of_part,
)
from experiments.claims.pooling import ALL, BOOTSTRAPS, LARGEST, RESPONSIVE, Pooled, pool, share
from experiments.claims.verdict import Costs, by_replicate, definitions

RESPONDING = (0.05, 0.95)
"""A world responds unless the share of runs with a movement is below these everywhere, or above.

A world in which it goes from hardly any to nearly all responds, though no variant lies between.
"""

COST_RESAMPLES = 60
HALVES = math.sqrt(2)
"""How much larger the error is of weeks that two halves of the replicates choose for each other.

The halves err together, so they count as one. Simulated with 3 weeks that are alike and 10
replicates: the effect found strays by 0.28 if half of the runs have a movement, where independent
halves would give 0.20; if 10 % have one by 0.15, where this error is too large.
"""
LEAST_ERROR = 0.005  # a smaller standard error is taken to be this


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
    found = dict(contrast_by_world(estimand, runs, outcome))
    shares = found if estimand.of_emergence else dict(contrast_by_world(estimand, runs, EMERGED))
    rows = []
    for world, contrast in found.items():
        effect, error = effect_and_error(contrast)
        if estimand.kind is Kind.BEST_WEEK:
            error *= HALVES
        rows.append((world, effect, error, _responding(shares[world])))
    return pd.DataFrame(rows, columns=[WORLD, "effect", "error", "responding"])


def _responding(found: Contrast) -> bool:
    sides = (side[~np.isnan(side)] for side in (found.on, found.off))
    return _responds([float(side.mean()) for side in sides if side.size])


def _responds(shares: Sequence[float]) -> bool:
    low, high = RESPONDING
    return bool(shares) and not (max(shares) < low or min(shares) > high)


def effect_and_error(found: Contrast) -> tuple[float, float]:
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
