"""Search a world in which each claim is contradicted; write conf/experiment/contradictions.yaml.

Run from the checkout: ``.venv/bin/python -m docs.make_contradictions SEED``, or ``make
contradictions ARGS=SEED``; about nine minutes on two idle cores. The contrasts are those of the
claims, the variants and ranges those of experiment robustness. The world that the file has for a
claim gives way only to one that comes nearer to a contradiction with fresh seeds, so a further
search never loses one. ``momentum sweep experiment=contradictions`` then checks the worlds with
other seeds.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from experiments.claims.contrasts import WORLD
from experiments.claims.estimands import Estimand
from experiments.claims.search import Effort, Search, World
from experiments.config.settings import Settings, compose
from experiments.design.draw import MOST_POINTS, follow_up, variants_of
from experiments.design.experiment import Condition, Part, read_experiment
from experiments.design.point import CONDITION, settings_of
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
REPLICATES = 1200
MANY_VARIANTS = 9  # a world that meets more of them has more pairs a seed, and costs more
HEAD = f"""\
# Written by {COMMAND}: a part a claim, its world found by searches over the plausible
# ranges, not chosen by hand. The label of a part names the search that found its world: of all
# searches, that whose world comes nearest to a contradiction with fresh seeds. Searches use seeds
# from 10,000, the runs others. What a world does not set is as in the default world.
"""
QUESTION = (
    "Is there, for each claim of the study, a world inside the plausible ranges in which the model "
    "contradicts it?"
)


class Runner:
    """Simulates worlds under the variants of a part of experiment robustness.

    Of the conditions that a claim is not about, all hold or none: more worlds and more luck are
    worth more to a search than all combinations (``every``), under which worlds are compared and
    checked. Where a part varies some conditions, the others are off, as they are in that check.
    """

    def __init__(
        self,
        settings: Settings,
        part: Part,
        conditions: dict[str, Condition],
        estimands: Sequence[Estimand],
        every: bool = False,
    ) -> None:
        self.settings, self.part = settings, part
        about = {name for each in estimands for name in (*each.on, *map(marked, each.among))}
        others = [mark for name in part.conditions or () if (mark := marked(name)) not in about]
        unnamed = [c.off for name, c in conditions.items() if name not in (part.conditions or ())]
        self.off = {k: v for off in unnamed for k, v in off.items()} if part.conditions else {}
        self.variants = [
            each
            for each in variants_of(part, conditions, {}, MOST_POINTS)
            if every or len({each[name] for name in others}) < 2
        ]
        self.networks: dict[Any, Network] = {}

    def __call__(self, worlds: Sequence[World], seeds: Sequence[int]) -> pd.DataFrame:
        """Return the finished runs."""
        rows = []
        for place, world in enumerate(worlds):
            for variant in self.variants:
                point = {"part": self.part.name, **self.off, **world, **variant}
                follow_up(point, self.part)
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


class Candidate(NamedTuple):
    """The world for a claim, or branch of one, and where it comes from."""

    world: World  # what differs from the default world
    label: str


def search(
    branch: str, estimands: Sequence[Estimand], known: Candidate | None, seed: int
) -> Candidate:
    """Return the world that the search finds, or the one known if that comes nearer."""
    settings = compose([f"experiment={ROBUSTNESS}"])
    experiment = read_experiment(settings.experiment or {}, "laptop")
    name = estimands[0].worlds
    part = next(part for part in experiment.parts if part.name == name)
    runner = Runner(settings, part, experiment.conditions, estimands)
    forced = set.intersection(*map(set, runner.variants))
    drawn = axes(part.ranges, part.left_out, runner.off, forced)
    many = len(runner.variants) > MANY_VARIANTS
    effort = Effort(worlds=60, seeds=8) if many else Effort(worlds=240, seeds=24)
    if not all(each.directed for each in estimands):  # that there is nothing takes more to see
        effort = Effort(worlds=120, seeds=72)
    the_search = Search(estimands, drawn, runner, effort, seed)
    found = the_search.search()
    label = (
        f"{'found' if found.contradicts else 'nearest miss'} among {found.tried} worlds searched "
        f"over the ranges of {len(drawn)} parameters, seed {seed}, {datetime.now(UTC):%Y-%m-%d}"
    )
    best = Candidate(found.world, label)
    if known is not None:
        check = Runner(settings, part, experiment.conditions, estimands, every=True)
        if not the_search.comes_nearer(found.world, known.world, check):
            best = known
    print(f"{branch}: {best.label}: {best.world}", flush=True)
    return best


def known_worlds(file: Path, variants: dict[str, dict[str, Any]]) -> dict[str, Candidate]:
    """Return the worlds that a file has, by claim or branch; empty if there is no file.

    Parameters
    ----------
    file
        As this script writes it.
    variants
        By claim or branch, the part of experiment robustness that it is compared in.
    """
    given = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {"parts": []}
    found = {}
    for part in given["parts"]:
        forced = variants[part["name"]].get("set", {})
        world = {name: v for name, v in part.get("set", {}).items() if name not in forced}
        found[part["name"]] = Candidate(world, part["label"])
    return found


def written_part(branch: str, found: Candidate, part: dict[str, Any]) -> dict[str, Any]:
    """Return the part of experiment contradictions of a claim, from that of robustness."""
    kept = ("conditions", "grid", "points", "follow_up", "meeting_after")
    design = next((d for key, d in DESIGNS.items() if part.get(key)), "grid")
    settings = {**part.get("set", {}), **dict(sorted(found.world.items()))}
    return {
        "name": branch,
        "label": found.label,
        "design": design,
        **({"set": settings} if settings else {}),
        **{key: part[key] for key in kept if part.get(key)},
        **({} if part.get("conditions") else {"conditions": []}),
    }


DESIGNS = {"conditions": "factorial", "points": "points"}


def written(
    found: dict[str, Candidate], variants: dict[str, dict[str, Any]], robustness: dict[str, Any]
) -> dict[str, Any]:
    """Return experiment contradictions as it is written."""
    return {
        "question": QUESTION,
        "claims": robustness["claims"],
        "order": 12,
        "case": robustness["case"],
        "base": robustness["base"],
        "conditions": robustness["conditions"],
        "parts": [written_part(branch, found[branch], part) for branch, part in variants.items()],
        "scales": {
            "smoke": {"replicates": 2, "set": {"users.count": 200}},
            "laptop": {"replicates": REPLICATES, "set": {"users.count": 1000}},
            "full": {"replicates": 5 * REPLICATES, "set": {"users.count": 1000}},
        },
    }


def headlines() -> dict[str, list[Estimand]]:
    """Return the headline effects of each claim or branch."""
    branches: dict[str, list[Estimand]] = {}
    for each in Judged({}).estimands:
        if each.headline:
            branches.setdefault(each.claim + each.branch, []).append(each)
    return branches


def main(seed: int = SEED, file: Path = FILE) -> int:
    """Search, write the file, and return the exit code."""
    branches = headlines()
    robustness = yaml.safe_load((CONF / "experiment" / f"{ROBUSTNESS}.yaml").read_text("utf-8"))
    parts = {part["name"]: part for part in robustness["parts"]}
    variants = {branch: parts[each[0].worlds] for branch, each in branches.items()}
    known = known_worlds(file, variants)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        results = pool.map(
            search, branches, branches.values(), map(known.get, branches), repeat(seed)
        )
        found = dict(zip(branches, results, strict=True))
    plain = json.loads(json.dumps(written(found, variants, robustness)))  # without aliases
    text = yaml.safe_dump(
        plain, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    file.write_text(HEAD + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    parser = ArgumentParser(prog=COMMAND, description="Search worlds that contradict the claims.")
    parser.add_argument("seed", type=int, nargs="?", default=SEED, help="of the search")
    sys.exit(main(parser.parse_args().seed))
