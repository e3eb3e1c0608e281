"""Finding results: sweeps, what is published, single runs and comparisons, by their names.

A name is the path below the folder of results: ``right_momentum``, ``published/launch``,
``runs/default-seed7``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.errors import did_you_mean
from experiments.store.layout import (
    DESIGN,
    OUTCOME,
    PROVENANCE,
    REPORT,
    SUMMARY,
    StoreError,
    display_path,
)
from experiments.store.records import read_record
from experiments.store.result import Result

MOST_NAMED = 400  # characters of the names of results in a message
RUNS = (DESIGN, SUMMARY, OUTCOME)
"""A folder with one of these holds runs, which can be compared."""

_SHELVES = {"": (DESIGN,), "published/": (PROVENANCE, SUMMARY, OUTCOME), "runs/": (OUTCOME,)}
"""Where results lie, and what a folder there holds if it is one."""


def results_in(results: Path) -> dict[str, Path]:
    """Return the results in a folder by their names: sweeps, published ones, single runs."""
    return {
        f"{shelf}{folder.name}": folder
        for shelf, files in _SHELVES.items()
        for folder in _folders(results / shelf)
        if _holds(folder, files)
    }


def comparable(results: Path) -> list[str]:
    """Return the names of the results that hold runs."""
    return [name for name, folder in results_in(results).items() if _holds(folder, RUNS)]


def find(name: str, results: Path) -> Path:
    """Return the folder of a result that holds runs, by its name or its path.

    Raises
    ------
    StoreError
        If there is none, with the nearest name.
    """
    places = [results / shelf / name for shelf in ("", "runs", "published")] + [Path(name)]
    for path in places:
        if _holds(path, RUNS):
            return path
    for path in places:
        if sources := compared(path):
            raise StoreError(
                f"{name} is a comparison, without runs of its own: name the results that it "
                f"compares, {' and '.join(sources)}"
            )
        if (path / REPORT).is_file():
            raise StoreError(f"{path} holds a page but no runs to compare; make results remakes it")
    raise _unknown(name, comparable(results), results)


def open_result(name_or_path: str | Path, results: str | Path) -> Result:
    """Return a sweep whose runs are there, by its name, or by its path.

    Raises
    ------
    StoreError
        If there is none, with the nearest name, or with what remakes its runs.
    """
    results = Path(results)
    places = (results / name_or_path, results / "published" / name_or_path, Path(name_or_path))
    for path in places:
        if _holds(path, (DESIGN,)):
            return Result(path)
    for path in places:
        if _holds(path, (PROVENANCE,)):
            raise StoreError(f"{name_or_path} {_without_runs(path)}")
    names = [folder.name for folder in _folders(results) if _holds(folder, (DESIGN,))]
    raise _unknown(str(name_or_path), names, results)


def compared(folder: Path) -> list[str]:
    """Return the names of the results that a comparison is made of; none if it is none."""
    sides = read_record(folder / PROVENANCE, missing_ok=True).get("compared") or []
    return [str(side.get("name")) for side in sides]


def _folders(parent: Path) -> list[Path]:
    """Return the folders in which results may lie; hidden ones are unfinished."""
    found = sorted(parent.iterdir()) if parent.is_dir() else []
    return [path for path in found if not path.name.startswith(".") and path.is_dir()]


def _holds(folder: Path, files: tuple[str, ...]) -> bool:
    return any((folder / file).is_file() for file in files)


def there_are(names: Sequence[str]) -> str:
    """Return the end of a message that names results, as many as a line holds; empty for none."""
    shown = [*names]
    while len(", ".join(shown)) > MOST_NAMED:
        shown.pop()
    left = len(names) - len(shown)
    more = f" and {left} more (momentum list results)" if left else ""
    return f"; there are {', '.join(shown)}{more}" if names else ""


def _unknown(name: str, names: list[str], results: Path) -> StoreError:
    said = did_you_mean(name, names, there_are(names))
    return StoreError(f"no result {name} in {results}{said}")


def _without_runs(path: Path) -> str:
    """Return what there is instead in a folder without the runs of a sweep."""
    text = "holds no runs of a sweep, of which a report is made"
    for there in (path / REPORT, path / "figures" / "timeline.png"):
        if there.is_file():
            text += f"; there is {display_path(there)}"
            break
    command = str(Result(path).provenance.get("command", ""))
    if command.startswith("momentum sweep"):
        text += f"; {command} and then momentum report {path.name} remake it"
    return text
