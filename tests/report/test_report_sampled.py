"""Reports of worlds drawn from ranges, and of the border of emergence."""

import numpy as np
import pandas as pd
import pytest

from experiments import text as words
from experiments.analysis.morris import morris
from experiments.analysis.phase_border import areas
from experiments.analysis.sobol import sobol
from experiments.analysis.tables import part
from experiments.report.findings import Findings
from experiments.report.result_page import five_lines
from sim.columns import label
from tests.documents import report_of, text_of, titles
from tests.report.test_report import fake

RANGES = {"threat.base": [0.0, 1.0], "dissatisfaction.base": [0.0, 1.0], "firm.cash": [8.0, 104.0]}


def drawn(name, samples, **keys):
    return {"name": name, "design": name, "samples": samples, "ranges": RANGES, **keys}


def levels(tmp_path, experiment, replicates=6):
    """Threat decides, dissatisfaction helps, cash does nothing."""

    def force(point):
        return point.get("threat.base", 0.0) + 0.3 * point["dissatisfaction.base"]

    return fake(
        tmp_path,
        {"question": "What matters?", **experiment},
        lambda point, luck: force(point) > 0.35 + 0.6 * luck,
        replicates,
        peak_share=lambda point, rng: 0.1 * force(point) + 0.001 * rng.random(),
        literacy_gain=lambda point, rng: 0.1 * point["dissatisfaction.base"],
    )


def test_screening_and_indices_are_told_with_their_numbers(tmp_path):
    experiment = {"parts": [drawn("morris", 12), drawn("saltelli", 64)]}
    result = levels(tmp_path, experiment)
    found = Findings(result)
    assert found.sampled == {name: list(RANGES) for name in ("morris", "saltelli")}
    report = report_of(result)
    assert "Which parameters matter" in titles(report)
    assert "How much each parameter explains" in titles(report)
    effects = morris(part(result.runs(), "morris"), list(RANGES))
    for row in effects.itertuples():
        assert words.number(row.mu_star, row.mu_star_low, row.mu_star_high) in text_of(report)
    indices = sobol(part(result.runs(), "saltelli"), list(RANGES))
    for row in indices.itertuples():
        assert words.share(row.total, row.total_low, row.total_high) in text_of(report)
    answer = five_lines(result)[0]
    assert f"The largest effects: {label('threat.base')}" in answer
    assert "3 parameters" in answer
    assert (result.path / "figures" / "sobol_convergence.csv").is_file()


def test_a_screening_says_how_it_differs_from_what_claims_ask_of_the_same_parameter(tmp_path):
    result = levels(tmp_path, {"parts": [drawn("morris", 12)]})
    effects = morris(part(result.runs(), "morris"), list(RANGES)).set_index("parameter")
    told = text_of(report_of(result))
    for name, condition in (
        ("threat.base", "Democracy is under threat (claim C3)"),
        ("dissatisfaction.base", "Users are dissatisfied (claim C2)"),
    ):
        size = f"{100 * effects.loc[name, 'mu_star']:.0f} ["
        changes = f"its range changes the share of runs with a movement by {size}"
        assert f"{condition} sets {label(name)}: {changes}" in told
    assert "it matters on average" in told
    assert "They ask for people who organise" in told or "Here a launch is given" in told
    assert "The firm is in distress (claim C1)" not in told  # its parameter is not screened here


def test_a_sweep_of_few_worlds_says_that_they_are_too_few(tmp_path):
    result = levels(tmp_path, {"parts": [drawn("morris", 4), drawn("saltelli", 4)]}, 2)
    few = result.runs().head(6)
    result.runs = lambda: few
    assert "Too few runs yet" in text_of(report_of(result))


def test_a_point_of_a_file_that_leaves_a_cell_empty_has_the_default(tmp_path):
    file = tmp_path / "points.csv"
    header = "label,threat.base,dissatisfaction.base,movement.framing\n"
    file.write_text(header + "a,,0.1,mixed\nb,0.6,0.1,commons\nc,0.6,0.1,\n")
    parts = [{"name": "mine", "design": "csv", "file": str(file)}]
    result = levels(tmp_path, {"parts": parts})
    assert Findings(result).sampled == {"mine": ["movement.framing", "threat.base"]}
    assert titles(report_of(result))[0] == "Worlds listed in a file: mine"


@pytest.mark.slow
def test_worlds_are_searched_for_boxes(tmp_path):
    result = levels(tmp_path, {"parts": [drawn("latin_hypercube", 200)]}, 4)
    report = report_of(result)
    assert "Worlds drawn over the ranges: latin hypercube" in titles(report)
    worlds = result.runs().groupby("sample")["emerged"].mean()
    share = words.share(float((worlds >= 0.5).mean()))
    assert f"In {share} of 200 worlds" in five_lines(result)[0]
    scores = pd.read_csv(tmp_path / "figures" / "scores-latin_hypercube.csv")
    of_emergence = scores[scores["outcome"] == "emerged"].set_index("parameter")["score"]
    assert of_emergence.idxmax() == "threat.base"
    boxes = pd.read_csv(tmp_path / "figures" / "boxes-latin_hypercube.csv")
    assert "threat.base" in set(boxes["parameter"])


def test_the_border_is_where_it_was_planted(tmp_path):
    steps = [round(x, 2) for x in np.linspace(0, 1, 6)]
    grid = {"threat.base": steps, "dissatisfaction.base": steps, "firm.cash": [8.0, 104.0]}
    experiment = {
        "question": "Where is the border?",
        "analyses": ["border"],
        "parts": [{"name": "map", "design": "grid", "grid": grid}],
    }
    result = fake(
        tmp_path,
        experiment,
        lambda p, luck: luck < 1 / (1 + np.exp(-20 * (p["threat.base"] - p["firm.cash"] / 160))),
        20,
    )
    report = report_of(result)
    assert "The border of emergence" in titles(report)
    table = pd.read_csv(tmp_path / "figures" / "phase_border.csv")
    shares = areas(table, ["firm.cash"])
    for row in shares.itertuples():
        assert abs(row.above - (1 - row._1 / 160)) < 0.08
        assert (
            f"{words.share(row.above)} with {label('firm.cash')} = {row._1:g}"
            in five_lines(result)[0]
        )


def test_one_sampled_parameter_has_its_report(tmp_path):
    one = {"dissatisfaction.base": [0.0, 1.0]}
    part = {"name": "one", "design": "latin_hypercube", "samples": 12, "ranges": one}
    report = report_of(levels(tmp_path, {"parts": [part]}))
    assert titles(report)[0] == "Worlds drawn over the ranges: one"
