"""Tables in text files: the forms people have are read, what might be misread is refused."""

import re

import pytest

from experiments.files import FileError
from experiments.spreadsheet import Cell, Sheet, plain_numbers, read_sheet


@pytest.fixture
def write(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def texts(sheet):
    return [[cell.text for cell in row] for row in (sheet.header, *sheet.rows)]


SAME = [["date", "price"], ["2020-01-06", "20.5"], ["2020-03-02", "20.1"]]


@pytest.mark.parametrize(
    "text",
    [
        "date,price\n2020-01-06,20.5\n2020-03-02,20.1\n",
        "\ufeffdate;price\r\n2020-01-06;20.5\r\n2020-03-02;20.1\r\n\r\n",
        "date\tprice\r2020-01-06\t20.5\r2020-03-02\t20.1",
        "date|price\n2020-01-06|20.5\n2020-03-02|20.1\n",
        "sep=;\ndate;price\n2020-01-06;20.5\n2020-03-02;20.1\n",
        '# a note, with commas; and "quotes\n\n date , price \n2020-01-06,20.5,,\n2020-03-02,20.1',
        'date,price,\n"2020-01-06","20.5",\n"2020-03-02","20.1",\n',
        "date,price,,\n2020-01-06,20.5,,\n#2020-02-01,9,,\n2020-03-02,20.1,,\n",
    ],
)
def test_one_table_in_many_forms(write, text):
    assert texts(read_sheet(write(text))) == SAME


def test_a_quoted_cell_that_begins_with_a_hash_is_no_comment(write):
    sheet = read_sheet(write('label,date\n"#BuyIt begins",2016-09-29\n# over\n'))
    assert texts(sheet)[1:] == [["#BuyIt begins", "2016-09-29"]]


def test_a_cell_may_go_on_in_the_next_line_and_rows_keep_their_line(write):
    sheet = read_sheet(write('date,note\n\n2020-01-06,"one\ntwo"\n2020-03-02,\n'))
    assert sheet.rows == [
        [Cell(3, "2020-01-06"), Cell(3, "one two")],
        [Cell(5, "2020-03-02"), Cell(5, "")],
    ]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('date,note\n2020-01-06,"one\n2020-03-02,two\n2020-03-03,\n', 2, "quote is opened here"),
        ('date,note\n2020-01-06,"one\n2020-03-02,two\n2020-03-03,"three"\n', 2, "quote is opened"),
        ('date,note\n2020-01-06,"one\n2020-03-02,"\n2020-03-03,x\n', 2, "quote is opened here"),
        ('date,note\n2020-01-06,"one"x\n', 2, "not CSV"),
        ("date,price\n2020-01-06,20,5\n", 2, "put quotes around"),
        ("date,,price\n2020-01-06,x,20\n", 2, "column 2 has no name"),
        ("label,date\n#BuyIt begins,2016-09-29\n", 2, "a row or a comment"),
        ("", 0, "empty"),
        ("# nothing\n", 0, "empty"),
        ("date,price\n", 0, "no rows"),
    ],
)
def test_what_might_be_misread_is_refused_with_its_line(write, text, line, problem):
    with pytest.raises(FileError, match=problem) as refused:
        read_sheet(write(text))
    assert refused.value.line == line


def test_a_table_may_not_be_too_long(write):
    assert len(read_sheet(write("a\n1\n2\n"), most=2).rows) == 2
    with pytest.raises(FileError, match="too many rows: 2 at most"):
        read_sheet(write("a\n1\n2\n3\n"), most=2)


def column(*values):
    return [Cell(number, value) for number, value in enumerate(values, 2)]


def plain(*values, separator=",", **others):
    columns = {"users": column(*values)} | {name: column(*each) for name, each in others.items()}
    return [
        cell.text for cell in plain_numbers(Sheet("x.csv", [], [], separator), columns)["users"]
    ]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["20.5", "1e3", "-.5", "7"], ["20.5", "1e3", "-.5", "7"]),
        (["20,5", "7"], ["20.5", "7"]),
        (["0,125"], ["0.125"]),
        (["1020,500"], ["1020.500"]),
        (["1,020.50", "1,030"], ["1020.50", "1030"]),
        (["1.020,50", "1.030", "1,5"], ["1020.50", "1030", "1.5"]),
        (["1,020,300", "1,020"], ["1020300", "1020"]),
        (["1.020.300", "1.020"], ["1020300", "1020"]),
        (["1.020", "1.5"], ["1.020", "1.5"]),
        (["1.020"], ["1.020"]),
        (["1 020", "1 020 300,5", "1\u202f020"], ["1020", "1020300.5", "1020"]),
        (["1'020.5", "1_020"], ["1020.5", "1020"]),
        (["$1,234.50", "-€2.5", "20 €", "−3"], ["1234.50", "-2.5", "20", "-3"]),
        (["ten", "1,2,3", "12 34", "1,020.300,4"], ["ten", "1,2,3", "12 34", "1,020.300,4"]),
    ],
)
def test_numbers_that_can_be_told_are_written_plainly(values, wanted):
    assert plain(*values) == wanted


@pytest.mark.parametrize(
    ("values", "others", "line"),
    [
        (["985", "1,020"], {}, 3),
        (["985", "1,020"], {"price": ["44.90"]}, 3),
        (["985", "1.020"], {"separator": "\t"}, 3),
        (["1.020"], {"separator": ";", "price": ["44,90"]}, 2),
        (["20.5", "20,5"], {}, 3),
        (["20.5"], {"price": ["1", "20,5"]}, 3),
        (["1.020,5", "1,020.5"], {}, 3),
    ],
)
def test_numbers_that_cannot_be_told_are_refused_with_their_line(values, others, line):
    with pytest.raises(FileError, match=re.escape("x.csv, line")) as refused:
        plain(*values, **others)
    assert refused.value.line == line
