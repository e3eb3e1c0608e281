"""Results side by side: the intervals, which points agree, what is not valid, the page."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from experiments.analysis import comparison
from experiments.analysis.comparison import emergence, grades, outcomes
from experiments.analysis.intervals import (
    Estimate,
    independent_difference,
    paired_difference,
    wilson,
)
from experiments.cli.completion import completions
from experiments.cli.main import main
from experiments.comparison.compare import Comparison, Weight, answer, differing, doubts
from experiments.comparison.match import Side, match, weeks
from experiments.comparison.page import default_name, document_of
from experiments.comparison.sides import read_sides
from experiments.execution.sweep import run_sweep
from experiments.report.gallery import Gallery
from experiments.store.catalog import find
from experiments.store.layout import StoreError
from experiments.store.result import Result
from experiments.store.summary import read_summary, write_summary
from sim.columns import label
from sim.parameters import Parameters
from tests.documents import text_of
from tests.pages import read
from tests.sweeps import SMALL, settings

COST, THREAT = "participation.cost_mean", "threat.base"
BASE = Parameters().flat()


def made_up(name, shares, seeds=range(7, 107), **changed):
    """Return a side with a point a cost, and at each as many movements as asked for."""
    rows = [
        {
            "part": "grid", "point": point, COST: cost, "replicate": i, "seed": seed,
            "emerged": i < share * len(seeds), "peak_share": 0.1 + 0.01 * point + 0.001 * (i % 5),
            "grade": "movement" if i < share * len(seeds) else "dormant", "error": "",
        }
        for point, (cost, share) in enumerate(shares.items())
        for i, seed in enumerate(seeds)
    ]  # fmt: skip
    side = Side(name, BASE, pd.DataFrame(rows), pd.DataFrame(), planned=len(rows), model="m")
    return replace(side, **changed)


@pytest.mark.parametrize(("a", "n", "b", "m"), [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20)])
def test_the_unpaired_interval_of_shares_is_newcombes(a, n, b, m):
    found = independent_difference(
        *(Estimate(k / of, *map(float, wilson(k, of))) for k, of in ((a, n), (b, m)))
    )
    expected = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    assert found == pytest.approx((a / n - b / m, *expected))


def test_a_point_is_compared_within_its_seeds():
    matched = match([made_up("a", {1.0: 0.2}), made_up("b", {1.0: 0.5})])[0]
    row = emergence(matched, []).iloc[1]
    expected = paired_difference(np.arange(100) < 50, np.arange(100) < 20)
    assert row[["difference", "difference_low", "difference_high"]].tolist() == list(expected)
    assert row["pairs"] == 100


def test_without_common_seeds_the_intervals_are_combined():
    other = made_up("b", {1.0: 0.5}, seeds=range(1000, 1040))
    matched = match([made_up("a", {1.0: 0.2}), other])[0]
    row = emergence(matched, []).iloc[1]
    low, high = confint_proportions_2indep(20, 40, 20, 100, method="newcomb", compare="diff")
    assert row["difference_low"] == pytest.approx(low)
    assert row["difference_high"] == pytest.approx(high)
    assert row["pairs"] == 0


def test_only_the_points_and_the_seeds_that_agree_are_compared():
    first = made_up("a", {0.5: 1.0, 1.0: 0.2})
    other = made_up("b", {1.0: 0.5, 2.0: 0.0}, seeds=range(7, 67))
    matched = match([first, other])[0]
    assert matched.points == 1
    assert set(matched.runs[COST]) == {1.0}
    assert matched.runs.groupby("label")["seed"].agg(["min", "max"]).to_numpy().tolist() == [
        [7, 66],
        [7, 66],
    ]
    fixed = replace(made_up("c", {1.0: 0.4}), base={**BASE, THREAT: 0.6})
    assert match([first, fixed])[0].points == 1  # what is fixed differently is the question
    odd = fixed.runs["seed"] % 2
    two = fixed.runs.assign(point=odd, **{THREAT: np.where(odd, 0.6, 0.7)})
    assert match([first, replace(fixed, runs=two)])[0].points == 0


def test_a_difference_over_points_is_taken_within_the_seed():
    shares = {0.5: 0.9, 1.0: 0.3, 1.5: 0.1}
    matched = match([made_up("a", shares), made_up("b", {c: s + 0.1 for c, s in shares.items()})])
    row = emergence(matched[0], []).iloc[1]
    assert row["difference"] == pytest.approx(0.1)
    assert 0 < row["difference_low"] < 0.1 < row["difference_high"] < 0.2
    each = emergence(matched[0], [COST])
    assert each["difference"].dropna().tolist() == pytest.approx([0.1] * 3)


def test_what_is_the_same_in_all_runs_has_an_interval_in_a_point_but_no_row_among_outcomes():
    matched = match([made_up("a", {1.0: 0.0}), made_up("b", {1.0: 0.0})])[0]
    assert "emerged" not in set(outcomes(matched)["outcome"])
    row = emergence(matched, []).iloc[1]
    assert row["difference"] == 0
    assert row["difference_low"] < 0 < row["difference_high"]


def test_grades_of_a_side_add_up():
    table = grades(match([made_up("a", {1.0: 0.2}), made_up("b", {1.0: 0.5})])[0])
    assert table.groupby("label")["mean"].sum().tolist() == pytest.approx([1, 1])
    assert table.set_index(["label", "grade"])["mean"]["b", "movement"] == 0.5


def texts(sides, weight):
    return [d.text for d in doubts(sides, match(sides)) if d.weight is weight]


def test_what_is_no_valid_comparison_is_said():
    first = made_up("a", {1.0: 0.2})
    fine = [first, made_up("b", {1.0: 0.5})]
    assert doubts(fine, match(fine)) == []
    for changed, word in (
        ({"model": "other"}, "different code of the model"),
        ({"base": {**BASE, "horizon": 52}}, "observed for different times"),
        ({"base": {**BASE, "emergence.organisers": 50.0}}, "what counts as a movement"),
    ):
        found = texts([first, made_up("b", {1.0: 0.5}, **changed)], Weight.INVALID)
        assert len(found) == 1
        assert word in found[0]
    found = texts([made_up("a", {1.0: 0.2, 1.5: 0}), made_up("b", {2.0: 0.5})], Weight.INVALID)
    assert len(found) == 1
    assert f"{label(COST)} is 1, 1.5 in a and 2 in b" in found[0]
    found = texts([first, made_up("b", {1.0: 0.5}, planned=300)], Weight.PROVISIONAL)
    assert found == ["b is incomplete, 100 of 300 runs"]
    found = texts([first, made_up("b", {1.0: 0.5}, seeds=range(200, 300))], Weight.NOTE)
    assert "do not share their luck (seeds 200 to 299 and 7 to 106)" in found[0]


def test_a_condition_of_another_meaning_is_no_axis_and_is_said():
    def with_condition(name, value):
        side = made_up(name, {1.0: 0.2, 2.0: 0.4})
        on = (side.runs["point"] == 1).astype(int)
        runs = side.runs.assign(**{"condition.dear": on, COST: np.where(on, value, 0.5)})
        return replace(
            side, runs=runs, conditions={"dear": {False: {COST: 0.5}, True: {COST: value}}}
        )

    same = [with_condition("a", 2.0), with_condition("b", 2.0)]
    assert match(same)[0].axes == ["condition.dear"]
    assert match(same)[0].points == 2
    other = [with_condition("a", 2.0), with_condition("b", 3.0)]
    assert match(other)[0].points == 1  # where it is off
    assert any("“dear” means other values" in text for text in texts(other, Weight.INVALID))


def test_set_ups_are_told_where_they_differ():
    other = made_up("b", {1.0: 0.5, 2.0: 0.1}, base={**BASE, THREAT: 0.6}, commit="abc")
    table = differing([made_up("a", {1.0: 0.2}), other]).set_index("what")
    assert table.loc[label(THREAT)].tolist() == [f"{BASE[THREAT]:g}", "0.6"]
    assert table.loc[label(COST)].tolist() == ["1", "1, 2"]
    assert set(table.index) == {label(THREAT), label(COST), "points", "runs", "commit"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    small = {**SMALL, "users.count": 100}
    for name, more in (("low", {}), ("high", {"dissatisfaction.base": 0.5})):
        parameters = Parameters.from_dict({**small, **more})
        resolved = {"parameters": {**small, **more}}
        given = {"name": name, "parameters": parameters, "resolved": resolved}
        run_sweep(settings(folder, record_weekly=True, replicates=4, **given), progress=False)
    (folder / "published" / "low").mkdir(parents=True)
    write_summary(Result(folder / "low"), folder / "published" / "low" / "summary.parquet")
    for seed in (7, 8):
        command = ["run", "users.count=100", "horizon=60", f"seed={seed}", f"results_dir={folder}"]
        assert main([*command, f"name=seed{seed}"]) == 0
    return folder


def test_the_page_says_what_differs_and_repeats(folder, capsys):
    assert main(["compare", "low", "high", f"results_dir={folder}"]) == 0
    printed = capsys.readouterr().out
    assert "shared points; 4 seeds, paired" in printed
    made = folder / "compare-low-high"
    assert f"The page: {made / 'report.html'}" in printed
    page = read(made / "report.html")
    assert label("dissatisfaction.base") in page.text
    assert f"momentum compare low high results_dir={folder}" in page.text
    drawn = {path.stem for path in (made / "figures").glob("*.svg")}
    assert {"emergence", "outcomes", "grades", "weeks"} == drawn
    assert all((made / "figures" / f"{name}.csv").is_file() for name in drawn)
    source = json.loads((made / "provenance.json").read_text())
    assert [side["name"] for side in source["compared"]] == ["low", "high"]


def test_single_runs_are_laid_over_each_other(folder, tmp_path):
    both = Comparison(read_sides(["seed7", "runs/seed8"], folder))
    assert list(document_of(both, Gallery(tmp_path), "").figures) == ["weeks"]
    table = weeks(both.sides, both.shared[0])
    weekly = pd.read_csv(folder / "runs" / "seed8" / "weekly.csv")
    own = table[(table["label"] == "runs/seed8") & (table["column"] == "price")]
    assert own["middle"].tolist() == pytest.approx(weekly["price"].tolist())
    assert any("may be luck" in doubt.text for doubt in both.doubts)


def test_a_comparison_of_the_same_name_is_replaced(folder):
    command = ["compare", "seed7", "seed8", f"results_dir={folder}", "name=luck"]
    assert main(command) == 0
    (folder / "luck" / "left").touch()
    assert main(command) == 0
    assert {p.name for p in (folder / "luck").iterdir()} == {
        "report.json", "report.html", "figures", "provenance.json", "ro-crate-metadata.json",
    }  # fmt: skip
    assert not list(folder.glob(".luck*"))


def test_a_published_summary_is_compared_like_the_sweep_it_comes_from(folder):
    both = Comparison(read_sides(["low", "published/low"], folder))
    assert both.sides[1].name == "published/low"
    assert not [d for d in both.doubts if d.weight is Weight.INVALID]
    row = emergence(both.shared[0], []).iloc[1]
    assert row["difference"] == 0
    assert row["pairs"] == 4
    about, runs = read_summary(folder / "published" / "low" / "summary.parquet")
    whole = Result(folder / "low").runs()
    assert about["planned"] == len(runs) == len(whole)
    assert (runs["emerged"] == whole["emerged"]).all()
    assert np.abs(runs["peak_share"] - whole["peak_share"]).max() < 1e-4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "what to compare? give two or more results"),
        (["low"], "with what to compare low? give two or more results; there are high"),
        (["low", "low"], "low and low are the same result"),
        (["low", "hihg"], "did you mean high?"),
        (["low", "sed7"], "did you mean runs/seed7?"),
        (["low", "high", "name=runs"], "name=runs: this folder of results has another use"),
        (["low", "high", "name="], "a name is letters"),
        (["low", "high", "name=low"], "holds something that is not a comparison"),
        (["low", "--fast"], "unknown option --fast"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(folder, capsys, words, said):
    assert main(["compare", *words, f"results_dir={folder}"]) != 0
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert (folder / "low" / "design.json").is_file()


def test_no_more_sides_than_can_be_told_apart():
    sides = [made_up(str(i), {1.0: 0.2}) for i in range(7)]
    with pytest.raises(StoreError, match="7 results: compare takes 2 to 6"):
        Comparison(sides)


def test_without_shared_points_each_is_told_by_itself(tmp_path):
    both = Comparison([made_up("a", {1.0: 0.1, 1.5: 0.3}), made_up("b", {2.0: 0.5})])
    told = answer(both)
    assert told[0].startswith("Not valid as a comparison")
    assert told[1:] == [
        "By itself: a movement emerges in 20 % of 200 runs of “a”.",
        "By itself: a movement emerges in 50 % of 100 runs of “b”.",
    ]
    assert document_of(both, Gallery(tmp_path), "").figures == {}


def test_names(folder):
    sides = [made_up("published/a", {1.0: 0.2}), made_up("b", {1.0: 0.2})]
    assert default_name(sides) == "compare-published-a-b"
    assert find(str(folder / "low"), folder) == folder / "low"
    line = f"momentum compare results_dir={folder} low "
    assert "high" in completions(line)
    assert "low" not in completions(line)
    assert completions(f"{line}runs/seed7 runs/s") == ["runs/seed8"]


def test_every_outcome_compared_is_a_share():
    table = outcomes(match([made_up("a", {1.0: 0.2}), made_up("b", {1.0: 0.5})])[0])
    assert table["mean"].between(-1, 1).all()
    assert set(comparison.COLUMNS) < set(table)


def test_a_page_without_runs_is_no_side(folder, capsys):
    (folder / "published" / "old").mkdir(exist_ok=True)
    (folder / "published" / "old" / "report.html").write_text("")
    assert main(["compare", "low", "published/old", f"results_dir={folder}"]) == 2
    assert "holds a page but no runs to compare" in capsys.readouterr().err


def test_results_are_told_by_the_names_they_were_given(folder):
    names = ["high", "published/low"]
    assert [side.name for side in read_sides(names, folder)] == names
    paths = [str((folder / name).resolve()) for name in names]
    assert [side.name for side in read_sides(paths, folder)] == ["high", "low"]


def test_a_comparison_is_no_result_to_compare(folder, capsys):
    where = f"results_dir={folder}"
    assert main(["compare", "low", "high", "name=both", where]) == 0
    capsys.readouterr()
    assert main(["compare", "low", "both", where]) == 2
    said = capsys.readouterr().err
    assert "both is a comparison" in said
    assert "low and high" in said


@pytest.mark.parametrize("seeds", [range(7, 107), [7], [500]])
@pytest.mark.parametrize("costs", [[1.0], [1.0, 2.0], [3.0]])
def test_every_pair_has_a_page(tmp_path, costs, seeds):
    """Also of a single run and a sweep, whose intervals may be infinite, and without a point."""
    both = Comparison(
        [made_up("a", {1.0: 0.2, 2.0: 0.4}), made_up("b", dict.fromkeys(costs, 1.0), seeds)]
    )
    document = document_of(both, Gallery(tmp_path), "momentum compare a b")
    assert "nan" not in text_of(document).split()
    assert bool(document.figures) is bool(both.shared)
