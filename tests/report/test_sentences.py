"""Sentences of reports: each is used, each that is used is there, none has a gap."""

import re
from pathlib import Path

import pytest
import yaml
from jinja2 import UndefinedError

from experiments.analysis.effects import VERDICTS
from experiments.report.phrases import say

REPORT = Path(__file__).resolve().parents[2] / "experiments" / "report"
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(REPORT.glob("*.py")))
FILES = {path.stem: path.read_text(encoding="utf-8") for path in REPORT.glob("sentences/*.yaml")}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_each_sentence_is_used(kind):
    used = set(re.findall(r'"([\w ]+)"', CODE + FILES[kind])) | set(VERDICTS)
    assert set(yaml.safe_load(FILES[kind])) <= used


def test_each_sentence_that_is_used_is_there():
    asked = re.findall(r'\bsay\(\s*"(\w+)",\s*"(\w+)"', CODE)
    assert len(asked) > 50
    assert all(case in yaml.safe_load(FILES[kind]) for kind, case in asked)


def test_a_sentence_that_lacks_a_number_is_an_error():
    with pytest.raises(UndefinedError, match="'cut_off' is undefined"):
        say("factorial", "if_enough")


def test_white_space_and_lists_read_as_in_a_sentence():
    rows = [{"condition": name, "effect": 0.1, "low": 0.05, "high": 0.2} for name in ("a", "b")]
    assert say("effects", "raises", rows=rows, labels={"a": "The first"}) == (
        "Raises emergence: “The first” +10 points [+5 to +20] and “b” +10 points [+5 to +20]."
    )
