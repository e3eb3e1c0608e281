"""A visitor's run: what acts at once, what waits, and that it is the run of ``momentum run``."""

import csv
import io
import math
import shlex
import shutil
import zipfile

import numpy as np
import pytest

from experiments.config import choices
from experiments.config.choices import names_of
from experiments.config.settings import compose
from experiments.execution.checkpoint import resumed
from experiments.execution.single_run import run_once
from experiments.places import CONF
from sim.columns import label
from sim.run import simulate
from sim.state import HolderClass, Status
from sim.user_week import weigh
from view import settings as settings_module
from view import stories as stories_module
from view.chronicle import chronicle
from view.controls import grouped
from view.network import Changes
from view.pair import Pair, questions
from view.session import Session
from view.settings import start_settings, start_with
from view.share import address, commands, saved
from view.stories import OWN, stories, story_of
from view.verdict import Referee, recent_recruits
from view.why import chance_of, explain_holder, explain_user, inputs_of, motive_terms
from view.words import verdict_in_words

SMALL = ("users.count=200", "horizon=78", "movement.launch_week=10")
EMERGING = ("preset=right_momentum", "users.count=300", "horizon=104", "movement.launch_week=20")


def session(*words):
    return Session(compose([*(words or SMALL)]))


def stepped(weeks, *words):
    found = session(*words)
    for _ in range(weeks):
        found.advance()
    return found


def finished(*words):
    found = session(*words)
    while found.model.running:
        found.advance()
    return found


def same(one, other):
    """Return whether two weekly tables are the same, what is not known included."""
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one.dtype.names)


# -- the same run ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [SMALL, ("case=buytwitter", "users.count=150", "seed=3")])
def test_a_visitors_run_has_the_weekly_table_of_momentum_run(words, tmp_path):
    settings = compose([*words, f"results_dir={tmp_path}"])
    run = run_once(settings).run
    assert same(finished(*words).model.state.weekly, run.records)


def test_the_files_of_a_visitors_run_are_those_of_momentum_run(tmp_path):
    run_once(compose([*SMALL, f"results_dir={tmp_path}"]))
    there = {path.relative_to(tmp_path / "runs").as_posix(): path.read_bytes()
             for path in tmp_path.rglob("*") if path.is_file()}  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(saved(finished()))) as archive:
        here = {name: archive.read(name) for name in archive.namelist()}
    assert here.keys() == there.keys()
    for name in here:
        if not name.endswith(("provenance.json", "config.yaml")):  # these tell how it came about
            assert here[name] == there[name], name
    rows = list(
        csv.reader(
            io.StringIO(next(here[name] for name in here if name.endswith("weekly.csv")).decode())
        )
    )
    assert len(rows) == 78 + 2


def test_the_command_repeats_what_was_changed_before_the_start():
    changed = session()
    changed.set("dissatisfaction.base", 0.4)
    changed.set("movement.framing", "two_stage")
    changed.reseed(11)
    (command,) = commands(changed)
    words = shlex.split(command)
    assert words[:2] == ["momentum", "run"]
    settings = compose(words[2:])
    while changed.model.running:
        changed.advance()
    run = simulate(settings.parameters, settings.seed)
    assert same(changed.model.state.weekly, run.records)
    assert address(changed).startswith("/live?")
    assert "dissatisfaction.base=0.4" in address(changed)


def test_a_lever_changed_on_the_way_is_a_run_that_is_resumed(tmp_path):
    changed = stepped(12)
    changed.set("firm.policy", "concede")
    changed.advance()
    changed.set("movement.framing", "commons")
    first, second, third = commands(changed)
    assert first.endswith("seed=7 save_week=12 name=part-1")
    assert second == "momentum run resume=part-1 firm.policy=concede save_week=13 name=part-2"
    assert third == "momentum run resume=part-2 movement.framing=commons"
    for command in (first, second, third):
        words = [*shlex.split(command)[2:], f"results_dir={tmp_path}"]
        start = resumed(words, None) if "resume=" in command else (compose(words), None)
        run = run_once(*start).run
    while changed.model.running:
        changed.advance()
    assert same(changed.model.state.weekly, run.records)
    assert changed.model.outcome().grade == run.outcome.grade


# -- what acts at once -----------------------------------------------------------------------------


