"""The command line as a user meets it: what it prints, what it leaves, how it refuses."""

import dataclasses
import errno
import json
import math
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import places
from experiments.cli import completion
from experiments.cli.completion import completions
from experiments.cli.help import SUMMARY, TOPICS
from experiments.cli.looking import rows_of
from experiments.cli.main import main
from experiments.cli.parser import parser_of
from experiments.config import choices, schema
from experiments.config import settings as config
from experiments.design import experiment
from experiments.design.reading import HISTORY
from experiments.execution import run_text, worker
from experiments.execution import single_run as run
from experiments.figures import timeline
from experiments.places import HELP
from experiments.store.result import Result
from sim import simulate
from sim.parameters import Parameters, declarations

ROOT = Path(__file__).parents[2]
UNNAMED = "default+horizon-60+movement.launch_week-10+users.count-150-seed7"
SMALL = ["users.count=150", "horizon=60", "movement.launch_week=10"]
FILES = {
    "weekly.parquet", "weekly.csv", "outcome.json", "network.json", "config.yaml",
    "provenance.json", "ro-crate-metadata.json", "figures/timeline.svg", "figures/timeline.png",
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder, where results go too, as if the model was compiled before."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.execution.worker.is_cold", lambda: False)
    monkeypatch.setattr("experiments.execution.sweep.is_cold", lambda: False)
    monkeypatch.setattr(places, "RESULTS", tmp_path / "results")
    return tmp_path


@pytest.fixture
def refused(capsys):
    """Return a function that runs a command which must be refused, and returns the line said."""

    def check(*arguments, code=2):
        capsys.readouterr()
        assert main(arguments) == code
        said = capsys.readouterr()
        assert said.out == ""
        assert re.fullmatch(r"momentum: [^\n]+\n", said.err), said.err
        return said.err.removeprefix("momentum: ").strip()

    return check


def written(folder):
    """Return all files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files}


def process(*arguments, **options):
    """Run the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "experiments", *arguments],
        env=environment, capture_output=True, text=True, timeout=120, check=False, **options,
    )  # fmt: skip


# -- help ------------------------------------------------------------------------------------------


