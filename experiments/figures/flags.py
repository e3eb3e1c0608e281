"""Labels of dated events as flags on poles, laid out so that nothing crosses a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

PAD = 0.06  # inches between a pole and its text, and between two texts


class Flag(NamedTuple):
    """Where a label goes: its lane counts from the bottom; it lies right or left of its pole."""

    lane: int
    right: bool


def lay_out(
    poles: Sequence[float], widths: Sequence[float], left: float, right: float
) -> list[Flag]:
    """Return a place for each label so that texts overlap neither each other nor a pole.

    A pole rises from the bottom to its label's lane, so a text may only lie above the shorter poles
    that it spans. Labels are first laid to the right of their poles, then turned (single ones,
    neighbours, all up to one, all from one on) as long as that is better.

    Parameters
    ----------
    poles
        Positions of the poles, in inches, no two the same.
    widths
        Widths of the texts, in inches.
    left, right
        Limits of the space for texts.
    """
    count = len(poles)
    sides = [poles[i] + widths[i] + PAD <= right for i in range(count)]
    best = _lanes(poles, widths, sides)
    best_price = _price(best, poles, widths, sides, left, right)
    groups = [(i, i + size) for size in (1, 2) for i in range(count - size + 1)]
    groups += [(0, end) for end in range(3, count + 1)] + [(i, count) for i in range(count - 2)]
    improved = True
    while improved:
        improved = False
        for start, end in groups:
            turned = [not s if start <= i < end else s for i, s in enumerate(sides)]
            lanes = _lanes(poles, widths, turned)
            price = _price(lanes, poles, widths, turned, left, right)
            if price < best_price:
                sides, best, best_price, improved = turned, lanes, price, True
    return [
        Flag(lane, side) for lane, side in zip(best or list(range(count))[::-1], sides, strict=True)
    ]


def _box(pole: float, width: float, right: bool) -> tuple[float, float]:
    return (pole, pole + width + 2 * PAD) if right else (pole - width - 2 * PAD, pole)


def _lanes(
    poles: Sequence[float], widths: Sequence[float], sides: Sequence[bool]
) -> list[int] | None:
    """Return the lowest lanes for these sides; None if two texts span each other's pole."""
    count = len(poles)
    boxes = [_box(p, w, s) for p, w, s in zip(poles, widths, sides, strict=True)]

    def spans(i: int, j: int) -> bool:
        return i != j and boxes[i][0] - PAD / 2 < poles[j] < boxes[i][1] + PAD / 2

    below = {i: [j for j in range(count) if spans(i, j)] for i in range(count)}
    beside = {
        i: [
            j
            for j in range(count)
            if i != j and boxes[i][0] < boxes[j][1] and boxes[j][0] < boxes[i][1]
        ]
        for i in range(count)
    }
    lanes: dict[int, int] = {}
    while len(lanes) < count:
        ready = [i for i in range(count) if i not in lanes and all(j in lanes for j in below[i])]
        if not ready:
            return None
        i = min(ready, key=lambda i: (max((lanes[j] + 1 for j in below[i]), default=0), -poles[i]))
        lane = max((lanes[j] + 1 for j in below[i]), default=0)
        taken = {lanes[j] for j in beside[i] if j in lanes}
        while lane in taken:
            lane += 1
        lanes[i] = lane
    return [lanes[i] for i in range(count)]


def _price(
    lanes: list[int] | None,
    poles: Sequence[float],
    widths: Sequence[float],
    sides: Sequence[bool],
    left: float,
    right: float,
) -> tuple[float, ...]:
    """Return what is bad about a layout: impossible, out of bounds, high, turned left."""
    if lanes is None:
        return (1.0, 0.0, 0.0, 0.0)
    boxes = [_box(p, w, s) for p, w, s in zip(poles, widths, sides, strict=True)]
    outside = sum(max(0.0, left - low) + max(0.0, high - PAD - right) for low, high in boxes)
    return (0.0, outside, max(lanes, default=0), sum(lanes) + 0.5 * sum(not s for s in sides))
