"""Which sections tell what was found in a result, and which of them answers its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.figures.gallery import Gallery
from experiments.report import arms, factorial, grid, launches
from experiments.report.findings import Findings


@dataclass(frozen=True)
class Kind:
    """A kind of analysis, as a part of the report."""

    fits: Callable[[Findings], bool]  # whether the result has what it is about
    sections: Callable[[Findings, Gallery], list[str]]
    answer: Callable[[Findings], str]  # in a line; empty if it has none
    surprise: Callable[[Findings], str]  # likewise: what speaks against what one would expect


KINDS = {
    "factorial": Kind(
        lambda found: bool(found.factorials),
        factorial.factorial_sections,
        factorial.factorial_answer,
        factorial.factorial_surprise,
    ),
    "launches": Kind(
        lambda found: bool(found.launches),
        launches.launch_sections,
        launches.launch_answer,
        launches.launch_surprise,
    ),
    "arms": Kind(
        lambda found: bool(found.arm_parts),
        arms.arms_sections,
        arms.arms_answer,
        arms.arms_surprise,
    ),
    "grid": Kind(
        lambda found: bool(found.grid_parts),
        grid.grid_sections,
        grid.grid_answer,
        grid.grid_surprise,
    ),
}
"""By the name an experiment asks for it (`design.ANALYSES`), in the order of a report."""


def chosen(found: Findings) -> list[Kind]:
    """Return the kinds of analysis an experiment asks for, or all, as far as they fit."""
    if found.runs.empty or found.is_of_claims:
        return []
    names = found.experiment.get("analyses") or KINDS
    return [KINDS[name] for name in names if name in KINDS and KINDS[name].fits(found)]


def found_sections(found: Findings, gallery: Gallery) -> list[str]:
    """Return the sections that fit the result."""
    return [text for kind in chosen(found) for text in kind.sections(found, gallery)]
