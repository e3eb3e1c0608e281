"""Worlds drawn from ranges or listed in a file: where movements emerge, and along what."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.feature_scores import feature_scores
from experiments.analysis.outcome_by_parameter import outcome_by_parameter
from experiments.analysis.prim import boxes
from experiments.analysis.samples import by_sample
from experiments.analysis.tables import part, there
from experiments.figures import boxes as box_drawing
from experiments.figures import feature_scores as score_drawing
from experiments.figures import outcome_by_parameter as curve_drawing
from experiments.report.document import Heading, Part, Section, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import nothing

EXPLAINED = ("emerged", "log_organisers", "literacy_gain")
MAJORITY = 0.5  # of a world's runs
EVENT = "most runs have a movement"


surprise = nothing


def fits(found: Findings) -> bool:
    """Whether some part has worlds drawn or listed."""
    return bool(parts_of_worlds(found))


def parts_of_worlds(found: Findings) -> list[str]:
    """Return the parts with worlds of other designs than screening and variance."""
    return [n for n in found.sampled if n not in found.of_design("morris", "saltelli")]


def answer(found: Findings) -> str:
    """Return in what share of the worlds most runs have a movement."""
    name = parts_of_worlds(found)[0]
    table = _worlds(found, name)
    share = text.share(float((table["emerged"] >= MAJORITY).mean()))
    return f"In {share} of {len(table):,} {_which(found, name)} {EVENT}."


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with worlds."""
    return [_section(found, gallery, name) for name in parts_of_worlds(found)]


def _section(found: Findings, gallery: Gallery, name: str) -> Section:
    which = _which(found, name)
    title = f"{which[0].upper()}{which[1:]}: {found.part_label(name)}"
    table = _worlds(found, name)
    names = [n for n in found.sampled[name] if table[n].nunique() > 1]
    outcomes = [o for o in there(found.runs, EXPLAINED) if table[o].nunique() > 1]
    if not names:
        return section(title, "Too few runs yet.")
    nodes: list[Part] = []
    curves = outcome_by_parameter(table, names, outcomes[:1])
    if len(curves):
        nodes.append(
            gallery.add(
                f"curves-{name}",
                curve_drawing.draw(curves, table),
                curves,
            )
        )
    scores = feature_scores(table, names, outcomes)
    if len(scores):
        nodes.append(gallery.show(f"scores-{name}", score_drawing.draw, scores))
    found_boxes = boxes(table.assign(most=table["emerged"] >= MAJORITY), names, "most")
    nodes.append(Heading("Where movements emerge"))
    if len(found_boxes):
        nodes.append(gallery.show(f"boxes-{name}", box_drawing.draw, found_boxes, EVENT))
    else:
        nodes.append(f"{box_drawing.headline(found_boxes, EVENT)}.")
    return section(title, *nodes)


def _worlds(found: Findings, name: str) -> pd.DataFrame:
    return found.cached(
        f"worlds {name}",
        lambda: by_sample(
            part(found.runs, name), found.sampled[name], there(found.runs, EXPLAINED)
        ),
    )


def _which(found: Findings, name: str) -> str:
    listed = name in found.of_design("csv")
    return "worlds listed in a file" if listed else "worlds drawn over the ranges"
