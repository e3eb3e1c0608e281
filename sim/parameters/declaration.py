"""How a parameter is declared, and the kinds of value that it may have.

A declaration says what the parameter means, its label, its unit, its plausible range (from which
worlds are drawn), its bounds (outside them the model has no meaning), where the value comes from,
and whether it describes the *world* (uncertain, chosen by nobody), is a *lever* (somebody can
choose it) or the *form* of a rule (it leaves the rule as it was at its default; experiments draw it
only where they name it).
"""

from __future__ import annotations

import math
from dataclasses import field
from enum import Enum
from functools import cache
from typing import Any

from sim.errors import MomentumError

ASSUMED = "assumed"
"""Source of a value that no figure we know of fixes; its range is what we hold plausible."""

NEVER = -1
"""The week of an event that does not happen."""

SHARE = (0.0, 1.0)
NON_NEGATIVE = (0.0, math.inf)
POSITIVE = (1e-9, math.inf)
ANY = (-math.inf, math.inf)
WEEK = (NEVER, math.inf)


class ParameterError(MomentumError, ValueError):
    """A parameter that does not exist, or a value it cannot take; the message is one line."""

    __module__ = "sim.parameters"  # by which others import it


class Role(Enum):
    """Who decides on a parameter's value."""

    WORLD = "world"  # uncertain: nobody chooses it
    LEVER = "lever"  # chosen by organisers, the firm or the researcher
    FORM = "form"  # of a rule: the default is the form of the published results


class Topology(Enum):
    """How ties between users are laid."""

    HEAVY_TAILED = "heavy_tailed"
    SMALL_WORLD = "small_world"
    RANDOM = "random"
    COMPLETE = "complete"
    EDGE_LIST = "edge_list"


class Origin(Enum):
    """Where the movement's launch comes from."""

    GIVEN = "given"  # at a given week
    ENDOGENOUS = "endogenous"  # when users act on their own
    NEVER = "never"  # no launch: the twin world for by-products


class Framing(Enum):
    """Plan of the share of the campaign's messages that argue for the service as a commons."""

    COMMONS = "commons"
    COOPERATIVE = "cooperative"
    MIXED = "mixed"
    TWO_STAGE = "two_stage"  # commons alone, then both
    REVERSED = "reversed"  # cooperative alone, then both


class Policy(Enum):
    """How the firm's management answers the movement."""

    IGNORE = "ignore"
    CONCEDE = "concede"
    RESIST = "resist"


class Regime(Enum):
    """Support a shareholder proposal needs to be filed again (1st, 2nd, later submission)."""

    UNTIL_2020 = "until_2020"  # 3, 6, 10 %
    FROM_2020 = "from_2020"  # 5, 15, 25 %


@cache
def code(choice: Enum) -> int:
    """Return the number of a choice in records: its position among the choices."""
    return list(type(choice)).index(choice)


def parameter(
    default: Any,
    unit: str,
    meaning: str,
    *,
    label: str = "",
    plausible: tuple[float, float] | None = None,
    bounds: tuple[float, float] = ANY,
    role: Role = Role.WORLD,
    source: str = ASSUMED,
) -> Any:
    """Declare a parameter.

    Parameters
    ----------
    default
        Value in the default world.
    unit
        Unit, or ``"share"``, ``"weight"``, ``"choice"``.
    meaning
        What it is, in words; the letter of the equations in brackets.
    label
        What it is in a few words, for axes, titles and sentences; by default the meaning without
        its brackets.
    plausible
        Range from which worlds are drawn, or ``None`` where the value is a design decision.
    bounds
        Values outside are refused.
    role
        World, lever or form.
    source
        Where default and range come from.
    """
    return field(
        default=default,
        metadata={
            "unit": unit,
            "meaning": meaning,
            "label": label or meaning.partition(" (")[0],
            "plausible": plausible,
            "bounds": bounds,
            "role": role,
            "source": source,
        },
    )


LEVER, FORM = Role.LEVER, Role.FORM
PROTOTYPE = "range in which earlier trials of the mechanism behaved"
