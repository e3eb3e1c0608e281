"""A result folder, to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from experiments.design.point import SAMPLE, UNSAMPLED, varied
from experiments.places import CONF
from experiments.store.identity import (
    Design,
    digest_of_file,
    digest_of_record,
    file_parameters,
    read_design,
)
from experiments.store.layout import CONFIG, PROVENANCE, finished_files
from experiments.store.parts import EMERGED, FAILED, MISSING, NOT_EMERGED, read_part
from experiments.store.records import read_record

if TYPE_CHECKING:
    import pandas as pd

    from experiments.cases.case import Case

CASES = CONF / "case"


class Result:
    """A result folder, to be read."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Result({str(self.path)!r})"

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
        """Versions, code revision, machine, times, and the command; empty if there is no file."""
        return read_record(self.path / PROVENANCE, missing_ok=True)

    @cached_property
    def case(self) -> Case | None:
        """The case whose record the runs follow; None if there is none, or it cannot be read."""
        from experiments.cases.case import CaseError
        from experiments.cases.reader import read_case

        given = self.config.get("case")
        if not given:
            return None
        path = Path(given["file"]) if given.get("file") else CASES / f"{given.get('name')}.yaml"
        try:
            return read_case(path.expanduser()) if path.expanduser().is_file() else None
        except CaseError:
            return None

    @cached_property
    def changed_inputs(self) -> list[str]:
        """The files that the runs were made from and that are gone or hold something else now.

        Nothing can be simulated again as it was if there are any. A case is named ``the record of
        the case NAME``, another file by its path.
        """
        found = []
        if self.design.case and not self._same_record():
            found.append(f"the record of the case {self.design.case.rpartition(' ')[0]}")
        for path, digest in self.design.files.items():
            if digest_of_file(path) != digest:
                found.append(path)
        return found

    @property
    def record_changed(self) -> bool:
        """Whether the case can be read and its record is not the one that the runs follow."""
        return bool(self.design.case) and self.case is not None and not self._same_record()

    def _same_record(self) -> bool:
        return self.case is not None and digest_of_record(self.case) == self.design.record

    def runs(self) -> pd.DataFrame:
        """Return a row for each run, ordered by point and replicate.

        Where a run failed, ``error`` says why and its outcomes are missing.

        Raises
        ------
        StoreError
            For a file that is damaged or foreign; the message names it.
        """
        import pandas as pd

        tables = self.tables()
        if not tables:
            return pd.DataFrame({"part": [], "point": [], "replicate": [], "error": []})
        return tidy(tables, self.design)

    @property
    def stored(self) -> tuple[str, ...]:
        """The names of the files that hold the runs; what is stored anew has another name."""
        return tuple(path.name for path in self._parts("runs"))

    def tables(self) -> list[pa.Table]:
        """Return the runs as they are stored, a table a part."""
        return [read_part(path, self.design.identity) for path in self._parts("runs")]

    def weekly(self) -> pd.DataFrame:
        """Return a row for each run and week, ordered by point, replicate, week; empty if none."""
        import pandas as pd

        finished = {path.name for path in self._parts("runs")}
        parts = [path for path in self._parts("weekly") if path.name in finished]
        if not parts:
            return pd.DataFrame({"point": [], "replicate": [], "week": []})
        tables = [read_part(path, self.design.identity) for path in parts]
        frame = pa.concat_tables(tables).to_pandas()
        keys = ["point", "replicate", "week"]
        return frame.drop_duplicates(keys).sort_values(keys, ignore_index=True)

    def outcomes(self, points: int, replicates: int, beyond: bool = False) -> np.ndarray:
        """Return what is known of each run (`experiments.store.parts`), int8, (points, replicates).

        Parameters
        ----------
        points, replicates
            How many there are.
        beyond
            Whether to add columns for the further replicates that some points have.
        """
        known = np.full((points, replicates), MISSING, dtype=np.int8)
        columns = ["point", "replicate", "error", "emerged"]
        for path in self._parts("runs"):
            table = read_part(path, self.design.identity, columns)
            rows = {key: table[key].to_pylist() for key in columns}  # to_numpy would load pandas
            point, replicate = (np.array(rows[key], int) for key in ("point", "replicate"))
            if beyond and (more := replicate.max(initial=0) + 1 - known.shape[1]) > 0:
                known = np.pad(known, ((0, 0), (0, more)), constant_values=MISSING)
            ends = [
                FAILED if error != "" else EMERGED if came else NOT_EMERGED
                for error, came in zip(rows["error"], rows["emerged"], strict=True)
            ]
            asked = (point < points) & (replicate < known.shape[1])
            outcome = np.array(ends, np.int8)
            np.maximum.at(known, (point[asked], replicate[asked]), outcome[asked])
        return known

    def errors(self) -> Counter[str]:
        """Return how many stored runs failed, by their error."""
        found: Counter[str] = Counter()
        for path in self._parts("runs"):
            column = read_part(path, self.design.identity, ["error"])["error"]
            found.update(text for text in column.to_pylist() if text)
        return found

    def _parts(self, folder: str) -> list[Path]:
        return finished_files(self.path / folder)


def tidy(tables: Sequence[pa.Table], design: Design) -> pd.DataFrame:
    """Return runs as a data frame: each once, ordered, every varied parameter with its value."""
    table = pa.concat_tables(tables, promote_options="default")
    keys = table.select(["point", "replicate", "error"]).to_pandas()
    keys = keys.sort_values("error", kind="stable")  # of a run done again, the one that succeeded
    keys = keys.drop_duplicates(["point", "replicate"]).sort_values(["point", "replicate"])
    table = table.take(keys.index.to_numpy())
    frame = table.to_pandas()
    worlds = design.parameters
    for name in varied(design.points):  # what began to vary only when the sweep grew
        if name not in frame:
            frame[name] = worlds[name]
        elif frame[name].isna().any():
            frame[name] = frame[name].fillna(worlds[name])
        if name in file_parameters():  # a file that was moved has one path in all rows
            paths = [point.get(name, worlds[name]) for point in design.points]
            frame[name] = frame["point"].map(dict(enumerate(paths)))
    if SAMPLE in frame:
        frame[SAMPLE] = frame[SAMPLE].fillna(UNSAMPLED).astype("int64")
    for field in table.schema:
        if pa.types.is_boolean(field.type) and frame[field.name].isna().any():
            frame[field.name] = frame[field.name].astype("boolean")  # missing where a run failed
    return frame
