"""A visitor's run: what acts at once, what waits, and that it is the run of ``momentum run``."""

import csv
import io
import itertools
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
from experiments.execution.record import point_history
from experiments.execution.run_text import attention_by_luck
from experiments.execution.single_run import run_once
from experiments.places import CONF
from experiments.store.layout import CRATE
from experiments.text import percent
from sim.columns import label
from sim.outcome import influence, organisers_beyond
from sim.run import simulate
from sim.state import HolderClass, Status, Users
from sim.user_week import weigh
from view import settings as settings_module
from view import stories as stories_module
from view.charts import FANNED, ORGANISERS, PANELS, table_bytes
from view.chronicle import chronicle
from view.controls import grouped
from view.fan import Fan, fan_in_words, fan_out
from view.motive import WINDOW, Moved, inputs_of, moved_in_words, shares
from view.network import user_bytes
from view.pair import Pair, questions
from view.session import Changes, Session
from view.settings import start_settings, start_with
from view.share import address, commands, saved
from view.stories import OWN, stories, story_of
from view.verdict import Referee, recent_recruits
from view.why import chance_of, explain_user, motive_terms
from view.why_holder import explain_holder
from view.words import verdict_in_words

SMALL = ("users.count=200", "horizon=78", "movement.launch_week=10")
EMERGING = ("preset=right_momentum", "participation.cost_mean=0.4", "movement.organisers=100",
            "users.count=500", "horizon=104", "movement.launch_week=20")  # fmt: skip

ACTIVE = (Status.SUPPORTER, Status.ORGANISER)


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
        if not name.endswith(
            ("provenance.json", "config.yaml", CRATE)
        ):  # these tell how it came about
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
    assert changed.model.state.users.status.size == len(changed.layout.at) == 120


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
    assert story_of(compose(["preset=right_momentum", "participation.cost_mean=0.7"])) is None
    assert story_of(compose(["preset=healthy", "users.count=200"])).world == ("preset=healthy",)


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


SEEDS = 20
EMERGED = {
    "The right moment, at little cost": (18, 20),
    "The same moment, at the usual cost": (3, 12),
    "The board gives in": (18, 20),
    "#BuyTwitter, 2013 to 2018": (0, 6),
    "Only the firm is in distress": (0, 4),
    "Only users are dissatisfied": (0, 4),
    "Only democracy is under threat": (0, 2),
    "A healthy firm": (0, 1),
}
"""In how many of 20 seeds a movement emerges, as the sentences of the stories say."""


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.title)
def test_what_a_story_says_is_what_most_seeds_show(story):
    settings = compose(story.world)
    history = point_history(settings.case, settings.history, settings.parameters.horizon)
    outcomes = [simulate(settings.parameters, 7 + k, history=history).outcome for k in range(SEEDS)]
    least, most = EMERGED[story.title]
    assert least <= sum(each.emerged for each in outcomes) <= most
    people = settings.parameters.users.count * settings.parameters.users.people_per_agent
    signed = float(np.median([each.signatures for each in outcomes]))
    left = float(np.median([each.exited_share for each in outcomes])) * people
    if story.title == "The board gives in":
        assert sum(each.converted for each in outcomes) >= 0.75 * SEEDS
    if story.title == "#BuyTwitter, 2013 to 2018":
        fewer = sum(each.signatures < 3_679 for each in outcomes)  # who signed the real petition
        assert 0.25 * SEEDS <= fewer <= 0.75 * SEEDS
    if story.title == "Only users are dissatisfied":
        assert left > signed
    if story.title in ("Only the firm is in distress", "A healthy firm"):
        assert 100 < signed < 1_500
        assert np.median([each.peak_organisers for each in outcomes]) < 30


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


