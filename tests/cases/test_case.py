"""Cases: figures become weeks without leaking, and mistakes are named in one line."""

import warnings
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from experiments.cases.case import CaseError
from experiments.cases.reader import read_case
from experiments.errors import MomentumWarning
from sim import Parameters

ROOT = Path(__file__).parents[2]
BUYTWITTER = ROOT / "conf" / "case" / "buytwitter.yaml"


@pytest.fixture(scope="module")
def buytwitter():
    return read_case(BUYTWITTER)


@pytest.fixture(scope="module")
def history(buytwitter):
    return buytwitter.history(260)


# --- the shipped case


def test_weeks_of_the_calendar(buytwitter):
    assert buytwitter.week_of(date(2013, 11, 7)) == 0
    assert buytwitter.week_of(date(2013, 11, 8)) == 1
    assert buytwitter.week_of(date(2016, 9, 29)) == 151  # exactly 151 weeks after the start
    assert buytwitter.week_of(date(2016, 9, 30)) == 152
    assert buytwitter.week_of(date(2017, 5, 22)) == 185
    assert buytwitter.date_of(151) == date(2016, 9, 29)
    assert buytwitter.weeks >= 260


def test_launch_and_meeting_follow_from_their_dates(buytwitter):
    changes = buytwitter.parameters
    assert changes["movement.launch_week"] == 151
    assert (185 - changes["vote.first_meeting"]) % 52 == 0
    assert 185 - changes["vote.filing_lead"] == buytwitter.week_of(date(2016, 12, 16))
    assert 151 + changes["movement.petition_delay"] == buytwitter.week_of(date(2016, 10, 18))
    world = Parameters.from_dict(changes)
    assert world.horizon == 260
    assert world.firm.market_volatility == 0.0


@pytest.mark.parametrize(
    ("day", "close"),
    [
        ("2013-11-07", 44.90),
        ("2016-09-22", 18.63),
        ("2016-10-06", 19.87),
        ("2015-12-31", 23.14),
        ("2016-03-31", 16.55),
        ("2018-05-31", 34.70),
    ],
)
def test_price_hits_the_closes_of_a_weeks_last_day(buytwitter, history, day, close):
    week = buytwitter.week_of(date.fromisoformat(day))
    assert buytwitter.date_of(week) == date.fromisoformat(day)
    assert history.price[week] == pytest.approx(close / 44.90, rel=1e-12)


def test_price_is_interpolated_in_the_logarithm(buytwitter, history):
    # Week 1 ends on 2013-11-14, 7 of the 22 days from the first close to that of 2013-11-29.
    assert history.price[1] == pytest.approx((41.57 / 44.90) ** (7 / 22), rel=1e-12)
    # The week of the launch lies between the first close after the reports and the month's end.
    assert history.price[151] == pytest.approx(
        22.62 ** (1 / 7) * 23.05 ** (6 / 7) / 44.90, rel=1e-12
    )


def test_months_end_on_trading_days(buytwitter):
    days = [knot.first for knot in buytwitter.knots["price"]]
    assert all(day.weekday() < 5 for day in days)
    assert date(2018, 3, 29) in days  # 2018-03-30 was Good Friday
    months = {(day.year, day.month) for day in days}
    assert len(months) == 2 + 5 * 12


def test_the_fall_of_2017_does_not_leak_into_2016(buytwitter, history):
    for week in range(261):
        index = {2013: 0.851, 2014: 0.848, 2015: 0.850, 2016: 0.832, 2017: 0.738, 2018: 0.729}
        assert history.threat[week] == pytest.approx(1 - index[buytwitter.date_of(week).year])
    assert history.threat[151] == pytest.approx(0.168)


def test_a_quarters_figure_holds_for_that_quarter(buytwitter, history):
    last, first = buytwitter.week_of(date(2016, 9, 29)), buytwitter.week_of(date(2016, 10, 6))
    assert history.base[last] == pytest.approx(317 / 241)
    assert history.base[first] == pytest.approx(318 / 241)
    # Both quarters have 92 days, as has the first.
    assert history.revenue[last] == pytest.approx(615.9 / 242.7)
    assert history.revenue[first] == pytest.approx(717.2 / 242.7)
    assert history.margin[last] == pytest.approx(-102.9 / 615.9)
    assert history.margin[0] == pytest.approx(-511.5 / 242.7)
    # 2014Q1 has 90 days: the same amount in fewer days is more a week.
    assert history.revenue[buytwitter.week_of(date(2014, 2, 6))] == pytest.approx(
        250.5 / 90 / (242.7 / 92)
    )


