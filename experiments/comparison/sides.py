"""Results of every kind, read for a comparison: sweeps, published summaries, single runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis.variants import OUTCOMES
from experiments.comparison.match import WEEKLY, Side
from experiments.design.reading import HISTORY
from experiments.store import provenance
from experiments.store.catalog import comparable, find, there_are
from experiments.store.layout import CONFIG, DESIGN, OUTCOME, PROVENANCE, SUMMARY, StoreError
from experiments.store.records import read_record
from experiments.store.result import Result
from experiments.store.summary import read_summary
from sim.parameters import declarations


def read_sides(names: Sequence[str], results: Path) -> list[Side]:
    """Return results by their names or paths.

    Raises
    ------
    StoreError
        If there are fewer than two, or one is unknown, there twice, damaged or without a run.
    """
    if len(names) < 2:
        first = f"with what to compare {names[0]}" if names else "what to compare"
        given = [find(name, results).resolve() for name in names]
        there = [name for name in comparable(results) if (results / name).resolve() not in given]
        others = there_are(there) or f"; there is no other in {results}"
        raise StoreError(f"{first}? give two or more results{others}")
    folders: dict[Path, str] = {}
    for name in names:
        folder = find(name, results).resolve()
        if folder in folders:
            raise StoreError(f"{folders[folder]} and {name} are the same result: give two")
        folders[folder] = name
    titles = _titles(folders, results.resolve())
    return [read_side(folder, titles[folder]) for folder in folders]


def _titles(given: Mapping[Path, str], results: Path) -> dict[Path, str]:
    """Return the names of folders as they were given, whole paths as short as they differ."""
    whole = [folder for folder, name in given.items() if Path(name).is_absolute()]
    places = {f: f.relative_to(results).as_posix() for f in whole if f.is_relative_to(results)}
    for shorter in ({folder: folder.name for folder in whole}, places, {}):
        titles = {**given, **shorter}
        if len(set(titles.values())) == len(titles):
            break
    return titles


def read_side(folder: Path, name: str) -> Side:
    """Return a result as it enters a comparison.

    Raises
    ------
    StoreError
        If it cannot be read, or has no run that is finished.
    """
    if (folder / DESIGN).is_file():
        side = of_sweep(Result(folder), name)
    elif (folder / SUMMARY).is_file():
        about, runs = read_summary(folder / SUMMARY)
        side = Side(name=name, runs=runs, weekly=pd.DataFrame(), **about, **_about(folder))
    else:
        side = _of_run(folder, name)
    if side.runs.empty or not (side.runs["error"].fillna("") == "").any():
        raise StoreError(f"{name} has no finished run yet")
    return side


def of_sweep(result: Result, name: str) -> Side:
    """Return a sweep as it enters a comparison."""
    design = result.design
    return Side(
        name=name,
        base=design.parameters,
        runs=result.runs(),
        weekly=result.weekly(),
        planned=len(design.points) * design.replicates,
        case=design.case,
        model=provenance.digest(design.model),
        **_about(result.path),
    )


def _of_run(folder: Path, name: str) -> Side:
    config = read_record(folder / CONFIG)
    outcome = read_record(folder / OUTCOME)
    try:
        _require({"grade", *OUTCOMES}, outcome, OUTCOME)
        weekly = pd.read_parquet(folder / "weekly.parquet").assign(point=0, replicate=0)
        _require({"week", *WEEKLY}, weekly, "weekly.parquet")
        known = {**HISTORY, **declarations()}
        base = HISTORY | {k: v for k, v in _flat(config).items() if k in known}
        runs = pd.DataFrame([outcome]).assign(error="", point=0, replicate=0, seed=config["seed"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        reason = " ".join(str(problem).split())[:100]
        raise StoreError(f"{folder} is damaged ({reason}): run it again") from None
    case = config.get("case") or ""
    return Side(
        name=name,
        base=base,
        runs=runs,
        weekly=weekly,
        planned=1,
        case=str(case.get("name", "")) if isinstance(case, Mapping) else str(case),
        model=read_record(folder / PROVENANCE, missing_ok=True).get("model", ""),
        **_about(folder),
    )


def _require(names: set[str], given: Any, where: str) -> None:
    if missing := sorted(names.difference(given)):
        raise ValueError(f"{where} lacks {missing[0]}")


def read_about(folder: Path) -> dict[str, Any]:
    """Return by which command, when and by which code a result was made; empty if not known."""
    given = read_record(folder / PROVENANCE, missing_ok=True)
    last = (given.get("sessions") or [given])[-1]
    return {
        "command": str(given.get("command", "")),
        "started": str(given.get("started", "")),
        "commit": (last.get("revision") or {}).get("commit") or "",
        "versions": last.get("versions") or {},
    }


def _about(folder: Path) -> dict[str, Any]:
    """Return what a side says of itself beside its runs."""
    about = read_about(folder)
    del about["started"]
    experiment = read_record(folder / CONFIG, missing_ok=True).get("experiment") or {}
    name, conditions = str(experiment.get("name", "")), experiment.get("conditions") or {}
    return {**about, "experiment": name, "conditions": conditions}


def _flat(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{outer}.{inner}" if inner else outer: value
        for outer, members in config.items()
        for inner, value in (members.items() if isinstance(members, dict) else [("", members)])
    }
