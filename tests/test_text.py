"""Lines on a terminal are broken between words only."""

import io

import pytest

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
