"""Which sections say what was found in a result, and which of them answers its question."""

from __future__ import annotations

from typing import Protocol

from experiments.report import (
    border,
    calibration,
    factorial,
    fans,
    goals,
    grades,
    grid,
    holding,
    launches,
    patterns,
    replay,
    responses,
    screening,
    sizes,
    variance,
    variants,
    worlds,
)
from experiments.report.document import Section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery


class Kind(Protocol):
    """A kind of analysis, as a part of the report: a module with these functions."""

    def fits(self, found: Findings, /) -> bool:
        """Whether the result has what it is about."""

    def sections(self, found: Findings, gallery: Gallery, /) -> list[Section]:
        """Return what it has to show."""

    def answer(self, found: Findings, /) -> str:
        """Return what was found in a line; empty if nothing."""

    def surprise(self, found: Findings, /) -> str:
        """Return what speaks against what one would expect in a line; empty if nothing."""


KINDS: dict[str, Kind] = {
    "factorial": factorial,
    "launches": launches,
    "variants": variants,
    "morris": screening,
    "sobol": variance,
    "worlds": worlds,
    "border": border,
    "fans": fans,
    "goals": goals,
    "grades": grades,
    "sizes": sizes,
    "replay": replay,
    "patterns": patterns,
    "calibration": calibration,
    "cases": responses,
    "holding": holding,
    "grid": grid,
}
"""By the name an experiment asks for it (`design.ANALYSES`), in the order of a report."""


DEFAULT = ("factorial", "launches", "variants", "morris", "sobol", "worlds", "grid")
"""What is shown of a result that asks for nothing: all that was run is shown once."""


def chosen(found: Findings) -> list[Kind]:
    """Return the kinds of analysis an experiment asks for, or the default, as far as they fit."""
    if found.runs.empty or found.is_of_claims:
        return []
    names = found.experiment.get("analyses") or DEFAULT
    return [KINDS[name] for name in names if name in KINDS and KINDS[name].fits(found)]


def found_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections that fit the result."""
    return [each for kind in chosen(found) for each in kind.sections(found, gallery)]
