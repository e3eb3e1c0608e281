"""The verdict board and the claims in a report, from results whether there are many or none."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.effects import DEFINITIONS
from experiments.claims import board as boards
from experiments.claims import verdict as claims
from experiments.claims.board import ClaimKind
from experiments.claims.estimands import Estimand, Kind
from experiments.claims.robustness import CLAIM_COLUMNS
from experiments.figures import style, verdict_board
from experiments.report.claim_worlds import three_sets
from experiments.report.claims import all_claims_section
from experiments.report.document import Code
from experiments.report.gallery import Gallery
from experiments.report.judged import Judged, results_in
from tests.claims.test_claims import DIFFERENCE, planted
from tests.figures.test_figures import assert_tidy

CLAIMS = {
    "C0": {"title": "Planted"},
    "C1": {"title": "Null", "where": "on this record"},
    "C2": {"title": "Absent"},
}
KINDS = {"C0": ClaimKind.TESTABLE, "C1": ClaimKind.TESTABLE, "C2": ClaimKind.BUILT_IN}


def estimand(claim: str, **changes) -> Estimand:
    return Estimand(**{**dict(DIFFERENCE), "claim": claim, "part": claim, **changes})


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    runs = planted(0.2, 0.9, 400).assign(part="C0", value=0.0)
    null = runs.assign(part="C1")
    measured = {"outcome": "value", "kind": Kind.DIFFERENCE}
    of = [estimand("C0"), estimand("C0", name="second"), estimand("C1", **measured), estimand("C2")]
    return claims.effects_table(of, {"made_up": pd.concat([runs, null])})


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    shares = {"above": 0.6, "above_low": 0.5, "above_high": 0.7}
    shares |= {"below": 0.1, "below_low": 0.05, "below_high": 0.15}
    worlds = [{"claim": claim, "worlds": 200} | shares for claim in ("C0", "C1")]
    return pd.DataFrame(worlds, columns=CLAIM_COLUMNS)


@pytest.fixture(scope="module")
def table(effects, shares) -> pd.DataFrame:
    return boards.board(effects, shares, CLAIMS, KINDS)


def test_a_row_for_each_effect_that_decides(table):
    assert table["claim"].tolist() == ["C0", "C0", "C1", "C2"]
    assert table["verdict"].tolist() == ["supported"] * 2 + ["no material effect", "not run"]
    assert table.loc[table["claim"] == "C0", "emerged_200"].tolist() == ["supported"] * 2
    assert table.loc[table["claim"] == "C1", "emerged_200"].tolist() == [""]
    assert table["above"].tolist()[:3] == [0.6] * 3
    assert math.isnan(table["above"].iloc[3])
    assert table["kind"].tolist() == ["testable"] * 3 + ["built in"]


def test_a_verdict_is_given_for_testable_claims_only_and_says_of_what(table):
    said = boards.describe_verdict
    assert said(table.iloc[0]) == "supported"
    assert said(table.iloc[2]) == "no material effect on this record"
    built_in = table.iloc[0].to_dict() | {"kind": "built in"}
    assert said(built_in) == "no verdict (built in)"
    assert said(built_in | {"verdict": "not run"}) == "not run"
    assert said(built_in | {"kind": str(ClaimKind.UNKNOWN)}) == "supported"


@pytest.mark.parametrize(
    ("unit", "described"),
    [
        ("share", "+30 points [0 to +48]"),
        ("factor", "× 2.00 [1.00 to 3.00]"),
        ("ratio", "× 2.00 [1.00 to 3.00]"),
        ("cost", "+0.30 [0.00 to +0.48]"),
        ("level", "+0.30 [0.00 to +0.48]"),
        ("part", "30 % [0 to 48]"),
    ],
)
def test_an_effect_is_described_in_its_unit(unit, described):
    line = {"effect": 0.30103, "low": 0.0, "high": 0.47712, "unit": unit}
    assert boards.describe_effect(line) == described


def test_the_board_in_words_has_every_claim_with_its_numbers(table):
    told = verdict_board.draw(table).get_label()
    assert told.startswith(
        "3 claims: 1 supported, 1 no material effect on this record and 1 not run"
    )
    for claim, rows in table.groupby("claim"):
        assert f"{claim} {CLAIMS[claim]['title']}: {rows['verdict'].iloc[0]}" in told
    assert boards.describe_effect(table.iloc[0]) in told
    assert "it holds in 60 % [50 to 70] of worlds" in told


def test_the_board_as_markdown_has_a_row_a_claim(table):
    lines = boards.markdown(table).splitlines()
    assert len(lines) == 2 + 3 + 2
    assert {line.count("|") for line in lines[:5]} == {9}
    assert "momentum calibrate case=buytwitter" in lines[-1]
    assert "| C0 planted | testable | **supported** |" in lines[2]
    assert "60 % [50 to 70]" in lines[2]
    assert "| C2 absent | built in | **not run** | – | – | – | – | – |" in lines[4]


@pytest.fixture(scope="module")
def both_sets(effects, shares) -> pd.DataFrame:
    """Return the board with worlds not ruled out, in which claims hold in 10 % of worlds."""
    left = shares.assign(
        worlds=150, above=0.1, above_low=0.05, above_high=0.2, below=0.3, below_low=0.2,
        below_high=0.4,
    )  # fmt: skip
    return boards.board(effects, shares, CLAIMS, KINDS, left)


def test_worlds_not_ruled_out_stand_beside_all_ranges(both_sets):
    lines = boards.markdown(both_sets).splitlines()
    assert len(lines) == 2 + 3
    assert "60 % [50 to 70] | 10 % [5 to 15] | 10 % [5 to 20] | 30 % [20 to 40] |" in lines[2]
    figure = verdict_board.draw(both_sets)
    titles = [axes.get_title(loc="left").replace("\n", " ") for axes in figure.axes[1:3]]
    assert titles == ["all ranges", "not ruled out"]
    heads = figure.axes[3].get_xticklabels()
    assert [head.get_visible() for head in heads] == [True] * len(DEFINITIONS)
    assert _bars(figure) == 2 * 3 * 2
    assert_tidy(figure)
    assert "that the facts do not rule out it holds in 10 %" in (
        verdict_board.draw(both_sets).get_label()
    )
    headline = verdict_board.worlds_headline(both_sets, boards.OF_CALIBRATED)
    assert headline.endswith("holds in more than half of the worlds not ruled out")
    told = verdict_board.draw_worlds(both_sets, boards.OF_CALIBRATED).get_label()
    assert "C0 Planted holds in 10 % [5 to 20] of the worlds" in told


def test_the_report_has_three_sets_of_worlds_or_the_commands_that_make_them(table, both_sets):
    judged = Judged({})
    judged.__dict__["board"] = table
    (_, commands) = three_sets(judged)
    assert commands.text.splitlines() == list(boards.TO_CALIBRATE)
    judged.__dict__["board"] = both_sets
    judged.__dict__["deciding"] = lambda branch: None
    (sets,) = three_sets(judged)
    planted, _, absent = sets.rows
    assert planted[1:4] == ("supported", "60 % [50 to 70]", "10 % [5 to 20]")
    assert planted[4] == "less often"
    assert absent[1:] == ("not run", "–", "–", "")


def test_the_board_is_drawn_with_what_there_is(table):
    figure = verdict_board.draw(table)
    rows = [name.get_text().replace("\n", " ") for name in figure.axes[0].get_yticklabels()]
    assert {"C0 Planted: supported", "C2 Absent: not run"} < {*rows}
    assert len(rows) == len(table) + table["claim"].nunique()
    assert any(text.get_text().strip() == "not run" for text in figure.axes[1].texts)
    assert_tidy(figure)
    assert _bars(figure) == 3 * 2  # of two claims
    places = {line.get_xdata()[0] for line in figure.axes[2].lines}
    assert places == {i for i, name in enumerate(DEFINITIONS) if table[name].any()}
    with style.paper(style.COLUMN):
        assert_tidy(verdict_board.draw(table))
    without = {name: np.nan for name in table if name.startswith(("above", "below"))}
    assert _bars(verdict_board.draw(table.assign(**without))) == 0
    drawn = style.to_svg(verdict_board.draw(table))
    assert drawn == style.to_svg(verdict_board.draw(table))


def test_the_headline_counts_testable_claims_whose_whole_interval_is_above_half(table):
    headline = verdict_board.worlds_headline
    none = "None of 2 testable claims holds in more than half of the plausible worlds"
    assert headline(table) == none
    surely = table.assign(above_low=table["above_low"] + 0.01)
    both = "2 of 2 testable claims hold in more than half of the plausible worlds: C0 and C1"
    assert headline(surely) == both
    built_in = surely.assign(kind=["built in", "built in", "testable", "built in"])
    one = "1 of 1 testable claim holds in more than half of the plausible worlds: C1"
    assert headline(built_in) == one
    assert verdict_board.is_known(table)
    assert not verdict_board.is_known(table.assign(above=np.nan))


def test_the_shares_of_worlds_are_drawn_a_bar_a_claim(table):
    figure = verdict_board.draw_worlds(table)
    (axes,) = figure.axes
    rows = [name.get_text().replace("\n", " ") for name in axes.get_yticklabels()]
    assert rows == [
        "C0 Planted: 60 % [50 to 70]", "C1 Null: 60 % [50 to 70]", "C2 Absent: – (built in)",
    ]  # fmt: skip
    assert _bars(figure) == 3 * 2
    assert_tidy(figure)
    told = verdict_board.draw_worlds(table).get_label()
    assert "C0 Planted holds in 60 % [50 to 70] of the worlds" in told
    with style.paper(style.COLUMN):
        assert_tidy(verdict_board.draw_worlds(table))


def _bars(figure) -> int:
    return sum(len(bars) for axes in figure.axes for bars in axes.containers)


def test_without_results_the_report_says_what_to_run(tmp_path):
    judged = Judged({})
    section = all_claims_section(judged, Gallery(tmp_path))
    (commands,) = (part.text for part in section.parts if isinstance(part, Code))
    assert commands.splitlines() == [f"momentum sweep experiment={n}" for n in judged.missing]
    assert (tmp_path / "figures" / "verdict_board.csv").is_file()
    assert set(judged.board["verdict"]) == {"not run"}
    assert set(judged.board["claim"].str.rstrip("ab")) == {f"C{i}" for i in range(1, 11)}
    assert results_in([tmp_path]) == {}


def test_the_looks_of_verdicts_differ_without_colour():
    looks = [(marker, filled) for _, marker, filled in verdict_board.VERDICTS.values()]
    assert len(set(looks)) == len(looks)
    assert list(verdict_board.HEADS) == list(DEFINITIONS)


def test_what_came_out_is_written_between_marks(table, tmp_path):
    from docs.make_verdicts import between_marks, contents

    path = tmp_path / "verdict_board.csv"
    table.to_csv(path, index=False)
    given = contents(path)
    assert given["verdicts"] == f"\n{boards.markdown(table)}"
    assert given["worlds"] == verdict_board.worlds_headline(table)
    marked = "before <!-- worlds: begin -->old<!-- worlds: end --> after"
    text = between_marks(marked, "worlds", "new")
    assert text == "before <!-- worlds: begin -->new<!-- worlds: end --> after"
    with pytest.raises(ValueError, match="where the worlds are to be"):
        between_marks("no marks", "worlds", "new")


def test_the_pages_have_the_marks_of_what_is_written_into_them():
    from docs.make_verdicts import PAGES, between_marks

    for page, names in PAGES.items():
        for name in names:
            assert "testable claim" in page.read_text("utf-8") or name == "verdicts"
            between_marks(page.read_text("utf-8"), name, "")
