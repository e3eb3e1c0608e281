"""What there is to choose from: experiments, presets, cases, executors, parameters, results."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import yaml

from experiments.config.overrides import file_of, names_of
from experiments.store.layout import PROVENANCE, StoreError
from experiments.store.records import read_record
from sim.parameters import declarations


def rows_of(kind: str, results: Path, unread: list[str]) -> list[tuple[str, str]]:
    """Return names with what they are; add to ``unread`` why some cannot be told, a line each."""
    if kind == "parameters":
        return _parameter_rows()
    if kind == "results":
        return result_rows(results, unread)
    group = kind.removesuffix("s")
    files = {name: file_of(group, name) for name in names_of(group)}
    if group in ("preset", "executor"):
        return [(name, _comment(file)) for name, file in files.items()]
    key = {"experiment": "question", "case": "title"}[group]
    return [(name, _entry(file, key)) for name, file in files.items()]


def _comment(file: Path) -> str:
    """Return the first comment of a file that is not an instruction to Hydra."""
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return next((text for text in texts if not text.startswith("@")), "")


def _entry(file: Path, key: str) -> str:
    try:
        written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return "(not readable as YAML)"
    return " ".join(str((written or {}).get(key) or "").split())


def _parameter_rows() -> list[tuple[str, str]]:
    rows = []
    for name, declaration in declarations().items():
        default, told = declaration.default, declaration.metadata
        value = default.value if isinstance(default, Enum) else default
        span = told["plausible"]
        if isinstance(default, Enum):
            unit = ", ".join(choice.value for choice in type(default))
        elif span is not None:
            unit = f"{told['unit']}, plausibly {span[0]:g} to {span[1]:g}"
        else:
            unit = told["unit"]
        rows.append((f"{name}={value}", f"{told['meaning']} [{unit}]"))
    return rows


def result_rows(results: Path, unread: list[str]) -> list[tuple[str, str]]:
    """Return sweeps, then single runs, with their dates; add to ``unread`` as `rows_of` does."""

    def started(folder: Path) -> str:
        try:
            told = read_record(folder / PROVENANCE, missing_ok=True)
        except StoreError as problem:
            unread.append(str(problem))
            return f"{PROVENANCE} is damaged"
        part = "" if told.get("complete", True) else "incomplete  "
        return f"{str(told.get('started', ''))[:10]}  {part}{told.get('command', '')}"

    return [(name, started(folder)) for name, folder in result_folders(results).items()]


def result_folders(results: Path) -> dict[str, Path]:
    """Return the folders of sweeps, of what is published and of single runs, by their names."""
    sweeps = sorted(path.parent for path in results.glob("*/design.json"))
    published = sorted(path.parent for path in results.glob("published/*/provenance.json"))
    runs = sorted(path.parent for path in results.glob("runs/*/outcome.json"))
    folders = [folder for folder in [*sweeps, *published, *runs] if folder.name[0] != "."]
    return {folder.relative_to(results).as_posix(): folder for folder in folders}
