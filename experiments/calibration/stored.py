"""What a calibration leaves behind, and reading it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.analysis.tables import finished
from experiments.calibration.findings import Found, told
from experiments.calibration.information import value_of_information
from experiments.calibration.smc import Particles, differences
from experiments.calibration.table import POSTERIOR, PRIOR, products, scores, shares_of, shown
from experiments.cases.case import Case
from experiments.design.calibrated import FILE
from experiments.store.layout import write_file
from experiments.store.result import Result
from experiments.store.safety import atomic_directory

if TYPE_CHECKING:
    from datetime import date

FOLDER, ABOUT = "calibration", "about.json"
TABLES = ("parameters", "checks", "facts", "products", "information")
_KEY = b"calibration"


@dataclass(frozen=True)
class Stored:
    """What a calibration left behind.

    The tables are those of `findings`, `posterior`, `table` and `information`.
    """

    about: dict[str, Any]
    parameters: pd.DataFrame
    checks: pd.DataFrame
    facts: pd.DataFrame
    products: pd.DataFrame
    information: pd.DataFrame


def write_worlds(folder: Path, worlds: pd.DataFrame, key: str) -> bool:
    """Write the worlds not ruled out, unless they are there; return whether they were written."""
    path = folder / FILE
    with suppress(OSError, pa.ArrowException):
        if (pq.read_schema(path).metadata or {}).get(_KEY) == key.encode():
            return False
    table = pa.Table.from_pandas(worlds, preserve_index=False)
    table = table.replace_schema_metadata({_KEY: key.encode()})
    write_file(path, lambda file: pq.write_table(table, file, compression="zstd"))
    return True


def write_findings(
    folder: Path,
    key: str,
    found: Found,
    chains: list[Particles],
    again: Result,
    case: Case,
    as_of: date | None,
) -> None:
    """Write what was found, whole or not at all.

    Parameters
    ----------
    folder
        Of the calibration.
    key
        What it depends on.
    found
        What the table says.
    chains
        The particles of each chain.
    again
        The worlds not ruled out, run again with luck of their own.
    case, as_of
        Whose facts were fitted, and those before which date.
    """
    runs = finished(again.runs())
    again_shown, again_public = shown(again, runs, case)
    shows = {PRIOR: found.table.shown, POSTERIOR: again_shown}
    public = {PRIOR: found.table.public, POSTERIOR: again_public}
    count = products(shows, public, case.facts, found.facts)
    about = {
        "key": key,
        "case": case.name,
        "title": case.title,
        "as_of": None if as_of is None else as_of.isoformat(),
        "fitted": [fact.name for fact in found.facts],
        "held_out": [fact.name for fact in case.facts if fact not in found.facts],
        "labels": {fact.name: fact.label for fact in case.facts if fact.label},
        "runs": len(found.usable),
        "usable": int(found.usable.sum()),
        "accepted": len(found.regression.runs),
        "nearest": found.nearest,
        "parameters": len(found.table.axes),
        "particles": [len(each.shares) for each in chains],
        "distinct": sum(len(np.unique(each.shares, axis=0)) for each in chains),
        "ancestors": sum(len(np.unique(each.origins)) for each in chains),
        "moves": [each.step for each in chains],
        "temperature": max(each.temperature for each in chains),
        "differ": int((~(np.abs(differences(*chains)) <= 2)).sum()) if len(chains) > 1 else None,
        "again": len(runs),
    }
    tables = {
        "parameters": told(found, chains, count),
        "checks": found.checks,
        "facts": scores(shows, case.facts, found.facts),
        "products": count,
        "information": value_of_information(runs, shares_of(found.table.axes, runs)),
    }
    with atomic_directory(folder / FOLDER) as new:
        for name, table in tables.items():
            table.to_parquet(new / f"{name}.parquet", index=False)
        (new / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")


def read_findings(folder: Path) -> Stored | None:
    """Return what a calibration left behind.

    None if it did not come to its end, or if a version wrote it that did not compare chains so.
    """
    try:
        about = json.loads((folder / FOLDER / ABOUT).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(folder / FOLDER / f"{name}.parquet") for name in TABLES}
        return Stored(about, **tables) if "differ" in about else None
    except (OSError, ValueError, TypeError, pa.ArrowException):
        return None
