"""What is known of a firm on the day of the question, and how its price has moved until then."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from experiments.cases.record import ACTING, UNLIMITED, Knot, history
from experiments.errors import MomentumError
from sim.history import History, no_history
from sim.parameters import Events, Origin, Parameters, declarations
from sim.run import simulate

if TYPE_CHECKING:
    from experiments.cases.case import Case

FEWEST = 12  # changes of the price, from which its steps are drawn
LONGEST_GAP = timedelta(weeks=53)  # from the last price to the day of the question
PRESET_WEEKS = 104  # that a firm of the model has lived


class AdviceError(MomentumError, ValueError):
    """A question that cannot be answered; the message is one line."""

    topic = "advice"


@dataclass(frozen=True)
class Record:
    """What is known of a firm on a day.

    Examples
    --------
    >>> from experiments.cases.reader import read_case
    >>> known = of_case(read_case("conf/case/buytwitter.yaml"), date(2016, 9, 29), 10)
    >>> known.now, known.last, float(known.history.takeover[known.now])
    (150, 150, 1.0)
    """

    name: str
    day: date | None  # of the question; None: a firm of the model
    now: int  # the last week that is over on that day
    last: int  # the last week whose price is known
    history: History  # up to now, and held at the last value for so many weeks as were asked for
    steps: np.ndarray  # weekly steps of the logarithm of the price, without their mean

    @property
    def digest(self) -> str:
        """A digest of all that is known."""
        parts = (*self.history, self.steps, np.array([self.now, self.last]))
        joined = b"".join(np.asarray(part, dtype=float).tobytes() for part in parts)
        return hashlib.sha256(joined).hexdigest()[:16]

    @property
    def volatility(self) -> float:
        """The standard deviation of the logarithm of the price in a week."""
        return float(self.steps.std())


def of_case(case: Case, day: date | None, ahead: int) -> Record:
    """Return what a case tells of its firm before a day.

    Parameters
    ----------
    case
        With prices.
    day
        Of the question; only what is dated before it is used. None: the day after the last price.
    ahead
        Weeks for which the record is held at its last values.

    Raises
    ------
    AdviceError
        If the record has too few prices before the day, or ended long before it.
    """
    prices = case.knots.get("price", ())
    if not prices:
        raise AdviceError(
            f"{case.path}: there are no prices; advice needs them to know how the firm's price "
            "may go on: add a column (or series) price"
        )
    day = day or prices[-1].first + timedelta(days=1)
    if day <= case.start:
        raise AdviceError(
            f"as_of={day} lies before the record of {case.name}, which begins on {case.start}; "
            "ask about a later day"
        )
    known = {name: found for name in case.knots if (found := _known(case.knots[name], day))}
    prices = known.get("price", ())
    apart = _a_week_apart(prices)
    if len(apart) <= FEWEST:
        raise AdviceError(
            f"as_of={day}: the record of {case.name} has {len(apart)} prices a week or more apart "
            f"before that day; advice needs {FEWEST + 1} or more to know how its price moves"
        )
    if day - prices[-1].first > LONGEST_GAP:
        raise AdviceError(
            f"as_of={day}: the record of {case.name} ends on {prices[-1].first}, more than a year "
            "before; add later prices or ask about an earlier day"
        )
    now = (day - timedelta(days=1) - case.start).days // 7
    events = [
        event._replace(until=UNLIMITED, half_life=getattr(Events(), f"{event.kind}_half_life"))
        if event.kind in ACTING and now < event.until < UNLIMITED
        else event
        for event in case.events
        if event.date < day
    ]
    return Record(
        name=case.name,
        day=day,
        now=now,
        last=(prices[-1].first - case.start).days // 7,
        history=history(case.start, known, events, now + ahead),
        steps=_steps(apart),
    )


def of_model(name: str, parameters: Parameters, seed: int, ahead: int) -> Record:
    """Return the record of a firm of the model: one run of it without a launch."""
    world = parameters.replace({"movement.origin": Origin.NEVER.value, "horizon": PRESET_WEEKS})
    weeks = simulate(world, seed).records
    price = weeks["price"]
    steps = np.diff(np.log(price))

    def held(series: np.ndarray) -> np.ndarray:
        return np.pad(series, (0, ahead), mode="edge")

    return Record(
        name=name,
        day=None,
        now=PRESET_WEEKS,
        last=PRESET_WEEKS,
        history=no_history(PRESET_WEEKS + ahead)._replace(
            price=held(price),
            revenue=held(weeks["revenue"]),
            margin=held(weeks["net_income"] / weeks["revenue"]),
        ),
        steps=steps - steps.mean(),
    )


def unknown_parameters(case: Case, day: date | None) -> list[str]:
    """Return the parameters that the case sets from what was known only on that day or later."""
    if day is None:
        return []
    return [name for name, known in case.parameters_known.items() if known >= day]


def held_parameters(case: Case | None, given: frozenset[str], parameters: Parameters) -> set[str]:
    """Return what is not drawn: what the case, the preset or the user sets."""
    usual = {
        name: getattr(each.default, "value", each.default) for name, each in declarations().items()
    }
    changed = {name for name, value in parameters.flat().items() if value != usual[name]}
    return changed | (given & usual.keys()) | (set() if case is None else set(case.parameters))


def _known(knots: tuple[Knot, ...], day: date) -> tuple[Knot, ...]:
    """Return the figures that were there before a day: of a period, once it was over."""
    return tuple(knot for knot in knots if (knot.after or knot.first + timedelta(days=1)) <= day)


def _a_week_apart(prices: tuple[Knot, ...]) -> list[Knot]:
    """Return prices that are a week or more apart: records hold more of the days that were wild."""
    kept = list(prices[:1])
    for price in prices[1:]:
        if price.first - kept[-1].first >= timedelta(days=7):
            kept.append(price)
    return kept


def _steps(prices: list[Knot]) -> np.ndarray:
    days = np.array([(price.first - prices[0].first).days for price in prices], dtype=float)
    logs = np.log([price.value for price in prices])
    steps = np.diff(logs) / np.sqrt(np.diff(days) / 7.0)
    return np.asarray(steps - steps.mean())
