"""Runs, sweeps and comparisons from Python: what the command ``momentum`` does, as functions.

Everything a function does not name is set by the name it has on the command line. Results are kept
in a temporary folder until the object is gone; with ``name=`` they stay in ``results/NAME``, where
the command finds them too.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from experiments import places
from experiments.errors import MomentumError
from experiments.interface.objects import Comparison, Result, Run
from sim.parameters import Parameters, declarations

if TYPE_CHECKING:
    import pandas as pd

    from experiments.config.settings import Settings

World = Parameters | Mapping[str, Any]
PLAIN = re.compile(r"(?!null|true|false|nan|inf)[A-Za-z_][\w.-]*", re.IGNORECASE)
"""Text that needs no quotes on the command line."""


def run(
    world: World | None = None,
    *,
    case: str | Path | None = None,
    preset: str | None = None,
    seed: int = 7,
) -> Run:
    """Simulate one world.

    Parameters
    ----------
    world
        Parameters by dotted name, or `Parameters`; what it does not set has its default, or what
        case and preset set.
    case
        The name of a case whose record is followed, or the path of a file of one's own.
    preset
        The name of a preset, such as ``right_momentum``.
    seed
        A whole number from 0; two worlds with one seed meet the same luck.

    Returns
    -------
    Run
        With ``weekly``, a table with a row a week from 0 to the horizon; ``outcome``; ``plot()``.

    Raises
    ------
    MomentumError
        For whatever cannot be meant; one line.

    Examples
    --------
    >>> run(preset="right_momentum", seed=1).outcome.emerged
    True
    """
    from experiments.execution.single_run import simulate_once

    settings = _settings(world, case=case, preset=preset, seed=seed)
    found = simulate_once(settings)
    result = Run(found.parameters, found.seed, found.state, found.outcome)
    result.case = settings.case
    return result


def sweep(
    values: World | None = None,
    *,
    experiment: str | None = None,
    case: str | Path | None = None,
    preset: str | None = None,
    name: str | None = None,
    progress: bool = True,
    **options: Any,
) -> Result:
    """Run many worlds, each with several seeds; what is there already is not run again.

    Parameters
    ----------
    values
        By dotted name of a parameter: a list is run through, and several lists cross; a tuple
        (low, high) is a range from which ``design`` draws; anything else is one value for all runs.
    experiment
        The name of an experiment, such as ``right_momentum``; None: just ``values``.
    case, preset
        As for `run`.
    name
        Of the folder in which the result stays; None: it is gone with the object.
    progress
        Whether to show how far the sweep is.
    **options
        As on the command line: ``replicates`` (20 by default), ``seed``, ``scale``, ``design``
        (``latin_hypercube``, ``sobol`` …), ``samples``, ``design_seed``, ``workers``, ``executor``,
        ``record_weekly``, ``time_limit``, ``fresh``, ``results_dir``.

    Returns
    -------
    Result
        With ``runs``, a pandas table with a row a run; ``weekly``, ``plot()``, ``report()`` and
        ``figures``.

    Raises
    ------
    MomentumError
        For whatever cannot be meant, before anything runs; one line. If the user stops the sweep,
        it says where the runs so far are.

    Examples
    --------
    >>> values = {"threat.base": (0.0, 0.6), "firm.policy": ["resist", "concede"]}
    >>> result = sweep(values, design="latin_hypercube", samples=3, replicates=2, progress=False)
    >>> len(result.runs)
    12
    """
    from experiments.execution.sweep import run_sweep

    folder = None
    if name is None and not options.get("results_dir"):
        folder = Path(tempfile.mkdtemp(prefix="momentum-"))
        options["results_dir"] = folder
    try:
        settings = _settings(values, experiment, case, preset, name=name, **options)
        result = Result(run_sweep(settings, progress), is_kept=folder is None)
    except BaseException:
        if folder is not None:
            with suppress(OSError):  # it is not empty if runs are stored
                folder.rmdir()
        raise
    if folder is not None:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
    return result


def load(name: str | Path, results_dir: str | Path | None = None) -> Result:
    """Return the result of a sweep, by its name or its path.

    Raises
    ------
    MomentumError
        If there is none, with the nearest name.
    """
    from experiments.store.catalog import open_result

    return Result(open_result(str(name), _results(results_dir)).path)


def list_results(results_dir: str | Path | None = None) -> pd.DataFrame:
    """Return the results in a folder: a row each, with its name and the command that made it.

    Parameters
    ----------
    results_dir
        The folder of results; the project's ``results/`` if not given.
    """
    import pandas as pd

    from experiments.store.catalog import results_in
    from experiments.store.layout import PROVENANCE, StoreError
    from experiments.store.records import read_record

    rows = []
    for name, folder in results_in(_results(results_dir)).items():
        try:
            known = read_record(folder / PROVENANCE, missing_ok=True)
        except StoreError as problem:  # one damaged result hides no other
            rows.append((name, "", str(problem)))
        else:
            rows.append((name, str(known.get("started", ""))[:10], known.get("command", "")))
    return pd.DataFrame(rows, columns=["name", "begun", "command"])


def compare(
    *results: Result | str | Path,
    name: str | None = None,
    results_dir: str | Path | None = None,
) -> Comparison:
    """Lay two or more results side by side, the others against the first.

    Parameters
    ----------
    *results
        Results, or their names or paths; those without a name are called A, B, … by their place.
    name
        Of the folder in which the page stays; None: it is gone with the object.
    results_dir
        The folder of results; the project's ``results/`` if not given.

    Raises
    ------
    MomentumError
        For fewer than two results, or one that cannot be read.
    """
    from experiments.comparison.compare import Comparison as SideBySide
    from experiments.comparison.compare import answer
    from experiments.comparison.page import write
    from experiments.comparison.sides import read_sides

    if len(results) < 2:
        raise MomentumError("compare takes two results or more")
    given = [str(each.path if isinstance(each, Result) else each) for each in results]
    sides = [
        side if getattr(each, "is_kept", True) else replace(side, name=_letter(place))
        for place, (each, side) in enumerate(
            zip(results, read_sides(given, _results(results_dir)), strict=True)
        )
    ]
    found = SideBySide(sides)
    folder = None if name is not None else Path(tempfile.mkdtemp(prefix="momentum-"))
    page = write(found, folder or _results(results_dir), name, [side.name for side in sides])
    result = Comparison(answer(found), found.differing, page)
    if folder is not None:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)
    return result


def _letter(place: int) -> str:
    """Return what a result without a name is called: A, B, … Z, then its number."""
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)


def _results(given: str | Path | None) -> Path:
    return places.RESULTS if given is None else Path(given)


def _settings(
    world: World | None,
    experiment: str | None = None,
    case: str | Path | None = None,
    preset: str | None = None,
    **options: Any,
) -> Settings:
    """Return the set-up that the same words on the command line would have."""
    from experiments.config.settings import compose

    if isinstance(world, Parameters):
        defaults = Parameters().flat()
        world = {name: value for name, value in world.flat().items() if value != defaults[name]}
    options |= {"experiment": experiment, "preset": preset}
    key = "case.file" if isinstance(case, Path) or "." in str(case) else "case"
    words = [_override(key, case)] if case is not None else []
    words += [_override(option, value) for option, value in options.items() if value is not None]
    ranges = {}
    for name, value in (world or {}).items():
        if isinstance(value, tuple):
            ranges[name] = list(value)
        else:
            words.append(_override(name, value))
    if ranges:
        if "design" not in options:
            name, (low, high) = next(iter(ranges.items()))
            raise MomentumError(
                f"{name}: a tuple is a range, from which a design draws: give design= and samples="
                f", or a list of values [{low}, {high}]"
            )
        words.append(_override("ranges", ranges))
    return compose(words)


def _override(name: str, value: Any) -> str:
    """Return what sets a name on the command line."""
    if hasattr(value, "tolist"):  # NumPy
        value = value.tolist()
    if isinstance(value, range):
        value = list(value)
    if isinstance(value, list) and name in declarations():
        return f"{name}={','.join(map(_written, value))}"
    return f"{name}={_written(value)}"


def _written(value: Any) -> str:
    """Return a value as it stands on the command line, in quotes only if it needs them."""
    from experiments.config.overrides import written

    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path) or (isinstance(value, str) and PLAIN.fullmatch(value)):
        return str(value)
    return written(value)
