"""In which worlds each claim holds: boxes of the ranges the worlds were drawn from."""

from __future__ import annotations

from experiments import text
from experiments.claims.board import OF_CALIBRATED
from experiments.figures import boxes as drawing
from experiments.report.claims import is_calibrated, worlds_figure
from experiments.report.document import Heading, Part, Section, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import CALIBRATED, ROBUSTNESS, Judged

EVENT = "the claim holds"
HOW = (
    "Regions of worlds (ranges of at most three parameters) in which all effects of a claim are "
    "material clearly more often than elsewhere. They were searched in one half of the worlds and "
    "are judged on the other. Here a world counts by what its few runs show, errors included; the "
    "shares above are corrected for such errors (partial pooling)."
)


def fits(found: Findings) -> bool:
    """Whether the variants of the claims were run in worlds drawn from ranges."""
    return found.experiment.get("name") == ROBUSTNESS and bool(found.sampled)


def answer(found: Findings) -> str:
    """Return in what share of the worlds each claim holds."""
    table = Judged({ROBUSTNESS: found.result}).over_worlds.distributions[1].dropna(subset="above")
    which = "not ruled out by the facts" if is_calibrated(found) else "drawn"
    shares = ", ".join(f"{row.claim} {text.share(row.above)}" for row in table.itertuples())
    return f"Share of the worlds {which} in which each claim holds: {shares}." if shares else ""


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with a heading for each claim."""
    judged, name, prefix = Judged({ROBUSTNESS: found.result}), ROBUSTNESS, ""
    if is_calibrated(found):
        name, prefix = CALIBRATED, OF_CALIBRATED
    shares = worlds_figure(Judged({name: found.result}), gallery, prefix)
    parts: list[Part] = []
    for branch, table in judged.over_worlds.boxes.items():
        shown: Part = f"{drawing.headline(table, EVENT)}."
        if len(table):
            shown = gallery.show(f"holds-{branch.lower()}", drawing.draw, table, EVENT)
        parts += [Heading(branch), shown]
    return [
        section("In what share of worlds each claim holds", shares),
        section("In which worlds each claim holds", HOW, *parts),
    ]
