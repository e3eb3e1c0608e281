"""The part of a result's page that opens its worlds as live runs: a map, a scatter plot, a list."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from experiments.design.point import CONDITION
from experiments.text import percent
from sim.columns import axis, label
from sim.parameters import NEVER, declarations
from view.stored_results import StoredResult
from view.words import as_words, one_line
from view.worlds import World, part_of, run_link

LISTED = 100  # worlds on a page of a list
PLOTTED = 600  # of a scatter plot
ANY = ""
SEEDS = 3  # of each world that is listed
APART = 0.016  # of worlds that would be drawn at one place
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
MOST_ROWS = 60  # values of an axis of a map
ENOUGH = 3  # values of each axis that make a map worth several panels


class Choice(NamedTuple):
    """Something that a visitor chooses on the page."""

    name: str  # in the address
    label: str
    options: dict[str, str]  # value -> text
    chosen: str


class Spot(NamedTuple):
    """A world as the page shows it."""

    number: int
    words: str
    share: str  # of runs with a movement; empty without a run
    depth: int  # of its colour, in percent
    seeds: dict[int, str]  # of its runs, with a text


@dataclass
class Watch:
    """What of a result can be watched."""

    problem: str = ""
    again: str = ""  # the address of a single run
    part: str = ""
    choices: list[Choice] = field(default_factory=list)
    across: str = ""  # the label of the axis
    down: str = ""
    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[Spot | None]] = field(default_factory=dict)  # of a map
    plotted: list[tuple[float, float, Spot]] = field(default_factory=list)  # places from 0 to 1
    ends: tuple[str, ...] = ()  # of the axes of a scatter plot: left, right, bottom, top
    listed: list[Spot] = field(default_factory=list)
    position: str = ""
    before: str = ""  # addresses of the other pages of a list
    after: str = ""


def watched(stored: StoredResult, query: Mapping[str, str]) -> Watch:
    """Return what of a result can be watched, as a visitor chose it by the query of the address."""
    try:
        if stored.outcome:
            return Watch(again=run_link(stored))
        part = part_of(stored, query.get("part", ""))
    except (ValueError, OSError) as why:  # a damaged result has figures all the same
        return Watch(problem=one_line(why))
    watch = _part(part.worlds, query)
    watch.part = part.name
    if len(part.sizes) > 1:
        names = {name: f"{as_words(name)} ({size:,})" for name, size in part.sizes.items()}
        watch.choices.insert(0, Choice("part", "Part", names, part.name))
    return watch


def _part(worlds: Sequence[World], query: Mapping[str, str]) -> Watch:
    values = {name: _values(worlds, name) for name in worlds[0].sets}
    values = {name: found for name, found in values.items() if len(found) > 1}
    axes = [name for name in values if name != "sample" and _is_axis(values[name])]
    if len(axes) > 1 and "sample" not in values:
        across, down = _axes(axes, values, query)
        alone = len(values) == 2
        large = min(len(values[across]), len(values[down])) >= ENOUGH
        full = 2 * len(worlds) >= math.prod(map(len, values.values()))
        if full and (alone or large):
            return _map(worlds, values, axes, (across, down), query)
    if "sample" in values:
        names = dict.fromkeys(name for world in worlds for name in world.values)
        varying = {name: _values(worlds, name) for name in names if "." in name}
        numbers = [name for name, found in varying.items() if len(found) > 1 and _numeric(found)]
        if len(numbers) > 1:
            return _plot(worlds, values, numbers, varying, query)
    return _list(worlds, values, query)


def _map(
    worlds: Sequence[World],
    values: Mapping[str, list[Any]],
    axes: list[str],
    chosen: tuple[str, str],
    query: Mapping[str, str],
) -> Watch:
    """Return a table of the two axes, for one value of all else."""
    across, down = chosen
    others = [name for name in values if name not in chosen]
    choices = [_fixed(name, values[name], query) for name in others]
    cells = {(w.sets[across], w.sets[down]): _spot(w) for w in _having(worlds, choices)}
    return Watch(
        choices=[*(_axis_choices(axes, chosen) if len(axes) > 2 else []), *choices],
        across=axis(across),
        down=axis(down),
        columns=[_text(across, value) for value in values[across]],
        rows={
            _text(down, y): [cells.get((x, y)) for x in values[across]]
            for y in reversed(values[down])
        },
    )


def _plot(
    worlds: Sequence[World],
    values: Mapping[str, list[Any]],
    numbers: list[str],
    varying: Mapping[str, list[Any]],
    query: Mapping[str, str],
) -> Watch:
    """Return a scatter plot of the two axes, and a list of its worlds."""
    across, down = _axes(numbers, varying, query)
    choices = [_fixed(name, values[name], query, True) for name in values if name != "sample"]
    watch, shown = _page(_having(worlds, choices), query, PLOTTED)
    x, y = varying[across], varying[down]
    watch.listed = [_spot(world) for world in shown]
    there: Counter[tuple[float, float]] = Counter()
    for world, spot in zip(shown, watch.listed, strict=True):
        at = (
            (world.values[across] - x[0]) / (x[-1] - x[0]),
            (world.values[down] - y[0]) / (y[-1] - y[0]),
        )
        watch.plotted.append((*_beside(*at, there[at]), spot))
        there[at] += 1
    watch.choices = [*_axis_choices(numbers, (across, down)), *choices]
    watch.across, watch.down = axis(across), axis(down)
    watch.ends = tuple(_text("", value) for value in (x[0], x[-1], y[0], y[-1]))
    return watch


def _beside(x: float, y: float, others: int) -> tuple[float, float]:
    """Return a place near one at which other worlds are drawn already: on a spiral around it."""
    angle, away = GOLDEN_ANGLE * others, APART * math.sqrt(others)
    return (
        min(max(x + away * math.cos(angle), 0.0), 1.0),
        min(max(y + away * math.sin(angle), 0.0), 1.0),
    )


def _list(
    worlds: Sequence[World], values: Mapping[str, list[Any]], query: Mapping[str, str]
) -> Watch:
    """Return a list of the worlds, in pages; long ones can be narrowed down."""
    choices = []
    if len(worlds) > LISTED:
        narrow = [name for name in values if len(values[name]) <= MOST_ROWS]
        choices = [_fixed(name, values[name], query, True) for name in narrow]
    watch, shown = _page(_having(worlds, choices), query, LISTED)
    watch.listed = [_spot(world) for world in shown]
    watch.choices = choices
    return watch


def _page(
    worlds: Sequence[World], query: Mapping[str, str], most: int
) -> tuple[Watch, Sequence[World]]:
    """Return one page of the worlds, with the way to the others."""
    text = query.get("from", "")
    first = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    first = max(0, min(first, len(worlds) - 1)) // most * most
    shown = worlds[first : first + most]

    def address(start: int) -> str:
        return f"?{urlencode({**query, 'from': start + 1})}#worlds-to-watch"

    watch = Watch()
    if len(shown) < len(worlds):
        watch.position = f"{first + 1:,} to {first + len(shown):,} of {len(worlds):,}"
        watch.before = address(first - most) if first else ""
        watch.after = address(first + most) if first + most < len(worlds) else ""
    return watch, shown


# -- what is chosen --------------------------------------------------------------------------------


def _axes(
    names: Sequence[str], values: Mapping[str, Sequence[Any]], query: Mapping[str, str]
) -> tuple[str, str]:
    """Return the two axes: those asked for, else those with most values."""
    ordered = sorted(names, key=lambda name: -len(values[name]))
    asked = [query[key] for key in ("across", "down") if query.get(key) in names]
    across, down, *_ = dict.fromkeys([*asked, *ordered])
    return across, down


def _axis_choices(names: Sequence[str], chosen: tuple[str, str]) -> list[Choice]:
    options = {name: label(name) for name in names}
    keys = (("across", "Across"), ("down", "Up"))
    return [
        Choice(key, text, options, name) for (key, text), name in zip(keys, chosen, strict=True)
    ]


def _fixed(
    name: str, values: Sequence[Any], query: Mapping[str, str], any_too: bool = False
) -> Choice:
    """Return the choice of a value that the shown worlds have."""
    options = {ANY: "any"} if any_too else {}
    options |= {str(value): _text(name, value) for value in values}
    asked = query.get(name, "")
    return Choice(name, label(name), options, asked if asked in options else next(iter(options)))


def _having(worlds: Sequence[World], choices: Sequence[Choice]) -> list[World]:
    """Return the worlds that have all chosen values."""
    asked = [(choice.name, choice.chosen) for choice in choices if choice.chosen != ANY]
    return [w for w in worlds if all(str(w.sets[name]) == value for name, value in asked)]


# -- in words --------------------------------------------------------------------------------------


def _spot(world: World) -> Spot:
    share = world.share
    sets = ", ".join(f"{label(name)} {_text(name, value)}" for name, value in world.sets.items())
    ends = {True: ": movement", False: ": none", None: ""}
    return Spot(
        number=world.number,
        words=sets or as_words(world.label) or "the only one",
        share="" if share is None else percent(share),
        depth=0 if share is None else round(60 * share),
        seeds={s: f"seed {s}{ends[world.emerged.get(s)]}" for s in world.seeds[:SEEDS]},
    )


def _values(worlds: Sequence[World], name: str) -> list[Any]:
    """Return the different values that worlds have, in order."""
    found = {world.values.get(name) for world in worlds}
    return sorted(found) if _numeric(found) else sorted(found, key=str)


def _numeric(values: Iterable[Any]) -> bool:
    return all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)


def _is_axis(values: Sequence[Any]) -> bool:
    return _numeric(values) and len(values) <= MOST_ROWS


def _text(name: str, value: Any) -> str:
    declared = declarations().get(name)
    if value == NEVER and declared is not None and declared.metadata["unit"] == "week":
        return "never"
    if name.startswith(CONDITION):
        return "yes" if value else "no"
    return as_words(value)
