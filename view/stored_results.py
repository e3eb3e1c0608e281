"""The stored results: which there are, what their reports say, which of their files are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from experiments.files import FileError, read_text, read_yaml
from experiments.places import RESULTS
from experiments.report.document import Document, Figure, Node, Paragraph, read_document
from view.settings import start_settings

KINDS = {".svg", ".png", ".csv", ".html"}
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; "
    "sandbox allow-same-origin allow-downloads"
)
"""A report and a drawing need no scripts, so one that was tampered with can run none; they may load
pictures of this server."""
ARTICLE = "explorer.html"
ARTICLE_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "script-src 'unsafe-inline' 'wasm-unsafe-eval' data:; sandbox allow-scripts allow-downloads"
)
"""The explorable article runs its own scripts, apart from this server and without a network."""
FRONT = ("index.html", ARTICLE)
"""The pages of all results of a folder, which lie beside them."""


def shelves() -> dict[str, Path]:
    """Return the folders of results that are shown, by the name they have in an address."""
    results = start_settings().results_dir
    return {
        "results": results,
        "runs": results / "runs",
        "published": RESULTS / "published",
    }


def file_at(shelf: str, path: str) -> Path | None:
    """Return a regular file that is shown, of a result or the page of all; None if there is none.

    A link may lead anywhere within its folder of results, and nowhere else.
    """
    root = shelves().get(shelf)
    parts = Path(path).parts
    hidden = any(part.startswith(".") for part in parts)
    if root is None or hidden or (len(parts) < 2 and path not in FRONT):
        return None
    try:
        file = (root / path).resolve()
        inside = file.is_relative_to(root.resolve())
        return file if inside and file.suffix in KINDS and file.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def address(shelf: str, path: str) -> str:
    """Return where the browser finds a file of a result."""
    return f"/files/{shelf}/{quote(path)}"


def send_file(request: Request) -> Response:
    """Answer a request for a file of a result."""
    file = file_at(request.path_params["shelf"], request.path_params["path"])
    if file is None:
        return PlainTextResponse("there is no such file of a result", status_code=404)
    policy = ARTICLE_POLICY if request.path_params["path"] == ARTICLE else POLICY
    headers = {"content-security-policy": policy, "cache-control": "no-cache"}
    return FileResponse(file, headers=headers)


SHOWN_BY = ("design.json", "outcome.json", "report.html")
"""A folder with one of these is a result."""


@dataclass
class StoredResult:
    """A result as a visitor meets it."""

    shelf: str  # the name of the folder of results that it lies in (`view.files.shelves`)
    folder: Path  # its own

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def key(self) -> str:
        """What it is called in an address."""
        return f"{self.shelf}/{self.name}"

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved configuration; empty if it is not stored."""
        try:
            given = read_yaml(self.folder / "config.yaml")
        except FileError:
            return {}
        return given if isinstance(given, dict) else {}

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """When and by which command it was made; empty if that is not stored."""
        return _json(self.folder / "provenance.json")

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """What came out of a single run; empty for a sweep."""
        return _json(self.folder / "outcome.json")

    @cached_property
    def report(self) -> Document | None:
        """Its report as data; None if there is none."""
        return read_document(self.folder / "report.json")

    @cached_property
    def sides(self) -> list[str]:
        """The results that it lays side by side, if it is a comparison."""
        sides = self.provenance.get("compared")
        named = sides if isinstance(sides, list) else []
        return [str(side.get("name")) for side in named if isinstance(side, dict)]

    @property
    def comparable(self) -> bool:
        """Whether it holds runs, or a summary of them."""
        from experiments.store.catalog import RUNS

        return any((self.folder / file).is_file() for file in RUNS)

    @property
    def question(self) -> str:
        """What it was to answer."""
        if self.sides:
            return f"A comparison of {' and '.join(self.sides)}."
        experiment = self.config.get("experiment")
        asked = experiment.get("question") if isinstance(experiment, dict) else None
        if isinstance(asked, str) and asked:
            return " ".join(asked.split())
        if self.report and self.report.question:
            return self.report.question
        case = self.config.get("case")
        named = case.get("name") if isinstance(case, dict) else None
        world = f"the record of {named}" if isinstance(named, str) else "one world"
        return f"One run of {world}." if self.outcome else "A grid of values."

    @cached_property
    def figures(self) -> list[Figure]:
        """Its figures, in the order of its report, others after them."""
        folder = self.folder / "figures"
        there = {path.stem for suffix in ("svg", "png") for path in folder.glob(f"*.{suffix}")}
        reported = self.report.figures if self.report else {}
        ordered = [figure for name, figure in reported.items() if name in there]
        others = [
            Figure(name, f"{self.name}: {name}".replace("_", " "), 0, f"figures/{name}")
            for name in sorted(there.difference(reported))
        ]
        return ordered + others

    @property
    def cover(self) -> str:
        """The address of the figure that stands for it; empty if it has none."""
        figures = {figure.name: figure for figure in self.figures}
        chosen = self.report.cover if self.report else ""
        figure = figures.get(chosen) or next(iter(figures.values()), None)
        if figure is None:
            return ""
        files = self.files_of(figure)
        return files.get("svg") or files.get("png", "")

    def files_of(self, figure: Figure) -> dict[str, str]:
        """Return the addresses of the files of a figure, by their endings."""
        return {
            suffix: address(self.shelf, f"{self.name}/figures/{figure.name}.{suffix}")
            for suffix in ("svg", "png", "csv")
            if file_at(self.shelf, f"{self.name}/figures/{figure.name}.{suffix}")
        }

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return self.name.replace("_", " ").capitalize()

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/results/{self.shelf}/{quote(self.name)}"

    @property
    def report_address(self) -> str:
        """The address of its whole report; empty if there is none."""
        there = (self.folder / "report.html").is_file()
        return address(self.shelf, f"{self.name}/report.html") if there else ""

    @property
    def summary(self) -> tuple[Node, ...]:
        """What came out, in a few lines; empty if there is no report."""
        if self.report:
            return self.report.summary
        if not self.outcome:
            return ()
        grade, week = self.outcome.get("grade"), self.outcome.get("emergence_week")
        when = f" in week {week:.0f}" if isinstance(week, int | float) else ""
        emerged = "A movement emerged" if self.outcome.get("emerged") else "No movement emerged"
        return (Paragraph(f"Grade: {grade}.", label=f"{emerged}{when}"),)


def stored_results() -> dict[str, StoredResult]:
    """Return all results by their key: sweeps, then what is published, then single runs."""
    found = {}
    for shelf in ("results", "published", "runs"):
        root = shelves()[shelf]
        for folder in sorted(root.iterdir()) if root.is_dir() else []:
            hidden = folder.name.startswith(".") or folder.is_symlink()
            if not hidden and any((folder / name).is_file() for name in SHOWN_BY):
                stored = StoredResult(shelf, folder)
                found[stored.key] = stored
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(read_text(path))
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
