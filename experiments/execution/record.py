"""The record of a case that a run follows, changed as its point says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.cases.case import CaseError
from experiments.design.reading import HISTORY, DesignError
from experiments.store.parts import Reading
from sim.history import History, no_history

if TYPE_CHECKING:
    from experiments.cases.case import Case

FACTS = "docs/calibration.md says how facts are written"

LEVELS = 5  # paths of a history that are levels; the rest are events


def point_history(case: Case | None, point: Mapping[str, Any], horizon: int) -> History | None:
    """Return the record a point follows, changed as the point says; None for no record.

    A path that comes *k* weeks later starts with *k* weeks at its first value. A frozen record has
    no trend and no events: all weeks are alike.
    """
    choices = {name: point.get(name, default) for name, default in HISTORY.items()}
    if case is None or not choices["history.recorded"]:
        return None
    frozen = choices["history.frozen_week"]
    if frozen >= 0:
        levels = case.history(frozen)[:LEVELS]
        held = [np.full(horizon + 1, series[frozen]) for series in levels]
        return History(*held, *no_history(horizon)[LEVELS:])
    price, threat = choices["history.price_shift"], choices["history.threat_shift"]
    history = case.history(horizon + max(0, -price, -threat))

    def shifted(series: np.ndarray, weeks: int) -> np.ndarray:
        source = np.arange(horizon + 1) - weeks
        return np.asarray(series[np.clip(source, 0, None)])

    moved = {"price": price, "revenue": price, "margin": price, "threat": threat}
    paths = zip(History._fields, history, strict=True)
    return History(*(shifted(series, moved.get(name, 0)) for name, series in paths))


def readings_of(case: Case | None, horizon: int) -> tuple[Reading, ...]:
    """Return the columns and weeks of the weekly table in which the facts of a case show.

    Raises
    ------
    DesignError
        Without a case.
    CaseError
        If it has no facts, or one of them lies beyond the horizon.
    """
    if case is None:
        raise DesignError("facts are those of a case: give case=NAME or case.file=PATH")
    if not case.facts:
        raise CaseError(f"{case.path}: the case has no facts to fit; {FACTS}")
    late = [fact for fact in case.facts if case.week_of(fact.date) > horizon]
    if late:
        raise CaseError(
            f"{case.path}: {late[0].name} of {late[0].date} is in week "
            f"{case.week_of(late[0].date)}, beyond the horizon; set horizon to that or more"
        )
    found = (each for fact in case.facts for each in fact.readings(case.week_of))
    return tuple(Reading(*each) for each in dict.fromkeys(found))
