"""Cases in the forms that people have: read where they cannot be misread, else refused by line."""

import warnings
from datetime import date

import pytest

from experiments.cases.case import CaseError
from experiments.cases.reader import read_case
from experiments.errors import MomentumWarning


@pytest.fixture
def write(tmp_path):
    def written(text, name="mine.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


def read(path):
    """Return the case and what was said of it."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        case = read_case(path)
    assert all(warning.category is MomentumWarning for warning in said)
    return case, [str(warning.message) for warning in said]


def prices(case):
    return [(str(knot.first), knot.value) for knot in case.knots["price"]]


PRICES = [("2020-01-06", 20.5), ("2020-03-02", 20.1)]
DOWNLOADS = {
    "yahoo": (
        "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-06,20,21,19,20.5,20.5,1000\n"
        "2020-03-02,20,21,19,20.1,20.1,900\n",
        ["Open", "High", "Low", "Close", "Volume", "the price is Adj Close"],
    ),
    "stooq": (
        "Date,Open,High,Low,Close,Volume\r\n2020-01-06,20,21,19,20.5,1000\r\n"
        "2020-03-02,20,21,19,20.1,900\r\n",
        ["Open", "High", "Low", "Volume", "the price is Close"],
    ),
    "stooq, ascii": (
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "X.US,D,20200106,000000,20,21,19,20.5,1000,0\nX.US,D,20200302,000000,20,21,19,20.1,9,0\n",
        ["<TICKER>", "<OPENINT>", "the price is <CLOSE>"],
    ),
    "alpha vantage, newest first": (
        "timestamp,open,high,low,close,volume\n2020-03-02,20,21,19,20.1,900\n"
        "2020-01-06,20,21,19,20.5,1000\n",
        ["open", "volume", "the price is close"],
    ),
    "pandas with an index": (
        ",date,price\n0,2020-01-06,20.5\n1,2020-03-02,20.1\n",
        ["the first column, which has no name"],
    ),
    "pandas, read and written again": (
        "Unnamed: 0,date,price\n0,2020-01-06,20.5\n1,2020-03-02,20.1\n",
        ["Unnamed: 0"],
    ),
    "pandas with dates as the index": (",price\n2020-01-06,20.5\n2020-03-02,20.1\n", []),
    "yfinance with time and zone": (
        "Date,Close,Dividends,Stock Splits\n2020-01-06 00:00:00-05:00,20.5,0.0,0.0\n"
        "2020-03-02 00:00:00-05:00,20.1,0.0,0.0\n",
        ["Dividends", "Stock Splits", "the price is Close"],
    ),
    "fred, its series named price": (
        "observation_date,price\n2020-01-06,20.5\n2020-01-20,.\n2020-03-02,20.1\n",
        [],
    ),
    "newest first": ("date,price\n2020-03-02,20.1\n2020-01-06,20.5\n", []),
    "excel in German": ("\ufeffdate;price\r\n06.01.2020;20,5\r\n02.03.2020;20,1\r\n;\r\n", []),
    "a German portal": (
        "Datum;Schluss;Volumen;Tageshoch\n02.03.2020;20,10;1.000;21\n06.01.2020;20,50;900;20,60\n",
        ["Volumen, Tageshoch", "the price is Schluss"],
    ),
    "a Dutch portal": ("Datum;Slotkoers\n6.1.2020;20,5\n2.3.2020;20,1\n", []),
    "a price in a currency": ('date,price\n2020/1/6,"$20.50"\n2020/3/2,$20.10\n', []),
    "a price not adjusted beside": (
        "date,Close,price\n2020-01-06,41,20.5\n2020-03-02,40.2,20.1\n",
        ["ignored: Close", "the price is price"],
    ),
    "unknown prices": (
        "date,price\n2020-01-06,20.5\n2020-01-13,NA\n2020-01-20,null\n2020-01-27,-\n"
        "2020-02-03,NaN\n2020-02-10,#N/A\n2020-02-17,\n2020-03-02,20.1\n",
        [],
    ),
}


@pytest.mark.parametrize(("text", "pieces"), DOWNLOADS.values(), ids=DOWNLOADS)
def test_prices_as_they_are_downloaded(write, text, pieces):
    case, said = read(write(text))
    assert prices(case) == PRICES
    assert case.start == date(2020, 1, 6)
    assert len(said) == bool(pieces)
    for piece in pieces:
        assert piece in said[0]


def test_daily_and_weekly_prices_are_the_closes_of_the_last_days_of_weeks(write):
    days = [date.fromordinal(date(2020, 1, 6).toordinal() + n) for n in range(15)]
    rows = "".join(f"{day},{20 + n / 10}\n" for n, day in enumerate(days) if day.weekday() < 5)
    daily, _ = read(write(f"date,close\n{rows}"))
    weekly, _ = read(write("date,close\n2020-01-06,20\n2020-01-13,20.7\n2020-01-20,21.4\n"))
    assert daily.weeks == weekly.weeks == 2
    assert list(daily.history(2).price) == pytest.approx([1, 20.7 / 20, 21.4 / 20])
    assert list(weekly.history(2).price) == list(daily.history(2).price)


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("date;users\n2020-01-06;1020,5\n2020-03-02;1.050,5\n", [1020.5, 1050.5]),
        ('date,users\n2020-01-06,"1,020,300"\n2020-03-02,"985,000"\n', [1020300, 985000]),
        ("date\tusers\n2020-01-06\t1 020\n2020-03-02\t1'050\n", [1020, 1050]),
        ("date,users\n2020-01-06,985\n2020-03-02,1.020\n", [985, 1.02]),
    ],
)
def test_thousands_marks_that_can_be_told(write, text, users):
    case, _ = read(write(text))
    assert [knot.value for knot in case.knots["users"]] == users


def test_a_quoted_label_may_begin_with_a_hash(write):
    text = 'label,date,price,event\n,2016-09-01,18,\n"#BuyIt begins",2016-09-29,,launch\n'
    case, _ = read(write(text + ",2017-01-05,17,\n"))
    assert [(event.kind, event.label) for event in case.events] == [("launch", "#BuyIt begins")]
    assert case.parameters["movement.launch_week"] == 4


@pytest.mark.parametrize("word", ["null", "~", "NA", ".", ".nan", "NaN", "''", ""])
def test_unknown_figures_in_yaml_are_left_out(write, word):
    text = f"start: 2020-01-06\nprice:\n  values:\n    2020-01-06: 20\n    2020-02-03: {word}\n"
    case, _ = read(write(f"{text}    2020-06-01: 18\n", "mine.yaml"))
    assert prices(case) == [("2020-01-06", 20.0), ("2020-06-01", 18.0)]


def test_figures_in_yaml_may_be_newest_first(write):
    values = "2020-06-01: 18, 2020-03-02: 19, 2020-01-06: 20"
    case, _ = read(write(f"start: 2020-01-06\nprice: {{values: {{{values}}}}}\n", "mine.yaml"))
    assert [value for _, value in prices(case)] == [20.0, 19.0, 18.0]


@pytest.mark.parametrize(
    ("before", "after", "days", "part"),
    [
        (20, 10.1, 1, "1/2"),
        (20, 6.6, 3, "1/3"),
        (20, 5.1, 4, "1/4"),
        (20, 2, 7, "1/10"),
        (2, 20.3, 1, "10 times"),
    ],
)
def test_a_jump_like_that_of_a_split_gives_a_warning(write, before, after, days, part):
    text = f"date,price\n2020-01-01,{before}\n2020-02-03,{before}\n2020-02-{3 + days:02d},{after}\n"
    _, said = read(write(text))
    assert len(said) == 1
    assert "line 4" in said[0]
    assert part in said[0]
    assert "split" in said[0]


@pytest.mark.parametrize(("after", "day"), [(13, "02-04"), (10, "03-03"), (18.8, "02-04")])
def test_other_changes_of_price_give_none(write, after, day):
    text = f"date,price\n2020-01-01,20\n2020-02-03,20\n2020-{day},{after}\n"
    assert read(write(text))[1] == []


def test_the_shipped_case_and_the_examples_give_no_warning():
    for path in ("conf/case/buytwitter.yaml", "docs/examples/my_case.csv"):
        assert read(path)[1] == []


YAML = "start: 2020-01-06\n"
REFUSED = {
    "a series without our name": (
        "observation_date,SERIES\n2020-01-06,1.10\n2020-01-20,.\n2020-03-02,1.08\n",
        1,
        ["unknown column series", "Name it by what it holds", "price"],
    ),
    "thousands in tabs": (
        "date\tprice\tusers\n2016-01-04\t44.90\t985\n2016-04-04\t44.00\t1,020\n",
        3,
        ["users = 1,020", "1020", "1.020"],
    ),
    "thousands with points": (
        "date;users\n2016-01-04;985\n2016-04-04;1.020\n", 3, ["users = 1.020", "1020"],
    ),
    "marks mixed in a column": (
        "date;price\n2020-01-06;20,5\n2020-02-03;20.1\n2020-03-02;20,3\n",
        3,
        ["price = 20.1", "line 2 has 20,5"],
    ),
    "marks mixed over columns": (
        "date;price;users\n2020-01-06;20,5;10.5\n2020-03-02;20,1;10.6\n",
        2,
        ["users = 10.5", "20,5"],
    ),
    "month or day first": (
        "date,price\n01/06/2020,20\n03/02/2020,20\n", 2, ["01/06/2020 may be read with", "2013"],
    ),
    "no names": ("2020-01-06,20\n2020-01-13,21\n", 1, ["first line must name the columns"]),
    "neither oldest nor newest first": (
        "date,price\n2020-01-06,20\n2020-03-02,20\n2020-02-03,20\n", 4, ["2020-02-03", "order"],
    ),
    "millions": ("date,price,users\n2020-01-06,20,1.2M\n", 2, ["1.2M is not a number"]),
    "percent": ("date,price,threat\n2020-01-06,20,15%\n", 2, ["15% is not a number"]),
    "decimal commas between commas": (
        "date,price\n2020-01-06,20,5\n", 2, ["3 cells", "put quotes around"],
    ),
    "an unclosed quote": (
        'date,price,event,label\n2020-01-06,20,,\n2020-02-03,,launch,"We begin\n'
        "2020-03-02,19,,\n2020-06-01,18,,\n",
        3,
        ["a quote is opened here"],
    ),
    "an unclosed quote that another one closes": (
        'date,price,event,label\n2020-01-06,20,,\n2020-02-03,,launch,"We begin\n'
        '2020-03-02,19,,\n2020-06-01,18,marker,"done"\n',
        3,
        ["a quote is opened here"],
    ),
    "a label that may be a comment": (
        "label,date,price,event\n,2020-01-06,20,\n#BuyIt,2020-02-03,,launch\n,2020-03-02,19,\n",
        3,
        ["a row or a comment", "put quotes around"],
    ),
    "two columns of dates": ("date,timestamp,price\n2020-01-06,2020-01-06,20\n", 1, ["twice"]),
    "utf-16": ("date,price\n", 0, ["UTF-16"]),
    "an empty title": (f"{YAML}title: #BuyIt\n", 2, ["title", "empty", "put quotes"]),
    "an empty label": (
        f"{YAML}events:\n  - date: 2020-02-03\n    kind: launch\n    label: #BuyIt\n",
        5,
        ["label", "empty"],
    ),
    "an empty title in quotes": (f'{YAML}title: ""\n', 2, ["empty"]),
    "an empty source": (f"{YAML}sources:\n  press: # to do\n", 3, ["press", "empty"]),
    "a title cut by a hash": (
        f"{YAML}title: Here we #BuyIt\n", 2, ["title = Here we", "comment", "quotes"],
    ),
    "a price with a thousands mark": (
        f'{YAML}price:\n  values: {{2020-01-06: "1,020"}}\n', 3, ["1,020 is not a number"],
    ),
    "an octal number": (f"{YAML}users: {{values: {{2020: 0x1F}}}}\n", 2, ["0x1F is not a number"]),
    "twice": (f"{YAML}title: one\ntitle: two\n", 3, ["title is given twice"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "pieces"), REFUSED.values(), ids=REFUSED)
def test_what_may_be_misread_is_refused_with_its_line(write, text, line, pieces):
    name = "mine.yaml" if text.startswith(YAML) else "mine.csv"
    path = write(text, name, "utf-16" if "UTF-16" in pieces else "utf-8")
    with pytest.raises(CaseError) as refused:
        read_case(path)
    message = str(refused.value)
    assert message.startswith(f"{path}, line {line}: " if line else f"{path}: ")
    assert "\n" not in message
    for piece in pieces:
        assert piece in message
