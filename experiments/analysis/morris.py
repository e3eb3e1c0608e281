"""Which parameters matter at all: elementary effects, a screening that needs few runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.effects import MATERIAL
from experiments.analysis.intervals import LEVEL
from experiments.analysis.samples import by_sample, chance, whole_groups

LEVELS = 4
"""Values of each parameter in the sampled trajectories, as SALib draws them by default."""

STATISTICS = ("mu", "mu_star", "sigma")
RESAMPLES = 300
MATTERS, NEGLIGIBLE, OPEN = "matters", "negligible", "undecided"


def morris(
    runs: pd.DataFrame, names: Sequence[str], outcomes: Sequence[str] = ("emerged",)
) -> pd.DataFrame:
    """Return the elementary effects of each parameter on each outcome.

    A trajectory moves one parameter after the other; an elementary effect is the change of the
    outcome divided by the move, in outcome per whole range of the parameter. ``mu`` is their mean,
    ``mu_star`` the mean of their absolute values, ``sigma`` their standard deviation: large where
    the effect depends on the other parameters or is curved. Trajectories are resampled for the
    intervals (percentile bootstrap).

    With few replicates chance alone moves the outcome: it adds at most ``chance`` to μ*. So, for a
    share, a parameter matters if μ* − chance is certain to be above 5 points over its range, and is
    negligible if μ* is certain to be below.

    Parameters
    ----------
    runs
        Runs of one variant of a part with ``design: morris``.
    names
        The sampled parameters, in the order of the design.
    outcomes
        Outcome columns, averaged over replicates.

    Returns
    -------
    A row an outcome and parameter: outcome, parameter, mu, mu_low, mu_high, mu_star, mu_star_low,
    mu_star_high, sigma, sigma_low, sigma_high, chance (NaN with one replicate), verdict
    (empty for measured outcomes), trajectories.

    Raises
    ------
    ValueError
        If the worlds are no trajectories of these parameters.

    References
    ----------
    Morris (1991), doi:10.1080/00401706.1991.10484804; Campolongo, Cariboni & Saltelli (2007),
    doi:10.1016/j.envsoft.2006.10.004.
    """
    rows = []
    for outcome in outcomes:
        table = by_sample(runs, names, [outcome])
        groups = whole_groups(table, len(names) + 1)
        places = table[list(names)].to_numpy(dtype=float)[groups]
        _check(places, names)
        values = table[outcome].to_numpy()[groups]
        is_share = pd.api.types.is_bool_dtype(runs[outcome])
        found, drawn = _resampled(places, values, names)
        # E|N(0, 2v)| of the difference of two means, each with variance v, for a move of δ.
        move = LEVELS / (2 * (LEVELS - 1))
        floor = math.sqrt(4 / math.pi * chance(runs, outcome)[0]) / move
        lows, highs = np.quantile(drawn, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)
        if values.min() >= 0 and values.max() <= 1:  # what is a share changes by 1 at most
            found, lows, highs = (np.clip(each, -1, 1) for each in (found, lows, highs))
        for i, name in enumerate(names):
            row: dict[str, object] = {"outcome": outcome, "parameter": name}
            for j, statistic in enumerate(STATISTICS):
                row |= {statistic: found[j, i]}
                row |= {f"{statistic}_low": lows[j, i], f"{statistic}_high": highs[j, i]}
            row["verdict"] = _verdict(lows[1, i], highs[1, i], floor) if is_share else ""
            rows.append(row | {"chance": floor, "trajectories": len(groups)})
    return pd.DataFrame(rows)


def _resampled(
    places: np.ndarray, values: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return μ, μ*, σ of each parameter, (3, parameters), and of each resample."""
    from SALib.analyze.morris import analyze

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}

    def statistics(chosen: np.ndarray) -> np.ndarray:
        x, y = places[chosen].reshape(-1, len(names)), values[chosen].reshape(-1)
        found = analyze(problem, x, y, num_resamples=2, num_levels=LEVELS, seed=1)
        return np.array([found["mu"], found["mu_star"], found["sigma"]], dtype=float)

    rng = np.random.default_rng(0)
    count = len(places)
    drawn = [statistics(rng.integers(count, size=count)) for _ in range(RESAMPLES)]
    return statistics(np.arange(count)), np.array(drawn)


def _check(places: np.ndarray, names: Sequence[str]) -> None:
    if len(places) < 2:
        raise ValueError(
            f"elementary effects need two complete trajectories of {len(names) + 1} worlds"
        )
    moved = np.diff(places, axis=1) != 0
    if (moved.sum(axis=2) > 1).any() or (moved.sum(axis=1) > 1).any():
        raise ValueError(
            f"the worlds are no trajectories of {', '.join(names)}: elementary effects need "
            "design: morris, and the parameters in its order"
        )


def _verdict(low: float, high: float, floor: float) -> str:
    if low - (0.0 if math.isnan(floor) else floor) > MATERIAL:
        return MATTERS
    return NEGLIGIBLE if high < MATERIAL else OPEN