def test_signing_supporting_and_organising_cost_and_happen_as_in_the_model():
    model = stepped(40, *EMERGING).model
    users, p = model.state.users, model.parameters.participation
    i = int(np.flatnonzero((users.status == Status.BYSTANDER) & (users.signed == 0))[0])
    account = explain_user(model, i)
    sign, support, organise = account.tiers
    cost, b = float(users.cost[i]), p.steepness
    assert (sign.cost, support.cost, organise.cost) == pytest.approx(
        (cost - p.signing_discount, cost, cost + p.organising_premium)
    )
    utility = b * account.total.value
    expected = {
        sign: 1 / (1 + math.exp(-utility - b * p.signing_discount)),
        support: 1 / (1 + math.exp(-utility)),
        organise: p.available / (1 + math.exp(-utility + b * p.organising_premium)),
    }
    for tier, chance in expected.items():
        assert tier.margin == pytest.approx(account.total.value + cost - tier.cost, abs=1e-5)
        assert tier.chance == pytest.approx(chance, rel=1e-3, abs=2e-5), tier.name


def test_what_is_not_open_to_a_user_has_no_chance():
    model = stepped(40, *EMERGING).model
    users = model.state.users
    i = int(np.flatnonzero((users.status == Status.ORGANISER) & (users.signed == 1))[0])
    assert all(math.isnan(tier.chance) for tier in explain_user(model, i).tiers)
    waiting = stepped(5, *EMERGING).model
    assert all(math.isnan(tier.chance) for tier in explain_user(waiting, 0).tiers)


def test_an_account_names_the_neighbours_who_have_just_signed_or_joined():
    found = stepped(25, *EMERGING)
    model, new = found.model, found.course.newcomers.who
    network = model.state.network
    tied = [network.neighbours[a:b] for a, b in itertools.pairwise(network.offsets)]
    told = {i: np.intersect1d(of, new) for i, of in enumerate(tied)}
    none = next(i for i, tellers in told.items() if not tellers.size)
    one = next(i for i, tellers in told.items() if tellers.size == 1)
    assert "this week, and told" not in explain_user(model, none, new).summary
    said = (
        f"Neighbour {told[one][0]} signed or joined this week, and told of it with a chance of 3 %"
    )
    assert said in explain_user(model, one, new).summary


def test_an_account_says_how_tired_those_who_take_part_are():
    model = stepped(40, *EMERGING).model
    users, p = model.state.users, model.parameters.participation
    world = model.state.world[0]
    world["news_week"] = model.week - 6
    i = int(np.flatnonzero(users.status == Status.SUPPORTER)[0])
    facts = dict(explain_user(model, i).facts)
    added = p.fatigue * (1 - math.exp(-6 / p.patience)) * float(users.wear[i])
    assert facts["fatigue"].startswith(f"6 weeks without news of the campaign add {percent(added)}")
    people = world["organisers"] * world["people_per_agent"]
    half = model.parameters.persuasion.organiser_half
    voice = 1 - (1 - min(world["media"], 1)) * half / (people + half)
    assert facts["the campaign's voice"].startswith(f"{voice:.2f} of full strength")


def test_a_chance_is_where_the_luck_turns():
    def step(user, workspace, inputs, first, last):
        user.next_status[0] = workspace.bits[0, 0] < 0.3 * 2**32

    model = stepped(1, *EMERGING).model
    assert chance_of(step, model, 3, lambda user: bool(user.next_status[0])) == pytest.approx(
        0.3, abs=1e-6
    )
    assert chance_of(step, model, 3, lambda user: False) == 0.0
    assert chance_of(step, model, 3, lambda user: True) == 1.0


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
        kind = HolderClass(int(model.state.shareholders.kind[j]))
        assert kind.name.lower() in account.title
        assert ("broker non-vote" in account.summary) == (kind is HolderClass.RETAIL)


def test_a_past_week_is_the_run_as_it_was_with_what_was_changed_on_the_way():
    found = session(*EMERGING)
    then = {}
    for week in range(40):
        if week == 20:
            found.set("movement.framing", "commons")
        found.advance()
        if week + 1 in (15, 20, 30):
            drawn = user_bytes(found.model, found.course.changes)
            table = found.model.state.weekly[: week + 2].tobytes()
            lately = found.course.newcomers.lately(week + 1)
            then[week + 1] = drawn, table, lately, found.course.newcomers.who.tolist()
    for week in (30, 15, 20, 30):
        past = found.at(week)
        assert past.model.week == week
        weekly = past.model.state.weekly[: week + 1].tobytes()
        newcomers = past.newcomers
        seen = user_bytes(past.model, past.changes), weekly, newcomers.lately(week)
        assert (*seen, newcomers.who.tolist()) == then[week]
    assert found.at(40) is found.at(None) is found.course
    assert found.model.week == 40