def test_every_series_begins_at_one_and_is_complete(history):
    assert history.price[0] == history.revenue[0] == history.base[0] == 1.0
    assert all(np.isfinite(series).all() for series in history)
    assert all(series.shape == (261,) and series.dtype == np.float64 for series in history)


def test_only_the_takeover_acts(history):
    assert not history.closure.any()
    assert not history.scandal.any()
    weeks = np.flatnonzero(history.takeover)
    assert list(weeks) == [151, 152, 153]  # the close of 2016-09-22, week 150, shows no rumour
    assert list(history.takeover[weeks]) == [1.0, 0.2, 0.2]


def test_every_figure_says_where_it_comes_from(buytwitter):
    for series in (buytwitter.knots | buytwitter.alternatives).values():
        assert all(knot.status in ("found", "derived", "uncertain") for knot in series)
        assert all(knot.source for knot in series)
    assert all(event.status != "unstated" for event in buytwitter.events)
    assert all(seen.status != "unstated" for seen in buytwitter.observed.values())
    assert not any("unstated" in origin for origin in buytwitter.parameter_sources.values())
    quarters = {knot.first: knot.status for knot in buytwitter.knots["revenue"]}
    assert quarters[date(2016, 10, 1)] == "derived"
    assert quarters[date(2016, 7, 1)] == "found"
    assert {knot.status for knot in buytwitter.knots["users"]} == {"uncertain"}


def test_the_documentation_gives_the_same_figures(buytwitter):
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8").replace("−", "-")
    rows = [[cell.strip(" *`") for cell in line.split("|")] for line in text.splitlines()]
    for knot in buytwitter.knots["price"]:
        assert f"{knot.value:.2f}" in text
    quarters = zip(*(buytwitter.knots[n] for n in ("users", "revenue", "net_income")), strict=True)
    for users, revenue, income in quarters:
        name = f"{users.first.year}Q{(users.first.month + 2) // 3}"
        row = next(row for row in rows if name in row)
        wanted = [f"{users.value:.0f}", f"{revenue.value:.1f}", f"{income.value:.1f}"]
        assert row[row.index(name) + 1 :][:3] == wanted
    for event in buytwitter.events:
        assert [str(event.date), str(event.week)] in [row[1:3] for row in rows]
    for name, value in buytwitter.parameters.items():
        assert [name, str(value)] in [row[1:3] for row in rows]


def test_outcomes_are_recorded_and_agree(buytwitter):
    seen = {name: outcome.value for name, outcome in buytwitter.observed.items()}
    share = seen["votes_for"] / (seen["votes_for"] + seen["votes_against"])
    assert seen["vote_share"] == pytest.approx(share, abs=5e-5)
    assert seen["support_of_all_shares"] == pytest.approx(
        seen["vote_share"] * seen["turnout"], abs=5e-5
    )
    assert seen["signatures_share"] == pytest.approx(seen["signatures"] / 317e6, abs=1e-6)


def test_a_horizon_beyond_the_record_is_refused(buytwitter):
    with pytest.raises(CaseError) as caught:
        buytwitter.history(300)
    message = str(caught.value)
    assert f"{BUYTWITTER}, line " in message
    assert "2018-12-31" in message
    assert "2019-08-08" in message
    assert "268" in message
    assert "\n" not in message


# --- the examples


def test_examples_read():
    by_yaml = read_case(ROOT / "docs" / "examples" / "my_case.yaml")
    by_csv = read_case(ROOT / "docs" / "examples" / "my_case.csv")
    for case in (by_yaml, by_csv):
        assert case.parameters["movement.launch_week"] == case.week_of(date(2020, 11, 16)) == 45
        record = case.history(case.parameters["horizon"])
        assert record.price[0] == 1.0
        assert record.closure[43] == 0.5
        assert record.scandal[36] == 0.6
    assert by_yaml.parameters["vote.first_meeting"] == by_yaml.week_of(date(2021, 5, 10))
    assert by_yaml.history(60).closure[52] == 0.0  # until 2021-01-04, week 52
    assert by_yaml.history(60).scandal[44] == pytest.approx(0.3)  # half-life of 8 weeks


# --- what a user may write