def test_a_lever_acts_from_the_next_week_on():
    changed, kept = stepped(30, *EMERGING), stepped(30, *EMERGING)
    assert changed.set("firm.policy", "resist")
    assert changed.pending() == []
    assert changed.model.parameters.firm.policy.value == "resist"
    for each in (changed, kept):
        for _ in range(40):
            each.advance()
    before, after = slice(0, 31), slice(31, 71)
    tables = changed.model.state.weekly, kept.model.state.weekly
    assert same(tables[0][before], tables[1][before])
    assert not same(tables[0][after], tables[1][after])


def test_the_world_waits_for_a_new_beginning():
    changed = stepped(5)
    assert not changed.set("threat.base", 0.6)
    assert changed.pending() == ["threat.base"]
    assert changed.model.parameters.threat.base == 0.15
    assert not changed.reseed(8)
    assert changed.pending() == ["threat.base", "seed"]
    changed.begin()
    assert changed.pending() == []
    assert (changed.model.week, changed.model.seed) == (0, 8)
    assert changed.model.parameters.threat.base == 0.6


def test_at_week_0_everything_is_there_at_once():
    changed = session()
    assert changed.set("users.count", 120)
    assert changed.model.state.users.status.size == len(changed.places) == 120


def test_the_launch_waits_once_it_was_and_cannot_be_in_the_past():
    before, after = stepped(5), stepped(12)
    assert not before.set("movement.launch_week", 3)
    assert before.set("movement.launch_week", 20)
    assert before.model.parameters.movement.launch_week == 20
    assert not after.set("movement.launch_week", 30)
    assert after.set("movement.petition_delay", 5)


def test_a_lever_that_needs_what_waits_waits_with_it():
    changed = stepped(5)
    assert not changed.set("horizon", 200)
    assert not changed.set("movement.launch_week", 150)
    assert changed.pending() == ["horizon", "movement.launch_week"]
    assert changed.interventions == []
    changed.begin()
    assert changed.model.parameters.movement.launch_week == 150


@pytest.mark.parametrize(
    ("name", "value"), [("threat.base", 2), ("users.count", 50_000), ("nothing.here", 1),
                    ("movement.launch_week", 500), ("network.mean_degree", 1e6)],
)  # fmt: skip
@pytest.mark.parametrize("weeks", [0, 4])
def test_what_cannot_be_changes_nothing(name, value, weeks):
    kept = stepped(weeks)
    model = kept.model
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        kept.set(name, value)
    assert kept.model is model
    assert kept.pending() == []
    kept.advance()
    assert kept.model.week == weeks + 1


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "", None, 2**70])
def test_what_is_no_seed_is_refused(seed):
    kept = session()
    with pytest.raises(ValueError, match="seed"):
        kept.reseed(seed)
    assert (kept.seed, kept.model.seed) == (7, 7)


def test_a_story_begins_another_world():
    chosen = stepped(3)
    chosen.set("threat.base", 0.3)
    chosen.choose_story("preset=right_momentum")
    assert chosen.model.week == 0
    assert chosen.wanted.threat.base == 0.6
    chosen.choose_story("case=buytwitter")
    assert chosen.settings.case.name == "buytwitter"
    assert chosen.wanted.threat.base == 0.15
    with pytest.raises(ValueError, match="no_such"):
        chosen.choose_story("no_such")
    assert chosen.settings.case.name == "buytwitter"
    chosen.choose_story(OWN)
    assert chosen.settings == chosen.opened


def test_every_story_is_a_world_and_every_preset_and_case_is_in_one():
    for story in stories():
        assert story_of(compose([*story.world, "seed=3"])) == story
        assert len(story.title) < 40
        assert len(story.about) > 40
    covered = {override for story in stories() for override in story.world}
    for group in ("preset", "case"):
        assert {f"{group}={name}" for name in names_of(group)} <= covered
    assert story_of(compose(["firm.decline_rate=0.01"])) is None


def test_a_preset_without_a_story_is_offered_after_the_stories(tmp_path, monkeypatch):
    (tmp_path / "preset").mkdir()
    (tmp_path / "preset" / "quiet_year.yaml").write_text("# @package _global_\n# A quiet year.\n")
    shutil.copy(CONF / "stories.yaml", tmp_path)
    for module in (choices, stories_module):
        monkeypatch.setattr(module, "CONF", tmp_path)
    stories.cache_clear()
    last = stories()[-1]
    stories.cache_clear()
    assert (last.title, last.about, last.world) == (
        "quiet year", "A quiet year.", ("preset=quiet_year",)
    )  # fmt: skip


