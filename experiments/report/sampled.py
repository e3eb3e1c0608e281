"""Worlds drawn from ranges: which parameters matter, and where things happen."""

from __future__ import annotations

import pandas as pd

from experiments.analysis import words
from experiments.analysis.morris import MATTERS, NEGLIGIBLE, OPEN, morris
from experiments.analysis.samples import by_sample
from experiments.analysis.tables import part
from experiments.analysis.variants import OUTCOMES
from experiments.report.document import Heading, Node, Paragraph, Section, Table, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery

SCREENED = ("emerged", "peak_share")
EXPLAINED = ("emerged", "peak_share", "literacy_gain")
TOLD = 5  # parameters named in a line
MAJORITY = 0.5  # of a world's runs


# -- screening -------------------------------------------------------------------------------------


def morris_answer(found: Findings) -> str:
    """Return how many parameters matter, and which most."""
    table = _screened(found, found.of_design("morris")[0], SCREENED[:1])
    if table.empty:
        return ""
    ordered = table.sort_values("mu_star", ascending=False)
    counts = ordered["verdict"].value_counts()
    of = {verdict: int(counts.get(verdict, 0)) for verdict in (MATTERS, NEGLIGIBLE, OPEN)}
    first = ordered["parameter"].head(TOLD).tolist()
    return (
        f"Of {len(table)} parameters {of[MATTERS]} surely matter for emergence by more than chance "
        f"over their plausible range, {of[NEGLIGIBLE]} surely do not, {of[OPEN]} are undecided. "
        f"The largest effects: {words.joined(first)}."
    )


def morris_surprise(found: Findings) -> str:
    """Return which parameters do the more the other ones are so or so."""
    table = _screened(found, found.of_design("morris")[0], SCREENED[:1])
    if table.empty or table["mu_star"].max() == 0:
        return ""
    share = float((table["sigma"] > table["mu_star"]).mean())
    return (
        f"For {words.share(share)} of the parameters the effect depends on the others by more than "
        "its size: no parameter can be judged with the rest held at their defaults."
    )


def morris_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with trajectories."""
    return [_morris(found, gallery, name) for name in found.of_design("morris")]


def _morris(found: Findings, gallery: Gallery, name: str) -> Section:
    from experiments.figures import morris as drawing

    table = _screened(found, name)
    if table.empty:
        return section("Which parameters matter", Paragraph("Too few runs yet."))
    parts: list[Node] = []
    for outcome, rows in table.groupby("outcome", sort=False):
        told = f"{OUTCOMES[str(outcome)]}, as a share"
        parts.append(
            gallery.add(
                f"morris-{outcome}", drawing.draw(rows, told), drawing.describe(rows, told), rows
            )
        )
    rows = table[table["outcome"] == SCREENED[0]].sort_values("mu_star", ascending=False)
    listed = pd.DataFrame(
        {
            "parameter": rows["parameter"],
            "size of the effect (μ*)": [
                words.number(r.mu_star, r.mu_star_low, r.mu_star_high) for r in rows.itertuples()
            ],
            "mean (μ)": [words.number(r.mu, sign=True) for r in rows.itertuples()],
            "dependence on the others (σ)": rows["sigma"].map(words.number),
            "chance": rows["chance"].map(words.number),
            "verdict": rows["verdict"],
        }
    )
    caption = (
        "Change of the share of runs with a movement over the whole range of a parameter; it "
        "matters if surely more than 5 points beyond chance, is negligible if surely less than 5"
    )
    parts.append(details("All parameters", Table.of(listed, caption)))
    return section("Which parameters matter", *parts)


def _screened(found: Findings, name: str, outcomes: tuple[str, ...] = SCREENED) -> pd.DataFrame:
    """Return the elementary effects; empty while there are too few whole trajectories."""
    try:
        return found.kept(
            f"morris {name} {outcomes}",
            lambda: morris(part(found.runs, name), found.sampled[name], outcomes),
        )
    except ValueError:
        return pd.DataFrame()


# -- variance --------------------------------------------------------------------------------------


def sobol_answer(found: Findings) -> str:
    """Return which parameters explain most of the variance between worlds."""
    table = _explained(found, found.of_design("saltelli")[0])
    rows = table[table["outcome"] == EXPLAINED[0]] if len(table) else table
    if rows.empty or rows["total"].max() == 0:
        return ""
    first = rows.sort_values("total", ascending=False).head(3)
    told = [f"{r.parameter} {words.share(r.total)}" for r in first.itertuples()]
    alone = words.share(float(rows["first"].clip(lower=0).sum()))
    return (
        "Of the variance of emergence between worlds, with all interactions: "
        f"{words.joined(told)}; what parameters explain alone adds up to {alone}, the rest is "
        "interaction and chance."
    )


def sobol_surprise(found: Findings) -> str:
    """Return the parameters that explain nothing."""
    table = _explained(found, found.of_design("saltelli")[0])
    rows = table[table["outcome"] == EXPLAINED[0]] if len(table) else table
    small = rows[rows["total_high"] < 0.05] if len(rows) else rows
    if small.empty:
        return ""
    names = words.joined(small["parameter"].tolist())
    return f"Surely under 5 % of the variance of emergence, interactions included: {names}."


def sobol_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with a design of Saltelli's."""
    return [_sobol(found, gallery, name) for name in found.of_design("saltelli")]