def test_what_moved_newcomers_is_the_mean_of_their_motives():
    found = stepped(24, *EMERGING)
    model, users = found.model, found.model.state.users
    signed, status = users.signed.copy(), users.status.copy()
    found.course.newcomers._people[:], found.course.newcomers._sums[:] = 0, 0  # what came before
    found.advance()
    who = np.flatnonzero(
        (users.signed > signed) | (np.isin(users.status, ACTIVE) & ~np.isin(status, ACTIVE))
    )
    moved = found.course.newcomers.lately(25)
    assert moved.people == 10 * len(who) > 0
    inputs = inputs_of(model)
    for k, mean in enumerate(moved.parts.values()):
        values = [motive_terms(model, int(i), inputs)[k].value for i in who]
        assert mean == pytest.approx(np.mean(values), abs=1e-5)
    assert found.course.newcomers.lately(25 + WINDOW - 1).people == moved.people
    assert found.course.newcomers.lately(25 + WINDOW).people == 0


def test_who_launches_does_not_count_as_moved():
    found = stepped(20, *EMERGING)
    assert found.model.state.world[0]["launched"] == 20
    assert found.course.newcomers.lately(20).people == 0
    assert moved_in_words(found.course.newcomers.lately(20)) == (
        "Nobody signed or joined in the last 8 weeks."
    )


def test_the_sentence_names_what_moved_people_most_and_what_held_them_back():
    parts = dict.fromkeys(("dissatisfaction", "argument", "closure"), 0.0)
    moved = Moved(1240.0, parts | {"hope": 0.3, "neighbours": 0.6, "threat": -0.1})
    assert moved_in_words(moved) == (
        "What moved the 1,240 people who signed or joined in the last 8 weeks: above all "
        "neighbours, then hope. Held back by threat."
    )
    assert {each["key"]: each["share"] for each in shares(moved)} == pytest.approx(
        parts | {"hope": 1 / 3, "neighbours": 2 / 3, "threat": 0.0}
    )


# -- the verdict and the log -----------------------------------------------------------------------


def test_the_verdict_at_the_end_is_the_outcome():
    for words in (SMALL, EMERGING):
        model = finished(*words).model
        verdict, outcome = Referee(model).judge(), model.outcome()
        assert verdict.emerged == outcome.emerged
        assert outcome.grade in " ".join(verdict_in_words(model, verdict)).lower()


def test_nothing_is_called_a_movement_before_people_organised_for_a_spell():
    found = session(*EMERGING)
    referee, levels = Referee(found.model), []
    while found.model.running:
        found.advance()
        verdict = referee.judge()
        levels.append(verdict.level)
        if verdict.emerged:
            assert found.model.week >= verdict.held_from + verdict.spell - 1
            assert (verdict.outcome is None) == found.model.running
            assert verdict.level == "movement"
        elif verdict.streak:
            assert verdict.level == "near"
            assert verdict.organisers >= verdict.needed == 100
    assert "movement" in levels
    assert levels[0] == "quiet"
    assert levels.index("near") < levels.index("movement")


def test_organisers_without_an_act_are_no_movement():
    world = (*EMERGING, "emergence.petition=100000", "vote.organisers_needed=100000")
    found = finished(*world)
    verdict = Referee(found.model).judge()
    assert verdict.streak > verdict.spell
    assert not verdict.acted
    assert verdict.level == "none"
    running = stepped(100, *world)
    title, text = verdict_in_words(running.model, Referee(running.model).judge())
    assert title == "100 people organise or more, for 19 of 19 weeks"
    assert "not acted together" in text


def test_where_nobody_organises_the_verdict_says_nobody():
    world = ("users.count=200", "horizon=60", "participation.cost_mean=3")
    running, ended = stepped(55, *world), finished(*world)
    title, _ = verdict_in_words(running.model, Referee(running.model).judge())
    assert title == "Nobody organises beyond those who launched it"
    title, text = verdict_in_words(ended.model, Referee(ended.model).judge())
    assert title == "No movement emerged"
    assert "Nobody organised beyond those who launched it; " in text


