"""Write the table of ablations into docs/TRACE.md: which mechanisms each verdict needs.

    .venv/bin/python -m docs.make_ablation

Written before the run (docs/decisions/2026-11-26-ablation.md). Each of `MECHANISMS` is switched off
by itself, and every claim is judged anew by its own contrasts, thresholds and intervals. Then all
mechanisms whose removal by itself left the verdict of a claim are removed at once; while its
verdict is another one, the mechanism whose removal by itself moved the claim's effects most is put
back. What is left is the simplest model found that gives the verdict.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from docs.make_verdicts import between_marks
from experiments.claims.board import describe_effect
from experiments.config.settings import compose
from experiments.execution.sweep import run_sweep
from experiments.places import CONF
from experiments.report.judged import Judged
from experiments.store.result import Result

TARGET = Path(__file__).with_name("TRACE.md")
REPLICATES = 50  # the fewest that decide anything
GRAIN = ("users.count=500", "users.people_per_agent=40")  # a quarter of the users, the same public
CONDITIONS = ("distress", "dissatisfaction", "threat")  # of experiment right_momentum
MECHANISMS = {
    "neighbours as a motive": ["participation.peer_weight=0"],
    "neighbours as a source": ["awareness.contact=0"],
    "efficacy": ["participation.efficacy_weight=0", "participation.interaction=0"],
    "learning": ["persuasion.rate=0"],
    "luck of attention": ["media.luck=0"],
    "fatigue": ["participation.fatigue=0"],
    "exit": ["exit.leave_rate=0"],
    "monetisation in distress": ["firm.responsiveness=0"],
}
"""What is switched off, and what switches it off."""
CLAIMS = ("C1", "C5a", "C5b", "C6", "C7a", "C7b", "C8")
"""Claims that have a verdict; undecided ones and those that are built in have none to keep."""


def parts() -> dict[str, set[str]]:
    """Return the parts of each experiment by which claims are judged."""
    found: dict[str, set[str]] = {}
    for each in Judged({}).estimands:
        if each.headline and each.claim + each.branch in CLAIMS:
            found.setdefault(each.experiment, set()).add(each.part)
    return found


@cache
def run(experiment: str, off: frozenset[str]) -> Result:
    """Return the runs of the parts that judge claims, with some mechanisms switched off."""
    folder = Path(tempfile.mkdtemp(prefix="ablation-"))
    asked = yaml.safe_load((CONF / "experiment" / f"{experiment}.yaml").read_text("utf-8"))
    asked["parts"] = [part for part in asked["parts"] if part["name"] in parts()[experiment]]
    if "conditions" in asked:
        asked["conditions"] = {name: asked["conditions"][name] for name in CONDITIONS}
        asked["parts"] = [part | {"conditions": list(CONDITIONS)} for part in asked["parts"]]
    (folder / "experiment").mkdir()
    (folder / "experiment" / "ablated.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    words = [word for mechanism in sorted(off) for word in MECHANISMS[mechanism]]
    words += [
        *GRAIN,
        "experiment=ablated",
        "workers=1",
        f"replicates={REPLICATES}",
        f"results_dir={folder}",
    ]
    return Result(run_sweep(compose(words, folder), progress=False))


def judged(experiments: Iterable[str], off: frozenset[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return verdict and effects of each claim in words, and its effects, without mechanisms."""
    found = Judged({name: run(name, off) for name in experiments})
    rows = found.board
    rows["said"] = [f"{each['label']} {describe_effect(each)}" for each in rows.to_dict("records")]
    board = rows.groupby("claim").agg(verdict=("verdict", "first"), said=("said", "; ".join))
    effects = found.effects[found.effects["headline"].astype(bool)]
    effects = effects[effects["definition"].isin(["", "emerged"])].drop_duplicates(
        ["claim", "branch", "estimand"]
    )
    return board, effects.assign(of=effects["claim"] + effects["branch"])


def moved(before: pd.DataFrame, after: pd.DataFrame, claim: str) -> float:
    """Return how far the effects of a claim moved at most, in units of what is material."""
    there = before[before["of"] == claim].set_index("estimand")
    change = after[after["of"] == claim].set_index("estimand")["effect"] - there["effect"]
    return float((change.abs() / there["materiality"]).max())


def experiment_of(claim: str) -> str:
    """Return the experiment that judges a claim."""
    (found,) = {
        e.experiment for e in Judged({}).estimands if e.headline and e.claim + e.branch == claim
    }
    return found


def simplest(claim: str, wanted: str, free: dict[str, float]) -> set[str]:
    """Return the mechanisms that can be removed together; the largest movers come back first."""
    removed = set(free)
    while removed:
        board, _ = judged([experiment_of(claim)], frozenset(removed))
        if board.at[claim, "verdict"] == wanted:
            break
        removed.remove(max(removed, key=lambda name: free[name]))
    return removed


def table() -> str:
    """Return the table, a row a claim."""
    whole, before = judged(parts(), frozenset())
    alone = {name: judged(parts(), frozenset([name])) for name in MECHANISMS}
    rows = []
    for claim in CLAIMS:
        verdict, said = whole.loc[claim]
        lost = {n: b.loc[claim] for n, (b, _) in alone.items() if b.at[claim, "verdict"] != verdict}
        free = {n: moved(before, alone[n][1], claim) for n in MECHANISMS if n not in lost}
        free = {name: size if np.isfinite(size) else 0.0 for name, size in free.items()}
        removed = simplest(claim, verdict, free)
        needs = "; ".join(f"{n} ({there.verdict}: {there.said})" for n, there in lost.items())
        kept = ", ".join(name for name in MECHANISMS if name not in removed) or "none of them"
        rows.append(f"| {claim} | {verdict}: {said} | {needs or 'none'} | {kept} |")
        print(rows[-1], flush=True)
    head = "| claim | verdict, effect | another verdict without | the simplest model found keeps |"
    return "\n".join(["", head, "|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    text = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(between_marks(text, "ablation", table()), encoding="utf-8")
