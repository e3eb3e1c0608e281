"""What the user writes becomes a valid world, or one line that says what would be right."""

from enum import Enum
from pathlib import Path

import pytest
import yaml

from experiments.config import choices
from experiments.config.choices import ConfigError
from experiments.config.overrides import jobs
from experiments.config.settings import compose
from sim.parameters import ParameterError, Parameters, Topology, declarations

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Return a folder of the user's own cases, presets and experiments; work beside it."""
    folder = tmp_path / "own"
    files = {
        "case/mine.yaml": """
            title: A case of mine
            start: 2020-01-01
            parameters:
              users.count: {value: 1001, status: assumed, source: me}
              horizon: {value: 61, status: assumed, source: me}
            """,
        "preset/mine.yaml": """
            # @package _global_
            # What I want to see.
            users: {count: 1002, people_per_agent: 2}
            """,
        "experiment/mine.yaml": """
            question: Does it matter?
            case: mine
            base: {users.count: 1003, users.people_per_agent: 3, movement.framing: two_stage}
            parts:
              - {name: all, design: grid, grid: {threat.base: [0.1, 0.6]}}
            replicates: 2
            scales:
              smoke: {replicates: 1, set: {users.count: 204}}
              laptop: {}
            """,
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(line[12:] for line in text.splitlines()[1:]))
    monkeypatch.chdir(tmp_path)
    return folder


# -- composition -----------------------------------------------------------------------------------


def test_without_overrides_it_is_the_default_world():
    settings = compose([])
    assert settings.parameters == Parameters()
    assert (settings.seed, settings.scale, settings.swept) == (7, "laptop", {})
    assert settings.case is settings.preset is settings.experiment is settings.name is None


def test_every_parameter_can_be_set():
    special = {"network.topology", "network.edge_list"}
    names = [name for name in declarations() if name not in special]
    other = {}
    for name in names:
        default, (low, high) = declarations()[name].default, declarations()[name].metadata["bounds"]
        if isinstance(default, Enum):
            other[name] = list(type(default))[-1].value
        else:
            step = 1 if isinstance(default, int) else 0.01
            other[name] = default + step if low <= default + step <= high else default - step
    settings = compose([f"{name}={value}" for name, value in other.items()])
    assert {name: settings.parameters.flat()[name] for name in names} == pytest.approx(other)


@pytest.mark.parametrize("choice", [topology.value for topology in Topology])
def test_choices_are_written_as_they_are_called(choice, tmp_path):
    ties = tmp_path / "ties, of = mine.txt"
    ties.write_text("".join(f"0 {user}\n" for user in range(1, 200)))
    given = [f"network.edge_list={ties}"] if choice == "edge_list" else []
    settings = compose([f"network.topology={choice}", *given])
    assert settings.parameters.network.topology.value == choice
    assert settings.parameters.network.edge_list == (str(ties) if given else "")


def test_a_file_of_ties_that_is_not_used_is_refused(tmp_path):
    ties = tmp_path / "ties.txt"
    ties.write_text("0 1\n")
    given = f"network.edge_list={ties}"
    with pytest.raises(ConfigError, match=r"set network\.topology=edge_list"):
        compose([given, "network.topology=random"])
    swept = compose([given, "network.topology=random,edge_list"]).swept
    assert swept["network.topology"] == ["random", "edge_list"]
    with pytest.raises(ConfigError, match="no such file"):
        compose(["network.edge_list=/nowhere", "network.topology=edge_list"])


def test_command_line_wins_over_experiment_over_preset_over_case_over_defaults(own):
    def count(*overrides):
        return compose(overrides, own).parameters.users.count

    assert count() == 2000
    assert count("case=mine") == 1001
    assert count("case=mine", "preset=mine") == 1002
    assert count("case=mine", "preset=mine", "experiment=mine") == 1003
    assert count("case=mine", "preset=mine", "experiment=mine", "scale=smoke") == 204
    assert count("users.count=505", "case=mine", "preset=mine", "experiment=mine") == 505


def test_each_layer_changes_only_what_it_names(own):
    world = compose(["experiment=mine", "preset=mine"], own).parameters.flat()
    changed = {name: value for name, value in world.items() if value != Parameters().flat()[name]}
    assert changed == {
        "users.count": 1003,
        "users.people_per_agent": 3.0,
        "movement.framing": "two_stage",
        "horizon": 61,
    }


