"""The canonical model is the same whatever it is written with; results say what was measured."""

import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks_main
from benchmarks import canonical, report
from benchmarks.__main__ import main
from benchmarks.canonical.world import Rule, draw_world
from benchmarks.full_model import (
    LUCK,
    PEOPLE,
    SEED,
    active_world,
    begin,
    clocks,
    former_world,
)
from benchmarks.goals import GOALS, Goal
from benchmarks.large import resident
from benchmarks.measure import (
    Section,
    alternate,
    in_fresh_process,
    lines_of_code,
    ratios,
)
from experiments.patterns.pattern import HALF_YEAR, STATISTICS, Campaigns, read_patterns
from sim import simulate
from sim.network import from_edges

USERS, WEEKS, REPLICATES = 400, 25, 8
FURTHEST = 6.0  # standard errors between means; with so few replicates, equals come to 4 or 5
WORLD = draw_world(USERS, seed=1)


def trajectories(name, world):
    """Return the active share of each replicate, (replicates, weeks + 1)."""
    written = canonical.version(name)
    return np.array(
        [written.run(written.build(world, WEEKS, seed)) for seed in range(1, REPLICATES + 1)]
    )


def apart(one, other):
    """Return the largest distance of two mean trajectories in any week, in standard errors."""
    distance = np.abs(one.mean(axis=0) - other.mean(axis=0))[1:]
    error = np.sqrt((one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / REPLICATES)[1:]
    return (distance / error).max()


@pytest.fixture(scope="module")
def expected():
    return trajectories("NumPy", WORLD)


@pytest.mark.parametrize("name", canonical.installed())
def test_all_versions_start_from_the_same_users_and_stay_within_sampling_error(name, expected):
    shares = trajectories(name, WORLD)
    assert shares.shape == (REPLICATES, WEEKS + 1)
    np.testing.assert_allclose(shares[:, 0], WORLD.active.mean())
    assert len(np.unique(shares[:, -1])) > 1  # each seed has its own luck
    other_luck = expected if name != "NumPy" else trajectories("Mesa", WORLD)
    assert apart(shares, other_luck) < FURTHEST


@pytest.mark.parametrize("name", canonical.installed())
@pytest.mark.parametrize("constant", Rule._fields)
def test_no_version_leaves_out_a_constant(name, constant, expected):
    changed = WORLD.rule._replace(**{constant: getattr(WORLD.rule, constant) / 4})
    assert apart(trajectories(name, WORLD._replace(rule=changed)), expected) > FURTHEST


@pytest.mark.parametrize("name", canonical.installed())
def test_no_version_leaves_out_the_ties_or_the_costs(name, expected):
    strangers = from_edges(USERS, np.empty((0, 2), int))
    assert apart(trajectories(name, WORLD._replace(network=strangers)), expected) > FURTHEST
    dear = WORLD._replace(cost=WORLD.cost + np.float32(0.2))
    assert apart(trajectories(name, dear), expected) > FURTHEST


def test_mesa_and_numpy_are_compared_at_least():
    assert {"Mesa", "NumPy"} <= set(canonical.installed()) <= set(canonical.PACKAGES)


def test_the_movement_is_active_in_the_world_that_is_measured():
    for users in (1_000, 10_000):
        live = begin(active_world(users))
        twin = live.copy()
        live.advance(0, 260)
        assert (live.state.weekly["active"] > 0.05).mean() > 0.7
        assert twin.state.users.status.max() == 0  # a copy is a run of its own


def test_the_world_that_is_measured_is_one_that_the_patterns_allow():
    def found(world):
        launch = world.movement.launch_week
        opening = launch + world.movement.petition_delay + 1
        runs = [simulate(world, seed).records for seed in LUCK]
        campaigns = Campaigns(
            signatures=np.array([run["signatures"][opening:][:HALF_YEAR] for run in runs]),
            active=np.array([run["active"][launch:] for run in runs]),
            organisers=np.array([run["organisers"][launch:] for run in runs]) * PEOPLE,
            vote=np.array([]),
            reach=np.array([]),
            public=PEOPLE,
        )
        used = [p for p in read_patterns() if p.use == "defaults" and p.number not in (1, 3)]
        return {p.number: p.holds(STATISTICS[p.statistic](campaigns, **p.arguments)) for p in used}

    assert found(active_world(10_000)) == dict.fromkeys([4.1, 4.2, 4.3, 7, 8], True)
    assert not found(former_world(1_000))[7]


def test_results_tell_which_goals_were_reached(monkeypatch):
    reached, missed = Goal("≥", 200.0), Goal("≤", 1.5, "a reason")
    wanted = {("fast", 10_000): reached, ("slow", None): missed, ("absent", 5): Goal("≤", 2.0)}
    monkeypatch.setattr(report, "GOALS", wanted)
    section = Section("Title", "How.")
    section.add("fast", "runs/s", [1.0, 250.0, 300.0], 10_000)
    section.add("slow", "s", [2.0, 1.0, 9.0])
    section.add("no goal", "s", [1.0])
    section.add("counted", "lines", [1234])
    page = report.page([section], seconds=60.0)
    goals, figures = page.partition("## Goals")[2].split("## Title")
    assert "| fast, 10,000 users | ≥ 200 runs/s | 250 | reached |  |" in goals
    assert "| slow | ≤ 1.5 s | 2.00 | **not reached** | a reason |" in goals
    assert "| absent, 5 users | ≤ 2 |  | **not measured** |  |" in goals
    assert "no goal" not in goals
    assert "| what | unit | median | 10,000 users |" in figures
    assert "| fast | runs/s |  | 250 (1.00–300) |" in figures
    assert "| no goal | s | 1.00 |  |" in figures
    assert "| counted | lines | 1,234 |  |" in figures


def test_each_goal_and_what_bounds_it_stand_in_the_results():
    page = report.TARGET.read_text()
    for (what, users), goal in GOALS.items():
        name = what if users is None else f"{what}, {users:,} users"
        (line,) = [line for line in page.splitlines() if line.startswith(f"| {name} | {goal.sign}")]
        assert line.endswith(("| reached |  |", f"| **not reached** | {goal.bound} |"))


def test_a_fresh_process_is_another_one():
    assert in_fresh_process(os.getpid) != os.getpid()


def test_the_memory_of_this_process_is_at_most_its_peak():
    assert 1_000_000 < resident("VmRSS") <= resident("VmHWM")
    with pytest.raises(OSError, match="has no VmNothing"):
        resident("VmNothing")


def test_a_goal_is_reached_at_its_value():
    assert Goal("≥", 2.0).reached(2.0)
    assert not Goal("≥", 2.0).reached(1.9)
    assert Goal("≤", 2.0).reached(2.0)
    assert not Goal("≤", 2.0).reached(2.1)


def test_lines_of_code_leave_out_what_is_not_run():
    text = (
        '''"""Documented."""\n\n# a comment\ndef f(\n    x,\n):\n    """Same."""\n    return x\n'''
    )
    assert lines_of_code(text) == 2


def test_what_is_compared_takes_turns():
    calls = []
    found = alternate(2, {name: lambda i, name=name: calls.append(name) or 2.0**i for name in "ab"})
    assert calls == list("ab" * 3)  # once beforehand, which is not counted
    assert found == {"a": [2.0, 4.0], "b": [2.0, 4.0]}
    assert ratios([6.0, 1.0], [3.0, 4.0]) == [2.0, 0.25]


def test_results_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "TARGET", tmp_path / "RESULTS.md")
    report.TARGET.write_text("before")
    broken = Section("Title", "How.")
    broken.add("nothing measured", "s", [])
    with pytest.raises(ValueError, match="empty"):
        report.write([broken], 1.0)
    assert report.TARGET.read_text() == "before"
    assert report.write([], 1.0).read_text().startswith("# How fast it is")
    assert list(tmp_path.iterdir()) == [report.TARGET]


