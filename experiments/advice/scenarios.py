"""How the record of a firm may go on, and the world of each run that follows it.

Replicate *r* of every choice is world *r*. Within a scenario it has the same path of the price, the
same week of the event and the same luck: choices differ by nothing else. Another scenario has other
luck, so that its runs tell something new of the world.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.advice.record import Record
from experiments.design.experiment import Point
from sim.history import History
from sim.parameters import Parameters
from sim.rules.environment import decaying, shock

YEAR = 52
DRIFT_WEEKS = 2 * YEAR  # for which the price falls on or recovers
EVENT_WEEKS = 78  # after the question, within which an event comes
LOOKS = (13, 26, 52)  # weeks after the question at which one may look again
THREAT_RISE, THREAT_RAMP, THREAT_HALF_LIFE = 0.3, 4, 104.0


class Scenario(NamedTuple):
    """A way in which the record may go on."""

    drift: float = 0.0  # of the logarithm of the price, in yearly standard deviations a year
    event: str = ""  # closure, takeover, scandal or threat


SCENARIOS = {
    "as it is": Scenario(),
    "falls on": Scenario(drift=-1.0),
    "recovers": Scenario(drift=1.0),
    "closure rumour": Scenario(event="closure"),
    "takeover": Scenario(event="takeover"),
    "scandal": Scenario(event="scandal"),
    "threat": Scenario(event="threat"),
}
"""By their names, which the parts of the sweep have too."""


class Luck(NamedTuple):
    """What the luck of a world in a scenario is, apart from the model's own."""

    event: int  # week of the event
    steps: np.ndarray  # of the logarithm of the price, from the week after the last known price


@dataclass(frozen=True)
class Futures:
    """Makes the world of each run: the parameters of its replicate, the record of its scenario.

    Parameters
    ----------
    record
        What is known.
    worlds
        Parameters by dotted name, a dictionary a replicate.
    seed
        Of replicate 0.
    draws_meeting
        Whether the week of the annual meeting is not known.
    """

    record: Record
    worlds: tuple[dict[str, Any], ...]
    seed: int
    draws_meeting: bool

    @cached_property
    def digest(self) -> str:
        """A digest of all that the runs depend on beside their points."""
        rules = Path(__file__).read_bytes()
        parts = (self.record.digest, self.worlds[0], self.draws_meeting, rules)
        return f"{self.record.name} {hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"

    def __call__(
        self, parameters: Parameters, point: Point, seed: int
    ) -> tuple[Parameters, History, int]:
        """Return the world of a run, the record that it follows, and its own seed."""
        name = point["part"]
        scenario, own = SCENARIOS[name], self.seed_of(name, seed)
        luck, changes = self.luck(own), dict(self.worlds[seed - self.seed])
        if self.draws_meeting:
            changes["vote.first_meeting"] = self.meeting(seed)
        if scenario.event and scenario.event != "threat":
            changes[f"events.{scenario.event}_week"] = luck.event
        world = parameters.replace(changes)
        return world, self.history(scenario, luck, world), own

    def seed_of(self, name: str, seed: int) -> int:
        """Return the seed of a scenario's runs in the replicate with this seed."""
        return seed + (list(SCENARIOS).index(name) << 32)

    def meeting(self, seed: int) -> int:
        """Return the week of the first annual meeting of a replicate, where it is not known."""
        return int(np.random.default_rng((seed, 1)).integers(1, YEAR + 1))

    def luck(self, own: int) -> Luck:
        """Return the luck of the runs with this seed."""
        rng, record = np.random.default_rng(own), self.record
        event = record.now + int(rng.integers(1, EVENT_WEEKS + 1))
        unknown = len(record.history.price) - 1 - record.last
        return Luck(event, rng.choice(record.steps, unknown))

    def seen(self, replicate: int) -> dict[str, float]:
        """Return what an organiser sees of a world in each scenario.

        ``event SCENARIO``: weeks from the question to the event; ``price SCENARIO 26``: the change
        of the logarithm of the price 26 weeks after the question, and so on for the other looks.
        """
        record, known, found = self.record, self.record.now - self.record.last, {}
        for name, scenario in SCENARIOS.items():
            luck = self.luck(self.seed_of(name, self.seed + replicate))
            walk = np.concatenate([[0.0], np.cumsum(luck.steps)])
            drift = scenario.drift * record.volatility / math.sqrt(YEAR)
            found[f"event {name}"] = float(luck.event - record.now)
            for weeks in LOOKS:
                found[f"price {name} {weeks}"] = walk[known + weeks] - walk[known] + drift * weeks
        return found

    def history(self, scenario: Scenario, luck: Luck, world: Parameters) -> History:
        """Return the record with what a scenario adds to it, over the horizon of a world."""
        record, weeks = self.record, np.arange(world.horizon + 1)
        price = record.history.price.copy()
        drift = scenario.drift * record.volatility / math.sqrt(YEAR)
        price[record.last + 1 :] *= np.exp(np.cumsum(luck.steps))
        price *= np.exp(drift * np.clip(np.arange(len(price)) - record.now, 0, DRIFT_WEEKS))
        found = record.history._replace(price=price)
        found = History(*(series[: world.horizon + 1] for series in found))
        if scenario.event == "threat":
            level = np.where(np.isnan(found.threat), world.threat.base, found.threat)
            rise = [shock(week, luck.event, THREAT_RAMP, THREAT_HALF_LIFE) for week in weeks]
            return found._replace(threat=np.minimum(level + THREAT_RISE * np.array(rise), 1.0))
        events = world.events
        if scenario.event == "takeover":
            gain = events.takeover_size * events.takeover_premium
            half_life = events.takeover_half_life
        elif scenario.event == "closure":
            gain = -events.closure_size * events.closure_discount
            half_life = events.closure_half_life
        else:
            return found
        strength = np.array([decaying(week, luck.event, half_life) for week in weeks])
        return found._replace(price=found.price * np.exp(gain * strength))
