"""The notebook of the tutorials: the tutorial's own blocks, run, with what they print and draw."""

import nbformat
import pytest

from docs.make_notebook import COMMAND, TARGET, cells, run
from docs.site_hooks import shown

SMALL = 500_000  # bytes


def sources(notebook_cells):
    return [(cell.cell_type, cell.source) for cell in notebook_cells]


def printed(notebook):
    return [
        output.get("text") or output["data"].get("text/plain")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def test_the_notebook_is_what_the_tutorial_gives():
    kept = nbformat.read(TARGET, as_version=4)
    assert sources(kept.cells) == sources(cells()), f"out of date: run {COMMAND}"


def test_its_outputs_are_kept_and_small():
    kept = nbformat.read(TARGET, as_version=4)
    assert all(cell.outputs for cell in kept.cells if cell.cell_type == "code")
    assert str(kept).count("image/png") == 3
    assert TARGET.stat().st_size < SMALL


def test_the_site_shows_pictures_and_text():
    assert "```text\nrun\n```" in shown([{"text": ["run\n"]}])
    assert "data:image/png;base64,aa)" in shown(
        [{"data": {"image/png": "aa\n", "text/plain": "x"}}]
    )


@pytest.mark.slow
def test_the_notebook_runs_and_says_what_it_says():
    assert printed(run()) == printed(nbformat.read(TARGET, as_version=4))
