"""Makes every picture of README and docs anew: ``make docs-figures``.

What makes a picture stands here and nowhere else: `MADE_BY` for pictures that a module makes,
`TUTORIALS` for figures that the commands of a tutorial leave in results/.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from docs.make_screenshots import PICTURES, SCENES
from experiments.errors import MomentumError
from tests.blocks import copy_project, run_page

IMAGES = Path(__file__).parent / "images"
TUTORIAL_PAGES = Path(__file__).parent / "tutorials"
MADE_BY = {
    ("docs.make_screenshots",): {*PICTURES, *SCENES},
    ("docs.make_advice_calibration",): {"advice_calibration"},
    ("docs.make_verdicts", "results/published/figures/verdict_board.csv"): {"claims_in_worlds"},
    ("docs.make_notebook",): set(),  # its pictures are in the notebook
}
TUTORIALS = {
    "first_run": {
        "first_run": "runs/first/figures/timeline.png",
        "costs": "first-costs/figures/grid.png",
    },
    "your_own_firm": {"advice": "advice-my_firm-smoke/figures/advice.png"},
    "your_own_network": {"ties_matter": "ties_matter/figures/outcomes.png"},
    "a_new_experiment": {"variants": "organisers-smoke/figures/variants-start.png"},
}
"""By tutorial: the name of a picture in docs/images, and the figure in results/ that it is."""


def names() -> set[str]:
    """Return the name of every picture."""
    return set.union(*MADE_BY.values(), *(set(figures) for figures in TUTORIALS.values()))


def keep(figure: Path, name: str) -> None:
    """Keep a figure of a tutorial, in few colours."""
    picture = Image.open(figure).convert("RGB")
    few = picture.quantize(64, Image.Quantize.MAXCOVERAGE, 2, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)


def run_tutorial(name: str, figures: dict[str, str]) -> None:
    """Run a tutorial in a copy of the project and keep its figures.

    Raises
    ------
    MomentumError
        If one of its commands fails.
    """
    with TemporaryDirectory() as folder:
        project = copy_project(Path(folder))
        done = run_page(TUTORIAL_PAGES / f"{name}.md", project)
        if done.returncode:
            raise MomentumError(f"docs/tutorials/{name}.md fails: {done.stderr.strip()}")
        for picture, figure in figures.items():
            keep(project / "results" / figure, picture)


def main() -> None:
    """Make all pictures."""
    for command in MADE_BY:
        print("python -m", *command, flush=True)
        subprocess.run([sys.executable, "-m", *command], check=True)
    for name, figures in TUTORIALS.items():
        print(f"docs/tutorials/{name}.md", flush=True)
        run_tutorial(name, figures)


if __name__ == "__main__":
    main()
