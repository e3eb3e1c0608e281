"""From what an experiment says to its points: which worlds are run.

Replicate *r* of every point has the same seed, hence the same luck and, where the network's
parameters agree, the same network.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.design.calibrated import CALIBRATED
from experiments.design.experiment import (
    SAMPLED,
    SHARED,
    Condition,
    Part,
    Point,
    read_experiment,
    where_of,
)
from experiments.design.factorial import follow_up, variants_of
from experiments.design.point import SAMPLE, UNSAMPLED
from experiments.design.reading import LABEL, DesignError, check_values, within
from experiments.design.sampling import draw_worlds
from experiments.validation import validated
from sim.parameters import unknown_name

MOST_POINTS = 1_000_000


class Drawn(NamedTuple):
    """The points of an experiment."""

    points: list[Point]
    designs: dict[str, dict[str, Any]]  # part -> how it was sampled, or what fraction it is


def draw(
    experiment: Mapping[str, Any] | None,
    scale: str = "laptop",
    swept: Mapping[str, Sequence[Any]] | None = None,
    sampled: Mapping[str, Any] | None = None,
    held: Collection[str] = (),
    worlds: Path | None = None,
) -> Drawn:
    """Return the points of an experiment, crossed with what is swept, and how they came about.

    Without an experiment the points are the grid of what is swept, or the design in ``sampled``. A
    swept parameter that is an axis of a part's grid or is drawn by it replaces that axis.

    Parameters
    ----------
    experiment
        As written in its file, with its name; None: none.
    scale
        Which of its scales.
    swept
        Dotted names and values that the user runs through.
    sampled
        What the user says of sampling: the keys of a sampled part; beside an experiment only
        ``samples`` and ``design_seed``, which then hold for all its sampled parts.
    held
        Names to which the user gave a single value: they are not drawn.
    worlds
        A stored set of calibrated worlds, from which those parts draw that draw from all ranges.

    Returns
    -------
    Points whose values are each valid by themselves; whether they fit each other is a matter of
    the whole world (`experiments.design.point.require_worlds`).

    Raises
    ------
    DesignError
        For what the description gets wrong, for more than `MOST_POINTS` points.

    Examples
    --------
    >>> draw(None, swept={"users.count": [100, 200]}).points[1]
    {'part': 'grid', 'users.count': 200}
    """
    sampled = sampled or {}
    axes = {name: check_values(name, list(values)) for name, values in (swept or {}).items()}
    if experiment is None:
        return _of_user(axes, sampled, held, worlds)
    where = where_of(experiment)
    for key in sampled:
        if key not in SHARED:
            raise DesignError(
                f"{key}= is for a sweep without an experiment; {where} says it for each part"
            )
    found = read_experiment(experiment, scale, sampled)
    drawn = Drawn([], {})
    for part in found.parts or [Part(name="all", design="grid")]:
        with within(f"{where}: part {part.name}"):
            _add(drawn, part, found.conditions, axes, held, worlds)
    if worlds is not None and not any(
        CALIBRATED in each.values() for each in drawn.designs.values()
    ):
        raise DesignError(f"worlds= has no effect: no part of {where} draws from all ranges")
    for column, absent in ((LABEL, ""), (SAMPLE, UNSAMPLED)):
        if any(column in point for point in drawn.points):
            for point in drawn.points:
                point.setdefault(column, absent)
    return drawn


def _of_user(
    swept: Mapping[str, list[Any]],
    sampled: Mapping[str, Any],
    held: Collection[str],
    worlds: Path | None,
) -> Drawn:
    """Return the points of a sweep without an experiment."""
    if sampled and "design" not in sampled:
        given = next(iter(sampled))
        raise DesignError(f"{given}= needs design=NAME, one of {', '.join(SAMPLED)}")
    design = sampled.get("design", "grid")
    if design not in ("grid", *SAMPLED):
        known = unknown_name(str(design), list(SAMPLED), "design")
        raise DesignError(f"design={design}: {known}; there are {', '.join(SAMPLED)}")
    part = validated(Part, {"design": design, **sampled, "name": design}, "sweep", DesignError)
    drawn = Drawn([], {})
    with within("sweep"):
        _add(drawn, part, {}, swept, held, worlds)
    return drawn


def _add(
    drawn: Drawn,
    part: Part,
    conditions: Mapping[str, Condition],
    swept: Mapping[str, list[Any]],
    held: Collection[str],
    calibrated: Path | None,
) -> None:
    """Add the points of a part: each of its worlds meets each of its variants."""
    most = MOST_POINTS - len(drawn.points)
    variants = variants_of(part, conditions, swept, most)
    several = list(variants)
    worlds: list[dict[str, Any]] = [{}]

    def allow(count: int) -> None:
        if count * len(several) > most:
            raise DesignError(
                f"{count:,} worlds in {len(several):,} variants are too many points, at most "
                f"{MOST_POINTS:,} in all"
            )

    if variants.fraction is not None:
        drawn.designs[part.name] = {"design": part.design, **variants.fraction.describe()}
    elif part.design in SAMPLED:
        forced = set.intersection(*(set(variant) for variant in several)) - swept.keys()
        sample = draw_worlds(part, {*held, *swept}, forced, allow, calibrated)
        worlds = [{SAMPLE: number, **row} for number, row in enumerate(sample.rows)]
        drawn.designs[part.name] = sample.design
    for world in worlds:
        for variant in several:
            point = {"part": part.name, **world, **variant}
            follow_up(point, part)
            drawn.points.append(point)