def _sobol(found: Findings, gallery: Gallery, name: str) -> Section:
    from experiments.analysis.sobol import convergence
    from experiments.figures import sobol as drawing
    from experiments.figures import sobol_convergence

    title = "How much each parameter explains"
    table = _explained(found, name)
    if table.empty:
        return section(title, Paragraph("Too few runs yet."))
    growing = convergence(part(found.runs, name), found.sampled[name], EXPLAINED[0])
    listed = pd.DataFrame(
        {
            "outcome": [OUTCOMES[outcome] for outcome in table["outcome"]],
            "parameter": table["parameter"],
            "alone": [words.share(r.first, r.first_low, r.first_high) for r in _rows(table)],
            "with interactions": [
                words.share(r.total, r.total_low, r.total_high) for r in _rows(table)
            ],
            "chance": [words.share(r.chance) for r in _rows(table)],
        }
    )
    return section(
        title,
        gallery.add(
            "sobol", drawing.draw(table, OUTCOMES), drawing.describe(table, OUTCOMES), table
        ),
        Heading("Have the indices settled?"),
        gallery.add(
            "sobol_convergence",
            sobol_convergence.draw(growing),
            sobol_convergence.describe(growing),
            growing,
        ),
        details(
            "All indices",
            Table.of(listed, "Shares of the variance between worlds; 95 % intervals"),
        ),
    )


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.iterrows()]


def _explained(found: Findings, name: str) -> pd.DataFrame:
    """Return the indices; empty while there are too few whole groups."""
    from experiments.analysis.sobol import sobol

    try:
        return found.kept(
            f"sobol {name}", lambda: sobol(part(found.runs, name), found.sampled[name], EXPLAINED)
        )
    except ValueError:
        return pd.DataFrame()


# -- worlds ----------------------------------------------------------------------------------------


def worlds_answer(found: Findings) -> str:
    """Return in what share of the worlds most runs have a movement."""
    table = _worlds(found, parts_of_worlds(found)[0])
    share = float((table["emerged"] >= MAJORITY).mean())
    return (
        f"In {words.share(share)} of {len(table):,} worlds drawn over the ranges most runs have a "
        "movement."
    )


def worlds_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with worlds drawn from ranges."""
    return [_drawn(found, gallery, name) for name in parts_of_worlds(found)]


def _drawn(found: Findings, gallery: Gallery, name: str) -> Section:
    from experiments.analysis.feature_scores import feature_scores
    from experiments.analysis.prim import boxes
    from experiments.figures import boxes as box_drawing
    from experiments.figures import feature_scores as score_drawing

    table = _worlds(found, name)
    names = [n for n in found.sampled[name] if table[n].nunique() > 1]
    parts: list[Node] = []
    scores = feature_scores(table, names, [o for o in EXPLAINED if table[o].nunique() > 1])
    if len(scores):
        parts.append(
            gallery.add(
                f"scores-{name}",
                score_drawing.draw(scores, OUTCOMES),
                score_drawing.describe(scores, OUTCOMES),
                scores,
            )
        )
    table = table.assign(most=table["emerged"] >= MAJORITY)
    found_boxes = boxes(table, names, "most")
    event = "most runs have a movement"
    parts.append(Heading("Where movements emerge"))
    if len(found_boxes):
        parts.append(
            gallery.add(
                f"boxes-{name}",
                box_drawing.draw(found_boxes, event),
                box_drawing.describe(found_boxes, event),
                found_boxes,
            )
        )
    else:
        parts.append(Paragraph(f"{box_drawing.headline(found_boxes, event)}."))
    title = f"Worlds drawn over the ranges: {found.arm(name)}"
    return section(title, *parts)


def _worlds(found: Findings, name: str) -> pd.DataFrame:
    return by_sample(part(found.runs, name), found.sampled[name], EXPLAINED)


def parts_of_worlds(found: Findings) -> list[str]:
    """Return the parts with worlds drawn by other designs."""
    return [n for n in found.sampled if n not in found.of_design("morris", "saltelli")]
