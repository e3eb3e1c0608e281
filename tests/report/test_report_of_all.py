"""The page of all results: every claim, every result with its answer, and what cannot be read."""

import json
import re
import shutil

import pandas as pd
import pytest
from PIL import Image

from experiments.claims.board import describe_effect, describe_verdict
from experiments.cli.main import main
from experiments.config.settings import compose
from experiments.execution.sweep import run_sweep
from experiments.report import index_page as of_all
from experiments.report.claims import claims_beside
from experiments.report.judged import ROBUSTNESS, Judged, read_claims
from experiments.report.result_page import five_lines, write_report
from experiments.store.layout import StoreError
from experiments.store.result import Result
from experiments.text import capitalised
from tests.pages import Reader
from tests.report.test_report import SMALL


def sweep(folder, *words):
    small = [f"{name}={value}" for name, value in SMALL.items()]
    run_sweep(compose([*small, *words, "workers=1", f"results_dir={folder}"]), progress=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A grid, an experiment, a result whose runs are damaged; and the pages of all."""
    path = tmp_path_factory.mktemp("results")
    sweep(path, "threat.base=0.1,0.6", "replicates=3", "name=mine")
    sweep(path, "experiment=framing", "scale=smoke", "replicates=2")
    sweep(path, "replicates=1", "name=broken")
    for part in (path / "broken" / "runs").glob("*.parquet"):
        part.write_bytes(b"no table")
    with pytest.raises(StoreError, match="damaged"):
        list(of_all.write_all(path))
    return path


def test_a_result_that_cannot_be_read_hides_no_other(folder):
    written = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    claims = sorted(f"claims/{claim.lower()}.html" for claim in read_claims())
    assert written == [*claims, "framing-smoke/report.html", "index.html", "mine/report.html"]
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert len(text) < 100_000  # it links to its figures
    page = Reader(text)
    assert "Results without a report" in page.headings
    assert "part-" in page.text.split("Results without a report")[-1]
    links = [load for load in page.loads if not load.startswith(("#", "data:"))]
    assert links
    assert all((folder / link).is_file() for link in links)
    jumps = [load[1:] for load in page.loads if load.startswith("#")]
    assert set(jumps) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_pages_share_the_tables_over_worlds_as_long_as_the_runs_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(Result, "runs", lambda self: pd.DataFrame({"part": [], "error": []}))
    file = tmp_path / "runs" / "part-00000-00001-0123abcd.parquet"
    file.parent.mkdir()
    file.touch()

    def tables():
        return Judged({ROBUSTNESS: Result(tmp_path)}).over_worlds

    first = tables()
    assert tables() is first
    file.rename(file.with_name("part-00000-00001-4567abcd.parquet"))
    assert tables() is not first


def test_an_error_in_one_report_costs_no_other_and_is_still_raised(folder, tmp_path, monkeypatch):
    for name in ("framing-smoke", "mine"):
        shutil.copytree(folder / name, tmp_path / name)

    def write(result):
        if result.name == "framing-smoke":
            raise KeyError("planted")
        return write_report(result)

    monkeypatch.setattr(of_all, "write_report", write)
    written = []
    with pytest.raises(ExceptionGroup, match="the report of framing-smoke failed") as raised:
        written.extend(of_all.write_all(tmp_path))
    assert raised.value.subgroup(KeyError)
    assert "momentum sweep" in (tmp_path / "mine" / "report.html").read_text(encoding="utf-8")
    page = Reader((tmp_path / "index.html").read_text(encoding="utf-8"))
    told = page.text.split("Results without a report")[-1]
    assert "the report of framing-smoke failed: KeyError: 'planted'" in told
    assert five_lines(Result(tmp_path / "mine"))[0] in page.text


def test_claims_come_first_each_with_what_is_known_of_it(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Reader(text)
    first = page.headings.index("The claims")
    assert first == 1
    assert page.text.count("exactly at the threshold") == 1
    for claim, about in read_claims().items():
        assert f"claims/{claim.lower()}.html" in page.loads
        own = Reader((folder / "claims" / f"{claim.lower()}.html").read_text(encoding="utf-8"))
        assert own.headings[0].startswith(f"{claim} {about['title']}")
        assert " ".join(about["statement"].split()) in own.text
        assert "../index.html" in own.loads
        assert all(load in own.ids for load in (x[1:] for x in own.loads if x.startswith("#")))
    assert "momentum sweep experiment=robustness" in page.text  # what is not run is said
    for name in ("mine", "framing-smoke"):
        answer, surprise, _ = five_lines(Result(folder / name))
        assert answer in page.text
        assert surprise in page.text
        command = json.loads((folder / name / "provenance.json").read_text())["command"]
        assert command in page.text


def test_the_page_of_a_claim_begins_with_what_came_out(folder):
    page = Reader((folder / "claims" / "c6.html").read_text(encoding="utf-8"))
    (row,) = claims_beside(folder).of_claim("C6").to_dict("records")
    assert page.headings[0] == f"C6 Framing: {describe_verdict(row)}"
    brief = page.text.split("How it was found")[0]
    assert f"At the default parameters. {capitalised(row['label'])}: " in brief
    assert describe_effect(row) in brief
    unrun = Reader((folder / "claims" / "c1.html").read_text(encoding="utf-8"))
    assert "Its experiment was not run here." in unrun.text


def test_figures_are_drawn_for_a_journal_beside_those_of_the_page(folder, capsys):
    result = folder / "mine"
    before = {path: path.read_bytes() for path in result.rglob("*") if path.is_file()}
    words = ["figures=paper", f"results_dir={folder}"]
    assert main(["report", "mine", *words]) == 0
    assert capsys.readouterr().out.rstrip().endswith("mine/paper")
    names = {path.stem for path in (result / "figures").glob("*.png")}
    assert names
    drawn = {path.name for path in (result / "paper").iterdir()}
    assert drawn == {f"{n}.{suffix}" for n in names for suffix in ("pdf", "svg", "png", "csv")}
    with Image.open(next((result / "paper").glob("*.png"))) as picture:
        assert picture.width == pytest.approx(174 / 25.4 * 600, abs=2)
    assert all(path.read_bytes() == content for path, content in before.items())
    shutil.rmtree(result / "paper")
    assert main(["report", *words]) == 2
    assert "of which result?" in capsys.readouterr().err
    assert main(["report", "mine", "figures=papr", words[1]]) == 2
    assert "figures=papr: report takes figures=paper" in capsys.readouterr().err


def test_the_order_is_that_of_the_experiments(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    titles = re.findall(r"<h2>(.*?)</h2>", text)
    assert titles.index("Framing (framing-smoke)") < titles.index("Mine")