def write(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_recorded_is_left_to_the_model(tmp_path):
    case = read_case(write(tmp_path, "start: 2020-01-01\n"))
    record = case.history(30)
    for series in (record.price, record.revenue, record.margin, record.base, record.threat):
        assert np.isnan(series).all()
    assert not record.closure.any()
    assert case.parameters == {"horizon": 260}


def test_a_short_record_shortens_the_run(tmp_path):
    # Shorter even than the default week of launch: that is for whoever runs it to change.
    case = read_case(write(tmp_path, "date,price\n2020-01-01,10\n2020-04-01,11\n", "mine.csv"))
    assert case.weeks == case.parameters["horizon"] == 13


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_spreadsheets_of_several_kinds(tmp_path, separator):
    comma = "," if separator != "," else "."
    rows = [
        ["Date", "Price", "Event", "Size", "Label"],
        ["2020-01-01", f"10{comma}5", "", "", ""],
        ["2020-03-01", "", "scandal", f"0{comma}5", "a leak"],
        ["2020-06-01", "11", "", "", ""],
        ["2020-11-25", "12"],
        ["2021-03-01", "12", "", "", ""],
    ]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows) + "\r\n\r\n"
    case = read_case(write(tmp_path, text, "mine.csv"))
    assert case.knots["price"][0].value == 10.5
    assert case.events[0].size == 0.5
    assert case.events[0].label == "a leak"
    assert case.history(20).scandal[9] == 0.5


def test_a_dated_figure_holds_until_the_next(tmp_path):
    text = "date,users\n2020-01-01,100\n2020-04-01,120\n2020-12-01,90\n"
    record = read_case(write(tmp_path, text, "mine.csv")).history(60)
    assert record.base[12] == 1.0  # 2020-03-25
    assert record.base[13] == 1.2  # 2020-04-01
    assert record.base[47] == 1.2  # 2020-11-25
    assert record.base[60] == 0.9


def test_events_add_up_to_one_at_most(tmp_path):
    text = (
        "start: 2020-01-01\nevents:\n"
        "  - {date: 2020-01-08, kind: scandal, size: 0.7, until: 2020-01-22}\n"
        "  - {date: 2020-01-08, kind: scandal, size: 0.7, half_life: 1}\n"
        "  - {date: 2020-01-15, kind: takeover, size: 0.5}\n"
    )
    record = read_case(write(tmp_path, text)).history(6)
    assert record.scandal == pytest.approx([0, 1, 1, 0.175, 0.0875, 0.04375, 0.021875])
    half_life = Parameters().events.takeover_half_life
    assert record.takeover == pytest.approx(
        [0, 0, *(0.5 * 2 ** (-age / half_life) for age in range(5))]
    )


# --- mistakes: the file, the line, and what would be right