def test_pages_open_on_the_first_story_unless_a_world_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(settings_module, "_start", None)
    start_with(compose(["seed=3", f"results_dir={tmp_path}"]))
    assert story_of(start_settings()) == stories()[0]
    assert (start_settings().seed, start_settings().results_dir) == (3, tmp_path)
    start_with(compose(["users.count=100"]))
    assert start_settings().parameters == compose(["users.count=100"]).parameters
    start_with(compose(["preset=healthy"]))
    assert story_of(start_settings()).world == ("preset=healthy",)


def test_the_first_story_shows_a_movement():
    words = (*stories()[0].world, "users.count=500")
    assert Referee(finished(*words).model).judge().level == "movement"


def test_every_parameter_but_files_has_a_control_in_one_place():
    names = [each["name"] for group in grouped(260) for each in group["controls"]]
    assert len(names) == len(set(names))
    missing = session().wanted.flat().keys() - set(names)
    assert missing == {"network.edge_list"}
    for group in grouped(260):
        for each in group["controls"]:
            if each["kind"] == "number":
                assert each["low"] < each["high"], each["name"]
                assert each["step"] > 0


# -- why -------------------------------------------------------------------------------------------


def test_the_parts_of_a_motive_are_those_by_which_the_model_decides():
    found = stepped(40, *EMERGING)
    model, users = found.model, found.model.state.users
    inputs = inputs_of(model)
    weigh(users, model.state.workspace, inputs, np.uint64(0), np.uint64(users.status.size))
    utility = model.state.workspace.utility[: users.status.size].copy()
    for i in range(0, users.status.size, 7):
        motive = sum(term.value for term in motive_terms(model, i, inputs))
        assert inputs.steepness * (motive - users.cost[i]) == pytest.approx(utility[i], abs=2e-4)
    account = explain_user(model, 3)
    assert account.total.value == pytest.approx(sum(term.value for term in account.terms), abs=1e-5)


def test_a_bystander_hears_the_chance_to_join_of_the_model():
    found = stepped(40, *EMERGING)
    model, users = found.model, found.model.state.users
    aware = np.flatnonzero((users.status == Status.BYSTANDER) & (users.aware == 1))
    i = int(aware[0])
    account = explain_user(model, i)
    utility = float(inputs_of(model).steepness) * account.total.value
    expected = model.parameters.participation.join_rate / (1 + np.exp(-utility))
    said = account.summary.split("chance of ")[1].split(" a week")[0]
    share = 1e-4 if said.startswith("under") else float(said.split(" ")[0]) / 100
    assert share == pytest.approx(expected, rel=0.06, abs=2e-4)


def test_a_chance_is_where_the_luck_turns():
    def step(user, workspace, inputs, first, last):
        user.next_status[0] = workspace.bits[0, 0] < 0.3 * 2**32

    model = stepped(1, *EMERGING).model
    assert chance_of(step, model, 3, bool) == pytest.approx(0.3, abs=1e-6)
    assert chance_of(step, model, 3, lambda after: False) == 0.0
    assert chance_of(step, model, 3, lambda after: True) == 1.0


def test_everybody_can_be_explained():
    found = finished(*EMERGING)
    model = found.model
    statuses = {Status(int(s)) for s in model.state.users.status}
    assert {Status.BYSTANDER, Status.SUPPORTER, Status.EXITED} <= statuses
    for i in range(model.state.users.status.size):
        assert explain_user(model, i).summary
    for j in range(0, model.state.shareholders.trust.size, 9):
        account = explain_holder(model, j)
        logit = account.total.value
        said = account.summary.split("vote ")[1].split(" %")[0]
        assert float(said) == pytest.approx(100 / (1 + np.exp(-logit)), rel=0.06, abs=0.02)
        assert HolderClass(int(model.state.shareholders.kind[j])).name.lower() in account.title


# -- the verdict and the log -----------------------------------------------------------------------


def test_the_verdict_at_the_end_is_the_outcome():
    for words in (SMALL, EMERGING):
        model = finished(*words).model
        verdict, outcome = Referee(model).judge(), model.outcome()
        assert (verdict.level == "movement") == verdict.emerged == outcome.emerged
        assert outcome.grade in " ".join(verdict_in_words(model, verdict)).lower()


