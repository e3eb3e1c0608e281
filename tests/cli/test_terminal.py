"""What is seen on a terminal: whole words at any width, without colours if unwanted, Ctrl-C."""

import re

import pytest

from tests.terminal import ESCAPES, Terminal, on_terminal, too_long

SMALL = ["users.count=150", "horizon=60", "movement.launch_week=10"]
WIDTHS = [40, *(pytest.param(columns, marks=pytest.mark.slow) for columns in (80, 200))]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return a folder with a sweep and two runs."""
    folder = f"results_dir={tmp_path_factory.mktemp('results')}"
    for seed in (7, 8):
        assert on_terminal("run", *SMALL, folder, f"seed={seed}", f"name=run{seed}")[0] == 0
    sweep = ["sweep", *SMALL, "threat.base=0.1,0.6", "replicates=2", "workers=1", "name=grid"]
    assert on_terminal(*sweep, folder)[0] == 0
    return folder


def commands(results):
    return {
        "help": ["--help"],
        "run": ["run", *SMALL, results, "name=again"],
        "sweep": ["sweep", *SMALL, results, "replicates=2", "workers=1", "name=other", "--fresh"],
        "status": ["status", results],
        "report": ["report", "grid", results],
        "compare": ["compare", "run7", "run8", results],
        "list": ["list", results],
    }


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("command", ["help", "run", "sweep", "status", "report", "compare", "list"])
def test_no_line_is_broken_within_a_word(results, command, columns):
    code, terminal = on_terminal(*commands(results)[command], columns=columns)
    assert code == 0, terminal.text
    assert too_long(terminal.lines(), columns) == []


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_mistake_fits_the_terminal(columns):
    code, terminal = on_terminal("run", "users.cout=5", columns=columns)
    assert code == 2
    assert " ".join(" ".join(terminal.lines()).split()) == (
        "momentum: users.cout=5: unknown parameter users.cout; did you mean users.count?"
    )
    assert too_long(terminal.lines(), columns) == []


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours_none_are_written(results, environment):
    for command in ("list", "status", "run"):
        code, terminal = on_terminal(*commands(results)[command], **environment)
        assert code == 0
        assert not re.search(r"\x1b\[[0-9;]*m", terminal.text)
        assert environment.get("TERM") != "dumb" or not ESCAPES.search(terminal.text)


LOOK = ["first-look", "scale=smoke", "workers=1"]


@pytest.mark.slow
def test_the_first_look_fills_its_table_at_any_width(tmp_path):
    terminal = Terminal(*LOOK, f"results_dir={tmp_path}", columns=80, NO_COLOR="1")
    terminal.read_until("of 432 runs")
    terminal.resize(40)
    assert terminal.finish() == 0, terminal.text
    table = ESCAPES.sub("", terminal.text).partition("432 of 432 runs")[2]
    assert "dissatisfaction + threat" in " ".join(table.split())
    answer = table.partition("the answer")[2].partition("3. ")[0].replace("\r", "").split("\n")
    assert too_long(answer, 40) == []
    assert not re.search(r"\x1b\[[0-9;]*m", terminal.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "environment"), [(200, {"NO_COLOR": "1"}), (80, {"TERM": "dumb"}), (40, {})]
)
def test_the_first_look_is_plain_if_that_is_wanted(tmp_path, columns, environment):
    code, terminal = on_terminal(*LOOK, f"results_dir={tmp_path}", columns=columns, **environment)
    assert code == 0
    assert "95 % interval" in " ".join(terminal.text.split())
    assert not re.search(r"\x1b\[[0-9;]*m", terminal.text)
    assert environment.get("TERM") != "dumb" or not ESCAPES.search(terminal.text)


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "users.count=3000", "replicates=100000", "workers=1"],
        ["first-look", "scale=laptop", "workers=1"],
        ["run", "users.count=200000", "horizon=3000"],
    ],
    ids=lambda words: words[0],
)
def test_ctrl_c_ends_a_command_with_one_line(tmp_path, words):
    terminal = Terminal(*words, f"results_dir={tmp_path}")
    started = {"sweep": "1 point", "first-look": "1. #BuyTwitter", "run": ""}[words[0]]
    terminal.read_until(started)
    terminal.wait_until_busy()
    terminal.press_ctrl_c()
    assert terminal.finish() == 130, terminal.text
    assert "Traceback" not in terminal.text
    assert "momentum: stopped" in terminal.text
    shown = terminal.text.rpartition("\x1b[?25")[2]
    assert shown == terminal.text or shown.startswith("h")  # the cursor is to be seen again


@pytest.mark.slow
def test_the_browser_says_where_it_is_and_ends_by_ctrl_c():
    terminal = Terminal("view", "--port=0", "users.count=100", columns=40)
    terminal.read_until("Ctrl-C stops")
    terminal.press_ctrl_c()
    assert terminal.finish() == 0, terminal.text
    assert too_long(terminal.lines(), 40) == []
    assert "Stopped." in terminal.text
