"""Every experiment of the project runs at its smallest scale and gives a report."""

import pytest

from experiments.config import compose, names_of
from experiments.report.of_result import write_report
from experiments.store import open_result
from experiments.sweep import run_sweep
from tests.pages import read

NAMES = names_of("experiment")
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
    assert "sweep is not finished" not in page.text
