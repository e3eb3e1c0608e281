"""What worlds show of the facts: bands, scores in units of the facts' errors, and products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.calibration.posterior import ENDS, NAMES
from experiments.cases.facts import Fact

PRIOR, POSTERIOR = "prior", "posterior"
PUBLIC, PROPENSITY, PEOPLE = "public", "share of the public", "people"
REACHED = 1.0  # CRPS in units of a fact's error, up to which the fact is reached


def crps(values: np.ndarray, observed: float) -> float:
    """Return the continuous ranked probability score of a sample: 0 is perfect.

    E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, doi:10.1198/016214506000001437).

    Examples
    --------
    >>> crps(np.array([1.0, 3.0]), 2.0)
    0.5
    """
    ordered = np.sort(values)
    n = len(ordered)
    spread = (2 * np.arange(1, n + 1) - n - 1) @ ordered / n**2
    return float(np.abs(ordered - observed).mean() - spread)


def scores(
    shown: dict[str, np.ndarray], facts: Sequence[Fact], fitted: Sequence[Fact]
) -> pd.DataFrame:
    """Return a row a fact and set of worlds: its band, in the fact's unit, and its score.

    Parameters
    ----------
    shown
        By set of worlds, (runs, facts) on the facts' scales; NaN: a run shows nothing.
    facts
        The columns.
    fitted
        Those of them that were fitted.

    Returns
    -------
    pandas.DataFrame
        ``crps`` is in units of the fact's error, of the runs that show something (``there``, their
        share), infinite if none does; beyond a bound nothing is missed. ``miss_low`` and so on
        are the ends of the band as seen from the fact, in units of its error.
    """
    rows = []
    for number, fact in enumerate(facts):
        for which, values in shown.items():
            there = values[~np.isnan(values[:, number]), number]
            use = "fitted" if fact in fitted else "held out"
            row: dict[str, Any] = {
                "fact": fact.name, "worlds": which, "use": use,
                "value": fact.value, "bound": fact.bound, "there": len(there) / max(len(values), 1),
            }  # fmt: skip
            ends = _ends(there)
            misses = (ends - fact.observed) / fact.error
            for end, found, miss in zip(NAMES, fact.unscaled(ends), misses, strict=True):
                row |= {end: found, f"miss_{end}": miss}
            score = crps(fact.clipped(there), fact.observed) / fact.error if len(there) else np.inf
            rows.append(row | {"crps": score, "lacking": fact.lacking})
    return pd.DataFrame(rows)


def _ends(values: np.ndarray) -> np.ndarray:
    return np.quantile(values, ENDS) if len(values) else np.full(3, np.nan)


def products(
    shown: dict[str, np.ndarray],
    public: dict[str, np.ndarray],
    facts: Sequence[Fact],
    fitted: Sequence[Fact],
) -> pd.DataFrame:
    """Return what is known of the public, of its propensity, and of their product.

    For each fitted fact that counts people: the public, the share of it that the fact counts, and
    the number of people, which is their product. A row each with its interval in both sets of
    worlds and ``width``, the posterior's interval as a share of the prior's (of the logarithms).
    """
    rows = []
    for number, fact in enumerate(facts):
        if fact.scale != "log" or fact not in fitted:
            continue
        found: dict[str, dict[str, np.ndarray]] = {}
        for which, values in shown.items():
            there = ~np.isnan(values[:, number])
            people, of = values[there, number], np.log10(public[which][there, number])
            found[which] = {PUBLIC: of, PROPENSITY: people - of, PEOPLE: people}
        for quantity in (PUBLIC, PROPENSITY, PEOPLE):
            ends = {which: _ends(each[quantity]) for which, each in found.items()}
            row: dict[str, object] = {"fact": fact.name, "quantity": quantity}
            for which, (low, middle, high) in ends.items():
                row |= {f"{which}_low": 10**low, f"{which}_high": 10**high}
                row[f"{which}_middle"] = 10**middle
            before, after = (ends[which][2] - ends[which][0] for which in (PRIOR, POSTERIOR))
            rows.append(row | {"width": after / before if before > 0 else np.nan})
    return pd.DataFrame(rows)
