"""One run: what came out of it in words, its weekly table and its figure, in one folder.

results/runs/NAME/weekly.parquet, weekly.csv     a row a week
results/runs/NAME/outcome.json                   what came out; null: never happened
results/runs/NAME/network.json                   what the social network turned out to be
results/runs/NAME/config.yaml                    the resolved configuration
results/runs/NAME/provenance.json                versions, code revision, seed, command, times
results/runs/NAME/figures/timeline.svg, .png
results/runs/NAME/state.npz     to go on from, if it was saved at a week
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from experiments.config.choices import ConfigError
from experiments.config.settings import Settings
from experiments.execution.checkpoint import FILE as STATE
from experiments.execution.checkpoint import SavedRun, save
from experiments.execution.record import point_history
from experiments.store import provenance
from experiments.store.crate import write_crate
from experiments.store.layout import (
    CONFIG,
    CRATE,
    OUTCOME,
    PROVENANCE,
    display_path,
    finished_files,
)
from experiments.store.safety import atomic_directory
from sim.network import describe
from sim.run import Checkpoint, Run, finish, go_on, simulate_until
from sim.setup import lay_ties

FOLDER = "runs"
LONGEST_SHOWN = 80  # characters of what was set, in the name of a run without a name
NETWORK = "network.json"
_FILES = (
    "weekly.parquet", "weekly.csv", OUTCOME, NETWORK, CONFIG, PROVENANCE, CRATE, "figures",
    STATE, "report.html", "report.json",
)  # fmt: skip
"""What the folder of a run may hold, all of which a new run of the same name replaces."""


class Finished(NamedTuple):
    """A run that is stored."""

    run: Run
    folder: Path
    replaced: bool  # whether it took the place of an earlier one


def run_once(settings: Settings, start: SavedRun | None = None) -> Finished:
    """Simulate one world and write its folder, whole or not at all.

    Parameters
    ----------
    settings
        What to run, and whether to save it at a week.
    start
        A saved run to go on from.

    Raises
    ------
    ConfigError
        For a network that cannot be laid, or a folder that holds something else.
    CaseError
        If the case's record is shorter than the horizon.
    """
    source = provenance.provenance("run", settings.overrides)
    if start is None:
        checkpoint = _begin(settings)
    else:
        week = start.checkpoint.week if settings.save_week is None else settings.save_week
        checkpoint = go_on(start.checkpoint, week, settings.parameters)
    run = finish(checkpoint)
    folder = settings.results_dir / FOLDER / (settings.name or default_name(settings))
    replaced = folder.exists()
    foreign = [path.name for path in finished_files(folder) if path.name not in _FILES]
    if foreign or (replaced and not (folder / OUTCOME).is_file()):
        what = foreign[0] if foreign else "something"
        raise ConfigError(f"{folder} holds {what}, not only a run: choose another name=")
    if (folder / STATE).exists() and settings.save_week is None:
        raise ConfigError(
            f"{display_path(folder)} holds a saved run, whose state would be lost: choose another "
            "name="
        )
    with atomic_directory(folder) as new:
        write_run(run, settings, source, new)
        if settings.save_week is not None:
            save(checkpoint, settings.overrides if start is None else start.overrides, new)
    return Finished(run, folder, replaced)


def simulate_once(settings: Settings) -> Run:
    """Simulate one world, and write nothing; errors as `run_once`."""
    return finish(_begin(settings))


def default_name(settings: Settings) -> str:
    """Return the name of a run that the user did not name: its case, preset and what they set.

    Examples
    --------
    >>> from experiments.config.settings import compose
    >>> default_name(compose(["preset=threat", "users.count=500", "seed=3"]))
    'threat+users.count-500-seed3'
    """
    case = None if settings.case is None else settings.case.name
    parts = ["-".join(part for part in (case, settings.preset) if part) or "default"]
    values = {**settings.parameters.flat(), **settings.history}
    parts += [f"{name}-{values[name]}" for name in sorted(settings.given & values.keys())]
    exact = "+".join(parts) + str(settings.resolved["case"] or "")
    name = re.sub(r"[^\w.+-]+", "_", "+".join(parts))
    if len(name) > LONGEST_SHOWN or "case.file" in settings.given or name != "+".join(parts):
        digest = hashlib.sha256(exact.encode()).hexdigest()[:6]
        name = f"{name[:LONGEST_SHOWN]}-{digest}"
    return f"{name}-seed{settings.seed}"


def _begin(settings: Settings) -> Checkpoint:
    """Return the run at the end of the week at which it is saved; at week 0 if it is not."""
    parameters = settings.parameters
    history = point_history(settings.case, settings.history, parameters.horizon)
    try:
        network = lay_ties(parameters, settings.seed)
    except ValueError as error:
        named = str(error).split()[0] in settings.resolved["network"]
        raise ConfigError(f"network{'.' if named else ': '}{error}") from None
    return simulate_until(settings.save_week or 0, parameters, settings.seed, history, network)


# -- on disk ---------------------------------------------------------------------------------------


def write_run(run: Run, settings: Settings, source: dict[str, Any], folder: Path) -> None:
    """Write the files of a finished run into a folder.

    Parameters
    ----------
    run, settings
        The run, and what it was set up by.
    source
        Where it comes from (`provenance.provenance`).
    folder
        An empty folder.
    """
    from experiments.figures import style, timeline

    outcome = run.outcome._asdict()
    _write_weekly(run.records, folder / "weekly")
    known = {name: None if is_absent(value) else value for name, value in outcome.items()}
    _write_json(folder / OUTCOME, known)
    ties = describe(run.network, run.seed)._asdict()
    _write_json(folder / NETWORK, {k: None if is_absent(v) else v for k, v in ties.items()})
    text = yaml.safe_dump(settings.resolved, sort_keys=False, allow_unicode=True)
    (folder / CONFIG).write_text(text, encoding="utf-8")
    figure = timeline.draw(run.records, outcome, settings.parameters, settings.case)
    style.save(figure, folder / "figures", "timeline")
    source = {**source, "seed": settings.seed, "ended": provenance.now()}
    _write_json(folder / PROVENANCE, source)
    write_crate(folder)


def _write_weekly(records: np.ndarray, path: Path) -> None:
    """Write the weekly table as Parquet and CSV; what is not known is null, or empty."""
    names = records.dtype.names or ()
    table = pa.table({name: _arrow(np.ascontiguousarray(records[name])) for name in names})
    pq.write_table(table, path.with_suffix(".parquet"), compression="zstd")
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(names)
        lines.writerows([["" if is_absent(v) else v for v in row] for row in records.tolist()])


def _arrow(values: np.ndarray) -> pa.Array:
    """Return a column for Arrow from its memory: `pyarrow.array` would load pandas first."""
    known = np.packbits(~np.isnan(values), bitorder="little")
    buffers = [pa.py_buffer(known), pa.py_buffer(values)]
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), buffers)


def _write_json(path: Path, values: dict[str, Any]) -> None:
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def is_absent(value: Any) -> bool:
    """Return whether a value of an outcome never came to be."""
    return isinstance(value, float) and math.isnan(value)
