"""The points of a result as worlds that can be watched: their outcomes, and links to live runs."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from experiments.design.experiment import Point
from experiments.design.point import CONDITION
from experiments.design.reading import HISTORY
from experiments.errors import MomentumError
from experiments.store.layout import DESIGN, SUMMARY
from experiments.store.result import Result
from experiments.store.summary import read_summary
from sim.parameters import declarations
from view.settings import LOCAL, composed, link
from view.stored_results import StoredResult

MOST_NAMED = 6  # parameters by which sampled points are named, rather than by their number


class NotShown(MomentumError, ValueError):
    """Why a result's points cannot be watched; one line."""


@dataclass(frozen=True)
class World:
    """A point of a design with the outcomes of its runs."""

    number: int  # of the point
    label: str
    sets: dict[str, Any]  # what distinguishes it from the other points of its part
    values: Mapping[str, Any]  # of all that is set, by dotted name
    emerged: dict[int, bool]  # seed -> whether a movement emerged
    seed: int  # of its first replicate

    @property
    def share(self) -> float | None:
        """The share of runs with a movement; None without a run."""
        return sum(self.emerged.values()) / len(self.emerged) if self.emerged else None

    @property
    def seeds(self) -> list[int]:
        """The seeds of its runs; that of its first replicate if it has none."""
        return list(self.emerged) or [self.seed]


class Part(NamedTuple):
    """The worlds of a part of a sweep, and how many each of its parts has."""

    name: str
    worlds: list[World]
    sizes: dict[str, int]


def part_of(stored: StoredResult, name: str = "") -> Part:
    """Return a part of a sweep by its name; the first if there is none of that name.

    Raises
    ------
    NotShown
        If nothing says which points the sweep has, or its worlds need a file that a link cannot
        name.
    StoreError
        If its runs cannot be read.
    """
    runs = _runs(stored, name)
    names = _distinguishing([*runs.points.values()])
    worlds = [
        World(
            number=number,
            label=str(point.get("label") or ""),
            sets={name: point.get(name, runs.shared.get(name)) for name in names},
            values={**runs.shared, **point},
            emerged=runs.emerged.get(number, {}),
            seed=runs.seed,
        )
        for number, point in runs.points.items()
    ]
    _link(worlds[0].values, stored, runs.seed)  # which says now if none can be opened
    return Part(runs.part, worlds, runs.sizes)


def world_link(stored: StoredResult, part: str, number: int, seed: int) -> str:
    """Return the address at which a run of a point of a sweep can be watched.

    Raises
    ------
    LookupError
        If there is no such point.
    NotShown
        If it needs a file that a link cannot name.
    """
    runs = _runs(stored, part)
    if number not in runs.points:
        raise LookupError(f"{stored.name} has no point {number} in its part {part}")
    return _link({**runs.shared, **runs.points[number]}, stored, seed)


def run_link(stored: StoredResult) -> str:
    """Return the address at which a single run can be watched again.

    Raises
    ------
    NotShown
        If it needs a file that a link cannot name.
    """
    return _link(flat(stored.config), stored, int(stored.config.get("seed", 7)))


class _Runs(NamedTuple):
    """What a result says of the points of a part."""

    part: str
    sizes: dict[str, int]  # points of each part
    points: dict[int, Point]
    shared: Mapping[str, Any]  # what all points share, by dotted name
    seed: int  # of the first replicate
    emerged: dict[int, dict[int, bool]]  # point -> seed -> whether a movement emerged


def _runs(stored: StoredResult, part: str = "") -> _Runs:
    """Return the points of a part, of the first if there is none of that name."""
    if (stored.folder / DESIGN).is_file():
        result = Result(stored.folder)
        shared, seed = result.design.parameters, result.design.seed
        every: dict[int, Point] = dict(enumerate(result.design.points))
        known: Iterable[Any] = itertools.chain.from_iterable(
            zip(*(table[name].to_pylist() for name in ("point", "seed", "emerged")), strict=True)
            for table in result.tables()
        )
    elif (stored.folder / SUMMARY).is_file():
        about, runs = read_summary(stored.folder / SUMMARY)
        shared, seed = about["base"], int(runs["seed"].min())
        names = ["point", *(name for name in runs if _describes_a_point(name))]
        every = {
            int(row.pop("point")): {name: value for name, value in row.items() if value == value}
            for row in runs.drop_duplicates("point")[names].to_dict("records")
        }
        ended = runs[runs["emerged"].notna()]
        known = ended[["point", "seed", "emerged"]].itertuples(index=False)
    else:
        raise NotShown("nothing says which points this result has")
    sizes = Counter(point["part"] for point in every.values())
    part = part if part in sizes else next(iter(sizes))
    points = {number: point for number, point in every.items() if point["part"] == part}
    emerged: dict[int, dict[int, bool]] = {}
    for number, of_run, outcome in known:
        if outcome is not None and number in points:
            emerged.setdefault(int(number), {})[int(of_run)] = bool(outcome)
    return _Runs(part, sizes, points, shared, seed, emerged)


def _describes_a_point(name: str) -> bool:
    known = name in declarations() or name in HISTORY or name.startswith(CONDITION)
    return known or name in ("part", "label", "sample")


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested configuration by dotted name."""
    return {
        f"{outer}.{inner}" if inner else outer: value
        for outer, members in config.items()
        for inner, value in (members.items() if isinstance(members, dict) else [("", members)])
    }


def _distinguishing(points: Sequence[Point]) -> list[str]:
    """Return what distinguishes points: conditions and the number of a sample before parameters.

    Parameters are among it only where points agree in these: otherwise they follow from them.
    """
    names = dict.fromkeys(name for point in points for name in point)
    known = [name for name in names if name in declarations() or name in HISTORY]
    first = [name for name in names if name.startswith(CONDITION)]
    if "sample" in names and (first or len(known) > MOST_NAMED):
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


def _link(values: Mapping[str, Any], stored: StoredResult, seed: int) -> str:
    """Return the address of a world of a result."""
    base = _base(stored.config)
    differs = {} if base["case"] is None else {"case": base["case"]}
    for name, value in values.items():
        if name in base and name != "case" and _plain(value) != _plain(base[name]):
            if name in LOCAL:
                raise NotShown(f"its {name} is a file, which a link cannot name")
            differs[name] = value
    return link({**differs, "seed": seed})


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
