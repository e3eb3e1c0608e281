"""Runs, sweeps and comparisons from Python."""

import doctest
import gc
import subprocess
import sys

import numpy as np
import pytest

import momentum
from experiments import places
from experiments.interface import functions, objects
from sim import Parameters, simulate

SMALL = {"users.count": 60, "shareholders.count": 20, "horizon": 80}


def small_sweep(values=None, **options):
    return momentum.sweep({**SMALL, **(values or {})}, workers=1, progress=False, **options)


def test_a_run_is_that_of_the_model():
    run = momentum.run({**SMALL, "threat.base": 0.5}, seed=3)
    same = simulate(Parameters.from_dict({**SMALL, "threat.base": 0.5}), seed=3)
    assert run.records.tobytes() == same.records.tobytes()
    assert len(repr(run)) < 100
    assert run.plot().axes
    assert run.plot()._repr_png_().startswith(b"\x89PNG")


def test_a_world_may_be_parameters():
    parameters = Parameters.from_dict({**SMALL, "firm.policy": "concede"})
    assert momentum.run(parameters, seed=2).parameters == parameters


def test_a_case_is_followed_by_name_and_by_file():
    weeks = {"users.count": 60, "horizon": 200}
    by_name = momentum.run(weeks, case="buytwitter")
    file = places.CONF / "case" / "buytwitter.yaml"
    by_file = momentum.run(weeks, case=file)
    assert by_name.case.title == by_file.case.title
    assert np.array_equal(by_name.records["price"], by_file.records["price"])


def test_lists_cross_and_tuples_are_ranges():
    values = {"firm.policy": ["resist", "concede"], "threat.base": (0.0, 0.6)}
    result = small_sweep(values, design="latin_hypercube", samples=5, replicates=2)
    assert len(result.runs) == 2 * 5 * 2
    assert set(result.runs["firm.policy"]) == {"resist", "concede"}
    assert result.runs["threat.base"].between(0.0, 0.6).all()
    assert result.runs["threat.base"].nunique() == 5
    assert set(result.varied) == set(values)


def test_numbers_of_numpy_are_values():
    result = small_sweep({"threat.base": np.linspace(0.1, 0.3, 3)}, replicates=1)
    assert sorted(result.runs["threat.base"]) == pytest.approx([0.1, 0.2, 0.3])


def test_weeks_are_there_if_recorded():
    assert small_sweep(replicates=2).weekly.empty
    weekly = small_sweep(replicates=2, record_weekly=True).weekly
    assert len(weekly) == 2 * 81


def test_a_result_without_a_name_is_gone_with_the_object():
    result = small_sweep(replicates=1)
    path = result.path
    assert path.is_dir()
    del result
    gc.collect()
    assert not path.exists()


def test_a_named_result_stays_and_is_found(tmp_path):
    first = small_sweep(
        {"threat.base": [0.1, 0.2]}, replicates=1, name="mine", results_dir=tmp_path
    )
    assert first.path == tmp_path / "mine"
    again = momentum.load("mine", tmp_path)
    assert again.runs["peak_share"].tolist() == first.runs["peak_share"].tolist()
    assert momentum.list_results(tmp_path)["name"].tolist() == ["mine"]
    with pytest.raises(momentum.MomentumError, match="mine"):
        momentum.load("mime", tmp_path)


def test_a_report_and_its_figures_are_made(tmp_path):
    result = small_sweep({"threat.base": [0.1, 0.5]}, replicates=2)
    assert result.report().is_file()
    assert result.figures
    assert all(path.is_file() for path in result.figures.values())


def test_an_outcome_is_drawn_along_each_parameter():
    values = {"threat.base": (0.0, 0.6), "dissatisfaction.base": (0.1, 0.5)}
    result = small_sweep(values, design="latin_hypercube", samples=8, replicates=1)
    axes = [each for each in result.plot("peak_share").axes if each.get_xlabel()]
    assert len(axes) == 2
    with pytest.raises(momentum.MomentumError, match="peak_share"):
        result.plot("peak_shar")
    with pytest.raises(momentum.MomentumError, match="five points"):
        small_sweep({"threat.base": [0.1, 0.2]}, replicates=1).plot()


def test_results_are_compared():
    values = {"threat.base": [0.1, 0.5]}
    one = small_sweep(values, replicates=2)
    other = small_sweep({**values, "firm.policy": "concede"}, replicates=2)
    comparison = momentum.compare(one, other)
    assert "“A”" in repr(comparison)
    assert comparison.differing["B"].tolist() == ["concede"]
    assert comparison.path.is_file()


def test_the_same_result_is_not_compared_with_itself():
    result = small_sweep({"threat.base": [0.1, 0.5]}, replicates=1)
    with pytest.raises(momentum.MomentumError, match="same result"):
        momentum.compare(result, result)


def test_results_of_one_name_in_two_folders_are_told_apart(tmp_path):
    values = {"threat.base": [0.1, 0.5]}
    kept = [
        small_sweep(values, replicates=2, seed=seed, name="mine", results_dir=tmp_path / str(seed))
        for seed in (7, 20)
    ]
    comparison = momentum.compare(*kept)
    assert len(set(comparison.differing.columns)) == len(comparison.differing.columns)


def test_results_without_a_name_have_letters_and_then_numbers():
    assert [functions._letter(place) for place in (0, 25, 26)] == ["A", "Z", "27"]


def test_a_refused_sweep_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(momentum.MomentumError):
        momentum.sweep({"thret.base": [0.1]})
    assert not list(tmp_path.iterdir())


def test_a_damaged_result_hides_no_other(tmp_path):
    for name in ("good", "bad"):
        small_sweep(replicates=1, name=name, results_dir=tmp_path)
    (tmp_path / "bad" / "provenance.json").write_text("{")
    table = momentum.list_results(tmp_path).set_index("name")["command"]
    assert "momentum sweep" in table["good"]
    assert "damaged" in table["bad"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: momentum.sweep({"thret.base": [0.1]}), "did you mean threat.base"),
        (lambda: momentum.sweep({"threat.base": (0.1, 0.2)}), "design="),
        (lambda: momentum.sweep({"threat.base": [3.0]}), "threat.base"),
        (lambda: momentum.run(preset="distres"), "did you mean distress"),
        (lambda: momentum.run(case="nowhere.csv"), "nowhere.csv"),
        (lambda: momentum.compare("one"), "two results"),
        (lambda: momentum.sweep(samples=3, sampels=3), "did you mean samples"),
    ],
)
def test_mistakes_are_one_line(call, said):
    with pytest.raises(momentum.MomentumError) as caught:
        call()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_script_without_a_main_guard_sweeps_with_two_workers(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(
        "import momentum\n"
        f"world = {SMALL!r}\n"
        "result = momentum.sweep({**world, 'threat.base': [0.1, 0.5]}, replicates=4, workers=2)\n"
        "print(len(result.runs))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "8"


def test_the_examples_are_right():
    for module in (functions, objects, momentum):
        found = doctest.testmod(module)
        assert found.attempted
        assert not found.failed


def test_the_package_of_experiments_has_the_interface_too():
    import experiments
    import momentum

    for name in experiments.__all__:
        assert getattr(experiments, name) is getattr(momentum, name)
    assert {"run", "sweep", "load", "compare", "list_results"} <= set(experiments.__all__)