def printed_without(heavy, arguments):
    """Return what a command prints; it must succeed and load none of these libraries."""
    script = (
        "import sys; from experiments.cli.main import main; code = main(sys.argv[1:])\n"
        f"sys.exit(code or ' '.join({heavy} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_help_tells_every_command_and_imports_nothing_heavy():
    heavy = {"hydra", "omegaconf", "numpy", "pandas", "numba", "mesa", "matplotlib", "yaml"}
    for arguments in ([], ["--help"], ["run", "--help"], ["sweep", "-h"]):
        printed = printed_without(heavy, arguments)
        assert printed.startswith(("When does", "usage: momentum "))


def test_status_and_lists_load_neither_the_model_nor_plots_nor_tables(tmp_path):
    heavy = {"numba", "mesa", "matplotlib", "pandas"}
    assert main(["sweep", *SMALL, "name=small", "replicates=1", "workers=1"]) == 0
    for command in ("status", "list"):
        assert "small" in printed_without(heavy, [command, f"results_dir={tmp_path / 'results'}"])


def test_every_command_has_its_help(capsys):
    main(["--help"])
    usage = capsys.readouterr().out
    for command in SUMMARY:
        assert f"\n  {command} " in usage
        assert main([command, "--help"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"usage: momentum {command}")
        if command not in TOPICS:
            assert main(["help", command]) == 0
            assert capsys.readouterr().out == shown


def test_help_fits_a_terminal_of_80_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    topics = (["help", topic] for topic in TOPICS)
    for arguments in (["--help"], *([command, "--help"] for command in SUMMARY), *topics):
        main(arguments)
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_every_setting_is_in_some_help():
    texts = "".join(parser_of(command).format_help() for command in SUMMARY)
    for name in [*schema.known_names(), *design_keys()]:
        group = name.partition(".")[0]
        if name not in declarations() and group != "executor":
            assert name in texts, name


def design_keys():
    """Return the keys of an experiment."""
    unseen = ("name", "title", "notes", "file", "coded")
    return [key for key in experiment.Experiment.model_fields if key not in unseen]


def test_commands_shown_in_help_are_understood(capsys):
    saved = ["users.count=60", "horizon=110", "save_week=100", "name=before"]
    assert main(["run", *saved]) == 0
    for command in ("run", "sweep"):
        text = parser_of(command).format_help().partition("\n\n")[2]
        examples = re.findall(rf"^  momentum ({command} .*)$", text, re.M)
        assert len(examples) >= 2
        for example in examples:
            assert main([*shlex.split(example), "--cfg", "job"]) == 0, example
    assert capsys.readouterr().err == ""


def test_every_topic_has_its_page_and_every_page_is_a_topic(capsys):
    assert {path.stem for path in HELP.glob("*.md")} == set(TOPICS)
    for topic in TOPICS:
        assert main(["help", topic]) == 0
        shown = capsys.readouterr().out
        assert shown == (HELP / f"{topic}.md").read_text(encoding="utf-8")
        for page in re.findall(r"docs/[\w/]+\.\w+", shown):
            assert (ROOT / page).is_file(), page


def test_mistakes_name_the_topic_that_explains_them(refused):
    assert "(momentum help designs)" in refused("sweep", "design=morriss")
    ties = ["network.topology=edge_list", f"network.edge_list={ROOT / 'README.md'}"]
    assert "(momentum help networks)" in refused("run", *ties)
    case = f"case.file={ROOT / 'docs' / 'examples' / 'points.csv'}"
    assert "(momentum help cases)" in refused("run", case)
    assert "(momentum help patterns)" in refused("patterns", "case=buytwitter")
    assert "(momentum help advice)" in refused("advise", "aim=fame", "preset=distress")
    assert "momentum help" not in refused("run", "users.count=-1")


def test_an_unknown_command_or_option_is_refused(refused):
    assert refused("rn") == "unknown command rn; did you mean run?"
    assert "there are run, sweep" in refused("xyzzy")
    assert "did you mean --multirun" in refused("run", "--multi")
    assert "choose from 'job', 'hydra', 'all'" in refused("run", "--cfg", "jobs")
    assert "--config-dir: expected one argument" in refused("run", "--config-dir")
    assert "nowhere: no such folder" in refused("run", "-cd", "nowhere")
    assert "nowhere: no such folder" in refused("sweep", "-cd", "nowhere", "experiment=mine")
    assert "takes no value" in refused("run", "--multirun=yes")
    assert "did you mean --port?" in refused("view", "--prot", "3")
    assert "did you mean results?" in refused("list", "result")
    assert "a setting has no dash: history.recorded=VALUE" in refused("run", "-history.recorded=")
    assert "did you mean cases?" in refused("help", "case")
    assert "momentum list parameters names them" in refused("help", "parameters")
    assert "did you mean vote?" in refused("list", "parameters", "vte")
    assert "takes names of results" in refused("report", "users.count=5")


# -- run -------------------------------------------------------------------------------------------


def test_the_first_run_or_sweep_says_that_it_compiles(monkeypatch, capsys):
    monkeypatch.setattr("experiments.execution.worker.is_cold", lambda: True)
    monkeypatch.setattr("experiments.execution.sweep.is_cold", lambda: True)
    assert main(["run", *SMALL]) == 0
    assert capsys.readouterr().err == f"{worker.COMPILING}\n"
    for compiles in (True, False):  # the second time nothing is left to run
        assert main(["sweep", *SMALL, "replicates=2", "workers=1"]) == 0
        assert (worker.COMPILING in capsys.readouterr().err.splitlines()) == compiles


def test_a_run_tells_its_outcome_and_writes_its_folder(here, capsys):
    assert main(["run", *SMALL, "preset=right_momentum", "seed=3"]) == 0
    name = UNNAMED.replace("default", "right_momentum").replace("seed7", "seed3")
    folder = here / "results" / "runs" / name
    assert written(here) == {f"results/runs/{name}/{file}" for file in FILES}

    world = yaml.safe_load((ROOT / "conf/preset/threat.yaml").read_text())
    settings = config.compose([*SMALL, "preset=right_momentum"])
    assert settings.parameters.threat.base == world["threat"]["base"]
    expected = simulate(settings.parameters, seed=3)
    weekly = pd.read_parquet(folder / "weekly.parquet")
    pd.testing.assert_frame_equal(weekly, expected.weekly)
    assert len(pd.read_csv(folder / "weekly.csv")) == 61
    outcome = json.loads((folder / "outcome.json").read_text())
    assert set(outcome) == set(expected.outcome._fields)
    assert outcome["peak_share"] == expected.outcome.peak_share
    stored = yaml.safe_load((folder / "config.yaml").read_text())
    assert stored["users"]["count"] == 150
    assert stored["seed"] == 3
    told = json.loads((folder / "provenance.json").read_text())
    assert told["seed"] == 3
    assert {"python", "numpy", "numba", "mesa"} <= set(told["versions"])
    assert {"commit", "modified"} == set(told["revision"])
    assert told["started"] <= told["ended"]
    assert str(Path.home()) not in json.dumps(told)

    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0].startswith("150 users, 60 weeks, seed 3. The campaign was launched in week 10")
    assert f"results/runs/{name}/figures/timeline.png" in said.out
    ties = json.loads((folder / "network.json").read_text())
    degrees = np.diff(expected.network.offsets)
    assert ties["mean_degree"] == pytest.approx(degrees.mean())
    assert ties["max_degree"] == degrees.max()
    assert f"Ties: {ties['mean_degree']:.3g} neighbours on average, at most" in said.out
    again = next(line for line in lines if line.startswith("Again:")).partition("momentum ")[2]
    assert f"momentum {again}" == told["command"]
    before = (folder / "weekly.csv").read_bytes()
    assert main(shlex.split(again)) == 0
    assert (folder / "weekly.csv").read_bytes() == before
    assert "(replaced)" in capsys.readouterr().out


def test_the_commands_to_try_next_are_understood(capsys):
    main(["run", *SMALL, "results_dir=my results"])
    lines = capsys.readouterr().out.partition("Next, try:")[2].splitlines()
    commands = [line.partition(" momentum ")[2] for line in lines if " momentum " in line]
    assert len(commands) >= 3
    for words in map(shlex.split, commands):
        if words[0] in ("run", "sweep"):
            assert main([*words, "--cfg", "job"]) == 0, words


def test_a_run_can_be_named_and_put_elsewhere(here):
    assert main(["run", *SMALL, "name=mine", "results_dir=some where"]) == 0
    assert written(here) == {f"some where/runs/mine/{name}" for name in FILES}


def test_a_run_follows_a_case(here, capsys):
    assert main(["run", *SMALL, "case=buytwitter", "history.price_shift=5"]) == 0
    said = capsys.readouterr().out
    assert "week 10 (2014-01-16)" in said
    [folder] = (here / "results" / "runs").iterdir()
    assert folder.name.startswith("buytwitter+history.price_shift-5+")
    price = pd.read_parquet(folder / "weekly.parquet")["price"]
    assert (price[:6] == 1).all()
    assert price[6] != 1


def test_people_are_those_whom_users_stand_for_by_the_record(capsys):
    assert main(["run", "users.count=300", "case=buytwitter"]) == 0
    said = capsys.readouterr().out
    [share, people, each] = re.search(
        r"([\d.]+) % of users took part, about ([\d,]+) people \(a simulated user then stands for "
        r"([\d.]+), by the record\)",
        said,
    ).groups()
    assert float(share) / 100 * 300 * float(each) == pytest.approx(float(people), rel=0.05)
    assert main(["run", "users.count=300"]) == 0
    assert "stands for" not in capsys.readouterr().out


def test_a_run_that_fails_leaves_what_was_there(here, monkeypatch, capsys):
    main(["run", *SMALL])
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", "timeline.svg")

    monkeypatch.setattr(timeline, "draw", fail)
    capsys.readouterr()
    assert main(["run", *SMALL, "threat.base=0.5"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("momentum: timeline.svg: no space left on the disk")
    assert said.err.count("\n") == 1
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert len(list((here / "results" / "runs").iterdir())) == 1


def test_a_run_does_not_replace_what_is_no_run(here, refused):
    precious = here / "results" / "runs" / "mine" / "thesis.txt"
    precious.parent.mkdir(parents=True)
    precious.touch()
    assert "thesis.txt" in refused("run", *SMALL, "name=mine")
    assert precious.exists()


def test_outcomes_in_words():
    case = None
    small = {"users.count": 100, "horizon": 30, "movement.launch_week": 9}
    world = simulate(Parameters.from_dict(small))
    luck = world.state.world[0]["luck"]
    assert luck < 1
    assert f"drew {luck:.2f} times the attention of a median run" in "\n".join(
        run_text.outcome_lines(world)
    )
    even = simulate(Parameters.from_dict({**small, "media.luck": 0.0}))
    assert "luck" not in "\n".join(run_text.outcome_lines(even))

    def told(**changed):
        outcome = world.outcome._replace(**changed)
        return "\n".join(run_text.outcome_lines(dataclasses.replace(world, outcome=outcome), case))

    came = told(
        emerged=True, grade="movement", emergence_week=12.0, launch_week=9.0, peak_share=0.25,
        peak_week=20.0, peak_people=250.0, peak_organisers=170.0, influence=0.72, votes=2,
        vote_share=0.047, spin_off=True, spin_off_week=25.0, exited_share=0.03,
        exited_coop_share=0.01, satisfaction_convert=-0.5, satisfaction_spread=0.25,
        satisfaction_promote=0.0,
    )  # fmt: skip
    for words in (
        "A movement emerged in week 12, 3 weeks after the launch. Grade: movement",
        "in week 20, 25 % of users took part, about 250 people.",
        "at most 170 people organised at once; a movement needs 100 for 19 weeks",
        "72 % of those who joined would not have joined without the others",
        "at best 4.7 % in 2 votes",
        "A spin-off was founded in week 25",
        "3 % of users had left for a rival, 1 % for a cooperative",
        "−0.50",
        "+0.25",
    ):
        assert words in came
    none = told(
        emerged=False, grade="dormant", emergence_week=math.nan, launch_week=math.nan, votes=0,
        peak_share=0.0, peak_week=math.nan, influence=math.nan, spin_off=False,
        satisfaction_convert=math.nan, satisfaction_spread=math.nan, satisfaction_promote=math.nan,
    )  # fmt: skip
    assert "Nobody launched a campaign." in none
    assert "No movement emerged. Grade: dormant" in none
    assert "No proposal came to a vote." in none
    assert "Satisfaction" not in none
    assert "nan" not in came + none


def test_what_has_no_effect_in_a_run_is_refused(here, refused):
    assert "momentum sweep experiment=right_momentum" in refused("run", "experiment=right_momentum")
    assert "it is for momentum sweep" in refused("run", "replicates=5")
    assert "run -m or momentum sweep" in refused("run", "users.count=50,60")
    assert "run -m or momentum sweep" in refused("run", "preset=threat,distress")
    assert "network.mean_degree = 5000" in refused("run", "network.mean_degree=5000")
    assert "set horizon to" in refused("run", "case=buytwitter", "horizon=2000")
    assert written(here) == set()


def test_all_is_composed_before_anything_runs(here, refused):
    said = refused("run", "-m", "case=buytwitter,null", "history.price_shift=5")
    assert said == "history.price_shift needs a case: give case=NAME or case.file=PATH"
    assert written(here) == set()


# -- several runs ----------------------------------------------------------------------------------


def test_several_presets_are_a_run_each(here):
    assert main(["run", "-m", "preset=threat,distress", *SMALL, "name=a"]) == 0
    folders = {path.name for path in (here / "results" / "runs").iterdir()}
    assert folders == {"a-threat", "a-distress"}


def test_several_sweeps_that_would_be_one_result_are_refused_before_the_first(here, capsys):
    sweep = ["sweep", *SMALL, "preset=threat,distress", "replicates=1", "workers=1"]
    assert main(sweep) == 2
    said = capsys.readouterr().err
    assert "all of these 2 sweeps would be grid: give name=NAME, to which the preset is" in said
    assert not (here / "results").exists()
    assert main([*sweep, "name=a"]) == 0
    assert {path.name for path in (here / "results").iterdir()} == {"a-threat", "a-distress"}


def test_several_values_are_one_result_with_a_run_each(here, capsys):
    assert main(["run", "-m", *SMALL, "threat.base=0.1,0.6", "workers=1", "name=two"]) == 0
    runs = pd.concat(map(pd.read_parquet, (here / "results/two/runs").glob("*.parquet")))
    assert sorted(runs["threat.base"]) == [0.1, 0.6]
    assert "momentum report two" in capsys.readouterr().out
    told = json.loads((here / "results/two/provenance.json").read_text())
    assert told["command"].startswith("momentum sweep ")
    assert main([*shlex.split(told["command"])[1:]]) == 0
    assert "all 2 runs are already there" in capsys.readouterr().err


def test_a_grid_goes_on_where_it_was(here, capsys):
    sweep = ["sweep", *SMALL, "threat.base=range(0.1,0.35,0.1)", "workers=1", "name=grid"]
    assert main([*sweep, "replicates=2"]) == 0
    assert main([*sweep, "replicates=3"]) == 0
    runs = pd.concat(map(pd.read_parquet, (here / "results/grid/runs").glob("*.parquet")))
    assert len(runs) == 9
    assert set(runs["threat.base"]) == {0.1, 0.2, 0.3}
    assert "6 of them already there" in capsys.readouterr().err


def test_an_experiment_of_ones_own_is_swept(here, capsys):
    own = here / "own" / "experiment" / "mine.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "question: Does threat matter?\n"
        "base: {users.count: 150, horizon: 60, movement.launch_week: 10}\n"
        "parts: [{name: all, design: grid, grid: {threat.base: [0.1, 0.6]}}]\n"
        "replicates: 2\n"
    )
    sweep = [
        "sweep",
        "-cd",
        "own",
        "experiment=mine",
        "movement.framing=commons,mixed",
        "workers=1",
    ]
    assert main(sweep) == 0
    runs = pd.concat(map(pd.read_parquet, (here / "results/mine/runs").glob("*.parquet")))
    assert len(runs) == 2 * 2 * 2
    assert set(runs["movement.framing"]) == {"commons", "mixed"}
    told = json.loads((here / "results/mine/provenance.json").read_text())
    assert told["command"].startswith("momentum sweep --config-dir=own experiment=mine ")
    capsys.readouterr()
    assert main(["list", "results"]) == 0
    assert f"mine  {told['started'][:10]}  {told['command']}" in capsys.readouterr().out


def test_a_sweep_of_nothing_is_refused(refused):
    assert "give experiment=NAME" in refused("sweep")
    assert "give experiment=NAME" in refused("sweep", "preset=threat", "scale=smoke")


HUGE = "1" + "0" * 400


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["workers=0"], "workers=0 must be a whole number from 1"),
        (["time_limit=-1"], "time_limit=-1 must be a number of seconds above 0"),
        (["threat.base=[0.1,0.2]"], "threat.base = [0.1, 0.2] must be a number"),
        (["experiment=trust", "scale=tiny"], "scale=tiny must be one of smoke, laptop, full"),
        (["replicates=2", "refine.batch=5"], "as refine.budget=10000"),
        ([f"threat.base=0.1,{HUGE}"], "too large"),
        ([f"threat.base=range(0,{HUGE})"], "too large"),
        (
            ["design=latin_hypercube", "samples=3", f"ranges={{threat.base:[0,{HUGE}]}}"],
            "range of threat.base: threat.base",
        ),
        (["replicates=1000000000000"], "have fewer replicates="),
        (["replicates=3", f"seed={2**63 - 2}"], "3 replicates that goes beyond 2^63 - 1"),
        (["replicates=2", "refine.budget=9", f"seed={2**63 - 8}"], "up to 9 replicates"),
        (["threat.base=0.1,0.5", "threat.base=0.7"], "threat.base is given twice"),
        (["threat.base=0.7", "threat.base=0.1,0.5"], "threat.base is given twice"),
        (["replicates=2", "preset=distress,distress"], "distress is named twice"),
    ],
)
def test_a_sweep_that_cannot_be_meant_is_refused_before_anything_is_written(
    here, refused, words, said
):
    assert said in refused("sweep", "users.count=50", *words)
    assert written(here) == set()


