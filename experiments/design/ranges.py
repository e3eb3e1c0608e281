"""Ranges of parameters, from which worlds are drawn.

Whole numbers and choices are drawn by their position, each as likely as any other; so a step of
Morris, two of four levels, always changes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from experiments.design.reading import DesignError, check_value, check_values, within
from sim.parameters import ParameterError, Parameters, Role, declarations, unknown_name


class Axis(NamedTuple):
    """A parameter and the range from which it is drawn."""

    name: str
    low: Any  # of choices, the first
    high: Any  # of choices, the last
    steps: Sequence[Any] = ()  # all values there are, in order, of whole numbers and choices
    log: bool = False  # whether the logarithm is drawn evenly

    def at(self, share: float) -> Any:
        """Return the value at a share, 0 to 1, of the range."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        if not self.steps:
            return self.low + share * (self.high - self.low)
        return self.steps[min(int(share * len(self.steps) + 1e-9), len(self.steps) - 1)]

    def all_at(self, shares: np.ndarray) -> list[Any]:
        """Return the values at many shares, float64, (n,): what `at` gives for each, but faster."""
        if self.log:
            return [self.at(share) for share in shares.tolist()]
        if not self.steps:
            return list((self.low + shares * (self.high - self.low)).tolist())
        places = np.minimum((shares * len(self.steps) + 1e-9).astype(int), len(self.steps) - 1)
        return [self.steps[place] for place in places.tolist()]

    @property
    def named(self) -> bool:
        """Whether the values are choices."""
        return isinstance(self.low, str)

    @property
    def bounds(self) -> list[float]:
        """The range in numbers: of choices, that of their positions."""
        return [0, len(self.steps) - 1] if self.named else [self.low, self.high]


def axes(
    ranges: Any,
    left_out: Collection[str],
    held: Collection[str],
    forced: Collection[str],
) -> list[Axis]:
    """Return the ranges of a part, in the order of its names.

    Parameters
    ----------
    ranges
        ``world``, ``all``, a list of names, or name: [low, high], null for the declared range;
        ``[low, high, log]`` draws the logarithm evenly, ``world: null`` beside names stands for
        what ``world`` holds.
    left_out
        Names that are not drawn although ``ranges`` holds them.
    held
        Names that are not drawn, since the user gave them a value.
    forced
        Names that every variant of the part sets: to draw them would be in vain.

    Raises
    ------
    DesignError
        For unknown names, ranges that are none, and names set by every variant.
    """
    for name in left_out:
        _require_declared(name, "except")
    found: dict[str, Any]
    if ranges in ("world", "all"):
        declared = _declared_ranges(only_world=ranges == "world")
        found = dict.fromkeys(name for name in declared if name not in forced)
    elif isinstance(ranges, Mapping):
        found = {str(name): span for name, span in ranges.items()}
        if "world" in found:
            declared = [name for name in _declared_ranges(only_world=True) if name not in forced]
            found = dict.fromkeys(declared) | {n: s for n, s in found.items() if n != "world"}
    elif isinstance(ranges, list | tuple):
        found = dict.fromkeys(str(name) for name in ranges)
        if len(found) < len(ranges):
            twice = next(name for name in ranges if list(ranges).count(name) > 1)
            raise DesignError(f"ranges: {twice} is named twice")
    else:
        raise DesignError(
            f"ranges = {ranges!r} must be world, all, a list of names, or name: [low, high] pairs"
        )
    for name in found:
        _require_declared(name, "ranges")
        if name in forced:
            raise DesignError(f"{name} is given twice, by ranges and by every variant")
    drawn = {name: found[name] for name in found if name not in left_out and name not in held}
    if not drawn:
        raise DesignError("ranges leaves nothing to be drawn")
    return [_axis(name, span) for name, span in drawn.items()]


def _declared_ranges(only_world: bool) -> list[str]:
    """Return the parameters whose declaration has a range."""
    return [
        name
        for name, declaration in declarations().items()
        if declaration.metadata["plausible"] is not None
        and not (only_world and declaration.metadata["role"] is not Role.WORLD)
    ]


def _require_declared(name: str, key: str) -> None:
    if name not in declarations():
        raise DesignError(f"{key}: {unknown_name(name)}")


def _axis(name: str, span: Any) -> Axis:
    default = declarations()[name].default
    with within(f"range of {name}"):
        if isinstance(default, Enum):
            chosen = _choices(name, default) if span is None else check_values(name, span)
            if len(chosen) < 2:
                raise DesignError("give two different choices or more")
            return Axis(name, chosen[0], chosen[-1], tuple(chosen))
        if isinstance(default, str):
            raise DesignError("a text has no range; list its values in points or a CSV file")
        span = declarations()[name].metadata["plausible"] if span is None else span
        if span is None:
            raise DesignError(f"none is declared; give {name}: [low, high]")
        span = span if isinstance(span, list | tuple) else [span]
        log = len(span) == 3 and span[2] == "log"
        if len(span) != 2 and not log:
            raise DesignError(f"{span!r} must be [low, high] or [low, high, log]")
        low, high = (check_value(name, value) for value in span[:2])
        if not low < high:
            raise DesignError(f"[{low:g}, {high:g}]: low must be below high")
        if log and (isinstance(default, int) or low <= 0):
            raise DesignError(f"[{low:g}, {high:g}, log] must be numbers above 0, not whole ones")
    return Axis(name, low, high, range(low, high + 1) if isinstance(default, int) else (), log)


def _choices(name: str, default: Enum) -> list[Any]:
    """Return the choices that need no further parameter, as a file of ties."""
    found = []
    for choice in type(default):
        try:
            Parameters().replace({name: choice})
        except ParameterError:
            continue
        found.append(choice.value)
    return found
