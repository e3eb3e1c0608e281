"""Every run and sweep that README and docs show is understood (tutorials are run as they are)."""

import re
import shlex

import pytest

from experiments.cli.main import main
from experiments.places import ROOT

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "help").glob("*.md")),
]
EXAMPLES = {
    "my_case.csv": "docs/examples/my_case.csv",
    "my_cases.csv": "docs/examples/invented_cases.csv",
}
"""Files of the reader's own, and the examples that stand in for them."""
MADE_BEFORE = ("worlds=calibrated", "--config-dir", "executor=lab")
"""What needs a result or a file that the page makes first; --config-dir has a folder beside it."""


def commands():
    """Yield the page and the words of each command, which may go on in a second line."""
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^    momentum ((?:run|sweep) .*)$", text, re.MULTILINE):
            words = shlex.split(line, comments=True)
            yield page, [word for word in words if word not in (*MADE_BEFORE, ".", "--dry-run")]


def with_examples(word):
    name, equals, value = word.partition("=")
    return f"{name}{equals}{EXAMPLES.get(value, value)}"


@pytest.mark.parametrize(
    "words",
    [pytest.param(words, id=f"{page.name} {' '.join(words)}") for page, words in commands()],
)
def test_a_command_of_the_docs_is_understood(words, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main([*map(with_examples, words), "--cfg", "job"]) == 0
    assert capsys.readouterr().err == ""


def test_commands_are_found():
    assert {page.name for page, _ in commands()} >= {"README.md", "sweeps.md", "designs.md"}