def test_people_who_would_have_joined_anyway_are_mobilised():
    alone = "awareness.contact=0", "participation.peer_weight=0", "participation.cost_mean=0.1"
    found = finished(*EMERGING[:1], *EMERGING[2:], *alone)
    verdict = Referee(found.model).judge()
    assert (verdict.level, verdict.outcome.grade) == ("movement", "mobilised")
    assert verdict.influence == verdict.outcome.influence < 0.5
    assert (
        f"{percent(verdict.influence)} would not have" in verdict_in_words(found.model, verdict)[1]
    )


def test_the_influence_of_a_running_run_is_that_against_its_twin():
    found = stepped(80, *EMERGING)
    verdict = Referee(found.model).judge()
    assert verdict.level == "movement"
    assert verdict.influence == influence(found.model.state, found.model.twin())


def test_a_conversion_outranks_all_else_that_a_verdict_can_say():
    found = session(*EMERGING[:1], "participation.cost_mean=0.4", "firm.policy=concede")
    referee, levels = Referee(found.model), {}
    while found.model.running:
        found.advance()
        levels[found.model.week] = referee.judge().level
    first = min(week for week, level in levels.items() if level == "converted")
    assert first == found.model.state.world[0]["converted"]
    assert {level for week, level in levels.items() if week >= first} == {"converted"}
    verdict = referee.judge()
    assert verdict.emerged
    entries = chronicle(found.model, verdict.held_from)
    first = [each.text for each in entries if each.rank == 0]
    assert len(first) == 2
    assert "MOVEMENT EMERGES" in first[0]
    assert "CONVERTED" in first[1]


def test_recruits_are_counted_over_the_last_weeks():
    found = stepped(40, *EMERGING)
    weekly = found.model.state.weekly
    assert math.isnan(recent_recruits(found.model.state, 19))
    weekly["dropped"], weekly["joined_peers"] = 0.0, 0.0
    weekly["dropped"][[25, 33, 40]] = 9.0, 0.5, 0.5
    weekly["joined_peers"][[25, 32, 33, 38]] = 1.0, 100.0, 2.0, 1.0
    assert recent_recruits(found.model.state, 40) == 3.0


def test_the_log_tells_what_came_about_in_order():
    found = finished(*EMERGING, "movement.framing=two_stage")
    state = found.model.state
    entries = chronicle(found.model, Referee(found.model).judge().held_from,
                        interventions=[(30, "firm.policy", "resist")])  # fmt: skip
    weeks = [entry.week for entry in entries]
    assert weeks == sorted(weeks)
    said = {part: entry.week for entry in entries for part in entry.text.split(" · ")}
    launched, opened = state.world[0]["launched"], state.world[0]["petition"]
    assert said["launch"] == launched == 20
    assert said["petition opens"] == opened == 23
    assert said["the campaign argues for both from now on"] == launched + 12
    assert said["more than 1,000 signatures"] == int(np.argmax(state.weekly["signatures"] > 1000))
    assert said["MOVEMENT EMERGES"] == int(np.argmax(organisers_beyond(state) >= 100))
    assert "100 people organise" not in said  # a movement emerged in that week
    flash = stepped(50, *EMERGING, "movement.framing=two_stage").model
    assert "100 people organise" in {each.text for each in chronicle(flash, math.nan)}
    texts = " ".join(said)
    for expected in ("MOVEMENT EMERGES", f"{label('firm.policy')}: resist", "proposal filed"):
        assert expected in texts


def test_the_log_tells_how_a_proposal_fared():
    told = finished(*EMERGING, "vote.admission_chance=1", "horizon=156")
    votes = np.flatnonzero(~np.isnan(told.model.state.weekly["vote_share"]))
    texts = {(each.week, each.text) for each in chronicle(told.model, math.nan)}
    row = told.model.state.weekly[votes[-1]]
    vote = f"vote: {percent(row['vote_share'])} for, turnout {percent(row['turnout'])}"
    assert any(week == votes[-1] and vote in text for week, text in texts)
    brokers = percent(float(told.model.state.world[0]["broker_nonvotes"]))
    assert (int(votes[-1]), f"broker non-votes: {brokers} of the stock present") in texts
    assert any("proposal admitted" in text for _, text in texts)
    world = told.model.state.world[0]
    assert (
        int(world["launched"]),
        f"by luck, its acts draw {attention_by_luck(world['luck'])}",
    ) in texts
    refused = finished(*EMERGING, "vote.admission_chance=0")
    texts = {each.text for each in chronicle(refused.model, math.nan)}
    assert "proposal not admitted" in texts
    assert not any("vote" in text or "proposal admitted" in text for text in texts)


