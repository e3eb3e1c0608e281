"""Results on disk, readable without this code: a Parquet file a chunk, written whole or not at all.

results/NAME/runs/part-*.parquet      a row per run
results/NAME/weekly/part-*.parquet    a row per run and week, if recorded
results/NAME/config.yaml              the resolved configuration
results/NAME/design.json              what the runs depend on; says what a resume may add to
results/NAME/points.parquet           a row per point: what it sets
results/NAME/provenance.json          when, with which versions; the command to repeat it
results/NAME/lock, status.json        while a sweep runs: who runs it, and how far it is
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from experiments.design.experiment import (
    CONDITION,
    HISTORY,
    LABEL,
    SAMPLE,
    UNSAMPLED,
    Point,
    describe,
    varied,
)
from experiments.design.points import Points
from experiments.errors import MomentumError, did_you_mean
from experiments.store.runs import EMERGED, FAILED, MISSING, NOT_EMERGED, RunId
from sim.parameters import declarations

if TYPE_CHECKING:
    import pandas as pd

    from experiments.execution.execute import Task

SCHEMA_VERSION = 2
POINTS_IN_DESIGN = 1  # the version that kept the points in design.json
SCHEMA_NOTE = "docs/sweeps.md tells what each version holds and how older results are read"
PART = re.compile(r"part-\d{5,}-\d{5,}-[0-9a-f]{8}\.parquet")
UNFINISHED = re.compile(r"\..+\.tmp")
LOCK, STATUS, PROVENANCE = "lock", "status.json", "provenance.json"
OUTCOME = "outcome.json"  # of a single run
SUMMARY = "summary.parquet"  # of a published result
DESIGN, _POINTS, CONFIG = "design.json", "points.parquet", "config.yaml"
_SHAPES: dict[str, dict[str, Any]] = {
    PROVENANCE: {
        "runs": {"total": int},
        "sessions": [{"revision": {}, "versions": {}, "machine": {}}],
        "compared": [{}],
    },
    CONFIG: {"experiment": {"conditions": {}}},
    DESIGN: {
        "identity": str, "seed": int, "parameters": {}, "case": str, "model": {},
        "record_weekly": bool, "replicates": int,
    },
    STATUS: {},
    OUTCOME: {},
}  # fmt: skip
"""What readers rely on in the files of a result: a mapping of these, where they are there."""
_MENDED = {
    CONFIG: "delete it; the same command again writes it anew",
    DESIGN: "start the sweep with --fresh",
    OUTCOME: "make the run again",
}
_LOCK_TRIES, _LOCK_WAIT = (
    5,
    0.05,
)  # seconds: whoever asks for the status holds a lock for an instant
_IDENTITY = b"result"
_TOLD = 3  # differences named in one line


class StoreError(MomentumError, OSError):
    """A result that cannot be read, written or continued; the message is one line."""


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


# -- parts -----------------------------------------------------------------------------------------


def part_name(runs: Sequence[RunId]) -> str:
    """Return the name of the file of these runs: the same whenever they are done again."""
    digest = hashlib.sha256(repr([tuple(run) for run in runs]).encode()).hexdigest()[:8]
    return f"part-{runs[0].replicate:05d}-{runs[0].point:05d}-{digest}.parquet"


def write_part(
    task: Task,
    runs: Sequence[RunId],
    rows: Sequence[Mapping[str, Any]],
    weekly: Sequence[tuple[RunId, np.ndarray]],
) -> tuple[str, tuple[str, ...]]:
    """Write a chunk's tables beside their places; return their name and where they are.

    The files have names of their own, since a driver that was killed may have left workers of
    others behind that write the same chunk.
    """
    name = part_name(runs)
    token = uuid.uuid4().hex[:8]
    schema = _schema(task)
    missing, values = dict.fromkeys(schema.names), itemgetter(*schema.names)
    columns = zip(*(values({**missing, **row}) for row in rows), strict=True)
    tables = {"runs": pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)}
    if weekly:  # renamed first: where the runs are, the weeks are too
        tables = {"weekly": _weekly_table(task, weekly), **tables}
    files = {folder: f"{folder}/.{name}.{token}.tmp" for folder in tables}
    for folder, table in tables.items():
        _write(Path(task.folder) / files[folder], table)
    return name, tuple(files.values())


def _schema(task: Task) -> pa.Schema:
    from sim.outcome import Outcome

    types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    defaults = {name: field.default for name, field in declarations().items()} | HISTORY
    columns: dict[str, pa.DataType] = {"part": pa.string()}
    for name in task.marks:
        columns[name] = pa.int64() if name == SAMPLE else pa.string()
    columns["point"] = pa.int64()
    for name in task.columns:
        columns[name] = types.get(type(defaults[name]), pa.string())
    columns |= {name: pa.int64() for name in task.conditions}
    columns |= {"replicate": pa.int64(), "seed": pa.int64()}
    columns |= {name: types[kind] for name, kind in get_type_hints(Outcome).items()}
    columns |= {"duration_s": pa.float64(), "error": pa.string()}
    return pa.schema(columns.items(), metadata={_IDENTITY: task.identity.encode()})


def _weekly_table(task: Task, weekly: Sequence[tuple[RunId, np.ndarray]]) -> pa.Table:
    lengths = [len(records) for _, records in weekly]
    columns = {
        "point": np.repeat([run.point for run, _ in weekly], lengths),
        "replicate": np.repeat([run.replicate for run, _ in weekly], lengths),
    }
    for name in weekly[0][1].dtype.names or ():
        columns[name] = np.concatenate([records[name] for _, records in weekly])
    return pa.table(columns).replace_schema_metadata({_IDENTITY: task.identity.encode()})


def _write(path: Path, table: pa.Table) -> None:
    """Write a table completely."""
    try:
        with open(path, "wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise _cannot("write", path, problem) from None


def overdue_note(folder: str, runs: Sequence[RunId]) -> Path:
    """Return where a worker notes which of these runs took too long."""
    return Path(folder) / "runs" / f".{part_name(runs)}.overdue.tmp"


def read_part(path: Path, identity: str, columns: list[str] | None = None) -> pa.Table:
    """Read a part.

    Raises
    ------
    StoreError
        If it is damaged or belongs elsewhere, naming it.
    """
    if not PART.fullmatch(path.name) or not path.is_file():
        raise StoreError(f"{path} is not a part of this result: move it elsewhere")
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.schema_arrow.metadata or {}
            if metadata.get(_IDENTITY) != identity.encode():
                raise StoreError(f"{path} belongs to another result: move it elsewhere")
            return file.read(columns)
    except StoreError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as problem:
        reason = " ".join(str(problem).split())[:100]
        raise StoreError(
            f"{path} is damaged ({reason}): delete it and start the sweep again to redo its runs"
        ) from None


def _parts(folder: Path) -> list[Path]:
    """Return the files of a folder, without what was left unfinished."""
    try:
        found = sorted(folder.iterdir()) if folder.exists() else []
    except OSError as problem:
        raise _cannot("read", folder, problem) from None
    return [path for path in found if not UNFINISHED.fullmatch(path.name)]


# -- reading ---------------------------------------------------------------------------------------


class Result:
    """A result folder, to be read."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @cached_property
    def design(self) -> Design:
        """What the runs depend on."""
        return read_design(self.path)

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved configuration."""
        return read_record(self.path / CONFIG)

    @property
    def provenance(self) -> dict[str, Any]:
        """Versions, code revision, machine, times, and the command; empty if not kept."""
        return read_record(self.path / PROVENANCE, missing_ok=True)

    def runs(self) -> pd.DataFrame:
        """Return a row for each run, ordered by point and replicate.

        Where a run failed, ``error`` says why and its outcomes are missing.

        Raises
        ------
        StoreError
            For a file that is damaged or foreign, naming it.
        """
        import pandas as pd

        tables = self.tables()
        if not tables:
            return pd.DataFrame({"part": [], "point": [], "replicate": [], "error": []})
        return tidy(tables, self.design)

    def tables(self) -> list[pa.Table]:
        """Return the runs as they are stored, a table a part."""
        return [read_part(path, self.design.identity) for path in _parts(self.path / "runs")]

    def weekly(self) -> pd.DataFrame:
        """Return a row for each run and week, ordered by point, replicate, week; empty if none."""
        import pandas as pd

        finished = {path.name for path in _parts(self.path / "runs")}
        parts = [path for path in _parts(self.path / "weekly") if path.name in finished]
        if not parts:
            return pd.DataFrame({"point": [], "replicate": [], "week": []})
        tables = [read_part(path, self.design.identity) for path in parts]
        frame = pa.concat_tables(tables).to_pandas()
        keys = ["point", "replicate", "week"]
        return frame.drop_duplicates(keys).sort_values(keys, ignore_index=True)

    def outcomes(self, points: int, replicates: int, beyond: bool = False) -> np.ndarray:
        """Return what is known of each run (`experiments.store.runs`), int8, (points, replicates).

        Parameters
        ----------
        points, replicates
            How many there are.
        beyond
            Whether to add columns for the further replicates that some points have.
        """
        known = np.full((points, replicates), MISSING, dtype=np.int8)
        columns = ["point", "replicate", "error", "emerged"]
        for path in _parts(self.path / "runs"):
            table = read_part(path, self.design.identity, columns)
            point, replicate = table["point"].to_numpy(), table["replicate"].to_numpy()
            if beyond and (more := replicate.max(initial=0) + 1 - known.shape[1]) > 0:
                known = np.pad(known, ((0, 0), (0, more)), constant_values=MISSING)
            emerged = table["emerged"].fill_null(False).to_numpy()
            outcome = np.where(emerged, EMERGED, NOT_EMERGED)
            outcome[table["error"].to_numpy() != ""] = FAILED
            asked = (point < points) & (replicate < known.shape[1])
            known[point[asked], replicate[asked]] = outcome[asked]
        return known


def tidy(tables: Sequence[pa.Table], design: Design) -> pd.DataFrame:
    """Return runs as a data frame: each once, ordered, every varied parameter with its value."""
    table = pa.concat_tables(tables, promote_options="default")
    frame = table.to_pandas()
    frame = frame.drop_duplicates(["point", "replicate"])
    frame = frame.sort_values(["point", "replicate"], ignore_index=True)
    worlds = design.parameters
    for name in varied(design.points):  # what began to vary only when the sweep grew
        if name not in frame:
            frame[name] = worlds[name]
        elif frame[name].isna().any():
            frame[name] = frame[name].fillna(worlds[name])
    if SAMPLE in frame:
        frame[SAMPLE] = frame[SAMPLE].fillna(UNSAMPLED).astype("int64")
    for field in table.schema:
        if pa.types.is_boolean(field.type) and frame[field.name].isna().any():
            frame[field.name] = frame[field.name].astype("boolean")  # missing where a run failed
    return frame


def open_result(name_or_path: str | Path, results_dir: str | Path) -> Result:
    """Return a sweep whose runs are there, by its name, or by its path.

    Raises
    ------
    StoreError
        If there is none, with the nearest name, or with what remakes its runs.
    """
    results = Path(results_dir)
    places = (results / name_or_path, results / "published" / name_or_path, Path(name_or_path))
    for path in places:
        if (path / DESIGN).is_file():
            return Result(path)
    for path in places:
        if (path / PROVENANCE).is_file():
            raise StoreError(f"{name_or_path} {_without_runs(path)}")
    names = sorted(path.parent.name for path in results.glob(f"*/{DESIGN}"))
    there = f"; there are {', '.join(names)}" if names else ""
    hint = did_you_mean(str(name_or_path), names, there)
    raise StoreError(f"no result {name_or_path} in {results}{hint}")


def _without_runs(path: Path) -> str:
    """Return what there is instead in a folder without the runs of a sweep."""
    told = "holds no runs of a sweep, of which a report is made"
    for there in (path / "report.html", path / "figures" / "timeline.png"):
        if there.is_file():
            told += f"; there is {shown(there)}"
            break
    command = str(Result(path).provenance.get("command", ""))
    if command.startswith("momentum sweep"):
        told += f"; {command} and then momentum report {path.name} remake it"
    return told


def shown(path: Path) -> str:
    """Return a path as short as it can be written from the current folder."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def read_record(path: Path, missing_ok: bool = False) -> dict[str, Any]:
    """Read what a JSON or YAML file of a result says.

    Parameters
    ----------
    path
        Of the file.
    missing_ok
        Whether it is empty, rather than an error, that there is no such file.

    Raises
    ------
    StoreError
        If it is damaged, naming it.
    """
    if missing_ok and not path.exists():
        return {}
    text = _read_text(path)
    try:
        found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError):
        found = None
    if not isinstance(found, dict) or not _fits(found, _SHAPES[path.name]):
        mended = _MENDED.get(path.name, "delete it; the runs can be read without it")
        raise StoreError(f"{path} is damaged: {mended}")
    return found


