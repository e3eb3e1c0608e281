"""How much each parameter helps to tell the worlds apart, whatever the shape of its effect."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import LEVEL

HALVES = 12  # forests, each of another random half of the worlds
TREES = 60
LEAF = 5  # worlds at the end of a branch at least; smaller ones follow chance


def feature_scores(
    worlds: pd.DataFrame,
    names: Sequence[str],
    outcomes: Sequence[str],
    halves: int = HALVES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return the share of each parameter in what extremely randomised trees make of the worlds.

    A score is the reduction of an outcome's variance at the splits of the trees by a parameter, as
    a share of all reduction; without any influence each of d parameters has about 1/d. Works on
    any sample of worlds, unlike Sobol indices, and with few. A forest is grown in each of 12 random
    halves of the worlds; the interval is where the scores of such halves lie.

    Parameters
    ----------
    worlds
        A row a world.
    names
        Its parameters, numbers or words.
    outcomes
        Columns of numbers or of yes and no.
    halves
        Number of forests.
    level
        Confidence.

    Returns
    -------
    A row an outcome and parameter: outcome, parameter, score (mean over the forests), low, high,
    even (the score of parameters without influence), worlds. Outcomes that never vary have no rows.

    References
    ----------
    Geurts, Ernst & Wehenkel (2006), doi:10.1007/s10994-006-6226-1; for scenarios: Jaxa-Rozen &
    Kwakkel (2018), doi:10.1016/j.envsoft.2018.06.011.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # optional packages that the workbench does without
        from ema_workbench.analysis.feature_scoring import get_ex_feature_scores
        from ema_workbench.analysis.scenario_discovery_util import RuleInductionType

    rows = []
    for outcome in outcomes:
        known = worlds[[*names, outcome]].dropna()
        x, y = known[list(names)], known[outcome].to_numpy(dtype=float)
        x = x.loc[:, x.nunique() > 1]
        if len(y) < 4 or np.ptp(y) == 0 or x.empty:
            continue
        rng = np.random.default_rng(0)
        drawn = []
        for i in range(halves):
            half = rng.permutation(len(y))[: len(y) // 2]
            found, _ = get_ex_feature_scores(
                x.iloc[half], y[half], RuleInductionType.REGRESSION, nr_trees=TREES,
                max_features=None, min_samples_leaf=LEAF, random_state=i,
            )  # fmt: skip
            drawn.append(found[1].reindex(list(names), fill_value=0.0).to_numpy(dtype=float))
        ends = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        for name, score, low, high in zip(names, np.mean(drawn, axis=0), *ends, strict=True):
            row = {"outcome": outcome, "parameter": name, "score": score, "low": low, "high": high}
            rows.append(row | {"even": 1 / x.shape[1], "worlds": len(y)})
    columns = ["outcome", "parameter", "score", "low", "high", "even", "worlds"]
    return pd.DataFrame(rows, columns=columns)
