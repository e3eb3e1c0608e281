"""The patterns, looked for in the runs of an experiment: a row a pattern and world."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.intervals import wilson
from experiments.analysis.tables import finished
from experiments.design.point import SAMPLE
from experiments.patterns.pattern import HALF_YEAR, STATISTICS, Campaigns, Pattern, PatternError
from experiments.store.result import Result
from sim.network import Network
from sim.parameters import Origin, Parameters, declarations
from sim.run import simulate

ORIGIN = "movement.origin"
LAUNCH, DELAY = "movement.launch_week", "movement.petition_delay"
USERS, PEOPLE = "users.count", "users.people_per_agent"
COMMITTED = "movement.organisers"
NAMED = "named"  # part of the worlds that have names
OUTER_CORES = 5  # of the network of signers, taken for the periphery
REACHES = 2  # campaigns of a world whose reach is looked at: they are simulated once more


def require_campaigns(world: Mapping[str, Any], has_case: bool, has_weeks: bool) -> None:
    """Refuse worlds whose campaigns cannot be looked at.

    Parameters
    ----------
    world
        Parameters by dotted name.
    has_case
        Whether the runs follow the record of a case.
    has_weeks
        Whether their weeks are recorded.

    Raises
    ------
    PatternError
        Saying what would be right.
    """
    if has_case:
        raise PatternError("patterns are looked for without the record of a case: leave case= out")
    if not has_weeks:
        raise PatternError("patterns are seen in the weeks: leave record_weekly=false out")
    origin = getattr(world[ORIGIN], "value", world[ORIGIN])
    if origin != Origin.GIVEN.value:
        raise PatternError(
            f"{ORIGIN}={origin}: patterns need a launch in a given week ({ORIGIN}=given)"
        )
    needed = int(world[LAUNCH]) + int(world[DELAY]) + HALF_YEAR
    if world["horizon"] < needed:
        raise PatternError(
            f"horizon={world['horizon']} must be {needed} or more: a petition is followed for "
            f"{HALF_YEAR} weeks after week {needed - HALF_YEAR}"
        )


def evaluate(result: Result, patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return what each pattern comes to in each world that can show it.

    Parameters
    ----------
    result
        Of an experiment that launches campaigns and records the weeks.
    patterns
        What to look for.

    Returns
    -------
    pandas.DataFrame
        ``pattern``, ``part``, ``world`` (label or number of the drawn world), ``value`` (NaN where
        the campaigns are too few or never came so far), ``holds``.

    Raises
    ------
    PatternError
        If the campaigns of a world cannot be looked at.
    """
    runs, weekly, base = finished(result.runs()), result.weekly(), result.design.parameters
    for _, run in runs.drop_duplicates("point").iterrows():
        values = {name: run.get(name, value) for name, value in base.items()}
        require_campaigns(values, bool(result.design.case), not weekly.empty)
    shown = [pattern for pattern in patterns if pattern.statistic is not None]
    rows = []
    for part, world, campaigns in worlds(runs, weekly, base):
        for pattern in shown:
            seen = pattern.part is None and part in (NAMED, pattern.drawn_in)
            if seen and campaigns.public >= pattern.least_public:
                value = STATISTICS[str(pattern.statistic)](campaigns, **pattern.arguments)
                rows.append((pattern.name, part, world, value, pattern.holds(value)))
    for pattern in shown:
        if len(own := runs[runs["part"] == pattern.part]):
            value = _of_curve(pattern, own, base)
            rows.append((pattern.name, str(pattern.part), "default", value, pattern.holds(value)))
    return pd.DataFrame(rows, columns=["pattern", "part", "world", "value", "holds"])


