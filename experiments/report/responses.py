"""Cases in words: the probability of each response, and the scores beside simple rules."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.tables import part
from experiments.figures import responses as drawing
from experiments.figures.responses import with_ends, words
from experiments.report.document import Bullets, Section, Table, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.responses.coding import CASE, RESPONSE, CodedCase
from experiments.responses.mapping import coded_cases, read_mapping
from experiments.responses.scores import (
    ENOUGH,
    MODEL,
    RATES,
    SPLIT,
    ablation,
    counts_of,
    names_of,
    probabilities,
    scores,
)


def fits(found: Findings) -> bool:
    """Return whether the runs are worlds of coded cases."""
    return bool(coded_cases(found.experiment)) and bool(found.sampled)


def answer(found: Findings) -> str:
    """Return how the model scores, in a few sentences."""
    cases = coded_cases(found.experiment)
    known = _known(cases)
    if len(known) < 2:
        return (
            f"The probability of each response in {len(cases)} cases stands below. Fewer than two "
            "have an observed response, so nothing is scored."
        )
    table = scores_of(found)
    said = []
    for subset, where in (
        ("all", f"Over {len(known)} cases"),
        ("not insolvent", "without those that were insolvent"),
    ):
        rows = table[table["subset"] == subset].set_index("forecaster")
        if len(rows):
            said.append(
                f"{where} the mean log score of the model is {with_ends(rows.loc[MODEL], 'log')}, "
                f"that of base rates {with_ends(rows.loc[RATES], 'log')}, that of “{SPLIT}” "
                f"{with_ends(rows.loc[SPLIT], 'log')}"
            )
    return f"{'; '.join(said)} (0 is best). {_ranking(len(known))}"


def surprise(found: Findings) -> str:
    """Return the case that the model expected least, in a line."""
    table = probabilities_of(found).to_dict("records")
    known = [row for row in table if row[RESPONSE]]
    if not known:
        return ""
    row = min(known, key=lambda row: row[row[RESPONSE]])
    return (
        f"The model expected {row[CASE]} least: {words(row[RESPONSE])} had a probability of "
        f"{row[row[RESPONSE]]:.0%}."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the sections on cases."""
    table, mapping = probabilities_of(found), read_mapping()
    shown = gallery.show("case_probabilities", drawing.draw_probabilities, table)
    said = [
        section(
            "What the model expects of each case",
            (
                "What is coded about a case is set in its worlds, everything else is drawn over "
                "the plausible ranges, and a campaign is launched; what most of those who act do "
                "within two years is the response (docs/cases.md). A probability is the share of "
                f"runs, with {mapping.smoothing:g} runs added to each response, so that none is "
                "impossible. "
                "The table beside the figure has all of them as CSV."
            ),
            shown,
        )
    ]
    known = _known(coded_cases(found.experiment))
    if len(known) < 2:
        return said
    runs, scored = _runs(found), scores_of(found)
    worth = found.cached("ablation", lambda: ablation(runs, counts_of(runs, known), known))
    return [
        *said,
        section(
            "Scores beside simple rules",
            (
                "Each rule is estimated from the other cases. The log score is minus the natural "
                "logarithm of the probability of what was observed, the Brier score its squared "
                f"distance; both are proper, and 0 is best. {_ranking(len(known))}"
            ),
            gallery.show("case_scores", drawing.draw_scores, scored),
            Table.of(
                _score_rows(scored),
                "Mean scores with 95 % intervals, over cases and over the model's worlds. Gain: "
                "how much lower the log score is than that of base rates, in the same draws",
            ),
        ),
        section(
            "What each coded input is worth",
            "Each input in turn is treated as unknown in all cases, and the model asked again.",
            gallery.show("case_inputs", drawing.draw_ablation, worth),
        ),
        section("What this cannot say", Bullets(_limits(known))),
    ]


def probabilities_of(found: Findings) -> pd.DataFrame:
    """Return the probability of each response in each case."""
    cases = coded_cases(found.experiment)
    return found.cached(
        "probabilities", lambda: probabilities(counts_of(_runs(found), cases), cases)
    )


def scores_of(found: Findings) -> pd.DataFrame:
    """Return the scores of the cases whose response is known."""
    known = _known(coded_cases(found.experiment))
    return found.cached("scores", lambda: scores(counts_of(_runs(found), known), known))


def _runs(found: Findings) -> pd.DataFrame:
    return part(found.runs, next(iter(found.sampled)))


def _known(cases: list[CodedCase]) -> list[CodedCase]:
    return [case for case in cases if case.response]


def _ranking(count: int) -> str:
    if count < ENOUGH:
        return f"{count} cases are too few to say which forecaster is better."
    return "A gain whose interval lies above 0 beats base rates in cases like these."


def _score_rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {
            "cases": f"{row['subset']} ({row['cases']})", "forecaster": row["forecaster"],
            "log score": with_ends(row, "log"), "Brier score": with_ends(row, "brier"),
            "gain": "" if row["forecaster"] == RATES else with_ends(row, "log_gain", sign=True),
            "likeliest is right": f"{row['right']} of {row['cases']}",
        }
        for _, row in table.iterrows()
    ]  # fmt: skip


def _limits(known: list[CodedCase]) -> tuple[str, ...]:
    missing = [name for name in names_of() if name not in {case.response for case in known}]
    never = ", ".join(words(name) for name in missing)
    return (
        "Cases are not a sample: those that are known are those in which something happened."
        + (f" In none of these the response was: {never}." if missing else ""),
        "Coding and mapping are judgements, written down before the runs; others may judge "
        "otherwise.",
        "An insolvent case is mapped to a firm that can be bought. What the model gets right there "
        "was put in by the mapping; the scores without these cases say more.",
        "Hardly anything is coded about a case, so its worlds are mostly drawn: where little is "
        "known, an honest forecast gives every response some probability.",
    )
