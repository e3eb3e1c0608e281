"""A result in three lines: the answer, the surprise, the limit."""

from __future__ import annotations

from experiments.claims.kinds import CONTRADICTIONS
from experiments.report.findings import Findings
from experiments.report.judged import Judged
from experiments.report.phrases import say
from experiments.report.sections import chosen
from sim.parameters import ASSUMED, declarations

MOST = 2  # answers in a line


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
