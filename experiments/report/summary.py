"""A result in three lines: the answer, the surprise, the limit."""

from __future__ import annotations

from experiments import text
from experiments.claims.kinds import CONTRADICTIONS
from experiments.report.findings import Findings
from experiments.report.judged import Judged
from experiments.report.sections import chosen
from sim.parameters import ASSUMED, declarations

MOST = 2  # answers in a line


def summary(found: Findings) -> tuple[str, str, str]:
    """Return the answer, the surprise and the limit, a line each."""
    if found.runs.empty:
        return "No run has finished yet.", "None yet.", limit(found)
    if found.is_of_claims:
        return _claims_summary(found)
    kinds = chosen(found)
    answers = list(filter(None, (kind.answer(found) for kind in kinds)))
    surprises = list(filter(None, (kind.surprise(found) for kind in kinds)))
    answers = [*answers[:MOST], *_influence(found)] if answers else []
    return (
        " ".join(answers) or "The runs that have finished do not answer yet.",
        next(iter(surprises), "None."),
        limit(found),
    )


def _influence(found: Findings) -> list[str]:
    """Return how many joined because of others where a movement emerged, in a sentence."""
    if "influence" not in found.runs or found.runs["influence"].isna().all():
        return []
    shares = found.runs["influence"].dropna()
    return [
        f"Where a movement emerges, {text.share(shares.median())} of those who joined would not "
        f"have without the others (median of {text.counted(len(shares), 'run')})."
    ]


def assumed() -> str:
    """Return how many parameters have a default that no figure fixes."""
    count = sum(about.metadata["source"] == ASSUMED for about in declarations().values())
    return f"{count} of {len(declarations())} parameters of the default world are assumed"


def limit(found: Findings) -> str:
    """Return what the result leaves open, in a line."""
    return (
        f"{assumed()}, and nobody knows how many people a simulated user stands for "
        f"({found.people} here). The intervals say "
        "how well the runs settle what this model does in the worlds tried, not how likely such "
        "worlds are."
    )


def _claims_summary(found: Findings) -> tuple[str, str, str]:
    points = Judged({CONTRADICTIONS: found.result}).contradictions
    fails = points.groupby("part", sort=False)["fails"].any()
    opposite, rest = fails.index[fails].tolist(), fails.index[~fails].tolist()
    which = f" ({text.joined(opposite)})" if opposite else ""
    answer = (
        f"In the worlds found by search the model contradicts {len(opposite)} of {len(fails)} "
        f"claims or parts of one{which}."
    )
    surprise = (
        f"No contradiction was found for {text.joined(rest)}; the nearest miss is shown."
        if rest
        else "No claim is built in: each is contradicted somewhere inside the plausible ranges."
    )
    return answer, surprise, limit(found)