def test_one_composition_leaves_nothing_for_the_next(own):
    compose(["experiment=mine", "case=mine"], own)
    assert compose([]).parameters == Parameters()


def test_an_experiment_brings_its_case_unless_another_is_chosen(own):
    assert compose(["experiment=mine"], own).case.name == "mine"
    assert compose(["experiment=mine", "case=null"], own).case is None
    assert compose(["experiment=mine", "~case"], own).case is None
    file = own / "case" / "mine.yaml"
    other = file.rename(file.with_name("my (old), case.yaml"))
    settings = compose(["experiment=mine", f"case.file={other}"], own)
    assert settings.case.name == "my (old), case"
    assert settings.resolved["case"] == {"name": "my (old), case", "file": str(other)}


def test_presets_are_the_conditions_of_the_main_experiment():
    file = ROOT / "conf" / "experiment" / "right_momentum.yaml"
    conditions = yaml.safe_load(file.read_text())["conditions"]
    on = {name: conditions[name]["on"] for name in ("distress", "dissatisfaction", "threat")}
    for name, values in on.items():
        assert compose([f"preset={name}"]).parameters == Parameters().replace(values)
    together = {name: value for values in on.values() for name, value in values.items()}
    assert compose(["preset=right_momentum"]).parameters == Parameters().replace(together)
    assert compose(["preset=healthy"]).parameters == Parameters()


def test_every_shipped_choice_composes():
    for group in choices.GROUPS:
        for name in choices.names_of(group):
            assert compose([f"{group}={name}"]).parameters


def test_a_whole_number_may_be_written_as_a_float():
    settings = compose(["users.count=1e3", "seed=1e2", "replicates=2e1", "horizon=3_00"])
    assert settings.parameters.users.count == 1000
    assert (settings.seed, settings.replicates, settings.parameters.horizon) == (100, 20, 300)


def test_what_hydra_can_do_it_does_here():
    settings = compose(
        ["users.count=${shareholders.count}", "++horizon=300", "events={scandal_week: 9}"]
    )
    assert settings.parameters.users.count == settings.parameters.shareholders.count
    assert (settings.parameters.horizon, settings.parameters.events.scandal_week) == (300, 9)
    assert compose(["horizon=300", "horizon=301"]).parameters.horizon == 301


def test_the_resolved_configuration_is_plain_and_complete(own):
    settings = compose(["experiment=mine", "name=a", "seed=3"], own)
    resolved = yaml.safe_load(yaml.safe_dump(settings.resolved))
    assert resolved == settings.resolved
    world = {name: resolved[name] for name in Parameters().to_dict()}
    assert Parameters.from_dict(world) == settings.parameters
    assert resolved["experiment"]["name"] == "mine"
    assert resolved["case"] == {"name": "mine", "file": None}
    assert (resolved["seed"], resolved["name"], resolved["scale"]) == (3, "a", "laptop")


def test_results_go_to_the_project_or_where_the_user_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert compose([]).results_dir == ROOT / "results"
    for folder in ("here (mine)", r"a,b=c{d}'e\"f\\g", "a:#~$", "b\\'"):
        assert compose([f"results_dir={folder}"]).results_dir == Path(folder)
    assert compose(["results_dir=~/x"]).results_dir == Path.home() / "x"
    assert not list(tmp_path.iterdir())


def test_a_name_is_taken_as_it_is_written():
    for name in ("1e3", "007", "true", "a-b_c.d+e", "é"):
        assert compose([f"name={name}"]).name == name
    assert compose(["name=null"]).name is None


def test_values_given_by_the_user_are_named():
    settings = compose(["preset=distress", "users.count=5", "horizon=90,100"])
    assert settings.given == {"preset", "users.count", "horizon"}


# -- several values --------------------------------------------------------------------------------


def test_several_values_are_swept():
    settings = compose(
        ["users.count=1e2,200", "participation.cost_mean=range(0.1,0.45,0.1)", "horizon=choice(60)"]
    )
    assert settings.swept == {
        "users.count": [100, 200],
        "participation.cost_mean": [0.1, 0.2, 0.3, 0.4],
        "horizon": [60],
    }
    assert settings.parameters.users.count == 100


def test_swept_choices_and_the_record_of_a_case(own):
    settings = compose(
        ["movement.framing=commons,MIXED", "history.price_shift=-4,0", "case=mine"], own
    )
    assert settings.swept == {
        "movement.framing": ["commons", "mixed"],
        "history.price_shift": [-4, 0],
    }


