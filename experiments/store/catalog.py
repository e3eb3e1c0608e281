"""Where results are, by the names they have on the command line."""

from __future__ import annotations

from pathlib import Path

from experiments.errors import did_you_mean
from experiments.store.result import DESIGN, OUTCOME, PROVENANCE, SUMMARY, StoreError, read_record

KINDS = {DESIGN: "*", SUMMARY: "published/*", OUTCOME: "runs/*"}
"""What a folder holds that can be compared, and where such folders lie."""


def known(results: Path) -> list[str]:
    """Return the results there are, as they are named on the command line."""
    patterns = list(KINDS.items())
    patterns.append((OUTCOME, "published/*"))
    folders = [
        p.parent for file, place in patterns for p in sorted(results.glob(f"{place}/{file}"))
    ]
    return [f.relative_to(results).as_posix() for f in folders if not f.name.startswith(".")]


def find(name: str, results: Path) -> Path:
    """Return the folder of a result, by its name or its path.

    Raises
    ------
    StoreError
        If there is none, with the nearest name.
    """
    places = (results / name, results / "runs" / name, results / "published" / name, Path(name))
    for path in places:
        if any((path / file).is_file() for file in KINDS):
            return path
    for path in places:
        sources = compared(path)
        if sources:
            raise StoreError(
                f"{name} is a comparison, without runs of its own: name what it lays side by side, "
                f"{' and '.join(sources)}"
            )
        if (path / "report.html").is_file():
            raise StoreError(f"{path} holds a page but no runs to compare; make results remakes it")
    names = known(results)
    there = f"; there are {', '.join(names)}" if names else ""
    raise StoreError(f"no result {name} in {results}{did_you_mean(name, names, there)}")


def compared(folder: Path) -> list[str]:
    """Return the names of the results that a comparison lays side by side; none if it is none."""
    sides = read_record(folder / PROVENANCE, missing_ok=True).get("compared")
    named = sides if isinstance(sides, list) else []
    return [str(side.get("name")) for side in named if isinstance(side, dict)]
