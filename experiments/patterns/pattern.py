"""What a pattern is: a statistic, the range in which it was seen, and the source.

Each file of ``conf/pattern/`` is one. Its ``use`` was committed before the model was changed: a
pattern may set defaults and ranges, or it is held out and tests them, or the model does not
represent it.

A statistic is a function of the campaigns of one world, which are its runs: the same launch with
other luck. Time is counted from the opening of the petition, and a campaign is followed for half a
year, as the petitions were that the patterns come from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator
from scipy.stats import spearmanr

from experiments.errors import MomentumError
from experiments.files import read_yaml
from experiments.places import CONF
from experiments.validation import Description, refusal, validated
from sim.parameters import unknown_name

FOLDER = CONF / "pattern"
HALF_YEAR = 26  # weeks that a petition is open
FEWEST = 10  # campaigns from which a distribution can be seen
BURST = 3.0  # times the signatures of the week before
BURST_SHARE = 0.05  # of all signatures, in one week


class PatternError(MomentumError):
    """A pattern that cannot be read; the message is one line."""

    topic = "patterns"


class Pattern(Description):
    """A fact about campaigns that a sound model shows."""

    name: str
    number: float | int
    title: str
    statement: str
    use: Literal["defaults", "test", "not represented"]
    observed: str
    source: str
    statistic: str | None = None
    """Name of a function in `experiments.patterns.pattern`; None: no run can show it."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    part: str | None = None
    """Part of the experiment in which it is seen; None: in every world with campaigns."""
    drawn_in: str = "drawn"
    """Part whose drawn worlds it is looked for in."""
    range: list[float] | None = None
    """Lowest and highest value at which the pattern holds."""
    quantiles: dict[str, float] = Field(default_factory=dict)
    """Of what was observed, by q05, q25, q50, q75 or q95, for the figure beside the model's."""
    least_public: float | int = 0
    """People; a smaller public cannot show it."""
    reason: str = ""
    """Why the model does not represent it, or where else it is checked."""

    @model_validator(mode="after")
    def _complete(self) -> Pattern:
        if self.statistic is not None and self.statistic not in STATISTICS:
            raise refusal(f"statistic: {unknown_name(self.statistic, list(STATISTICS))}")
        if (self.statistic is None) != (self.range is None):
            raise refusal("a statistic and its range belong together")
        if self.range is not None and (len(self.range) != 2 or self.range[0] > self.range[1]):
            raise refusal("range: give the lowest and the highest value, [low, high]")
        if self.statistic is None and not self.reason:
            raise refusal("without a statistic, give the reason")
        return self

    def holds(self, value: float) -> bool:
        """Return whether the pattern holds in a world whose statistic has this value."""
        assert self.range is not None
        return self.range[0] <= value <= self.range[1]


@cache
def read_patterns(folder: Path = FOLDER) -> tuple[Pattern, ...]:
    """Return the patterns of a folder, in the order of their numbers.

    Raises
    ------
    PatternError
        For a file that does not describe a pattern, with file and place.
    """
    found = [
        validated(Pattern, {**read_yaml(path), "name": path.stem}, str(path), PatternError)
        for path in sorted(folder.glob("*.yaml"))
    ]
    return tuple(sorted(found, key=lambda pattern: pattern.number))


@dataclass(frozen=True)
class Campaigns:
    """The campaigns of one world, a row each, a column a week."""

    signatures: np.ndarray
    """float, (campaigns, 26): people who have signed by the end of each week of the petition."""
    active: np.ndarray
    """float, (campaigns, weeks): people taking part, the launching organisers included."""
    organisers: np.ndarray
    """float, (campaigns, weeks): people organising."""
    vote: np.ndarray
    """float, (campaigns,): best support of a proposal; NaN without a vote."""
    reach: np.ndarray
    """float, (campaigns,): share of the reach that is left to the innermost cores; NaN: none."""
    public: float
    """People in the world."""


def share_above(campaigns: Campaigns, signatures: float, at_least: float = 0.0) -> float:
    """Return the share of campaigns with more signatures, of those with at least so many."""
    final = campaigns.signatures[:, -1]
    final = final[final >= at_least]
    return float((final > signatures).mean()) if len(final) >= FEWEST else math.nan


