"""A case replayed: what the model makes of it, beside what is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import part
from experiments.figures import replay
from experiments.report.document import Section, Table, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from experiments.report.phrases import nothing

PEOPLE = "users.people_per_agent"
KNOWN = {"vote_share": "support at a meeting (for / for + against)", "signatures": "signatures"}
SHARES = {
    "emerged": "runs with a movement",
    "recognised": "runs with support enough to file again",
    "spin_off": "runs with a new cooperative",
    "converted": "runs with a conversion",
}
MIDDLE = 0.05, 0.95


surprise = nothing


def fits(found: Findings) -> bool:
    """Whether some part follows a case as it was."""
    return bool(replay_parts(found))


def replay_parts(found: Findings) -> list[str]:
    """Return the parts that follow a case and vary at most the people an agent stands for."""
    if found.case is None:
        return []
    return [name for name in found.grid_parts if set(found.varied_in(name)) <= {PEOPLE}]


def answer(found: Findings) -> str:
    """Return whether what is known lies among what the runs make of it."""
    table = _compared(found, replay_parts(found)[0])
    sentences = []
    for name, rows in table.groupby("quantity", sort=False):
        hit = rows[(rows["low"] <= rows["fact"]) & (rows["fact"] <= rows["high"])]
        fact = _amount(str(name), rows["fact"].iloc[0])
        among = text.joined(
            [
                f"{_amount(str(name), row.low)} to {_amount(str(name), row.high)} with "
                f"{row.people:g}{_rare(row.known)}"
                for row in hit.itertuples()
            ]
        )
        sentences.append(
            f"{KNOWN[str(name)]}: {fact} in fact, "
            + (
                f"within 90 % of the runs, by how many people a simulated user stands for: {among}"
                if among
                else "outside of 90 % of the runs, however many people a user stands for"
            )
        )
    return f"Uncalibrated, {'; '.join(sentences)}." if sentences else ""


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on the case as it was."""
    return [_section(found, gallery, name) for name in replay_parts(found)]


def _section(found: Findings, gallery: Gallery, name: str) -> Section:
    table = _compared(found, name)
    runs = _with_people(found, name)
    rows = []
    for outcome, named in SHARES.items():
        shares = emergence(runs, [PEOPLE], outcome)
        row = {"outcome": named}
        for people, share in zip(shares[PEOPLE], intervals(shares, "share"), strict=True):
            row[f"{people:g} people"] = text.share(*share)
        rows.append(row)
    known = pd.DataFrame(
        {
            "quantity": [KNOWN[quantity] for quantity in table["quantity"]],
            "people a user stands for": [f"{people:g}" for people in table["people"]],
            "fact": [_amount(*pair) for pair in zip(table["quantity"], table["fact"], strict=True)],
            "middle run": [
                _amount(*pair) for pair in zip(table["quantity"], table["median"], strict=True)
            ],
            "90 % of runs": [
                f"{_amount(r.quantity, r.low)} to {_amount(r.quantity, r.high)}"
                for r in table.itertuples()
            ],
            "runs with it": [text.share(share) for share in table["known"]],
        }
    )
    drawn = gallery.show("replay", replay.draw, table, KNOWN)
    return section(
        "The record and the model",
        (
            "Nothing was fitted. Parameters have their defaults or what the case file sets; price, "
            "threat and events are those of the record. Some defaults come from "
            "#BuyTwitter itself, such as the weeks until admission (docs/findings.md). How many "
            "people a simulated user stands for is not known, so it is varied."
        ),
        drawn,
        Table.of(
            known,
            "Figures on record and in the model; last column: runs with such a figure",
        ),
        Table.of(
            rows,
            "How often, by the number of people a simulated user stands for. In fact there was a "
            "vote, a new cooperative, and no conversion",
        ),
    )


def _compared(found: Findings, name: str) -> pd.DataFrame:
    """Return each known quantity in the runs: quantity, people, fact, low, median, high, known."""
    assert found.case is not None
    runs = _with_people(found, name)
    rows = []
    for quantity in KNOWN:
        if quantity not in found.case.observed:
            continue
        fact = float(found.case.observed[quantity].value)
        for people, group in runs.groupby(PEOPLE):
            values = group[quantity].astype(float)
            there = values.dropna()
            low, high = there.quantile(MIDDLE) if len(there) else (np.nan, np.nan)
            row = {"quantity": quantity, "people": people, "fact": fact, "low": low}
            row |= {"median": there.median(), "high": high}
            rows.append(row | {"known": len(there) / len(values)})
    columns = ["quantity", "people", "fact", "low", "median", "high", "known"]
    return pd.DataFrame(rows, columns=columns)


def _with_people(found: Findings, name: str) -> pd.DataFrame:
    runs = part(found.runs, name)
    return runs if PEOPLE in runs else runs.assign(**{PEOPLE: found.parameters[PEOPLE]})


def _rare(known: float) -> str:
    return "" if known == 1 else f" (only {text.share(known)} of runs have it)"


def _amount(quantity: str, value: float) -> str:
    if np.isnan(value):
        return "–"
    return f"{100 * value:.1f} %" if quantity == "vote_share" else f"{value:,.0f}"
