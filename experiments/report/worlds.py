"""Worlds drawn from ranges or listed in a file: which parameters matter, and where in what way.

Screening by elementary effects (Morris), shares of the variance (Sobol), and for other designs the
curves along the parameters and the boxes of worlds in which movements emerge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from experiments import text
from experiments.analysis.feature_scores import feature_scores
from experiments.analysis.morris import MATTERS, NEGLIGIBLE, OPEN, morris
from experiments.analysis.outcome_by_parameter import outcome_by_parameter
from experiments.analysis.prim import boxes
from experiments.analysis.samples import by_sample
from experiments.analysis.sobol import convergence, sobol
from experiments.analysis.tables import part, there
from experiments.design.experiment import shipped_experiments
from experiments.figures import sensitivity
from experiments.figures import worlds as drawing
from experiments.report.document import Heading, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import ROBUSTNESS
from experiments.report.phrases import cells, say
from sim.columns import label
from sim.parameters import Origin

EMERGED = "emerged"
EXPLAINED = (EMERGED, "log_organisers", "literacy_gain")
SCREENED = (EMERGED, "log_organisers")
SMALL = 0.05  # of the variance
MOST = 5  # parameters named in a line
MAJORITY = 0.5  # of a world's runs
EVENT = "most runs have a movement"


def _table(
    found: Findings,
    name: str,
    analyse: Callable[[pd.DataFrame, Sequence[str], Sequence[str]], pd.DataFrame],
    outcomes: tuple[str, ...] = EXPLAINED,
) -> pd.DataFrame:
    """Return what an analysis makes of a part's worlds; empty while there are too few of them."""
    runs, drawn = part(found.runs, name), found.sampled[name]
    try:
        return found.cached(
            f"{analyse.__name__} {name} {outcomes}",
            lambda: analyse(runs, drawn, there(found.runs, outcomes)),
        )
    except ValueError:
        return pd.DataFrame(columns=["outcome"])


# -- screening -------------------------------------------------------------------------------------


def screening_answer(found: Findings) -> str:
    """Return how many parameters matter, and which most."""
    table = _table(found, found.of_design("morris")[0], morris, SCREENED[:1])
    if table.empty:
        return ""
    counts = table["verdict"].value_counts()
    return say(
        "worlds",
        "screening",
        parameters=len(table),
        **{verdict: counts.get(verdict, 0) for verdict in (MATTERS, NEGLIGIBLE, OPEN)},
        largest=table.sort_values("mu_star", ascending=False)["parameter"].head(MOST),
    )


def screening_surprise(found: Findings) -> str:
    """Return which parameters do the more the other ones are so or so."""
    table = _table(found, found.of_design("morris")[0], morris, SCREENED[:1])
    if table.empty or table["mu_star"].max() == 0:
        return ""
    return say("worlds", "dependence", share=(table["sigma"] > table["mu_star"]).mean())


