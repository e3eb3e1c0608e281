"""What is kept of results: which there are, and what their reports say, without computing anew."""

from __future__ import annotations

import json
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from experiments.store.result import StoreError
from view.files import shelves

SHOWN_BY = ("design.json", "outcome.json", "report.html")
"""A folder with one of these is a result."""


class Kept:
    """A result as a visitor meets it.

    Parameters
    ----------
    shelf
        The name of the folder of results that it lies in (`view.files.shelves`).
    folder
        Its own folder.
    """

    def __init__(self, shelf: str, folder: Path) -> None:
        self.shelf = shelf
        self.folder = folder
        self.name = folder.name

    @property
    def key(self) -> str:
        """What it is called in an address."""
        return f"{self.shelf}/{self.name}"

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved configuration; empty if it is not kept."""
        try:
            text = (self.folder / "config.yaml").read_text(encoding="utf-8")
            return dict(yaml.load(text, Loader=yaml.CSafeLoader) or {})
        except (OSError, ValueError, TypeError, yaml.YAMLError):
            return {}

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """When and by which command it was made; empty if that is not kept."""
        return _json(self.folder / "provenance.json")

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """What came out of a single run; empty for a sweep."""
        return _json(self.folder / "outcome.json")

    @cached_property
    def report(self) -> Report:
        """What its report says."""
        report = Report()
        try:
            report.feed((self.folder / "report.html").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Report()
        return report

    @cached_property
    def sides(self) -> list[str]:
        """The results that it lays side by side, if it is a comparison."""
        from experiments.store.catalog import compared

        try:
            return compared(self.folder)
        except StoreError:  # a damaged result has figures all the same
            return []

    @property
    def comparable(self) -> bool:
        """Whether it holds runs, or a summary of them."""
        from experiments.store.catalog import KINDS

        return any((self.folder / file).is_file() for file in KINDS)

    @property
    def question(self) -> str:
        """What it was to answer."""
        if self.sides:
            return f"A comparison of {' and '.join(self.sides)}."
        experiment = self.config.get("experiment")
        asked = experiment.get("question") if isinstance(experiment, dict) else None
        if asked:
            return " ".join(str(asked).split())
        if self.report.lead:
            return self.report.lead
        case = self.config.get("case")
        world = f"the record of {case['name']}" if isinstance(case, dict) else "one world"
        return f"One run of {world}." if self.outcome else "A grid of values."

    @cached_property
    def figures(self) -> list[str]:
        """The names of its figures, in the order of its report, others after them."""
        names = {path.stem for path in (self.folder / "figures").glob("*.svg")}
        ordered = [name for name in self.report.figures if name in names]
        return [*ordered, *sorted(names.difference(ordered))]


class Report(HTMLParser):
    """Reads from the page of a report: its question, its answer, its figures in words."""

    def __init__(self) -> None:
        super().__init__()
        self.lead = ""
        self.box: list[str] = []  # the answer, the surprise, the limit
        self.figures: dict[str, str] = {}  # name -> description
        self._into: str | None = None
        self._figure = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the text that follows belongs."""
        given = {name: value or "" for name, value in attrs}
        if tag == "p" and given.get("class") == "lead" and not self.lead:
            self._into = "lead"
        elif tag == "div" and given.get("class") == "box" and not self.box:
            self._into = "box"
        elif tag == "p" and self._into == "box":
            self.box.append("")
        elif tag == "section":
            self._into = None
        elif tag == "figure":
            self._figure = given.get("id", "").removeprefix("figure-")
        elif tag == "svg" and self._figure:
            self.figures.setdefault(self._figure, given.get("aria-label", ""))

    def handle_endtag(self, tag: str) -> None:
        """End what a text belonged to."""
        if tag == "div" or (tag == "p" and self._into == "lead"):
            self._into = None

    def handle_data(self, data: str) -> None:
        """Take the text."""
        if self._into == "lead":
            self.lead += data
        elif self._into == "box" and self.box:
            self.box[-1] += data


def all_kept() -> dict[str, Kept]:
    """Return all results by their key: sweeps, then what is published, then single runs."""
    found = {}
    for shelf in ("results", "published", "runs"):
        root = shelves()[shelf]
        for folder in sorted(root.iterdir()) if root.is_dir() else []:
            hidden = folder.name.startswith(".") or folder.is_symlink()
            if not hidden and any((folder / name).is_file() for name in SHOWN_BY):
                kept = Kept(shelf, folder)
                found[kept.key] = kept
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return given if isinstance(given, dict) else {}
