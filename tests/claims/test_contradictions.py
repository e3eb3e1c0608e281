"""The worlds in which claims are checked: there for all, inside the ranges, found by search."""

import pandas as pd
import pytest
import yaml

from docs.make_contradictions import (
    SEED,
    Candidate,
    Runner,
    headlines,
    known_worlds,
    search,
    written,
    written_part,
)
from experiments.claims.board import CONTRADICTIONS
from experiments.claims.contrasts import of_part
from experiments.claims.search import FIRST_SEED, Found, Search
from experiments.config.settings import compose
from experiments.design.experiment import read_experiment
from experiments.places import CONF
from experiments.report.judged import ROBUSTNESS, Judged
from sim.outcome import Outcome
from sim.parameters import Parameters, declarations
from tests.sweeps import points_of

HEADLINES = [each for each in Judged({}).estimands if each.headline]
FILE = yaml.safe_load((CONF / "experiment" / f"{CONTRADICTIONS}.yaml").read_text("utf-8"))
PARTS = {part["name"]: part for part in FILE["parts"]}
VARIANTS = yaml.safe_load((CONF / "experiment" / f"{ROBUSTNESS}.yaml").read_text("utf-8"))


def as_runs(experiment, part: str) -> pd.DataFrame:
    points = pd.DataFrame(points_of(experiment))
    outcomes = dict.fromkeys(set(Outcome._fields) - {"converted"}, True)
    return points[points["part"] == part].assign(replicate=0, error="", converted=False, **outcomes)


@pytest.mark.parametrize(
    "each", HEADLINES, ids=lambda each: f"{each.claim}{each.branch}-{each.name}"
)
def test_every_headline_is_asked_in_the_world_of_its_claim(each):
    part = each.claim + each.branch
    assert len(of_part(each, as_runs(FILE, part), part))


@pytest.mark.parametrize("name", PARTS)
def test_worlds_lie_inside_the_plausible_ranges(name):
    of_claim = next(each for each in HEADLINES if each.claim + each.branch == name)
    given = next(part for part in VARIANTS["parts"] if part["name"] == of_claim.worlds)
    world = {n: v for n, v in PARTS[name]["set"].items() if n not in given.get("set", {})}
    for parameter, value in world.items():
        low, high = declarations()[parameter].metadata["plausible"]
        assert low <= value <= high, parameter


@pytest.mark.parametrize("experiment", [ROBUSTNESS, CONTRADICTIONS])
def test_what_a_world_does_not_set_is_as_in_the_default_world(experiment):
    """The case is there for the record that launches follow; its facts stay out of all else."""
    settings = compose([f"experiment={experiment}"])
    values, default = settings.parameters.flat(), Parameters().flat()
    assert [n for n in values if values[n] != default[n]] in ([], ["users.count"])
    assert settings.history["history.recorded"] is False


@pytest.mark.parametrize(("claim", "count"), [("C1", 4), ("C2", 16), ("C3", 4), ("C4", 40)])
def test_of_other_conditions_all_hold_or_none_in_the_search(claim, count):
    settings = compose([f"experiment={ROBUSTNESS}"])
    experiment = read_experiment(settings.experiment, "laptop")
    estimands = [each for each in HEADLINES if each.claim == claim]
    part = next(part for part in experiment.parts if part.name == estimands[0].worlds)
    assert len(Runner(settings, part, experiment.conditions, estimands).variants) == count


def test_a_world_is_simulated_under_every_variant_with_the_same_luck():
    settings = compose([f"experiment={ROBUSTNESS}", "users.count=50"])
    experiment = read_experiment(settings.experiment, "smoke")
    part = next(part for part in experiment.parts if part.name == "trust")
    media = next(each for each in HEADLINES if each.outcome == "max_media")
    runs = Runner(settings, part, experiment.conditions, [media])(
        [{"media.trust_amplification": 0.0, "media.luck": 0.0}, {"media.luck": 0.5}],
        [FIRST_SEED, FIRST_SEED + 1],
    )
    assert len(runs) == 2 * 2 * 2
    assert runs["sample"].value_counts().tolist() == [4, 4]
    assert set(runs["label"]) == {"trust_kept", "trust_lost"}
    peaks = runs.pivot(index=["sample", "replicate"], columns="label", values="max_media")
    assert (peaks.loc[1, "trust_lost"] > peaks.loc[1, "trust_kept"]).all()
    assert peaks.loc[1, "trust_kept"].nunique() == 2  # luck differs from seed to seed


VARIANTS_OF = {
    branch: next(part for part in VARIANTS["parts"] if part["name"] == each[0].worlds)
    for branch, each in headlines().items()
}


def test_what_is_found_is_written_with_the_variants_of_its_claim():
    found = {branch: Candidate({"media.luck": 0.7}, "found") for branch in VARIANTS_OF}
    experiment = written(found, VARIANTS_OF, VARIANTS)
    for name, estimands in headlines().items():
        part = next(part for part in experiment["parts"] if part["name"] == name)
        assert part["label"] == "found"
        points = as_runs(experiment, name)
        assert all(len(of_part(each, points, name)) for each in estimands)
        assert set(points["media.luck"]) == {0.7}
    part = written_part("C1", Candidate({}, "found"), {"design": "x", "conditions": ["a"]})
    assert part == {"name": "C1", "label": "found", "design": "factorial", "conditions": ["a"]}


def test_the_worlds_of_a_file_are_read_without_what_the_variants_set(tmp_path):
    found = {branch: Candidate({"media.luck": 0.7}, f"of {branch}") for branch in VARIANTS_OF}
    file = tmp_path / "contradictions.yaml"
    file.write_text(yaml.safe_dump(written(found, VARIANTS_OF, VARIANTS)), "utf-8")
    assert known_worlds(file, VARIANTS_OF) == found
    assert known_worlds(tmp_path / "none.yaml", VARIANTS_OF) == {}


@pytest.mark.parametrize("nearer", [True, False])
def test_a_world_that_is_known_gives_way_only_to_one_that_comes_nearer(monkeypatch, nearer):
    monkeypatch.setattr(Search, "search", lambda self: Found({"media.luck": 0.7}, True, 10))
    compared = []

    def comes_nearer(self, world, than, run):
        compared.append((world, than, len(run.variants)))
        return nearer

    monkeypatch.setattr(Search, "comes_nearer", comes_nearer)
    known = Candidate({"media.luck": 0.1}, "known")
    best = search("C1", headlines()["C1"], known, SEED)
    assert compared == [({"media.luck": 0.7}, {"media.luck": 0.1}, 32)]  # all combinations
    assert best.world == ({"media.luck": 0.7} if nearer else {"media.luck": 0.1})
    assert (best.label == "known") is not nearer
    if nearer:
        assert best.label.startswith("found among 10 worlds searched over the ranges of ")
