"""Two worlds with the same luck that differ in what a visitor chooses."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.parameters import Framing, Origin, Parameters, Policy
from sim.twin import SOCIAL_INFLUENCE
from view.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.config.settings import Settings

HALF_YEAR = 26  # weeks
CHOICES: dict[str, dict[Enum, str]] = {
    "movement.framing": {
        Framing.TWO_STAGE: "First the commons, then the cooperative too",
        Framing.COOPERATIVE: "Argue for the cooperative alone",
        Framing.COMMONS: "Argue for the commons alone",
        Framing.MIXED: "Argue for both at once",
    },
    "firm.policy": {
        Policy.CONCEDE: "The board concedes",
        Policy.RESIST: "The board resists",
        Policy.IGNORE: "The board ignores it",
    },
}


class Question(NamedTuple):
    """A difference that has a name."""

    key: str
    text: str
    differences: dict[str, Any]


class Pair:
    """A visitor's two runs.

    Parameters
    ----------
    settings
        The world to begin with.
    differences
        What differs in the other world; by default the first of `questions`.
    """

    def __init__(self, settings: Settings, differences: Mapping[str, Any] | None = None) -> None:
        self.here, self.there = Session(settings), Session(settings)
        if differences is None:
            differences = questions(settings.parameters)[0].differences
        self.differ(differences)

    def differ(self, differences: Mapping[str, Any]) -> None:
        """Begin both anew, the other world with these differences.

        Raises
        ------
        ParameterError, ConfigError
            If there is no such world; then nothing changes.
        """
        self.there.restart(self.here.wanted.replace(differences), self.here.seed)
        self.differences = dict(differences)
        self.here.begin()

    def choose_story(self, key: str) -> None:
        """Begin both anew with a story; they differ as before, if they can.

        Raises
        ------
        ConfigError, ParameterError, CaseError
            If there is no such world; then nothing changes.
        """
        self.here.choose_story(key)
        self.there.choose(self.here.settings)
        try:
            self.differ(self.differences)
        except ValueError:
            self.differ(questions(self.here.wanted)[0].differences)

    def reseed(self, seed: Any) -> None:
        """Begin both anew with other luck.

        Raises
        ------
        ParameterError
            For what cannot be a seed.
        """
        self.here.restart(self.here.wanted, seed)
        self.differ(self.differences)

    def begin(self) -> None:
        """Begin both anew."""
        self.here.begin()
        self.there.begin()

    def advance(self, weeks: int = 1) -> None:
        """Step both, up to their horizons at most."""
        self.here.advance(weeks)
        self.there.advance(weeks)

    @property
    def week(self) -> int:
        """The week reached."""
        return max(self.here.model.week, self.there.model.week)

    @property
    def horizon(self) -> int:
        """The last week of the longer run."""
        return max(self.here.wanted.horizon, self.there.wanted.horizon)


def questions(parameters: Parameters) -> list[Question]:
    """Return the named differences that make sense in a world, the launch first."""
    movement = parameters.movement
    found = []
    if movement.origin is Origin.GIVEN:
        earlier = max(movement.launch_week - HALF_YEAR, 1)
        later = min(movement.launch_week + HALF_YEAR, parameters.horizon)
        found = [
            Question("earlier", "Launch half a year earlier", {"movement.launch_week": earlier}),
            Question("later", "Launch half a year later", {"movement.launch_week": later}),
        ]
    if movement.origin is not Origin.NEVER:
        found.append(Question("never", "No campaign at all", {"movement.origin": "never"}))
    for name, texts in CHOICES.items():
        found += [
            Question(choice.value, text, {name: choice.value})
            for choice, text in texts.items()
            if parameters.value(name) != choice.value
        ]
    alone = {f"{group}.{name}": 0.0 for group, name in SOCIAL_INFLUENCE}
    return [*found, Question("alone", "Nobody influences anybody", alone)]
