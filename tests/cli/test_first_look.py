"""What `make run` does, at its smallest scale."""

import pandas as pd
import pytest

from experiments.cli import first_look
from experiments.cli.main import main
from experiments.store.result import Result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("results"))


@pytest.mark.parametrize("mistake", ["workers=0", "foo=1"])
def test_a_mistake_is_told_before_anything_else(mistake, capsys):
    assert main(["first-look", mistake]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert mistake in said.err


def test_prints_the_case_the_table_and_the_answer(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [f"results_dir={folder}", "scale=smoke", "workers=1"]
    first_look.main(arguments)
    first = capsys.readouterr()
    for line in ("the answer", "the surprise", "the limit", "the report", "try next"):
        assert sum(text.startswith(line) for text in first.out.splitlines()) == 1
    result = Result(f"{folder}/right_momentum-smoke")
    assert (result.path / "report.html").is_file()
    assert f"of {len(result.runs().query('part == "conditions"')) // 8}" in first.out
    assert (result.path.parent / "runs" / "buytwitter-seed7" / "figures" / "timeline.png").is_file()

    first_look.main(arguments)
    second = capsys.readouterr()
    assert "already there" in second.err
    answers = [
        [line for line in text.out.splitlines() if line.startswith("the ")]
        for text in (first, second)
    ]
    assert answers[0] == answers[1]


def test_truth_lines_count_what_emerged() -> None:
    rows = [
        {
            "part": "conditions",
            "condition.distress": distress,
            "condition.dissatisfaction": dissatisfaction,
            "condition.threat": threat,
            "emerged": distress == 1 and replicate < 3,
            "replicate": replicate,
            "error": "",
        }
        for distress in (0, 1)
        for dissatisfaction in (0, 1)
        for threat in (0, 1)
        for replicate in range(4)
    ]
    lines = first_look.truth_lines(pd.DataFrame(rows))
    assert len(lines) == 9
    held = [line for line in lines[1:] if line.strip().startswith("yes")]
    assert len(held) == 4
    for line in lines[1:]:
        share, bar = ("  75%", "#" * 18 + "." * 6) if line in held else ("   0%", "." * 24)
        assert f"{bar}{share} (" in line


def test_the_table_on_a_terminal_is_drawn_over_itself(capsys: pytest.CaptureFixture[str]) -> None:
    runs = pd.DataFrame(
        {
            "part": ["conditions"] * 2,
            "condition.distress": [0, 1],
            "condition.dissatisfaction": [0, 1],
            "condition.threat": [0, 1],
            "emerged": [False, True],
            "replicate": [0, 0],
            "error": ["", ""],
        }
    )
    table = first_look.FillingTable(2)
    table(runs)
    table(runs)
    written = capsys.readouterr().err
    assert written.count("\x1b[10F") == 1
    assert "all 2 runs are there already" in written
