"""A result in three lines: the answer, the surprise, the limit."""

from __future__ import annotations

from experiments.analysis import effects, words
from experiments.analysis.contradictions import CONTRADICTED, FAILS, NO_EFFECT, contradictions
from experiments.analysis.how_many import how_many
from experiments.report.findings import Findings, read_claims
from experiments.report.grid import grid_answer, grid_surprise
from experiments.report.launches import launch_answer, launch_surprise
from sim.parameters import ASSUMED, declarations

MOST = 3  # conditions named in a line


def summary(found: Findings) -> tuple[str, str, str]:
    """Return the answer, the surprise and the limit, a line each."""
    if found.runs.empty:
        return "No run has finished yet.", "None yet.", limit(found)
    if found.is_of_claims:
        return _claims_summary(found)
    if found.factorials:
        return _factorial_answer(found), _factorial_surprise(found), limit(found)
    if found.launches:
        return launch_answer(found), launch_surprise(found), limit(found)
    return grid_answer(found), grid_surprise(found), limit(found)


def assumed() -> str:
    """Return how many parameters have a default that no figure fixes."""
    count = sum(about.metadata["source"] == ASSUMED for about in declarations().values())
    return f"{count} of {len(declarations())} parameters of the default world are assumed"


def limit(found: Findings) -> str:
    """Return what the result cannot tell, in a line."""
    return (
        f"{assumed()}, and nobody knows how many people a simulated user stands for "
        f"({found.people} here). The intervals tell "
        "how well the runs settle what this model does in the worlds tried; they do not tell how "
        "likely such worlds are."
    )


def _factorial_answer(found: Findings) -> str:
    sentences = []
    if found.costs is not None and (text := words.by_cost_short(found.costs)):
        sentences.append(f"{text[0].upper()}{text[1:]} ({found.cost}).")
    elif len(found.three) > 1:
        table = how_many(found.truth, found.three)
        sentences += words.sufficiency(table, found.three, found.labels)[:2]
    if found.largest is not None:
        change = words.points(*found.largest[["effect", "low", "high"]])
        name = found.label(found.largest["condition"])
        sentences.append(f"The condition that changes most is {name}: {change}.")
    return " ".join(sentences) or "There are too few runs for an answer."


def _factorial_surprise(found: Findings) -> str:
    """Return what speaks most against the claims, by a fixed order.

    First a condition that lowers emergence although a claim says it raises it; then one that makes
    no material difference although a claim says it does; then one condition that is enough alone
    although claim C4 says none is; then the conditions about which these runs do not decide.
    """
    table = found.effects[found.effects["condition"].isin(words.CLAIM_OF)]
    told = {
        row.condition: f"{found.label(row.condition)} {{}}: "
        f"{words.points(row.effect, row.low, row.high)}"
        for row in table.sort_values("effect").itertuples()
    }
    for verdict, say in (
        ("lowers", "lowers emergence, although claim {} says that it favours it"),
        ("no material effect", "makes no material difference, although claim {} says that it does"),
    ):
        names = table.loc[table["verdict"] == verdict, "condition"]
        texts = [told[name].format(say.format(words.CLAIM_OF[name])) for name in names]
        if verdict != "lowers":
            texts += _attention(found)
        if texts:
            return f"{'; '.join(texts)}."
    if len(found.three) > 1:
        settings = how_many(found.truth, found.three)
        alone = settings[(settings["needed"] <= 1).fillna(False)]
        if len(alone):
            return (
                f"In {len(alone)} of {len(settings)} settings of the other conditions one of "
                f"{words.joined(found.three)} is enough alone ({alone['sets'].iloc[0]}), although "
                "claim C4 says that none is."
            )
    names = table.loc[table["verdict"] == "undecided", "condition"]
    if len(names):
        texts = [told[name].replace(" {}:", "") for name in names]
        which = (
            "; ".join(texts) if len(texts) <= MOST else f"{len(texts)} of {len(table)} conditions"
        )
        return f"No claim is contradicted by these runs; undecided: {which}."
    return "None: every condition does here what the claims say."


def _attention(found: Findings) -> list[str]:
    """Return that lost trust draws no attention, if so."""
    row = found.attention
    if row is None or not row["high"] < effects.MATERIAL:
        return []
    change = words.number(row["difference"], row["low"], row["high"], sign=True)
    name = found.label(words.TRUST)
    return [
        f"{name} makes no material difference to the attention of the media, although claim C5 "
        f"says that it does: {change} (0 to 1)"
    ]


def _claims_summary(found: Findings) -> tuple[str, str, str]:
    table = contradictions(found.runs, read_claims())
    opposite = table.loc[table["verdict"] == CONTRADICTED, "claim"].tolist()
    nothing = table.loc[table["verdict"] == NO_EFFECT, "claim"].tolist()
    rest = table.loc[~table["verdict"].isin(FAILS), "claim"].tolist()
    answer = f"At the points tried the model contradicts {len(opposite)} of {len(table)} claims"
    answer += f" ({words.joined(opposite)})" if opposite else ""
    if nothing:
        answer += f" and shows no material effect for {len(nothing)} ({words.joined(nothing)})"
    answer += "."
    surprise = (
        f"No contradiction was found for {words.joined(rest)}: at their points they hold, or these "
        "runs do not decide."
        if rest
        else "No claim is built in: each fails somewhere inside the ranges held plausible."
    )
    return answer, surprise, limit(found)