def share_of_top_tenth(campaigns: Campaigns, at_least: float) -> float:
    """Return the share of all signatures that the largest tenth of the campaigns holds.

    Of the campaigns with at least so many signatures.
    """
    final = np.sort(campaigns.signatures[:, -1])
    final = final[final >= at_least]
    if len(final) < FEWEST:
        return math.nan
    return float(final[-math.ceil(len(final) / 10) :].sum() / final.sum())


def shares_by_week(campaigns: Campaigns, weeks: int) -> np.ndarray:
    """Return the share of its signatures that each campaign has after so many weeks."""
    final = campaigns.signatures[:, -1]
    signed = final > 0
    return np.asarray(campaigns.signatures[signed, weeks - 1] / final[signed])


def share_by_week(campaigns: Campaigns, weeks: int) -> float:
    """Return the median of `shares_by_week`."""
    return _median(shares_by_week(campaigns, weeks))


def rank_correlation_of_first_week(campaigns: Campaigns) -> float:
    """Return Spearman's correlation of the first week's signatures with the total."""
    first, final = campaigns.signatures[:, 0], campaigns.signatures[:, -1]
    if len(final) < FEWEST or len(set(first)) < 2 or len(set(final)) < 2:
        return math.nan
    return float(spearmanr(first, final).statistic)


def share_with_second_burst(campaigns: Campaigns) -> float:
    """Return the share of campaigns with a burst after the first week.

    A week with over three times the signatures of the week before and over 5 % of all of them.
    """
    weekly = np.diff(campaigns.signatures, axis=1, prepend=0.0)
    final = campaigns.signatures[:, -1:]
    bursts = (weekly[:, 1:] > BURST * weekly[:, :-1]) & (weekly[:, 1:] > BURST_SHARE * final)
    signed = final[:, 0] > 0
    return float(bursts[signed].any(axis=1).mean()) if signed.sum() >= FEWEST else math.nan


def activity_left(campaigns: Campaigns, weeks: int) -> float:
    """Return the median share of those active at the peak who are active so many weeks later.

    Campaigns whose peak lies too late to tell are left out; NaN if those are most.
    """
    peak = campaigns.active.argmax(axis=1)
    rows = np.flatnonzero(peak + weeks < campaigns.active.shape[1])
    rows = rows[campaigns.active[rows, peak[rows]] > 0]
    if 2 * len(rows) < len(peak):
        return math.nan
    left = campaigns.active[rows, peak[rows] + weeks] / campaigns.active[rows, peak[rows]]
    return _median(left)


def organisers_per_signature(campaigns: Campaigns) -> float:
    """Return the median ratio of the most organisers at a time to all signatures."""
    final = campaigns.signatures[:, -1]
    signed = final > 0
    return _median(campaigns.organisers[signed].max(axis=1) / final[signed])


def reach_of_the_core(campaigns: Campaigns) -> float:
    """Return the median share of the reach that is left without the periphery."""
    return _median(campaigns.reach[~np.isnan(campaigns.reach)])


def median_vote(campaigns: Campaigns) -> float:
    """Return the median of the best support of a proposal, over campaigns that had a vote."""
    return _median(campaigns.vote[~np.isnan(campaigns.vote)])


def rise_and_fall(curve: pd.Series) -> float:
    """Return by how much participation is lower at both ends than at its highest, as a share of it.

    Parameters
    ----------
    curve
        Mean participation by what is varied, in ascending order.
    """
    highest = curve.max()
    if highest <= 0:
        return math.nan
    return float(1.0 - max(curve.iloc[0], curve.iloc[-1]) / highest)


def tipping_share(curve: pd.Series) -> float:
    """Return the smallest committed share from which most of the others take part; NaN if none.

    Parameters
    ----------
    curve
        Share of the others who take part, by the committed share, in ascending order.
    """
    tipped = curve[curve > 0.5]
    return float(tipped.index[0]) if len(tipped) else math.nan


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else math.nan


STATISTICS: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        share_above, share_of_top_tenth, share_by_week, rank_correlation_of_first_week,
        share_with_second_burst, activity_left, organisers_per_signature, reach_of_the_core,
        median_vote, rise_and_fall, tipping_share,
    )
}  # fmt: skip
