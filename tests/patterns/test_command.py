"""The command that looks for patterns."""

import pytest

from experiments.cli.main import main
from experiments.report.document import read_document


@pytest.mark.slow
def test_patterns_prints_a_row_a_pattern_and_writes_the_page(tmp_path, capsys):
    assert main(["patterns", "scale=smoke", f"results_dir={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "Granovetter" in printed
    assert "held out" in printed
    document = read_document(tmp_path / "patterns-smoke" / "report.json")
    assert "Patterns" in [section.title for section in document.sections]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("movement.origin=endogenous", "movement.origin=given"),
        ("movement.launch_week=150", "horizon=156 must be 179"),
        ("horizon=40", "horizon=40 must be"),
        ("record_weekly=false", "record_weekly"),
        ("case=buytwitter", "without the record of a case"),
    ],
)
def test_worlds_whose_campaigns_cannot_be_seen_are_refused_before_they_run(
    tmp_path, capsys, override, said
):
    assert main(["patterns", "scale=smoke", override, f"results_dir={tmp_path}"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())
