"""The command on a planted world: its facts are made by the model, so what is true is known."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.calibration import run, smc
from experiments.calibration.run import Size, calibrate
from experiments.calibration.stored import ABOUT, FOLDER, read_findings
from experiments.cli.main import main
from experiments.config.settings import compose
from experiments.design.calibrated import FILE, draw_calibrated
from experiments.report.calibration_words import particles_in_words
from experiments.report.document import read_document
from sim import Parameters, simulate

SIZE = ["scale=smoke", "samples=600", "users.count=300", "horizon=60", "workers=1"]
PLANTED = {
    "users.count": 300, "users.people_per_agent": 5.0, "horizon": 60, "movement.launch_week": 10,
    "movement.organisers": 30.0, "dissatisfaction.base": 0.4, "participation.cost_mean": 0.8,
    "participation.available": 0.09, "participation.fatigue": 0.2, "media.luck": 1.0,
}  # fmt: skip
FACTS = (
    ("signed_early", "signatures", 20, "fitted"), ("signed", "signatures", 40, "fitted"),
    ("group", "organisers", 30, "fitted"), ("signed_late", "signatures", 55, "held_out"),
    ("group_late", "organisers", 40, "held_out"), ("group_last", "organisers", 50, "held_out"),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def enough():
    """Move more particles, more often, than at smoke scale, where they find nothing."""
    moved = Size(particles=60, chains=1, moves=20, again=60, trees=15, known=40, alone=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(run.SIZES, "smoke", moved)
        yield


def counts(seeds):
    """Return the mean counts of the planted world with several seeds, by fact."""
    lived = [simulate(Parameters.from_dict(PLANTED), seed).records for seed in seeds]
    people = PLANTED["users.count"] * PLANTED["users.people_per_agent"]
    return {
        name: float(np.mean([records[column][week] for records in lived]))
        * (people if column == "organisers" else 1)
        for name, column, week, _ in FACTS
    }


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Write the case of the planted world; its facts are what it shows in the mean."""
    path = tmp_path_factory.mktemp("case") / "planted.yaml"
    start = pd.Timestamp("2016-01-01")
    rows = []
    for (name, column, week, use), value in zip(FACTS, counts(range(40)).values(), strict=True):
        day = (start + pd.Timedelta(weeks=week)).date()
        unit = ", unit: people" if column == "organisers" else ""
        rows.append(
            f"  - {{name: {name}, value: {max(value, 1.0):.1f}, date: {day}, use: {use}, column: "
            f"{column}, scale: log, error: 0.1, label: planted fact of week {week}{unit}}}\n"
        )
    launch = (start + pd.Timedelta(weeks=10)).date()
    path.write_text(
        f"start: {start.date()}\ntitle: A planted world\nevents:\n"
        f"  - {{date: {launch}, kind: launch}}\nobserved:\n{''.join(rows)}"
    )
    return path


def settings(path, folder):
    return compose(["experiment=calibrate", f"case.file={path}", f"results_dir={folder}", *SIZE])


@pytest.fixture(scope="module")
def done(planted, tmp_path_factory):
    return calibrate(settings(planted, tmp_path_factory.mktemp("whole")), report=lambda text: None)


@pytest.mark.slow
def test_the_number_of_people_of_a_planted_world_is_found_and_the_public_is_not(done):
    stored = read_findings(done)
    assert stored is not None
    truth = counts(range(100, 140))
    found = stored.products.set_index(["fact", "quantity"])
    for name in ("signed_early", "signed", "group"):
        people = found.loc[(name, "people")]
        assert people["posterior_low"] <= truth[name] <= people["posterior_high"], name
        assert people["width"] < 0.8
    assert found.loc[("signed", "public"), "width"] > found.loc[("signed", "people"), "width"]
    public = stored.parameters.set_index("parameter").loc["users.people_per_agent"]
    assert public["told"] in ("only in a product", "not at all")


@pytest.mark.slow
def test_worlds_not_ruled_out_are_nearer_to_the_facts_than_the_prior(done):
    stored = read_findings(done)
    score = stored.facts.pivot(index="fact", columns="worlds", values="crps")
    assert (score["posterior"] < score["prior"]).mean() >= 0.8
    assert score["posterior"].mean() < 0.6 * score["prior"].mean()


