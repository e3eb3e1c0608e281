"""In what share of the plausible worlds a claim holds: its effects by world, and their tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.claims.contrasts import WORLD, Contrast, contrast_by_world, of_part
from experiments.claims.estimands import EMERGED, Estimand, Kind
from experiments.claims.pooling import BOOTSTRAPS, LARGEST, Pooled, pool, share
from experiments.claims.verdict import by_replicate, definitions, means

HALVES = math.sqrt(2)
"""How much larger the error is of weeks that two halves of the replicates choose for each other.

The halves err together, so they count as one. Simulated with 3 weeks that are alike and 10
replicates: the effect found strays by 0.28 if half of the runs have a movement, where independent
halves would give 0.20; if 10 % have one by 0.15, where this error is too large.
"""
LEAST_ERROR = 0.005  # a smaller standard error is taken to be this


# -- effects by world ------------------------------------------------------------------------------


def by_world(estimand: Estimand, runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return an estimand's effect in each world.

    Parameters
    ----------
    estimand
        What is compared.
    runs
        Finished runs of its part in many worlds (column ``sample``).
    outcome
        Its outcome, or emergence by another definition.

    Returns
    -------
    A row a world: sample, effect, error (standard), on, off (means). Worlds whose effect is not
    defined (no run with the outcome) are left out.
    """
    rows = []
    for world, contrast in contrast_by_world(estimand, runs, outcome):
        effect, error = effect_and_error(contrast)
        if estimand.kind is Kind.BEST_WEEK:
            error *= HALVES
        rows.append((world, effect, error, *means(contrast)))
    table = pd.DataFrame(rows, columns=[WORLD, "effect", "error", "on", "off"])
    return table.dropna(subset=["effect", "error"]).reset_index(drop=True)


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


# -- tables ----------------------------------------------------------------------------------------

SHARES = ["above", "above_low", "above_high", "below", "below_low", "below_high"]
EFFECT_COLUMNS = [
    "claim", "branch", "estimand", "headline", "definition", "worlds", "mean", "mean_low",
    "mean_high", "spread", *SHARES,
]  # fmt: skip
CLAIM_COLUMNS = ["claim", "worlds", *SHARES]


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
    A row an estimand, definition and world: claim, branch, estimand, headline, materiality,
    definition (empty for outcomes other than emergence), sample, effect, error, on, off.
    """
    names = ["claim", "branch", "estimand", "headline", "materiality", "definition"]
    tables = []
    for each in estimands:
        of_each = of_part(each, runs, each.worlds) if each.worlds else runs.iloc[:0]
        for outcome in definitions(each):
            if of_each.empty or outcome not in of_each:
                continue
            values = {**dict(each), "estimand": each.name}
            values["definition"] = outcome if each.of_emergence else ""
            table = by_world(each, of_each, outcome)
            about = pd.DataFrame({name: values[name] for name in names}, index=table.index)
            tables.append(about.join(table))
    empty = pd.DataFrame(columns=[*names, WORLD, "effect", "error", "on", "off"])
    return pd.concat(tables, ignore_index=True) if tables else empty


def distributions(effects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the distribution over worlds of each effect, and of each claim.

    For a claim, ``above`` is the share of worlds in which all its headline effects are material,
    ``below`` that in which one is materially the opposite.

    Parameters
    ----------
    effects
        From `effects_by_world`.

    Returns
    -------
    Two tables, with columns `EFFECT_COLUMNS` and `CLAIM_COLUMNS`.
    """
    rows: list[dict[str, Any]] = []
    of_claims: dict[str, list[Pooled]] = {}
    keys = ["claim", "branch", "estimand", "definition"]
    for (claim, branch, name, definition), table in effects.groupby(keys, sort=False):
        resamples = BOOTSTRAPS if definition in ("", EMERGED) else 0
        headline = bool(table["headline"].iloc[0])
        pooled = pool(table, float(table["materiality"].iloc[0]), resamples)
        if headline and definition in ("", EMERGED):
            of_claims.setdefault(claim + branch, []).append(pooled)
        rows.append(
            {"claim": claim, "branch": branch, "estimand": name, "headline": headline}
            | {"definition": definition, "worlds": len(table), "spread": pooled.spread}
            | _mean(table["effect"].to_numpy(dtype=float).clip(-LARGEST, LARGEST))
            | both_shares([pooled], pooled.worlds)
        )
    claims = [
        {"claim": claim, "worlds": len(worlds), **both_shares(pools, worlds)}
        for claim, pools in of_claims.items()
        for worlds in [common(pools)]
    ]
    return pd.DataFrame(rows, columns=EFFECT_COLUMNS), pd.DataFrame(claims, columns=CLAIM_COLUMNS)


def common(pools: Sequence[Pooled]) -> np.ndarray:
    """Return the worlds in which every effect is known."""
    worlds = pools[0].worlds
    for more in pools[1:]:
        worlds = np.intersect1d(worlds, more.worlds)
    return worlds


def both_shares(pooled: Sequence[Pooled], worlds: np.ndarray) -> dict[str, float]:
    """Return the shares of worlds in which a claim holds, or fails, with their intervals."""
    values = (value for side in ("above", "below") for value in share(pooled, side, worlds))
    return dict(zip(SHARES, values, strict=True))


def _mean(effects: np.ndarray) -> dict[str, float]:
    """Return the mean over worlds and its interval: worlds count alike, however well known."""
    if effects.size < 2:
        return {"mean": float(effects.mean()) if effects.size else math.nan}
    half = 1.96 * float(effects.std(ddof=1)) / math.sqrt(effects.size)
    mean = float(effects.mean())
    return {"mean": mean, "mean_low": mean - half, "mean_high": mean + half}
