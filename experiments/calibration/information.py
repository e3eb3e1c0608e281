"""What would narrow the answer most, if it were measured: the value of information.

Preposterior analysis by regression (Strong, Oakley & Brennan 2014, doi:10.1177/0272989X13505910;
with an error of measurement: Strong et al. 2015, doi:10.1177/0272989X15575286): what is expected to
be left of the variance of an answer once a quantity is known is what a curve through the runs does
not explain. With squared errors this is Sobol's first-order index.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

ANSWERS = {
    "emerged": "whether a movement emerges",
    "log_organisers": "how many people organise",
    "vote_share": "the support at the vote",
}
"""What is asked of a case, in words, by the column of outcomes that answers it."""

ROUGH = 0.1  # error of a rough measurement, as a share of the range
FEWEST = 100  # runs
KNOTS = 4  # of a curve
RESAMPLES = 500
TREES = 100
_SEED = 20_261_126


def value_of_information(runs: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return by how much each quantity would reduce the variance of each of the `ANSWERS`.

    An answer that never varies, or is known in fewer than `FEWEST` runs, has no rows.

    Parameters
    ----------
    runs
        Of worlds that are not ruled out, each with luck of its own.
    shares
        Where in its range each quantity lies in these runs; a column a quantity.

    Returns
    -------
    pandas.DataFrame
        A row an answer and quantity: ``exact`` with ``exact_low`` and ``exact_high`` (95 %, runs
        drawn anew), the share by which the variance falls if the quantity is known exactly;
        ``rough``, if it is known with an error of `ROUGH` of its range; ``together``, if all were
        known, as far as trees learn it: the rest is luck; ``runs``. Shares are of runs that the
        curve has not seen, so one without influence is 0 in the mean and may be below.
    """
    rng = np.random.default_rng(_SEED)
    noise = ROUGH * rng.standard_normal(shares.shape)
    rows = []
    for answer in ANSWERS:
        known = runs[answer].notna().to_numpy()
        values = runs.loc[known, answer].to_numpy(dtype=float)
        if len(values) < FEWEST or np.ptp(values) == 0:
            continue
        weights = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), RESAMPLES)
        whole = _explained_together(shares[known].to_numpy(dtype=float), values)
        for at, name in enumerate(shares):
            share = shares.loc[known, name].to_numpy(dtype=float)
            if np.ptp(share) == 0:
                continue
            left, before = unseen_errors(share, values)
            again = 1.0 - (weights @ left) / (weights @ before)
            rough, _ = unseen_errors(share + noise[known, at], values)
            low, high = np.quantile(again, [0.025, 0.975])
            exact, roughly = (1.0 - each.sum() / before.sum() for each in (left, rough))
            rows.append((answer, name, exact, low, high, roughly, whole, len(values)))
    columns = [
        "answer", "parameter", "exact", "exact_low", "exact_high", "rough", "together", "runs",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def unseen_errors(share: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return squared errors of each run by the others: of a curve along a quantity, of the mean.

    The curve is a cubic spline along the ranks of the quantity; leaving a run out of a fit by least
    squares divides its error by one minus its leverage.

    Parameters
    ----------
    share, values
        (runs,): the quantity and the answer.
    """
    from scipy.stats import rankdata
    from sklearn.preprocessing import SplineTransformer

    ranks = rankdata(share)[:, None]
    basis = SplineTransformer(n_knots=min(KNOTS, len(np.unique(ranks)))).fit_transform(ranks)
    left, sizes, _ = np.linalg.svd(basis, full_matrices=False)
    left = left[:, sizes > 1e-9 * sizes[0]]
    leverage = np.minimum((left**2).sum(axis=1), 1 - 1e-9)
    errors = (values - left @ (left.T @ values)) / (1.0 - leverage)
    n = len(values)
    return errors**2, ((values - values.mean()) * n / (n - 1)) ** 2


def _explained_together(shares: np.ndarray, values: np.ndarray) -> float:
    """Return the share of the variance that trees explain in runs that they have not seen."""
    from sklearn.ensemble import ExtraTreesRegressor

    trees = ExtraTreesRegressor(
        TREES, min_samples_leaf=3, bootstrap=True, oob_score=True, random_state=1
    )
    return max(float(trees.fit(shares, values).oob_score_), 0.0)