HEAD = "start: 2020-01-01\n"
PRICES = HEAD + "price:\n  values:\n    2020-01-01: 10\n"
YAML_MISTAKES = {
    "order": (
        PRICES + "    2020-04-01: 9\n    2020-03-01: 8\n",
        6,
        ["2020-03-01", "2020-04-01", "order"],
    ),
    "twice": (PRICES + "    2020-02-01: 9\n    2020-02-01: 8\n", 6, ["2020-02-01", "twice"]),
    "gap": (PRICES + "    2020-09-01: 9\n", 5, ["gap", "2020-01-01", "2020-09-01", "26 weeks"]),
    "gap of quarters": (
        HEAD + "users:\n  values: {2020Q1: 5, 2020Q2: 5,\n   2020Q4: 6}\n",
        4,
        ["2020-07-01", "2020-10-01"],
    ),
    "overlap": (
        HEAD + "users:\n  values: {2020: 5, 2020Q4: 6}\n",
        3,
        ["2020-10-01", "order"],
    ),
    "horizon": (
        PRICES + "    2020-06-01: 9\nparameters: {horizon: 52}\n",
        5,
        ["2020-06-01", "2020-12-30", "21 or less"],
    ),
    "negative": (PRICES + "    2020-02-01: -9\n", 5, ["price 2020-02-01 = -9", "positive"]),
    "zero": (PRICES + "    2020-02-01: 0\n", 5, ["= 0", "positive"]),
    "infinite": (PRICES + "    2020-02-01: inf\n", 5, ["inf", "finite"]),
    "no number": (PRICES + "    2020-02-01: ten\n", 5, ["ten", "not a number"]),
    "kind": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: scandel, size: 1}\n",
        3,
        ["kind of event scandel", "did you mean scandal?"],
    ),
    "field": (HEAD + "prices: {}\n", 2, ["unknown key prices", "did you mean price?"]),
    "inner field": (
        HEAD + "price:\n  value: {}\n",
        3,
        ["unknown key value", "did you mean values?"],
    ),
    "event field": (
        HEAD + "events:\n  - {date: 2020-02-01,\n     kindd: scandal}\n",
        4,
        ["did you mean kind?"],
    ),
    "status": (
        HEAD + "price:\n  status: fuond\n  values: {2020-01-01: 1}\n",
        3,
        ["did you mean found?"],
    ),
    "parameter": (
        HEAD + "parameters:\n  users.cout: 9\n",
        3,
        ["unknown parameter users.cout", "did you mean users.count?"],
    ),
    "parameter range": (
        HEAD + "parameters:\n  users.count: 9\n  threat.base: 3\n",
        4,
        ["threat.base = 3", "0 to 1"],
    ),
    "parameter choice": (
        HEAD + "parameters:\n  vote.regime: until_2021\n",
        3,
        ["did you mean until_2020?"],
    ),
    "parameter list": (
        HEAD + "parameters:\n  users.count: [1, 2]\n",
        3,
        ["users.count: it must be a single value"],
    ),
    "size": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: scandal, size: 1.5}\n",
        3,
        ["size = 1.5", "0 to 1"],
    ),
    "no size": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: scandal}\n",
        3,
        ["scandal of 2020-02-01 lacks its size"],
    ),
    "useless size": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: marker, size: 1}\n",
        3,
        ["marker", "leave out size"],
    ),
    "half-life": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: scandal, size: 1, half_life: 0}\n",
        3,
        ["half_life = 0", "positive"],
    ),
    "two ends": (
        HEAD
        + "events:\n  - {date: 2020-02-01, kind: closure, size: 1, half_life: 1,\n"
        + "     until: 2020-03-01}\n",
        3,
        ["half_life and until"],
    ),
    "no time": (
        HEAD + "events:\n  - {date: 2020-02-01, kind: closure, size: 1, until: 2020-02-02}\n",
        3,
        ["last longer"],
    ),
    "two launches": (
        HEAD
        + "events:\n  - {date: 2020-02-01, kind: launch}\n  - {date: 2020-03-01, kind: launch}\n",
        4,
        ["launch", "twice"],
    ),
    "early event": (
        HEAD + "events:\n  - {date: 2019-02-01, kind: launch}\n",
        3,
        ["2019-02-01", "before the start, 2020-01-01"],
    ),
    "early price": (
        HEAD + "price:\n  values:\n    2019-12-31: 10\n",
        4,
        ["2019-12-31", "before the start, 2020-01-01"],
    ),
    "early quarter": (
        HEAD + "users:\n  values:\n    2019Q4: 10\n    2020Q1: 10\n",
        4,
        ["before the start"],
    ),
    "late price": (
        HEAD + "price:\n  values:\n    2020-01-02: 10\n",
        4,
        ["2020-01-02", "after the start, 2020-01-01"],
    ),
    "price of a month": (
        HEAD + "price:\n  values:\n    2020-01: 10\n",
        4,
        ["2020-01 needs a day", "2013-11-07"],
    ),
    "one price": (PRICES, None, ["no week after the start", "later values"]),
    "threat": (HEAD + "threat:\n  values: {2020: 1.2}\n", 3, ["threat 2020 = 1.2", "0 to 1"]),
    "threat twice": (
        HEAD + "threat:\n  values: {2020: 1}\ndemocracy:\n  values: {2020: 0}\n",
        5,
        ["not both"],
    ),
    "income alone": (HEAD + "net_income:\n  values: {2020: 1}\n", 3, ["needs revenue"]),
    "mixed": (
        HEAD + "users:\n  values: {2020Q1: 1,\n   2020-04-01: 2}\n",
        4,
        ["mixes dates and periods"],
    ),
    "no start": ("title: mine\n", 1, ["start is missing"]),
    "start": ("start: 7\n", 1, ["start 7 is not a date", "2013-11-07"]),
    "start of a year": ("start: 2020\n", 1, ["start 2020 is not one day"]),
    "start as list": ("start: [2020-01-01]\n", 1, ["start = ", "must be a text"]),
    "no such day": ("start: 2020-02-30\n", 1, ["2020-02-30 is not a date"]),
    "foreign date": ("start: 01/02/2020\n", 1, ["01/02/2020 may be read with"]),
    "list": ("- 1\n", 1, ["must be name: value pairs"]),
    "events as table": (HEAD + "events: {date: 2020-02-01}\n", 2, ["events = ", "must be a list"]),
    "prices as list": (
        HEAD + "price:\n  values: [1, 2]\n",
        3,
        ["price: values", "pairs"],
    ),
    "no values": (HEAD + "price:\n  unit: EUR\n", 2, ["price: values is missing"]),
    "bracket": (HEAD + "price: {\n", 3, ["not YAML"]),
    "tab": (HEAD + "price:\n\tvalues: 1\n", 3, ["not YAML"]),
    "escape": (HEAD + 'title: "\\UFFFFFFFF"\n', None, ["YAML"]),
    "itself": (HEAD + "title: &a\n  - *a\n", 2, ["nested too deeply"]),
    "deep": ("[" * 5000, None, ["nested too deeply"]),
    "empty": ("", None, ["empty"]),
    "only comments": ("# nothing\n", None, ["empty"]),
}

