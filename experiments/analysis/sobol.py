"""How much of an outcome's variance each parameter explains, alone and with the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import LEVEL
from experiments.analysis.samples import by_sample, chance, whole_groups

RESAMPLES = 200
FEWEST = 32  # base samples from which convergence is followed


def sobol(
    runs: pd.DataFrame, names: Sequence[str], outcomes: Sequence[str] = ("emerged",)
) -> pd.DataFrame:
    """Return the Sobol indices of each parameter for each outcome.

    ``first``: the share of the outcome's variance that would go if the parameter were known;
    ``total``: the share that would stay if all but it were known, with all its interactions.
    Intervals from resampled base samples. ``chance`` is the share of the variance between worlds
    that stems from too few replicates; total indices are too large by about as much.

    Parameters
    ----------
    runs
        Runs of one variant of a part with ``design: saltelli``.
    names
        The sampled parameters, in the order of the design.
    outcomes
        Outcome columns, averaged over replicates.

    Returns
    -------
    A row an outcome and parameter: outcome, parameter, first, first_low, first_high, total,
    total_low, total_high, chance, base_samples. All indices are 0 where the outcome never varies.

    Raises
    ------
    ValueError
        If the worlds are no design of Saltelli's for these parameters.

    References
    ----------
    Sobol (2001), doi:10.1016/S0378-4754(00)00270-6; Saltelli et al. (2010),
    doi:10.1016/j.cpc.2009.09.018.
    """
    tables = []
    for outcome in outcomes:
        values, second_order = _values(runs, names, outcome)
        table = _indices(values, names, second_order)
        table.insert(0, "outcome", outcome)
        table.insert(len(table.columns) - 1, "chance", chance(runs, outcome)[1])
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def convergence(runs: pd.DataFrame, names: Sequence[str], outcome: str = "emerged") -> pd.DataFrame:
    """Return the indices from growing numbers of base samples: 32, 64, … and all.

    Returns
    -------
    As `sobol` for one outcome, a row a number of base samples and parameter.
    """
    values, second_order = _values(runs, names, outcome)
    count = len(values)
    counts = [FEWEST * 2**i for i in range(count.bit_length()) if FEWEST * 2**i < count]
    tables = [_indices(values[:n], names, second_order) for n in [*counts, count]]
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "outcome", outcome)
    return table


def _values(runs: pd.DataFrame, names: Sequence[str], outcome: str) -> tuple[np.ndarray, bool]:
    """Return the outcome by base sample and world, and whether the design has second orders."""
    table = by_sample(runs, names, [outcome])
    for second_order in (True, False):
        size = (2 if second_order else 1) * len(names) + 2
        groups = whole_groups(table, size)
        if len(groups) > 1 and _fits(table[list(names)].to_numpy()[groups]):
            return table[outcome].to_numpy()[groups], second_order
    raise ValueError(
        f"the worlds are no design of Saltelli's for {', '.join(names)}: Sobol indices need "
        "design: saltelli, and the parameters in its order"
    )


def _fits(places: np.ndarray) -> bool:
    """Return whether world 1 + i of each group differs from world 0 in parameter i alone.

    And equals the last world there.
    """
    count = places.shape[2]
    first, last, mixed = places[:, 0], places[:, -1], places[:, 1 : count + 1]
    own = np.eye(count, dtype=bool)
    return bool(np.all(mixed == np.where(own, last[:, None], first[:, None])))


def _indices(values: np.ndarray, names: Sequence[str], second_order: bool) -> pd.DataFrame:
    from SALib.analyze.sobol import analyze

    columns = {name: np.zeros(len(names)) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    if np.ptp(values) > 0:
        problem = {"num_vars": len(names), "names": list(names), "bounds": [[0, 1]] * len(names)}
        if second_order:  # the worlds for second orders are not needed here
            values = np.delete(values, np.s_[len(names) + 1 : -1], axis=1)
        columns = analyze(
            problem, values.reshape(-1), calc_second_order=False, num_resamples=RESAMPLES,
            conf_level=LEVEL, seed=1,
        )  # fmt: skip
    first, total = columns["S1"], columns["ST"]
    return pd.DataFrame(
        {
            "parameter": list(names),
            "first": first,
            "first_low": first - columns["S1_conf"],
            "first_high": first + columns["S1_conf"],
            "total": total,
            "total_low": total - columns["ST_conf"],
            "total_high": total + columns["ST_conf"],
            "base_samples": len(values),
        }
    )
