"""Sampled designs: worlds drawn from ranges of parameters, or listed in a file.

A sample is a list of rows, each a dictionary of what it sets by dotted name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.design.calibrated import CALIBRATED, draw_calibrated
from experiments.design.experiment import Part
from experiments.design.fractional import fraction_of
from experiments.design.ranges import axes
from experiments.design.reading import HISTORY, LABEL, DesignError, check_value
from experiments.files import FileError
from experiments.places import ROOT, expand_user
from experiments.spreadsheet import Sheet, plain_numbers, read_sheet
from sim.parameters import declarations, unknown_name

WHOLE = ("world", "all")
MOST_ROWS = 1_000_000  # of a file
MORRIS_LEVELS = 4  # of each parameter; a step is two of them


class Sample(NamedTuple):
    """A sampled design."""

    rows: list[dict[str, Any]]
    design: dict[str, Any]  # how it was made, and what SALib calls its problem


def draw_worlds(
    part: Part,
    held: Collection[str],
    forced: Collection[str],
    allow: Callable[[int], None],
    calibrated: Path | None,
) -> Sample:
    """Return the sample a part describes.

    Parameters
    ----------
    part
        What the part says; its design is a sampled one.
    held
        Names that are not drawn, since the user gave them a value.
    forced
        Names that every variant of the part sets: to draw them would be in vain.
    allow
        Called with the number of rows before they are drawn; raises if there are too many.
    calibrated
        A stored set of calibrated worlds, which stands in for all ranges.

    Raises
    ------
    DesignError
        For what the description gets wrong.
    """
    design = part.design
    about: dict[str, Any] = {"design": design}
    if design == "csv":
        rows = _read_points(part.file, part.samples)
        allow(len(rows))
        return Sample(rows, about | {"file": part.file})
    whole = part.ranges in WHOLE if not isinstance(part.ranges, Mapping) else "world" in part.ranges
    if calibrated is not None and whole:
        return _calibrated(part, calibrated, {*held, *forced}, allow)
    found = axes(part.ranges, part.left_out, held, forced)
    names = [axis.name for axis in found]
    bounds = [axis.bounds for axis in found]
    about["problem"] = {"num_vars": len(names), "names": names, "bounds": bounds}
    about["choices"] = {axis.name: list(axis.steps) for axis in found if axis.named}
    about |= {"log": [axis.name for axis in found if axis.log]} if any(a.log for a in found) else {}
    if design == "one_at_a_time":
        ends = {axis.name: axis.steps if axis.named else (axis.low, axis.high) for axis in found}
        alone = [{name: value} for name, values in ends.items() for value in values]
        return Sample([{}, *alone], about)
    if design == "fractional":
        plan = fraction_of(names, part)
        about |= plan.describe()
        allow(len(plan.levels))
        shares = plan.levels.astype(float)
    else:
        if part.samples is None:
            raise DesignError(f"design {design} needs samples, a whole number from 1")
        about |= {"samples": part.samples, "design_seed": part.design_seed}
        about |= {"second_order": part.second_order} if design == "saltelli" else {}
        about |= {"num_levels": MORRIS_LEVELS} if design == "morris" else {}
        allow(part.samples * _rows_of_a_sample(part, len(names)))
        shares = _shares(part, len(names))
    columns = [axis.all_at(column) for axis, column in zip(found, shares.T, strict=True)]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return Sample(rows, about)


def _calibrated(
    part: Part, path: Path, given: Collection[str], allow: Callable[[int], None]
) -> Sample:
    """Return worlds that the facts of a case do not rule out, without what is given otherwise."""
    if part.design not in ("latin_hypercube", "sobol"):
        raise DesignError(
            f"design {part.design} cannot draw from calibrated worlds; latin_hypercube and "
            "sobol can"
        )
    count = part.samples or 0
    allow(count)
    worlds = draw_calibrated(path, count, part.design_seed).drop(columns=[*given], errors="ignore")
    rows = [
        {str(name): check_value(str(name), value) for name, value in row.items()}
        for row in worlds.to_dict("records")
    ]
    about = {"design": CALIBRATED, "file": str(path), "samples": count}
    return Sample(rows, about | {"design_seed": part.design_seed})


def _rows_of_a_sample(part: Part, size: int) -> int:
    if part.design == "saltelli":
        return (2 * size if part.second_order else size) + 2
    return size + 1 if part.design == "morris" else 1


def _shares(part: Part, size: int) -> np.ndarray:
    """Return where each row lies in each range, 0 to 1, (rows, size).

    Latin hypercube: McKay, Beckman & Conover (1979), doi:10.1080/00401706.1979.10489755.
    Sobol: Sobol' (1967), scrambled (Owen 1998), doi:10.1016/0041-5553(67)90144-9.
    Saltelli: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018.
    Morris: Morris (1991), doi:10.1080/00401706.1991.10484804.
    """
    design, count, seed = part.design, part.samples or 0, part.design_seed
    if design in ("sobol", "saltelli") and count & (count - 1):
        below = 2 ** (count.bit_length() - 1)
        raise DesignError(
            f"samples = {count} must be a power of two for design {design}, as {below} or "
            f"{2 * below}: otherwise it is not balanced"
        )
    if design == "latin_hypercube":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(size, rng=seed).random(count))
    if design == "sobol":
        from scipy.stats import qmc

        return np.asarray(qmc.Sobol(size, rng=seed).random_base2(count.bit_length() - 1))
    problem = {
        "num_vars": size,
        "names": [str(i) for i in range(size)],
        "bounds": [[0.0, 1.0]] * size,
    }
    if design == "saltelli":
        from SALib.sample import sobol

        return np.asarray(
            sobol.sample(problem, count, calc_second_order=part.second_order, seed=seed)
        )
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, count, num_levels=MORRIS_LEVELS, seed=seed))


# -- points listed in a file -----------------------------------------------------------------------


def _read_points(file: str, samples: int | None) -> list[dict[str, Any]]:
    """Return the rows of a CSV file, what each sets by dotted name, and its label if it has one.

    Numbers are understood as in a case (`experiments.spreadsheet`); an empty cell sets nothing.
    """
    given = expand_user(file)
    path = given if given.exists() or not (ROOT / given).exists() else ROOT / given
    sheet = read_sheet(path, MOST_ROWS)
    names = _names(sheet)
    columns = {name: [row[at] for row in sheet.rows] for name, at in names.items()}
    numbers = {name for name in columns if isinstance(_default(name), int | float)}
    columns |= plain_numbers(sheet, {name: columns[name] for name in numbers})
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    labels: dict[str, int] = {}
    for number, cells in enumerate(zip(*columns.values(), strict=True)):
        line = sheet.rows[number][0].line
        row = {
            name: cell.text if name == LABEL else _value(name, cell.text, sheet.path, line)
            for name, cell in zip(columns, cells, strict=True)
            if cell.text
        }
        settings = repr(sorted((name, value) for name, value in row.items() if name != LABEL))
        first = seen.setdefault(settings, line)
        if first < line:
            raise FileError(sheet.path, f"the same point twice: it is in line {first} too", line)
        first = labels.setdefault(row.get(LABEL, ""), line)
        if first < line and row.get(LABEL):
            raise FileError(sheet.path, f"label {row[LABEL]} is in line {first} too", line)
        rows.append(row)
    if samples is not None and samples > len(rows):
        raise DesignError(f"samples = {samples}, but {file} has {len(rows)} rows")
    return rows[:samples]


def _names(sheet: Sheet) -> dict[str, int]:
    """Return which column holds which parameter."""
    known = [*declarations(), *HISTORY, LABEL]
    found: dict[str, int] = {}
    for at, (line, name) in enumerate(sheet.header):
        if name not in known:
            problem = "has no name" if not name else unknown_name(name[:80], known)
            raise FileError(sheet.path, f"column {at + 1}: {problem}", line)
        if name in found:
            raise FileError(sheet.path, f"{name} is named twice", line)
        found[name] = at
    return found


def _default(name: str) -> Any:
    if name == LABEL:
        return ""
    return HISTORY[name] if name in HISTORY else declarations()[name].default


def _value(name: str, text: str, file: str, line: int) -> Any:
    """Return the value of a cell in its parameter's type."""
    default = _default(name)
    value: Any = text
    if isinstance(default, bool):
        value = {"true": True, "false": False}.get(text.lower(), text)
    elif re.fullmatch(r"[-+]?\d+", text, re.ASCII) and isinstance(default, int | float):
        value = int(text)
    elif isinstance(default, int | float):
        try:
            value = float(text)
        except ValueError:
            raise FileError(file, f"{name} = {text!r} is not a number", line) from None
        if isinstance(default, int) and value.is_integer():
            value = int(value)
    try:
        return check_value(name, value)
    except DesignError as error:
        raise FileError(file, str(error), line) from None
