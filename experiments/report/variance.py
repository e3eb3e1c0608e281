"""How much of the variance between worlds each parameter explains (Sobol)."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.sobol import convergence, sobol
from experiments.analysis.tables import part, there
from experiments.figures import sobol as drawing
from experiments.figures import sobol_convergence
from experiments.report import phrases
from experiments.report.document import Heading, Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from sim.columns import label

EXPLAINED = ("emerged", "log_organisers", "literacy_gain")


def fits(found: Findings) -> bool:
    """Whether some part has a design of Saltelli's."""
    return bool(found.of_design("saltelli"))


def answer(found: Findings) -> str:
    """Return which parameters explain most of the variance between worlds."""
    table = _explained(found, found.of_design("saltelli")[0])
    rows = table[table["outcome"] == EXPLAINED[0]] if len(table) else table
    if rows.empty or rows["total"].max() == 0:
        return ""
    first = rows.sort_values("total", ascending=False).head(3)
    largest = [f"{label(r.parameter)} {text.share(r.total)}" for r in first.itertuples()]
    alone = text.share(float(rows["first"].clip(lower=0).sum()))
    return (
        "Of the variance of emergence between worlds, with all interactions: "
        f"{text.joined(largest)}; what parameters explain alone adds up to {alone}, the rest is "
        "interaction and chance."
    )


def surprise(found: Findings) -> str:
    """Return the parameters that explain nothing."""
    table = _explained(found, found.of_design("saltelli")[0])
    rows = table[table["outcome"] == EXPLAINED[0]] if len(table) else table
    small = rows[rows["total_high"] < 0.05] if len(rows) else rows
    if small.empty:
        return ""
    names = phrases.labels(small["parameter"])
    return f"Surely under 5 % of the variance of emergence, interactions included: {names}."


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with a design of Saltelli's."""
    return [_sobol(found, gallery, name) for name in found.of_design("saltelli")]


def _sobol(found: Findings, gallery: Gallery, name: str) -> Section:
    title = "How much each parameter explains"
    table = _explained(found, name)
    if table.empty:
        return section(title, "Too few runs yet.")
    growing = convergence(part(found.runs, name), found.sampled[name], EXPLAINED[0])
    listed = {
        "outcome": table["outcome"].map(label),
        "parameter": table["parameter"].map(label),
        "alone": [text.share(r.first, r.first_low, r.first_high) for r in _rows(table)],
        "with interactions": [text.share(r.total, r.total_low, r.total_high) for r in _rows(table)],
        "chance": [text.share(r.chance) for r in _rows(table)],
    }
    return section(
        title,
        gallery.show("sobol", drawing.draw, table),
        Heading("Have the indices settled?"),
        gallery.show("sobol_convergence", sobol_convergence.draw, growing),
        details(
            "All indices",
            Table.of(listed, "Shares of the variance between worlds; 95 % intervals"),
        ),
    )


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.iterrows()]


def _explained(found: Findings, name: str) -> pd.DataFrame:
    """Return the indices; empty while there are too few whole groups."""
    try:
        return found.cached(
            f"sobol {name}",
            lambda: sobol(
                part(found.runs, name), found.sampled[name], there(found.runs, EXPLAINED)
            ),
        )
    except ValueError:
        return pd.DataFrame()
