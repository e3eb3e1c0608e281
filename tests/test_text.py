"""Numbers, shares and lists in words; lines on a terminal are broken between words only."""

import io
import math

import numpy as np
import pytest

from experiments import text
from experiments.text import echo, wrap

TEXT = """\
usage: momentum COMMAND and much more that is said in one long line of text
  run          one run: its outcome in words, its figure and its weekly table
/a/path/that/is/longer/than/the/line/and/stays/whole and the rest of the sentence
"""


@pytest.mark.parametrize("width", [20, 40, 60])
def test_no_word_is_broken_and_none_is_lost(width):
    lines = wrap(TEXT, width).split("\n")
    assert "\n".join(lines).split() == TEXT.split()
    assert all(len(line) <= width or " " not in line.strip() for line in lines)


def test_a_line_of_two_columns_goes_on_in_its_second_column():
    lines = wrap(TEXT, 40).split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("  run"))
    assert lines[first + 1].startswith(" " * 15)
    assert lines[first + 1][15] != " "


def test_what_fits_and_what_goes_to_no_terminal_stays_as_it_is():
    assert wrap(TEXT, 100) == TEXT
    stream = io.StringIO()
    echo(TEXT, stream)
    assert stream.getvalue() == f"{TEXT}\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 %"), (1e-5, "under 0.01 %"), (0.0034, "0.34 %"), (0.047, "4.7 %"), (0.02, "2 %")],
)
def test_percent(value, said):
    assert text.percent(value) == said


def test_percent_of_large_shares_is_whole():
    assert text.percent(0.4268) == "43 %"
    assert text.percent(-0.4268) == "−43 %"


@pytest.mark.parametrize("write", [text.share, text.points, text.number])
@pytest.mark.parametrize("value", [0.5, -0.5, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("end", [0.25, math.inf, -math.inf, math.nan])
def test_no_number_is_too_large_or_too_unknown_to_be_written(write, value, end):
    said = write(value, end, end)
    assert ("[" in said) == (not math.isnan(value) and not math.isnan(end))
    assert ("∞" in said) == (math.isinf(value) or (math.isinf(end) and not math.isnan(value)))


def test_an_interval_without_end_is_written():
    assert text.points(0.5, -math.inf, math.inf) == "+50 points [−∞ to +∞]"
    assert text.share(0.5, 0.1, math.inf) == "50 % [10 to ∞]"


def test_lists_and_counts():
    assert text.joined(["a"]) == "a"
    assert text.joined(["a", "b", "c"], "or") == "a, b or c"
    assert text.counted(1, "run") == "1 run"
    assert text.counted(2000, "run") == "2,000 runs"


def test_whether_something_holds_is_said_in_words_by_python_and_by_numpy():
    assert [text.as_text(given) for given in (True, np.True_, np.False_)] == ["yes", "yes", "no"]
    assert text.as_text(0.5) == "0.5"
    assert text.as_text("two_stage") == "two stage"