def screening_sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield a section a part with trajectories."""
    for name in found.of_design("morris"):
        table = _table(found, name, morris, SCREENED)
        if table.empty:
            yield section("Which parameters matter", say("worlds", "too_few"))
            continue
        draw = sensitivity.draw_morris
        rows = table[table["outcome"] == EMERGED].sort_values("mu_star", ascending=False)
        listed = {
            "parameter": rows["parameter"].map(label),
            "size of the effect (μ*)": cells(rows, "mu_star", text.number),
            "mean (μ)": [text.number(mu, sign=True) for mu in rows["mu"]],
            "dependence on the others (σ)": rows["sigma"].map(text.number),
            "chance": rows["chance"].map(text.number),
            "verdict": rows["verdict"],
        }
        yield section(
            "Which parameters matter",
            *(
                gallery.show(f"morris-{outcome}", draw, of_outcome)
                for outcome, of_outcome in table.groupby("outcome", sort=False)
            ),
            details("All parameters", Table.of(listed, say("worlds", "screening_caption"))),
            *_beside_claims(found, rows),
        )


def _beside_claims(found: Findings, rows: pd.DataFrame) -> list[Part]:
    """Return what the screening says of the parameters that the conditions of claims set."""
    told = [
        say("worlds", "condition", condition=about["label"], claim=about["claim"], **row)
        for about in shipped_experiments()[ROBUSTNESS]["conditions"].values()
        for name in about["on"]
        for row in rows[rows["parameter"] == name].to_dict("records")
    ]
    given = found.parameters["movement.origin"] == Origin.GIVEN.value
    return [say("worlds", "beside_claims", given=given), bullets(told)] if told else []


# -- variance --------------------------------------------------------------------------------------


def variance_answer(found: Findings) -> str:
    """Return which parameters explain most of the variance between worlds."""
    rows = _explained(found)
    if rows.empty or rows["total"].max() == 0:
        return ""
    largest = rows.sort_values("total", ascending=False).head(3).to_dict("records")
    alone = float(rows["first"].clip(lower=0).sum())
    return say("worlds", "variance", largest=largest, alone=alone)


def variance_surprise(found: Findings) -> str:
    """Return the parameters that explain nothing."""
    rows = _explained(found)
    small = rows.loc[rows["total_high"] < SMALL, "parameter"] if len(rows) else rows
    return say("worlds", "small", parameters=small) if len(small) else ""


def _explained(found: Findings) -> pd.DataFrame:
    """Return the indices of emergence in the first part that has them."""
    table = _table(found, found.of_design("saltelli")[0], sobol)
    return table[table["outcome"] == EMERGED]


def variance_sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield a section a part with a design of Saltelli's."""
    for name in found.of_design("saltelli"):
        title, table = "How much each parameter explains", _table(found, name, sobol)
        if table.empty:
            yield section(title, say("worlds", "too_few"))
            continue
        growing = convergence(part(found.runs, name), found.sampled[name], EMERGED)
        listed = {
            "outcome": table["outcome"].map(label),
            "parameter": table["parameter"].map(label),
            "alone": cells(table, "first"),
            "with interactions": cells(table, "total"),
            "chance": table["chance"].map(text.share),
        }
        yield section(
            title,
            gallery.show("sobol", sensitivity.draw_sobol, table),
            Heading("Have the indices settled?"),
            gallery.show("sobol_convergence", sensitivity.draw_convergence, growing),
            details("All indices", Table.of(listed, say("worlds", "sobol_caption"))),
        )


# -- where movements emerge ------------------------------------------------------------------------


def parts_of_worlds(found: Findings) -> list[str]:
    """Return the parts with worlds of other designs than screening and variance."""
    return [n for n in found.sampled if n not in found.of_design("morris", "saltelli")]


def worlds_answer(found: Findings) -> str:
    """Return in what share of the worlds most runs have a movement."""
    name = parts_of_worlds(found)[0]
    table = _table(found, name, by_sample)
    share = float((table[EMERGED] >= MAJORITY).mean())
    return say("worlds", "most_runs", share=share, worlds=len(table), which=_which(found, name))


def worlds_sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield a section a part with worlds."""
    for name in parts_of_worlds(found):
        table = _table(found, name, by_sample)
        title = f"{text.capitalised(_which(found, name))}: {found.part_label(name)}"
        names = [n for n in found.sampled[name] if table[n].nunique() > 1]
        outcomes = [o for o in there(found.runs, EXPLAINED) if table[o].nunique() > 1]
        if not names:
            yield section(title, say("worlds", "too_few"))
            continue
        curves = outcome_by_parameter(table, names, outcomes[:1])
        scores = feature_scores(table, names, outcomes)
        places = boxes(table.assign(most=table[EMERGED] >= MAJORITY), names, "most")
        draw = sensitivity.draw_scores
        yield section(
            title,
            gallery.add(
                f"curves-{name}",
                drawing.draw_curves(curves, table),
                curves,
            )
            if len(curves)
            else None,
            gallery.show(f"scores-{name}", draw, scores) if len(scores) else None,
            Heading("Where movements emerge"),
            gallery.show(f"boxes-{name}", drawing.draw_boxes, places, EVENT)
            if len(places)
            else f"{drawing.boxes_headline(places, EVENT)}.",
        )


def _which(found: Findings, name: str) -> str:
    listed = name in found.of_design("csv")
    return "worlds listed in a file" if listed else "worlds drawn over the ranges"
