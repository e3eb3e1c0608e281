"""Refinement: replicates go where it is undecided whether a movement emerges."""

import json

import numpy as np
import pytest

from experiments.analysis.intervals import wilson
from experiments.cli.main import main
from experiments.design.reading import DesignError
from experiments.execution.refinement import Rule, read_rule, replicates_wanted, undecided
from experiments.execution.sweep import SweepInterrupted, run_sweep
from experiments.execution.task import Runs
from experiments.store.parts import EMERGED, FAILED, MISSING, NOT_EMERGED, RunId
from experiments.store.result import Result
from sim import Parameters
from tests.sweeps import SMALL, settings

CHANCES = np.array([0.0, 0.05, 0.45, 0.5, 0.7, 1.0])


def rule(**keys):
    given = {"budget": 10_000, "batch": 10, "precision": 0.1, "levels": (0.5,)}
    return Rule(**(given | {"open": (True,) * len(CHANCES)} | keys))


def world(replicates=2_000, seed=0):
    """Return what each run will come to, whenever it is done."""
    luck = np.random.default_rng(seed).random(replicates)
    return np.where(luck < CHANCES[:, None], EMERGED, NOT_EMERGED)


def carried_out(known, given, by=7, first=10):
    """Return what is known after all that is planned was done, some runs at a time."""
    truth = world()
    runs = Runs(known, lambda known: replicates_wanted(known, first, given))
    while taken := runs.take(by):
        runs.done({run: truth[run.point, run.replicate] for run in taken})
    assert runs.left == 0
    return runs.outcomes


def empty(first=10):
    return np.full((len(CHANCES), first), MISSING)


def counts(known):
    return (known != MISSING).sum(axis=1)


def test_replicates_go_where_the_interval_holds_one_half_until_it_is_narrow():
    known = carried_out(empty(), rule())
    low, high = wilson((known == EMERGED).sum(axis=1), counts(known))
    held = (low < 0.5) & (high > 0.5)
    assert (high - low)[held].max() <= 0.2
    assert counts(known)[[0, 1, 5]].max() <= 20
    assert counts(known)[[2, 3]].min() >= 80
    assert not undecided(known, rule()).any()


def test_other_levels_have_other_borders():
    known = carried_out(empty(), rule(levels=(0.7,)))
    assert counts(known).argmax() == 4
    known = carried_out(empty(), rule(levels=(0.7, 0.5)))
    assert counts(known)[[3, 4]].min() > counts(known)[[0, 1, 5]].max()


def test_the_budget_holds_and_goes_to_the_widest_intervals():
    known = carried_out(empty(), rule(budget=100))
    assert counts(known).sum() == 100
    assert counts(carried_out(empty(), rule(budget=109))).sum() == 100  # no batch in part
    first = carried_out(empty(), None)
    low, high = wilson((first == EMERGED).sum(axis=1), 10)
    open_ = undecided(first, rule())
    one_more = counts(carried_out(empty(), rule(budget=70)))
    assert one_more.argmax() == np.argmax(np.where(open_, high - low, 0))


def test_what_was_stopped_anywhere_goes_on_to_the_same_end():
    whole = carried_out(empty(), rule())
    rng = np.random.default_rng(1)
    order = np.argwhere(whole != MISSING)[:, ::-1]
    for _ in range(20):
        known = empty()
        runs = Runs(known, lambda known: replicates_wanted(known, 10, rule()))
        truth = world()
        for _ in range(rng.integers(len(order) // 3)):
            taken = runs.take(3)
            runs.done({run: truth[run.point, run.replicate] for run in taken})
        lost = runs.take(5)  # under way when the driver dies
        assert all(runs.outcomes[run.point, run.replicate] == MISSING for run in lost)
        again = carried_out(runs.outcomes.copy(), rule())
        assert (again[:, : whole.shape[1]] == whole).all()


def test_a_larger_budget_or_precision_goes_on_from_there():
    few = carried_out(empty(), rule(budget=200))
    more = carried_out(few.copy(), rule())
    assert counts(few).sum() < counts(more).sum()
    assert (more == carried_out(empty(), rule())).all()


def test_the_next_round_waits_for_the_last_run_of_this_one():
    runs = Runs(empty(), lambda known: replicates_wanted(known, 10, rule()))
    taken = runs.take(1_000)
    assert len(taken) == 60
    assert runs.take(1) == ()
    runs.done(dict.fromkeys(taken[1:], NOT_EMERGED))
    assert (len(runs), runs.left) == (0, 1)
    runs.done({taken[0]: EMERGED})
    assert runs.left == 0  # of ten runs at most one came to a movement: all is decided


def test_a_round_is_replicate_by_replicate():
    runs = Runs(np.full((2, 2), MISSING), lambda known: np.array([2, 2]))
    assert runs.take(9) == (RunId(0, 0), RunId(0, 1), RunId(1, 0), RunId(1, 1))


def test_a_point_whose_runs_all_fail_gets_no_more():
    known = np.full((len(CHANCES), 10), FAILED)
    assert replicates_wanted(known, 10, rule()).tolist() == [10] * 6
    assert not undecided(known, rule()).any()


def test_parts_that_are_not_refined_keep_their_replicates():
    given = rule(open=(True, True, False, False, False, False))
    assert counts(carried_out(empty(), given))[2:].tolist() == [10] * 4


# -- as written ------------------------------------------------------------------------------------

PARTS = ["a", "a", "b"]


def test_a_rule_is_read_with_what_is_not_given():
    read = read_rule({"budget": 300, "parts": ["b"], "levels": 0.9}, PARTS, 20)
    assert read == Rule(300, 20, 0.05, (0.9,), (False, False, True))
    assert read_rule({}, PARTS, 20) is None
    assert read_rule({"budget": None}, PARTS, 20) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"budgt": 5}, "unknown key budgt; did you mean budget"),
        ({"precision": 0.1}, "needs a budget"),
        ({"budget": 50}, "budget = 50 is less than the first 60 runs"),
        ({"budget": 100, "precision": 0}, "precision = 0 must be a number between 0 and 1"),
        ({"budget": 100, "levels": [0.5, 1]}, "level 2 = 1 must be a number between 0 and 1"),
        ({"budget": 100, "levels": []}, "levels holds nothing"),
        ({"budget": 100, "batch": 0}, "batch = 0 must be a whole number from 1"),
        ({"budget": 100, "parts": ["c"]}, "unknown part c"),
    ],
)
def test_a_wrong_rule_is_refused_in_one_line(given, message):
    with pytest.raises(DesignError, match="refine") as refused:
        read_rule(given, PARTS, 20)
    assert message in str(refused.value)


