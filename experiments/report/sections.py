"""Which sections tell what was found in a result, and which of them answers its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.figures.gallery import Gallery
from experiments.report import arms, border, factorial, grid, launches, sampled
from experiments.report.findings import Findings


@dataclass(frozen=True)
class Kind:
    """A kind of analysis, as a part of the report."""

    fits: Callable[[Findings], bool]  # whether the result has what it is about
    sections: Callable[[Findings, Gallery], list[str]]
    answer: Callable[[Findings], str]  # in a line; empty if it has none
    surprise: Callable[[Findings], str]  # likewise: what speaks against what one would expect


def _nothing(found: Findings) -> str:
    return ""


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
    "morris": Kind(
        lambda found: bool(found.of_design("morris")),
        sampled.morris_sections,
        sampled.morris_answer,
        sampled.morris_surprise,
    ),
    "sobol": Kind(
        lambda found: bool(found.of_design("saltelli")),
        sampled.sobol_sections,
        sampled.sobol_answer,
        sampled.sobol_surprise,
    ),
    "worlds": Kind(
        lambda found: bool(sampled.parts_of_worlds(found)),
        sampled.worlds_sections,
        sampled.worlds_answer,
        _nothing,
    ),
    "border": Kind(
        border.has_border, border.border_sections, border.border_answer, border.border_surprise
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
    """Return the kinds of analysis an experiment asks for, as far as they fit.

    If it asks for none: all, but for the border, which takes many points on either side of it.
    """
    if found.runs.empty or found.is_of_claims:
        return []
    names = found.experiment.get("analyses") or [name for name in KINDS if name != "border"]
    return [KINDS[name] for name in names if name in KINDS and KINDS[name].fits(found)]


def found_sections(found: Findings, gallery: Gallery) -> list[str]:
    """Return the sections that fit the result."""
    return [text for kind in chosen(found) for text in kind.sections(found, gallery)]
