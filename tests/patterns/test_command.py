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
