"""The part of the results page that compares two results, as ``momentum compare`` does."""

from __future__ import annotations

from pathlib import Path

from experiments.figures import style
from experiments.report import page


def comparison(first: Path, second: Path) -> str:
    """Return what came out of comparing the second result with the first.

    Raises
    ------
    StoreError
        If one of them cannot be read, or they are the same.
    """
    from experiments.comparison.compare import answer, compare, draw
    from experiments.comparison.page import set_ups
    from experiments.comparison.sides import read_sides

    compared = compare(read_sides([str(first.resolve()), str(second.resolve())], first.parent))
    figures = [
        page.figure(drawn.name, style.to_svg(drawn.figure), drawn.alt, drawn.data)
        for drawn in draw(compared)
    ]
    box = "".join(page.paragraph(line) for line in answer(compared))
    care = page.listing(
        [f"{doubt.weight.value.capitalize()}: {doubt.text}." for doubt in compared.doubts]
    )
    return "\n".join(
        filter(
            None,
            [
                f'<div class="box">{box}</div>',
                page.section("Is it a valid comparison?", care),
                set_ups(compared),
                page.section("Both on the same axes", *figures),
            ],
        )
    )