def test_seeds_up_to_the_last_are_swept(here):
    words = ["users.count=50", "horizon=9", "movement.launch_week=3", "workers=1"]
    assert main(["sweep", *words, "replicates=2", f"seed={2**63 - 2}", "name=last"]) == 0
    assert Result(here / "results" / "last").runs()["seed"].tolist() == [2**63 - 2, 2**63 - 1]


# -- looking around --------------------------------------------------------------------------------


def test_presets_are_described_by_whole_sentences(tmp_path):
    rows = rows_of("presets", tmp_path, None, [])
    assert len(rows) > 3
    assert all(about.endswith((".", ").")) and "_global_" not in about for _, about in rows)


def test_list_tells_what_there_is(capsys):
    main(["run", *SMALL])
    capsys.readouterr()
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    for group in choices.GROUPS:
        for name in choices.names_of(group):
            assert f"  {name} " in told
    assert "Democracy is under threat." in told
    assert "Which combinations of the firm's distress" in told
    assert f"runs/{UNNAMED}" in told
    assert main(["list", "parameters"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("=")[0] for line in lines] == list(schema.known_names())
    assert all(re.search(r"=\S*  +\w", line) for line in lines)  # each says what it means
    assert main(["list", "parameters", "history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("=")[0] for line in lines] == list(HISTORY)
    assert main(["list", "parameters", "petition"]) == 0
    assert all("petition" in line for line in capsys.readouterr().out.splitlines())


def test_cfg_prints_the_resolved_configuration(capsys, here):
    assert main(["run", "--cfg", "job", "users.count=1e3", "preset=threat"]) == 0
    printed = yaml.safe_load(capsys.readouterr().out)
    assert printed == config.compose(["users.count=1e3", "preset=threat"]).resolved
    assert main(["run", "--cfg=hydra"]) == 0
    assert "hydra" in yaml.safe_load(capsys.readouterr().out)
    assert main(["sweep", "--info", "defaults", "experiment=right_momentum"]) == 0
    assert "experiment/right_momentum" in capsys.readouterr().out
    assert written(here) == set()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("momentum ", {*SUMMARY, "--help", "--version"}),
        ("momentum sw", {"sweep"}),
        ("momentum run users.c", {"users.count="}),
        ("momentum run horizon=1e3 pre", {"preset="}),
        ("momentum run -m preset=d", {"preset=dissatisfaction", "preset=distress"}),
        ("momentum sweep experiment=right", {"experiment=right_momentum"}),
        (
            "momentum run firm.policy=",
            {f"firm.policy={p}" for p in ("ignore", "concede", "resist")},
        ),
        ("momentum run scale=s", {"scale=smoke"}),
        ("momentum run --c", {"--cfg", "--config-dir"}),
        ("momentum list par", {"parameters"}),
        ("momentum help net", {"networks"}),
        ("momentum nothing x", set()),
    ],
)
def test_words_are_completed(line, expected):
    assert set(completions(line)) == expected


def test_results_are_completed():
    main(["run", *SMALL])
    assert completions("momentum report runs/d") == [f"runs/{UNNAMED}"]


def test_completion_as_a_shell_asks_for_it():
    asked = {"COMP_LINE": "momentum run users.co and more", "COMP_POINT": "21"}
    done = process("-sc", "query=bash", env=asked)
    assert (done.stdout, done.stderr) == ("users.count=\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_and_removed_as_by_hydra(shell, capsys):
    assert main(["--completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"-sc query={shell}" in script
    assert main(["-sc", f"install={shell}"]) == 0
    assert capsys.readouterr().out == script
    assert main(["-sc", f"uninstall={shell}"]) == 0
    assert "momentum" in capsys.readouterr().out


def complete_in_bash(here, line):
    """Return what a bash offers after a line typed into it."""
    folder = here / "a folder" / "bin"
    folder.mkdir(parents=True)
    program = folder / "momentum"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m experiments "$@"\n')
    program.chmod(0o755)
    script = (
        'source <("$1" --completion bash)\n'
        "complete -p momentum >/dev/null || exit 1\n"
        'COMP_LINE=$2 COMP_POINT=${#2}; _momentum momentum "$3" ""\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    word = re.split(r"[ =:]", line)[-1]  # as bash parts words by COMP_WORDBREAKS
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", program, line, word],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("momentum sw", ["sweep"]),
        ("momentum run preset=dis", ["dissatisfaction", "distress"]),
        (r"/some\ where/momentum run -cd own\ folder preset=thr", ["threat"]),
        (r"momentum run case.file=my\ fol", [""]),
    ],
)
def test_bash_completes_whatever_folder_the_program_is_in(here, line, expected):
    assert complete_in_bash(here, line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("momentum run ", ["momentum", "run", ""]),
        (r"/my\ dir/momentum run case.file=my\ f", ["/my dir/momentum", "run", "case.file=my f"]),
        ("momentum run 'name=a b", ["momentum", "run", "name=a b"]),
        ('momentum run "', ["momentum", "run", ""]),
    ],
)
def test_a_line_is_parted_as_a_shell_does(line, words):
    assert completion._words(line) == words


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_a_mistake_is_one_line_and_exit_code_2(command, refused, here):
    more = ["replicates=2"] if command == "sweep" else []
    mistakes = ("users.cout=5", "users.count=-5", "preset=distres", "name=../x", "case.file=/no")
    for mistake in mistakes:
        assert mistake.partition("=")[0] in refused(command, mistake, *more)
    assert written(here) == set()


def test_a_very_long_mistake_is_shortened(refused):
    assert len(refused("run", f"{'x' * 5000}=5")) < 1000


def test_a_result_that_is_not_there_is_refused(refused, here):
    main(["run", "-m", *SMALL, "threat.base=0.1,0.6", "workers=1", "name=mine"])
    assert "did you mean mine?" in refused("report", "min")
    (here / "empty").mkdir()
    assert "make one by momentum sweep" in refused("report", "results_dir=empty")


@pytest.mark.parametrize("command", ["report", "status", "list", "compare"])
def test_a_folder_of_results_that_is_none_is_refused(refused, here, command):
    (here / "file").touch()
    assert refused(command, "results_dir=elsewhere") == "results_dir=elsewhere: no such folder"
    assert refused(command, "results_dir=file") == "results_dir=file: is no folder"
    assert "no value; leave results_dir out" in refused(command, "results_dir=")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["case.file=/dev/zero"], "case.file=/dev/zero: is no regular file"),
        (["network.topology=edge_list", "network.edge_list=/"], "edge_list=/: is a folder"),
        (["-cd", "/dev/null"], "--config-dir /dev/null: is no folder"),
    ],
)
def test_what_is_there_but_of_another_kind_is_told_as_such(refused, words, said):
    assert said in refused("run", *words)