def test_a_lever_changes_when_the_argument_changes():
    changed = stepped(25, *EMERGING, "movement.framing=two_stage")
    changed.set("movement.second_stage_weeks", 8)
    while changed.model.running:
        changed.advance()

    def argues(interventions):
        entries = chronicle(changed.model, math.nan, None, changed.begun, interventions)
        return [each.week for each in entries if "argues for both" in each.text]

    assert argues(changed.interventions) == [28]
    late = [(33, "movement.framing", "commons")]
    assert argues(late) == [32]
    assert argues([(31, "movement.framing", "commons")]) == []


# -- pictures --------------------------------------------------------------------------------------


def test_people_are_drawn_as_people_and_organisers_as_a_movement_counts_them():
    model = stepped(60, *EMERGING).model
    columns = [column for panel in PANELS for column in panel.columns]
    table = np.frombuffer(table_bytes(model.state, columns, 60), dtype=np.float32)
    drawn = dict(zip(columns, table.reshape(len(columns), 61), strict=True))
    weekly = model.state.weekly[:61]
    assert drawn["supporters"] == pytest.approx(weekly["supporters"] * 5000)
    assert drawn[ORGANISERS] == pytest.approx(organisers_beyond(model.state)[:61])
    assert drawn["signatures"] == pytest.approx(weekly["signatures"])
    assert drawn["exited"] == pytest.approx(weekly["exited"])


def test_a_byte_says_all_that_is_drawn_of_a_user():
    model = stepped(26, *EMERGING).model
    users = model.state.users
    nobody = Users(*map(np.zeros_like, users))
    changes = Changes(nobody)
    changes.look(nobody, 25)
    drawn = np.frombuffer(user_bytes(model, changes), dtype=np.uint8)
    assert np.array_equal(drawn & 7, users.status)
    assert np.array_equal(drawn >> 3 & 1, users.aware)
    assert np.array_equal(drawn >> 6 & 1, users.signed)
    assert np.array_equal(drawn >> 7, users.signed | np.isin(users.status, ACTIVE))
    assert {0, 1} == set(users.signed) == set(users.aware) == set(drawn >> 7)


def test_other_seeds_are_the_runs_of_the_seeds_that_follow():
    settings = compose([*EMERGING, "horizon=60"])
    fan = fan_out(settings.parameters, 7, stepped(0).model.history, lambda: False)
    runs = [simulate(settings.parameters, seed) for seed in range(8, 28)]
    assert fan.signatures == [run.outcome.signatures for run in runs]
    tables = np.frombuffer(fan.tables, dtype=np.float32).reshape(20, len(FANNED), 61)
    assert tables[3, FANNED.index("signatures")] == pytest.approx(runs[3].records["signatures"])
    assert tables[4, FANNED.index("media")] == pytest.approx(runs[4].records["media"])
    assert fan_out(settings.parameters, 7, stepped(0).model.history, lambda: True) is None


def test_other_seeds_are_summed_up_in_a_sentence():
    assert fan_in_words(Fan([True, False, False], [160.0, 7450.0, 640.0], b"")) == (
        "3 other seeds (faint lines): a movement emerges in 1; signatures from 160 to 7,450, "
        "median 640."
    )


def test_changes_between_looks_are_not_fresh():
    users = stepped(0).model.state.users
    changes = Changes(users)
    assert min(map(np.min, changes.look(users, 0))) > 100
    users.status[0], users.signed[1] = Status.SUPPORTER, 1
    changed, acted = changes.look(users, 1)
    assert list(changed[:2] < 100) == [True, False]
    assert list(acted[:3] < 100) == [True, True, False]
    users.status[:2] = Status.BYSTANDER, Status.EXITED
    changed, acted = changes.look(users, 40)
    assert list(changed[:2]) == [38, 38]
    assert list(acted[:2]) == [39, 39]


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
