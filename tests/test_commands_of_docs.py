"""Every command that the documentation shows, in a block or within a sentence, is understood.

Tutorials apart: tests/test_blocks.py runs them as they are.
"""

import re
import shlex
from importlib.util import find_spec

import pytest

from experiments.cli.help import SUMMARY, TOPICS
from experiments.cli.main import main
from experiments.cli.parser import parse
from experiments.places import ROOT
from tests.blocks import PAGES, blocks

EXAMPLES = {
    "my_case.yaml": "docs/examples/my_case.yaml",
    "my_cases.csv": "docs/examples/invented_cases.csv",
}
"""Files of the reader's own, and the examples that stand in for them."""
MADE_BEFORE = ("worlds=calibrated", "executor=lab")
"""What needs a result or a file that the page makes first; its test runs the page."""
PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b")
COMPOSED = ("run", "sweep", "view")
"""Commands that can print their resolved configuration instead of being carried out."""


def shown():
    """Return the words of each command, without those that only say where a name is to stand."""
    found = set()
    for page in PAGES:
        if page.parent.name == "tutorials":
            continue
        lines = re.findall(
            r"`([^`]+)`", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        )
        for block in blocks(page):
            if block.language == "bash":
                lines += block.text.replace("\\\n", " ").splitlines()
        for line in lines:
            words = line.split("#")[0] if line.startswith("make") else line
            if re.match(r"(\.venv/bin/)?(momentum|make|python -m) \S", words):
                split = shlex.split(words, comments=True)
                if not any(PLACEHOLDER.search(word) for word in split if "ARGS" not in word):
                    found.add((split[0].rpartition("/")[2], *split[1:]))
    return sorted(found)


SHOWN = shown()


def with_examples(word):
    name, equals, value = word.partition("=")
    return f"{name}{equals}{EXAMPLES.get(value, value)}"


@pytest.mark.parametrize(
    "words", [words for words in SHOWN if words[0] == "momentum"], ids=" ".join
)
def test_a_command_is_understood(words, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    command, *rest = words[1:]
    if command == "help":
        assert rest[0] in (*TOPICS, *SUMMARY)
    elif command in COMPOSED and not any(word.startswith(MADE_BEFORE) for word in rest):
        given = [with_examples(word) for word in rest if word not in ("--dry-run", "--fresh")]
        assert main([command, *given, "--cfg", "job"]) == 0
        assert capsys.readouterr().err == ""
    elif "--help" in words:
        assert main(list(words[1:])) == 0
    else:
        assert parse(command, rest)


def test_commands_are_found():
    assert ("momentum", "help", "cases") in SHOWN
    assert ("momentum", "status", "when") in SHOWN
    assert ("momentum", "sweep", "case=buytwitter", "replicates=100", "record_weekly=true",
            "name=record") in SHOWN  # fmt: skip


def test_every_target_of_make_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    asked = {word for words in SHOWN if words[0] == "make" for word in words[1:] if "=" not in word}
    assert asked - set(targets) == set()
    assert {"run", "test-all"} <= asked


def test_every_module_that_is_run_exists():
    asked = {words[2] for words in SHOWN if words[0] == "python"}
    assert {name for name in asked if not find_spec(name)} == set()
    assert "docs.make_parameters" in asked
