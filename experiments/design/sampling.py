"""Sampled designs: worlds drawn from ranges of parameters, or listed in a file.

A sample is a list of rows, each a dictionary of what it sets by dotted name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.design.calibrated import CALIBRATED, calibrated_rows
from experiments.design.experiment import Part
from experiments.design.factorial import fraction_of
from experiments.design.points_file import read_points
from experiments.design.ranges import Axis, axes
from experiments.design.reading import DesignError

WHOLE = ("world", "all")
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
    where: str,
    calibrated: Path | None = None,
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
    where
        For messages.
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
        rows = read_points(part.file, part.samples, where)
        allow(len(rows))
        return Sample(rows, about | {"file": part.file})
    whole = part.ranges in WHOLE if not isinstance(part.ranges, Mapping) else "world" in part.ranges
    if calibrated is not None and whole:
        return _calibrated(part, calibrated, {*held, *forced}, allow, where)
    found = axes(part.ranges, part.left_out, held, forced, where)
    names = [axis.name for axis in found]
    bounds = [axis.bounds for axis in found]
    about["problem"] = {"num_vars": len(names), "names": names, "bounds": bounds}
    about["choices"] = {axis.name: list(axis.steps) for axis in found if axis.named}
    about |= {"log": [axis.name for axis in found if axis.log]} if any(a.log for a in found) else {}
    if design == "one_at_a_time":
        return Sample(_one_at_a_time(found), about)
    if design == "fractional":
        plan = fraction_of(names, part, where)
        about |= plan.describe()
        allow(len(plan.levels))
        shares = plan.levels.astype(float)
    else:
        if part.samples is None:
            raise DesignError(f"{where}: design {design} needs samples, a whole number from 1")
        about |= {"samples": part.samples, "design_seed": part.design_seed}
        about |= {"second_order": part.second_order} if design == "saltelli" else {}
        about |= {"num_levels": MORRIS_LEVELS} if design == "morris" else {}
        allow(part.samples * _rows_of_a_sample(part, len(names)))
        shares = _shares(part, len(names), where)
    columns = [axis.all_at(column) for axis, column in zip(found, shares.T, strict=True)]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return Sample(rows, about)


def _calibrated(
    part: Part, path: Path, given: Collection[str], allow: Callable[[int], None], where: str
) -> Sample:
    """Return worlds that the facts of a case do not rule out, without what is given otherwise."""
    if part.design not in ("latin_hypercube", "sobol"):
        raise DesignError(
            f"{where}: design {part.design} cannot draw from calibrated worlds; "
            "latin_hypercube and sobol can"
        )
    count = part.samples or 0
    allow(count)
    rows = [
        {name: value for name, value in row.items() if name not in given}
        for row in calibrated_rows(path, count, part.design_seed)
    ]
    about = {"design": CALIBRATED, "file": str(path), "samples": count}
    return Sample(rows, about | {"design_seed": part.design_seed})


def _rows_of_a_sample(part: Part, size: int) -> int:
    if part.design == "saltelli":
        return (2 * size if part.second_order else size) + 2
    return size + 1 if part.design == "morris" else 1


def _shares(part: Part, size: int, where: str) -> np.ndarray:
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
            f"{where}: samples = {count} must be a power of two for design {design}, as "
            f"{below} or {2 * below}: otherwise it is not balanced"
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


def _one_at_a_time(found: Sequence[Axis]) -> list[dict[str, Any]]:
    """Return the base, then each parameter at each end of its range, or at each choice."""
    rows: list[dict[str, Any]] = [{}]
    for axis in found:
        ends = axis.steps if axis.named else (axis.low, axis.high)
        rows += [{axis.name: value} for value in ends]
    return rows
