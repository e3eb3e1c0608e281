"""The patterns of the project, and how a wrong one is refused."""

import re

import pandas as pd
import pytest

from experiments.patterns.evaluation import summarise
from experiments.patterns.pattern import FOLDER, PatternError, read_patterns
from tests.sweeps import ROOT


def test_at_most_half_of_the_patterns_that_runs_can_show_may_set_defaults():
    numbers = {"defaults": set(), "test": set(), "not represented": set()}
    for pattern in read_patterns():
        numbers[pattern.use].add(int(pattern.number))
    assert len(numbers["defaults"]) <= len(numbers["test"])
    assert not numbers["defaults"] & numbers["test"]
    assert set.union(*numbers.values()) == set(range(1, 16))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"statistic": "share_abov"}, "share_above"),
        ({"range": "[0.5, 0.1]"}, "[low, high]"),
        ({"usse": "test"}, "did you mean use"),
        ({"use": "maybe"}, "use"),
    ],
)
def test_a_wrong_pattern_is_refused_in_one_line_with_its_file(tmp_path, change, said):
    text = (FOLDER / "few_campaigns_grow.yaml").read_text(encoding="utf-8")
    for name, value in change.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{name}:")]
        text = "\n".join([*lines, f"{name}: {value}"])
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PatternError) as caught:
        read_patterns(tmp_path)
    assert "mine.yaml" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_no_run_can_show_says_why():
    assert all(pattern.reason for pattern in read_patterns() if pattern.statistic is None)
    (jump,) = (pattern for pattern in read_patterns() if "Granovetter" in pattern.title)
    (named,) = re.findall(r"tests/\S+\.py", str(jump.reason))
    assert "def test_granovetter" in (ROOT / named).read_text(encoding="utf-8")


def test_a_pattern_of_healthy_firms_is_counted_in_worlds_drawn_with_healthy_firms():
    few, first_week = (
        next(pattern for pattern in read_patterns() if pattern.name == name)
        for name in ("few_campaigns_grow", "front_loading_week_1")
    )
    table = pd.DataFrame(
        [
            (few.name, "named", "default", 0.0, True),
            *((few.name, "healthy", str(k), 0.0, k < 3) for k in range(4)),
            *((first_week.name, "drawn", str(k), 0.3, k < 1) for k in range(4)),
        ],
        columns=["pattern", "part", "world", "value", "holds"],
    )
    summary = summarise(table, [few, first_week]).set_index("number")
    assert summary["share"].to_dict() == {few.number: 0.75, first_week.number: 0.25}
    assert summary.loc[few.number, "holds in default"]
