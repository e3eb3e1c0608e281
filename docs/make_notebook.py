"""Write the tutorial from_python.md as a notebook beside it, run, with its outputs.

.venv/bin/python -m docs.make_notebook
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

COMMAND = ".venv/bin/python -m docs.make_notebook"
TUTORIAL = Path(__file__).parent / "tutorials" / "from_python.md"
TARGET = TUTORIAL.with_suffix(".ipynb")
FENCE = re.compile(r"^```(?:python)?\n", re.MULTILINE)


def cells() -> list[nbformat.NotebookNode]:
    """Return a cell for each block of the tutorial and for each text between two blocks."""
    new = (nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell)
    parts = FENCE.split(TUTORIAL.read_text(encoding="utf-8"))
    found = [new[number % 2](part.strip()) for number, part in enumerate(parts) if part.strip()]
    for number, cell in enumerate(found):
        cell["id"] = f"cell-{number}"  # drawn ids would make every notebook another one
    return found


def run() -> nbformat.NotebookNode:
    """Return the notebook with the outputs of its cells; a cell that fails raises."""
    notebook = nbformat.v4.new_notebook(cells=cells())
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(notebook, timeout=600, resources=resources, record_timing=False)
        client.execute()
    notebook.metadata.pop("language_info", None)  # the version of Python
    return notebook


if __name__ == "__main__":
    nbformat.write(run(), TARGET)
