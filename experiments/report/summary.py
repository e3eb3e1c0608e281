"""A result in three lines: the answer, the surprise, the limit."""

from __future__ import annotations

from experiments import text
from experiments.claims.contradictions import CONTRADICTED, FAILS, NO_EFFECT, contradictions
from experiments.report.findings import Findings
from experiments.report.judged import read_claims
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
        f"Where one does, {text.share(shares.median())} of those who joined would not have without "
        f"the others (median of {text.counted(len(shares), 'run')})."
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
    table = contradictions(found.runs, read_claims())
    opposite = table.loc[table["verdict"] == CONTRADICTED, "claim"].tolist()
    nothing = table.loc[table["verdict"] == NO_EFFECT, "claim"].tolist()
    rest = table.loc[~table["verdict"].isin(FAILS), "claim"].tolist()
    answer = f"At the points tried the model contradicts {len(opposite)} of {len(table)} claims"
    answer += f" ({text.joined(opposite)})" if opposite else ""
    if nothing:
        answer += f" and shows no material effect for {len(nothing)} ({text.joined(nothing)})"
    answer += "."
    surprise = (
        f"No contradiction was found for {text.joined(rest)}: at their points they hold, or these "
        "runs do not decide."
        if rest
        else "No claim is built in: each fails somewhere inside the ranges held plausible."
    )
    return answer, surprise, limit(found)
