"""Sampled designs: worlds drawn from ranges of parameters, or listed in a file.

A sample is a list of rows, each a dictionary of what it sets by dotted name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.design.fractional import Fraction, fraction
from experiments.design.points_file import read_points
from experiments.design.ranges import Axis, axes
from experiments.design.reading import DesignError, read_mapping, read_names, read_whole

MORRIS_LEVELS = 4  # of each parameter; a step is two of them
MOST_SAMPLES = 1_000_000

KEYS = {
    "latin_hypercube": ("samples", "ranges", "except", "design_seed"),
    "sobol": ("samples", "ranges", "except", "design_seed"),
    "saltelli": ("samples", "ranges", "except", "design_seed", "second_order"),
    "morris": ("samples", "ranges", "except", "design_seed"),
    "one_at_a_time": ("ranges", "except"),
    "fractional": ("ranges", "except", "resolution", "generators"),
    "csv": ("file", "samples"),
}
"""The sampled designs, each with the keys it reads."""


class Sample(NamedTuple):
    """A sampled design."""

    rows: list[dict[str, Any]]
    told: dict[str, Any]  # how it was made, and what SALib calls its problem


# -- rows ------------------------------------------------------------------------------------------


def draw(
    part: Mapping[str, Any], held: Collection[str], forced: Collection[str], where: str
) -> Sample:
    """Return the sample a part describes.

    Parameters
    ----------
    part
        Its description; ``design`` is one of `KEYS`.
    held
        Names that are not drawn, since the user gave them a value.
    forced
        Names that every arm of the part sets: to draw them would be in vain.
    where
        For messages.

    Raises
    ------
    DesignError
        For what the description gets wrong.
    """
    design = part["design"]
    told: dict[str, Any] = {"design": design}
    if design == "csv":
        return Sample(_from_file(part, where), told | {"file": str(part["file"])})
    found = axes(part, held, forced, where)
    names = [axis.name for axis in found]
    bounds = [axis.bounds for axis in found]
    told["problem"] = {"num_vars": len(names), "names": names, "bounds": bounds}
    told["choices"] = {axis.name: list(axis.steps) for axis in found if axis.named}
    if design == "one_at_a_time":
        return Sample(_one_at_a_time(found), told)
    if design == "fractional":
        plan = fraction_of(names, part, where)
        told |= fraction_told(plan)
        shares = plan.levels.astype(float)
    else:
        seed = read_whole(part.get("design_seed", 0), 0, f"{where}: design_seed")
        count = read_whole(part.get("samples"), 1, f"{where}: samples")
        second = part.get("second_order", False)
        if not isinstance(second, bool):
            raise DesignError(f"{where}: second_order = {second!r} must be true or false")
        told |= {"samples": count, "design_seed": seed}
        told |= {"second_order": second} if design == "saltelli" else {}
        told |= {"num_levels": MORRIS_LEVELS} if design == "morris" else {}
        shares = _shares(design, len(names), count, seed, second, where)
    rows = [
        {axis.name: axis.at(float(share)) for axis, share in zip(found, row, strict=True)}
        for row in shares
    ]
    return Sample(rows, told)


def _shares(design: str, size: int, count: int, seed: int, second: bool, where: str) -> np.ndarray:
    """Return where each row lies in each range, 0 to 1, (rows, size).

    Latin hypercube: McKay, Beckman & Conover (1979), doi:10.1080/00401706.1979.10489755.
    Sobol: Sobol' (1967), scrambled (Owen 1998), doi:10.1016/0041-5553(67)90144-9.
    Saltelli: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018.
    Morris: Morris (1991), doi:10.1080/00401706.1991.10484804.
    """
    if count > MOST_SAMPLES:
        raise DesignError(f"{where}: samples = {count:,} are too many")
    if design in ("sobol", "saltelli") and count & (count - 1):
        below = 2 ** (count.bit_length() - 1)
        raise DesignError(
            f"{where}: samples = {count} must be a power of two for design {design}, as "
            f"{below} or {2 * below}: else the sequence is not balanced"
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

        return np.asarray(sobol.sample(problem, count, calc_second_order=second, seed=seed))
    from SALib.sample import morris

    return np.asarray(morris.sample(problem, count, num_levels=MORRIS_LEVELS, seed=seed))


def _one_at_a_time(found: Sequence[Axis]) -> list[dict[str, Any]]:
    """Return the base, then each parameter at each end of its range, or at each choice."""
    rows: list[dict[str, Any]] = [{}]
    for axis in found:
        ends = axis.steps if axis.named else (axis.low, axis.high)
        rows += [{axis.name: value} for value in ends]
    return rows


def fraction_of(factors: Sequence[str], part: Mapping[str, Any], where: str) -> Fraction:
    """Return the fraction a part describes."""
    given = read_mapping(part.get("generators"), f"{where}: generators")
    generators = {name: read_names(word, f"{where}: generators") for name, word in given.items()}
    if generators and "resolution" in part:
        raise DesignError(f"{where}: give either a resolution or generators")
    try:
        return fraction(factors, part.get("resolution"), generators or None)
    except DesignError as error:
        raise DesignError(f"{where}: {error}") from None


def fraction_told(plan: Fraction) -> dict[str, Any]:
    """Return what is to be known of a fraction."""
    return {
        "runs": len(plan.levels),
        "resolution": plan.resolution,
        "generators": {name: list(word) for name, word in plan.generators.items()},
        "defining_words": [list(word) for word in plan.defining_words],
    }


def _from_file(part: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
    file = part.get("file")
    if not isinstance(file, str) or not file:
        raise DesignError(f"{where}: design csv needs file, the path of a CSV file")
    rows = read_points(file)
    if "samples" not in part:
        return rows
    count = read_whole(part["samples"], 1, f"{where}: samples")
    if count > len(rows):
        raise DesignError(f"{where}: samples = {count}, but {file} has {len(rows)} rows")
    return rows[:count]