def test_a_bug_is_told_as_a_bug(monkeypatch, capsys):
    monkeypatch.setattr(run, "run_once", lambda settings: {}["bug"])
    assert main(["run", *SMALL]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert said.endswith(
        "momentum: the lines above show a bug in this program, not a mistake of yours\n"
    )


def of_tidying_up():
    """Return an error that a library raises when an interruption makes it tidy up."""
    try:
        try:
            raise KeyboardInterrupt
        finally:
            None.tidy()
    except AttributeError as error:
        return error


STOPS = [KeyboardInterrupt(), SystemError("in compiled code"), of_tidying_up()]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: type(stop).__name__)
def test_a_stopped_run_says_so_in_a_line(stop, monkeypatch, refused, here):
    if isinstance(stop, SystemError):
        stop.__cause__ = KeyboardInterrupt()

    def interrupted(*_):
        raise stop

    monkeypatch.setattr(run, "simulate_until", interrupted)
    assert refused("run", *SMALL, code=130) == "stopped"
    assert written(here) == set()


def test_too_little_memory_is_told_in_a_line(monkeypatch, refused):
    def greedy(*_):
        raise MemoryError

    monkeypatch.setattr(run, "simulate_until", greedy)
    assert "users.count" in refused("run", *SMALL)


def test_a_reader_that_goes_away_is_no_error():
    reader = subprocess.Popen(
        [sys.executable, "-m", "experiments", "list", "parameters"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    reader.stdout.close()
    assert reader.stderr.read() == b""
    assert reader.wait(timeout=60) == 141


def test_ctrl_c_ends_a_process_with_a_line(here):
    sweep = ["users.count=5000", "threat.base=range(0,1,0.001)", "workers=1", "replicates=50"]
    running = subprocess.Popen(
        [sys.executable, "-m", "experiments", "sweep", *sweep, "results_dir=here"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not list(here.glob("here/grid/runs/part-*")):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    said = running.stderr.read().splitlines()
    assert running.wait(timeout=60) == 130
    assert said[-1].startswith("momentum: stopped")
    assert not any("Traceback" in line for line in said)


def test_it_works_from_any_folder_and_leaves_nothing_else(here):
    done = process("run", *SMALL, "results_dir=mine", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert written(here) == {f"mine/runs/{UNNAMED}/{name}" for name in FILES}


# -- any mistake -----------------------------------------------------------------------------------

NUMBERS = sorted(
    name for name, declared in declarations().items() if isinstance(declared.default, int | float)
)
BOUNDED = [name for name in NUMBERS if math.isfinite(declarations()[name].metadata["bounds"][0])]
ODD = st.characters(codec="utf-8", exclude_characters="\0")

misspelt = st.builds(
    lambda sign, name, extra: f"{sign}{name}{extra}=5",
    st.sampled_from(["", "+", "++"]),
    st.sampled_from([*schema.known_names(), *choices.GROUPS]),
    st.text("xyz._", min_size=1, max_size=3),
)
unreadable = st.builds(
    lambda name, value: f"{name}={value}",
    st.sampled_from(NUMBERS),
    st.sampled_from(["(5", "[5", "{5", "5)", "a=b", "'5", '5"', "5,", ",5", "${", "a:", "f(5)"]),
)
unchosen = st.builds(
    lambda group, name: f"{group}={name}",
    st.sampled_from(choices.GROUPS),
    st.text("abcdefgh", min_size=1, max_size=8),
)
misnamed = st.builds(
    lambda before, bad, after: f"name={before}{bad}{after}",
    st.text("abc", max_size=3),
    st.sampled_from(["/", "..", " ", "\\", ":", "*", "\n"]),
    st.text("abc", max_size=3),
)
wrong = st.builds(
    lambda name, value: f"{name}={value}",
    st.sampled_from(NUMBERS),
    st.sampled_from(["many", "nan", "inf", "-inf", "1e999", "true", "null", "[1]", "{a: 1}", "''"]),
)
below = st.builds(
    lambda name, by: f"{name}={declarations()[name].metadata['bounds'][0] - by:g}",
    st.sampled_from(BOUNDED),
    st.integers(1, 10**6),
)
noise = st.text(ODD, max_size=30).filter(lambda text: "=" not in text and text[:1] not in "-~")
flags = st.text("abcdefgh-", min_size=1, max_size=9).map(lambda text: f"--x{text}")
fine = st.lists(
    st.sampled_from(["users.count=50", "seed=1", "preset=threat"]), max_size=2, unique=True
)


# Every example leaves the folder empty and reads what was printed, so they may share both.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def check_refused(command, overrides, capsys, here):
    capsys.readouterr()
    assert main([command, *overrides]) == 2, overrides
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"momentum: [^\n\r]+\n", said.err), said.err
    assert list(here.iterdir()) == []


@settings(SHARED, max_examples=200)
@given(data=st.data())
def test_whatever_cannot_be_read_is_refused_in_a_line(data, capsys, here):
    mistake = data.draw(st.one_of(misspelt, unreadable, unchosen, noise, flags))
    overrides = data.draw(st.permutations([*data.draw(fine), mistake]))
    check_refused(data.draw(st.sampled_from(["run", "sweep"])), overrides, capsys, here)


@settings(SHARED, max_examples=40)
@given(data=st.data())
def test_whatever_has_no_meaning_is_refused_in_a_line(data, capsys, here):
    mistake = data.draw(st.one_of(wrong, below, misnamed))
    overrides = data.draw(st.permutations([*data.draw(fine), mistake]))
    check_refused("run", overrides, capsys, here)
