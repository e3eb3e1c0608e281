"""What a pattern is: a statistic, the range in which it was seen, and the source.

Each file of ``conf/pattern/`` is one. Its ``use`` was committed before the model was changed: a
pattern may set defaults and ranges, or it is held out and tests them, or the model does not
represent it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from experiments.errors import MomentumError
from experiments.files import read_yaml
from experiments.patterns.statistics import STATISTICS
from experiments.places import CONF
from experiments.validation import Description, refusal, validated
from sim.parameters import unknown_name

FOLDER = CONF / "pattern"


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
    """Name of a function in `experiments.patterns.statistics`; None: no run can show it."""
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
