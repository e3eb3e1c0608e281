"""``momentum advise``: planted firms get the planted advice; mistakes are one line."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from experiments.advice.answer import answer_of
from experiments.advice.question import answer_by_runs, read_question
from experiments.cli import first_look
from experiments.cli.main import main
from experiments.report.document import Table, read_document
from experiments.report.result_page import write_report
from experiments.store.result import Result
from tests.advice import firms
from tests.sweeps import ROOT, rows

QUICK = ["samples=2", "workers=1", "users.count=60", "shareholders.count=30"]
LINES = ("What to do", "How likely", "How sure", "Waiting", "Built on", "The page")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("advice")


@pytest.fixture(scope="module")
def asked(folder):
    """Return the result of a question about a firm with sixty weekly prices, asked a year later."""
    day = firms.LAST + timedelta(days=300)
    words = [f"case.file={firms.write_csv(folder)}", f"results_dir={folder}", f"as_of={day}"]
    return answer_by_runs([*words, *QUICK]), words


# --- planted firms


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plan", "scandal", "said"),
    [
        (firms.WAIT, False, "Wait: launch in 12 months"),
        (firms.BEGIN, True, "Launch now"),
        (firms.NO_MATTER, False, "It does not matter"),
    ],
)
def test_planted_firms_get_the_planted_advice(tmp_path, plan, scandal, said):
    path = firms.write_csv(tmp_path, scandal=scandal)
    result = answer_by_runs(firms.words(path, tmp_path, plan, samples=8))
    answer = answer_of(result)
    decided, said_of_them = answer.lines()[0][1].split(". In these 8: ")
    assert decided == "8 worlds decide nothing, 16 or more are needed"
    assert said_of_them.startswith(said[0].lower() + said[1:])
    assert answer.own.sure > 0.8
    write_report(result)
    page = read_document(result.path / "report.json")
    tables = [node for node in page.nodes() if isinstance(node, Table)]
    advised = next(table for table in tables if table.caption.startswith("The advised launch"))
    first = dict(zip([column.label for column in advised.columns], advised.rows[0], strict=True))
    assert first["does the date matter"] == ("no" if plan is firms.NO_MATTER else "yes")
    assert first["does the argument matter"] == "no"


# --- the command


def test_the_command_prints_the_answer_and_writes_the_page(asked, folder, capsys):
    result, words = asked
    assert main(["advise", *words, *QUICK]) == 0
    printed = capsys.readouterr()
    assert "already there" in printed.err
    lines = printed.out.splitlines()
    assert [line[:11].strip() for line in lines] == list(LINES)
    document = read_document(result.path / "report.json")
    assert document.summary[0].label == "What to do"
    assert document.title.endswith("worlds decide nothing, 16 or more are needed")
    assert list(document.figures) == ["advice"]
    assert (result.path / "figures" / "advice.svg").is_file()


def test_another_aim_needs_no_new_runs(asked, capsys):
    result, words = asked
    assert main(["advise", *words, *QUICK, "aim=cooperative"]) == 0
    printed = capsys.readouterr()
    assert "already there" in printed.err
    assert "a cooperative beside the firm is founded in" in printed.out.splitlines()[1]
    assert read_question(result)[0].aim == "cooperative"


def test_fresh_computes_the_runs_again(tmp_path, capsys):
    words = [f"case.file={firms.write_csv(tmp_path)}", f"results_dir={tmp_path}", *QUICK]
    first = answer_by_runs(words)
    assert main(["advise", *words, "--fresh"]) == 0
    assert "already there" not in capsys.readouterr().err
    assert rows(first.path).equals(rows(next(tmp_path.glob("advice-firm.old-*"))))


def test_a_report_of_the_result_is_the_same_page(asked, capsys):
    result, words = asked
    assert main(["advise", *words, *QUICK]) == 0
    page = (result.path / "report.html").read_bytes()
    assert main(["report", str(result.path)]) == 0
    assert (result.path / "report.html").read_bytes() == page


def test_every_launch_of_a_world_meets_the_same_world_for_as_long(asked):
    runs = asked[0].runs()
    assert runs["error"].eq("").all()
    assert (runs["horizon"] - runs["movement.launch_week"]).eq(104).all()
    assert runs.groupby(["replicate", "part"])["seed"].nunique().eq(1).all()
    assert runs["seed"].nunique() == 14
    early = runs[runs["part"] == "as it is"].groupby("replicate")["min_price"].nunique()
    assert early.le(6).all()  # a price for each horizon, whatever the argument


def test_the_settings_of_the_day_before_are_not_those_of_the_day(folder, asked, capsys):
    """A result of another set-up is not mixed in."""
    _, words = asked
    other = firms.write_csv(folder, "firm", weeks=59)
    try:
        assert main(["advise", *words, *QUICK]) == 2
        assert "the record of the case firm" in capsys.readouterr().err
    finally:
        firms.write_csv(folder)
    assert other.is_file()


# --- mistakes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give case=NAME, case.file=PATH or preset=NAME"),
        (["case=buytwitter", "aim=emergense"], "did you mean emergence?"),
        (["case=buytwitter", "aim="], "leave aim out"),
        (["case=buytwitter", "as_of=29/09/2016"], "year-month-day"),
        (["case=buytwitter", "as_of=2012-01-01"], "begins on 2013-11-07"),
        (["case=buytwitter", "as_of=2026-01-01"], "more than a year before"),
        (["preset=distress", "as_of=2016-01-01"], "needs a case"),
        (["case=buytwitter", "asof=2016-01-01"], "unknown parameter asof"),
        (["case=buytwitter", "threat.base=0.1,0.2"], "give one value"),
        (["case=buytwitter", "experiment=framing"], "experiment=framing"),
        (["case=buytwitter", "design=sobol"], "design= has no effect"),
        (["case=buytwitter", "movement.framing=mixed"], "has no effect"),
    ],
)
def test_a_mistake_is_one_line_before_anything_runs(tmp_path, capsys, words, said):
    assert main(["advise", *words, f"results_dir={tmp_path}"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("date,users\n2024-01-05,3\n2024-06-05,4\n", "there are no prices"),
        ("date,price\n2024-01-05,3\n2024-01-12,x\n", "line 3"),
        ("date,price\n2024-01-05,3\n2024-01-12,4\n", "has 2 prices"),
        ("price\n3\n", "date"),
    ],
)
def test_a_malformed_record_is_one_line(tmp_path, capsys, content, said):
    path = tmp_path / "mine.csv"
    path.write_text(content)
    assert main(["advise", f"case.file={path}", f"results_dir={tmp_path / 'results'}"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_few_worlds_do_not_say_how_sure_the_answer_is(asked):
    assert "too few to say how sure" in answer_of(asked[0]).lines()[2][1]


# --- the first look


def test_the_first_look_ends_with_an_answer_that_knows_of_earlier(tmp_path, capsys):
    first_look.advise([f"results_dir={tmp_path}", "scale=smoke", *QUICK[1:], "samples=2"])
    lines = capsys.readouterr().out.splitlines()
    assert [line[:11].strip() for line in lines] == list(LINES)
    question, _ = read_question(Result(tmp_path / "first-look-advice"))
    assert (question.months, question.day) == ((-12, 0, 12), "2016-09-29")
    runs = Result(tmp_path / "first-look-advice").runs()
    assert sorted(runs["movement.launch_week"].unique()) == [99, 151, 203]


# --- stopped


@pytest.mark.slow
def test_stopped_it_says_how_to_go_on_and_ends_with_the_same_runs(tmp_path):
    path = firms.write_csv(tmp_path)
    words = [f"case.file={path}", *QUICK, "users.count=1000", "samples=8"]
    words.remove("users.count=60")
    words.remove("samples=2")
    command = [sys.executable, "-m", "experiments", "advise", *words, f"results_dir={tmp_path}/a"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    parts = tmp_path / "a" / "advice-firm" / "runs"
    until = time.monotonic() + 120
    while not list(parts.glob("part-*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "to go on: momentum advise case.file=" in said
    stored = len(Result(parts.parent).runs())
    assert 0 < stored < 8 * 210
    resumed = answer_by_runs([*words, f"results_dir={tmp_path}/a"])
    whole = answer_by_runs([*words, f"results_dir={tmp_path}/b"])
    assert rows(resumed.path).equals(rows(whole.path))
