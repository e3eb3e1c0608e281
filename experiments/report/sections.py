"""Which sections say what was found in a result, and which of them answers its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.report import (
    border,
    calibration,
    course,
    factorial,
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


@dataclass(frozen=True)
class Kind:
    """A kind of analysis, as a part of the report."""

    fits: Callable[[Findings], bool]  # whether the result has what it is about
    sections: Callable[[Findings, Gallery], list[Section]]
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
    "variants": Kind(
        lambda found: bool(found.compared_parts),
        variants.variants_sections,
        variants.variants_answer,
        variants.variants_surprise,
    ),
    "morris": Kind(
        lambda found: bool(found.of_design("morris")),
        screening.morris_sections,
        screening.morris_answer,
        screening.morris_surprise,
    ),
    "sobol": Kind(
        lambda found: bool(found.of_design("saltelli")),
        variance.sobol_sections,
        variance.sobol_answer,
        variance.sobol_surprise,
    ),
    "worlds": Kind(
        lambda found: bool(worlds.parts_of_worlds(found)),
        worlds.worlds_sections,
        worlds.worlds_answer,
        _nothing,
    ),
    "border": Kind(
        border.has_border, border.border_sections, border.border_answer, border.border_surprise
    ),
    "fans": Kind(
        lambda found: bool(found.variant_parts) and found.is_repeatable,
        course.fan_sections,
        _nothing,
        _nothing,
    ),
    "goals": Kind(
        lambda found: bool(found.variant_parts),
        course.goal_sections,
        course.goals_answer,
        _nothing,
    ),
    "grades": Kind(
        lambda found: bool(found.variant_parts),
        grades.grade_sections,
        grades.grades_answer,
        _nothing,
    ),
    "sizes": Kind(
        lambda found: bool(sizes.size_parts(found)),
        sizes.size_sections,
        sizes.sizes_answer,
        _nothing,
    ),
    "replay": Kind(
        lambda found: bool(replay.replay_parts(found)),
        replay.replay_sections,
        replay.replay_answer,
        _nothing,
    ),
    "patterns": Kind(
        patterns.has_patterns, patterns.patterns_sections, patterns.patterns_answer, _nothing
    ),
    "calibration": Kind(
        calibration.has_calibration,
        calibration.found_sections,
        calibration.found_answer,
        calibration.found_surprise,
    ),
    "cases": Kind(
        responses.has_cases,
        responses.cases_sections,
        responses.cases_answer,
        responses.cases_surprise,
    ),
    "holding": Kind(holding.has_claims, holding.holding_sections, holding.holding_answer, _nothing),
    "grid": Kind(
        lambda found: bool(found.grid_parts),
        grid.grid_sections,
        grid.grid_answer,
        grid.grid_surprise,
    ),
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
