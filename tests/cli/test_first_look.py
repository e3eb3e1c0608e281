"""What `make run` does, at its smallest scale."""

import io
import itertools

import pandas as pd
import pytest
from rich.console import Console

from experiments.cli import first_look
from experiments.cli.main import main
from experiments.store.result import Result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("results"))


@pytest.mark.parametrize("mistake", ["workers=0", "foo=1"])
def test_a_mistake_is_told_before_anything_else(mistake, capsys):
    assert main(["first-look", mistake]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert mistake in said.err


@pytest.mark.slow
def test_prints_the_case_the_table_and_the_answer(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [f"results_dir={folder}", "scale=smoke", "workers=1"]
    first_look.tour(arguments)
    first = capsys.readouterr()
    for line in ("the answer", "the surprise", "the limit", "the report", "try next"):
        assert sum(text.startswith(line) for text in first.out.splitlines()) == 1
    result = Result(f"{folder}/right_momentum-smoke")
    assert (result.path / "report.html").is_file()
    assert "95 % interval" in first.out
    assert "preset=right_momentum" in first.out
    assert (result.path.parent / "runs" / "buytwitter-seed7" / "figures" / "timeline.png").is_file()

    first_look.tour(arguments)
    second = capsys.readouterr()
    assert "already there" in second.err
    answers = [
        [line for line in text.out.splitlines() if line.startswith("the ")]
        for text in (first, second)
    ]
    assert answers[0] == answers[1]


def runs_of(replicates, emerged):
    """Return the runs of a factorial of the three conditions and one more."""
    names = [*first_look.SHOWN, "literacy"]
    return pd.DataFrame(
        {
            "part": "conditions",
            **{f"condition.{name}": on for name, on in zip(names, levels, strict=True)},
            "emerged": emerged(dict(zip(names, levels, strict=True)), replicate),
            "replicate": replicate,
            "error": "",
        }
        for levels in itertools.product((0, 1), repeat=len(names))
        for replicate in range(replicates)
    )


def shown(table, width=100):
    """Return the lines of a table on a terminal of some width."""
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    return [line.strip() for line in console.file.getvalue().splitlines()]


def test_the_table_counts_what_emerged():
    runs = runs_of(4, lambda world, replicate: world["distress"] == 1 and replicate < 3)
    rows = shown(first_look.truth_table(runs))[1:]
    assert len(rows) == 8
    for row in rows:
        share = "75%" if "distress" in row else "0%"
        assert share in row.split()
        assert row.count("#") == (18 if "distress" in row else 0)


@pytest.mark.parametrize("count", range(1, 17))
def test_the_table_is_drawn_from_the_first_run_on(count):
    runs = runs_of(1, lambda *_: True)[:count]
    rows = shown(first_look.truth_table(runs))[1:]
    assert len(rows) == 8
    assert all(("100%" in row) == (count == 16) for row in rows)


def test_the_table_fits_a_narrow_terminal():
    rows = shown(first_look.truth_table(runs_of(2, lambda *_: True), wide=False), 40)
    words = " ".join(rows).split()
    assert {*first_look.SHOWN, "100%", "movement", "interval"} <= set(words)
    assert max(map(len, rows)) <= 40
