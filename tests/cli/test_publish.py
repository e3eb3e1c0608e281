"""What is published: small, whole, remade by one command, and nothing else is touched."""

import shutil

import pytest

from experiments.cli import publish as publishing
from experiments.cli.main import main
from experiments.cli.publish import keep, publish, publish_all
from experiments.comparison.compare import Comparison, Weight, answer
from experiments.comparison.sides import read_sides
from experiments.store.layout import StoreError
from experiments.store.result import Result
from tests.pages import read

TINY = """\
name: tiny
question: Does what taking part costs matter?
parts:
  - {name: costs, design: grid, grid: {participation.cost_mean: [0.3, 1.2]}}
replicates: 3
base: {users.count: 60, horizon: 60, movement.launch_week: 10}
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tried")
    (folder / "conf" / "experiment").mkdir(parents=True)
    (folder / "conf" / "experiment" / "tiny.yaml").write_text(TINY)
    words = ["tiny", "-cd", str(folder / "conf"), f"results_dir={folder / 'results'}", "workers=1"]
    article = folder / "results" / "published" / "explorer.html"
    article.parent.mkdir(parents=True)
    article.write_text("<title>The model in one page</title>")
    assert main(words, publish_all) == 0
    return folder / "results", words


def test_publishes_the_report_its_figures_and_a_summary_but_not_the_runs(tried):
    results, _ = tried
    folder = results / "published" / "tiny"
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "config.yaml", "provenance.json", "summary.parquet", "figures"} <= names
    assert not names & {"runs", "design.json", "lock"}
    drawn = {path.name for path in (folder / "figures").iterdir()}
    made = {path.name for path in (results / "tiny" / "figures").iterdir()}
    assert drawn == {name for name in made if not name.endswith(".svg")}
    page = read(folder / "report.html", linked=True)
    assert "Does what taking part costs matter?" in page.text
    linked = {load for load in page.loads if load.startswith("figures/")}
    assert linked == {f"figures/{name}" for name in drawn}  # so that nothing is kept twice
    assert not [load for load in page.loads if load.startswith("data:") and len(load) > 100]
    png = next((folder / "figures").glob("*.png"))
    assert 0 < png.stat().st_size < (results / "tiny" / "figures" / png.name).stat().st_size
    index = (results / "published" / "index.html").read_text()
    assert 'href="tiny/report.html"' in index
    assert 'href="claims/c1.html"' in index
    assert 'href="explorer.html"' in index
    assert 'href="published/explorer.html"' in (results / "index.html").read_text()
    assert (results / "published" / "claims" / "c1.html").is_file()
    readme = (results / "published" / "README.md").read_text()
    row = next(
        line for line in readme.splitlines() if line.startswith("| `tiny` | `momentum sweep")
    )
    assert "experiment=tiny" in row
    assert "`momentum report tiny`" in row


def test_what_is_published_compares_as_the_same(tried):
    results, _ = tried
    both = Comparison(read_sides(["tiny", "published/tiny"], results))
    assert [side.name for side in both.sides] == ["tiny", "published/tiny"]
    assert not [doubt for doubt in both.doubts if doubt.weight is Weight.INVALID]
    assert "Every run that they share came out the same." in answer(both)


def test_goes_on_where_it_was_and_says_what_it_will_take(tried, capsys):
    _, words = tried
    assert main([*words, "--dry-run"], publish_all) == 0
    printed = capsys.readouterr().out
    assert printed == "tiny: 0 runs to do, all there\nin all about 0 s, and the reports\n"
    assert main([*words, "replicates=4"], publish_all) == 0
    assert "tiny: 2 runs to do" in capsys.readouterr().out


def test_a_changed_world_is_run_afresh_and_the_old_runs_are_kept(tried, tmp_path):
    results, words = tried
    shutil.copytree(results / "tiny", tmp_path / "tiny")
    moved = [text for text in words if not text.startswith("results_dir=")]
    assert main([*moved, f"results_dir={tmp_path}", "threat.base=0.5"], publish_all) == 0
    assert Result(tmp_path / "tiny").design.parameters["threat.base"] == 0.5
    assert len(list(tmp_path.glob("tiny.old-*"))) == 1


def test_what_is_not_complete_or_not_there_is_refused(tried, tmp_path, capsys):
    results, words = tried
    copy = tmp_path / "tiny"
    shutil.copytree(results / "tiny", copy)
    text = (copy / "provenance.json").read_text()
    (copy / "provenance.json").write_text(text.replace('"complete": true', '"complete": false'))
    with pytest.raises(StoreError, match="is not complete"):
        publish(tmp_path, ["tiny"])
    assert not (tmp_path / "published").exists()
    assert main(["tiyn", *words[1:]], publish_all) == 2
    assert "did you mean tiny?" in capsys.readouterr().err


def test_all_that_is_published_has_a_largest_size(tried, monkeypatch, capsys):
    results, words = tried
    files = [path for path in (results / "published").rglob("*") if path.is_file()]
    monkeypatch.setattr(publishing, "LARGEST", sum(path.stat().st_size for path in files) // 2)
    assert main(words, publish_all) != 0
    assert "is larger than" in capsys.readouterr().err


def test_drawings_are_left_out_whose_picture_is_there(tried, tmp_path):
    results, _ = tried
    copy = tmp_path / "tiny"
    shutil.copytree(results / "tiny", copy)
    drawing = next((copy / "figures").glob("*.svg"))
    kept = keep(copy, tmp_path / "published") / "figures"
    assert not (kept / drawing.name).exists()
    assert (kept / drawing.with_suffix(".png").name).is_file()


def test_no_path_of_this_machine_is_published(tried, tmp_path):
    results, _ = tried
    copy = tmp_path / "elsewhere" / "tiny"
    shutil.copytree(results / "tiny", copy)
    config = copy / "config.yaml"
    worlds = copy.parent / "calibrate-x" / "calibrated.parquet"
    said = config.read_text(encoding="utf-8")
    config.write_text(said.replace("worlds: null", f"worlds: {worlds}"), encoding="utf-8")
    kept = keep(copy, copy.parent / "published") / "config.yaml"
    assert "worlds: results/calibrate-x/calibrated.parquet" in kept.read_text(encoding="utf-8")
    assert str(tmp_path) not in kept.read_text(encoding="utf-8")
