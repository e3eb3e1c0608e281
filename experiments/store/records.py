"""What the small files of a result say, validated: a damaged file is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.files import FileError, read_text, read_yaml
from experiments.store import layout
from experiments.validation import validated

MOST_BYTES = 500_000_000  # of a JSON file: the first version kept all points in design.json
MOST_VALUES = 2_000_000  # of a configuration, which lists all swept values


class Record(BaseModel):
    """A file of which only what readers rely on is checked; other versions may add to it."""

    model_config = ConfigDict(extra="allow", strict=True)


class DesignRecord(Record):
    """design.json: what the runs depend on."""

    version: int = Field(alias="schema")
    identity: str
    seed: int
    parameters: dict[str, bool | int | float | str]
    case: str
    model: dict[str, str]
    record_weekly: bool
    replicates: int
    files: dict[str, str] = {}
    fresh_seeds: bool = False
    readings: list[list[str | int]] = []
    points: list[dict[str, Any]] | None = None  # in the first version


class RunCounts(Record):
    """How many runs there are, in provenance.json."""

    total: int | None = None


class Session(Record):
    """One start of a sweep that computed something, in provenance.json."""

    started: str | None = None
    ended: str | None = None
    revision: dict[str, Any] | None = None
    versions: dict[str, Any] | None = None
    machine: dict[str, Any] | None = None


class ProvenanceRecord(Session):
    """provenance.json: when and by which versions it was made."""

    runs: RunCounts | None = None
    sessions: list[Session] | None = None
    compared: list[dict[str, Any]] | None = None


class StatusRecord(Record):
    """status.json: how far a sweep is."""

    total: int = 0
    there: int = 0
    done: int = 0
    failed: int = 0
    emerged: int = 0
    seconds: float = 0.0
    updated: str | None = None


class ExperimentRecord(Record):
    """The experiment in config.yaml."""

    conditions: dict[str, Any] | None = None


class ConfigRecord(Record):
    """config.yaml: the resolved configuration."""

    experiment: ExperimentRecord | None = None
    case: dict[str, Any] | None = None


_KINDS: dict[str, tuple[type[Record], str]] = {
    layout.DESIGN: (DesignRecord, "start the sweep with --fresh"),
    layout.PROVENANCE: (ProvenanceRecord, "delete it; the runs can be read without it"),
    layout.STATUS: (StatusRecord, "delete it; the runs can be read without it"),
    layout.CONFIG: (ConfigRecord, "delete it; the same command again writes it anew"),
    layout.OUTCOME: (Record, "make the run again"),
}
"""What each file says, and the way out if it is damaged."""


def read_record(path: Path, missing_ok: bool = False) -> dict[str, Any]:
    """Return what a JSON or YAML file of a result says, as it is written.

    Parameters
    ----------
    path
        Of the file.
    missing_ok
        Whether a file that does not exist counts as empty, rather than as an error.

    Raises
    ------
    StoreError
        If it is damaged, with its name and the way out.
    """
    if missing_ok and not path.exists():
        return {}
    model, way_out = _KINDS[path.name]

    def damaged(reason: str) -> layout.StoreError:
        reason = reason.removeprefix(f"{path}: ").removeprefix(f"{path}, ")
        return layout.StoreError(f"{path} is damaged: {reason}; {way_out}")

    try:
        if path.suffix == ".json":
            found = json.loads(read_text(path, MOST_BYTES))
        else:
            found = read_yaml(path, MOST_BYTES, MOST_VALUES)
    except FileError as problem:
        if missing_ok and not path.exists():  # a driver removed it in between
            return {}
        raise damaged(str(problem)) from None
    except (ValueError, RecursionError):
        raise damaged("this is not JSON") from None
    if not isinstance(found, dict):
        raise damaged("this is not a table of names and values")
    validated(model, found, str(path), damaged)
    return found