def _fits(given: Any, shape: Any) -> bool:
    """Return whether what a file says has a shape as in `_SHAPES`; null has any."""
    if given is None:
        return True
    if isinstance(shape, dict):
        return isinstance(given, dict) and all(_fits(given.get(k), shape[k]) for k in shape)
    if isinstance(shape, list):
        return isinstance(given, list) and all(
            each is not None and _fits(each, shape[0]) for each in given
        )
    return isinstance(given, shape)


def read_design(path: Path) -> Design:
    """Read what the runs of a result depend on."""
    given = read_record(path / DESIGN)
    try:
        version = given.pop("schema")
        if version not in (POINTS_IN_DESIGN, SCHEMA_VERSION):
            raise StoreError(f"{path} was written by another version of this program: use --fresh")
        if version == SCHEMA_VERSION:
            given["points"] = _read_points(path / _POINTS)
        return Design(**given)
    except (KeyError, TypeError):
        raise StoreError(f"{path / DESIGN} is damaged: {_MENDED[DESIGN]}") from None


def _read_points(path: Path) -> Points:
    try:
        return Points(pq.read_table(path, partitioning=None))
    except (pa.ArrowException, OSError) as problem:
        reason = " ".join(str(problem).split())[:100]
        raise StoreError(
            f"{path} cannot be read ({reason}): start the sweep with --fresh"
        ) from None


