"""A case replayed: what the model makes of it, beside what is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis.tables import emergence, part
from experiments.figures import replay
from experiments.report.document import Section, Table, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, say

PEOPLE = "users.people_per_agent"
KNOWN = {"vote_share": "support at a meeting (for / for + against)", "signatures": "signatures"}
SHARES = {
    "emerged": "runs with a movement",
    "recognised": "runs with support enough to file again",
    "spin_off": "runs with a new cooperative",
    "converted": "runs with a conversion",
}
MIDDLE = 0.05, 0.95


def replay_parts(found: Findings) -> list[str]:
    """Return the parts that follow a case and vary at most the people an agent stands for."""
    if found.case is None:
        return []
    return [name for name in found.grid_parts if set(found.varied_in(name)) <= {PEOPLE}]


def answer(found: Findings) -> str:
    """Return whether what is known lies among what the runs make of it."""
    table = _compared(found, replay_parts(found)[0])
    table["hit"] = (table["low"] <= table["fact"]) & (table["fact"] <= table["high"])
    facts = [
        {
            "name": KNOWN[str(quantity)],
            "fact": rows["fact"].iloc[0],
            "hits": rows[rows["hit"]].to_dict("records"),
        }
        for quantity, rows in _written(table).groupby("quantity", sort=False)
    ]
    return say("replay", "answer", facts=facts) if facts else ""


def sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield the section on the case as it was."""
    for name in replay_parts(found):
        table, runs = _compared(found, name), _with_people(found, name)
        rows = []
        for outcome, named in SHARES.items():
            shares = emergence(runs, [PEOPLE], outcome)
            columns = [f"{people:g} people" for people in shares[PEOPLE]]
            rows.append(
                {"outcome": named} | dict(zip(columns, cells(shares, "share"), strict=True))
            )
        written = _written(table)
        known = {
            "quantity": written["quantity"].map(KNOWN),
            "people a user stands for": written["people"],
            "fact": written["fact"],
            "middle run": written["median"],
            "90 % of runs": written["low"] + " to " + written["high"],
            "runs with it": written["known"].map(text.share),
        }
        yield section(
            "The record and the model",
            say("replay", "nothing_fitted"),
            gallery.show("replay", replay.draw, table, KNOWN),
            Table.of(known, say("replay", "known")),
            Table.of(rows, say("replay", "how_often")),
        )


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """Return figures and numbers of people as texts."""
    amounts = {
        column: [_amount(*pair) for pair in zip(table["quantity"], table[column], strict=True)]
        for column in ("fact", "low", "median", "high")
    }
    return table.assign(people=table["people"].map("{:g}".format), **amounts)


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


def _amount(quantity: str, value: float) -> str:
    if np.isnan(value):
        return "–"
    return f"{100 * value:.1f} %" if quantity == "vote_share" else f"{value:,.0f}"