# -- in a sweep ------------------------------------------------------------------------------------

WORLD = {**SMALL, "users.people_per_agent": 100.0, "movement.organisers": 200.0}
COSTS = {"participation.cost_mean": [0.3, 0.4, 2.0]}  # movements are likely, undecided, ruled out
REFINED = {
    "experiment": None, "parameters": Parameters.from_dict(WORLD), "swept": COSTS,
    "replicates": 5, "name": "mine",
}  # fmt: skip
GIVEN = {"budget": 60, "batch": 5, "precision": 0.1}


def stored(folder):
    runs = Result(folder).runs()
    return runs.drop(columns="duration_s")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    given = settings(tmp_path_factory.mktemp("results"), **REFINED, refine=GIVEN)
    return run_sweep(given, progress=False)


def test_a_sweep_is_refined_near_the_border(undisturbed):
    runs = stored(undisturbed)
    replicates = runs.groupby("participation.cost_mean")["replicate"].nunique()
    assert replicates.min() == 5
    assert len(runs) <= 60
    assert len(runs) > 15
    assert (runs["seed"] == 7 + runs["replicate"]).all()
    provenance = Result(undisturbed).provenance
    assert provenance["complete"]
    assert provenance["runs"]["total"] == len(runs)


def test_a_refined_sweep_that_is_stopped_goes_on_to_the_same_runs(undisturbed, tmp_path):
    from experiments.execution import progress as watching

    class Stopping(watching.Progress):
        def update(self, done):
            super().update(done)
            if self.counts.done - self.counts.there >= 9:
                raise KeyboardInterrupt

    given = settings(tmp_path, **REFINED, refine=GIVEN)
    stops = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.execution.sweep.Progress", Stopping)
        patch.setattr("experiments.execution.task.SHORT", 1e-9)  # chunks of one run
        for _ in range(20):
            try:
                folder = run_sweep(given, progress=False)
                break
            except SweepInterrupted:
                stops += 1
    assert stops >= 2
    assert stored(folder).equals(stored(undisturbed))


def test_two_workers_refine_to_the_same_runs(undisturbed, tmp_path):
    folder = run_sweep(settings(tmp_path, **REFINED, refine=GIVEN, workers=2), progress=False)
    assert stored(folder).equals(stored(undisturbed))


def test_a_sweep_is_refined_from_the_command_line(tmp_path, capsys):
    small = [f"{name}={value}" for name, value in WORLD.items()]
    words = [*small, "participation.cost_mean=0.4,2.0", "replicates=5", "workers=1", "name=x"]
    words += [f"results_dir={tmp_path}", "refine.budget=40", "refine.precision=0.1"]
    assert main(["sweep", *words, "--dry-run"]) == 0
    assert "at most 40 runs are left" in capsys.readouterr().out
    assert main(["sweep", *words, "refine.batch=0"]) == 2
    assert "refine: batch = 0 must be a whole number from 1" in capsys.readouterr().err
    assert main(["sweep", *words]) == 0
    told = capsys.readouterr().err
    assert "10 runs, then up to 40 where it is undecided" in told
    assert "undecided within the precision asked for:" in told
    count = len(Result(tmp_path / "x").runs())
    assert 10 < count <= 40
    assert main(["sweep", *words]) == 0
    assert f"all {count} runs are already there" in capsys.readouterr().err
    assert json.loads((tmp_path / "x" / "design.json").read_text())["replicates"] == 5
