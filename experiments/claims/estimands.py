"""What decides a claim: which runs are compared with which, on what outcome.

Written in ``conf/claim/`` before the runs. Everything that varies besides what is compared (other
conditions, other causes) is averaged over, within the replicate (`experiments.claims.contrasts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import Field

from experiments.errors import MomentumError
from experiments.validation import Description, choice, validated

EMERGED = "emerged"


class ClaimError(MomentumError, ValueError):
    """A claim that cannot be judged as it is described; the message is one line."""


class Kind(Enum):
    """How an effect is taken from runs."""

    DIFFERENCE = "difference"  # outcome with what the claim is about − without, paired by replicate
    LEVEL = "level"  # the outcome itself, or less another outcome of the same run
    BEST_WEEK = (
        "best_week"  # best − worst week of launch, chosen on odd, compared on even replicates
    )
    CONJUNCTION = "conjunction"  # of conditions, in costs of taking part borne; named by ``name``


class Unit(Enum):
    """What an effect is counted in."""

    SHARE = "share"  # reported in percentage points
    FACTOR = "factor"  # of log10(1 + outcome); reported as times as many
    RATIO = "ratio"  # of log10(outcome); reported likewise
    COST = "cost"  # of taking part, in units of motive
    LEVEL = "level"  # as the outcome is
    PART = "part"  # of a whole, reported in percent


class Estimand(Description):
    """One effect by which a claim is judged; `headline` ones decide it, others stand beside."""

    claim: str
    name: str
    label: str  # in words, for tables and figures
    kind: choice(Kind, "kind")  # type: ignore[valid-type]
    experiment: str
    part: str
    outcome: str
    materiality: float
    branch: str = ""  # of a claim that says several things: 7a, 7b
    headline: bool = False
    directed: bool = True  # whether the effect has a direction that could be the opposite
    on: dict[str, Any] = Field(default={})  # column: value, of the runs with
    off: dict[str, Any] = Field(default={})  # of the runs without
    against: str = ""  # outcome of the same run that a level is compared with
    happened: bool = False  # the outcome is whether it came about at all
    pooled: bool = False  # without: two independent replicates, people added up
    among: list[str] = Field(default=[])  # conditions of a conjunction
    worlds: str = ""  # the part of experiment robustness with the same variants, if it has one
    unit: choice(Unit, "unit") = Unit.SHARE  # type: ignore[valid-type]

    @property
    def of_emergence(self) -> bool:
        """Whether it is repeated for every definition of emergence."""
        return self.outcome == EMERGED


LOGARITHMS = (Unit.FACTOR, Unit.RATIO)
"""Units in which an effect is a factor, by its logarithm."""


class Claim(Description):
    """A claim of the study, as written in ``conf/claim/`` before the runs."""

    title: str = ""
    statement: str = ""
    method: str = ""
    built_by: str = ""  # the rule that would give the effect its sign
    decided_by: str = (
        ""  # parameter by which shares of worlds are shown; "": found among the worlds
    )
    where: str = ""  # of what a verdict is one, where it is not one of the default world
    directed: bool = True
    outcome: str | None = None
    unit: str | None = None
    materiality: float | None = None
    estimands: list[dict[str, Any]] = Field(default=[])


SHARED = ("outcome", "unit", "materiality", "directed")
"""What an estimand has from its claim where it says nothing itself."""


def estimands(claims: Mapping[str, Mapping[str, Any]]) -> list[Estimand]:
    """Return what decides the claims, in their order.

    Raises
    ------
    ClaimError
        Naming the claim and what is wrong with its description.
    """
    found = []
    for name, given in claims.items():
        claim = validated(Claim, given, f"claim {name}", ClaimError)
        shared = {"claim": name, **{key: getattr(claim, key) for key in SHARED}}
        shared = {key: value for key, value in shared.items() if value is not None}
        for each in claim.estimands:
            where = f"claim {name}, estimand {each.get('name', '?')}"
            found.append(validated(Estimand, shared | each, where, ClaimError))
    return found
