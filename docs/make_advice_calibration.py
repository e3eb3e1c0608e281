"""Draw whether advice is right as often as it says, on planted truths (docs/advice.md).

Run from the checkout: ``.venv/bin/python -m docs.make_advice_calibration``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from experiments.analysis.intervals import wilson
from experiments.figures.layout import finish, panels
from experiments.figures.primitives import bars
from experiments.figures.style import MUTED, styled, to_png
from tests.advice.planted import stated_and_true

IMAGE = Path(__file__).parent / "images" / "advice_calibration.png"
TRUTHS = 800
WORLDS = (16, 64)
LEVELS = (0.0, 0.6, 0.8, 0.9, 0.97, 1.001)


@styled
def main() -> None:
    """Draw the figure and print its numbers."""
    figure, axes = panels(len(WORLDS), most=2, height=16, least=18)
    for each, worlds in zip(axes, WORLDS, strict=True):
        stated, right = stated_and_true(TRUTHS, worlds, seed=worlds)
        level = np.digitize(stated, LEVELS) - 1
        groups = [level == number for number in range(len(LEVELS) - 1) if (level == number).any()]
        x = [100 * stated[held].mean() for held in groups]
        share = [100 * right[held].mean() for held in groups]
        low, high = (
            100 * ends
            for ends in wilson([right[held].sum() for held in groups], [h.sum() for h in groups])
        )
        each.plot([0, 100], [0, 100], color=MUTED, linewidth=1)
        bars(each, x, (share, low, high), joined=False)
        each.set(xlim=(30, 102), ylim=(0, 102))
        each.set_xlabel("stated chance of being right (%)")
        each.set_ylabel("right (%)")
        each.set_title(f"{worlds} worlds")
        for held, at, found, a, b in zip(groups, x, share, low, high, strict=True):
            print(f"{worlds} worlds, {held.sum()} truths: stated {at:.0f} %, right {found:.0f} % "
                  f"[{a:.0f} to {b:.0f}]")  # fmt: skip
    finish(
        figure,
        "Advice is right about as often as it says",
        f"{TRUTHS} invented populations for each number of worlds; 95 % intervals. On the line, "
        "stated and true chance agree.",
    )
    IMAGE.write_bytes(to_png(figure))


if __name__ == "__main__":
    main()
