"""What the sections on a calibration say, in words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import text
from experiments.calibration.findings import IDENTIFIED, NOTHING, ONE_SIDE, PRODUCT
from experiments.calibration.stored import Stored, read_findings
from experiments.calibration.table import POSTERIOR, PRIOR, PROPENSITY, REACHED
from experiments.store.layout import StoreError


def calibration_answer(folder: Path) -> str:
    """Return what the facts tell, in a few sentences."""
    stored = read_calibration(folder)
    after = stored.facts[stored.facts["worlds"] == POSTERIOR]
    reached = (after["crps"] <= REACHED).groupby(after["use"])
    counts = [
        f"{reached.sum().get(use, 0)} of {reached.size().get(use, 0)} {use}"
        for use in ("fitted", "held out")
    ]
    told = stored.parameters["told"].value_counts()
    missed = missed_facts(stored)
    names = text.joined(missed["fact"])
    early = stored.about["temperature"] > 1
    unfinished = "The search stopped before it met the facts, so conclude nothing yet. "
    return (
        f"{unfinished if early else ''}"
        f"Worlds that the facts do not rule out reach {' and '.join(counts)} facts, within one "
        f"error in the mean{f'; they do not reach {names}' if len(missed) else ''}. Of the "
        f"{len(stored.parameters)} parameters on which facts depend most, the facts identify "
        f"{told.get(IDENTIFIED, 0)}, bound {told.get(ONE_SIDE, 0)} on one side, fix "
        f"{told.get(PRODUCT, 0)} only together with another one, and say nothing about "
        f"{told.get(NOTHING, 0)}."
    )


def fact_rows(folder: Path) -> list[tuple[str, str, str, str, str, str]]:
    """Return a row a fact: name, use, value, bands of the prior and of the worlds left, score."""
    rows = fact_rows_of(read_calibration(folder))
    return [
        (
            one["fact"], one["use"], one["value"], one["band"], two["band"],
            f"{one['score']} → {two['score']}",
        )
        for one, two in zip(rows[::2], rows[1::2], strict=True)
    ]  # fmt: skip


def fact_rows_of(stored: Stored) -> list[dict[str, str]]:
    """Return a row a fact and set of worlds (the prior's first), in words."""
    return [
        {
            "fact": row["fact"], "use": row["use"], "value": fact_value(row),
            "worlds": "drawn over the ranges" if row["worlds"] == PRIOR else "not ruled out",
            "band": band(row), "runs that show it": text.share(row["there"]),
            "score": score(row["crps"]),
        }
        for row in stored.facts.to_dict("records")
    ]  # fmt: skip


def particles_in_words(about: dict[str, Any]) -> str:
    """Return how the worlds not ruled out were found."""
    moves = text.joined([f"{count}" for count in about["moves"]])
    found = (
        f"From there {sum(about['particles']):,} worlds were moved {moves} times towards the facts "
        f"({about['distinct']:,} different ones are left, which descend from "
        f"{about['ancestors']:,} of the drawn)"
    )
    if about["temperature"] > 1:
        return (
            f"{found}. They were stopped before they met the facts: their errors had still to be "
            f"multiplied by {about['temperature'] ** 0.5:.1f}."
        )
    if about["differ"] is None:
        return f"{found}."
    return (
        f"{found}. Two independent chains were moved; their means differ by more than two standard "
        f"errors in {about['differ']} of {about['parameters']} parameters, where chains that agree "
        f"would do so in about {0.05 * about['parameters']:.0f}."
    )


def read_calibration(folder: Path) -> Stored:
    """Return what a calibration left behind, its facts by their labels.

    Raises
    ------
    StoreError
        If it did not come to its end, or another version wrote it.
    """
    stored = read_findings(folder)
    if stored is None:
        raise StoreError(
            f"{folder} holds no calibration that this version has finished: run momentum "
            "calibrate again"
        )
    for table in (stored.facts, stored.products):
        names = table["fact"].replace(stored.about.get("labels", {}))
        table["fact"] = names.str.replace("_", " ")
    return stored


def missed_facts(stored: Stored) -> pd.DataFrame:
    """Return the facts that the worlds not ruled out do not reach."""
    after = stored.facts[stored.facts["worlds"] == POSTERIOR]
    return after[after["crps"] > REACHED]


def missed_in_words(row: pd.Series) -> str:
    """Return how far a fact is missed, and what the model lacks to show it."""
    lacking = f"; the model lacks {row['lacking']}" if row["lacking"] else ""
    return (
        f"{row['fact']}, {fact_value(row)} in fact, {band(row)} in the runs, missed by "
        f"{score(row['crps'])} errors ({row['use']}){lacking}"
    )


def fact_value(row: Any) -> str:
    """Return the value of a fact, with its bound."""
    bound = {"value": "", "at_least": "at least ", "at_most": "at most "}[row["bound"]]
    return f"{bound}{amount(row['value'])}"


def band(row: Any) -> str:
    """Return the middle and 90 % of the runs that show a fact."""
    if math.isnan(row["low"]):
        return "in no run"
    return f"{amount(row['middle'])} [{amount(row['low'])} to {amount(row['high'])}]"


def span(row: dict[str, Any], which: str) -> str:
    """Return 90 % of the runs of a set of worlds."""
    is_share = row["quantity"] == PROPENSITY
    low, high = (row[f"{which}_{end}"] * (100 if is_share else 1) for end in ("low", "high"))
    return f"{amount(low)} to {amount(high)}{' %' if is_share else ''}"


def amount(value: float) -> str:
    """Return a number, with its thousands or with two digits."""
    if math.isinf(value):
        return "∞"
    written = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"
    return written.replace("-", "−")


def score(value: float) -> str:
    """Return the score of a fact, in its errors: precise where it decides what is reached."""
    return amount(value) if value >= 10 else f"{value:.2f}"
