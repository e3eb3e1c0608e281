"""The blocks of the documentation, and the way in which they are run in a copy of the project.

A page is run from its first block to its last. Blocks of shell and Python are run; a block of YAML
is written to the file that a comment before it names (``<!-- file: PATH -->``). A block that cannot
be run says why in such a comment (``<!-- not run: REASON -->``). As a program, this file stands in
for the command ``momentum``: it takes the smoke scale, and a server it stops once it has started.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "decisions"),
]
NEEDED = ("sim", "experiments", "momentum", "view", "explorer", "conf", "docs", "tests")
LANGUAGES = {"bash", "python", "yaml", "r", "text"}
BLOCK = re.compile(
    r"^(?:<!-- (?P<key>file|not run): (?P<value>[^\n]*?) -->\n\n?)?"
    r"(?:```(?P<language>\w*)\n(?P<fenced>.*?)^```$|(?P<indented>(?:(?:    [^\n]*)?\n)+))",
    re.MULTILINE | re.DOTALL,
)
SCALED = ("advise", "calibrate", "patterns")
"""Commands that have a scale, beside sweeps of an experiment."""


@dataclass(frozen=True)
class Block:
    """A block: its language and text, the file that it is written to, and why it is not run."""

    language: str
    text: str
    file: str = ""
    reason: str = ""


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order; an indented one is shell."""
    found = []
    for match in BLOCK.finditer(page.read_text("utf-8")):
        mark = {match["key"]: match["value"]}
        text, language = match["fenced"], match["language"]
        if text is None:
            text, language = re.sub(r"^    ", "", match["indented"], flags=re.MULTILINE), "bash"
        if text.strip():
            found.append(
                Block(language or "text", text, mark.get("file", ""), mark.get("not run", ""))
            )
    return found


def script_of(page: Path) -> str:
    """Return a shell script of all blocks; those in Python share their names, as in a notebook."""
    lines, cells = ["set -e"], ""
    for block in blocks(page):
        if block.reason or block.language == "text":
            continue
        if block.language == "python":
            cells += block.text
            lines.append(f"cat > cells.py <<'END_OF_CELLS'\n{cells}END_OF_CELLS\npython cells.py")
        elif block.language == "yaml":
            lines.append(f'mkdir -p "$(dirname {block.file})"')
            lines.append(f"cat >> {block.file} <<'END_OF_FILE'\n{block.text}END_OF_FILE")
        else:
            lines.append(block.text)
    return "\n".join(lines)


def copy_project(folder: Path) -> Path:
    """Return a copy of the project in a folder, with commands in its .venv that use it."""
    copy = folder / "project"
    for name in NEEDED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    commands = copy / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "activate").touch()
    for name, words in (("momentum", "-m tests.blocks "), ("python", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        (commands / name).chmod(0o755)
    return copy


def run_page(page: Path, project: Path) -> subprocess.CompletedProcess[str]:
    """Run the blocks of a page in a copy of the project."""
    path = f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONPATH": str(project), "MPLBACKEND": "Agg"}
    return subprocess.run(
        ["bash", "-c", script_of(page)],
        cwd=project, env=os.environ | environment, capture_output=True, text=True, timeout=900,
        check=False,
    )  # fmt: skip


def at_smoke_scale(words: list[str], results: Path) -> list[str]:
    """Return a command with the smoke scale in place of its own, and the results it made there."""
    command, *rest = words
    if command in SCALED or (
        command == "sweep" and any(word.startswith("experiment=") for word in rest)
    ):
        return [command, *(w for w in rest if not w.startswith("scale=")), "scale=smoke"]
    if command in ("report", "compare", "status"):
        small = {word: f"{word}-smoke" for word in rest if (results / f"{word}-smoke").exists()}
        return [command, *(w if (results / w).exists() else small.get(w, w) for w in rest)]
    return words


def serve(command: list[str]) -> int:
    """Start a server, wait until it says where it is, and stop it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        started = any("http://" in line for line in server.stdout)
        server.send_signal(signal.SIGINT)
    return 0 if started else 1


def main(words: list[str]) -> int:
    """Carry out a command of a page."""
    command = [sys.executable, "-m", "experiments", *at_smoke_scale(words, Path("results"))]
    if words[0] == "view" and "--help" not in words:
        return serve(command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