def test_a_sweep_may_move_what_would_not_fit_the_defaults():
    settings = compose(["horizon=40", "movement.launch_week=5,35"])
    assert settings.swept == {"movement.launch_week": [5, 35]}
    with pytest.raises(ParameterError, match="launch_week = 35 is after the horizon of 30"):
        compose(["horizon=30,40", "movement.launch_week=5,35"])


def test_a_large_grid_is_checked_value_by_value():
    wide = [f"{name}=range(0,1,0.01)" for name in ("threat.base", "dissatisfaction.base")]
    assert len(compose(wide).swept) == 2
    with pytest.raises(ParameterError, match=r"threat\.speed = 2 "):
        compose([*wide, "threat.speed=0.1,2"])


def test_several_presets_are_a_job_each():
    overrides = ["preset=distress,threat", "users.count=5,6", "name=a"]
    assert jobs(overrides) == [
        ["preset=distress", "users.count=5,6", "name=a-distress"],
        ["preset=threat", "users.count=5,6", "name=a-threat"],
    ]
    assert len(jobs(["preset=glob(*,exclude=h*)"])) == 4
    assert jobs(["users.count=5,6"]) == [["users.count=5,6"]]
    assert jobs(["case=buytwitter,null"]) == [["case=buytwitter"], ["case=null"]]


def test_of_plain_values_the_last_counts():
    assert compose(["users.count=100", "users.count=1e3"]).parameters.users.count == 1000


# -- mistakes --------------------------------------------------------------------------------------

MISTAKES = {
    "users.cout=5": "did you mean users.count?",
    "+users.cout=5": "did you mean users.count?",
    "++users.cout=5": "did you mean users.count?",
    "cout=5": "unknown parameter cout",
    "foo=5": "unknown parameter foo; momentum list parameters",
    "presets=distress": "did you mean preset?",
    "+users.count=5": "write it without +",
    "+preset=distress": "write it without +",
    "~users.count": "leave it out to keep its default",
    "users.count=many": r"users\.count = 'many' must be a whole number \(2 to",
    "users.count=2.5": "must be a whole number",
    "users.count=true": "must be a whole number",
    "users.count=null": "must be a whole number",
    "users.count=[1,2]": "must be a whole number",
    "users.count=-5": "users.count = -5 is out of range: 2 to",
    "users.count=1e30": "out of range|too large",
    "users.count=nan": "must be a whole number",
    "users.count=1" + "0" * 400: "the number is too large",
    "users.count=" + "9" * 5000: "cannot be read",
    "users.count=" + "[" * 3000: "cannot be read",
    "users.count=1,000": "write a thousand as 1000",
    "users.count=": "no value; leave users.count out",
    "users.count=???": "no value",
    "users.count": "give it a value, as in users.count=VALUE",
    "users=5": "users is a group; name a member, as in users.count=VALUE",
    "users={cout: 5}": "did you mean users.count?",
    "users.count=${nope}": "'nope' not found",
    "users.count=${users.count}": "users.count",
    "participation.cost_mean=inf": "any finite number",
    "participation.cost_mean=1e999": "any finite number",
    "participation.cost_mean=(5": "quotes within quotes",
    "participation.cost_mean=a=b": "quotes within quotes",
    "participation.cost_mean='5": "quotes within quotes",
    "participation.cost_mean=interval(0,1)": r"use range\(start,stop,step\)",
    "participation.cost_mean=range(0,1,0)": "step must not be 0",
    "participation.cost_mean=range(1,0)": "no value lies in it",
    "participation.cost_mean=range(0,1e9)": "too many",
    "participation.cost_mean=choice()": "empty choice",
    "participation.cost_mean=glob(*)": "list the values instead",
    "participation.cost_mean=mean(1,2)": "Unknown function 'mean'",
    "participation.cost_mean=[1],[2]": "give single values",
    "movement.framing=two": "did you mean two_stage?",
    "movement.launch_week=300": "after the horizon of 260 weeks",
    "horizon=0": "out of range: 1 to",
    "preset=distres": "did you mean distress?",
    "preset=xyzzy": "there are dissatisfaction, distress",
    "preset=": "to choose none, write preset=null",
    "preset=distress,threats": "did you mean threat?",
    "preset@x=distress": "write preset=NAME",
    "case=buytwiter": "did you mean buytwitter?",
    "case=./my.yaml": "case.file=./my.yaml",
    "case.file=/nowhere/my.yaml": "no such file; give a case as YAML or CSV",
    "case.file=/": "is a folder",
    "case.file=": "no value",
    "case.price=5": "case.file=PATH gives your own",
    "experiment=right_momentun": "did you mean right_momentum?",
    "experiment.replicates=5": "replicates=20",
    "scale=smok": "did you mean smoke?",
    "seed=-1": "a whole number from 0",
    "seed=1.5": "a whole number from 0",
    "seed=1,2": "give replicates=N",
    "replicates=0": "a whole number from 1",
    "workers=x": "a whole number from 1",
    "record_weekly=maybe": "true or false",
    "name=a/b": "is no path",
    "name=..": "is no path",
    "name=a..b": "is no path",
    "name=.hidden": "begins with a letter or digit",
    "name='a b'": "is no path",
    "name=runs": "take another name",
    "name=": "leave name out",
    "name=" + "x" * 300: "a name is letters",
    "hydra.verbose=true": "nothing in hydra to set",
    "hydra/launcher=joblib": "nothing in hydra to set",
    "history.price_shift=5": "needs a case",
    "network.topology=edge_list": "needs network.edge_list",
    "network.edge_list=/nowhere": "has no effect with network.topology=heavy_tailed",
    "shareholders.ethical_share=.9": "sum to 1 at most",
    "distress": "did you mean preset=distress?",
    "nonsense": "expected name=value",
    "": "expected name=value",
    "=5": "expected name=value",
    "a/b=c": "unknown parameter a/b",
    "users..count=5": "did you mean users.count?",
    "üsers.count=5": "did you mean users.count?",
    "users.count=5\nhorizon=3": "line breaks",
    "case.file=a\0b": "control characters",
}


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: ascii(text)[:40])
def test_a_mistake_is_one_line_that_says_what_would_be_right(text):
    with pytest.raises((ConfigError, ParameterError), match=MISTAKES[text]) as caught:
        compose([text])
    assert "\n" not in str(caught.value).removeprefix(text)


