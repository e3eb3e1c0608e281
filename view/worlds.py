"""The points of a result as worlds that can be watched: their outcomes, and links to live runs."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from experiments.design.draw import points_of
from experiments.design.experiment import Point
from experiments.design.factorial import CONDITION
from experiments.design.reading import HISTORY
from experiments.errors import MomentumError
from experiments.store.result import Result
from sim.parameters import declarations
from view.kept import Kept
from view.settings import LOCAL, composed, link

MOST_TOLD = 6  # parameters that tell sampled points apart


class NotShown(MomentumError, ValueError):
    """Why a result's points cannot be watched; one line."""


@dataclass(frozen=True)
class World:
    """A point of a design with the outcomes of its runs."""

    label: str
    sets: dict[str, Any]  # what tells it from the other points of its part
    emerged: dict[int, bool]  # seed -> whether a movement emerged
    seed: int  # of its first replicate
    values: Mapping[str, Any]  # of all that is set, by dotted name
    base: Mapping[str, Any]  # what a link need not say

    @property
    def share(self) -> float | None:
        """The share of runs with a movement; None without a run."""
        return sum(self.emerged.values()) / len(self.emerged) if self.emerged else None

    def links(self, most: int) -> dict[int, str]:
        """Return seeds of its runs, or the first without a run, and the addresses of live runs.

        Raises
        ------
        NotShown
            If it needs a file that a link cannot name.
        """
        return _links(self.values, self.base, list(self.emerged)[:most] or [self.seed])


def worlds_of(kept: Kept) -> dict[str, list[World]]:
    """Return the worlds of a sweep, by part.

    Raises
    ------
    NotShown
        If nothing tells its points, or its worlds need a file that a link cannot name.
    StoreError, DesignError
        If its runs cannot be read, or its points be told.
    """
    points, parameters, seed, outcomes = _told(kept)
    base = _base(kept.config)
    parts: dict[str, list[tuple[int, Point]]] = {}
    for number, point in enumerate(points):
        parts.setdefault(point["part"], []).append((number, point))
    found = {}
    for part, numbered in parts.items():
        telling = _telling([point for _, point in numbered])
        found[part] = [
            World(
                label=str(point.get("label") or ""),
                sets={name: point.get(name, parameters.get(name)) for name in telling},
                emerged=outcomes.get(number, {}),
                seed=seed,
                values=ChainMap(point, parameters),
                base=base,
            )
            for number, point in numbered
        ]
    return found


def run_link(kept: Kept) -> str:
    """Return the address at which a single run can be watched again.

    Raises
    ------
    NotShown
        If it needs a file that a link cannot name.
    """
    seed = int(kept.config.get("seed", 7))
    return _links(flat(kept.config), _base(kept.config), [seed])[seed]


def _told(kept: Kept) -> tuple[list[Point], dict[str, Any], int, dict[int, dict[int, bool]]]:
    """Return points, what they share, the first seed, and the outcomes: point -> seed -> emerged.

    Where the runs are left out, as in what is published, the configuration tells the points.
    """
    if not (kept.folder / "design.json").is_file():
        experiment, swept = kept.config.get("experiment"), kept.config.get("swept")
        if not (experiment or swept):
            raise NotShown("nothing tells the points of this result")
        points = points_of(experiment, kept.config.get("scale", "laptop"), swept)
        return points, flat(kept.config), int(kept.config.get("seed", 7)), {}
    result = Result(kept.folder)
    outcomes: dict[int, dict[int, bool]] = {}
    for table in result.tables():
        columns = (table[name].to_pylist() for name in ("point", "seed", "emerged"))
        for point, run_seed, emerged in zip(*columns, strict=True):
            if emerged is not None:
                outcomes.setdefault(point, {})[run_seed] = emerged
    kept_design = result.design
    return list(kept_design.points), kept_design.parameters, kept_design.seed, outcomes


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested configuration by dotted name."""
    return {
        f"{outer}.{inner}" if inner else outer: value
        for outer, members in config.items()
        for inner, value in (members.items() if isinstance(members, dict) else [("", members)])
    }


def _telling(points: Sequence[Point]) -> list[str]:
    """Return what tells points apart: conditions and the number of a sample go before parameters.

    Parameters are told only where points agree in these, since they follow from them otherwise.
    """
    names = dict.fromkeys(name for point in points for name in point)
    known = [name for name in names if name in declarations() or name in HISTORY]
    first = [name for name in names if name.startswith(CONDITION)]
    if "sample" in names and (first or len(known) > MOST_TOLD):
        first.insert(0, "sample")
    first = _differing(first, [points])
    alike: dict[tuple[str, ...], list[Point]] = {}
    for point in points:
        alike.setdefault(tuple(str(point.get(name)) for name in first), []).append(point)
    return [*first, *_differing(known, list(alike.values()))] or known[:1]


def _differing(names: Sequence[str], groups: Sequence[Sequence[Point]]) -> list[str]:
    """Return the names that have several values within some group."""
    return [
        name
        for name in names
        if any(len({str(point.get(name)) for point in group}) > 1 for group in groups)
    ]


def _base(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a link need not say: the world of the case, and the name of the case."""
    case = config.get("case")
    case = case if isinstance(case, dict) else {}
    if case.get("file"):
        raise NotShown(
            "its case is a file, which a link cannot name; start "
            f"momentum view case.file={case['file']}"
        )
    return _world(case.get("name"))


@lru_cache(maxsize=8)
def _world(case: str | None) -> dict[str, Any]:
    try:
        settings = composed([] if case is None else [f"case={case}"])
    except ValueError as problem:
        raise NotShown(str(problem)) from None
    return {**settings.parameters.flat(), **HISTORY, "case": case}


def _links(values: Mapping[str, Any], base: Mapping[str, Any], seeds: list[int]) -> dict[int, str]:
    """Return the address of a world for each seed."""
    said = {} if base["case"] is None else {"case": base["case"]}
    for name, value in values.items():
        if name in base and name != "case" and _plain(value) != _plain(base[name]):
            if name in LOCAL:
                raise NotShown(f"its {name} is a file, which a link cannot name")
            said[name] = value
    return {seed: link({**said, "seed": seed}) for seed in seeds}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
