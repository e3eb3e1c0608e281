"""Every block of the tutorials runs, in order, in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "tutorials"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "index.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = ("sim", "experiments", "momentum", "view", "conf", "docs", "tests")


def blocks(page):
    """Return the language and text of each block; a block that is not run is not in a tutorial."""
    found = BLOCK.findall(page.read_text("utf-8"))
    assert found
    assert {language for language, _ in found} <= {"bash", "python"}, page
    return found


def script_of(page):
    """Return a shell script of all blocks; those in Python share their names, as in a notebook."""
    lines, cells = ["set -e"], ""
    for language, text in blocks(page):
        if language == "python":
            cells += text
            lines.append(f"cat > cells.py <<'END_OF_CELLS'\n{cells}END_OF_CELLS\npython cells.py")
        else:
            lines.append(text)
    return "\n".join(lines)


@pytest.fixture
def project(tmp_path):
    """A copy of the project, with commands that use it."""
    copy = tmp_path / "project"
    for name in NEEDED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in (("momentum", "-m experiments "), ("python", "")):
        command = commands / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        command.chmod(0o755)
    return copy, f"{commands}{os.pathsep}{os.environ['PATH']}"


def run(page, project):
    folder, path = project
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder), "MPLBACKEND": "Agg"}
    return subprocess.run(
        ["bash", "-c", script_of(page)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("tutorial", PAGES, ids=lambda path: path.stem)
def test_a_tutorial_runs(tutorial, project):
    done = run(tutorial, project)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


def test_every_tutorial_is_named_on_the_first_page():
    index = (FOLDER / "index.md").read_text("utf-8")
    assert set(re.findall(r"\]\((\w+\.md)\)", index)) == {page.name for page in PAGES}


def test_a_block_that_fails_would_be_found(project, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```bash\nmomentum run users.cuont=3\necho not reached\n```\n")
    done = run(page, project)
    assert done.returncode != 0
    assert "did you mean users.count" in done.stderr
    assert "not reached" not in done.stdout
