"""The part of a result's page that opens its worlds as live runs: a map, or a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from experiments.text import percent
from view.kept import Kept
from view.words import one_line
from view.worlds import World, run_link, worlds_of

LISTED = 60  # worlds of a list
SEEDS = 3  # of each of them
MAPS = 6
CELLS = 4_000  # of all maps of a part
FEWEST = 2  # values of each of the two axes of a map


def watched(kept: Kept, query: Mapping[str, str]) -> str:
    """Return what opens the worlds of a result; a line that says why if nothing can."""
    try:
        if kept.outcome:
            return f'<p><a href="{escape(run_link(kept))}">Watch this run again</a></p>'
        parts = worlds_of(kept)
    except (ValueError, OSError) as why:  # a damaged result has figures all the same
        return f"<p>They cannot be opened from here: {escape(one_line(why))}</p>"
    told = (
        "<p>Each opens as a live run with the seed of its first replicate. A percentage is the "
        "share of its runs in which a movement emerged.</p>"
    )
    return told + "".join(_part(name, worlds, len(parts) > 1) for name, worlds in parts.items())


def _part(name: str, worlds: Sequence[World], named: bool) -> str:
    axes = _axes(worlds) if len(worlds) <= CELLS else None
    shown = _maps(worlds, *axes) if axes else _list(worlds)
    if not named:
        return shown
    heading = escape(f"{name.replace('_', ' ')} ({len(worlds)})")
    return f"<details><summary>{heading}</summary>{shown}</details>"


def _axes(worlds: Sequence[World]) -> tuple[str, str] | None:
    """Return the two names with most values, if they make a map of numbers."""
    values: dict[str, set[Any]] = {}
    for world in worlds:
        for name, value in world.sets.items():
            values.setdefault(name, set()).add(value)
    numeric = {
        name: len(given)
        for name, given in values.items()
        if len(given) >= FEWEST
        and name != "sample"
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in given)
    }
    axes = sorted(numeric, key=lambda name: -numeric[name])[:2]
    if len(axes) < 2 or len(worlds) < numeric[axes[0]] * numeric[axes[1]]:
        return None
    others = [name for name in values if name not in axes]
    panels = {tuple(world.sets[name] for name in others) for world in worlds}
    return (axes[0], axes[1]) if len(panels) <= MAPS else None


def _maps(worlds: Sequence[World], across: str, down: str) -> str:
    """Return a table of links for each combination of what is no axis."""
    panels: dict[tuple[tuple[str, Any], ...], dict[tuple[Any, Any], World]] = {}
    for world in worlds:
        rest = tuple((n, v) for n, v in world.sets.items() if n not in (across, down))
        panels.setdefault(rest, {})[world.sets[across], world.sets[down]] = world
    columns = sorted({world.sets[across] for world in worlds})
    rows = sorted({world.sets[down] for world in worlds}, reverse=True)
    result = []
    for rest, cells in panels.items():
        where = ", ".join(f"{name} = {_text(value)}" for name, value in rest)
        head = "".join(f'<th class="n" scope="col">{_text(value)}</th>' for value in columns)
        body = "".join(
            f'<tr><th class="n" scope="row">{_text(row)}</th>'
            + "".join(f"<td>{_cell(cells.get((column, row)))}</td>" for column in columns)
            + "</tr>"
            for row in rows
        )
        caption = f"{escape(down)} (rows), {escape(across)} (columns)"
        result.append(
            f'<div class="scroll"><table class="map"><caption>{caption}'
            f"{'; ' + escape(where) if where else ''}</caption>"
            f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )
    return f'<div class="maps">{"".join(result)}</div>'


def _cell(world: World | None) -> str:
    if world is None:
        return ""
    seed, link = next(iter(world.links(1).items()))
    share = world.share
    told = ", ".join(f"{name} = {_text(value)}" for name, value in world.sets.items())
    runs = f"{percent(share)} of {len(world.emerged)} runs; " if share is not None else ""
    depth = 0 if share is None else round(60 * share)
    return (
        f'<a href="{escape(link)}" style="--share:{depth}%" title="{escape(told)}" '
        f'aria-label="{escape(f"{told}: {runs}watch seed {seed}")}">'
        f"{'watch' if share is None else percent(share)}</a>"
    )


def _list(worlds: Sequence[World]) -> str:
    rows = "".join(
        f"<tr><td>{escape(_told(world))}</td>"
        f'<td class="n">{"–" if world.share is None else percent(world.share)}</td>'
        f"<td>{_seeds(world)}</td></tr>"
        for world in worlds[:LISTED]
    )
    more = len(worlds) - LISTED
    left = f"<p>{more} more are not listed.</p>" if more > 0 else ""
    return (
        '<div class="scroll"><table><thead><tr><th scope="col">world</th>'
        '<th class="n" scope="col">movement in</th><th scope="col">watch</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{left}"
    )


def _told(world: World) -> str:
    """Return what a world is, in words."""
    sets = ", ".join(
        f"{name.removeprefix('condition.')} = {_text(value)}" for name, value in world.sets.items()
    )
    return world.label or sets or "the only one"


def _seeds(world: World) -> str:
    links = []
    for seed, link in world.links(SEEDS).items():
        ended = {True: "movement", False: "none"}.get(world.emerged.get(seed), "")  # type: ignore[arg-type]
        told = f"seed {seed}{': ' + ended if ended else ''}"
        links.append(f'<a href="{escape(link)}">{told}</a>')
    return ", ".join(links)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else escape(str(value))
