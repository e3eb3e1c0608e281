"""Every block of README, CONTRIBUTING and docs runs, page by page, in a copy of the project."""

import re

import pytest

from tests.blocks import (
    LANGUAGES,
    PAGES,
    ROOT,
    at_smoke_scale,
    blocks,
    copy_project,
    run_page,
    script_of,
)  # fmt: skip

TUTORIALS = ROOT / "docs" / "tutorials"
RUN = [page for page in PAGES if script_of(page) != "set -e"]


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("text", RUN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_runs(text, project):
    done = run_page(text, project)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_is_run_or_says_why_not(text):
    for block in blocks(text):
        assert block.language in LANGUAGES
        assert block.reason or block.language != "r"
        assert block.reason or block.file or block.language != "yaml"
        assert not (block.reason and text.parent == TUTORIALS), "all of a tutorial is run"


def test_every_tutorial_is_named_on_the_first_page():
    index = (TUTORIALS / "index.md").read_text("utf-8")
    pages = {page.name for page in TUTORIALS.glob("*.md")} - {"index.md"}
    assert set(re.findall(r"\]\((\w+\.md)\)", index)) == pages


def test_a_block_that_fails_would_be_found(project, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```bash\nmomentum run users.cuont=3\necho not reached\n```\n")
    done = run_page(page, project)
    assert done.returncode != 0
    assert "did you mean users.count" in done.stderr
    assert "not reached" not in done.stdout


def test_blocks_are_read(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "Text.\n\n    momentum list\n\n    momentum run\n\nMore.\n\n<!-- file: a.yaml -->\n\n"
        "```yaml\na: 1\n```\n\n<!-- not run: it needs R -->\n\n```r\nx <- 1\n```\n"
    )
    shell, data, r = blocks(page)
    assert shell.text.split("\n") == ["", "momentum list", "", "momentum run", "", ""]
    assert (data.text, data.file) == ("a: 1\n", "a.yaml")
    assert (r.language, r.reason) == ("r", "it needs R")
    assert "x <- 1" not in script_of(page)


def test_only_the_scale_of_a_command_is_replaced(tmp_path):
    (tmp_path / "cases-smoke").mkdir()
    swept = ["sweep", "experiment=cases", "scale=full", "seed=3"]
    assert at_smoke_scale(swept, tmp_path) == ["sweep", "experiment=cases", "seed=3", "scale=smoke"]
    assert at_smoke_scale(["sweep", "seed=1,2"], tmp_path) == ["sweep", "seed=1,2"]
    assert at_smoke_scale(["report", "cases"], tmp_path) == ["report", "cases-smoke"]
    assert at_smoke_scale(["report", "other"], tmp_path) == ["report", "other"]
