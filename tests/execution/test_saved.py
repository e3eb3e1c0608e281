"""Runs saved at a week: going on is as if there had been no halt; nothing but levers may change."""

import json
import shlex

import numpy as np
import pytest

from experiments import places
from experiments.cli.main import main
from experiments.config.choices import ConfigError
from experiments.execution import checkpoint as saved
from sim import MovementModel, Parameters, simulate
from sim.parameters import ParameterError
from sim.run import finish, go_on, simulate_until
from tests.sim.test_oracle import lively_world, made_up_history

SMALL = ["users.count=150", "horizon=70", "movement.launch_week=12", "participation.cost_mean=0.5"]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.execution.worker.is_cold", lambda: False)
    monkeypatch.setattr(places, "RESULTS", tmp_path / "results")
    return tmp_path


def refused(capsys, *arguments):
    capsys.readouterr()
    assert main(["run", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def same(one, other):
    assert one.records.tobytes() == other.records.tobytes()
    assert one.state.world.tobytes() == other.state.world.tobytes()
    for name, mine, theirs in zip(
        one.state.users._fields, one.state.users, other.state.users, strict=True
    ):
        assert np.array_equal(mine, theirs), name
    assert repr(one.outcome) == repr(other.outcome)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("week", [0, 1, 40, 260])
def test_a_halt_changes_nothing(week, recorded):
    parameters = lively_world(7)
    history = made_up_history(parameters.horizon) if recorded else None
    whole = simulate(parameters, 5, history)
    checkpoint = simulate_until(week, parameters, 5, history)
    assert checkpoint.state.weekly["week"][week] == week
    same(finish(checkpoint), whole)
    same(finish(go_on(checkpoint, (week + 260) // 2)), whole)  # the checkpoint is as it was


def test_the_twin_changes_its_levers_with_the_run():
    """A halt and a change is what a stepped model does when it is told to change."""
    parameters = Parameters.from_dict(
        {
            "users.count": 200,
            "movement.launch_week": 10,
            "dissatisfaction.base": 0.4,
            "participation.cost_mean": 0.5,
            "emergence.organisers": 10.0,
        }
    )
    changes = {"participation.peer_weight": 1.5, "participation.drop_rate": 0.01}
    stepped = MovementModel(parameters, rng=5)
    while stepped.week < 45:
        stepped.step()
    stepped.change(changes)
    expected = stepped.run()
    checkpoint = simulate_until(45, parameters, 5)
    run = finish(checkpoint, parameters.replace(changes))
    assert repr(run.outcome) == repr(expected)
    assert not np.isnan(run.outcome.influence)
    assert run.outcome != simulate(parameters, 5).outcome


def test_what_is_fixed_and_weeks_that_are_past_are_refused():
    checkpoint = simulate_until(30, Parameters.from_dict({"users.count": 60, "horizon": 60}))
    with pytest.raises(ParameterError, match=r"users\.count is fixed from week 0"):
        finish(checkpoint, checkpoint.parameters.replace({"users.count": 61}))
    with pytest.raises(ParameterError, match="week 29 is not between week 30 and 60"):
        go_on(checkpoint, 29)
    with pytest.raises(ParameterError, match="week 61 is not within"):
        simulate_until(61, checkpoint.parameters)


def test_a_saved_run_goes_on_as_if_it_had_not_stopped(here):
    assert main(["run", *SMALL, "save_week=30", "name=a"]) == 0
    assert main(["run", "resume=a"]) == 0
    runs = here / "results" / "runs"
    again = runs / "a-from-week-30"
    for file in ("weekly.csv", "outcome.json", "network.json"):
        assert (again / file).read_bytes() == (runs / "a" / file).read_bytes()
    assert json.loads((again / "provenance.json").read_text())["command"] == "momentum run resume=a"


def test_a_run_that_is_saved_says_where_and_how_to_go_on(here, capsys):
    assert main(["run", *SMALL, "save_week=30", "name=before", "results_dir=my results"]) == 0
    said = capsys.readouterr().out
    assert "my results/runs/before/state.npz, as of the end of week 30" in said
    commands = [
        shlex.split(line.partition(" momentum ")[2]) for line in said.splitlines() if ":  " in line
    ]
    first = next(words for words in commands if words[:1] == ["run"] and words[1] != SMALL[0])
    assert first[:3] == ["run", "resume=before", "firm.policy=concede"]
    assert main(first) == 0
    assert (here / "my results" / "runs" / "before-from-week-30" / "outcome.json").is_file()
    [sweep] = [words for words in commands if words[:1] == ["sweep"]]
    assert main([*sweep, "--cfg", "job"]) == 0


def test_a_fork_differs_from_its_week_on_and_can_be_saved_in_turn(here):
    assert main(["run", *SMALL, "save_week=30", "name=a"]) == 0
    fork = ["resume=a", "firm.policy=concede", "participation.drop_rate=0.9"]
    assert main(["run", "resume=a", "firm.policy=concede", "save_week=50", "name=b"]) == 0
    a, b = (
        np.genfromtxt(here / f"results/runs/{name}/weekly.csv", delimiter=",", names=True)
        for name in "ab"
    )
    deficit = a["governance_deficit"], b["governance_deficit"]
    assert np.array_equal(deficit[0][:31], deficit[1][:31])
    assert deficit[0][31] != deficit[1][31]
    assert main(["run", "resume=b", "name=c"]) == 0
    paths = [here / f"results/runs/{name}/weekly.csv" for name in "bc"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert "participation.drop_rate" not in saved._levers()
    with pytest.raises(ConfigError, match=r"participation\.drop_rate is fixed"):
        saved.resumed(fork, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["resume=aa"], "did you mean a?"),
        (["resume=plain"], "was not saved; run it again with save_week="),
        (["resume=a", "users.count=9"], "users.count is fixed in a saved run"),
        (["resume=a", "horizon=71"], "horizon is fixed in a saved run: only levers can change"),
        (["resume=a", "seed=9"], "seed is fixed in a saved run"),
        (["resume=a", "case=buytwitter"], "case is fixed in a saved run"),
        (["resume=a", "movement.launch_week=50"], "was launched in week 12"),
        (["resume=a", "save_week=10"], "save_week=10 is past"),
        (["resume=a", "name=a"], "a holds a saved run, whose state would be lost"),
        ([*SMALL, "name=a"], "a holds a saved run, whose state would be lost"),
        (["save_week=71", *SMALL], "save_week=71 must be a week from 0 to 70"),
        (["-m", "resume=a", "firm.policy=concede,resist"], "resume= has no effect here"),
        (["resume=notes.txt"], "is no saved run, or a damaged one"),
        (["resume=half.npz"], "is no saved run, or a damaged one"),
    ],
)
def test_refusals(here, capsys, words, said):
    assert main(["run", *SMALL, "save_week=30", "name=a"]) == 0
    assert main(["run", *SMALL, "name=plain"]) == 0
    (here / "notes.txt").write_text("not a run")
    whole = (here / "results/runs/a/state.npz").read_bytes()
    (here / "half.npz").write_bytes(whole[: len(whole) // 2])
    before = sorted((here / "results/runs").iterdir())
    assert said in refused(capsys, *words)
    assert sorted((here / "results/runs").iterdir()) == before


def test_another_model_or_another_record_is_refused(here, capsys, monkeypatch):
    case = here / "case.csv"
    text = (places.ROOT / "docs/examples/my_case.csv").read_text()
    case.write_text(text)
    assert main(["run", f"case.file={case}", "users.count=60", "save_week=20", "name=a"]) == 0
    changed = text.replace("2020-04-01,15.10", "2020-04-01,12.10")
    assert changed != text
    case.write_text(changed)
    assert "changed since; save the run again" in refused(capsys, "resume=a")
    case.write_text(text)
    assert main(["run", "resume=a"]) == 0
    monkeypatch.setattr(saved.provenance, "model_digest", lambda: "other")
    assert "the model's code changed since it was saved" in refused(capsys, "resume=a")


@pytest.mark.parametrize(
    "array", ["network.neighbours", "users.status", "shareholders.user", "weekly"]
)
def test_arrays_that_do_not_fit_are_refused(here, capsys, array):
    """Compiled code would read and write beside them."""
    assert main(["run", *SMALL, "save_week=30", "name=a"]) == 0
    with np.load(here / "results/runs/a/state.npz") as file:
        arrays = dict(file)
    if array == "weekly":
        arrays[array] = arrays[array][:-1]
    else:
        arrays[array][0] = 200
    np.savez(here / "other.npz", **arrays)
    assert "fit" in refused(capsys, "resume=other.npz")


def test_a_saved_run_does_without_the_files_it_was_made_from(here, capsys):
    ties, case = here / "ties.txt", here / "case.csv"
    ties.write_text("".join(f"{i} {(i + step) % 60}\n" for i in range(60) for step in (1, 2)))
    case.write_text((places.ROOT / "docs/examples/my_case.csv").read_text())
    words = [f"case.file={case}", "network.topology=edge_list", f"network.edge_list={ties}"]
    assert main(["run", *words, "users.count=60", "save_week=20", "name=a"]) == 0
    ties.unlink()
    case.unlink()
    assert main(["run", "resume=a", "name=b"]) == 0
    runs = here / "results" / "runs"
    for file in ("weekly.csv", "outcome.json", "network.json"):
        assert (runs / "b" / file).read_bytes() == (runs / "a" / file).read_bytes()
    assert main(["run", "resume=a", "firm.policy=concede", "name=c"]) == 0
    assert (runs / "c" / "weekly.csv").read_bytes() != (runs / "a" / "weekly.csv").read_bytes()
    assert "users.count is fixed" in refused(capsys, "resume=a", "users.count=61")


def test_a_run_replaces_no_file_that_is_not_of_a_run(here, capsys):
    assert main(["run", *SMALL, "name=a"]) == 0
    notes = here / "results/runs/a/notes.txt"
    notes.write_text("mine")
    assert "holds notes.txt, not only a run: choose another name=" in refused(
        capsys, *SMALL, "name=a"
    )
    assert notes.read_text() == "mine"
