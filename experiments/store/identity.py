"""What the runs of a result depend on, and whether runs of two designs may be mixed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.point import CONDITION, SAMPLE, UNSAMPLED, Points, describe
from experiments.design.reading import HISTORY, LABEL
from experiments.store.layout import DESIGN, POINTS, SCHEMA_VERSION, StoreError, first_few
from experiments.store.parts import IDENTITY, identity_of
from experiments.store.records import read_record
from experiments.text import one_line
from sim.parameters import declarations

if TYPE_CHECKING:
    from experiments.cases.case import Case

Point = dict[str, Any]

_READABLE = (1, 2, SCHEMA_VERSION)
_FIRST = 1  # the version that kept the points in design.json


class Design(NamedTuple):
    """What the runs of a result depend on."""

    identity: str  # of the result; every part carries it
    seed: int
    parameters: dict[str, Any]  # and history, by dotted name: for what points do not set
    case: str  # its name, and a digest of its record
    model: dict[str, str]  # digest of every source file of the model
    record_weekly: bool
    replicates: int
    points: Sequence[Point]
    files: Mapping[str, str] = MappingProxyType({})  # path -> digest, for what parameters name
    fresh_seeds: bool = False  # whether every point has luck of its own
    readings: Sequence[Sequence[Any]] = ()  # column and week of the weekly table, of all runs

    @property
    def record(self) -> str:
        """The digest of the case's record; empty without a case."""
        return self.case.rpartition(" ")[2]

    def content(self, name: str, value: Any) -> Any:
        """Return what a parameter stands for: of a file, what it holds, wherever it lies."""
        return self.files.get(value, value) if name in file_parameters() else value


def file_parameters() -> list[str]:
    """Return the parameters that are paths of files."""
    return [name for name, each in declarations().items() if each.metadata["unit"] == "path"]


def digest_of_record(case: Case) -> str:
    """Return a digest of the record of a case, over all weeks that it covers."""
    history = case.history(case.weeks)
    joined = b"".join(np.asarray(series, dtype=float).tobytes() for series in history)
    return hashlib.sha256(joined).hexdigest()[:16]


def digest_of_file(path: str) -> str:
    """Return a digest of what a file of ties holds; empty if it cannot be read.

    Neither its place and name nor the order of its lines change the digest.
    """
    from sim.network import edge_list_digest  # with Numba, which listing results does not need

    try:
        return edge_list_digest(path)[:16]
    except (ValueError, OSError):
        return ""


# -- on disk ---------------------------------------------------------------------------------------


def read_design(path: Path) -> Design:
    """Read what the runs of a result depend on.

    Raises
    ------
    StoreError
        If design.json or points.parquet is damaged, or of a version that is not known.
    """
    given = read_record(path / DESIGN)
    if given["schema"] not in _READABLE:
        raise StoreError(f"{path} was written by another version of this program: use --fresh")
    if given["schema"] == _FIRST:
        points: Sequence[Point] = Points.of(given.get("points") or [])
    else:
        points = _read_points(path / POINTS, given["identity"])
    known = {name: given[name] for name in Design._fields if name in given}
    return Design(**{**known, "points": points})


def design_record(design: Design) -> dict[str, Any]:
    """Return what design.json says of a design."""
    record = {name: value for name, value in design._asdict().items() if name != "points"}
    return {"schema": SCHEMA_VERSION, **record, "files": dict(design.files)}


def points_table(design: Design) -> pa.Table:
    """Return the points of a design, for points.parquet."""
    table = Points.of(design.points).table
    return table.replace_schema_metadata({IDENTITY: design.identity.encode()})


def _read_points(path: Path, identity: str) -> Points:
    way_out = "start the sweep with --fresh"
    if not path.is_file():
        raise StoreError(f"{path} is missing: {way_out}")
    try:
        with pq.ParquetFile(path) as file:  # read_table would load pandas
            table = file.read()
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise StoreError(f"{path} cannot be read ({one_line(problem, 100)}): {way_out}") from None
    found = identity_of(table.schema)
    foreign = [name for name in table.column_names if not _may_be_set(name)]
    if found not in (None, identity) or foreign or "part" not in table.column_names:
        raise StoreError(f"{path} belongs to something else: {way_out}")
    return Points(table.replace_schema_metadata(None))


def _may_be_set(name: str) -> bool:
    known = ("part", LABEL, SAMPLE)
    return name in known or name in HISTORY or name in declarations() or name.startswith(CONDITION)


# -- two designs -----------------------------------------------------------------------------------


def changes(old: Design, new: Design) -> list[str]:
    """Return in words why runs of one design must not be mixed with those of another."""
    found = []
    if old.seed != new.seed:
        found.append(f"seed {old.seed} → {new.seed}")
    found += [
        f"the content of {path}"
        for path, digest in new.files.items()
        if old.files.get(path, digest) != digest
    ]
    for name, value in new.parameters.items():
        before = old.parameters.get(name)
        if before != value and old.content(name, before) != new.content(name, value):
            found.append(f"{name} {before} → {value}")
    found += [f"{name} is no longer there" for name in old.parameters if name not in new.parameters]
    if old.record != new.record:
        names = [each.case.rpartition(" ")[0] or "none" for each in (old, new)]
        same = f"the record of the case {names[0]}"
        found.append(same if names[0] == names[1] else f"case {names[0]} → {names[1]}")
    if old.fresh_seeds != new.fresh_seeds:
        found.append(f"fresh_seeds {old.fresh_seeds} → {new.fresh_seeds}")
    if list(map(tuple, old.readings)) != list(map(tuple, new.readings)):
        found.append("which weeks the facts of the case lie in")
    if old.record_weekly != new.record_weekly:
        found.append(f"record_weekly {old.record_weekly} → {new.record_weekly}")
    sources = sorted({*old.model, *new.model})
    edited = [name for name in sources if old.model.get(name) != new.model.get(name)]
    if edited:
        found.append(f"the model's code ({first_few(edited)})")
    if found or old.points == new.points:
        return found
    wanted = {_key(point, new) for point in new.points}
    lost = [point for point in old.points if _key(point, old) not in wanted]
    if lost:
        found.append(f"{len(lost)} of its points are not in the design now ({describe(lost[0])})")
    return found


def grown(old: Design, new: Design) -> Design:
    """Return the old design with what is new; the old points keep their numbers."""
    points: Sequence[Point] = old.points
    if old.points != new.points:
        latest = {_key(point, new): point for point in new.points}
        keys = [_key(point, old) for point in old.points]
        there = set(keys)
        added = [point for key, point in latest.items() if key not in there]
        points = Points.of([*(latest[key] for key in keys), *added])
    return old._replace(
        replicates=max(old.replicates, new.replicates),
        parameters=new.parameters,
        case=new.case,
        files=new.files,
        points=points,
    )


def refuse_changes(path: Path, old: Design, new: Design) -> None:
    """Refuse to add runs of one design to those of another.

    Raises
    ------
    StoreError
        With what changed and the ways out.
    """
    found = changes(old, new)
    if found:
        raise StoreError(
            f"{path} holds runs of another set-up: {first_few(found)}; choose another name=, or "
            f"--fresh, which keeps the old ones as {path.name}.old-DATE"
        )


def _key(point: Point, design: Design) -> str:
    """Return what makes a point what it is: its part and what it sets, not its label."""
    values = {
        name: design.content(name, value)
        for name, value in point.items()
        if name != LABEL and not name.startswith(CONDITION)
    }
    if values.get(SAMPLE) == UNSAMPLED:
        del values[SAMPLE]
    return json.dumps(values, sort_keys=True)