def test_choosing_twice_is_refused():
    for twice in (["preset=distress", "preset=threat"], ["preset=distress", "~preset"]):
        with pytest.raises(ConfigError, match="preset is chosen twice"):
            compose(twice)


def test_a_case_by_name_and_by_file_is_refused(own):
    file = own / "case" / "mine.yaml"
    with pytest.raises(ConfigError, match="give one of the two"):
        compose(["case=mine", f"case.file={file}"], own)


def test_several_presets_do_not_make_one_world():
    with pytest.raises(ConfigError, match="give one preset here"):
        compose(["preset=distress,threat"])


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "preset/mine",
            "users: {cout: 5}",
            r"own/preset/mine.yaml: .* did you mean users\.count",
        ),
        ("preset/mine", "users: {count: many}", r"own/preset/mine.yaml: users\.count: .*Integer"),
        ("preset/mine", "users: [", r"own/preset/mine.yaml, line \d: .* expected node"),
        ("experiment/mine", "base: {users.cout: 5}", "experiment/mine.yaml: base: .*users.count"),
        (
            "experiment/mine",
            "base: {users.count: x}",
            r"own/experiment/mine.yaml: base: users\.count",
        ),
        ("experiment/mine", "base: [", r"own/experiment/mine.yaml, line 2"),
        ("experiment/mine", "case: nowhere", "experiment/mine.yaml: unknown case nowhere"),
    ],
)
def test_a_mistake_in_a_file_names_the_file(own, file, text, message):
    group = file.partition("/")[0]
    head = "# @package _global_\n" if group == "preset" else ""
    (own / f"{file}.yaml").write_text(head + text)
    with pytest.raises(ValueError, match=message) as caught:
        compose([f"{group}=mine"], own)
    assert type(caught.value).__module__.startswith("experiments.")
    assert "\n" not in str(caught.value)


def test_a_missing_folder_of_own_files_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        compose([], tmp_path / "nowhere")


def test_results_cannot_go_below_a_file(tmp_path):
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below"):
        with pytest.raises(ConfigError, match="is a file; name a folder"):
            compose([f"results_dir={path}"])


def test_results_cannot_go_where_nothing_may_be_written(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir()
    # root may write anywhere, so the answer of the system is given here
    allowed = choices.os.access
    monkeypatch.setattr(
        choices.os, "access", lambda path, mode: path != closed and allowed(path, mode)
    )
    with pytest.raises(ConfigError, match="cannot be written to"):
        compose([f"results_dir={closed / 'new'}"])