@pytest.mark.slow
def test_a_calibration_interrupted_twice_between_moves_ends_as_an_uninterrupted_one(
    planted, done, tmp_path, monkeypatch
):
    save, steps = smc.save, []

    def stop_twice(path, particles, key):
        save(path, particles, key)
        steps.append(particles.step)
        if len(steps) in (2, 5):
            raise KeyboardInterrupt

    monkeypatch.setattr(smc, "save", stop_twice)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            calibrate(settings(planted, tmp_path), report=lambda text: None)
    assert steps == [1, 2, 3, 4, 5]
    again = calibrate(settings(planted, tmp_path), report=lambda text: None)
    assert steps[5:] == list(range(6, len(steps) + 1))
    for name in ("calibrated.parquet", "calibration/facts.parquet"):
        one, two = pd.read_parquet(done / name), pd.read_parquet(again / name)
        pd.testing.assert_frame_equal(one, two)


def test_the_page_says_whether_two_chains_agree():
    about = {
        "moves": [50, 50], "particles": [1000, 1000], "distinct": 1647, "ancestors": 122,
        "temperature": 1.0, "parameters": 152,
    }  # fmt: skip
    assert "standard errors in 2 of 152 parameters" in particles_in_words(about | {"differ": 2})
    assert "chains" not in particles_in_words(about | {"differ": None})


@pytest.mark.slow
def test_what_another_version_found_is_refused_in_a_line(done, tmp_path, capsys):
    copy = Path(shutil.copytree(done, tmp_path / done.name))
    file = copy / FOLDER / ABOUT
    about = json.loads(file.read_text("utf-8"))
    del about["differ"]
    file.write_text(json.dumps(about), encoding="utf-8")
    assert main(["report", done.name, f"results_dir={tmp_path}"]) == 2
    assert "holds no calibration that this version has finished" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_goes_on_with_what_is_there_writes_the_page_and_gives_worlds_to_sweeps(
    planted, done, capsys
):
    folder = f"results_dir={done.parent}"
    assert main(["calibrate", f"case.file={planted}", folder, *SIZE]) == 0
    out, err = capsys.readouterr()
    assert "Worlds that the facts do not rule out reach 3 of 3 fitted" in out
    assert "the calibration is already there" in err
    document = read_document(done / "report.json")
    assert f"planted fact of week {FACTS[0][2]}" in (done / "report.html").read_text("utf-8")
    titles = [each.title for each in document.sections]
    assert titles[:4] == [
        "The facts, and worlds run again", "What the facts tell", "What to measure next",
        "What the case cannot decide",
    ]  # fmt: skip
    asked = ["sweep", "design=latin_hypercube", "ranges=world", "samples=3", "replicates=1"]
    assert main([*asked, "worlds=calibrated", "name=mine", folder, "workers=1"]) == 0
    stored = pd.read_parquet(done / "calibrated.parquet")
    points = pd.read_parquet(done.parent / "mine" / "points.parquet")
    assert set(points["persuasion.rate"]) <= set(stored["persuasion.rate"])
    assert points["users.count"].tolist() == [300] * 3
    for form in ("firm.yielding", "exit.cooperative_stay", "dissatisfaction.habituation"):
        assert points[form].gt(0).all()
        assert set(points[form]) <= set(stored[form])
    worlds = draw_calibrated(done / FILE, 5, seed=1)
    assert worlds["movement.organisers"].between(10, 30).all()


@pytest.mark.slow
def test_only_facts_before_a_date_are_fitted_on_the_same_table(planted, done, capsys):
    given = [f"case.file={planted}", f"results_dir={done.parent}", *SIZE]
    assert main(["calibrate", *given, "as_of=2016-07-01"]) == 0
    assert "all 600 runs are already there" in capsys.readouterr().err
    stored = read_findings(done / "as-of-2016-07-01")
    assert stored is not None
    assert stored.about["fitted"] == ["signed_early"]
    assert (done / "as-of-2016-07-01" / "report.html").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give case=NAME or case.file=PATH"),
        (["case=buytwiter"], "did you mean buytwitter"),
        (["case=buytwitter", "as_of=soon"], "as_of=soon is not a day"),
        (["case=buytwitter", "as_of=2016-01-01"], "no facts to fit before 2016-01-01"),
        (["case=buytwitter", "horizon=180"], "beyond the horizon"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_in_one_line(tmp_path, capsys, words, said):
    assert main(["calibrate", "scale=smoke", *words, f"results_dir={tmp_path}"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())