CSV_MISTAKES = {
    "column": ("date,prize\n2020-01-01,1\n", 1, ["unknown column prize", "did you mean price?"]),
    "column twice": ("date,price,price\n2020-01-01,1,1\n", 1, ["column price is there twice"]),
    "no date": ("day,price\n2020-01-01,1\n", 1, ["unknown column day"]),
    "no date at all": ("price\n1\n", 1, ["column date is missing"]),
    "header only": ("date,price\n", None, ["no rows"]),
    "empty": (" \n", None, ["empty"]),
    "date": ("date,price\n1/2/2020,1\n", 2, ["1/2/2020 may be read with", "2013-11-07"]),
    "missing date": ("date,price\n2020-01-01,1\n,2\n", 3, ["is not a date"]),
    "order": (
        "date,price\n2020-01-01,1\n2020-03-01,1\n\n2020-02-01,1\n",
        5,
        ["2020-02-01", "2020-03-01 of line 3", "order"],
    ),
    "twice": (
        "date,price\n2020-01-01,1\n2020-01-01,1\n",
        3,
        ["price is given twice for 2020-01-01"],
    ),
    "gap": (
        "date,price\n2020-01-01,1\n2020-12-01,1\n",
        3,
        ["2020-01-01", "2020-12-01", "26 weeks"],
    ),
    "negative": ("date,price\n2020-01-01,-1\n", 2, ["price 2020-01-01 = -1", "positive"]),
    "infinite": ("date,price\n2020-01-01,inf\n", 2, ["inf", "finite"]),
    "thousands": ('date,price\n2020-01-01,"1,000"\n', 2, ["1,000", "1000", "1.000"]),
    "threat": ("date,threat\n2020-01-01,20\n", 2, ["threat 2020-01-01 = 20", "0 to 1"]),
    "event": ("date,event,size\n2020-01-01,scandle,1\n", 2, ["did you mean scandal?"]),
    "size alone": ("date,size\n2020-01-01,1\n", 2, ["size without an event"]),
    "late series": (
        "date,price,users\n2020-01-01,1,\n2020-02-01,1,5\n",
        3,
        ["users begins on 2020-02-01", "after the start"],
    ),
    "cells": ("date,price\n2020-01-01,1,2\n", 2, ["3 cells", "2 columns"]),
    "huge cell": ("date,price\n2020-01-01," + "1" * 140_000, 2, ["not CSV"]),
}


def message_of(path):
    with pytest.raises(CaseError) as caught:
        read_case(path)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert str(path) in message
    return message


def check(path, line, pieces):
    message = message_of(path)
    if line is not None:
        assert message.startswith(f"{path}, line {line}: ")
    for piece in pieces:
        assert piece in message


@pytest.mark.parametrize(("text", "line", "pieces"), YAML_MISTAKES.values(), ids=YAML_MISTAKES)
def test_mistakes_in_yaml(tmp_path, text, line, pieces):
    check(write(tmp_path, text), line, pieces)


@pytest.mark.parametrize(("text", "line", "pieces"), CSV_MISTAKES.values(), ids=CSV_MISTAKES)
def test_mistakes_in_csv(tmp_path, text, line, pieces):
    check(write(tmp_path, text, "mine.csv"), line, pieces)


def test_a_file_that_is_not_there(tmp_path):
    there = write(tmp_path, HEAD, "twitter.yaml")
    message = message_of(tmp_path / "twiter.yaml")
    assert "no such file" in message
    assert f"did you mean {there}?" in message
    assert "no such file" in message_of(tmp_path / "nowhere" / "mine.csv")


