"""Parts: the Parquet files of a result, one a chunk of runs, written completely or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.point import SAMPLE
from experiments.design.reading import HISTORY
from experiments.store.layout import PART, StoreError, cannot
from experiments.text import one_line
from sim.parameters import declarations

MISSING, FAILED, NOT_EMERGED, EMERGED = -2, -1, 0, 1
"""What is known of a run; of two rows of one run, the higher counts."""

IDENTITY = b"result"  # in the metadata of every Parquet file of a result
_OVERDUE = "overdue"


RUN_COLUMNS = {
    "part": "part of the experiment",
    "label": "name of the point in its part, if it has one",
    "sample": "row of a sampled design; -1 in other parts",
    "point": "number of the point, from 0",
    "condition.NAME": "whether the condition holds: 1 or 0",
    "replicate": "number of the replicate, from 0; it has the same luck at every point",
    "seed": "number from which all random draws of the run follow",
    "COLUMN@WEEK": "a column of the weeks in this week (`read_facts=true`)",
    "duration_s": "seconds that the run took",
    "error": "what went wrong; empty where nothing did",
}
"""What the columns mean that a table of runs has beside parameters and outcomes."""


class RunId(NamedTuple):
    """Which run of a sweep."""

    replicate: int
    point: int


class Reading(NamedTuple):
    """A column of the weekly table in one week, kept of every run."""

    column: str
    week: int

    @property
    def name(self) -> str:
        """The name of its column in the table of runs."""
        return f"{self.column}@{self.week}"


def part_name(runs: Sequence[RunId]) -> str:
    """Return the name of the file of these runs: the same whenever they are done again."""
    digest = hashlib.sha256(repr([tuple(run) for run in runs]).encode()).hexdigest()[:8]
    return f"part-{runs[0].replicate:05d}-{runs[0].point:05d}-{digest}.parquet"


@dataclass(frozen=True)
class PartWriter:
    """Writes the rows of chunks beside their places in a result."""

    folder: str  # of the result
    identity: str  # of the result
    columns: tuple[str, ...]  # what varies: parameters, then history
    conditions: tuple[str, ...]  # condition columns
    marks: tuple[str, ...]  # columns that name a point: its label, its row of a sampled design
    readings: tuple[Reading, ...] = ()  # of single weeks

    def write(
        self,
        runs: Sequence[RunId],
        rows: Sequence[Mapping[str, Any]],
        weekly: Sequence[tuple[RunId, np.ndarray]],
    ) -> tuple[str, tuple[str, ...]]:
        """Write a chunk's tables; return the name of the part and the files to be renamed to it.

        The files have names of their own: a driver that was killed may have left workers behind
        that write the same chunk.

        Raises
        ------
        StoreError
            If they cannot be written, or the folder was replaced by a link.
        """
        if Path(self.folder).is_symlink():
            raise StoreError(
                f"{self.folder} was moved, removed or replaced while the sweep ran: put it back"
            )
        name = part_name(runs)
        schema = self._schema()
        missing, values = dict.fromkeys(schema.names), itemgetter(*schema.names)
        columns = zip(*(values({**missing, **row}) for row in rows), strict=True)
        tables = {"runs": pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)}
        if weekly:  # renamed first: where the runs are, the weeks are too
            tables = {"weekly": self._weekly_table(weekly), **tables}
        ending = f"{_short(self.identity)}.{secrets.token_hex(4)}.tmp"
        files = {folder: f"{folder}/.{name}.{ending}" for folder in tables}
        for folder, table in tables.items():
            _write(Path(self.folder) / files[folder], table)
        return name, tuple(files.values())

    def overdue_note(self, runs: Sequence[RunId]) -> Path:
        """Return where a worker notes which of these runs took too long."""
        name = f".{part_name(runs)}.{_short(self.identity)}.{_OVERDUE}.tmp"
        return Path(self.folder) / "runs" / name

    def _schema(self) -> pa.Schema:
        from sim.outcome import Outcome

        types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
        defaults = {name: field.default for name, field in declarations().items()} | HISTORY
        columns: dict[str, pa.DataType] = {"part": pa.string()}
        for name in self.marks:
            columns[name] = pa.int64() if name == SAMPLE else pa.string()
        columns["point"] = pa.int64()
        for name in self.columns:
            columns[name] = types.get(type(defaults[name]), pa.string())
        columns |= {name: pa.int64() for name in self.conditions}
        columns |= {"replicate": pa.int64(), "seed": pa.int64()}
        columns |= {name: types[kind] for name, kind in get_type_hints(Outcome).items()}
        columns |= {reading.name: pa.float64() for reading in self.readings}
        columns |= {"duration_s": pa.float64(), "error": pa.string()}
        return pa.schema(columns.items(), metadata={IDENTITY: self.identity.encode()})

    def _weekly_table(self, weekly: Sequence[tuple[RunId, np.ndarray]]) -> pa.Table:
        lengths = [len(records) for _, records in weekly]
        columns = {
            "point": np.repeat([run.point for run, _ in weekly], lengths),
            "replicate": np.repeat([run.replicate for run, _ in weekly], lengths),
        }
        for name in weekly[0][1].dtype.names or ():
            columns[name] = np.concatenate([records[name] for _, records in weekly])
        return pa.table(columns).replace_schema_metadata({IDENTITY: self.identity.encode()})


def unfinished_part(identity: str) -> re.Pattern[str]:
    """Return the names of the files of a result's parts that are not finished."""
    part = PART.pattern
    return re.compile(rf"\.{part}\.{re.escape(_short(identity))}\.([0-9a-f]{{8}}|{_OVERDUE})\.tmp")


def read_part(path: Path, identity: str, columns: list[str] | None = None) -> pa.Table:
    """Read a part.

    Raises
    ------
    StoreError
        If it is damaged, or belongs to something else; the message names it.
    """
    if not PART.fullmatch(path.name) or not path.is_file():
        raise StoreError(f"{path} is not a part of this result: move it elsewhere")
    try:
        with pq.ParquetFile(path) as file:
            if identity_of(file.schema_arrow) != identity:
                raise StoreError(f"{path} belongs to another result: move it elsewhere")
            return file.read(columns)
    except StoreError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as problem:
        raise StoreError(
            f"{path} is damaged ({one_line(problem, 100)}): delete it and start the sweep again to "
            "redo its runs"
        ) from None


def identity_of(schema: pa.Schema) -> str | None:
    """Return the identity of the result that a Parquet file belongs to; None if it names none."""
    found = (schema.metadata or {}).get(IDENTITY)
    return None if found is None else found.decode(errors="replace")


def _short(identity: str) -> str:
    return identity[:8]


def _write(path: Path, table: pa.Table) -> None:
    try:
        with open(path, "xb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise cannot("write", path, problem) from None
