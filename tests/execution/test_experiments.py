"""Every experiment of the project runs at its smallest scale and gives a report."""

import pytest

from experiments.config.choices import names_of
from experiments.config.settings import compose
from experiments.execution.sweep import run_sweep
from experiments.report.result_page import write_report
from experiments.store.catalog import open_result
from tests.pages import read

TOLD = {
    "buytwitter": "The record and the model",
    "cases": "Scores beside simple rules",
    "contradictions": "The claims",
    "counterfactuals": "Variants side by side: in another week",
    "firm_response": "How far the movement came",
    "framing": "The course of the weeks",
    "goals": "Who calls the same outcome a success",
    "launch_timing": "Success by week of launch",
    "networks": "How emergence sets in: size of the base",
    "patterns": "Patterns",
    "phase_diagram": "The border of emergence",
    "right_momentum": "What each condition does",
    "robustness": "In which worlds each claim holds",
    "sensitivity": "How much each parameter explains",
    "trust": "Variants side by side: the price heeds trust",
}
"""A section that the report of an experiment must have."""

NAMES = [name for name in names_of("experiment") if name in TOLD]  # calibrate needs a case
LARGE = {"robustness", "sensitivity", "right_momentum"}  # thousands of runs, or slow analyses


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in LARGE else n for n in NAMES]
)
def test_an_experiment_runs_and_gives_a_report(tmp_path, name):
    settings = compose(
        [f"experiment={name}", "scale=smoke", "workers=1", f"results_dir={tmp_path}"]
    )
    run_sweep(settings, progress=False)
    result = open_result(f"{name}-smoke", tmp_path)
    page = read(write_report(result).path)
    runs = result.runs()
    assert set(runs["error"]) == {""}
    assert settings.experiment["question"].strip().split()[0] in page.text
    assert f"{len(runs):,} runs, 0 failed." in page.text
    assert TOLD[name] in page.headings
    assert "sweep is not finished" not in page.text


def test_every_experiment_that_needs_no_case_is_among_them():
    assert set(names_of("experiment")) - set(NAMES) == {"calibrate"}