def test_files_that_are_no_cases(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert "directory" in message_of(tmp_path / "folder.yaml")
    assert ".yaml, .yml or .csv" in message_of(write(tmp_path, HEAD, "mine.txt"))
    (tmp_path / "image.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert "UTF-8" in message_of(tmp_path / "image.yaml")
    (tmp_path / "zeros.csv").write_bytes(bytes(64))
    assert "binary" in message_of(tmp_path / "zeros.csv")
    message_of(tmp_path / ("long" * 100 + ".yaml"))
    message_of(tmp_path / "null\0.yaml")


def test_names_with_line_breaks_stay_on_one_line(tmp_path):
    message = message_of(write(tmp_path, HEAD + '"pri\\nce\\u2028": 1\n'))
    assert "pri ce" in message


# --- whatever is in a file, it reads or is refused in one line

WORDS = st.sampled_from(
    [
        "2020-01-01",
        "2020-03-01",
        "2020",
        "2020Q1",
        "2020-02",
        "price",
        "values",
        "value",
        "start",
        "events",
        "date",
        "kind",
        "scandal",
        "launch",
        "size",
        "until",
        "half_life",
        "parameters",
        "users.count",
        "horizon",
        "observed",
        "name",
        "threat",
        "0.5",
        "-1",
        "1e400",
        "nan",
        "",
        "revenue",
        "net_income",
        "users",
        "sources",
        "status",
        "found",
        "1" * 400,
        "movement.launch_week",
    ]
)
LEAVES = WORDS | st.text(max_size=5)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAVES, inner, max_size=4),
    max_leaves=12,
)
ONCE = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def reads_or_is_refused(path, data):
    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MomentumWarning)
            case = read_case(path)
    except CaseError as error:
        refusal = str(error)
        refusal.encode()
    else:
        refusal = ""
        assert len(case.history(case.parameters["horizon"]).price) == case.parameters["horizon"] + 1
    assert len(refusal.splitlines()) <= 1


@ONCE
@given(data=st.binary(max_size=200))
def test_any_bytes(tmp_path, data):
    reads_or_is_refused(tmp_path / "mine.yaml", data)
    reads_or_is_refused(tmp_path / "mine.csv", b"date,price\n" + data)


@ONCE
@given(tree=st.dictionaries(LEAVES, TREES, max_size=5))
def test_any_tree(tmp_path, tree):
    text = yaml.safe_dump({"start": "2020-01-01"} | tree, allow_unicode=True)
    reads_or_is_refused(tmp_path / "mine.yaml", text.encode())


@ONCE
@given(text=st.lists(LEAVES | st.sampled_from([": ", "\n", "\n  ", "- ", "{", "}", "&a ", "*a"])))
def test_any_yaml_text(tmp_path, text):
    reads_or_is_refused(tmp_path / "mine.yaml", (HEAD + "".join(text)).encode(errors="replace"))


@ONCE
@given(rows=st.lists(st.lists(LEAVES, min_size=1, max_size=5), max_size=6))
def test_any_table(tmp_path, rows):
    lines = ["date,price,event,size,threat", *(",".join(row) for row in rows)]
    reads_or_is_refused(tmp_path / "mine.csv", "\n".join(lines).encode(errors="replace"))


@pytest.mark.filterwarnings("ignore::sim.errors.MomentumWarning")  # seeming splits
@ONCE
@given(
    steps=st.lists(st.integers(1, 182), min_size=4, max_size=30),
    prices=st.lists(st.floats(0.01, 1000), min_size=31, max_size=31),
)
def test_weekly_prices_stay_between_the_closes_around_them(tmp_path, steps, prices):
    days = [date(2020, 1, 1)]
    for step in steps:
        days.append(days[-1] + timedelta(days=step))
    text = HEAD + "price:\n  values:\n"
    text += "".join(f"    {day}: {price!r}\n" for day, price in zip(days, prices, strict=False))
    path = write(tmp_path, text)
    assume(days[-1] >= days[0] + timedelta(weeks=1))
    case = read_case(path)
    record = case.history(case.weeks)
    for week, price in enumerate(record.price):
        after = next(i for i, day in enumerate(days) if day >= case.date_of(week))
        around = prices[max(after - 1, 0) : after + 1]
        assert min(around) <= price * prices[0] * (1 + 1e-9)
        assert price * prices[0] <= max(around) * (1 + 1e-9)
