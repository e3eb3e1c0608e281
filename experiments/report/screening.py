"""Screening by elementary effects: which parameters matter (Morris)."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis.morris import MATTERS, NEGLIGIBLE, OPEN, morris
from experiments.analysis.tables import part, there
from experiments.design.experiment import shipped_experiments
from experiments.figures import morris as drawing
from experiments.report import phrases
from experiments.report.document import Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.judged import ROBUSTNESS
from sim.columns import label
from sim.parameters import Origin

SCREENED = ("emerged", "log_organisers")
MOST = 5  # parameters named in a line


def fits(found: Findings) -> bool:
    """Whether some part has trajectories."""
    return bool(found.of_design("morris"))


def answer(found: Findings) -> str:
    """Return how many parameters matter, and which most."""
    table = _screened(found, found.of_design("morris")[0], SCREENED[:1])
    if table.empty:
        return ""
    ordered = table.sort_values("mu_star", ascending=False)
    counts = ordered["verdict"].value_counts()
    of = {verdict: int(counts.get(verdict, 0)) for verdict in (MATTERS, NEGLIGIBLE, OPEN)}
    first = ordered["parameter"].head(MOST).tolist()
    return (
        f"Averaged over worlds drawn, the plausible range of {of[MATTERS]} of {len(table)} "
        f"parameters surely changes the share of runs with a movement by more than 5 points, that "
        f"of {of[NEGLIGIBLE]} surely by less; {of[OPEN]} are undecided. In a single world a "
        f"parameter can do more than on average. The largest effects: {phrases.labels(first)}."
    )


def surprise(found: Findings) -> str:
    """Return which parameters do the more the other ones are so or so."""
    table = _screened(found, found.of_design("morris")[0], SCREENED[:1])
    if table.empty or table["mu_star"].max() == 0:
        return ""
    share = float((table["sigma"] > table["mu_star"]).mean())
    return (
        f"For {text.share(share)} of the parameters, the effect varies with the others by more "
        "than its own size: no parameter can be judged with the rest held at their defaults."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with trajectories."""
    return [_morris(found, gallery, name) for name in found.of_design("morris")]


def _morris(found: Findings, gallery: Gallery, name: str) -> Section:
    table = _screened(found, name)
    if table.empty:
        return section("Which parameters matter", "Too few runs yet.")
    parts: list[Part] = []
    for outcome, rows in table.groupby("outcome", sort=False):
        parts.append(gallery.show(f"morris-{outcome}", drawing.draw, rows))
    rows = table[table["outcome"] == SCREENED[0]].sort_values("mu_star", ascending=False)
    listed = {
        "parameter": rows["parameter"].map(label),
        "size of the effect (μ*)": [
            text.number(r.mu_star, r.mu_star_low, r.mu_star_high) for r in rows.itertuples()
        ],
        "mean (μ)": [text.number(r.mu, sign=True) for r in rows.itertuples()],
        "dependence on the others (σ)": rows["sigma"].map(text.number),
        "chance": rows["chance"].map(text.number),
        "verdict": rows["verdict"],
    }
    caption = (
        "Change of the share of runs with a movement over the whole range of a parameter, on "
        "average over the worlds drawn; it matters on average if this is surely more than 5 points "
        "beyond chance, and is negligible on average if surely less than 5"
    )
    parts.append(details("All parameters", Table.of(listed, caption)))
    return section("Which parameters matter", *parts, *_beside_claims(found, rows))


def _beside_claims(found: Findings, rows: pd.DataFrame) -> list[Part]:
    """Return what the screening says of the parameters that the conditions of claims set."""
    conditions = shipped_experiments()[ROBUSTNESS]["conditions"].values()
    told = [
        f"{about['label']} (claim {about['claim']}) sets {label(name)}: its range changes the "
        f"share of runs with a movement by {100 * size:.0f} [{100 * low:.0f} to {100 * high:.0f}] "
        "points on average; "
        f"{'undecided' if verdict == OPEN else f'it {SAID[verdict]} on average'}."
        for about in conditions
        for name in about["on"]
        for size, low, high, verdict in rows.loc[
            rows["parameter"] == name, ["mu_star", "mu_star_low", "mu_star_high", "verdict"]
        ].itertuples(index=False)
    ]
    if not told:
        return []
    given = found.parameters["movement.origin"] == Origin.GIVEN.value
    asked = "Here a launch is given; they ask" if given else "They ask"
    lead = (
        "What this says of the conditions of the claims. It cannot contradict their verdicts: it "
        "counts runs with a movement, up or down, over the whole range of a parameter and averaged "
        f"over all worlds drawn. {asked} for people who organise where users begin by themselves, "
        "in the direction of the claim, for one step of the condition, in the default world and in "
        "each world apart. So a condition can matter there and be negligible here on average."
    )
    return [lead, bullets(told)]


SAID = {MATTERS: "matters", NEGLIGIBLE: "is negligible"}


def _screened(found: Findings, name: str, outcomes: tuple[str, ...] = SCREENED) -> pd.DataFrame:
    """Return the elementary effects; empty while there are too few whole trajectories."""
    try:
        return found.cached(
            f"morris {name} {outcomes}",
            lambda: morris(
                part(found.runs, name), found.sampled[name], there(found.runs, outcomes)
            ),
        )
    except ValueError:
        return pd.DataFrame()
