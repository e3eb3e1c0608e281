"""Tables of cases: what is read, and what is refused with its place."""

from pathlib import Path

import pytest

from experiments.config.choices import ConfigError
from experiments.config.settings import compose
from experiments.design.draw import draw
from experiments.execution.plan import name_of
from experiments.files import FileError
from experiments.places import ROOT
from experiments.responses.coding import FOLDER, CodedCase, cases_of, read_cases

INVENTED = ROOT / "docs" / "examples" / "invented_cases.csv"


def table(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_invented_example_is_read_and_an_empty_cell_is_not_known():
    forum, _, _, daily = read_cases(INVENTED)
    assert forum.inputs["base"] == "large"
    assert forum.response == "exit_own"
    assert daily.response == ""
    assert "replaceable" not in daily.inputs


def test_spreadsheets_may_write_their_own_forms(tmp_path):
    path = table(tmp_path, "Case;Insolvent;Response\nA;yes;Exit own\nB;0.0;–\n")
    assert read_cases(path) == [
        CodedCase("A", {"insolvent": "1"}, "exit_own"),
        CodedCase("B", {"insolvent": "0"}, ""),
    ]


def test_a_case_survives_being_stored_as_a_row():
    cases = read_cases(FOLDER / "eight.csv")
    assert cases_of([case.row() for case in cases]) == cases
    assert len(cases) == 8
    assert all(case.response for case in cases)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case,insolvnt\nA,1\n", "line 1: column 2: unknown column insolvnt; did you mean insolv"),
        ("name,insolvent\nA,1\n", "line 1: column 1: unknown column name"),
        ("insolvent\n1\n", "line 1: column case is missing"),
        ("case,threat,threat\nA,1,1\n", "column threat is there twice"),
        ("case,insolvent\nA,1\nB,2\n", "line 3: column insolvent: unknown value 2"),
        ("case,response\nA,exit_rivl\n", "line 2: column response: .*did you mean exit_rival"),
        ("case,response\nA,nothing\nA,nothing\n", "line 3: case A is in line 2 too"),
        ("case,threat\n,1\n", "line 2: the row has no name"),
    ],
)
def test_a_malformed_table_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(FileError, match=said) as refused:
        read_cases(table(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_table_of_ones_own_stands_in_for_the_eight_cases():
    settings = compose(["experiment=cases", "scale=smoke", f"cases.file={INVENTED}"])
    drawn = draw(settings.experiment, "smoke").points
    assert {"Invented forum", "Invented daily"} <= {point["label"] for point in drawn}
    forum = next(point for point in drawn if point["label"] == "Invented forum")
    assert forum["users.people_per_agent"] == 5.0
    assert settings.experiment["coded"][0]["case"] == "Invented forum"
    assert name_of(settings) == "cases-invented_cases-smoke"


@pytest.mark.parametrize("words", [[], ["experiment=trust"]])
def test_a_table_of_cases_without_its_experiment_is_refused(words):
    with pytest.raises(ConfigError, match="has no effect: it is for experiment=cases"):
        compose([*words, f"cases.file={INVENTED}"])


def test_a_missing_table_is_named_with_the_nearest_file():
    missing = INVENTED.with_name("invented_case.csv")
    with pytest.raises(FileError, match=r"no such file; did you mean .*invented_cases\.csv"):
        compose(["experiment=cases", f"cases.file={missing}"])
