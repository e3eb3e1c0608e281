"""The runs of a result in one small file, to be published and compared: what varies, what came out.

Outcomes are those that results are compared by, rounded to three decimals. What all runs share is
in the file's metadata, so that it is read without the rest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.analysis.comparison import DECIMALS
from experiments.analysis.tables import CONDITION
from experiments.analysis.variants import OUTCOMES
from experiments.design.reading import HISTORY
from experiments.store import provenance
from experiments.store.layout import StoreError
from experiments.store.result import Result
from experiments.text import one_line
from sim.parameters import declarations

_ABOUT = b"about"
_COUNTED = ("point", "sample", "replicate", "seed")
_WHERE = ("part", "label", *_COUNTED)


def write_summary(result: Result, path: Path) -> None:
    """Write the summary of a result."""
    design, runs = result.design, result.runs()
    kept = [
        name
        for name in runs
        if name in (*_WHERE, *OUTCOMES, "grade", "error")
        or name in declarations()
        or name in HISTORY
        or name.startswith((CONDITION, "emerged_"))
    ]
    measured = [n for n in kept if n in OUTCOMES and pd.api.types.is_float_dtype(runs[n])]
    runs = runs[kept].round(dict.fromkeys(measured, DECIMALS))
    runs = runs.astype(dict.fromkeys(measured, "float32"))
    about = {
        "base": design.parameters,
        "planned": len(design.points) * design.replicates,
        "case": design.case,
        "model": provenance.digest(design.model),
    }
    table = pa.Table.from_pandas(runs, preserve_index=False)
    table = table.replace_schema_metadata({_ABOUT: json.dumps(about).encode()})
    counted = [name for name in _COUNTED if name in runs]
    pq.write_table(
        table, path, compression="zstd", compression_level=19,
        use_dictionary=[name for name in runs if name not in counted],
        column_encoding=dict.fromkeys(counted, "DELTA_BINARY_PACKED"),
    )  # fmt: skip


def read_summary(path: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return what all runs share, by the names of `comparison.Side`, and the runs.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    try:
        table = pq.read_table(path)
        about = json.loads(table.schema.metadata[_ABOUT])
        return about, table.to_pandas()
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as problem:
        raise StoreError(f"{path} is damaged ({one_line(problem, 100)})") from None