def test_nothing_is_called_a_movement_before_the_mass_held_for_a_spell():
    found = session(*EMERGING)
    referee, levels = Referee(found.model), []
    while found.model.running:
        found.advance()
        verdict = referee.judge()
        levels.append(verdict.level)
        if verdict.level in ("movement", "held"):
            assert found.model.week >= verdict.held_from + verdict.spell - 1
            assert (verdict.outcome is None) == found.model.running
        elif verdict.streak:
            assert verdict.level == "near"
            assert verdict.streak < verdict.spell
            assert verdict.share >= verdict.needed
    assert "movement" in levels
    assert levels[0] == "quiet"
    assert levels.index("near") < levels.index("movement")


def test_a_crowd_is_not_called_a_movement():
    words = (*EMERGING, "awareness.contact=0", "participation.peer_weight=0",
             "efficacy.size_weight=0", "efficacy.growth_weight=0", "media.supporter_gain=0",
             "participation.cost_mean=0.4")  # fmt: skip
    found = session(*words)
    levels = set()
    referee = Referee(found.model)
    while found.model.running:
        found.advance()
        levels.add(referee.judge().level)
    assert "held" in levels
    assert "movement" not in levels
    assert referee.judge().level == "crowd"


def test_a_conversion_outranks_all_else_that_a_verdict_can_say():
    found = session("preset=right_momentum", "firm.policy=concede", "users.count=500")
    referee, levels = Referee(found.model), {}
    while found.model.running:
        found.advance()
        levels[found.model.week] = referee.judge().level
    first = min(week for week, level in levels.items() if level == "converted")
    assert first == found.model.state.world[0]["converted"]
    assert {level for week, level in levels.items() if week >= first} == {"converted"}
    verdict = referee.judge()
    assert verdict.emerged
    entries = chronicle(found.model, verdict.held_from, verdict.emerged)
    assert {each.rank for each in entries if each.week in (first, verdict.held_from)} == {0}


def test_recruits_are_counted_over_the_last_weeks():
    found = stepped(40, *EMERGING)
    weekly = found.model.state.weekly
    assert math.isnan(recent_recruits(found.model.state, 19))
    weekly["dropped"], weekly["joined_peers"] = 0.0, 0.0
    weekly["dropped"][[25, 33, 40]] = 9.0, 0.5, 0.5
    weekly["joined_peers"][[25, 32, 33, 38]] = 1.0, 100.0, 2.0, 1.0
    assert recent_recruits(found.model.state, 40) == 3.0


def test_the_log_tells_what_came_about_in_order():
    found = finished(*EMERGING)
    entries = chronicle(found.model, Referee(found.model).judge().held_from, True,
                        interventions=[(30, "firm.policy", "resist")])  # fmt: skip
    weeks = [entry.week for entry in entries]
    assert weeks == sorted(weeks)
    texts = " ".join(entry.text for entry in entries)
    for expected in ("launch", "MOVEMENT EMERGES", f"{label('firm.policy')}: resist"):
        assert expected in texts


def test_changes_between_looks_are_not_fresh():
    changes = Changes(np.zeros(3, dtype=np.uint8))
    assert changes.look(np.array([0, 0, 0]), 0).min() > 100
    assert changes.look(np.array([1, 0, 0]), 1)[0] == 0
    assert list(changes.look(np.array([1, 1, 0]), 40))[:2] == [39, 38]


# -- two worlds ------------------------------------------------------------------------------------


def test_two_worlds_meet_the_same_luck_and_differ_in_what_was_chosen():
    pair = Pair(compose([*EMERGING]))
    assert pair.differences == {"movement.launch_week": 1}
    for _ in range(30):
        pair.advance()
    here, there = pair.here.model, pair.there.model
    assert (here.week, there.week) == (30, 30)
    assert there.state.world[0]["launched"] == 1
    assert here.state.world[0]["launched"] == 20
    assert np.array_equal(here.state.users.cost, there.state.users.cost)
    pair.differ({})
    assert pair.week == 0
    for _ in range(30):
        pair.advance()
    assert same(pair.here.model.state.weekly, pair.there.model.state.weekly)


def test_every_question_is_a_world():
    pair = Pair(compose([*SMALL]))
    for question in questions(pair.here.wanted):
        pair.differ(question.differences)
        assert pair.there.wanted != pair.here.wanted, question
        pair.advance()
        assert pair.week == 1
    with pytest.raises(ValueError, match="launch"):
        pair.differ({"movement.launch_week": 900})
    assert pair.differences == question.differences
