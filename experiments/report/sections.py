"""Which sections say what was found in a result, and its answer, surprise and limit in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import NamedTuple

from experiments.claims.board import CONTRADICTIONS
from experiments.report import (
    border,
    calibration,
    claims,
    factorial,
    grades,
    grid,
    launches,
    patterns,
    replay,
    responses,
    variants,
    worlds,
)
from experiments.report.document import Section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import Judged
from experiments.report.phrases import nothing, say
from sim.parameters import ASSUMED, declarations

MOST = 2  # answers in a line


class Kind(NamedTuple):
    """A kind of analysis, as a part of the report."""

    fits: Callable[[Findings], object]
    """Whether the result has what it is about; or the parts that have."""

    sections: Callable[[Findings, Gallery], Iterable[Section]]
    """What it has to show."""

    answer: Callable[[Findings], str] = nothing
    """What was found in a line; empty if nothing."""

    surprise: Callable[[Findings], str] = nothing
    """What speaks against what one would expect in a line; empty if nothing."""


KINDS = {
    "factorial": Kind(
        attrgetter("factorials"), factorial.sections, factorial.answer, factorial.surprise
    ),
    "launches": Kind(attrgetter("launches"), launches.sections, launches.answer, launches.surprise),
    "variants": Kind(
        attrgetter("compared_parts"), variants.sections, variants.answer, variants.surprise
    ),
    "morris": Kind(
        lambda found: found.of_design("morris"),
        worlds.screening_sections,
        worlds.screening_answer,
        worlds.screening_surprise,
    ),
    "sobol": Kind(
        lambda found: found.of_design("saltelli"),
        worlds.variance_sections,
        worlds.variance_answer,
        worlds.variance_surprise,
    ),
    "worlds": Kind(worlds.parts_of_worlds, worlds.worlds_sections, worlds.worlds_answer),
    "border": Kind(
        border.border_parts, border.border_sections, border.border_answer, border.border_surprise
    ),
    "fans": Kind(lambda found: found.variant_parts and found.is_repeatable, variants.week_sections),
    "goals": Kind(attrgetter("variant_parts"), grades.goal_sections, grades.goal_answer),
    "grades": Kind(attrgetter("variant_parts"), grades.grade_sections, grades.grade_answer),
    "sizes": Kind(border.size_parts, border.size_sections, border.size_answer),
    "replay": Kind(replay.replay_parts, replay.sections, replay.answer),
    "patterns": Kind(patterns.fits, patterns.sections, patterns.answer),
    "calibration": Kind(
        calibration.fits, calibration.sections, calibration.answer, calibration.surprise
    ),
    "cases": Kind(responses.fits, responses.sections, responses.answer, responses.surprise),
    "holding": Kind(claims.fits, claims.sections, claims.answer),
    "grid": Kind(attrgetter("grid_parts"), grid.sections, grid.answer, grid.surprise),
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


def summary(found: Findings) -> tuple[str, str, str]:
    """Return the answer, the surprise and the limit, a line each."""
    limit = say("report", "limit", assumed=assumed(), people=found.people)
    if found.runs.empty:
        return say("report", "no_run"), "None yet.", limit
    if found.is_of_claims:
        return *_of_claims(found), limit
    kinds = chosen(found)
    answers = list(filter(None, (kind.answer(found) for kind in kinds)))
    surprises = filter(None, (kind.surprise(found) for kind in kinds))
    answers = [*answers[:MOST], *_influence(found)] if answers else [say("report", "no_answer")]
    return " ".join(answers), next(surprises, "None."), limit


def assumed() -> dict[str, int]:
    """Return how many parameters have a default that no figure fixes, and how many there are."""
    count = sum(about.metadata["source"] == ASSUMED for about in declarations().values())
    return {"count": count, "parameters": len(declarations())}


def _influence(found: Findings) -> list[str]:
    """Return how many joined because of others where a movement emerged, in a sentence."""
    if "influence" not in found.runs or found.runs["influence"].isna().all():
        return []
    shares = found.runs["influence"].dropna()
    return [say("report", "influence", share=shares.median(), runs=len(shares))]


def _of_claims(found: Findings) -> tuple[str, str]:
    points = Judged({CONTRADICTIONS: found.result}).contradictions
    fails = points.groupby("part", sort=False)["fails"].any()
    opposite, rest = fails.index[fails].tolist(), fails.index[~fails].tolist()
    answer = say("report", "contradicted", opposite=opposite, claims=len(fails))
    return answer, say("report", "not_contradicted", rest=rest)
