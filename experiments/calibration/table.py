"""The table of runs that a calibration learns from: what was drawn, and how far facts were missed.

Parameters are shares of their ranges, from 0 to 1; misses are in units of each fact's error. Then
what worlds show of the facts: bands, scores in units of the facts' errors, and products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.analysis.tables import finished
from experiments.calibration.posterior import ENDS, NAMES
from experiments.cases.case import Case
from experiments.cases.facts import Fact
from experiments.design.ranges import Axis
from experiments.store.parts import Reading
from experiments.store.result import Result
from sim.parameters import declarations

if TYPE_CHECKING:
    from datetime import date

PRIOR, POSTERIOR = "prior", "posterior"
CROWD, PROPENSITY, PEOPLE = "public", "share of the public", "people"
REACHED = 1.0  # CRPS in units of a fact's error, up to which the fact is reached
PUBLIC = "users.people_per_agent"
USERS = "users.count"
_NOISE = 20_261_126  # seed of the errors of facts


@dataclass(frozen=True)
class Table:
    """Runs of worlds drawn from their ranges.

    Attributes
    ----------
    axes
        What was drawn, with its range.
    shares
        (runs, axes): where in its range each parameter lies.
    facts
        All facts of the case.
    shown
        (runs, facts): what runs show, on the scale of each fact; NaN: nothing, as without a vote.
    public
        (runs, facts): the public when each fact was counted, in people; NaN: it counts nobody.
    """

    axes: tuple[Axis, ...]
    shares: np.ndarray
    facts: tuple[Fact, ...]
    shown: np.ndarray
    public: np.ndarray

    @property
    def names(self) -> list[str]:
        """The parameters that were drawn."""
        return [axis.name for axis in self.axes]

    def columns(self, facts: Sequence[Fact]) -> list[int]:
        """Return the columns of some of the facts."""
        return [self.facts.index(fact) for fact in facts]

    def misses(self, facts: Sequence[Fact]) -> np.ndarray:
        """Return how far runs miss facts, (runs, facts), in units of their errors.

        Each run is measured with an error of its own, as the facts were: with it, worlds near the
        facts are the worlds that the facts do not rule out (Wilkinson 2013,
        doi:10.1515/sagmb-2013-0010). Beyond a bound nothing is missed.
        """
        luck = np.random.default_rng(_NOISE).standard_normal(self.shown.shape)
        errors = np.array([fact.error for fact in self.facts])
        return missed(facts, (self.shown + errors * luck)[:, self.columns(facts)])


def missed(facts: Sequence[Fact], shown: np.ndarray) -> np.ndarray:
    """Return by how many of its errors each fact is missed, (runs, facts); none beyond a bound."""
    clipped = [fact.clipped(shown[:, i]) - fact.observed for i, fact in enumerate(facts)]
    return np.column_stack(clipped) / np.array([fact.error for fact in facts])


def read_table(result: Result, case: Case) -> Table:
    """Return the table of a calibration's sweep, of worlds drawn from their ranges."""
    design = result.config["designs"]["prior"]
    problem, log = design["problem"], set(design.get("log", ()))
    axes = tuple(
        _axis(name, low, high, name in log)
        for name, (low, high) in zip(problem["names"], problem["bounds"], strict=True)
    )
    runs = finished(result.runs())
    return Table(axes, shares_of(axes, runs).to_numpy(), case.facts, *shown(result, runs, case))


def shown(result: Result, runs: pd.DataFrame, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return what runs show of the facts of a case, and the public that each fact counts.

    Returns
    -------
    On the scale of each fact, and in people (NaN: the fact counts nobody); (runs, facts) each.
    """

    def read(column: str, week: int) -> np.ndarray:
        return np.asarray(runs[Reading(column, week).name], dtype=float)

    users = runs[USERS] if USERS in runs else pd.Series(result.design.parameters[USERS], runs.index)
    count = users.to_numpy(dtype=float)
    nobody = np.full(len(runs), np.nan)
    shows = [fact.scaled(fact.shown(read, count, case.week_of)) for fact in case.facts]
    publics = [
        fact.public(read, count, case.week_of) if fact.counted else nobody for fact in case.facts
    ]
    return np.column_stack(shows), np.column_stack(publics)


def _axis(name: str, low: Any, high: Any, log: bool) -> Axis:
    whole = isinstance(declarations()[name].default, int)
    return Axis(name, low, high, range(int(low), int(high) + 1) if whole else (), log)


def shares_of(axes: Sequence[Axis], runs: pd.DataFrame) -> pd.DataFrame:
    """Return where in its range each parameter lies in runs; a column an axis."""
    return pd.DataFrame({axis.name: share_of(axis, runs[axis.name].to_numpy()) for axis in axes})


def share_of(axis: Axis, values: np.ndarray) -> np.ndarray:
    """Return where in its range values of a parameter lie, above 0 and below 1.

    Examples
    --------
    >>> share_of(Axis("horizon", 1, 4, range(1, 5)), np.array([1, 4]))
    array([0.125, 0.875])
    """
    if axis.steps:
        return np.asarray((values - axis.low + 0.5) / len(axis.steps))
    if axis.log:
        share = np.log(values / axis.low) / np.log(axis.high / axis.low)
    else:
        share = (values - axis.low) / (axis.high - axis.low)
    return np.clip(share, 1e-6, 1 - 1e-6)


def fitted(facts: Sequence[Fact], as_of: date | None) -> list[Fact]:
    """Return the facts that are fitted: before a date, if one is given, and not held out."""
    return [fact for fact in facts if fact.use == "fitted" and (as_of is None or fact.date < as_of)]


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
            found[which] = {CROWD: of, PROPENSITY: people - of, PEOPLE: people}
        for quantity in (CROWD, PROPENSITY, PEOPLE):
            ends = {which: _ends(each[quantity]) for which, each in found.items()}
            row: dict[str, object] = {"fact": fact.name, "quantity": quantity}
            for which, (low, middle, high) in ends.items():
                row |= {f"{which}_low": 10**low, f"{which}_high": 10**high}
                row[f"{which}_middle"] = 10**middle
            before, after = (ends[which][2] - ends[which][0] for which in (PRIOR, POSTERIOR))
            rows.append(row | {"width": after / before if before > 0 else np.nan})
    return pd.DataFrame(rows)