def summarise(table: pd.DataFrame, patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return a row a pattern: what it comes to in each named world, and its share of drawn worlds.

    Columns: ``number``, ``title``, ``use``, a column a named world with its value, ``share``,
    ``low`` and ``high`` (95 %, Wilson) of the drawn worlds in which it holds, ``worlds``.
    """
    rows = []
    for pattern in patterns:
        found = table[table["pattern"] == pattern.name]
        row: dict[str, Any] = {name: getattr(pattern, name) for name in ("number", "title", "use")}
        is_drawn = found["part"] == pattern.drawn_in
        drawn = found[is_drawn]
        for each in found[~is_drawn].itertuples():
            row[f"value in {each.world}"] = each.value
            row[f"holds in {each.world}"] = each.holds
        if len(drawn):
            low, high = wilson(int(drawn["holds"].sum()), len(drawn))
            row |= {"share": drawn["holds"].mean(), "low": float(low), "high": float(high)}
        rows.append(row | {"worlds": len(drawn)})
    return pd.DataFrame(rows)


def worlds(
    runs: pd.DataFrame, weekly: pd.DataFrame, base: Mapping[str, Any]
) -> Iterator[tuple[str, str, Campaigns]]:
    """Yield the campaigns of every point, after its part and the name of its world."""
    by_point = dict(tuple(weekly.groupby("point", sort=False)))
    for point, own in runs.groupby("point", sort=True):
        first = own.iloc[0]
        named = str(first.get("label", "") or "")
        sample = first.get(SAMPLE, -1)
        world = named or (str(sample) if sample >= 0 else str(point))
        yield str(first["part"]), world, _campaigns(own, by_point[point], base)


def _campaigns(runs: pd.DataFrame, weekly: pd.DataFrame, base: Mapping[str, Any]) -> Campaigns:
    """Return the campaigns of a point."""

    def value(name: str) -> float:
        return float(runs[name].iloc[0] if name in runs else base[name])

    weeks = int(weekly["week"].max()) + 1

    def series(name: str) -> np.ndarray:
        return np.asarray(weekly[name].to_numpy(dtype=float).reshape(-1, weeks))

    launch = int(value(LAUNCH))
    opening = launch + int(value(DELAY)) + 1  # signing begins the week after the petition opens
    people = series("people_per_agent") * value(USERS)
    return Campaigns(
        signatures=series("signatures")[:, opening : opening + HALF_YEAR],
        active=(series("active") * people)[:, launch:],
        organisers=(series("organisers") * people)[:, launch:],
        vote=runs["vote_share"].to_numpy(dtype=float),
        reach=np.array([_reach(runs.iloc[row], base) for row in range(min(REACHES, len(runs)))]),
        public=value(USERS) * value(PEOPLE),
    )


def _reach(run: pd.Series, base: Mapping[str, Any]) -> float:
    """Return what share of its reach a campaign keeps without its periphery; NaN without one."""
    parameters = Parameters.from_dict(
        {name: run.get(name, value) for name, value in base.items() if name in declarations()}
    )
    again = simulate(parameters, int(run["seed"]))
    return reach_of_core(again.network, again.state.users.signed != 0, OUTER_CORES)


def reach_of_core(network: Network, signed: np.ndarray, outer: int) -> float:
    """Return the share of the signers' neighbours that those within the outer cores have.

    The outer cores are taken off by removing, again and again, signers with that many neighbours
    or fewer among the signers left (Seidman 1983, doi:10.1016/0378-8733(83)90028-X).

    Parameters
    ----------
    network
        The ties between users.
    signed
        bool, (users,): who signed.
    outer
        How many cores are the periphery.
    """
    degrees = np.diff(network.offsets)
    whole = degrees[signed].sum()
    if whole == 0:
        return math.nan
    ends = np.repeat(np.arange(len(degrees)), degrees)
    left = signed.copy()
    while True:
        within = left[ends] & left[network.neighbours]
        inner = left & (np.bincount(ends[within], minlength=len(left)) > outer)
        if (inner == left).all():
            return float(degrees[left].sum() / whole)
        left = inner


def _of_curve(pattern: Pattern, runs: pd.DataFrame, base: Mapping[str, Any]) -> float:
    """Return a statistic of participation by what a part varies."""
    arguments = dict(pattern.arguments)
    over = arguments.pop("over")
    x, peak = runs[over], runs["peak_share"]
    if over == COMMITTED:
        x = x / (base[USERS] * base[PEOPLE])
        peak = peak / (1.0 - x)
    return STATISTICS[str(pattern.statistic)](peak.groupby(x).mean(), **arguments)