def test_a_section_that_fails_costs_no_other(tmp_path, monkeypatch, capsys):
    def measure():
        found = Section("A section", "how")
        found.add("speed", "ms", [1.0])
        return found

    def fails():
        raise RuntimeError("no compiler")

    module = SimpleNamespace(measure=measure, fails=fails)
    monkeypatch.setitem(sys.modules, "benchmarks.made_up", module)
    sections = {"broken": ("made_up", "fails"), "works": ("made_up", "measure")}
    monkeypatch.setattr(benchmarks_main, "SECTIONS", sections)
    monkeypatch.setattr(report, "TARGET", tmp_path / "RESULTS.md")
    monkeypatch.setattr(canonical, "installed", lambda: canonical.PACKAGES)
    assert main([]) == 1
    text = (tmp_path / "RESULTS.md").read_text()
    assert "## broken\n\nNot measured: RuntimeError." in text
    assert "| speed | ms | 1.00 |" in text
    assert "no compiler" in capsys.readouterr().err
    assert main(["works"]) == 0


@pytest.mark.slow  # the week is compiled once more
def test_the_week_with_clocks_is_the_week_and_its_steps_take_time():
    parameters = active_world(300)
    plain, clocked = begin(parameters), begin(parameters)
    with clocks() as (advance_to, places, times):
        advance_to(0, 80, False, SEED, *clocked)
        assert (
            min(times[places[name]] for name in ("decide", "take_effect", "move_environment")) > 0
        )
    plain.advance(0, 80)
    assert clocked.state.weekly.tobytes() == plain.state.weekly.tobytes()


def test_an_unknown_section_is_refused_with_the_nearest(capsys):
    assert main(["memry"]) == 2
    assert capsys.readouterr().err == (
        "no section 'memry'; did you mean memory? --help lists them\n"
    )