# -- writing ---------------------------------------------------------------------------------------


class Store:
    """A result folder held by this process, to be added to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def __enter__(self) -> Self:
        """Make the folder and hold it.

        Raises
        ------
        StoreError
            If it cannot be written, or another process holds it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(self.path / LOCK)
        except StoreError:
            raise
        except OSError as problem:
            raise _cannot("write", self.path, problem) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was left unfinished and let go of the folder."""
        if self._lock is not None:
            self.clean()
            for name in (STATUS, LOCK):
                (self.path / name).unlink(missing_ok=True)
            os.close(self._lock)

    @property
    def result(self) -> Result:
        """The folder, to be read."""
        return Result(self.path)

    @property
    def started(self) -> bool:
        """Whether the folder holds a sweep already.

        Raises
        ------
        StoreError
            If it holds something else.
        """
        if (self.path / DESIGN).exists():
            return True
        others = [
            p.name for p in _parts(self.path) if p.name not in (LOCK, _POINTS, "runs", "weekly")
        ]
        others += [f"{folder}/…" for folder in ("runs", "weekly") if _parts(self.path / folder)]
        if others:
            raise StoreError(f"{self.path} holds {others[0]}, not a sweep: choose another name=")
        return False

    def set_aside(self) -> Path | None:
        """Keep what is there as NAME.old-DATE and start afresh; return where it is kept."""
        if not self.started:
            return None
        now = datetime.now().astimezone()
        old = self.path.with_name(f"{self.path.name}.old-{now:%Y-%m-%d}")
        if old.exists():
            old = self.path.with_name(f"{self.path.name}.old-{now:%Y-%m-%d-%H%M%S}")
        self.__exit__(None, None, None)
        try:
            self.path.rename(old)
        except OSError as problem:
            raise _cannot("rename", self.path, problem) from None
        self.__enter__()
        return old

    def write_design(self, design: Design) -> None:
        """Write what the runs depend on, and make room for them."""
        written = self.path / f".{_POINTS}.tmp"
        _write(written, Points.of(design.points).table)
        _rename(written, self.path / _POINTS)
        told = {name: value for name, value in design._asdict().items() if name != "points"}
        self.write_json(DESIGN, {"schema": SCHEMA_VERSION, **told})
        self.make_room(design.record_weekly)

    def make_room(self, weekly: bool) -> None:
        """Make the folders of the runs, and of their weeks if they are recorded."""
        try:
            for folder in ("runs", "weekly") if weekly else ("runs",):
                (self.path / folder).mkdir(exist_ok=True)
        except OSError as problem:
            raise _cannot("write", self.path, problem) from None

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Write the resolved configuration."""
        self._write_text(CONFIG, yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True))

    def write_provenance(self, provenance: Mapping[str, Any]) -> None:
        """Write versions, machine, times, and the command that repeats the sweep."""
        self.write_json(PROVENANCE, provenance)

    def write_status(self, status: Mapping[str, Any]) -> None:
        """Write how far the sweep is; it may be lost when the machine fails."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._write_text(STATUS, json.dumps({**status, "updated": now}), durable=False)

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file of the folder."""
        self._write_text(name, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def commit(self, name: str, files: Sequence[str]) -> Path:
        """Give a chunk's files their names: from now on its runs are done; return their file."""
        for file in files:
            written = self.path / file
            _rename(written, written.with_name(name))
        return self.path / "runs" / name

    def clean(self) -> None:
        """Remove what was left unfinished."""
        for folder in (self.path, self.path / "runs", self.path / "weekly"):
            for path in list(folder.glob(".*")):
                if UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)
        for path in _parts(self.path / "weekly"):
            if PART.fullmatch(path.name) and not (self.path / "runs" / path.name).exists():
                path.unlink(missing_ok=True)

    def _write_text(self, name: str, text: str, durable: bool = True) -> None:
        path = self.path / name
        written = path.with_name(f".{name}.tmp")
        try:
            with open(written, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
        except OSError as problem:
            raise _cannot("write", path, problem) from None
        _rename(written, path, durable)


def changes(old: Design, new: Design) -> list[str]:
    """Return in words why runs of one design must not be mixed with those of another."""
    found = []
    if old.seed != new.seed:
        found.append(f"seed {old.seed} → {new.seed}")
    for name, value in new.parameters.items():
        before = old.parameters.get(name)
        if before != value:
            found.append(f"{name} {before} → {value}")
    found += [f"{name} is no longer there" for name in old.parameters if name not in new.parameters]
    if old.case != new.case:
        found.append(f"case {old.case or 'none'} → {new.case or 'none'}")
    if old.record_weekly != new.record_weekly:
        found.append(f"record_weekly {old.record_weekly} → {new.record_weekly}")
    sources = sorted({*old.model, *new.model})
    edited = [name for name in sources if old.model.get(name) != new.model.get(name)]
    if edited:
        found.append(f"the model's code ({_some(edited)})")
    if old.points == new.points:
        return found
    wanted = {_key(point) for point in new.points}
    lost = [point for point in old.points if _key(point) not in wanted]
    if lost:
        found.append(f"{len(lost)} of its points are not in the design now ({describe(lost[0])})")
    return found


def grown(old: Design, new: Design) -> Design:
    """Return the old design with what is new; the old points keep their numbers."""
    replicates = max(old.replicates, new.replicates)
    if old.points == new.points:
        return old._replace(replicates=replicates)
    there = {_key(point) for point in old.points}
    added = [point for point in new.points if _key(point) not in there]
    latest = {_key(point): point for point in new.points}
    points = [latest[_key(point)] for point in old.points] + added
    return old._replace(points=Points.of(points), replicates=replicates)


def refuse_changes(path: Path, old: Design, new: Design) -> None:
    """Refuse to add runs of one design to those of another.

    Raises
    ------
    StoreError
        Naming what changed and the ways out.
    """
    found = changes(old, new)
    if found:
        raise StoreError(
            f"{path} holds runs of another set-up: {_some(found)}; choose another name=, or "
            f"--fresh, which keeps the old ones as {path.name}.old-DATE"
        )


def _key(point: Point) -> str:
    """Return what makes a point what it is: its part and what it sets, not its label."""
    values = {k: v for k, v in point.items() if k != LABEL and not k.startswith(CONDITION)}
    if values.get(SAMPLE) == UNSAMPLED:
        del values[SAMPLE]
    return json.dumps(values, sort_keys=True)


def _some(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _TOLD} more" if len(texts) > _TOLD else ""
    return ", ".join(texts[:_TOLD]) + more


def _lock(path: Path) -> int:
    """Return the descriptor of a lock file; the lock ends with the process, however it ends."""
    tries = 0
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tries += 1
            if tries < _LOCK_TRIES:
                os.close(descriptor)
                time.sleep(_LOCK_WAIT)
                continue
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            os.close(descriptor)
            raise StoreError(f"{path.parent} is being written by {holder}") from None
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            break
        os.close(descriptor)  # its holder removed it in between
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()} on {os.uname().nodename}\n".encode())
    return descriptor


def _rename(written: Path, path: Path, durable: bool = True) -> None:
    try:
        written.replace(path)
        if not durable:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        raise _cannot("write", path, problem) from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise _cannot("read", path, problem) from None


def _cannot(what: str, path: Path, problem: OSError | UnicodeDecodeError) -> StoreError:
    reason = getattr(problem, "strerror", None) or " ".join(str(problem).split())
    return StoreError(f"cannot {what} {path}: {reason}")
