"""Search a world in which each claim is contradicted; write conf/experiment/contradictions.yaml.

Run from the checkout: ``.venv/bin/python -m docs.make_contradictions``, or ``make contradictions``;
about six minutes on two idle cores. The contrasts are those of the claims, the variants and
ranges those of experiment robustness. ``momentum sweep experiment=contradictions`` then checks the
worlds found with other seeds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import Estimand
from experiments.claims.search import Effort, Found, Search, World
from experiments.config.settings import Settings, compose
from experiments.design.draw import MOST_POINTS
from experiments.design.experiment import Condition, Part, read_experiment
from experiments.design.factorial import CONDITION, follow_up, variants_of
from experiments.design.point import settings_of
from experiments.design.ranges import axes
from experiments.execution.record import point_history
from experiments.places import CONF
from experiments.report.judged import ROBUSTNESS, Judged
from sim import simulate
from sim.network import Network
from sim.setup import lay_ties

COMMAND = "make contradictions"
FILE = CONF / "experiment" / "contradictions.yaml"
SEED = 12
MANY_VARIANTS = 9  # a world that meets more of them has more pairs a seed, and costs more
HEAD = """\
# Written by {command}: a part a claim, its world found by a search over the plausible
# ranges (seed {seed}), not chosen by hand. The search used seeds from 10,000; the runs use others.
# What a world does not set is as in the default world.
"""
QUESTION = (
    "Is there, for each claim of the study, a world inside the plausible ranges in which the model "
    "contradicts it?"
)


class Runner:
    """Simulates worlds under the variants of a part of experiment robustness.

    Of the conditions that a claim is not about, all hold or none: more worlds and more luck are
    worth more to a search than all combinations, under which the world found is checked. Where a
    part varies some conditions, the others are off, as they are in that check.
    """

    def __init__(
        self,
        settings: Settings,
        part: Part,
        conditions: dict[str, Condition],
        estimands: Sequence[Estimand],
    ) -> None:
        self.settings, self.part = settings, part
        about = {name for each in estimands for name in (*each.on, *map(marked, each.among))}
        others = [mark for name in part.conditions or () if (mark := marked(name)) not in about]
        unnamed = [c.off for name, c in conditions.items() if name not in (part.conditions or ())]
        self.off = {k: v for off in unnamed for k, v in off.items()} if part.conditions else {}
        every = variants_of(part, conditions, {}, MOST_POINTS, part.name)
        self.variants = [each for each in every if len({each[name] for name in others}) < 2]
        self.networks: dict[Any, Network] = {}

    def __call__(self, worlds: Sequence[World], seeds: Sequence[int]) -> pd.DataFrame:
        """Return the finished runs."""
        rows = []
        for place, world in enumerate(worlds):
            for variant in self.variants:
                point = {"part": self.part.name, **self.off, **world, **variant}
                follow_up(point, self.part, self.part.name)
                parameters = self.settings.parameters.replace(settings_of(point))
                history = point_history(
                    self.settings.case, self.settings.history | point, parameters.horizon
                )
                for number, seed in enumerate(seeds):
                    key = (seed, parameters.users.count, parameters.network)
                    if key not in self.networks:
                        self.networks[key] = lay_ties(parameters, seed)
                    run = simulate(parameters, seed, history, self.networks[key])
                    rows.append(point | {WORLD: place, "replicate": number} | run.outcome._asdict())
            self.networks.clear()  # the next world has others
        return pd.DataFrame(rows).assign(error="")


def marked(condition: str) -> str:
    """Return the column that says whether a condition holds."""
    return f"{CONDITION}{condition}"


def search(branch: str, estimands: Sequence[Estimand]) -> Found:
    """Return what the search for a claim, or branch of one, comes to."""
    settings = compose([f"experiment={ROBUSTNESS}"])
    experiment = read_experiment(settings.experiment or {}, "laptop")
    name = estimands[0].worlds
    part = next(part for part in experiment.parts if part.name == name)
    runner = Runner(settings, part, experiment.conditions, estimands)
    forced = set.intersection(*map(set, runner.variants))
    drawn = axes(part.ranges, part.left_out, runner.off, forced, name)
    many = len(runner.variants) > MANY_VARIANTS
    effort = Effort(worlds=60, seeds=8) if many else Effort(worlds=240, seeds=24)
    if not all(each.directed for each in estimands):  # that there is nothing takes more to see
        effort = Effort(worlds=120, seeds=72)
    found = Search(estimands, drawn, runner, effort, SEED).search()
    what = "contradicted" if found.contradicts else "nearest miss"
    print(f"{branch}: {what} of {found.tried} worlds: {found.world}", flush=True)
    return found


def written_part(branch: str, found: Found, part: dict[str, Any]) -> dict[str, Any]:
    """Return the part of experiment contradictions of a claim, from that of robustness."""
    kept = ("conditions", "grid", "points", "follow_up", "meeting_after")
    what = "found" if found.contradicts else "nearest miss"
    design = next((d for key, d in DESIGNS.items() if part.get(key)), "grid")
    settings = {**part.get("set", {}), **dict(sorted(found.world.items()))}
    return {
        "name": branch,
        "label": f"{what} among {found.tried} worlds searched",
        "design": design,
        **({"set": settings} if settings else {}),
        **{key: part[key] for key in kept if part.get(key)},
        **({} if part.get("conditions") else {"conditions": []}),
    }


DESIGNS = {"conditions": "factorial", "points": "points"}


def written(found: dict[str, Found], estimands: Sequence[Estimand]) -> dict[str, Any]:
    """Return experiment contradictions as it is written."""
    robustness = yaml.safe_load((CONF / "experiment" / f"{ROBUSTNESS}.yaml").read_text("utf-8"))
    parts = {part["name"]: part for part in robustness["parts"]}
    of = {each.claim + each.branch: each.worlds for each in estimands if each.headline}
    return {
        "question": QUESTION,
        "claims": robustness["claims"],
        "order": 12,
        "case": robustness["case"],
        "base": robustness["base"],
        "conditions": robustness["conditions"],
        "parts": [written_part(branch, found[branch], parts[of[branch]]) for branch in of],
        "replicates": 200,
        "record_weekly": False,
        "scales": {
            "smoke": {"replicates": 2, "set": {"users.count": 200}},
            "laptop": {"replicates": 200, "set": {"users.count": 1000}},
            "full": {"replicates": 2000, "set": {"users.count": 1000}},
        },
    }


def main(file: Path = FILE) -> int:
    """Search, write the file, and return the exit code."""
    estimands = Judged({}).estimands
    branches: dict[str, list[Estimand]] = {}
    for each in estimands:
        if each.headline:
            branches.setdefault(each.claim + each.branch, []).append(each)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        results = pool.map(search, branches, branches.values())
        found = dict(zip(branches, results, strict=True))
    plain = json.loads(json.dumps(written(found, estimands)))  # without aliases
    text = yaml.safe_dump(
        plain, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    file.write_text(HEAD.format(command=COMMAND, seed=SEED) + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
