"""How much of an outcome depends on each parameter, whatever the shape of its effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import LEVEL

FOLDS = 5
REPEATS = 3  # with few worlds, whose division into folds matters
MANY = 500  # worlds, which are divided once
TREES = 100
FEWEST = 20  # worlds
ROWS = 4000  # numbers that a parameter is exchanged in: smooths the chance of few worlds
COLUMNS = ["outcome", "parameter", "score", "low", "high", "explained", "worlds"]


def feature_scores(
    worlds: pd.DataFrame, names: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """Return the share of an outcome's variance that each parameter carries in unseen worlds.

    Extremely randomised trees learn the outcome from four fifths of the worlds and predict it in
    the last fifth, once as it is and once with a parameter's values exchanged between the worlds.
    Half of what the squared error grows by, as a share of the outcome's variance, is the score:
    the parameter's effect with all its interactions, 0 for one without influence. Where the trees
    learn all there is, it is the total Sobol index. The interval is over 15 such divisions of the
    worlds, 5 from 500 worlds on.

    Parameters
    ----------
    worlds
        A row a world.
    names
        Its parameters, numbers or words.
    outcomes
        Columns of numbers or of yes and no.

    Returns
    -------
    A row an outcome and parameter: outcome, parameter, score, low, high, explained (share of the
    variance that the trees predict in unseen worlds), worlds. An outcome that never varies or is
    known in fewer than 20 worlds has no rows.

    References
    ----------
    Breiman (2001), doi:10.1023/A:1010933404324, for exchanged values; Geurts, Ernst & Wehenkel
    (2006), doi:10.1007/s10994-006-6226-1, for the trees; Gregorutti, Michel & Saint-Pierre (2017),
    doi:10.1007/s11222-016-9646-1, for its relation to Sobol indices; Nadeau & Bengio (2003),
    doi:10.1023/A:1024068626366, for the interval.
    """
    tables = [_scores(worlds[[*names, outcome]].dropna(), outcome) for outcome in outcomes]
    found = [table for table in tables if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _scores(known: pd.DataFrame, outcome: str) -> pd.DataFrame:
    from scipy.stats import t
    from sklearn.ensemble import ExtraTreesRegressor
    from sklearn.model_selection import RepeatedKFold

    y = known.pop(outcome).to_numpy(dtype=float)
    if len(y) < FEWEST or np.ptp(y) == 0:
        return pd.DataFrame(columns=COLUMNS)
    x = np.column_stack([_numbers(known[name]) for name in known])
    rng = np.random.default_rng(0)
    scores, explained = [], []
    repeats = REPEATS if len(y) < MANY else 1
    splits = RepeatedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=0).split(x)
    for i, (seen, unseen) in enumerate(splits):
        trees = ExtraTreesRegressor(TREES, min_samples_leaf=2, random_state=i).fit(x[seen], y[seen])
        error = np.mean((trees.predict(x[unseen]) - y[unseen]) ** 2)
        worse = [
            np.mean((trees.predict(_exchanged(x[unseen], column, rng)).reshape(-1, len(unseen))
                     - y[unseen]) ** 2)
            for column in range(x.shape[1])
        ]  # fmt: skip
        scores.append((worse - error) / (2 * y.var()))
        explained.append(1 - error / y.var())
    spread = np.std(scores, axis=0, ddof=1) * np.sqrt(1 / len(scores) + 1 / (FOLDS - 1))
    reach = t.ppf(0.5 + LEVEL / 2, len(scores) - 1) * spread  # the splits share worlds
    mean = np.mean(scores, axis=0)
    table = pd.DataFrame({"outcome": outcome, "parameter": list(known)})
    for name, values in (("score", mean), ("low", mean - reach), ("high", mean + reach)):
        table[name] = np.clip(values, 0, 1)
    return table.assign(explained=np.mean(explained), worlds=len(y))


def _exchanged(x: np.ndarray, column: int, rng: np.random.Generator) -> np.ndarray:
    """Return copies of worlds with one column in another order: more copies of few worlds."""
    copies = np.tile(x, (max(1, ROWS // x.size), 1, 1))
    copies[:, :, column] = rng.permuted(copies[:, :, column], axis=1)
    return copies.reshape(-1, x.shape[1])


def _numbers(values: pd.Series) -> np.ndarray:
    """Return numbers as they are, words by their order."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(dtype=float)
    return pd.factorize(values, sort=True)[0].astype(float)
